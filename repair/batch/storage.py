"""Folders of files, on this machine or through fsspec (`s3://bucket/folder`, `memory://folder`, ...).

A file is written whole or not at all: to a temporary file first, that then takes its place. What is private in one
folder stays private in the other. Nothing is ever deleted.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, count, zip_longest
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from repair.errors import InputError, OutputError, UnavailableError
from repair.stamps import stamp

REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://|memory:")
BUCKETS = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss"}  # have no folders; making one would make a bucket
TEMPORARY = ".repair-"
ASIDE = ".withdrawn"  # after the name of a folder: what was taken out of it
PERMISSIONS = 0o777  # of a mode; no copy runs as somebody else


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file: its path below the folder, with slashes, and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is not read: a path below the folder, and the reason. `lost`: it should have been, so the run has failed."""

    path: str
    reason: str
    lost: bool = True


@dataclass(frozen=True, slots=True)
class Manner:
    """What a file is besides its bytes: who may read it, when it was last changed (ns), and who may enter the folders
    that it lies in, the outermost first."""

    mode: int
    changed: int
    folders: tuple[int, ...]


class Storage(Protocol):
    """One folder with all below it. Reading raises OSError, writing OutputError."""

    name: str

    def files(self) -> Iterator[StoredFile | Skipped]:
        """All files, sorted within their folders."""
        ...

    def open(self, path: str) -> BinaryIO: ...

    def size(self, path: str) -> int | None:
        """The size of a file; None where there is none."""
        ...

    def stamp(self, path: str) -> object:
        """Something that changes when the file does."""
        ...

    def is_there(self) -> bool: ...

    def is_empty(self) -> bool: ...

    def manner(self, path: str) -> Manner | None:
        """The manner of a file; None where it has none, or there is no such file."""
        ...

    def set_aside(self, path: str) -> str:
        """Moves a file to a folder beside this one, and says where it lies now; nothing there is written over."""
        ...

    def draft(self, path: str, manner: Manner | None) -> Any:
        """A context with a stream to write and read; at its end the file, in that manner, takes the place of `path`."""
        ...


def storage(address: str) -> Storage:
    """The folder that a person names. Raises UnavailableError where fsspec or one of its parts is missing."""
    return RemoteStorage(address) if REMOTE.match(address) else LocalStorage(Path(address))


def free_name(path: str, taken: Callable[[str], bool]) -> str:
    """`path`, with a number where that is taken.

    >>> free_name("a.txt", {"a.txt", "a.txt.2"}.__contains__)
    'a.txt.3'
    """
    names = chain([path], (f"{path}.{number}" for number in count(2)))
    return next(name for name in names if not taken(name))


def digest(stream: BinaryIO) -> str:
    """The SHA-256 of a stream from its beginning."""
    stream.seek(0)
    found = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()


@dataclass(slots=True)
class LocalStorage:
    root: Path
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.root = self.root.absolute()
        self.name = str(self.root)

    def files(self) -> Iterator[StoredFile | Skipped]:
        yield from self._inside(self.root, "")

    def _inside(self, folder: Path, below: str) -> Iterator[StoredFile | Skipped]:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(below or ".", f"cannot be read: {error.strerror or error}")
            return
        for entry in entries:
            path = f"{below}{entry.name}"
            try:
                if entry.is_dir(follow_symlinks=False):
                    yield from self._inside(Path(entry.path), f"{path}/")
                elif entry.is_dir():
                    yield Skipped(path, "a link to a folder; links are not followed", lost=False)
                elif entry.name.startswith(TEMPORARY):
                    continue
                elif entry.is_file():
                    yield StoredFile(path, entry.stat().st_size)
                elif entry.is_symlink():
                    yield Skipped(path, "a link that leads nowhere")
                else:
                    yield Skipped(path, "neither a file nor a folder", lost=False)
            except OSError as error:  # a link that leads to itself
                yield Skipped(path, f"cannot be read: {error.strerror or error}")

    def open(self, path: str) -> BinaryIO:
        return (self.root / path).open("rb")

    def size(self, path: str) -> int | None:
        with suppress(OSError):
            return (self.root / path).stat().st_size
        return None

    def stamp(self, path: str) -> object:
        return stamp(self.root / path)

    def is_there(self) -> bool:
        return self.root.is_dir()

    def is_empty(self) -> bool:
        return not self.root.is_dir() or not any(self.root.iterdir())

    def manner(self, path: str) -> Manner | None:
        file = self.root / path
        folders = [one for one in (file.parent, *file.parent.parents) if one.is_relative_to(self.root)]
        with suppress(OSError):
            found = file.stat()
            modes = tuple(stat.S_IMODE(one.stat().st_mode) & PERMISSIONS for one in reversed(folders))
            return Manner(stat.S_IMODE(found.st_mode) & PERMISSIONS, found.st_mtime_ns, modes)
        return None

    def set_aside(self, path: str) -> str:
        aside = LocalStorage(self.root.with_name(f"{self.root.name}{ASIDE}"))
        place = Path(free_name(str(aside.root / path), os.path.lexists))
        aside._make(place.parent, self.manner(path))
        (self.root / path).rename(place)
        return str(place)

    @contextmanager
    def draft(self, path: str, manner: Manner | None) -> Iterator[BinaryIO]:
        target = self.root / path
        # a fixed name: what a killed run left behind is written over by the next one
        short = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
        temporary = target.with_name(f"{TEMPORARY}{short}.tmp")
        try:
            self._make(target.parent, manner)
            with suppress(FileNotFoundError):
                temporary.unlink()
            with open(temporary, "x+b", opener=_private) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            _take_on(temporary, manner)
            if target.is_dir() and not target.is_symlink():
                raise OSError(errno.EISDIR, "there is a folder of this name")
            temporary.replace(target)  # a link there is replaced, not followed
        except BaseException as error:
            with suppress(OSError):
                temporary.unlink()
            if isinstance(error, OSError):
                raise OutputError(f"{target}: cannot be written: {error.strerror or error}; run again") from None
            raise

    def _make(self, folder: Path, manner: Manner | None) -> None:
        """The folders down to `folder`; a link among them could lead out of OUT, even to the originals."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        inside = [one for one in (folder, *folder.parents) if one.is_relative_to(self.root)]
        for one, mode in zip_longest(reversed(inside), manner.folders if manner else ()):
            with suppress(FileExistsError):
                one.mkdir(0o777 if mode is None else 0o700)
                if mode is not None:
                    one.chmod(mode | 0o700)  # what lies in it is still to be written
        for one in (folder, *folder.parents):
            if one == self.root:
                return
            if stat.S_ISLNK(one.lstat().st_mode):
                raise OSError(errno.ELOOP, f"{one} is a link")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _take_on(file: Path, manner: Manner | None) -> None:
    """The mode and the time of `manner`; those of any new file where there is none."""
    if manner is None:
        mask = os.umask(0)
        os.umask(mask)
        file.chmod(0o666 & ~mask)
    else:
        file.chmod(manner.mode)
        os.utime(file, ns=(manner.changed, manner.changed))


class RemoteStorage:
    """A folder that fsspec reaches."""

    def __init__(self, address: str) -> None:
        self.name = address.rstrip("/")
        try:
            import fsspec

            self.fs, self.root = fsspec.core.url_to_fs(self.name)
        except ModuleNotFoundError as error:
            raise UnavailableError(f"{address} needs {error.name}; run: pip install 'mt-repair[batch]'") from None
        except ImportError as error:  # fsspec says itself what to install for an address
            raise UnavailableError(f"{address}: {' '.join(str(error).split())}") from None
        except ValueError as error:
            raise InputError(f"{address}: not an address that is known: {error}") from None
        self.root = self.root.rstrip("/")

    def _full(self, path: str) -> str:
        return f"{self.root}/{path}"

    def files(self) -> Iterator[StoredFile | Skipped]:
        self.fs.invalidate_cache()
        with _as_os_errors():
            found = self.fs.find(self.root, detail=True)
        for path in sorted(found):
            yield StoredFile(path.removeprefix(self.root).lstrip("/"), found[path].get("size") or 0)

    def open(self, path: str) -> BinaryIO:
        with _as_os_errors():
            stream = self.fs.open(self._full(path), "rb")
        return io.BufferedReader(_Reading(stream), 1 << 20)

    def size(self, path: str) -> int | None:
        try:
            return cast(int, self.fs.size(self._full(path)))
        except FileNotFoundError:
            return None

    def stamp(self, path: str) -> object:
        with _as_os_errors():
            self.fs.invalidate_cache()
            return self.fs.ukey(self._full(path))

    def is_there(self) -> bool:
        try:
            return bool(self.fs.exists(self.root))
        except Exception:
            return False

    def is_empty(self) -> bool:
        return not self.is_there() or not self.fs.find(self.root, maxdepth=3)

    def manner(self, path: str) -> Manner | None:
        return None

    def set_aside(self, path: str) -> str:
        with _as_os_errors():
            place = free_name(f"{self.root}{ASIDE}/{path}", self.fs.exists)
            if self._has_folders:
                self.fs.makedirs(place.rpartition("/")[0], exist_ok=True)
            self.fs.mv(self._full(path), place)
        return f"{self.name}{ASIDE}/{place.removeprefix(f'{self.root}{ASIDE}/')}"

    @property
    def _has_folders(self) -> bool:
        return BUCKETS.isdisjoint([self.fs.protocol] if isinstance(self.fs.protocol, str) else self.fs.protocol)

    @contextmanager
    def draft(self, path: str, manner: Manner | None) -> Iterator[BinaryIO]:
        with tempfile.TemporaryFile() as stream:
            yield cast(BinaryIO, stream)
            stream.seek(0)
            full = self._full(path)
            try:
                if self._has_folders:
                    self.fs.makedirs(full.rpartition("/")[0], exist_ok=True)
                target = self.fs.open(full, "wb", autocommit=False)
                try:
                    shutil.copyfileobj(stream, target)
                    target.close()
                    target.commit()
                except BaseException:
                    target.discard()
                    raise
            except Exception as error:
                raise OutputError(f"{self.name}/{path}: cannot be written: {_line(error)}; run again") from None


class _Reading(io.RawIOBase):
    """A remote stream whose errors are OSErrors, whatever library raises them."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with _as_os_errors():
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


@contextmanager
def _as_os_errors() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(errno.EIO, _line(error)) from None


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
