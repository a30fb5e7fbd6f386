"""HTML: the text nodes, in paragraphs as a reader sees them. Tags, attributes, comments and scripts stay."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from repair.formats.errors import FormatError
from repair.formats.markup import Builder, decode_as, encode_as
from repair.formats.view import Part, View
from repair.protect import SWITCH
from repair.text import vocabulary

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})", re.IGNORECASE)
# What browsers take these for (https://encoding.spec.whatwg.org).
ALIASES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
BLOCKS = vocabulary(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main nav ol p section summary table tbody td tfoot th"
    " thead title tr ul"
)
UNSEEN = vocabulary(
    "script style template noscript noembed noframes svg math iframe object select button textarea pre xmp listing"
    " plaintext canvas audio video map"
)
LOCKED = dict.fromkeys(vocabulary("code kbd samp var tt"), "inside code") | dict.fromkeys(
    vocabulary("blockquote q"), "inside a quotation: what was said is not rewritten unasked"
)
OFF = "switched off by a comment"


class Html:
    """One page is one article with one text."""

    def read(self, data: bytes) -> list[Part]:
        return [Part("", html_view(self.decode(data)[0]))]

    def decode(self, data: bytes) -> tuple[str, str]:
        declared = CHARSET.search(data[:4096])
        name = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
        bom = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ()
        return decode_as(data, (*bom, "utf-8", ALIASES.get(name, name), name))

    def sources(self, data: bytes) -> dict[str, str]:
        return {"": self.decode(data)[0]}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return encode_as(sources[""], self.decode(data)[1])


def html_view(source: str) -> View:
    """The view of a page, or of a piece of one."""
    reader = _Reader(source)
    try:
        reader.feed(source)
        reader.close()
    except (AssertionError, ValueError) as error:
        raise FormatError(f"not readable as HTML ({error})") from None
    return reader.view()


class _Reader(HTMLParser):
    """Sends every stretch of text to the builder with the offsets where it stands."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.lines = [0, *(match.end() for match in re.finditer("\n", source))]
        self.builder = Builder(source)
        self.node = 0
        self.open = (0, 0)  # the stretch of text that is being read
        self.inside: dict[str, int] = {}  # unseen and locked elements that are open

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
        self._flush()
        if tag in UNSEEN or tag in LOCKED:
            self.inside[tag] = self.inside.get(tag, 0) + 1
        self._break(tag)
        if tag in LOCKED:
            self.builder.lock(LOCKED[tag])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # "<br/>" is a start tag to a browser; of "<svg/>" nothing is inside
        self._flush()
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        if self.inside.get(tag):
            self.inside[tag] -= 1
            if tag in LOCKED and not any(self.inside.get(t) for t, why in LOCKED.items() if why == LOCKED[tag]):
                self.builder.unlock(LOCKED[tag])
        self._break(tag)

    def handle_comment(self, data: str) -> None:
        self._flush()
        if match := SWITCH.fullmatch(f"<!--{data}-->"):
            (self.builder.lock if match[1] == "off" else self.builder.unlock)(OFF)

    def handle_decl(self, decl: str) -> None:
        self._flush()

    def handle_pi(self, data: str) -> None:
        self._flush()

    def unknown_decl(self, data: str) -> None:
        self._flush()

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
        if start < end and not any(self.inside.get(tag) for tag in UNSEEN):
            self.builder.flow(start, end, self.node)
        self.node += 1
        self.open = (end, end)

    def _break(self, tag: str) -> None:
        if tag in BLOCKS:
            self.builder.break_("\n\n")
        elif tag == "br":
            self.builder.break_("\n")
