"""Texts in, bytes out: files, folders and standard input; writing that never leaves half a file.

A text that cannot be read does not stop the others: it becomes a `Failure` in its place. Nothing here looks at
what a text says. An empty file is a text like any other: there is nothing to find in it.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, TypeVar

from repair.errors import InputError, OutputError
from repair.findings import SCHEMA
from repair.formats import (
    LOCK,
    NO_ARTICLE,
    SAVE_AS,
    SUFFIXES,
    UNREAD,
    format_name,
    is_hidden,
    may_hold_text,
    refuse_unread,
)
from repair.formats.errors import FormatError
from repair.formats.markup import MARKED
from repair.formats.postedit import File, open_file
from repair.text import BOM, Marks, decode

STDIN = "-"
STDIN_NAME = "<stdin>"
JSON_LINES = (".jsonl", ".ndjson")
TABLES = (".tsv", ".parquet")
UNKNOWN = "this kind of file is not read from a folder; name it to read it as plain text"
OF_MANY = {
    JSON_LINES: "JSON Lines; read them with --jsonl",
    TABLES: "a table; read its rows with --jsonl",
    (".gz", ".zip"): "an archive; read it with repair batch",
}
MAX_CHARACTERS = 10_000_000
MAX_LINE_BYTES = 64_000_000  # a line may carry more than the text
MAX_WAITING_FAILURES = 1000
PATIENCE = 10  # seconds for somebody to open the other end of a pipe

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """One text to work on. `name` is what a person calls it; `id` comes back unchanged in the report; `marks` are what
    its reader knows of it."""

    text: str
    name: str = ""
    id: Any = None
    marks: Marks | None = None
    file: File | None = None  # that the item is, where it is no plain text


@dataclass(frozen=True, slots=True)
class Failure:
    """A text that could not be read or written; stands where its report would. `line` counts JSON lines from 1."""

    name: str
    message: str
    id: Any = None
    line: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The object printed in place of a report, so that results still correspond to inputs."""
        result = {"schema": SCHEMA, "name": self.name, "id": self.id, "error": self.message}
        return result if self.line is None else result | {"line": self.line}


def find_texts(arguments: Iterable[str], jsonl: bool = False, own: Collection[Path] = ()) -> list[Path | Failure]:
    """The files that the arguments name, each once, in order; a folder stands for its files, sorted: with `jsonl` those
    of JSON Lines and tables, else all that are read.

    Hidden files and folders inside a folder are left out, and so are pictures and the like; links to folders are not
    followed. A folder without text, or one that cannot be read, gives a Failure in its place, and so does a file that
    may hold a text and is not read; `-` stays `-`. Word's lock files, which `*` in a shell stands for too, are
    passed over beside others. The command's `own` files, such as a baseline, are no texts.
    """
    found: dict[Path, Path | Failure] = {}
    passed = {path.absolute() for path in own}
    named = list(arguments)
    for argument in [one for one in named if not Path(one).name.startswith(LOCK)] or named:
        path = Path(argument)
        for one in [path] if argument == STDIN or not _is_folder(path) else _inside(path, jsonl, passed):
            found.setdefault(Path(one.name) if isinstance(one, Failure) else one.absolute(), one)
    return list(found.values())


def _is_folder(path: Path) -> bool:
    with suppress(OSError):  # reading it as a file will tell what is wrong
        return path.is_dir()
    return False


def _inside(folder: Path, jsonl: bool, passed: Collection[Path]) -> list[Path | Failure]:
    files: list[Path] = []
    refused: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(where, name) for name in names if not is_hidden(name)]
    failures = [Failure(str(e.filename), f"{e.filename}: cannot be read: {e.strerror}") for e in refused]
    texts = []
    for path in sorted(files):
        known = (*SUFFIXES, *UNREAD)  # reading the latter will tell
        read = path.name.lower().endswith((*JSON_LINES, *TABLES) if jsonl else known)
        if path.absolute() in passed or (not read and (jsonl or not may_hold_text(path.name))):
            continue
        other = _of_many(path.name) or UNKNOWN
        told = "no file but a pipe or a device; name it to read it" if special(path) else "" if read else other
        if told:
            failures.append(Failure(str(path), f"{path}: {told}"))
        else:
            texts.append(path)
    if not texts and not failures:
        failures = [Failure(str(folder), f"{folder}: no file that is read in this folder; name the files")]
    return [*texts, *failures]


def _of_many(name: str) -> str:
    """How a file of many texts is read, which as one text would be damaged; nothing for others."""
    return next((told for endings, told in OF_MANY.items() if name.lower().endswith(endings)), "")


def special(path: Path) -> bool:
    """True for a pipe, a socket or a device, which may have no end, or nobody who writes into it."""
    with suppress(OSError):  # reading it will tell what is wrong
        mode = path.stat().st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    return False


def read_texts(
    paths: Iterable[Path | Failure], stdin: BinaryIO, marked: set[str] | None = None
) -> Iterator[Item | Failure]:
    """Each file read when its turn comes. A byte-order mark is no part of the text: names with one go into `marked`."""
    for path in paths:
        if isinstance(path, Failure):
            yield path
            continue
        name = name_of(path)
        try:
            refuse_unread(name)
            if told := _of_many(name):
                raise InputError(f"{name}: {told}")
            with open_binary(path, stdin) as stream:
                item = _item(stream, name)
        except FormatError as error:
            yield Failure(name, f"{name}: {error}")
            continue
        except InputError as error:
            yield Failure(name, str(error))
            continue
        if item.file is None and item.text.startswith(BOM):
            if marked is not None:
                marked.add(name)
            item = Item(item.text.removeprefix(BOM), name)
        yield item


def name_of(path: Path) -> str:
    return STDIN_NAME if str(path) == STDIN else str(path)


@contextmanager
def open_binary(path: Path, stdin: BinaryIO) -> Iterator[BinaryIO]:
    """The file for reading, or `stdin` for `-`. Raises InputError where it cannot be opened or read."""
    try:
        if str(path) == STDIN:
            yield stdin
        else:
            with open_soon(path) as stream:
                yield stream
    except FileNotFoundError:
        raise InputError(f"{path}: no such file or folder; check the name") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; name a file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


def open_soon(path: Path) -> BinaryIO:
    """The file, opened. A named pipe opens when somebody opens it to write; raises InputError where nobody does."""
    if not special(path):
        return path.open("rb")
    opened: Future[BinaryIO] = Future()

    def wait() -> None:
        try:
            opened.set_result(path.open("rb"))
        except OSError as error:
            opened.set_exception(error)

    Thread(target=wait, daemon=True).start()
    try:
        return opened.result(PATIENCE)
    except TimeoutError:
        raise InputError(f"{path}: a pipe that nobody has opened to write into for {PATIENCE} seconds") from None


def _item(stream: BinaryIO, name: str) -> Item:
    # No code point takes more than four bytes, so more than this is too long whatever it holds.
    data = stream.read(4 * MAX_CHARACTERS + 1)
    if format_name(name) in (None, "txt") and data[:2] not in MARKED:
        if len(data) > 4 * MAX_CHARACTERS and b"\0" not in data:
            raise _too_long(name)
        return Item(checked(decode(data, name), name), name)
    file = read_file(name, data)
    if not file.parts:
        raise InputError(f"{name}: {NO_ARTICLE}; {SAVE_AS}")
    return Item("", name, file=file)


def read_file(name: str, data: bytes) -> File:
    """A file called `name` with its texts. Raises InputError where it is broken, too long or of a kind that is not
    read."""
    if len(data) > 4 * MAX_CHARACTERS:
        raise _too_long(name)
    try:
        file = open_file(name, data)
    except FormatError as error:
        raise InputError(f"{name}: {error}") from None
    for part in file.parts:
        checked(part.view.text, name)
    return file


def checked(text: str, name: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise _too_long(name)
    return text


def _too_long(name: str) -> InputError:
    return InputError(f"{name}: longer than {MAX_CHARACTERS:,} characters; split it into articles")


def run_in_order(
    inputs: Iterable[Item | Failure], run: Callable[[Iterator[Item]], Iterable[T]]
) -> Iterator[T | Failure]:
    """The results of `run` over the items, with the failures back in their places.

    `run` gives one result an item, in order, and may read ahead; few results or failures wait in memory.
    """
    source = iter(inputs)
    waiting: deque[Item | Failure] = deque()
    more = True

    def items() -> Iterator[Item]:
        nonlocal more
        failures = 0
        for one in source:
            waiting.append(one if isinstance(one, Failure) else _PLACE)
            if isinstance(one, Item):
                yield one
            else:
                failures += 1
                if failures == MAX_WAITING_FAILURES:
                    return
        more = False

    while more:
        for result in run(items()):
            while isinstance(failure := waiting.popleft(), Failure):
                yield failure
            yield result
        while waiting:
            yield _failure(waiting.popleft())


_PLACE = Item("")  # where a result will stand: the text itself need not wait


def _failure(waiting: Item | Failure) -> Failure:
    if isinstance(waiting, Item):
        raise AssertionError("fewer results than items")
    return waiting


@contextmanager
def write_atomically(path: Path, expected: bytes | None = None) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` when the block ends well; otherwise `path` stays as it was.

    The temporary file lies beside the target; mode bits and owner are kept; a link is followed, so that it stays a
    link. With `expected`, `path` must still hold these bytes at the end. Raises OutputError.
    """
    target = path.resolve()
    try:
        before = target.stat() if target.exists() else None
        if before is not None and not stat.S_ISREG(before.st_mode):
            with target.open("wb") as device:  # a pipe or a terminal cannot be replaced; a folder fails here
                yield device
            return
        if before is not None and not os.access(target, os.W_OK):
            raise OutputError(f"{path}: cannot be written: the file is read-only")
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            _take_over_mode(temporary, before)
            if expected is not None and target.read_bytes() != expected:
                raise OutputError(f"{path}: the file changed meanwhile and was left alone; run again")
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None


def _take_over_mode(temporary: Path, before: os.stat_result | None) -> None:
    if before is None:
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        return
    with suppress(PermissionError, AttributeError):  # only an administrator gives files away; Windows has no owners
        os.chown(temporary, before.st_uid, before.st_gid)
    temporary.chmod(stat.S_IMODE(before.st_mode))
