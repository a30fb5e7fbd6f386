"""The journal: one SQLite file beside OUT that knows what was done to every article, and enough to take it back.

Tables: `run` (each run and revert), `file` (what is finished), `article`, `finding`, `edit` (applied or not), `splice`
(what an applied edit does to the bytes). Paths that are no text are kept as bytes. One process writes at a time.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from msgspec.structs import asdict

from repair.batch.work import Outcome
from repair.errors import InputError, OutputError
from repair.formats import FormatName
from repair.formats.view import Splice
from repair.text import encodable

VERSION = 1
SCHEMA = """
create table run (
    id integer primary key, kind text not null, started text not null, ended text, source, target,
    version text, signature text, settings text, settings_hash text, outcome text);
create table file (
    id integer primary key, path unique not null, hash_in text, hash_out text, size_out integer, settings_hash text,
    run integer references run, status text not null default 'open', reason text, hash_next text);
create table article (
    id integer primary key, file integer not null references file, key text not null, hash text not null,
    settings_hash text not null, run integer not null references run, seen integer not null, status text not null,
    reason text, words integer not null, left integer not null, format text not null, unique (file, key));
create table finding (
    article integer not null references article on delete cascade, part text, start integer, end integer, text text,
    context text, category text, severity text, score real, message text, source text, suggestions text,
    repaired integer not null);
create table edit (
    id integer primary key, article integer not null references article on delete cascade, run integer not null,
    part text, start integer, end integer, before text, after text, context text, safety text, reason text, score real,
    sources text, applied integer not null, reverted_by integer references run, reverting integer);
create table splice (
    edit integer not null references edit on delete cascade, member text, start integer, before text, after text);
create index finding_article on finding (article);
create index edit_article on edit (article);
create index splice_edit on splice (edit);
"""
# Files that are not set aside.
THERE = "(select id from file where status <> 'withdrawn')"
# What --query may ask for, one row an edit.
EDITS = """
select e.id, f.id as file, f.path, a.key, e.run, e.part, e.start, e.end, e.before, e.after, e.context, e.safety,
       e.reason, e.score, e.sources, e.applied, e.reverted_by, a.format, a.id as article
from edit e join article a on a.id = e.article join file f on f.id = a.file"""


@dataclass(frozen=True, slots=True)
class FileState:
    """What the journal knows of a file of IN."""

    id: int
    status: str
    hash_in: str | None
    settings_hash: str | None
    hash_out: str | None
    size_out: int | None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """No other process writes this journal meanwhile. Raises OutputError where one does."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=0)
        with lock:
            yield
    except Timeout:
        raise OutputError(f"{path}: another run is at work on the same output; wait for it to end") from None


class Journal:
    """Opens the file, or makes it with `create`. Raises InputError for what is no journal of this version."""

    def __init__(self, path: Path, create: bool = False) -> None:
        self.path = path
        if not create and not path.is_file():
            raise InputError(f"{path}: there is no journal; name it with --journal, or run `repair batch run` first")
        with self.errors():
            if create:
                make_private(path)
            self.db = sqlite3.connect(path)
            self.db.row_factory = sqlite3.Row
            version = self.db.execute("pragma user_version").fetchone()[0]
            tables = self.db.execute("select count(*) from sqlite_master").fetchone()[0]
            if create and not version and not tables:
                self.db.executescript(f"pragma journal_mode=wal;begin;{SCHEMA};pragma user_version={VERSION};commit;")
                version = VERSION
            if version != VERSION:
                raise InputError(f"{path}: not a journal that this version reads (it has {version}, not {VERSION})")
            self.db.executescript("pragma foreign_keys=on;pragma synchronous=normal;")

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What SQLite raises, as an error that says what to do."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OutputError(f"{self.path}: cannot be written or read: {error}; nothing is lost, run again") from None
        except sqlite3.DatabaseError as error:
            raise InputError(f"{self.path}: not a usable journal: {error}") from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing."""
        with self.errors(), self.db:
            yield

    # runs

    def begin(self, kind: str, **values: Any) -> int:
        """A new run; its number."""
        with self.transaction():
            return self._insert("run", kind=kind, started=now(), **values)

    def end(self, run: int, outcome: str) -> None:
        with self.transaction():
            self.db.execute("update run set ended = ?, outcome = ? where id = ?", (now(), outcome, run))

    def last_run(self) -> sqlite3.Row:
        """The latest run over the archive. Raises InputError where there was none."""
        row = self.db.execute("select * from run where kind = 'run' order by id desc limit 1").fetchone()
        if row is None:
            raise InputError(f"{self.path}: no run is in the journal yet")
        return row  # type: ignore[no-any-return]

    # files

    def file(self, path: str) -> FileState:
        """The file's row, made where there is none."""
        with self.transaction():
            self.db.execute("insert or ignore into file (path) values (?)", (stored(path),))
        return self.state(path) or FileState(0, "", None, None, None, None)

    def state(self, path: str) -> FileState | None:
        names = "id, status, hash_in, settings_hash, hash_out, size_out"
        row = self.db.execute(f"select {names} from file where path = ?", (stored(path),)).fetchone()
        return FileState(*row) if row else None

    def meet_file(self, file: int) -> None:
        """This run has met the file in IN."""
        with self.errors():
            self.db.execute("create temp table if not exists met (file integer primary key)")
            self.db.execute("insert or ignore into met values (?)", (file,))

    def withdrawn(self) -> list[tuple[int, str, str]]:
        """Files with a copy in OUT that this run has not met in IN: number, path and hash of the copy."""
        with self.errors():
            self.db.execute("create temp table if not exists met (file integer primary key)")
            rows = self.db.execute(
                "select id, path, hash_out from file where hash_out is not null and status <> 'withdrawn'"
                " and id not in (select file from met) order by path"
            ).fetchall()
        return [(row[0], shown(row[1]), row[2]) for row in rows]

    def set_file(self, file: int, **values: Any) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self.transaction():
            self.db.execute(f"update file set {names} where id = ?", (*values.values(), file))

    def broken(self, file: int, run: int, reason: str, hash_in: str | None, settings_hash: str) -> None:
        """The file as a whole cannot be read: nothing in it was changed, so nothing of it stays in the journal."""
        with self.transaction():
            self.db.execute("delete from article where file = ?", (file,))
            self.db.execute(
                "update file set status = 'broken', reason = ?, run = ?, hash_in = ?, settings_hash = ? where id = ?",
                (reason, run, hash_in, settings_hash, file),
            )

    # articles

    def meets(self, file: int, key: str, digest: str, settings_hash: str, run: int) -> bool:
        """True where this very article was worked on with these settings; then `run` has met it."""
        with self.errors():
            met = self.db.execute(
                "update article set seen = ? where file = ? and key = ? and hash = ? and settings_hash = ?",
                (run, file, key, digest, settings_hash),
            )
        return met.rowcount > 0

    def record(self, run: int, settings_hash: str, rows: Iterable[tuple[Outcome, str, str]]) -> None:
        """Outcomes with the hash and the format of their articles, in place of what was known of these."""
        with self.transaction():
            for outcome, digest, kind in rows:
                self._record(run, settings_hash, outcome, digest, kind)

    def _record(self, run: int, settings_hash: str, outcome: Outcome, digest: str, kind: str) -> None:
        self.db.execute("delete from article where file = ? and key = ?", (outcome.file, outcome.key))
        article = self._insert(
            "article",
            file=outcome.file,
            key=outcome.key,
            hash=digest,
            settings_hash=settings_hash,
            run=run,
            seen=run,
            status="done" if outcome.broken is None else "broken",
            reason=outcome.broken,
            words=outcome.words,
            left=sum(not finding.repaired for finding in outcome.findings),
            format=kind,
        )
        for finding in outcome.findings:
            self._insert("finding", article=article, **asdict(finding))
        for change in outcome.changes:
            values = asdict(change)
            splices = values.pop("splices")
            edit = self._insert("edit", article=article, run=run, applied=bool(splices), **values)
            for one in splices:
                self._insert("splice", edit=edit, **asdict(one))

    def _insert(self, table: str, **values: Any) -> int:
        """A new row; its number. Lists are kept as JSON."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        cursor = self.db.execute(f"insert into {table} ({names}) values ({marks})", [*map(kept, values.values())])
        return int(cursor.lastrowid or 0)

    def prune(self, file: int, run: int) -> None:
        """Drops what is known of articles that this run did not meet in the file any more."""
        with self.transaction():
            self.db.execute("delete from article where file = ? and seen <> ?", (file, run))

    def forget_failed(self, run: int) -> None:
        """Drops files that once could not be read and that `run` did not meet any more."""
        with self.transaction():
            self.db.execute("delete from file where status = 'failed' and hash_out is null and run <> ?", (run,))

    def read_as(self, file: int, key: str) -> tuple[str, FormatName] | None:
        """The hash of an article as it was read, and its format."""
        row = self.db.execute("select hash, format from article where file = ? and key = ?", (file, key)).fetchone()
        return (row[0], row[1]) if row else None

    def is_changed(self, file: int) -> bool:
        """True where an edit stands in one of the file's articles."""
        row = self.db.execute(
            "select exists (select 1 from edit e join article a on a.id = e.article"
            " where a.file = ? and e.applied and e.reverted_by is null)",
            (file,),
        ).fetchone()
        return bool(row[0])

    def standing(self, file: int) -> set[int]:
        """The edits that stand in the file's articles."""
        rows = self.db.execute(
            "select e.id from edit e join article a on a.id = e.article"
            " where a.file = ? and e.applied and e.reverted_by is null",
            (file,),
        )
        return {row[0] for row in rows}

    def splices(self, file: int, key: str) -> list[tuple[int, Splice]]:
        """What stands changed in an article, each with the number of its edit, in the order of the source."""
        rows = self.db.execute(
            "select e.id, s.member, s.start, s.before, s.after from splice s join edit e on e.id = s.edit"
            " join article a on a.id = e.article where a.file = ? and a.key = ? and e.reverted_by is null"
            " order by s.member, s.start, s.rowid",
            (file, key),
        )
        return [(row[0], Splice(*row[1:])) for row in rows]

    # reverts

    def plan(self, file: int, edits: Iterable[int], run: int, hash_next: str) -> None:
        """Says, before the file is replaced, what will be true then: a crash in between is made good by `settle`."""
        with self.transaction():
            self.db.execute(
                "update edit set reverting = null where reverting is not null and article in"
                " (select id from article where file = ?)",
                (file,),
            )
            self.db.executemany("update edit set reverting = ? where id = ?", [(run, edit) for edit in edits])
            self.db.execute("update file set hash_next = ? where id = ?", (hash_next, file))

    def planned(self) -> list[tuple[int, str, str]]:
        """Files with a plan: number, path and the hash that they will have."""
        rows = self.db.execute("select id, path, hash_next from file where hash_next is not null").fetchall()
        return [(row[0], shown(row[1]), row[2]) for row in rows]

    def settle(self, file: int, size: int | None) -> None:
        """The plan was carried out, and the file has `size` bytes now; with None it was not."""
        with self.transaction():
            if size is not None:
                self.db.execute(
                    "update edit set reverted_by = reverting, reverting = null where reverting is not null"
                    " and article in (select id from article where file = ?)",
                    (file,),
                )
                self.db.execute("update file set hash_out = hash_next, size_out = ? where id = ?", (size, file))
                self.db.execute(
                    "update finding set repaired = 0 where repaired and exists (select 1 from edit e"
                    " where e.article = finding.article and e.part = finding.part and e.reverted_by is not null"
                    " and e.start <= finding.start and finding.end <= e.end)"
                    " and article in (select id from article where file = ?)",
                    (file,),
                )
                self.db.execute(
                    "update article set left = (select count(*) from finding f where f.article = article.id"
                    " and not f.repaired) where file = ?",
                    (file,),
                )
            self.db.execute("update file set hash_next = null where id = ?", (file,))


def make_private(path: Path) -> None:
    """An empty file for its owner alone, where there is none yet: it will hold what private files hold.

    SQLite itself says what is wrong where none can be made.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def stored(path: str) -> str | bytes:
    """A path as the journal keeps it: as bytes where it is no text.

    >>> stored("a.txt"), stored("a\\udcff.txt")
    ('a.txt', b'a\\xff.txt')
    """
    try:
        path.encode("utf-8")
        return path
    except UnicodeEncodeError:
        return os.fsencode(path)


def shown(path: str | bytes) -> str:
    """The path again."""
    return path if isinstance(path, str) else os.fsdecode(path)


def kept(value: Any) -> Any:
    """A value as SQLite takes it: a list as JSON, half of a surrogate pair in a text as a question mark."""
    if isinstance(value, list):
        return json_text(value)
    return encodable(value) if isinstance(value, str) else value


def json_text(value: Any) -> str:
    """A value as JSON; half of a surrogate pair, as in names that are no text, as a question mark.

    >>> json_text({"name": "caf\\udce9"})
    '{"name":"caf?"}'
    """
    return encodable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def opened(path: Path, create: bool = False) -> Iterator[Journal]:
    with closing(Journal(path, create)) as journal:
        yield journal
