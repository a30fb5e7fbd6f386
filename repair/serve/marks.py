"""What a request may say of its text besides: what the reader of its file knows, and what was changed in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar

import msgspec

from repair.formats.postedit import File
from repair.segment import read_document
from repair.text import Block, Foreign, Kind, Marks, Span, merged, touches

Offset = Annotated[float, msgspec.Meta(ge=0, multiple_of=1)]  # JSON knows no integers: 3.0 is one
Ranges = list[tuple[Offset, Offset]]
T = TypeVar("T")


class GivenMarks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Marks of a text as `/api/document` gives them, in half-open ranges of code points: paragraphs with their kinds,
    somebody else's words, what nobody changes, and passages with the tags of their languages."""

    blocks: list[tuple[Offset, Offset, Kind]] = []
    quoted: Ranges = []
    locked: Ranges = []
    foreign: list[tuple[Offset, Offset, str]] = []

    def marks(self, text: str) -> Marks:
        """What of them lies in `text`; of two blocks or passages that overlap the first."""
        return Marks(
            tuple(Block(span, kind) for span, kind in _apart(text, self.blocks)),
            merged(_inside(text, self.quoted)),
            merged(_inside(text, self.locked)),
            tuple(Foreign(span, language) for span, language in _apart(text, self.foreign)),
        )


def joined(file: File) -> Marks:
    """What a file tells of its whole text."""
    texts = [_shifted(part.view.marks, start) for part, start in zip(file.parts, file.joined.starts, strict=False)]
    return Marks(
        tuple(block for marks in texts for block in marks.blocks),
        tuple(span for marks in texts for span in marks.quoted),
        tuple(span for marks in texts for span in marks.locked),
        tuple(one for marks in texts for one in marks.foreign),
    )


def _shifted(marks: Marks, by: int) -> Marks:
    return marks.moved(lambda offset: offset + by, lambda offset: offset + by)


def as_json(marks: Marks) -> dict[str, list[Any]]:
    """Marks as JSON, in the form of `GivenMarks`."""
    return {
        "blocks": [[block.span.start, block.span.end, block.kind] for block in marks.blocks],
        "quoted": [[span.start, span.end] for span in marks.quoted],
        "locked": [[span.start, span.end] for span in marks.locked],
        "foreign": [[one.span.start, one.span.end, one.language] for one in marks.foreign],
    }


def within(marks: Marks, span: Span) -> Marks:
    """The marks of the text that `span` covers, with offsets in that text."""

    def place(offset: int) -> int:
        return min(max(offset, span.start), span.end) - span.start

    moved = marks.moved(place, place)
    return Marks(
        tuple(block for block in moved.blocks if block.span),
        tuple(filter(len, moved.quoted)),
        tuple(filter(len, moved.locked)),
        tuple(one for one in moved.foreign if one.span),
    )


def only(text: str, ranges: Sequence[tuple[float, float]], marks: Marks) -> Marks:
    """`marks` with every sentence locked that none of the half-open `ranges` touches.

    The sentences are locked one by one, so that they stay sentences; a quotation that begins or ends in one of them
    stays a quotation. What of a range lies outside the text counts for nothing.

    >>> text = "One officials spoke. Two officials spoke."
    >>> [span.of(text) for span in only(text, [(21, 24)], Marks()).locked]
    ['One officials spoke.']
    """
    wanted = merged(_inside(text, ranges))
    document, rest = read_document(text, marks=marks), []
    for sentence in document.sentences:
        shown = Span(sentence.start, sentence.start + len(sentence.of(text).rstrip()))
        if shown and not touches(shown, wanted) and not any(_at_border(shown, one) for one in wanted):
            rest.append(shown)
    return replace(marks, quoted=document.quotations, locked=merged((*marks.locked, *rest)))


def _at_border(sentence: Span, place: Span) -> bool:
    """True where something was taken out at an end of the sentence."""
    return not place and place.start in (sentence.start, sentence.end)


def _inside(text: str, ranges: Iterable[tuple[float, float]]) -> list[Span]:
    return [Span(int(min(start, len(text))), int(min(max(start, end), len(text)))) for start, end in ranges]


def _apart(text: str, ranges: Iterable[tuple[float, float, T]]) -> list[tuple[Span, T]]:
    found: list[tuple[Span, T]] = []
    for start, end, what in sorted(ranges, key=lambda one: one[:2]):
        (span,) = _inside(text, [(start, end)])
        if span and (not found or found[-1][0].end <= span.start):
            found.append((span, what))
    return found
