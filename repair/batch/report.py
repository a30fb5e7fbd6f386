"""What a run tells a newsroom: a page of counts, a worklist for people, and drafts of correction notes.

All is read from the journal.
"""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any, TextIO

import msgspec

from repair import __version__
from repair.batch import audit
from repair.batch.counts import feed_of, feeds
from repair.batch.journal import Journal
from repair.batch.screen import printable

COLUMNS = (
    "article",
    "feed",
    "field",
    "offset",
    "severity",
    "category",
    "text",
    "context",
    "why",
    "suggestions",
    "rule",
)
LISTED = 500  # rows of the worklist on the page; the CSV has all
# A spreadsheet takes a cell that begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SLIPS = ("fluency/spacing", "fluency/punctuation", "locale/format")  # nobody was misled by these

LEFT = """
select f.path, a.key, g.part, g.start, g.end, g.text, g.context, g.category, g.severity, g.score, g.message, g.source,
       g.suggestions,
       (select e.reason from edit e where e.article = g.article and e.part = g.part and not e.applied
        and e.start <= g.start and g.end <= e.end limit 1) as refused
from finding g join article a on a.id = g.article join file f on f.id = a.file
where not g.repaired and f.status <> 'withdrawn'
order by case g.severity when 'critical' then 0 when 'major' then 1 else 2 end, g.score desc, f.id, a.id, g.start"""
APPLIED = """
select f.path, a.key, a.id, e.before, e.after, (
    select g.category from finding g where g.article = e.article and g.part = e.part
    and e.start <= g.start and g.end <= e.end limit 1) as category
from edit e join article a on a.id = e.article join file f on f.id = a.file
where e.applied and e.reverted_by is null and f.status <> 'withdrawn' order by f.id, a.id, e.part, e.start"""


def worklist(journal: Journal) -> Iterator[dict[str, Any]]:
    """What is left for a person, the gravest first."""
    for row in journal.db.execute(LEFT):
        suggestions = msgspec.json.decode(row["suggestions"])
        yield {
            "article": audit.full_name(row),
            "feed": feed_of(row["path"]),
            "field": row["part"],
            "offset": row["start"],
            "severity": row["severity"],
            "category": row["category"],
            "text": row["text"],
            "context": row["context"],
            "why": row["refused"] or row["message"],
            "suggestions": " | ".join(suggestions[:3]),
            "rule": row["source"],
        }


def write_worklist(journal: Journal, stream: TextIO) -> int:
    """The worklist as CSV; how many rows."""
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    number = 0
    for row in worklist(journal):
        writer.writerow({name: harmless(str(value)) for name, value in row.items()})
        number += 1
    return number


def harmless(cell: str) -> str:
    """`cell` as a spreadsheet takes it for text.

    >>> harmless("=1+1"), harmless("a=1")
    ("'=1+1", 'a=1')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def write_corrections(journal: Journal, stream: TextIO, today: date) -> int:
    """A drafted note for each article in which words were changed, for those already published; how many.

    Spacing and punctuation are not named: they misled nobody.
    """
    number = 0
    for name, edits in _by_article(journal):
        named: dict[tuple[str, str], int] = defaultdict(int)
        for row in edits:
            if row["category"] not in SLIPS:
                named[row["before"].strip(), row["after"].strip()] += 1
        if named:
            number += 1
            stream.write(f"## {printable(name)}\n\n{note(named, today)}\n\n")
    return number


def note(named: dict[tuple[str, str], int], today: date) -> str:
    """The note's text.

    >>> note({("SH.BA", "the US"): 2, ("very very", "very"): 1}, date(2026, 11, 3))
    'Correction, 3 November 2026: An earlier version of this article said “SH.BA” for “the US” (in 2 places) and “very very” for “very”.'
    """  # noqa: E501
    parts = []
    for (before, after), times in named.items():
        places = f" (in {times} places)" if times > 1 else ""
        parts.append(f"“{before}” for “{after}”{places}" if after else f"“{before}”, which is taken out{places}")
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    day = f"{today.day} {today:%B %Y}"
    return f"Correction, {day}: An earlier version of this article said {listed}."


def _by_article(journal: Journal) -> Iterator[tuple[str, list[sqlite3.Row]]]:
    rows: list[sqlite3.Row] = []
    for row in journal.db.execute(APPLIED):
        if rows and rows[0]["id"] != row["id"]:
            yield audit.full_name(rows[0]), rows
            rows = []
        rows.append(row)
    if rows:
        yield audit.full_name(rows[0]), rows


def write_page(journal: Journal, stream: TextIO, name: str) -> None:
    """The self-contained page about the archive called `name`."""
    from jinja2 import Environment, StrictUndefined

    from repair.report.html import LABELS

    source = files("repair.batch").joinpath("report.html.j2").read_text(encoding="utf-8")
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(source)
    every = feeds(journal)
    categories = sorted({category for feed in every for category in feed.categories})
    left = worklist(journal)
    pieces = template.generate(
        name=name,
        found=audit.summary(journal),
        feeds=every,
        categories=categories,
        labels=LABELS,
        fixes=audit.most_frequent(journal),
        broken=list(audit.broken(journal))[:LISTED],
        left=[row for row, _ in zip(left, range(LISTED), strict=False)],
        version=__version__,
    )
    stream.writelines(pieces)
