"""The tables of results, for the terminal and for Markdown files, made from result lines alone; and drawn imports.

python -m benchmarks.table          # rewrite the tables of all pages between their markers, and WHOLE
python -m benchmarks.table --check  # fail where one differs

README.md has a plot and a few rows of the quick run, docs/ the rest of it, models/README.md the full run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.table import Table

from benchmarks import imports, rules_page, scatter
from benchmarks.article import Walk, code
from benchmarks.article import read as read_walk
from benchmarks.peers import PEERS
from benchmarks.results import FOLDER, Line, read
from benchmarks.sample import OFFERED
from benchmarks.speed import FLOORS
from repair.errors import InputError, RepairError
from repair.score.tables import show

BEGIN, END = "<!-- {}:begin -->", "<!-- {}:end -->"
ROOT = Path(__file__).parents[1]
PAGES = {  # the pages with tables, and the tables of each
    ROOT / "README.md": ("short",),
    ROOT / "docs/architecture.md": ("imports",),
    ROOT / "docs/results.md": ("results", "article", "speed"),
    ROOT / "docs/archive.md": ("archive",),
    ROOT / "docs/scale.md": ("scale",),
    ROOT / "docs/server.md": ("load",),
    ROOT / "docs/own-model.md": ("served",),
    ROOT / "docs/source.md": ("source",),
    ROOT / "models/README.md": ("full",),
}

WHOLE: dict[Path, Callable[[], str]] = {  # written as a whole
    ROOT / "docs/rules.md": rules_page.document,
    ROOT / "docs/precision-recall.svg": lambda: scatter.drawing(read(FOLDER / "quick.jsonl")),
}

Scores = tuple[tuple[str, str], ...]  # sets and metrics

# What decides whether anyone should use the tool; every other number stands in the result lines.
HEADLINE: Scores = (
    ("post-edits/real-dev", "flags on garble"),
    ("post-edits/real-dev", "places flagged"),
    ("post-edits/real-dev", "serious places flagged"),
    ("post-edits/real-dev", "place F0.5"),
    ("post-edits/real-dev", "first proposal accepted"),
    ("post-edits/real-dev", "one of three accepted"),
    ("post-edits/real-dev", "places fixed"),
    ("post-edits/real-dev", "edits accepted"),
    ("post-edits/literal-dev", "flags on garble"),
    ("post-edits/literal-dev", "places flagged"),
    ("post-edits/literal-dev", "first proposal accepted"),
    ("sample", "spans flagged"),
    ("sample", "flags on garble"),
    ("sample", "spans fixed"),
    ("sample", "spans fixed by first proposal"),
    ("sample", "spans fixed by one of three"),
    ("sample", "word AUC"),
    ("mlqe-pe/dev", "word MCC"),
    ("mlqe-pe/dev", "TER gain"),
    ("mlqe-pe/dev", "edit precision"),
    ("wmt21-news/ha-en", "TER gain"),
    ("wmt21-news/is-en", "TER gain"),
    ("wmt22-general/liv-en", "TER gain"),
    ("wmt22-general/uk-en", "TER gain"),
    ("flores-dev", "TER gain"),
    ("mqm-zh-en/news2021", "character F1"),
    ("mqm-zh-en/news2021", "segment accuracy"),
    ("clean/bbc", "flags per 1,000 words"),
    ("clean/bbc", "edits per 1,000 words"),
    ("clean/bbc", "facts changed per 1,000 words"),
    ("clean/modern", "flags per 1,000 words"),
    ("clean/modern", "edits per 1,000 words"),
    ("clean/newstest", "flags per 1,000 words"),
    ("clean/newstest", "edits per 1,000 words"),
    ("clean/newstest", "facts changed per 1,000 words"),
)
# What a reader of the first page wants to know beside the plot of what is found: is the fix right, what does it cost?
SHORT: Scores = (
    ("post-edits/real-dev", "first proposal accepted"),
    ("sample", "spans flagged"),
    ("sample", "flags on garble"),
    ("clean/modern", "flags per 1,000 words"),
    ("clean/newstest", "flags per 1,000 words"),
)
# What the source is worth.
SOURCE: Scores = (
    ("mlqe-pe/dev", "word MCC"),
    ("mlqe-pe/dev", "first proposal accepted"),
    ("mlqe-pe/dev", "one of three accepted"),
    ("mlqe-pe/dev", "TER gain"),
    ("wmt21-news", "TER gain"),
)
BESIDE = {"Harper", "LanguageTool", "repair --no-model", "repair"}  # the columns of the first page
TEN_MILLION = 3_740_000_000  # words: so many articles have, of 374 words each
BETTER = {"flags per 1,000 words": "less", "edits per 1,000 words": "less", "facts changed per 1,000 words": "less"}
RATES = set(BETTER)
SHARES = {
    *("spans flagged", "flags on garble", "spans fixed", *OFFERED),
    *("places flagged", "serious places flagged", "places fixed", "edits accepted"),
    *("first proposal accepted", "one of three accepted"),
}


def cell(line: Line | None) -> str:
    """One number as people read it, a star marking p < 0.05 against do-nothing."""
    if line is None:
        return "–"
    estimate = line.estimate
    if line.metric in SHARES:
        return f"{100 * estimate.value:.0f} % [{100 * estimate.low:.0f}, {100 * estimate.high:.0f}]"
    if line.metric in RATES:
        return f"{estimate.value:.1f} [{estimate.low:.1f}, {estimate.high:.1f}]"
    return show(line.metric, estimate) + (" *" if line.p is not None and line.p < 0.05 else "")


def rows(lines: Sequence[Line], scores: Scores = HEADLINE) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a table of `scores`: a row a score, a column a peer, in the order of PEERS, others after."""
    order = {peer: place for place, peer in enumerate(PEERS)}
    peers = sorted(dict.fromkeys(line.peer for line in lines), key=lambda peer: order.get(peer, len(order)))
    found = {(line.set, line.metric, line.peer): line for line in lines}
    table = []
    for data, metric in scores:
        own = [found.get((data, metric, peer)) for peer in peers]
        if any(own):
            size = next(line.n for line in own if line)
            name = f"{metric} ({BETTER[metric]} is better)" if metric in BETTER else metric
            table.append([data, name, str(size), *map(cell, own)])
    return ["set", "score", "n", *peers], table


def markdown(lines: Sequence[Line], scores: Scores = HEADLINE) -> str:
    """The table of `scores` in Markdown."""
    return as_markdown(*rows(lines, scores), left=2)


def terminal_table(lines: Sequence[Line]) -> Table:
    """The headline table for the terminal."""
    head, body = rows(lines)
    table = Table(title="headline results", caption="95 % intervals; n segments; * p < 0.05 against do-nothing")
    for number, name in enumerate(head):
        table.add_column(name, justify="left" if number < 2 else "right")
    for row in body:
        table.add_row(*row)
    return table


def grid(lines: Sequence[Line], columns: dict[str, str]) -> str:
    """A row for each peer and set, in the order of the lines; `columns` says how to write which metrics."""
    found = {(line.set, line.peer, line.metric): line.value for line in lines}
    head = ["", *columns]
    body = [
        [
            f"{peer}, {data}" if data else peer,
            *(form.format(found[data, peer, m]) if (data, peer, m) in found else "–" for m, form in columns.items()),
        ]
        for data, peer in dict.fromkeys((line.set, line.peer) for line in lines)
    ]
    return as_markdown(head, body, 1)


def as_markdown(head: list[str], body: list[list[str]], left: int) -> str:
    """A table in Markdown whose first `left` columns are words, the others numbers."""
    marks = ["---"] * left + ["---:"] * (len(head) - left)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, marks, *body])


def archives() -> list[Line]:
    """What was measured of archives, by engine, workers and part."""
    named = (("rules and lexicon", "archive-rules.jsonl"), ("with the model", "archive.jsonl"))
    return [
        replace(line, set=name, peer=line.peer.removeprefix("repair batch, "))
        for name, file in named
        for line in read(FOLDER / file)
    ]


def scale() -> str:
    """What ten million articles would take at the speed and the price that were measured."""
    lines = []
    for line in archives():
        if line.metric == "words per second" and not line.peer.endswith("alone"):
            lines += [line, replace(line, metric="days", value=TEN_MILLION / line.value / 86_400)]
        elif line.metric == "dollars per million words" and not line.peer.endswith("alone"):
            lines.append(replace(line, metric="dollars", value=line.value * TEN_MILLION / 1e6))
    return grid(lines, {"words per second": "{:,.0f}", "days": "{:,.1f}", "dollars": "{:,.2f}"})


def archive() -> str:
    """What runs over archives cost, by engine, workers and part."""
    lines = archives()
    columns = {
        "words per second": "{:,.0f}",
        "peak memory, MiB": "{:,.0f}",
        "speed-up from one worker": "{:.2f}",
        "processor seconds per 1,000 words": "{:.2f}",
        "dollars per million words": "{:.4f}",
    }
    return grid(lines, measured(lines, columns))


def measured(lines: Sequence[Line], columns: dict[str, str]) -> dict[str, str]:
    """Those of the columns that there is a number for."""
    metrics = {line.metric for line in lines}
    return {name: form for name, form in columns.items() if name in metrics}


def load() -> str:
    """What many clients at a time met."""
    seconds = {f"latency, {name}": "{:.2f} s" for name in ("median", "90 %", "99 %", "slowest")}
    memory = {f"MiB at {when}": "{:,.0f}" for when in ("start", "half", "end")}
    return grid(
        [replace(line, set=line.set.partition(", ")[2]) for line in read(FOLDER / "load.jsonl")],
        {"answers per second": "{:.1f}", "sent away (503)": "{:.0%}", "errors": "{:.0f}", **seconds, **memory},
    )


def served() -> str:
    """What a model behind `--corrector` is worth, by how good it is."""
    columns = {
        "its first wording right": "{:.0%}",
        "right wordings shown first": "{:.0%}",
        "wrong wordings shown first": "{:.0%}",
        "wrong wordings applied by fix": "{:.0%}",
        "wrong wordings applied at review": "{:.0%}",
        "first proposal accepted": "{:.1%}",
        "one of three accepted": "{:.1%}",
    }
    return grid(read(FOLDER / "served.jsonl"), columns)


def article(found: Walk) -> str:
    """The customer's article span by span, the misses included, and below it what was flagged besides."""
    body = []
    for row in found.rows:
        told = "; ".join(f"{code(old)} → {'no fix' if new is None else code(new)}" for old, new in row.flags)
        body.append([code(row.garbled), code(row.wanted), f"**fixed**: {told}" if row.fixed else told or "missed"])
    besides = ", ".join(map(code, found.besides)) or "nothing"
    table = as_markdown(["garbled", "an editor writes", "repair"], body, left=3)
    return f"{table}\n\nFlagged besides: {besides}"


def speed() -> str:
    """What a check and a fix cost, and how fast this tool is in ratio to others and to the floor."""
    metrics = {
        "by article": "words per second",
        "in batch": "words per second, in batch",
        "cold": "seconds, cold",
        "": "peak memory, MiB",
    }
    lines = []
    for line in read(FOLDER / "speed.jsonl"):
        call, _, case = line.set.partition(", ")
        _, against, other = line.metric.partition("speed against ")
        if against:
            row = "" if other in FLOORS else call
            lines.append(replace(line, set=row, peer=other, metric=f"repair {call} against it"))
        elif case in metrics:
            lines.append(replace(line, set="" if line.peer in FLOORS else call, metric=metrics[case]))
        elif line.metric == "seconds as a whole process":
            lines.append(replace(line, metric="seconds, cold"))
        elif case == "the customer's article":
            lines.append(line)
    columns = {
        "words per second": "{:,.0f}",
        "words per second, in batch": "{:,.0f}",
        "repair check against it": "{:.2f}",
        "repair fix against it": "{:.2f}",
        "seconds, cold": "{:.1f}",
        "processor seconds": "{:.1f}",
        "processor seconds beside 4 busy processes": "{:.1f}",
        "seconds with --server": "{:.1f}",
        "model seconds": "{:.1f}",
        "peak memory, MiB": "{:,.0f}",
    }
    return grid(lines, measured(lines, columns))


def insert(document: str, table: str, where: str, name: str = "results") -> str:
    """`document` with `table` between the markers of `name`. Raises InputError where they are missing."""
    first, last = BEGIN.format(name), END.format(name)
    before, begin, rest = document.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise InputError(f"{where}: no place for the table; put {first} and {last} on lines of their own")
    return f"{before}{first}\n{table}\n{last}{after}"


TABLES: dict[str, Callable[[], str]] = {
    "results": lambda: markdown(read(FOLDER / "quick.jsonl")),
    "short": lambda: markdown([line for line in read(FOLDER / "quick.jsonl") if line.peer in BESIDE], SHORT),
    "full": lambda: markdown(read(FOLDER / "full.jsonl")),
    "article": lambda: article(read_walk(FOLDER / "article.json")),
    "archive": archive,
    "scale": scale,
    "load": load,
    "served": served,
    "source": lambda: markdown(read(FOLDER / "source.jsonl"), SOURCE),
    "speed": speed,
    "imports": imports.picture,
}


def fill(document: str, where: str) -> str:
    """`document` with every table it has a place for. Raises InputError where it has none, or one has no results."""
    named = [name for name in TABLES if BEGIN.format(name) in document]
    if not named:
        raise InputError(f"{where}: no place for a table; put {BEGIN.format('results')} on a line of its own")
    for name in named:
        document = insert(document, TABLES[name](), where, name)
    return document


@click.command()
@click.argument("documents", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 where a table is not up to date.")
def main(documents: tuple[Path, ...], check: bool) -> None:
    """Write the tables of Markdown files from the committed result lines, and the plot; without a file, all."""
    differs = False
    try:
        for document in documents or (*PAGES, *WHOLE):
            old = document.read_text(encoding="utf-8") if document.exists() else ""
            new = WHOLE[document]() if document in WHOLE else fill(old, str(document))
            differs |= old != new
            if not check:
                document.write_text(new, encoding="utf-8")
    except RepairError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        sys.exit(2)
    sys.exit(check and differs)


if __name__ == "__main__":
    main()
