"""Files and the articles in them: one article, a line or a row each, or packed ones. All are read as they come.

An article is known by its key in the file: nothing where the file is the article, `#3` for the third line or row,
`!sport/a.txt` for a member of a zip file, and these one after the other where one lies in another.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol, cast

from repair.formats import FormatName, format_name, is_hidden, may_hold_text
from repair.formats.errors import FormatError
from repair.formats.packed import MAX_ARTICLE, MAX_MEMBER, Make, Metered, damage_named, open_zip, read_member, rewrite
from repair.inputs import MAX_LINE_BYTES
from repair.text import BOM

MAX_DEPTH = 3  # of packed files in packed files
TOO_LONG = f"longer than {MAX_LINE_BYTES // 1_000_000} MB; split it into articles"  # a line of JSON or a table

NewBytes = Callable[[str, bytes], bytes]  # what becomes of the article of a key


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a file: its key, its bytes, and how they are read; `broken` says why they cannot be."""

    key: str
    data: bytes
    format: FormatName
    broken: str | None = None


class Container(Protocol):
    """A file of articles. Both raise FormatError where the file as a whole is broken."""

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        """The articles in order."""
        ...

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: NewBytes) -> None:
        """Write the file again, with what `change` makes of the bytes of each article (by key); all else stays."""
        ...


class Unread(FormatError):
    """The file is of a kind that is not read."""


def container_for(name: str, fields: tuple[str, ...], depth: int = 0) -> Container | None:
    """How a file of this name is read; None for one that holds no text, as a picture. `fields` are the columns of
    a table to read. Raises Unread for one that may hold a text and is of a kind that is not read."""
    path = PurePosixPath(name.lower())
    if is_hidden(path.name):
        return None
    if path.suffix in (".gz", ".zip") and depth >= MAX_DEPTH:
        raise FormatError("packed files in packed files, too deep to be an archive; refused")
    if path.suffix == ".gz":
        inner = container_for(path.stem, fields, depth + 1)
        return Gzip(inner) if inner else None
    if path.suffix == ".zip":
        return Zip(fields, depth + 1)
    if path.suffix in (".jsonl", ".ndjson"):
        return Lines()
    if path.suffix == ".tsv":
        from repair.batch.tsv import Tsv

        return Tsv(fields)
    if path.suffix == ".parquet":
        from repair.batch.parquet import Parquet

        return Parquet(fields)
    if kind := format_name(path.name):
        return Single(kind)
    if may_hold_text(path.name):
        raise Unread("this kind of file is not read")
    return None


def parquet_losses(stream: BinaryIO, fields: tuple[str, ...]) -> list[str]:
    """What a Parquet file would lose, besides its old texts, when it is written again."""
    from repair.batch.parquet import Parquet

    return Parquet(fields).losses(stream)


@dataclass(frozen=True, slots=True)
class Single:
    """The file is the article."""

    format: FormatName

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        data = stream.read(MAX_ARTICLE + 1)
        if len(data) > MAX_ARTICLE:
            raise FormatError(f"longer than {MAX_ARTICLE // 1_000_000} MB; split it into articles")
        yield Article("", data, self.format)

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: NewBytes) -> None:
        target.write(change("", stream.read()))


class Lines:
    """JSON Lines: every line is an article; the bytes between them (line ends, empty lines) stay.

    A line that is too long is one broken article; it is never held in memory.
    """

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        former = 0
        for number, line, whole in numbered_lines(stream):
            if not whole and number != former:
                yield Article(f"#{number}", b"", "fields", TOO_LONG)
            elif whole and (body := _parts(number, line)[1]).strip():
                yield Article(f"#{number}", body, "fields")
            former = number

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: NewBytes) -> None:
        for number, line, whole in numbered_lines(stream):
            before, body, end = _parts(number, line)
            target.write(before + change(f"#{number}", body) + end if whole and body.strip() else line)


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """The number and the bytes of each line; of one that is too long several pieces, each with False."""
    number, going_on = 1, False
    while line := stream.readline(MAX_LINE_BYTES):
        ended = line.endswith(b"\n")
        cut = len(line) == MAX_LINE_BYTES and not ended
        yield number, line, not (cut or going_on)
        going_on = not ended and (cut or going_on)
        number += not going_on


def _parts(number: int, line: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the object in a line, the object, and the line's end."""
    mark = BOM.encode()
    before = mark if number == 1 and line.startswith(mark) else b""
    body = line[len(before) :].rstrip(b"\r\n")
    return before, body, line[len(before) + len(body) :]


@dataclass(frozen=True, slots=True)
class Gzip:
    """One packed file; name and date in its header stay."""

    inner: Container

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        with damage_named():
            yield from self.inner.articles(self._unpacked(stream))

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: NewBytes) -> None:
        name, date = _header(stream)
        with damage_named(), gzip.GzipFile(name, "wb", fileobj=target, mtime=date) as packed:
            self.inner.rebuild(self._unpacked(stream), cast(BinaryIO, packed), change)

    def _unpacked(self, stream: BinaryIO) -> BinaryIO:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        counted = Metered(gzip.GzipFile(fileobj=stream), size)
        if isinstance(self.inner, Lines | Single):
            return io.BufferedReader(_Raw(counted))
        # the others jump about in the file
        return io.BytesIO(counted.read())


def _header(stream: BinaryIO) -> tuple[str, int]:
    """The name and date (seconds) in the header of a gzip file; empty where there is none."""
    stream.seek(0)
    header = stream.read(10 + 1000)
    flags = header[3] if len(header) > 3 else 0
    name = header[10:].partition(b"\0")[0] if flags & 0x0C == 0x08 else b""  # a name, and no extra field before it
    return name.decode("latin-1"), int.from_bytes(header[4:8], "little")


class _Raw(io.RawIOBase):
    """A counted stream as io wants it."""

    def __init__(self, stream: Metered) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@dataclass(frozen=True, slots=True)
class Zip:
    """A zip file of any of the others; members that hold no text stay.

    A member that is too long, or a file of articles that is broken inside, is one broken article, and stays as it is.
    """

    fields: tuple[str, ...]
    depth: int

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        with open_zip(stream) as package:
            for info in package.infolist():
                try:
                    inner = None if info.is_dir() else container_for(info.filename, self.fields, self.depth)
                    data = self._data(package, info, inner) if inner else b""
                except FormatError as error:
                    yield Article(f"!{info.filename}", b"", "txt", str(error))
                    continue
                for article in inner.articles(io.BytesIO(data)) if inner else ():
                    yield replace(article, key=f"!{info.filename}{article.key}")

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: NewBytes) -> None:
        def changed(name: str) -> Make | None:
            with suppress(FormatError):
                if inner := container_for(name, self.fields, self.depth):
                    return partial(_rebuilt, inner, lambda key, article: change(f"!{name}{key}", article))
            return None

        rewrite(stream, target, changed)

    def _data(self, package: zipfile.ZipFile, info: zipfile.ZipInfo, inner: Container) -> bytes:
        """The bytes of a member that can be read and written. Raises FormatError for one that cannot."""
        most = MAX_ARTICLE if isinstance(inner, Single) else MAX_MEMBER
        if info.file_size > most:
            raise FormatError(f"longer than {most // 1_000_000} MB; split it into articles")
        data = read_member(package, info.filename, most)
        if (reason := _fault(inner, data)) is not None:
            raise FormatError(reason)
        return data


def _fault(inner: Container, data: bytes) -> str | None:
    """Why a file of articles in a packed file can be read or written no further than in part; None where it can."""
    if isinstance(inner, Single):
        return None
    try:
        inner.rebuild(io.BytesIO(data), io.BytesIO(), lambda key, article: article)
    except FormatError as error:
        return str(error)
    return None


def _rebuilt(inner: Container, change: NewBytes, data: bytes) -> bytes:
    """A member of a zip file, rebuilt; as it is where it is broken."""
    result = io.BytesIO()
    try:
        inner.rebuild(io.BytesIO(data), result, change)
    except FormatError:
        if _fault(inner, data) is None:
            raise
        return data
    return result.getvalue()
