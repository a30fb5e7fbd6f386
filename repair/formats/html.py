"""HTML: the text nodes, in paragraphs as a reader sees them. Tags, attributes, comments and scripts stay."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from repair.formats.elements import BLOCKS, OBJECTS, VOID, Elements
from repair.formats.errors import FormatError
from repair.formats.markup import Builder, Context, decode_as, encode_as
from repair.formats.view import Part, View
from repair.patience import still_wanted
from repair.protect import SWITCH

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})", re.IGNORECASE)
# What browsers take these for (https://encoding.spec.whatwg.org).
ALIASES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
COMMENT_END = re.compile(r"(?<=--)!?>")  # "<!-->" and "<!--->" are comments too
OFF = "switched off by a comment"


class Html:
    """One page is one article with one text."""

    def read(self, data: bytes) -> list[Part]:
        return [Part("", html_view(self.decode(data)[0]))]

    def decode(self, data: bytes) -> tuple[str, str]:
        declared = CHARSET.search(data[:4096])
        name = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
        return decode_as(data, ("utf-8", ALIASES.get(name, name), name))

    def sources(self, data: bytes) -> dict[str, str]:
        return {"": self.decode(data)[0]}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return encode_as(sources[""], self.decode(data)[1])


def html_view(source: str, context: Context | None = None) -> View:
    """The view of a page, or of a piece of one, in this context."""
    reader = _Reader(source, context or Context())
    try:
        reader.feed(source)
        reader.ending = True
        reader.close()
    except (AssertionError, ValueError) as error:
        raise FormatError(f"not readable as HTML ({error})") from None
    return reader.view()


class _Reader(HTMLParser):
    """Sends every stretch of text to the builder with the offsets where it stands."""

    def __init__(self, source: str, context: Context) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.lines = [0, *(match.end() for match in re.finditer("\n", source))]
        self.builder = Builder(source, context)
        self.elements = Elements(context)
        self.texts = 0  # stretches of text so far
        self.open = (0, 0)  # the stretch of text that is being read
        self.off = False
        self.ending = False

    def view(self) -> View:
        self._flush()
        return self.builder.view()

    def handle_data(self, data: str) -> None:
        self._text(self._here(), len(data), data)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        still_wanted()
        self._flush()
        self._break(tag)
        attributes = dict(attrs)
        seen = not self.elements.top.unseen
        if tag not in VOID:
            self.elements.start(tag, attributes, self.texts)
        if tag in OBJECTS and seen and (attributes.get("type") or "").lower() != "hidden":
            self.builder.context = self._context()
            self.builder.object_()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # "<br/>" is a start tag to a browser; of "<svg/>" nothing is inside
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.elements.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        element = self.elements.end(tag)
        if element and element.sign and element.texts == self.texts and not element.unseen:
            self.builder.object_()
        self._break(tag)

    def parse_comment(self, i: int, report: bool = True) -> int:
        """As browsers read it, whatever the version of the library: "-- >" ends nothing, and no end is the file's."""
        data = self.rawdata
        end = COMMENT_END.search(data, i + 4)
        if end is None and not self.ending:
            return -1
        if report:
            self.handle_comment(data[i + 4 : max(end.start() - 2, i + 4) if end else len(data)])
        return end.end() if end else len(data)

    def handle_comment(self, data: str) -> None:
        self._flush()
        if match := SWITCH.fullmatch(f"<!--{data}-->"):
            self.off = match[1] == "off"

    def handle_decl(self, decl: str) -> None:
        self._flush()

    def handle_pi(self, data: str) -> None:
        self._flush()

    def unknown_decl(self, data: str) -> None:
        self._flush()

    def _context(self) -> Context:
        context = self.elements.top.context
        return context.inside(locked=OFF) if self.off else context

    def _here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def _reference(self, raw: str) -> None:
        at = self._here()
        length = len(raw) + (self.source[at + len(raw) : at + len(raw) + 1] == ";")
        self._text(at, length, raw)

    def _text(self, at: int, length: int, expected: str) -> None:
        if not self.source.startswith(expected, at):
            raise ValueError(f"lost the place at character {at}")
        if at != self.open[1]:
            self._flush()
            self.open = (at, at)
        self.open = (self.open[0], at + length)

    def _flush(self) -> None:
        start, end = self.open
        if start < end and not self.elements.top.unseen:
            self.builder.context = self._context()
            self.builder.flow(start, end, self.texts)
        self.texts += 1 if start < end else 0
        self.open = (end, end)

    def _break(self, tag: str) -> None:
        if tag in BLOCKS:
            self.builder.break_("\n\n")
        elif tag == "br":
            self.builder.break_("\n")
