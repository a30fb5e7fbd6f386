"""DOCX: the text runs of a Word document. Every run keeps its style, and every other byte of the package's files stays.

Of tracked changes what was inserted is read and what was deleted is not, as on the page that Word shows. The text of
each text box, and that of foot- and endnotes, is a text of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from repair.formats.markup import Builder, Context
from repair.formats.package import Package
from repair.formats.view import View
from repair.formats.xmltext import Handler, scan
from repair.text import Kind, vocabulary

MEMBERS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
SPACE = "http://www.w3.org/XML/1998/namespace space"
UNREAD = vocabulary("del moveFrom pPrChange rPrChange instrText delText")
OBJECTS = vocabulary("drawing pict object oMath sym")  # what else a line holds; a text box inside is a text of its own
SIGNS = {"tab": "\t", "noBreakHyphen": "\u2011"}
STYLES: dict[str, Kind] = {"heading": "heading", "title": "heading", "caption": "caption", "list": "item"}


class Docx(Package):
    """A Word document; the text of each text box and of each part of notes is one more."""

    members = MEMBERS
    kind = "Word document"

    def views(self, source: str) -> list[list[View]]:
        return _views(source)


def _views(source: str) -> list[list[View]]:
    """The text of the document, then those of its text boxes, each with those that old programs show in its place."""
    reader = _Reader(source)
    scan(source, Handler(reader.start, reader.end, reader.text))
    texts = [[reader.stack[0].view()]]
    for box in reader.boxes:
        view = box.builder.view()
        twin = None
        if box.fallback:
            twin = next((t for t in reversed(texts[1:]) if t[0].text == view.text and len(t) == 1), None)
        if twin:
            twin.append(view)
        else:
            texts.append([view])
    return texts


@dataclass(frozen=True, slots=True)
class _Box:
    builder: Builder
    fallback: bool


@dataclass(slots=True)
class _Reader:
    source: str
    stack: list[Builder] = field(default_factory=list)
    boxes: list[_Box] = field(default_factory=list)
    unread: int = 0
    fallback: int = 0
    formula: int = 0
    runs: list[int] = field(default_factory=lambda: [0])  # open in each text of the stack
    texts: int = 0
    cells: int = 0
    preserved: bool = False

    def __post_init__(self) -> None:
        self.stack.append(Builder(self.source))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.unread += name in UNREAD
        self.fallback += name == "Fallback"
        if name in OBJECTS and not self.unread and not self.formula and not self.fallback:
            self.stack[-1].object_()
        self.formula += name == "oMath"
        if self.unread or self.formula:
            return
        builder = self.stack[-1]
        value = next((v for k, v in attributes.items() if k.endswith(" val")), "")
        if name == "txbxContent":
            self.stack.append(Builder(self.source))
            self.runs.append(0)
        elif name == "tc":
            self.cells += 1
        elif name == "p":
            builder.break_("\n\n")
            builder.context = Context("cell" if self.cells and len(self.stack) == 1 else "paragraph")
        elif name == "pStyle":
            builder.context = _styled(builder.context, value.lower())
        elif name == "numPr":
            builder.context = builder.context.inside(kind="item")
        elif name == "r":
            self.runs[-1] += 1
        elif name == "lang" and self.runs[-1]:
            builder.context = builder.context.inside(language=value)
        elif name == "t":
            self.texts += 1
            self.preserved = attributes.get(SPACE) == "preserve"
        elif self.runs[-1] and name in ("br", "cr"):
            builder.break_("\n")
        elif self.runs[-1] and name in SIGNS:  # outside a run these are settings
            builder.sign(SIGNS[name])

    def end(self, name: str) -> None:
        self.formula -= name == "oMath"
        self.fallback -= name == "Fallback"
        if name in UNREAD:
            self.unread -= 1
        elif self.unread or self.formula:
            return
        elif name == "txbxContent":
            self.boxes.append(_Box(self.stack.pop(), self.fallback > 0))
            self.runs.pop()
        elif name == "tc":
            self.cells -= 1
        elif name == "p":
            self.stack[-1].break_("\n\n")
        elif name == "t":
            self.texts -= 1
        elif name == "r":
            self.runs[-1] -= 1
            self.stack[-1].context = self.stack[-1].context.inside(language="")

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        if self.unread or self.formula or not self.texts or (self.fallback and len(self.stack) == 1):
            return
        if not self.preserved:  # Word drops white space at the ends of such a run
            while start < end and self.source[start].isspace():
                start += 1
            while end > start and self.source[end - 1].isspace():
                end -= 1
        (self.stack[-1].literal if cdata else self.stack[-1].keep)(start, end, node)


def _styled(context: Context, style: str) -> Context:
    """What a paragraph's style says of it; styles are named in English inside the file, whatever Word shows."""
    kind = next((kind for start, kind in STYLES.items() if start in style), None)
    return context.inside(kind="quote" if "quote" in style else kind, quoted="quote" in style)
