"""Reading again what was changed in a text: the rest is context, in which nothing is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from repair.segment import read_document
from repair.text import Marks, Span, merged, touches


def only(text: str, ranges: Sequence[tuple[int, int]], marks: Marks | None = None) -> Marks:
    """`marks` with every sentence locked that none of the half-open `ranges` touches.

    The sentences are locked one by one, so that they stay sentences; a quotation that begins or ends in one of them
    stays a quotation. What of a range lies outside the text counts for nothing.

    >>> text = "One officials spoke. Two officials spoke."
    >>> [span.of(text) for span in only(text, [(21, 24)]).locked]
    ['One officials spoke.']
    """
    marks = marks or Marks()
    wanted = merged(Span(min(start, len(text)), min(max(start, end), len(text))) for start, end in ranges)
    document, rest = read_document(text, marks=marks), []
    for sentence in document.sentences:
        shown = Span(sentence.start, sentence.start + len(sentence.of(text).rstrip()))
        if shown and not touches(shown, wanted) and not any(_at_border(shown, one) for one in wanted):
            rest.append(shown)
    return replace(marks, quoted=document.quotations, locked=merged((*marks.locked, *rest)))


def _at_border(sentence: Span, place: Span) -> bool:
    """True where something was taken out at an end of the sentence."""
    return not place and place.start in (sentence.start, sentence.end)
