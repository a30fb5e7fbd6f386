"""Offsets in a text as an editor counts them: a line and a column in the units that both sides agreed on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from lsprotocol.types import Position, PositionEncodingKind, Range

from repair.text import LINE_END, Span, utf8_counter, utf16_counter


class Positions:
    """Turns code points of `text` into positions and back.

    >>> positions = Positions("a\\n🙂 b", PositionEncodingKind.Utf16)
    >>> positions.position(4).character, positions.offset(Position(1, 3))
    (3, 4)
    """

    def __init__(self, text: str, encoding: PositionEncodingKind | str = PositionEncodingKind.Utf16) -> None:
        self.text, self._units = text, counter(text, encoding)
        ends = list(LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]

    def position(self, offset: int) -> Position:
        """The position of a code point."""
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._units(offset) - self._units(self._starts[line]))

    def range(self, span: Span) -> Range:
        """The range of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def offset(self, position: Position) -> int:
        """The code point at a position; one behind the end of a line or of the text is that end."""
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[position.line], self._ends[position.line]
        return bisect_left(range(end), self._units(start) + position.character, lo=start, key=self._units)


def counter(text: str, encoding: PositionEncodingKind | str) -> Callable[[int], int]:
    """A function from code points of `text` to units of the encoding."""
    if encoding == PositionEncodingKind.Utf8:
        return utf8_counter(text)
    return (lambda offset: offset) if encoding == PositionEncodingKind.Utf32 else utf16_counter(text)
