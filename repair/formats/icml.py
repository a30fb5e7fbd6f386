"""ICML: the stories that Adobe InCopy keeps, as newsrooms do that lay out with InDesign. Every other byte stays.

Notes and deleted text of tracked changes are not read. Each story and each footnote is a text of its own. Styles say
what is a heading, a caption or a quotation, and a language may be declared for any words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from repair.formats.markup import Builder, Context, encode_as
from repair.formats.odt import STYLED
from repair.formats.view import Part
from repair.formats.xmltext import Handler, decode_xml, scan
from repair.text import Kind, vocabulary

APART = vocabulary("Story Footnote")  # each with a text of its own
BLOCKS = vocabulary("ParagraphStyleRange Cell")
UNREAD = vocabulary("Note HiddenText")
OBJECTS = vocabulary("Rectangle Oval Polygon GraphicLine Group TextFrame Button")  # anchored in a line
CHANGE, DELETED = "Change", "DeletedText"
KINDS: dict[str, Kind] = {**STYLED, "headline": "heading"}  # by what is in the names of styles
LANGUAGE = "$ID/"  # begins the names of languages: "$ID/German: 2006 Reform", "$ID/[No Language]"


class Icml:
    """A file of InCopy is one article."""

    def read(self, data: bytes) -> list[Part]:
        source, _ = decode_xml(data)
        reader = _Reader(source)
        scan(source, Handler(reader.start, reader.end, reader.text))
        views = [view for builder in reader.texts if (view := builder.view()).text]
        return [Part(f"[{number}]" if number > 1 else "", view) for number, view in enumerate(views, start=1)]

    def sources(self, data: bytes) -> dict[str, str]:
        return {"": decode_xml(data)[0]}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return encode_as(sources[""], decode_xml(data)[1])


@dataclass(slots=True)
class _Reader:
    source: str
    texts: list[Builder] = field(default_factory=list)  # in the order of their beginnings
    inside: list[Builder] = field(default_factory=list)  # those that are open
    contexts: list[Context] = field(default_factory=lambda: [Context()])
    unread: list[bool] = field(default_factory=lambda: [False])
    content: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        deleted = name == CHANGE and attributes.get("ChangeType") == DELETED
        self.unread.append(self.unread[-1] or name in UNREAD or deleted)
        around = Context() if name in APART else self.contexts[-1]
        self.contexts.append(around.inside(_kind(attributes), _language(attributes), quoted=_quotes(attributes)))
        if name in APART:
            self.texts.append(Builder(self.source))
            self.inside.append(self.texts[-1])
        elif self.inside and not self.unread[-1]:
            self._break(name)
            if name in OBJECTS:
                self.inside[-1].object_()
        self.content = name == "Content"

    def end(self, name: str) -> None:
        self.content = False
        self.contexts.pop()
        if name in APART:
            self.inside.pop()
        elif self.inside and not self.unread[-1]:
            self._break(name)
        self.unread.pop()

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        if self.content and self.inside and not self.unread[-1]:
            self.inside[-1].context = self.contexts[-1]
            self.inside[-1].keep(start, end, node)

    def _break(self, name: str) -> None:
        """The end of a block or its beginning."""
        if name == "Br" or name in BLOCKS:
            self.inside[-1].break_("\n\n")


def _kind(attributes: dict[str, str]) -> Kind | None:
    style = _style(attributes)
    return next((kind for part, kind in KINDS.items() if part in style), None)


def _quotes(attributes: dict[str, str]) -> bool:
    return "quot" in _style(attributes)


def _style(attributes: dict[str, str]) -> str:
    return attributes.get("AppliedParagraphStyle", "").rpartition("/")[2].lower()


def _language(attributes: dict[str, str]) -> str | None:
    """What is declared, as small letters; "" for no language, None where nothing is declared.

    >>> _language({"AppliedLanguage": "$ID/German: 2006 Reform"}), _language({"AppliedLanguage": "$ID/[No Language]"})
    ('german', '')
    """
    declared = attributes.get("AppliedLanguage")
    name = (declared or "").removeprefix(LANGUAGE).partition(":")[0].lower()
    return None if declared is None else "" if name.startswith("[") else name
