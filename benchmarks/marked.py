"""Marked excerpts of real output: which places are found, which proposals and which fixes an editor would take.

A flag is right where it overlaps a marked place; a proposal or a fix where it leaves an accepted wording there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.datasets import Item, marked_item
from benchmarks.peers import Answer, Flag
from benchmarks.sample import is_offered
from models.recipe.marks import AGAIN, own_excerpts
from repair.edits import minimal
from repair.score.accepted import Place, put_right
from repair.score.counts import Counts, Estimate, estimate
from repair.score.spans import Mark
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


def annotators(data: Path) -> dict[str, Estimate]:
    """The second marking of the excerpts that were marked twice, scored against the first as if it were a tool: what
    any tool can reach. Empty where nothing was marked twice.
    """
    first = {excerpt.id: excerpt for excerpt in own_excerpts(data)}
    pairs = [(first[e.id], e) for e in own_excerpts(data, AGAIN) if e.id in first]
    items = [marked_item(excerpt) for excerpt, _ in pairs]
    answers = []
    for _, again in pairs:
        marks = tuple(Mark(place.span) for place in again.places)
        answers.append(Answer("", (), marks, flags=tuple(Flag(p.span, p.wordings) for p in again.places)))
    scores = marked_scores(list(map(tally, items, answers))) if items else {}
    scores.pop("places fixed", None)  # an annotator changes nothing
    return scores


SHARES = {
    "serious places flagged": "serious",
    "first proposal accepted": "first",
    "one of three accepted": "three",
    "places fixed": "fixed",
    "edits accepted": "edits",
}


def marked_scores(tallies: Sequence[Tally]) -> dict[str, Estimate]:
    """Precision, recall and F0.5 of flags; what an editor would take of proposals and fixes; flags per 1,000 words."""
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
