"""What the journal tells: the state of an archive, one article, the edits that a filter names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from repair.batch.counts import by_category, feeds
from repair.batch.journal import EDITS, THERE, Journal, kept, shown
from repair.errors import InputError, closest, hint
from repair.registry import DETECTORS

MOST = 10  # rows of a list for people
COMPARED = 10_000  # names of articles that a misspelt one is compared with


class Filter(msgspec.Struct, frozen=True):
    """Which edits. All that is given must hold; `query` is a condition in SQL over the columns of `EDITS`."""

    run: int | None = None
    rule: str | None = None
    detector: str | None = None
    article: str | None = None
    query: str | None = None


def check(journal: Journal, wanted: Filter) -> None:
    """Raises InputError for a run, rule, detector or article that the journal does not know: a slip of the pen would
    otherwise look like nothing to do."""
    sources = {
        row[0]
        for row in journal.db.execute(
            "select distinct s.value from edit e, json_each(e.sources) s union select distinct source from finding"
        )
    }
    detectors = {*DETECTORS, "house", *(source.partition("/")[0] for source in sources)}
    runs = {row[0] for row in journal.db.execute("select id from run")}
    known = {
        "run": (wanted.run, runs),
        "rule": (wanted.rule, sources),
        "detector": (wanted.detector, detectors),
    }
    for name, (value, among) in known.items():
        if value is not None and value not in among:
            told = hint(str(value), sorted(map(str, among)))
            raise InputError(f"--{name}: the journal has no {name} {str(value)!r}; {told}")
    if wanted.article is not None and not any(wanted.article in names_of(row) for row in journal.db.execute(ARTICLES)):
        near = near_articles(journal, wanted.article) or "give its path within OUT"
        raise InputError(f"--article: the journal has no article {wanted.article!r}; {near}")


def edits(journal: Journal, wanted: Filter) -> Iterator[sqlite3.Row]:
    """The edits that stand applied and that the filter names, in the order of the files. Raises InputError for a query
    that is none."""
    conditions = ["e.applied", "e.reverted_by is null", "f.status <> 'withdrawn'"]
    values: list[Any] = []
    if wanted.run is not None:
        conditions.append("e.run = ?")
        values.append(wanted.run)
    if wanted.rule is not None:
        conditions.append("exists (select 1 from json_each(e.sources) s where s.value = ?)")
        values.append(kept(wanted.rule))
    if wanted.detector is not None:
        conditions.append("exists (select 1 from json_each(e.sources) s where s.value = ? or s.value like ? || '/%')")
        values += [kept(wanted.detector)] * 2
    # outside of the rest, so that whatever it says it can only choose among these
    query = f"where ({kept(wanted.query)}\n)" if wanted.query is not None else ""
    try:
        journal.db.execute("pragma query_only=on")
        rows = journal.db.execute(
            f"select * from ({EDITS} where {' and '.join(conditions)}) {query} order by file, id", values
        ).fetchall()
    except (sqlite3.Error, sqlite3.Warning) as error:
        names = ", ".join(row[0] for row in journal.db.execute(f"select * from ({EDITS}) limit 0").description)
        raise InputError(f"--query: not a condition in SQL ({error}); columns: {names}") from None
    finally:
        journal.db.execute("pragma query_only=off")
    return (row for row in rows if wanted.article is None or wanted.article in names_of(row))


def summary(journal: Journal) -> dict[str, Any]:
    """Counts of everything, for people and scripts."""
    one = journal.db.execute(
        "select count(*), coalesce(sum(words), 0), coalesce(sum(left), 0), coalesce(sum(left > 0), 0),"
        f" coalesce(sum(status = 'broken'), 0) from article where file in {THERE}"
    ).fetchone()
    kinds = dict(journal.db.execute("select status, count(*) from file group by status").fetchall())
    counted = journal.db.execute(
        "select coalesce(sum(applied and reverted_by is null), 0), coalesce(sum(reverted_by is not null), 0),"
        " coalesce(sum(not applied and safety <> 'rejected'), 0), coalesce(sum(not applied and safety = 'rejected'), 0)"
        f" from edit where article in (select id from article where file in {THERE})"
    ).fetchone()
    return {
        "files": {name: kinds.get(name, 0) for name in ("done", "copied", "broken", "failed", "open", "withdrawn")},
        "articles": one[0],
        "words": one[1],
        "edits": dict(zip(("applied", "reverted", "for_review", "rejected"), counted, strict=True)),
        "left": {"findings": one[2], "articles": one[3]},
        "broken": one[4] + kinds.get("broken", 0) + kinds.get("failed", 0),
        "unfinished": len(journal.planned()) + kinds.get("open", 0),
        "runs": [dict(row) for row in journal.db.execute("select * from run order by id")],
    }


def places(journal: Journal) -> dict[str, Any]:
    """Findings by category and by feed, for the same readers; they are counted anew, one by one."""
    known = feeds(journal)
    return {
        "categories": {name: {"repaired": done, "left": open_} for name, (done, open_) in by_category(known).items()},
        "feeds": {
            feed.name: {"articles": feed.articles, "words": feed.words, "repaired": feed.repaired, "left": feed.left}
            for feed in known
        },
    }


def exit_code(found: dict[str, Any]) -> int:
    """2 where something is broken, 1 where something is left for a person, else 0."""
    return 2 if found["broken"] else int(found["left"]["findings"] > 0)


def broken(journal: Journal) -> Iterator[tuple[str, str]]:
    """Articles and files that could not be read, with the reason."""
    rows = journal.db.execute(
        "select path, '' as key, reason from file where status in ('broken', 'failed') union all"
        " select f.path, a.key, a.reason from article a join file f on f.id = a.file where a.status = 'broken'"
        " and f.status <> 'withdrawn'"
    )
    return ((full_name(row), row["reason"]) for row in rows)


def most_frequent(journal: Journal) -> list[tuple[str, str, int]]:
    """The fixes applied most often: before, after, how often."""
    rows = journal.db.execute(
        "select before, after, count(*) from edit where applied and reverted_by is null"
        f" and article in (select id from article where file in {THERE}) group by before, after"
        " order by count(*) desc, before, after limit ?",
        (MOST,),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def article(journal: Journal, name: str) -> dict[str, Any]:
    """Everything about one article (`a.txt`, `feed.jsonl#3`). Raises InputError where the journal does not know it."""
    rows = journal.db.execute(f"{ARTICLES} where {NAME} = ? or typeof(f.path) = 'blob'", (kept(name),))
    found = next((row for row in rows if full_name(row) == name), None)
    if found is None:
        near = near_articles(journal, name)
        raise InputError(f"{name}: the journal knows no such article" + (f"; {near}" if near else ""))
    edits = journal.db.execute("select * from edit where article = ? order by part, start", (found["id"],))
    findings = journal.db.execute("select * from finding where article = ? order by part, start", (found["id"],))
    return {
        "name": name,
        **{key: found[key] for key in ("hash", "run", "status", "reason", "words", "left", "format")},
        "findings": [_plain(row, "suggestions") for row in findings],
        "edits": [_plain(row, "sources") for row in edits],
    }


def near_articles(journal: Journal, name: str) -> str:
    """Which articles may have been meant: those with `name` in theirs, or one that is spelt nearly so; else empty."""
    like = journal.db.execute(f"{ARTICLES} where {NAME} like ? limit 3", (f"%{kept(name)}%",))
    near = [full_name(row) for row in like]
    if not near:
        some = journal.db.execute(f"{ARTICLES} limit ?", (COMPARED,))
        meant = closest(name, (full_name(row) for row in some))
        near = [] if meant is None else [meant]
    return f"did you mean {' or '.join(near)}?" if near else ""


ARTICLES = "select a.*, f.path from article a join file f on f.id = a.file"
NAME = "f.path || a.key"


def full_name(row: sqlite3.Row) -> str:
    """What a person calls an article."""
    return f"{shown(row['path'])}{row['key']}"


def names_of(row: sqlite3.Row) -> tuple[str, str]:
    """By what a filter may name an article: its file, or itself."""
    return shown(row["path"]), full_name(row)


def _plain(row: sqlite3.Row, listed: str) -> dict[str, Any]:
    values = {key: row[key] for key in row.keys() if key not in ("article", "id", "reverting")}  # noqa: SIM118
    return values | {listed: msgspec.json.decode(row[listed])}
