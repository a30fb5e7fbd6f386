"""Texts cut for the adapter: runs of whole sentences, as it was trained on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from repair.text import Document, Span

WORDS = 110
MOST_SPANS = 20  # asked about in one reading of a piece
MOST_CHARACTERS = 3000  # a longer piece is no prose, and would take long
FORBIDDEN = set("[]\n")  # the marks themselves


def pieces(document: Document) -> Iterator[Span]:
    """Runs of whole sentences of at most WORDS words (a longer sentence is a run of its own); they tile the text."""
    start = end = count = 0
    for sentence in document.sentences:
        length = len(sentence.of(document.text).split())
        if count and count + length > WORDS:
            yield Span(start, end)
            start, count = sentence.start, 0
        end, count = sentence.end, count + length
    if count:
        yield Span(start, end)


def asked(document: Document, spans: Sequence[Span]) -> Iterator[tuple[Span, list[int]]]:
    """Each piece with the numbers of the sorted, separate `spans` in it that can be asked about, a few at a time."""
    able = [i for i, span in enumerate(spans) if len(span) and not FORBIDDEN & set(span.of(document.text))]
    for piece in pieces(document):
        if len(piece) > MOST_CHARACTERS:
            continue
        mine = [i for i in able if piece.covers(spans[i])]
        for first in range(0, len(mine), MOST_SPANS):
            yield piece, mine[first : first + MOST_SPANS]
