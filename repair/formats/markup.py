"""What HTML, NITF and DOCX have in common: a text that flows through nodes, built piece by piece with its map."""

from __future__ import annotations

import html
import re

from repair.formats.errors import FormatError
from repair.formats.view import Lock, Segment, View
from repair.text import Span

# Words with single spaces between them, white space that shows as one space, and character references.
PIECE = re.compile(r"(?P<space>[ \t\r\n\f]+)|(?P<entity>&#?\w{1,32};?)|[^ \t\r\n\f&]+(?: [^ \t\r\n\f&]+)*+|&")
WORD = re.compile(r"(?P<space>[ \t\r\n\f]+)|[^ \t\r\n\f]+")
KEPT = re.compile(r"(?P<entity>&#?\w{1,32};)|[^&]+|&")


class Builder:
    """Takes the pieces of a source in order and gives the view of their text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._texts: list[str] = []
        self._segments: list[Segment] = []
        self._locks: list[Lock] = []
        self._locked: dict[str, int] = {}  # reason: where it begins
        self._length = 0
        self._last = ""  # the last character
        self._glue = ""  # the break that the next text begins with

    def flow(self, start: int, end: int, node: int) -> None:
        """Text as it flows on a page: any white space shows as one space, none at the ends of a block."""
        for match in PIECE.finditer(self.source, start, end):
            if match["space"]:
                self._space(*match.span(), node)
            elif match["entity"]:
                self._put(html.unescape(match[0]), *match.span(), node)
            else:
                self._put(match[0], *match.span(), node)

    def keep(self, start: int, end: int, node: int) -> None:
        """Text whose white space counts; a line end in it shows as a space."""
        for match in KEPT.finditer(self.source, start, end):
            text = html.unescape(match[0]) if match["entity"] else match[0]
            self._put(re.sub(r"[\t\r\n]", " ", text), *match.span(), node)

    def literal(self, start: int, end: int, node: int) -> None:
        """Flowing text without character references (CDATA)."""
        for match in WORD.finditer(self.source, start, end):
            if match["space"]:
                self._space(*match.span(), node)
            else:
                self._put(match[0], *match.span(), node)

    def sign(self, text: str) -> None:
        """Text that an element stands for (a tab, a line break): it has no place in the source."""
        self._put(text, 0, 0, -1)

    def break_(self, glue: str) -> None:
        """The end of a block, or of a line in one. White space before it does not show."""
        if self._last == " " and self._segments and self._segments[-1].node >= 0:
            self._drop_space()
        if self._length and len(glue) > len(self._glue):
            self._glue = glue

    def lock(self, reason: str) -> None:
        """From here on nothing may be changed, until `unlock`."""
        self._locked.setdefault(reason, self._length + len(self._glue))

    def unlock(self, reason: str) -> None:
        start = self._locked.pop(reason, self._length)
        if start < self._length:
            self._locks.append(Lock(Span(start, self._length), reason))

    def view(self) -> View:
        """The view of what has been put in; `escape` is that of markup."""
        self.break_("")
        for reason in list(self._locked):
            self.unlock(reason)
        return View("".join(self._texts), tuple(self._segments), tuple(self._locks), escape)

    def _put(self, text: str, at: int, to: int, node: int) -> None:
        text = text or "\ufffd"  # a reference to a character that is none
        if self._glue:
            self._texts.append(self._glue)
            self._length += len(self._glue)
            self._glue = ""
        if node >= 0:
            self._segments.append(Segment(self._length, self._length + len(text), at, to, node))
        self._texts.append(text)
        self._length += len(text)
        self._last = text[-1:]

    def _space(self, at: int, to: int, node: int) -> None:
        if self._length and not self._glue and self._last not in (" ", "\n", ""):
            self._put(" ", at, to, node)

    def _drop_space(self) -> None:
        segment = self._segments.pop()
        if len(self._texts[-1]) > 1:
            at = segment.to - 1 if segment.to - segment.at == segment.end - segment.start else segment.to
            self._segments.append(Segment(segment.start, segment.end - 1, segment.at, at, segment.node))
        self._texts[-1] = self._texts[-1][:-1]
        self._length -= 1
        self._last = ""


def escape(text: str) -> str:
    """`text` as markup writes it.

    >>> escape("R&D <b>")
    'R&amp;D &lt;b&gt;'
    """
    return html.escape(text, quote=False)


def decode_as(data: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    """The text and the first encoding that gives these very bytes back. Raises FormatError where none does."""
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            if text.encode(encoding) == data:
                return text, encoding
        except (LookupError, UnicodeError):
            continue
    raise FormatError(f"not in the encoding it declares ({encodings[0]}); save it as UTF-8")


def encode_as(text: str, encoding: str) -> bytes:
    """The bytes of markup; what the encoding lacks becomes a character reference."""
    return text.encode(encoding, "xmlcharrefreplace")
