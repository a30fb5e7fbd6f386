"""Zip and gzip without bombs: what is unpacked is counted while it is unpacked, whatever the header promises."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from repair.batch.errors import FormatError

MAX_ARTICLE = 40_000_000  # bytes of one article: ten million characters of four bytes
MAX_UNPACKED = 16_000_000_000  # bytes of everything in one packed file
MAX_RATIO = 1_000  # unpacked to packed; text never goes beyond 50
FREE = 1_000_000  # bytes that any file may hold, whatever the ratio
CHUNK = 1 << 16
DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, ValueError)


class Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Counted:
    """A stream that refuses to give more than a packed file of `packed` bytes can honestly hold."""

    def __init__(self, stream: Reads, packed: int) -> None:
        self._stream = stream
        self._left = min(MAX_UNPACKED, max(FREE, packed * MAX_RATIO))

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise FormatError("it unpacks to far more than text can be packed to (a bomb); refused")
        return data


@contextmanager
def damage_named() -> Iterator[None]:
    """What the libraries raise for a damaged file, as FormatError."""
    try:
        yield
    except DAMAGED as error:
        raise FormatError(f"damaged, or packed in a way that is not read ({' '.join(str(error).split())})") from None


@contextmanager
def open_zip(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The zip file for reading. Raises FormatError for what is damaged."""
    with damage_named(), zipfile.ZipFile(stream) as package:
        names = [info.filename for info in package.infolist()]
        if len(set(names)) < len(names):
            raise FormatError("it holds two files of one name")
        yield package


def read_member(package: zipfile.ZipFile, name: str, most: int = MAX_ARTICLE) -> bytes:
    """The content of one member, at most `most` bytes."""
    with package.open(name) as member:
        data = Counted(member, package.getinfo(name).compress_size).read(most + 1)
    if len(data) > most:
        raise FormatError(f"{name}: longer than {most // 1_000_000} MB; split it into articles")
    return data


def rewrite(source: BinaryIO, target: BinaryIO, change: Callable[[zipfile.ZipInfo, bytes], bytes]) -> None:
    """The zip file again, with the content that `change` makes of each member; names, dates, order, comments stay."""
    with open_zip(source) as package, zipfile.ZipFile(target, "w") as result:
        result.comment = package.comment
        for info in package.infolist():
            if info.is_dir():
                result.writestr(_like(info), b"")
            else:
                result.writestr(_like(info), change(info, read_member(package, info.filename, MAX_UNPACKED)))


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A fresh entry that looks like `info`; sizes and offsets are found anew."""
    made = zipfile.ZipInfo(info.filename, info.date_time)
    for name in ("compress_type", "comment", "create_system", "external_attr", "internal_attr"):
        setattr(made, name, getattr(info, name))
    return made
