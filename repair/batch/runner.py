"""One run over an archive: which articles are to be worked on, what came of them, and the files written from that.

A file of OUT is written when all of its articles are in the journal, from IN and the journal alone. So a run may end at
any moment: the next one finds what is journaled, works on the rest, and writes what is missing.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from repair.batch.containers import Container, container_for, parquet_losses
from repair.batch.journal import FileState, Journal
from repair.batch.local import Workers
from repair.batch.storage import Skipped, Storage, StoredFile, digest
from repair.batch.work import Outcome, Task, our_fault
from repair.errors import InputError, RepairError
from repair.formats import format_of, splice
from repair.formats.errors import FormatError

BATCH = 4  # articles handed to a worker at a time: with more, workers wait for the last one at the end
BATCH_BYTES = 1_000_000
NAMED = 3  # of many files
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
FINISHED = ("done", "copied", "broken")

Tell = Callable[[str], object]


@dataclass(slots=True)
class Progress:
    """What a person who looks on is shown. All count since the run began."""

    files: int = 0
    bytes: int = 0
    articles: int = 0
    words: int = 0
    edits: int = 0
    skipped: int = 0  # articles and files finished before


@dataclass(slots=True)
class Open:
    """A file that is being worked on."""

    path: str
    size: int
    state: FileState
    hash_in: str
    stamp: object
    container: Container | None
    waiting: int = 0
    read: bool = False  # to its end
    broken: str | None = None
    unread: str | None = None  # it could not be read to its end, though it may be sound


@dataclass(slots=True)
class Runner:
    """`fields` are those of JSON Lines and Parquet; `settings_hash` names all that results depend on."""

    journal: Journal
    source: Storage
    target: Storage
    fields: tuple[str, ...]
    settings_hash: str
    run: int
    tell: Tell
    progress: Progress = field(default_factory=Progress)
    _open: dict[int, Open] = field(default_factory=dict)
    _hashes: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    _unread: list[str] = field(default_factory=list)  # what could not be looked into

    def work(self, workers: Workers) -> Iterator[Progress]:
        """Works through IN; the progress after each batch."""
        for outcomes in workers.run(batches(self._tasks())):
            self._record(outcomes)
            yield self.progress
        self.journal.forget_failed(self.run)
        yield self.progress

    def foresee(self) -> None:
        """Tells, before anything is written, what files would lose that cannot be written again as they are."""
        for entry in self.source.files():
            name = entry.path.lower() if isinstance(entry, StoredFile) else ""
            with suppress(FormatError, OSError):  # the run will name these
                if name.endswith(".parquet"):
                    with self.source.open(entry.path) as stream:
                        for loss in parquet_losses(stream, self.fields):
                            self.tell(f"{entry.path}: {loss}")

    def _tasks(self) -> Iterator[Task]:
        """The articles that are still to be worked on."""
        for entry in self.source.files():
            if isinstance(entry, Skipped):
                self._unread.append(entry.path)
                self._problem(entry.path, entry.reason, entry.lost)
                continue
            try:
                opened = self._begin(entry)
            except OSError as error:
                self._lost(entry.path, error)
                continue
            if opened is not None:
                yield from self._articles(opened)
                opened.read = True
                if not opened.waiting:
                    self._finish(opened)

    def _begin(self, entry: StoredFile) -> Open | None:
        """The file, ready to be read; None where it is finished."""
        state = self.journal.file(entry.path)
        self.journal.meet_file(state.id)
        stamp = self.source.stamp(entry.path)
        with self.source.open(entry.path) as stream:
            hash_in = digest(stream)
        same = state.hash_in == hash_in and state.settings_hash == self.settings_hash
        if same and state.status in FINISHED and self.target.size(entry.path) == state.size_out:
            self.progress.skipped += 1
            self._count_file(entry.size)
            return None
        opened = Open(entry.path, entry.size, state, hash_in, stamp, None)
        try:
            opened.container = container_for(entry.path, self.fields)
        except FormatError as error:
            opened.broken = str(error)
        self._open[state.id] = opened
        return opened

    def _articles(self, opened: Open) -> Iterator[Task]:
        if opened.container is None:
            return
        file = opened.state.id
        try:
            with self.source.open(opened.path) as stream:
                for article in opened.container.articles(stream):
                    known = hashlib.sha256((article.broken or "").encode() or article.data).hexdigest()
                    if self.journal.meets(file, article.key, known, self.settings_hash, self.run):
                        self.progress.skipped += 1
                        continue
                    opened.waiting += 1
                    self._hashes[file, article.key] = known, article.format
                    if article.broken is None:
                        yield Task(file, article.key, article.data, article.format)
                    else:
                        self._record([Outcome(file, article.key, broken=article.broken)])
        except FormatError as error:
            opened.broken = str(error)
        except OSError as error:
            opened.unread = error.strerror or str(error)
        except RepairError:
            raise
        except Exception as error:
            opened.broken = our_fault(error)

    def _record(self, outcomes: list[Outcome]) -> None:
        rows = [(outcome, *self._hashes.pop((outcome.file, outcome.key))) for outcome in outcomes]
        self.journal.record(self.run, self.settings_hash, rows)
        for outcome in outcomes:
            opened = self._open[outcome.file]
            for note in outcome.notes:
                self.tell(note)
            if outcome.broken is not None:
                self.tell(f"{opened.path}{outcome.key}: {outcome.broken}; copied through unchanged")
            self.progress.articles += 1
            self.progress.words += outcome.words
            self.progress.edits += sum(bool(change.splices) for change in outcome.changes)
            opened.waiting -= 1
            if opened.read and not opened.waiting:
                self._finish(opened)

    def _finish(self, opened: Open) -> None:
        """Write the file, then say so in the journal."""
        file = opened.state.id
        del self._open[file]
        self._count_file(opened.size)
        if opened.unread is not None:
            self._lost(opened.path, OSError(opened.unread))
            return
        if opened.broken is not None:
            self._give_up(opened, opened.broken)
        else:
            self.journal.prune(file, self.run)
        try:
            self._check_untouched(opened)
            try:
                hash_out, size_out = self._write(opened)
            except FormatError as error:  # what holds no article may be damaged too: a picture in a zip file
                self._give_up(opened, str(error))
                hash_out, size_out = self._write(opened)
            except (OSError, RepairError):
                raise
            except Exception as error:
                self._give_up(opened, our_fault(error))
                hash_out, size_out = self._write(opened)
        except OSError as error:
            self._lost(opened.path, error)
            return
        except InputError as error:
            self._check_source()
            self._problem(opened.path, str(error))
            return
        status = "broken" if opened.broken is not None else "done" if opened.container else "copied"
        self.journal.set_file(
            file,
            status=status,
            reason=opened.broken,
            hash_in=opened.hash_in,
            hash_out=hash_out,
            size_out=size_out,
            settings_hash=self.settings_hash,
            run=self.run,
        )

    def _give_up(self, opened: Open, reason: str) -> None:
        """The file as a whole is broken; written now, it is what IN has."""
        opened.broken = reason
        self.tell(f"{opened.path}: {reason}; copied through unchanged")
        self.journal.broken(opened.state.id, self.run, reason, opened.hash_in, self.settings_hash)

    def _write(self, opened: Open) -> tuple[str, int]:
        with self.target.draft(opened.path, self.source.manner(opened.path)) as target:
            try:
                with self.source.open(opened.path) as stream:
                    if opened.container and self.journal.is_changed(opened.state.id):
                        rebuild(opened.container, stream, target, self.journal, opened.state.id, self.fields)
                    else:
                        shutil.copyfileobj(stream, target)
                if self.source.stamp(opened.path) != opened.stamp:
                    raise InputError("it changed while it was being read; run again")
            except OSError as error:
                if error.errno in FULL:
                    raise
                raise InputError(f"cannot be read: {error.strerror or error}") from None
            return digest(target), target.tell()

    def _check_untouched(self, opened: Open) -> None:
        """Raises InputError where somebody has changed the file of OUT that would be written over."""
        if opened.state.hash_out is not None and self.target.size(opened.path) is not None:
            with self.target.open(opened.path) as stream:
                if digest(stream) != opened.state.hash_out:
                    raise InputError("in OUT it was changed by somebody, and is left alone; move it away and run again")

    def _count_file(self, size: int) -> None:
        self.progress.files += 1
        self.progress.bytes += size

    def _lost(self, path: str, error: OSError) -> None:
        self._check_source()
        self._problem(path, f"cannot be read: {error.strerror or error}")

    def _check_source(self) -> None:
        """Raises InputError where IN is gone, so that not every file of it is listed as broken."""
        if not self.source.is_there():
            raise InputError(f"{self.source.name}: not there any more; what is done is kept, run again when it is back")

    def _problem(self, path: str, reason: str, lost: bool = True) -> None:
        if lost:
            self.journal.set_file(self.journal.file(path).id, status="failed", reason=reason, run=self.run)
        self.tell(f"{path}: {reason}")

    def withdrawn(self, set_aside: bool) -> None:
        """Once all is read: files of OUT that IN no longer has stay, and are told, or are set aside."""
        gone = [one for one in self.journal.withdrawn() if not self._may_be_there(one[1])]
        if not set_aside:
            if gone:
                named = ", ".join(path for _, path, _ in gone[:NAMED]) + (", ..." if len(gone) > NAMED else "")
                self.tell(f"no longer in IN, left in OUT: {len(gone):,} files ({named}); --set-aside moves them away")
            return
        for file, path, hash_out in gone:
            try:
                with self.target.open(path) as stream:
                    untouched = digest(stream) == hash_out
                if not untouched:
                    self.tell(f"{path}: no longer in IN; in OUT it was changed by somebody, and is left alone")
                    continue
                place = self.target.set_aside(path)
            except FileNotFoundError:
                place = "nowhere: it was deleted"
            except OSError as error:
                self.tell(f"{path}: no longer in IN; it cannot be moved away: {error.strerror or error}")
                continue
            self.journal.set_file(file, status="withdrawn", run=self.run)
            self.tell(f"{path}: no longer in IN; now in {place}")

    def _may_be_there(self, path: str) -> bool:
        """True where a folder or file that could not be read may hold it."""
        return any(one == "." or path == one or path.startswith(f"{one}/") for one in self._unread)


def rebuild(
    container: Container,
    stream: BinaryIO,
    target: BinaryIO,
    journal: Journal,
    file: int,
    fields: tuple[str, ...],
    without: Collection[int] = (),
) -> None:
    """Write a file of IN to `target` with the edits that stand in the journal, but for those `without`.

    Raises InputError where it is not the file that was read.
    """

    def change(key: str, data: bytes) -> bytes:
        splices = [one for edit, one in journal.splices(file, key) if edit not in without]
        known = journal.read_as(file, key)
        if not splices or known is None:
            return data
        if hashlib.sha256(data).hexdigest() != known[0]:
            raise InputError("it changed while it was being read; run again")
        return splice(format_of(known[1], fields), data, splices)

    container.rebuild(stream, target, change)


def batches(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """A few articles at a time, of whatever files, and never many bytes."""
    batch: list[Task] = []
    size = 0
    for task in tasks:
        batch.append(task)
        size += len(task.data)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
