"""XML: the text nodes of a document with the offsets where they stand, read by expat; and NITF, the news format in XML.

Nothing is fetched, and a document that defines entities is refused: a few lines of them can stand for gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from repair.formats.elements import OBJECTS, UNSEEN, locked_by
from repair.formats.errors import FormatError
from repair.formats.markup import Builder, Context, decode_as, encode_as, kinds_of
from repair.formats.view import Part
from repair.patience import still_wanted
from repair.text import vocabulary

DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.-]{1,40})")


@dataclass(slots=True)
class Handler:
    """What `scan` calls: for starts with local name and attributes, for ends, and for stretches of text.

    `text` is given the offsets of the stretch, the number of its node, and whether it is CDATA. `at` is where the tag
    begins for which `start` or `end` is called; of no use at the end of an empty element, which has no such tag.
    """

    start: Callable[[str, dict[str, str]], object]
    end: Callable[[str], object]
    text: Callable[[int, int, int, bool], object] = lambda start, end, node, cdata: None
    at: int = 0


def decode_xml(data: bytes) -> tuple[str, str]:
    """The characters of a document and its encoding."""
    declared = DECLARED.search(data[:300].removeprefix(b"\xef\xbb\xbf"))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return decode_as(data, (name,))


def scan(source: str, handler: Handler) -> None:
    """Reads the document in order. Raises FormatError where it is no well-formed XML or defines entities."""
    _Scanner(source, handler).run()


@dataclass(slots=True)
class _Scanner:
    source: str
    handler: Handler
    data: bytes = b""
    node: int = 0
    begin: int = -1  # where the stretch of text that is being read begins
    cdata: bool = False
    last: tuple[int, int] = field(default=(0, 0))  # bytes and characters read so far
    parser: Any = None

    def run(self) -> None:
        self.data = self.source.encode("utf-8")
        self.parser = parser = expat.ParserCreate("utf-8", " ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.SkippedEntityHandler = lambda name, is_parameter: None if is_parameter else self._characters(name)
        parser.StartCdataSectionHandler = self._cdata_starts
        parser.EndCdataSectionHandler = self._cdata_ends
        parser.CommentHandler = lambda data: self._flush()
        parser.ProcessingInstructionHandler = lambda target, data: self._flush()
        parser.EntityDeclHandler = self._refuse
        try:
            parser.Parse(self.data, True)
        except expat.ExpatError as error:
            raise FormatError(f"not well-formed XML ({error})") from None

    def _refuse(self, *declaration: object) -> None:
        raise FormatError("it defines entities of its own, which could stand for any amount of text; refused")

    def _here(self) -> int:
        """The offset in characters of what is being read."""
        bytes_read, characters = self.last
        at = self.parser.CurrentByteIndex
        if at > bytes_read:
            self.last = (at, characters + len(self.data[bytes_read:at].decode("utf-8")))
        return self.last[1]

    def _characters(self, data: str) -> None:
        if self.begin < 0:
            self.begin = self._here()

    def _flush(self) -> None:
        if self.begin >= 0:
            end = self._here()
            begin = self.begin + (
                len("<![CDATA[") if self.cdata and self.source.startswith("<![CDATA[", self.begin) else 0
            )
            self.handler.text(begin, end, self.node, self.cdata)
        self.begin = -1
        self.node += 1

    def _cdata_starts(self) -> None:
        self._flush()
        self.cdata = True

    def _cdata_ends(self) -> None:
        self._flush()
        self.cdata = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        still_wanted()
        self._flush()
        self.handler.at = self._here()
        self.handler.start(name.rpartition(" ")[2], attributes)

    def _end(self, name: str) -> None:
        self._flush()
        self.handler.at = self._here()
        self.handler.end(name.rpartition(" ")[2])


NEWSML = vocabulary("newsItem newsMessage packageItem NewsML NewsItem")  # what carries NITF or XHTML
FEEDS = vocabulary("rss feed RDF")
TRANSLATIONS = vocabulary("xliff tmx")
READ = vocabulary("hedline abstract body.content")
READ_OUTSIDE = vocabulary("headline HeadLine SubHeadLine")  # of NewsML, around what it carries
DESCRIBED = "contentMeta"  # of NewsML-G2, whose description is a summary or a caption
CARRIED = vocabulary("inlineXML DataContent")  # where XHTML may stand for NITF
PLAIN = vocabulary("pre inlineData")  # as the wires send it: paragraphs lie between empty lines
BLOCKS = vocabulary(
    "hedline hl1 hl2 abstract body.content block p table caption thead tbody tfoot tr th td ul ol li dl dt dd bq fn"
    " media media-caption note hr nitf-table headline HeadLine SubHeadLine description inlineData body div h1 h2 h3 h4"
    " h5 h6 blockquote figure figcaption pre"
)
UNREAD = vocabulary(
    "byline dateline distributor rights series credit media-reference media-metadata media-object media-producer"
    " nitf-table-metadata datasource custom-table object.title virtloc pronunciation"
) | (UNSEEN - vocabulary("pre"))
INLINE = OBJECTS | vocabulary("virtloc pronunciation")  # stand in a line, and their text, if any, is not read
QUOTING = vocabulary("bq q blockquote cite")
KINDS = kinds_of(
    {
        "heading": "hedline hl1 hl2 headline HeadLine SubHeadLine h1 h2 h3 h4 h5 h6",
        "cell": "td th",
        "item": "li dt dd",
        "caption": "caption media-caption figcaption description",
        "quote": "bq blockquote",
    }
)
EMPTY_LINE = re.compile(r"\n[ \t\r]*\n\s*")
LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"


class Nitf:
    """A NITF document, by itself or in any other, and NewsML-G2 with XHTML or plain text: headlines, summaries and
    body are one text.
    Of other XML, feeds (`repair.formats.feeds`) and files of translators (`repair.formats.translation`) are read; the
    rest has no text."""

    def read(self, data: bytes) -> list[Part]:
        source, _ = decode_xml(data)
        reader = _Nitf(Builder(source))
        scan(source, Handler(reader.start, reader.end, reader.text))
        if reader.root in FEEDS:
            from repair.formats.feeds import feed_parts

            return list(feed_parts(source))
        if reader.root in TRANSLATIONS:
            from repair.formats.translation import translation_parts

            return list(translation_parts(source))
        view = reader.builder.view()
        return [Part("", view)] if reader.root == "nitf" or view.text else []

    def sources(self, data: bytes) -> dict[str, str]:
        return {"": decode_xml(data)[0]}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return encode_as(sources[""], decode_xml(data)[1])


@dataclass(slots=True)
class _Nitf:
    builder: Builder
    root: str = ""
    open: list[str] = field(default_factory=list)
    reading: list[bool] = field(default_factory=lambda: [False])
    unread: int = 0
    contexts: list[Context] = field(default_factory=lambda: [Context()])

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        self.reading.append(self.reading[-1] or self._is_read(name, attributes))
        self.open.append(name)
        if name in INLINE and self.reading[-1] and not self.unread:
            self.builder.object_()
        self.unread += name in UNREAD
        self._break(name)
        inside = self.contexts[-1].inside(
            kind=KINDS.get(name),
            language=attributes.get(LANGUAGE, attributes.get("lang")),
            locked=locked_by(name, attributes),
            quoted=name in QUOTING,
        )
        self.contexts.append(inside)
        self.builder.context = inside

    def end(self, name: str) -> None:
        self.open.pop()
        self.reading.pop()
        self.unread -= name in UNREAD
        self.contexts.pop()
        self.builder.context = self.contexts[-1]
        self._break(name)

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        if not self.reading[-1] or self.unread:
            return
        put = self.builder.literal if cdata else self.builder.flow
        if not PLAIN.isdisjoint(self.open):
            for gap in EMPTY_LINE.finditer(self.builder.source, start, end):
                put(start, gap.start(), node)
                self.builder.break_("\n\n")
                start = gap.end()
        put(start, end, node)

    def _is_read(self, name: str, attributes: dict[str, str]) -> bool:
        """Does the article's text stand in this element?"""
        if "nitf" in self.open:
            return name in READ
        if self.root not in NEWSML:
            return False
        if name == "inlineData":
            return attributes.get("contenttype", "").startswith("text/plain") and "encoding" not in attributes
        described = name == "description" and self.open[-1] == DESCRIBED
        return name in READ_OUTSIDE or described or (name == "body" and not CARRIED.isdisjoint(self.open))

    def _break(self, name: str) -> None:
        if name in BLOCKS:
            self.builder.break_("\n\n")
        elif name == "br":
            self.builder.break_("\n")
