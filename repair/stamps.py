"""Has somebody changed a file since it was last looked at?"""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[int, int, int, int]


def stamp(path: Path) -> Stamp:
    """What changes with a file: its size in bytes, when its content and its state changed (nanoseconds), its inode.

    Raises OSError.
    """
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def stamp_of_any(path: Path) -> Stamp | None:
    """As `stamp`; None for a file that is not there or cannot be looked at."""
    try:
        return stamp(path)
    except OSError:
        return None
