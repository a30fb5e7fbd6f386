"""ODT: the paragraphs of a text of OpenDocument (LibreOffice). Every other byte of the package's files stays.

Of tracked changes what was inserted is read and what was deleted is not. The text of each text box and of each note is
a text of its own. Styles say what is a quotation, a caption or in another language.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from repair.formats.markup import Builder, Context
from repair.formats.package import Package
from repair.formats.view import CODE, View
from repair.formats.xmltext import Handler, scan
from repair.text import Kind, vocabulary

UNREAD = vocabulary(
    "tracked-changes annotation note-citation forms scripts ruby-text sequence-decls user-field-decls title desc object"
    " table-of-content illustration-index table-index object-index user-index alphabetical-index bibliography"
)
OBJECTS = vocabulary("frame rect custom-shape line ellipse polyline path control")  # of drawings, in a line
APART = vocabulary("note-body text-box")  # whose text is one more
KINDS: dict[str, Kind] = {"h": "heading", "list-item": "item", "table-cell": "cell"}
STYLED: dict[str, Kind] = {
    "heading": "heading", "title": "heading", "caption": "caption", "illustration": "caption", "figure": "caption",
    "quot": "quote",
}  # fmt: skip
# what the program writes anew when the document is opened
FIELDS = vocabulary(
    "page-number page-count date time creation-date creation-time modification-date author-name author-initials chapter"
    " file-name sequence sequence-ref bookmark-ref reference-ref note-ref bibliography-mark variable-set variable-get"
    " user-field-get expression subject word-count character-count placeholder"
)
CODES = ("source_20_text", "preformatted")  # in the names of styles


class Odt(Package):
    """A text of OpenDocument."""

    members = ("content.xml",)
    kind = "OpenDocument text"

    def views(self, source: str) -> list[list[View]]:
        reader = _Reader(source)
        scan(source, Handler(reader.start, reader.end, reader.text))
        return [[builder.view()] for builder in (reader.texts[0].builder, *reader.apart)]


@dataclass(slots=True)
class _Text:
    """A text that is being read: its open elements' contexts, and how many of its paragraphs are open."""

    builder: Builder
    contexts: list[Context]
    paragraphs: int = 0


@dataclass(frozen=True, slots=True)
class _Style:
    parent: str = ""
    language: str | None = None


@dataclass(slots=True)
class _Reader:
    source: str
    texts: list[_Text] = field(default_factory=list)
    apart: list[Builder] = field(default_factory=list)
    styles: dict[str, _Style] = field(default_factory=dict)
    style: str = ""  # the one that is being told
    unread: int = 0

    def __post_init__(self) -> None:
        self.texts.append(_Text(Builder(self.source), [Context()]))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        told = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "style":
            self.style = told.get("name", "")
            self.styles[self.style] = _Style(told.get("parent-style-name", ""))
        elif name == "text-properties" and told.get("language", "none") not in ("none", "zxx"):
            self.styles[self.style] = _Style(self.styles.get(self.style, _Style()).parent, told["language"])
        if name in FIELDS and not self.unread and self.texts[-1].paragraphs:
            self.texts[-1].builder.object_()
        self.unread += name in UNREAD or name in FIELDS
        if self.unread:
            return
        if name in APART:
            self.texts.append(_Text(Builder(self.source), [Context()]))
        text = self.texts[-1]
        text.contexts.append(self._context(text.contexts[-1], name, told.get("style-name", "")))
        text.builder.context = text.contexts[-1]
        if name in ("p", "h"):
            text.builder.break_("\n\n")
            text.paragraphs += 1
        elif text.paragraphs and name in OBJECTS:
            text.builder.object_()
        elif text.paragraphs and name == "line-break":
            text.builder.break_("\n")
        elif text.paragraphs and name in ("s", "tab"):
            text.builder.sign("\t" if name == "tab" else " " * int(told.get("c", "1")))

    def end(self, name: str) -> None:
        if self.unread:
            self.unread -= name in UNREAD or name in FIELDS
            return
        text = self.texts[-1]
        text.contexts.pop()
        text.builder.context = text.contexts[-1]
        if name in ("p", "h"):
            text.builder.break_("\n\n")
            text.paragraphs -= 1
        elif name in APART:
            self.apart.append(self.texts.pop().builder)

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        text = self.texts[-1]
        if text.paragraphs and not self.unread:
            (text.builder.literal if cdata else text.builder.flow)(start, end, node)

    def _context(self, around: Context, name: str, style: str) -> Context:
        """What holds inside an element of this name and style."""
        named, language = self._styled(style)
        kind = KINDS.get(name)
        if name == "p":
            kind = next((kind for part, kind in STYLED.items() if part in named), None)
        code = any(part in named for part in CODES)
        return around.inside(kind, language, CODE if code else "", "quot" in named)

    def _styled(self, style: str) -> tuple[str, str | None]:
        """The names of a style and of those it is made from, and the language it declares."""
        names, language = "", None
        for _ in range(9):
            if not style:
                break
            names += f"{style.lower()} "
            found = self.styles.get(style, _Style())
            language = found.language if language is None else language
            style = found.parent
        return names, language
