"""DOCX: the text runs of a Word document. Every run keeps its style, and every other byte of the package's files stays.

Of tracked changes what was inserted is read and what was deleted is not, as on the page that Word shows. The text of
each text box, and that of foot- and endnotes, is a text of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from repair.formats.errors import FormatError
from repair.formats.markup import Builder, encode_as
from repair.formats.packed import Make, open_zip, read_member, rewrite
from repair.formats.plain import QUOTED
from repair.formats.view import Part, View
from repair.formats.xmltext import Handler, decode_xml, scan
from repair.text import vocabulary

MEMBERS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
WORDML = "wordprocessingml"
SPACE = "http://www.w3.org/XML/1998/namespace space"
UNREAD = vocabulary("del moveFrom Fallback pPrChange rPrChange instrText delText")
SIGNS = {"tab": "\t", "noBreakHyphen": "\u2011"}


class Docx:
    """One document is one article."""

    def read(self, data: bytes) -> list[Part]:
        parts = []
        for member, source in self.sources(data).items():
            for number, view in enumerate(_views(source)):
                if view.text.strip():
                    name = member.removeprefix("word/").removesuffix(".xml") + (f"[{number}]" if number else "")
                    parts.append(Part(name, view, member))
        return parts

    def sources(self, data: bytes) -> dict[str, str]:
        with open_zip(BytesIO(data)) as package:
            names = set(package.namelist())
            if MEMBERS[0] not in names:
                raise FormatError("not a Word document: it has no word/document.xml")
            return {name: decode_xml(read_member(package, name))[0] for name in MEMBERS if name in names}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        former = self.sources(data)
        target = BytesIO()

        def changed(name: str) -> Make | None:
            if name not in sources or sources[name] == former[name]:
                return None
            return lambda content: encode_as(sources[name], decode_xml(content)[1])

        rewrite(BytesIO(data), target, changed)
        return target.getvalue()


def _views(source: str) -> list[View]:
    """The text of the document, then those of its text boxes."""
    reader = _Reader(source)
    scan(source, Handler(reader.start, reader.end, reader.text))
    return [builder.view() for builder in (reader.stack[0], *reader.boxes)]


@dataclass(slots=True)
class _Reader:
    source: str
    stack: list[Builder] = field(default_factory=list)
    boxes: list[Builder] = field(default_factory=list)
    unread: int = 0
    runs: int = 0
    texts: int = 0
    preserved: bool = False

    def __post_init__(self) -> None:
        self.stack.append(Builder(self.source))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.unread += name in UNREAD
        if self.unread:
            return
        builder = self.stack[-1]
        if name == "txbxContent":
            self.stack.append(Builder(self.source))
        elif name == "p":
            builder.break_("\n\n")
        elif name == "pStyle":
            if "quote" in next((v for k, v in attributes.items() if k.endswith(" val")), "").lower():
                builder.lock(QUOTED)
        elif name == "r":
            self.runs += 1
        elif name == "t":
            self.texts += 1
            self.preserved = attributes.get(SPACE) == "preserve"
        elif self.runs and name in ("br", "cr"):
            builder.break_("\n")
        elif self.runs and name in SIGNS:  # outside a run these are settings
            builder.sign(SIGNS[name])

    def end(self, name: str) -> None:
        if name in UNREAD:
            self.unread -= 1
        elif not self.unread:
            if name == "txbxContent":
                self.boxes.append(self.stack.pop())
            elif name == "p":
                self.stack[-1].unlock(QUOTED)
                self.stack[-1].break_("\n\n")
            elif name == "t":
                self.texts -= 1
            elif name == "r":
                self.runs -= 1

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        if self.unread or not self.texts:
            return
        if not self.preserved:  # Word drops white space at the ends of such a run
            while start < end and self.source[start].isspace():
                start += 1
            while end > start and self.source[end - 1].isspace():
                end -= 1
        (self.stack[-1].literal if cdata else self.stack[-1].keep)(start, end, node)
