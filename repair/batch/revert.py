"""Taking edits back: every file gets the text again that it had without them, and the journal says so."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import BinaryIO

from repair.batch.containers import Container, container_for
from repair.batch.journal import Journal, shown
from repair.batch.runner import rebuild
from repair.batch.storage import Storage, digest
from repair.errors import InputError
from repair.formats import format_of, splice
from repair.formats.errors import FormatError
from repair.formats.view import undo


def settle(journal: Journal, target: Storage) -> None:
    """Finishes what a killed revert had begun: its file was replaced, or it was not."""
    for file, path, hash_next in journal.planned():
        done = False
        with suppress(OSError), target.open(path) as stream:
            done = digest(stream) == hash_next
        journal.settle(file, target.size(path) if done else None)


def revert(
    journal: Journal,
    source: Storage | None,
    target: Storage,
    edits: Iterable[tuple[int, str | bytes, int]],
    run: int,
    fields: tuple[str, ...],
    tell: Callable[[str], object],
) -> tuple[int, int]:
    """Takes back edits given as (file, path, edit); how many were, and how many files were left alone, each told.

    Where IN still holds the file as it was read, OUT is made from it again, so that packed files come back byte for
    byte too; else the edits are undone in OUT. A file of OUT that somebody changed where the edits are is left alone.
    """
    by_file: dict[tuple[int, str], set[int]] = defaultdict(set)
    for file, path, edit in edits:
        by_file[file, shown(path)].add(edit)
    done = left = 0
    for (file, path), ids in by_file.items():
        try:
            _revert_file(journal, source, target, file, path, ids, run, fields)
            done += len(ids)
        except (FormatError, InputError) as error:
            left += 1
            tell(f"{path}: {error}; left alone")
        except OSError as error:
            left += 1
            tell(f"{path}: cannot be read: {error.strerror or error}; left alone")
    return done, left


def _revert_file(
    journal: Journal,
    source: Storage | None,
    target: Storage,
    file: int,
    path: str,
    ids: set[int],
    run: int,
    fields: tuple[str, ...],
) -> None:
    state = journal.state(path)
    container = container_for(path, fields)
    if state is None or container is None:
        raise InputError("the journal does not say how it was read")
    with target.open(path) as stream, target.draft(path, target.manner(path)) as draft:
        untouched = digest(stream) == state.hash_out
        original = _original(source, path, state.hash_in) if untouched else None
        stream.seek(0)
        if original is None:
            _undo(container, stream, draft, journal, file, fields, ids, untouched)
        else:
            with original:
                if journal.standing(file) <= ids:
                    shutil.copyfileobj(original, draft)
                else:
                    rebuild(container, original, draft, journal, file, fields, ids)
        journal.plan(file, ids, run, digest(draft))
        size = draft.tell()
    journal.settle(file, size)


def _original(source: Storage | None, path: str, hash_in: str | None) -> BinaryIO | None:
    """The file of IN where it is as it was read."""
    with suppress(OSError):
        if source is not None:
            stream = source.open(path)
            if digest(stream) == hash_in:
                stream.seek(0)
                return stream
            stream.close()
    return None


def _undo(
    container: Container,
    stream: BinaryIO,
    draft: BinaryIO,
    journal: Journal,
    file: int,
    fields: tuple[str, ...],
    ids: set[int],
    untouched: bool,
) -> None:
    def change(key: str, data: bytes) -> bytes:
        standing = journal.splices(file, key)
        known = journal.read_as(file, key)
        wanted = [one for edit, one in standing if edit in ids]
        if known is None or not wanted:
            return data
        reader, done = format_of(known[1], fields), [one for _, one in standing]
        try:
            former = data if untouched else splice(reader, data, undo(done, done))
        except FormatError:
            former = b""
        # what somebody changed is left alone, wherever in the article that is
        if not untouched and hashlib.sha256(former).hexdigest() != known[0]:
            raise InputError(f"{key or 'it'} was changed by somebody since")
        back = undo(done, wanted)
        made = splice(reader, data, back)
        if len(wanted) == len(done) and hashlib.sha256(made).hexdigest() != known[0] and known[1] == "ninjs":
            # a count that had been wrong was right by chance after the edits, and would follow back
            made = splice(format_of("fields"), data, back)
        return made

    container.rebuild(stream, draft, change)
