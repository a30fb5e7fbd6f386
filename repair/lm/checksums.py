"""Checksums of large files, computed once: a file that has not been touched since is not read again.

What was found is noted in the cache folder with size, times and inode. Where that folder cannot be written every
checksum is computed anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from repair.errors import OutputError
from repair.inputs import write_atomically
from repair.stamps import stamp

NOTES = "checksums.json"
SETTLED = 2_000_000_000  # nanoseconds; a file touched later than that before it is read may be touched again unseen


def file_hash(path: Path) -> str:
    """The sha256 of a file, in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def known_hash(path: Path, home: Path) -> str:
    """The sha256 of a file, as noted in `home` where the file is as it was then. Raises OSError."""
    path = path.resolve()
    before = list(stamp(path))
    notes = _notes(home)
    if (known := notes.get(str(path))) and known[:-1] == before:
        return str(known[-1])
    found = file_hash(path)
    if list(stamp(path)) == before and time.time_ns() - max(before[1], before[2]) > SETTLED:
        notes = {name: note for name, note in _notes(home).items() if Path(name).exists()}
        notes[str(path)] = [*before, found]
        with suppress(OSError, OutputError), write_atomically(home / NOTES) as stream:
            stream.write(json.dumps(notes).encode())
    return found


def _notes(home: Path) -> dict[str, list[Any]]:
    """A list of numbers and the checksum for each path; empty where nothing usable is noted."""
    with suppress(OSError, ValueError):
        notes = json.loads((home / NOTES).read_text(encoding="utf-8"))
        if isinstance(notes, dict) and all(isinstance(note, list) and note for note in notes.values()):
            return notes
    return {}
