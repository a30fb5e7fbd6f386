"""Offsets in a text as an editor counts them: a line and a column in the units that both sides agreed on."""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol.types import Position, PositionEncodingKind, Range

from repair.serve.matches import utf16_counter
from repair.text import Span

LINE_END = re.compile(r"\r\n|\n|\r")  # and no other: the protocol knows no U+2028


class Places:
    """Turns code points of `text` into positions and back.

    >>> places = Places("a\\n🙂 b", PositionEncodingKind.Utf16)
    >>> places.position(4).character, places.offset(Position(1, 3))
    (3, 4)
    """

    def __init__(self, text: str, encoding: PositionEncodingKind | str = PositionEncodingKind.Utf16) -> None:
        self.text, self.encoding = text, encoding
        ends = list(LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]

    def position(self, offset: int) -> Position:
        """The position of a code point."""
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._units(self.text[self._starts[line] : offset]))

    def range(self, span: Span) -> Range:
        """The range of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def offset(self, position: Position) -> int:
        """The code point at a position; one behind the end of a line or of the text is that end."""
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[position.line], self._ends[position.line]
        line = self.text[start:end]
        low, high = 0, len(line)
        while low < high:  # the first code point that begins at or after the position
            middle = (low + high) // 2
            if self._units(line[:middle]) < position.character:
                low = middle + 1
            else:
                high = middle
        return start + low

    def _units(self, text: str) -> int:
        if self.encoding == PositionEncodingKind.Utf8:
            return len(text.encode("utf-8", "surrogatepass"))
        if self.encoding == PositionEncodingKind.Utf32:
            return len(text)
        return utf16_counter(text)(len(text))
