"""Edits: what changed between two texts, and applying changes to a text.

`diff` finds minimal edits on token borders, `apply` carries them out; `apply(old, diff(old, new)) == new` always.
Nothing here judges an edit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from repair.text import Marks, Span

BLANK = re.compile("[\u00a0\u2000-\u200a\u202f]")  # but for the plain space; none of them ends a line
TOKEN = re.compile(r"\w+(?:[’'‑-]\w+)*|\s+|[^\w\s]")


@dataclass(frozen=True, order=True, slots=True)
class Edit:
    """Put `text` where `span` (code points of the old text) stands; an empty span inserts, empty text deletes."""

    span: Span
    text: str


def diff(old: str, new: str) -> tuple[Edit, ...]:
    """Small edits, on borders of words, spaces and punctuation, that turn `old` into `new`.

    Lines that changed are compared with those in their place: to compare a text as a whole takes the square of its
    length.

    >>> diff("one officials said", "one official said")
    (Edit(span=Span(start=4, end=13), text='official'),)
    >>> diff("same", "same")
    ()
    """
    edits: list[Edit] = []
    for start, before, after in changed_lines(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        edits += (Edit(edit.span.shift(start), edit.text) for edit in changed_tokens(before, after))
    return tuple(edits)


def changed_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Runs of lines that differ, with the place of the old ones: one by one where as many stand in their place."""
    starts = [0, *accumulate(map(len, before))]
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "replace" and b - a == d - c:
            yield from zip(starts[a:b], before[a:b], after[c:d], strict=True)
        elif tag != "equal":
            yield starts[a], "".join(before[a:b]), "".join(after[c:d])


def changed_tokens(old: str, new: str) -> Iterator[Edit]:
    """The edits that turn one text into the other, both read as rows of tokens."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    starts = [0, *accumulate(map(len, before))]
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Edit(Span(starts[a], starts[b]), "".join(after[c:d]))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all `edits` carried out. Raises ValueError where two overlap or one lies outside the text.

    Two insertions at one place are refused too: their order would be a guess.

    >>> apply("a 80-year-old", [Edit(Span(0, 1), "an")])
    'an 80-year-old'
    """
    parts: list[str] = []
    position = 0
    former: Span | None = None
    for edit in sorted(edits):
        if edit.span.start < position or edit.span.end > len(text) or edit.span == former:
            raise ValueError(f"edit {edit} overlaps another or lies outside the text")
        parts += (text[position : edit.span.start], edit.text)
        position, former = edit.span.end, edit.span
    parts.append(text[position:])
    return "".join(parts)


def placed(edits: Sequence[Edit]) -> list[Span]:
    """Where the new text of each edit, in the order given, lies once all are made.

    >>> [span.start for span in placed([Edit(Span(9, 12), "to"), Edit(Span(0, 4), "longer")])]
    [11, 0]
    """
    starts = [0] * len(edits)
    moved = 0
    for i in sorted(range(len(edits)), key=lambda i: edits[i].span):
        starts[i] = edits[i].span.start + moved
        moved += len(edits[i].text) - len(edits[i].span)
    return [Span(start, start + len(edit.text)) for start, edit in zip(starts, edits, strict=True)]


def keeping_blanks(old: str, new: str) -> str:
    """`new` with the blanks of `old` (a hard space, a thin one) wherever the two differ in the kind of a blank alone.

    >>> keeping_blanks("one\\u00a0officials", "one official")
    'one\\xa0official'
    """
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    keys = [[BLANK.sub(" ", token) for token in some] for some in (before, after)]
    alike = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for block in alike.get_matching_blocks():
        if block.size == 1 and len(before) != len(after):
            continue  # a blank between other words is another blank
        after[block.b : block.b + block.size] = before[block.a : block.a + block.size]
    return "".join(after)


def follow(marks: Marks, edits: Iterable[Edit]) -> Marks:
    """The marks of the text that `edits` make of the text with these marks. What is put in at the border of a range
    lies outside it.

    >>> edits = [Edit(Span(0, 1), ""), Edit(Span(2, 2), "xx"), Edit(Span(4, 4), "y")]
    >>> follow(Marks(locked=(Span(2, 4),)), edits).locked
    (Span(start=3, end=5),)
    """
    done = sorted(edits)
    ends = [edit.span.end for edit in done]
    grown = [0, *accumulate(len(edit.text) - len(edit.span) for edit in done)]

    def place(offset: int, count: int) -> int:
        """Where `offset` lies after the first `count` edits; the next one may reach over it."""
        over = done[count] if count < len(done) and done[count].span.start < offset else None
        return (over.span.start + len(over.text) if over else offset) + grown[count]

    def end(offset: int) -> int:
        count = bisect_right(ends, offset)
        while count and done[count - 1].span == Span(offset, offset):
            count -= 1
        return place(offset, count)

    return marks.moved(lambda offset: place(offset, bisect_right(ends, offset)), end)


def minimal(text: str, edit: Edit) -> tuple[Edit, ...]:
    """`edit` cut down to the tokens that really change; nothing where it changes nothing."""
    return tuple(Edit(e.span.shift(edit.span.start), e.text) for e in diff(edit.span.of(text), edit.text))
