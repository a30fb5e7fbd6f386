"""Files and the articles in them: one article, a line or a row each, or packed ones. All are read as they come.

An article is known by its key in the file: nothing where the file is the article, `#3` for the third line or row,
`!sport/a.txt` for a member of a zip file, and these one after the other where one lies in another.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol, cast

from repair.formats import FormatName, format_name
from repair.formats.errors import FormatError
from repair.formats.packed import MAX_ARTICLE, MAX_MEMBER, Counted, Make, damage_named, open_zip, read_member, rewrite
from repair.inputs import MAX_LINE_BYTES
from repair.text import BOM

MAX_DEPTH = 3  # of packed files in packed files

Change = Callable[[str, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a file: its key, its bytes, and how they are read."""

    key: str
    data: bytes
    format: FormatName


class Container(Protocol):
    """A file of articles. Both raise FormatError where the file as a whole is broken."""

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        """The articles in order."""
        ...

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: Change) -> None:
        """Write the file again, with what `change` makes of the bytes of each article (by key); all else stays."""
        ...


def container_for(name: str, fields: tuple[str, ...], depth: int = 0) -> Container | None:
    """How a file of this name is read; None for one that holds no text. `fields` are the columns of Parquet to read."""
    path = PurePosixPath(name.lower())
    if path.name.startswith("."):
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
    if path.suffix == ".parquet":
        from repair.batch.parquet import Parquet

        return Parquet(fields)
    kind = format_name(path.name)
    return Single(kind) if kind else None


@dataclass(frozen=True, slots=True)
class Single:
    """The file is the article."""

    format: FormatName

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        data = stream.read(MAX_ARTICLE + 1)
        if len(data) > MAX_ARTICLE:
            raise FormatError(f"longer than {MAX_ARTICLE // 1_000_000} MB; split it into articles")
        yield Article("", data, self.format)

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: Change) -> None:
        target.write(change("", stream.read()))


class Lines:
    """JSON Lines: every line is an article; the bytes between them (line ends, empty lines) stay."""

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        for key, _, line, _ in self._lines(stream):
            if line.strip():
                yield Article(key, line, "fields")

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: Change) -> None:
        for key, before, line, end in self._lines(stream):
            target.write(before + (change(key, line) if line.strip() else line) + end)

    def _lines(self, stream: BinaryIO) -> Iterator[tuple[str, bytes, bytes, bytes]]:
        """Key, what stands before the object, the object's line, and its end."""
        number = 0
        while line := stream.readline(MAX_LINE_BYTES):
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                raise FormatError(f"line {number + 1} is longer than {MAX_LINE_BYTES // 1_000_000} MB")
            number += 1
            before = BOM.encode() if number == 1 and line.startswith(BOM.encode()) else b""
            body = line[len(before) :].rstrip(b"\r\n")
            yield f"#{number}", before, body, line[len(before) + len(body) :]


@dataclass(frozen=True, slots=True)
class Gzip:
    """One packed file; name and date in its header stay."""

    inner: Container

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        with damage_named():
            yield from self.inner.articles(self._unpacked(stream))

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: Change) -> None:
        name, date = _header(stream)
        with damage_named(), gzip.GzipFile(name, "wb", fileobj=target, mtime=date) as packed:
            self.inner.rebuild(self._unpacked(stream), cast(BinaryIO, packed), change)

    def _unpacked(self, stream: BinaryIO) -> BinaryIO:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        counted = Counted(gzip.GzipFile(fileobj=stream), size)
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

    def __init__(self, stream: Counted) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@dataclass(frozen=True, slots=True)
class Zip:
    """A zip file of any of the others; members that hold no text stay."""

    fields: tuple[str, ...]
    depth: int

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        with open_zip(stream) as package:
            for info in package.infolist():
                inner = None if info.is_dir() else container_for(info.filename, self.fields, self.depth)
                if inner:
                    most = MAX_ARTICLE if isinstance(inner, Single) else MAX_MEMBER
                    member = io.BytesIO(read_member(package, info.filename, most))
                    for article in inner.articles(member):
                        yield Article(f"!{info.filename}{article.key}", article.data, article.format)

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: Change) -> None:
        def changed(name: str) -> Make | None:
            inner = container_for(name, self.fields, self.depth)
            return partial(_rebuilt, inner, lambda key, article: change(f"!{name}{key}", article)) if inner else None

        rewrite(stream, target, changed)


def _rebuilt(inner: Container, change: Change, data: bytes) -> bytes:
    """A member of a zip file, rebuilt."""
    result = io.BytesIO()
    inner.rebuild(io.BytesIO(data), result, change)
    return result.getvalue()
