"""The paragraphs of a text, in copy that has one a line and in copy whose lines are wrapped.

Wrapped lines are known by their width: each is so full that the first word of the next would not have fitted in. Lines
that end where they please are paragraphs, verses or the rows of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from repair.text import Block, Kind, Span

# The end of a paragraph: line breaks with the white space after them, or the end of an HTML block.
BREAK = re.compile(
    r"(?P<line>[\n\r\u2028\u2029]\s*+)"
    r"|(?:</(?:p|div|li|ul|ol|h[1-6]|td|th|tr|table|blockquote|article|section|figcaption|title|body|block)|<[bh]r)\b"
    r"[^<>]{0,1000}>\s*+",
    re.IGNORECASE,
)
LINE = re.compile(r"(?P<body>[^\n\r\u2028\u2029]++)(?P<end>\r\n|[\n\r\u2028\u2029])?")
MARKER = re.compile(r"\s*+(?:[*+•·‣][ \t]|[>#|<]|\[\d{1,2}:\d\d|```|~~~)")
ITEM = re.compile(r"\s*+(?:[-–—][ \t]|\d{1,2}[.)][ \t])")  # or a line that was wrapped before a dash
KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("heading", re.compile(r"[ ]{0,3}#{1,6}[ \t]|<h[1-6]\b", re.IGNORECASE)),
    ("item", re.compile(r"[ \t]*+(?:[-*+•·‣][ \t]|\d{1,2}[.)][ \t]|<(?:li|dt|dd)\b)", re.IGNORECASE)),
    ("cell", re.compile(r"[ \t]*+\||[^\n\r]*?\S(?:\t| {3,})\S|<(?:td|th)\b", re.IGNORECASE)),
    ("caption", re.compile(r"<(?:figcaption|caption)\b", re.IGNORECASE)),
    ("quote", re.compile(r"[ ]{0,3}>|<blockquote\b", re.IGNORECASE)),
)
FINAL = re.compile(r"[.!?…:][\"”’'»)\]]{0,3}\s*\Z")
NARROWEST, WIDEST = 30, 130  # columns that copy is wrapped at
TRIED = 12  # widths, from the widest line down: a heading or an address may be wider than the rest
LEAST_FULL = 0.6  # of the lines that another follows, but for those that end with a stop and may end a paragraph
LEAST_OPEN = 0.5  # of the full ones, that end inside a sentence
LEAST_SMALL = 0.25  # of the full ones, after which a small letter follows
SURE = 40  # characters after which a line that begins small goes on, in whatever copy, but for a full stop before it
STOPPED = re.compile(r"(?:(?<!\betc)(?<=[a-z]{3})|\w{5}|\d)[.!?]\Z")  # not after an abbreviation ("Inc.")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that another follows at once. `room` is what its length would be with the first word of the next."""

    end: int
    length: int
    room: int
    open: bool
    small: bool
    stopped: bool


def paragraphs(text: str) -> Iterator[Span]:
    """The paragraphs of `text`; they tile it. Each new line begins one, unless the text is wrapped there.

    >>> [span.of("One.\\nTwo. ") for span in paragraphs("One.\\nTwo. ")]
    ['One.\\n', 'Two. ']
    >>> import textwrap
    >>> text = "The minister told a crowd on Monday that the talks would begin in June, and that all would come."
    >>> len(list(paragraphs(textwrap.fill(text, 36) + "\\nNobody asked.")))
    2
    """
    soft = soft_breaks(text)
    start = 0
    for match in BREAK.finditer(text):
        if match.start() not in soft:
            yield Span(start, match.end())
            start = match.end()
    if start < len(text):
        yield Span(start, len(text))


def blocks(text: str) -> tuple[Block, ...]:
    """The paragraphs with their kind, as far as their first characters show it.

    >>> [block.kind for block in blocks("# Talks\\n- one\\n| a | b |\\n> said\\nThey met.")]
    ['heading', 'item', 'cell', 'quote', 'paragraph']
    """
    return tuple(Block(span, _kind(text, span)) for span in paragraphs(text))


def _kind(text: str, span: Span) -> Kind:
    return next((kind for kind, pattern in KINDS if pattern.match(text, span.start, span.end)), "paragraph")


def tiled(some: Sequence[Block], length: int) -> tuple[Block, ...]:
    """The blocks of a text of this length, each drawn out to where the next begins.

    >>> tiled([Block(Span(2, 3)), Block(Span(5, 6), "cell")], 8)
    (Block(span=Span(start=0, end=5), kind='paragraph'), Block(span=Span(start=5, end=8), kind='cell'))
    """
    starts = [0, *(block.span.start for block in some[1:]), length] if some else []
    return tuple(
        Block(Span(start, end), block.kind)
        for block, (start, end) in zip(some, pairwise(starts), strict=True)
        if start < end
    )


def soft_breaks(text: str) -> frozenset[int]:
    """Where the line breaks stand that only wrap a paragraph."""
    lines = list(_followed(text))
    width = _width(lines)
    return frozenset(
        line.end
        for line in lines
        if (line.small and line.length >= SURE and not line.stopped) or line.length <= width < line.room
    )


def _followed(text: str) -> Iterator[Line]:
    """The lines that another one follows that may be a part of the same paragraph."""
    former = None
    listed = False  # an item was met since the last empty line
    for match in LINE.finditer(text):
        body = match["body"]
        if former is None or former.end() != match.start():
            listed = False
        begins = MARKER.match(body) or (ITEM.match(body) and (listed or former is None or FINAL.search(former["body"])))
        listed = listed or bool(ITEM.match(body) and (begins or former is None))
        if former is not None and former.end() == match.start() and not begins:
            above = former["body"].rstrip()
            first = body.split(None, 1)[0] if body.strip() else ""
            if above and first and not _indented(body, former["body"]):
                yield Line(
                    former.end("body"),
                    len(above),
                    len(above) + 1 + len(first),
                    open=FINAL.search(above[-6:]) is None,
                    small=first[0].islower(),
                    stopped=STOPPED.search(above[-12:]) is not None,
                )
        former = match if match["end"] else None


def _indented(line: str, above: str) -> bool:
    """A line that stands further in than the one above begins a paragraph, but for that below an item's marker."""
    inset = len(line) - len(line.lstrip())
    return inset > len(above) - len(above.lstrip()) and MARKER.match(above) is None and ITEM.match(above) is None


def _width(lines: Sequence[Line]) -> int:
    """The width that the text is wrapped at; 0 where it is not wrapped."""
    best = most = 0
    for width in sorted({line.length for line in lines if NARROWEST <= line.length <= WIDEST}, reverse=True)[:TRIED]:
        within = [line for line in lines if line.length <= width and (line.open or line.room > width)]
        full = [line for line in within if line.room > width]
        if (
            len(full) > max(most, 1)
            and len(full) >= LEAST_FULL * len(within)
            and sum(line.open for line in full) >= LEAST_OPEN * len(full)
            and sum(line.small for line in full) >= LEAST_SMALL * len(full)
        ):
            best, most = width, len(full)
    return best
