"""What the source is worth: the same texts with it and without, and the difference, which is drawn in pairs.

Lines of `mlqe-pe/dev` and excerpts of the WMT news sets that were marked say which words are garbled and which
wordings are right; lines of `wmt21-news`, one system each, only how near a reference the text comes. What is for
review is applied, once, to see what it does.

    python -m benchmarks.source --data DIR
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.datasets import Item, dataset, marked_item, read_rows
from benchmarks.peers.base import Flag
from benchmarks.results import FOLDER, Line, update
from benchmarks.sample import is_offered
from models.judge.source import plain
from models.recipe.marks import read_excerpts
from repair.config import Config
from repair.edits import apply, diff
from repair.findings import Report, Safety
from repair.pipeline import Repairer
from repair.score.counts import SAMPLES, SEED, Confusion, Counts, Estimate, estimate, interval, resample, total
from repair.score.detection import compare
from repair.score.repairs import compare_repairs
from repair.score.spans import Mark, Segment
from repair.score.split import is_dev

POST_EDITED, MARKED, NEWS = "mlqe-pe/dev", "marked excerpts of WMT news", "wmt21-news"
WITHOUT, WITH, GAIN = "without the source", "with the source", "gain"
LINES = 60  # of each language


@dataclass(frozen=True, slots=True)
class Translated:
    """A text with the one that it was translated from, and the set that it is counted in."""

    set: str
    item: Item
    source: str


def post_edited(data: Path, lines: int) -> Iterator[Translated]:
    """Lines of each language of `mlqe-pe/dev`. The accepted wording of a place is the post-editor's."""
    kept = dataset(POST_EDITED)
    sources = {row["id"]: plain(row["src_tok"]) for path in kept.paths(data) for row in read_rows(path)}
    every = kept.every(data)
    for language in sorted({item.group for item in every}):
        own = [item for item in every if item.group == language]
        for item in random.Random(7).sample(own, min(lines, len(own))):
            yield Translated(f"{POST_EDITED}, {language.partition('-')[0]}", item, sources[item.id])


def marked(data: Path) -> Iterator[Translated]:
    """The excerpts of `post-edits/real-dev` whose source is known line by line."""
    sources = {
        hypothesis.strip(): row["src"]
        for folder in (NEWS, "wmt22-general")
        for path in sorted(data.glob(f"{folder}/*.jsonl.gz"))
        for row in read_rows(path)
        for hypothesis in row["hyps"].values()
    }
    for excerpt in read_excerpts(data / "post-edits/real-dev.jsonl.gz"):
        lines = excerpt.text.rstrip("\n").split("\n")
        if all(line.strip() in sources for line in lines):
            yield Translated(MARKED, marked_item(excerpt), "\n".join(sources[line.strip()] for line in lines))


def news(data: Path, lines: int) -> Iterator[Translated]:
    """Lines of each language of `wmt21-news` on the dev side, each by one system."""
    for path in sorted(data.glob(f"{NEWS}/*.jsonl.gz")):
        rng = random.Random(11)
        rows = [row for row in read_rows(path) if is_dev(next(iter(row["refs"].values())))]
        for row in rng.sample(rows, min(lines, len(rows))):
            system, output = rng.choice(sorted((s, h.strip()) for s, h in row["hyps"].items() if h.strip()))
            references = (next(iter(row["refs"].values())),)
            yield Translated(NEWS, Item(f"{row['id']}/{system}", output, system, references), row["src"])


def places(item: Item) -> list[tuple[Mark, tuple[str, ...]]]:
    """The places that an editor changed, with the wordings that may stand there."""
    if item.fixes:
        return list(zip(item.marks or (), item.fixes, strict=True))
    return [(Mark(edit.span), (edit.text,)) for edit in diff(item.text, item.references[0])]


def rows(item: Item, report: Report) -> dict[str, Confusion | Counts]:
    """What is counted in one text, by metric."""
    result: dict[str, Confusion | Counts] = {}
    if item.marks is not None:
        marks = [Mark(finding.span) for finding in report.findings]
        result["word MCC"] = compare(Segment(item.text, item.marks), marks).words
        flags = [Flag(f.span, tuple(s.text for s in f.suggestions)) for f in report.findings]
        for name, most in (("first proposal accepted", 1), ("one of three accepted", 3)):
            hits = [is_offered(item.text, mark.span, flags, fixes, most) for mark, fixes in places(item)]
            result[name] = Counts(sum(hits), sum(hits), len(hits), len(hits))
    if item.references:
        output = apply(
            item.text, [e for repair in report.not_applied if repair.safety >= Safety.REVIEW for e in repair.edits]
        )
        (row,) = compare_repairs([item.text], [output], [[one] for one in item.references])
        result["TER gain"] = Counts(row.gain, row.gain, row.length, row.length)
    return result


METRICS: dict[str, Callable[[Any], float]] = {
    "word MCC": lambda row: row.mcc,
    "first proposal accepted": lambda row: row.recall,
    "one of three accepted": lambda row: row.recall,
    "TER gain": lambda row: 100 * row.recall,
}


def gained(without: Sequence[Any], beside: Sequence[Any], metric: Callable[[Any], float]) -> Estimate:
    """How much higher `metric` is over the rows `beside` than over those `without`, of the same texts.

    >>> gained([Counts(0, 0, 2, 2)] * 9, [Counts(1, 1, 2, 2)] * 9, lambda row: row.recall)
    Estimate(value=0.5, low=0.5, high=0.5, n=9)
    """
    kind, draws = type(without[0]), resample(len(without))
    drawn = [draws @ np.array([astuple(row) for row in some], dtype=float) for some in (without, beside)]
    scores = sorted(
        metric(kind(*b)) - metric(kind(*a)) for a, b in zip(*(some.tolist() for some in drawn), strict=True)
    )
    return Estimate(metric(total(beside)) - metric(total(without)), *interval(scores), len(without))


def scores(counted: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Iterator[tuple[str, str, Estimate]]:
    """Peer, metric and number from the rows of each text, without the source and with it."""
    for name, metric in METRICS.items():
        without, beside = ([pair[which][name] for pair in counted if name in pair[which]] for which in (0, 1))
        if without:
            yield WITHOUT, name, estimate(without, metric)
            yield WITH, name, estimate(beside, metric)
            yield GAIN, name, gained(without, beside, metric)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=LINES, help="of each language")
    parser.add_argument("--minutes", type=float, default=60, help="after which no further text is read")
    args = parser.parse_args()
    repairer = Repairer(Config())
    texts = [*post_edited(args.data, args.lines), *news(args.data, args.lines // 2), *marked(args.data)]
    random.Random(3).shuffle(texts)
    by_set: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    end = time.monotonic() + 60 * args.minutes
    for number, text in enumerate(texts, start=1):
        if time.monotonic() > end:
            break
        both = (repairer.check(text.item.text), repairer.check(text.item.text, source=text.source))
        pair = (rows(text.item, both[0]), rows(text.item, both[1]))
        for name in dict.fromkeys((text.set, text.set.partition(",")[0])):
            by_set.setdefault(name, []).append(pair)
        if number % 10 == 0:
            print(f"{number} of {len(texts)}", flush=True)
    lines = [
        Line.of((name, peer, metric), number, f"{repairer.signature}|bs:{SAMPLES}|seed:{SEED}")
        for name in sorted(by_set)
        for peer, metric, number in scores(by_set[name])
    ]
    update(lines, FOLDER / "source.jsonl")
    for line in lines:
        print(line.set, line.metric, line.peer, line.estimate, line.n, sep="\t")


if __name__ == "__main__":
    main()
