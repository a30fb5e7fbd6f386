"""Positions in a text, and a text that is read: its paragraphs, its sentences, and what of it to leave alone.

A position is an offset in Unicode code points into the original text, and a span is half-open.
Bytes, lines, columns, UTF-16 and UTF-8 units exist only at the border and are converted here.
Nothing in this file knows what an error in a text is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from repair.errors import InputError

BOM = "\ufeff"
LINE_END = re.compile(r"\r\n|\n|\r")  # as editors count lines; none of them knows U+2028
ESCAPED = re.compile("&(?:amp;)?(#0?39|apos|quot|#0?34);")
OBJECT = "\ufffc"  # stands in a text for a picture, a button, a formula: what is no text and has a place in a line

Kind = Literal["paragraph", "heading", "cell", "item", "caption", "quote", "code"]


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open range `[start, end)` of code points. `Span(3, 3)` is the empty place before character 3."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters that the span covers in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True where the two share a character; touching or empty spans do not overlap.

        >>> Span(0, 3).overlaps(Span(2, 4)), Span(0, 3).overlaps(Span(3, 4))
        (True, False)
        """
        return max(self.start, other.start) < min(self.end, other.end)

    def covers(self, other: Span) -> bool:
        """True where `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def shift(self, by: int) -> Span:
        """The same span `by` code points further on."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, order=True, slots=True)
class Block:
    """A paragraph and what kind of block it is: running text, or a heading, a table's cell, a list's item ..."""

    span: Span
    kind: Kind = "paragraph"


@dataclass(frozen=True, order=True, slots=True)
class Foreign:
    """A passage in another language than English; `language` is its tag in small letters ("de", "pt-br")."""

    span: Span
    language: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What the reader of a file knows of a text and the text alone does not show. All sorted.

    `blocks` are its paragraphs (none: they are found in the text), `quoted` somebody else's words without marks around
    them, `locked` what nobody changes, `foreign` what the file declares to be in another language; `source` is
    the text that it was translated from.
    """

    blocks: tuple[Block, ...] = ()
    quoted: tuple[Span, ...] = ()
    locked: tuple[Span, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    source: str = ""

    def moved(self, start: Callable[[int], int], end: Callable[[int], int]) -> Marks:
        """The same marks of a text in which what stood at an offset begins at `start` and ends at `end` of it."""

        def place(span: Span) -> Span:
            first = start(span.start)
            return Span(first, max(end(span.end), first))

        return Marks(
            tuple(Block(place(block.span), block.kind) for block in self.blocks),
            tuple(place(span) for span in self.quoted),
            tuple(place(span) for span in self.locked),
            tuple(Foreign(place(one.span), one.language) for one in self.foreign),
            self.source,
        )


@dataclass(frozen=True, slots=True)
class Document:
    """One text with everything the detectors share. Spans are in code points of `text`, sorted.

    `sentences` tile the text: each begins where the former ends, whitespace included with the sentence before it; so
    do `blocks`. `protected` is never changed or flagged (addresses, code, markup, `foreign` passages); `quotations`
    are somebody else's words with their marks, flagged but not rewritten unasked; those that the file sets off as such
    (`set_off`, a block quotation) are not touched unasked at all. `source` is what the text was translated from, where
    it is known.
    """

    name: str
    text: str
    sentences: tuple[Span, ...] = ()
    protected: tuple[Span, ...] = ()
    quotations: tuple[Span, ...] = ()
    blocks: tuple[Block, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    source: str = ""
    set_off: tuple[Span, ...] = ()

    def sentence_at(self, offset: int) -> Span:
        """The sentence that holds the character at `offset` (the last one for the end of the text)."""
        index = bisect_right(self.sentences, offset, key=lambda s: s.start) - 1
        return self.sentences[max(index, 0)]

    def block_at(self, offset: int) -> Block:
        """The block that holds the character at `offset` (the last one for the end of the text)."""
        if not self.blocks:
            return Block(Span(0, len(self.text)))
        index = bisect_right(self.blocks, offset, key=lambda block: block.span.start) - 1
        return self.blocks[max(index, 0)]

    def is_protected(self, span: Span) -> bool:
        """True where `span` touches a protected range."""
        return touches(span, self.protected)

    def is_quoted(self, span: Span) -> bool:
        """True where `span` touches somebody else's words."""
        return touches(span, self.quotations)


def touches(span: Span, ranges: Sequence[Span]) -> bool:
    """True where `span` overlaps one of the sorted, disjoint `ranges`; an empty span counts inside a range."""
    after = bisect_right(ranges, span.end, key=lambda r: r.start)
    for i in range(after - 1, -1, -1):
        candidate = ranges[i]
        if candidate.end <= span.start:
            return False
        if candidate.overlaps(span) or candidate.start < span.start < candidate.end:
            return True
    return False


def meets(one: Span, other: Span) -> bool:
    """True where the spans overlap, or an empty one lies in or at the border of the other.

    >>> meets(Span(0, 3), Span(3, 5)), meets(Span(0, 3), Span(3, 3)), meets(Span(0, 3), Span(4, 4))
    (False, True, False)
    """
    return one.overlaps(other) or (min(len(one), len(other)) == 0 and one.start <= other.end and other.start <= one.end)


def words(text: str) -> list[Span]:
    """The whitespace-separated words of `text`.

    >>> words("Oh, no")
    [Span(start=0, end=3), Span(start=4, end=6)]
    """
    return [Span(*match.span()) for match in re.finditer(r"\S+", text)]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` sorted, with those that touch or overlap made one.

    >>> merged([Span(4, 6), Span(0, 2), Span(1, 4)])
    (Span(start=0, end=6),)
    """
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)


def vocabulary(table: str) -> frozenset[str]:
    """The words of a table written as one string, the way rules keep their small vocabularies."""
    return frozenset(table.split())


def decode(data: bytes, name: str) -> str:
    """The text of `data`, newlines and byte-order mark kept, so that `encode` gives the same bytes back.

    Raises InputError where the bytes are not UTF-8 text.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{name}: this is UTF-16, not UTF-8; save it as UTF-8")
    if b"\0" in data:
        raise InputError(f"{name}: this is a binary file, not text; save the article as .txt or .docx")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 (byte {error.start}); save it again with the encoding UTF-8") from None


def encode(text: str) -> bytes:
    """The bytes that `decode` read."""
    return text.encode("utf-8")


class LineIndex:
    """Turns offsets into lines and columns and back. Lines and columns are counted from 0.

    Lines end at "\\n", "\\r\\n" and "\\r", as editors and the language server protocol count them.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(end.end() for end in LINE_END.finditer(text))]

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column (in code points) of the character at `offset`."""
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def utf8_column(self, offset: int) -> tuple[int, int]:
        """Line and column in UTF-8 bytes, as rdjson counts."""
        line, _ = self.line_column(offset)
        return line, self._utf8(offset) - self._utf8(self.starts[line])

    def utf16_column(self, offset: int) -> tuple[int, int]:
        """Line and column in UTF-16 units, as the language server protocol counts by default."""
        line, _ = self.line_column(offset)
        return line, self._utf16(offset) - self._utf16(self.starts[line])

    @cached_property
    def _utf8(self) -> Callable[[int], int]:
        return utf8_counter(self.text)

    @cached_property
    def _utf16(self) -> Callable[[int], int]:
        return utf16_counter(self.text)


def utf8_counter(text: str) -> Callable[[int], int]:
    """A function from offsets in code points to offsets in bytes of UTF-8, quick however long the text is.

    >>> utf8_counter("é ok")(2)
    3
    """
    places = [match.start() for match in re.finditer("[^\0-\x7f]", text)]
    extra = [0, *accumulate(len(text[place].encode("utf-8", "surrogatepass")) - 1 for place in places)]
    return lambda offset: offset + extra[bisect_left(places, offset)]


def utf16_counter(text: str) -> Callable[[int], int]:
    """A function from offsets in code points to offsets in UTF-16 units, quick however long the text is.

    >>> utf16_counter("🙂 ok")(2)
    3
    """
    pairs = [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", text)]
    return lambda offset: offset + bisect_left(pairs, offset)


def unescaped(text: str) -> str:
    """`text` with the quotation marks and apostrophes that markup writes as a reference, once or twice escaped.

    >>> print(unescaped("the bank&#39;s &amp;quot;plan&amp;quot; for R&amp;D"))
    the bank's "plan" for R&amp;D
    """
    return ESCAPED.sub(lambda match: "'" if match[1] in ("#39", "#039", "apos") else '"', text)


def encodable(text: str) -> str:
    """`text` with each half of a surrogate pair, as in names that are no text, as a question mark.

    >>> encodable("a\\udcff.txt")
    'a?.txt'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def utf16_length(text: str) -> int:
    """How many UTF-16 units `text` takes: one a character, two outside the basic plane.

    >>> utf16_length("a🙂")
    3
    """
    return len(text) + sum(char > "\uffff" for char in text)


def from_utf16(text: str, offsets: Iterable[int]) -> list[int]:
    """Code point offsets for ascending UTF-16 `offsets`; one inside a surrogate pair moves to its start.

    >>> from_utf16("🙂 ok", [0, 3, 5])
    [0, 2, 4]
    """
    result: list[int] = []
    units = position = 0
    for offset in offsets:
        while position < len(text) and units + (1 + (text[position] > "\uffff")) <= offset:
            units += 1 + (text[position] > "\uffff")
            position += 1
        result.append(position)
    return result


def inside_of(every: Sequence[Span], span: Span) -> list[int]:
    """The numbers of the words that the span touches."""
    first = bisect_right(every, span.start, key=lambda word: word.end)
    last = bisect_left(every, span.end, key=lambda word: word.start)
    return list(range(first, last))
