"""Harm: what a peer flags and changes in news that people wrote, where every flag and every edit is wrong or idle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.datasets import Item
from benchmarks.facts import changed_facts, count_changed
from benchmarks.peers import Answer
from repair.edits import Edit, apply, diff
from repair.score.counts import Counts, Estimate, estimate
from repair.segment import read_document
from repair.text import Span, words

AROUND = 40  # characters shown either side of a change


@dataclass(frozen=True, slots=True)
class Change:
    """One edit in clean text, with some text around it and the facts that it changes."""

    item: str
    before: str
    old: str
    new: str
    after: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Harm:
    """Rates per 1,000 words and shares, with everything that was changed."""

    scores: dict[str, Estimate]
    changes: tuple[Change, ...]


def harm(items: Sequence[Item], answers: Sequence[Answer]) -> Harm:
    """Flags, edits and changed facts per 1,000 words, and the share of sentences touched. Whole items are drawn anew.

    Edits are counted from the two texts, not from what the tool says of itself.
    """
    flags, edits, facts, sentences = [], [], [], []
    changes: list[Change] = []
    for item, answer in zip(items, answers, strict=True):
        size = len(words(item.text))
        made = diff(item.text, answer.output)
        borders = [span for span in read_document(item.text, "").sentences if span.of(item.text).strip()]
        flags.append(_rate(len(answer.marks), size))
        edits.append(_rate(len(made), size))
        facts.append(_rate(count_changed(item.text, answer.output), size))
        sentences.append(_rate(sum(any(_touches(border, edit) for edit in made) for border in borders), len(borders)))
        changes += [change(item, edit) for edit in made]
    scores = {
        "flags per 1,000 words": _estimate(flags, 1000),
        "edits per 1,000 words": _estimate(edits, 1000),
        "facts changed per 1,000 words": _estimate(facts, 1000),
        "sentences touched": _estimate(sentences, 1),
    }
    return Harm(scores, tuple(changes))


def change(item: Item, edit: Edit) -> Change:
    """`edit` as a person wants to read it, with the facts that it alone changes."""
    text, span = item.text, edit.span
    before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
    near = lines_around(text, span)  # no fact reaches further
    local = Edit(span.shift(-near.start), edit.text)
    facts = changed_facts(near.of(text), apply(near.of(text), [local]))
    return Change(item.id, before, span.of(text), edit.text, after, tuple(facts))


def lines_around(text: str, span: Span) -> Span:
    """The lines that `span` touches, with one line more on either side.

    >>> lines_around("one\\ntwo\\nthree\\nfour", Span(9, 10)).of("one\\ntwo\\nthree\\nfour")
    'two\\nthree\\nfour'
    """
    start, end = span.start, span.end
    for _ in range(2):
        start = text.rfind("\n", 0, max(0, start - 1)) + 1
        end = text.find("\n", end + 1) if 0 <= end < len(text) else -1
    return Span(start, len(text) if end < 0 else end)


def _touches(border: Span, edit: Edit) -> bool:
    return edit.span.overlaps(border) or (not len(edit.span) and border.start <= edit.span.start < border.end)


def _rate(count: int, size: int) -> Counts:
    return Counts(hit_gold=count, gold=size)


def _estimate(rows: Sequence[Counts], per: int) -> Estimate:
    return estimate(rows, lambda counts: per * counts.recall)
