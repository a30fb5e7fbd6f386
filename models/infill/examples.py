"""Pieces of text with marked spans and what should stand there, from the examples of `models.recipe.make`."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from repair.correct.pieces import pieces
from repair.edits import Edit, apply
from repair.lexemes import PUNCTUATION
from repair.segment import read_document
from repair.text import Span, inside_of, words

MARKED = 0.9  # share of the damage that is marked: a detector misses some
UNHARMED = 1.0  # sound spans marked for each damaged one, at most; the answer is a copy
CLEAN = 0.15  # share of pieces without damage in which sound spans are marked
WIDER = 0.6  # share of spans that take sound neighbours in, as a detector does: of its spans that touch a marked
# place on unseen output a fifth have its borders, two in five are wider
REACH = 0.5  # chance of each further neighbour, on either side
WIDE, FURTHER = 0.5, 4  # share of spans asked about with up to so many words on either side, other damage among them
JOINED, APART = 0.3, 3  # share of damage at most so many words apart that is marked as one span
MOST_SPANS, MOST_WORDS = 12, 16
REAL_SHARE = {
    "mlqe-ne-en": 0.15,
    "mlqe-si-en": 0.15,
    "mlqe-et-en": 0.6,
    "mlqe-ro-en": 0.6,
    "mlqe-ru-en": 0.6,
    "reference": 0.6,
}
NO_EDITS = {"mqm", "consensus", "mlqe-tokenised"}
BETTER = (4, 2, 1)  # how often each accepted wording is taught, the best first
CONTENT = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class Exercise:
    """`text` with sorted `spans` to be marked, and what should stand in each."""

    text: str
    spans: tuple[Span, ...]
    answers: tuple[str, ...]


def exercises(path: Path, rng: random.Random) -> Iterator[Exercise]:
    """Exercises from the examples, in their order; output without post-edits teaches nothing here."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["kind"] in NO_EDITS or rng.random() > REAL_SHARE.get(row["kind"], 1.0):
                continue
            edits = [Edit(Span(start, end), new) for start, end, new in row["edits"]]
            places = [(Span(start, end), wordings) for start, end, wordings in row.get("places", ())]
            edits += [Edit(span, accepted(wordings, rng)) for span, wordings in places if wordings]
            unknown = [span for span, wordings in places if not wordings]
            for piece in pieces(read_document(row["text"])):
                mine = [
                    Edit(e.span.shift(-piece.start), e.text)
                    for e in edits
                    if piece.start <= e.span.start and e.span.end <= piece.end
                ]
                if mine or rng.random() < CLEAN:
                    hidden = [span.shift(-piece.start) for span in unknown if piece.covers(span)]
                    exercise = one(piece.of(row["text"]), mine, rng, hidden)
                    if exercise:
                        yield exercise


def accepted(wordings: list[str], rng: random.Random) -> str:
    """One of the accepted wordings, the better ones more often."""
    return rng.choices(wordings, BETTER[: len(wordings)])[0]


def one(text: str, edits: list[Edit], rng: random.Random, hidden: Sequence[Span] = ()) -> Exercise | None:
    """Some of the damage of one piece marked, sound spans between it, or None where there is nothing to learn.

    What lies in `hidden` is garbled and nobody knows how it should read: it is never asked about.
    """
    every = words(text)
    groups = [group for group in widen(every, edits) if not any(near(group[0], span) for span in hidden)]
    groups = wide(text, every, joined(text, groups, hidden, rng), hidden, rng)
    chosen: list[tuple[Span, str]] = []
    taken = [span for span, _ in groups] + list(hidden)
    for span, some in rng.sample(groups, len(groups)):
        if rng.random() < WIDER:
            span = wider(every, span, taken, rng)
        new = apply(span.of(text), [Edit(e.span.shift(-span.start), e.text) for e in some])
        span, new = trimmed(text, span, new)
        if rng.random() < MARKED and len(chosen) < MOST_SPANS and learnable(text, span, new):
            chosen.append((span, new))
    sound = rng.randint(0, max(2, int(UNHARMED * len(chosen) * 2)))
    for span in rng.sample(every, min(sound, len(every))):
        if not CONTENT.fullmatch(span.of(text)) and rng.random() < 0.7:
            continue
        if rng.random() < 0.3:
            span = wider(every, span, taken, rng)
        if not any(near(span, other) for other in [*taken, *(s for s, _ in chosen)]) and len(chosen) < 2 * MOST_SPANS:
            chosen.append((span, span.of(text)))
    if not chosen or any(near(a, b) for (a, _), (b, _) in zip(sorted(chosen), sorted(chosen)[1:], strict=False)):
        return None
    chosen.sort()
    return Exercise(text, tuple(span for span, _ in chosen), tuple(new for _, new in chosen))


def trimmed(text: str, span: Span, new: str) -> tuple[Span, str]:
    """Both without white space at the ends and without the closing punctuation that they share."""
    old, new = span.of(text).rstrip(), new.strip()
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1] and old[-1] in PUNCTUATION:
        old, new = old[:-1], new[:-1]
    start = span.end - len(span.of(text).lstrip())
    return Span(start, max(start, span.start + len(old))), new


def near(one: Span, other: Span) -> bool:
    """Overlapping or touching: the two could not be marked apart."""
    return one.start <= other.end and other.start <= one.end


def wider(every: list[Span], span: Span, taken: list[Span], rng: random.Random) -> Span:
    """The span with some words before and after it, as far as they are sound and on the same line."""
    before = [w for w in every if w.end <= span.start][::-1]
    after = [w for w in every if w.start >= span.end]
    own = span
    for side in (before, after):
        for word in side:
            whole = Span(min(word.start, span.start), max(word.end, span.end))
            apart = len(whole) - len(word) - len(span) > 1 or any(near(word, t) for t in taken if t != own)
            if apart or rng.random() > REACH:
                break
            span = whole
    return span


def joined(
    text: str, groups: list[tuple[Span, list[Edit]]], hidden: Sequence[Span], rng: random.Random
) -> list[tuple[Span, list[Edit]]]:
    """The groups, some of those that stand close together as one."""
    result: list[tuple[Span, list[Edit]]] = []
    for span, some in groups:
        if result and rng.random() < JOINED:
            former, others = result[-1]
            between = text[former.end : span.start]
            whole = Span(former.start, span.end)
            if len(between.split()) <= APART and "\n" not in between and not any(near(whole, h) for h in hidden):
                result[-1] = (whole, [*others, *some])
                continue
        result.append((span, some))
    return result


def wide(
    text: str,
    every: list[Span],
    groups: list[tuple[Span, list[Edit]]],
    hidden: Sequence[Span],
    rng: random.Random,
) -> list[tuple[Span, list[Edit]]]:
    """The groups, some of them with the words around them and the damage among these, never beyond their line."""
    result: list[tuple[Span, list[Edit]]] = []
    left = list(groups)
    while left:
        span, some = left.pop(0)
        if rng.random() < WIDE:
            whole = reach(text, every, span, rng)
            inside = [group for group in left if near(group[0], whole)]
            free = Span(min(whole.start, span.start), max([whole.end, *(s.end for s, _ in inside)]))
            if not any(near(free, other) for other in [*hidden, *(s for s, _ in result)]):
                span, some = free, [*some, *(edit for _, edits in inside for edit in edits)]
                left = [group for group in left if group not in inside]
        result.append((span, some))
    return result


def reach(text: str, every: list[Span], span: Span, rng: random.Random) -> Span:
    """The span with up to FURTHER words on either side, on its line."""
    inside = inside_of(every, span)
    first, last = inside[0], inside[-1]
    for _ in range(rng.randint(0, FURTHER)):
        if first and "\n" not in text[every[first - 1].end : every[first].start]:
            first -= 1
    for _ in range(rng.randint(0, FURTHER)):
        if last + 1 < len(every) and "\n" not in text[every[last].end : every[last + 1].start]:
            last += 1
    return Span(min(every[first].start, span.start), max(every[last].end, span.end))


def learnable(text: str, span: Span, new: str) -> bool:
    """Short, one line, and no brackets, which the marks use."""
    old = span.of(text)
    return (
        max(len(old.split()), len(new.split())) <= MOST_WORDS and bool(old.strip()) and not set("[]\n") & set(old + new)
    )


def widen(every: list[Span], edits: list[Edit]) -> list[tuple[Span, list[Edit]]]:
    """Edits grouped under the whole words they touch; something missing belongs to the word after it (or the last)."""
    groups: list[tuple[Span, list[Edit]]] = []
    for edit in sorted(edits):
        touched = [
            w for w in every if w.start < max(edit.span.end, edit.span.start + 1) and w.end > edit.span.start
        ] or every[-1:]
        if not touched:
            continue
        start, end = min(touched[0].start, edit.span.start), max(touched[-1].end, edit.span.end)
        if groups and start <= groups[-1][0].end + 1:
            former, some = groups.pop()
            groups.append((Span(former.start, max(former.end, end)), [*some, edit]))
        else:
            groups.append((Span(start, end), [edit]))
    return groups
