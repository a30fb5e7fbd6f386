"""Marked excerpts of real output: which places are found, which proposals and which fixes an editor would take.

A flag is right where it overlaps a marked place; a proposal or a fix where it leaves an accepted wording there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.datasets import Item
from benchmarks.peers import Answer
from benchmarks.sample import is_offered
from repair.edits import minimal
from repair.score.accepted import Place, put_right
from repair.score.counts import Counts, Estimate, estimate
from repair.text import touches, words


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one text. `places` are precision and recall of flags, the others shares."""

    places: Counts
    serious: Counts
    first: Counts
    three: Counts
    fixed: Counts
    edits: Counts
    rate: Counts


def marked_places(item: Item) -> list[Place]:
    """The marked places of an item."""
    marks = zip(item.marks or (), item.fixes, strict=True)
    return [Place(mark.span, fixes, mark.severity == "major") for mark, fixes in marks]


def tally(item: Item, answer: Answer) -> Tally:
    """`answer` held against the marks of `item`."""
    text, marked = item.text, marked_places(item)
    spans, flagged = [place.span for place in marked], sorted(mark.span for mark in answer.marks)
    found = [touches(span, flagged) for span in spans]
    hits = sum(touches(span, spans) for span in flagged)
    changes = [change for edit in answer.edits if (change := minimal(text, edit))]
    right = [put_right(text, marked, change) for change in changes]
    mended = {place.span for some in right for place in some}
    flags = answer.flags or ()
    return Tally(
        places=Counts(hits, sum(found), len(flagged), len(marked)),
        serious=share(hit for hit, place in zip(found, marked, strict=True) if place.serious),
        first=share(is_offered(text, place.span, flags, place.wordings, 1) for place in marked),
        three=share(is_offered(text, place.span, flags, place.wordings, 3) for place in marked),
        fixed=share(span in mended for span in spans),
        edits=share(map(bool, right)),
        rate=Counts(len(flagged), len(flagged), len(words(text)), len(words(text))),
    )


def share(hits: Iterable[bool]) -> Counts:
    """How many of some things are so."""
    every = list(hits)
    return Counts(sum(every), sum(every), len(every), len(every))


SHARES = {
    "serious places flagged": "serious",
    "first proposal accepted": "first",
    "one of three accepted": "three",
    "places fixed": "fixed",
    "edits accepted": "edits",
}


def marked_scores(items: Sequence[Item], answers: Sequence[Answer]) -> dict[str, Estimate]:
    """Precision, recall and F0.5 of flags; what an editor would take of proposals and fixes; flags per 1,000 words."""
    tallies = [tally(item, answer) for item, answer in zip(items, answers, strict=True)]
    places = [one.places for one in tallies]
    scores = {
        "flags on garble": estimate(places, lambda counts: counts.precision),
        "places flagged": estimate(places, lambda counts: counts.recall),
        "place F0.5": estimate(places, lambda counts: counts.f05),
        "flags per 1,000 words": estimate([one.rate for one in tallies], lambda counts: 1000 * counts.recall),
    }
    for name, what in SHARES.items():
        rows = [getattr(one, what) for one in tallies]
        if any(row.gold for row in rows):
            scores[name] = estimate(rows, lambda counts: counts.recall, lambda counts: counts.gold > 0)
    return scores
