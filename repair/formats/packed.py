"""Zip and gzip without bombs: what is unpacked is counted while it is unpacked, whatever the header promises."""

from __future__ import annotations

import gzip
import io
import lzma
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import BinaryIO, Protocol

from repair.formats.errors import FormatError

MAX_ARTICLE = 40_000_000  # bytes of one article: ten million characters of four bytes
MAX_MEMBER = 1_000_000_000  # bytes of one file in a zip file that is read: it is held in memory
MAX_UNPACKED = 16_000_000_000  # bytes of everything in one packed file
MAX_RATIO = 1_000  # unpacked to packed; text never goes beyond 50
FREE = 1_000_000  # bytes that any file may hold, whatever the ratio
CHUNK = 1 << 16
DAMAGED = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
BOMB = "it unpacks to far more than text can be packed to (a bomb); refused"

EMPTY: Mapping[str, bytes] = MappingProxyType({})

Make = Callable[[bytes], bytes]


class Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Metered:
    """A stream that refuses to give more than a packed file of `packed` bytes can honestly hold."""

    def __init__(self, stream: Reads, packed: int) -> None:
        self._stream = stream
        self._left = min(MAX_UNPACKED, honest(packed))

    def read(self, size: int = -1, /) -> bytes:
        most = self._left + 1  # one more tells that there is more
        data = self._stream.read(min(size, most) if size >= 0 else most)
        self._left -= len(data)
        if self._left < 0:
            raise FormatError(BOMB)
        return data


def honest(packed: int) -> int:
    """How many bytes `packed` bytes can hold that are no bomb."""
    return max(FREE, packed * MAX_RATIO)


@contextmanager
def damage_named() -> Iterator[None]:
    """What the libraries raise for a damaged file, as FormatError."""
    try:
        yield
    except DAMAGED as error:
        raise _damaged(error) from None
    except OSError as error:
        if error.errno is not None:  # of the disk or the network; bzip2 names damage without a number
            raise
        raise _damaged(error) from None


def _damaged(error: Exception) -> FormatError:
    return FormatError(f"damaged, or packed in a way that is not read ({' '.join(str(error).split())})")


@contextmanager
def open_zip(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The zip file for reading. Raises FormatError for what is damaged, and for bombs, before anything is unpacked."""
    with damage_named(), zipfile.ZipFile(stream) as package:
        infos = package.infolist()
        if len({info.filename for info in infos}) < len(infos):
            raise FormatError("it holds two files of one name")
        # no more is unpacked of a member than its header says
        if sum(info.file_size for info in infos) > honest(stream.seek(0, io.SEEK_END)):
            raise FormatError(BOMB)
        yield package


def read_member(package: zipfile.ZipFile, name: str, most: int = MAX_ARTICLE) -> bytes:
    """The content of one member, at most `most` bytes."""
    with package.open(name) as member:
        data = Metered(member, package.getinfo(name).compress_size).read(most + 1)
    if len(data) > most:
        raise FormatError(f"{name}: longer than {most // 1_000_000} MB; split it into articles")
    return data


def rewrite(
    source: BinaryIO, target: BinaryIO, change: Callable[[str], Make | None], more: Mapping[str, bytes] = EMPTY
) -> None:
    """The zip file again; names, dates, order, comments stay. `change` says, for the name of a member, what makes its
    new content of the old; None where it stays. Those of `more` that it lacks come last."""
    with open_zip(source) as package, zipfile.ZipFile(target, "w") as result:
        result.comment = package.comment
        for info in package.infolist():
            if info.is_dir():
                result.writestr(_like(info), b"")
            elif make := change(info.filename):
                result.writestr(_like(info), make(read_member(package, info.filename, MAX_MEMBER)))
            else:
                with package.open(info) as old, result.open(_like(info), "w") as new:
                    shutil.copyfileobj(old, new, CHUNK)
        there = set(package.namelist())
        for name, content in more.items():
            if name not in there:
                result.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A fresh entry that looks like `info`; its offset is found anew."""
    made = zipfile.ZipInfo(info.filename, info.date_time)
    for name in ("compress_type", "comment", "create_system", "external_attr", "internal_attr", "file_size"):
        setattr(made, name, getattr(info, name))
    return made
