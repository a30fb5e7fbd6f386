"""Feeds: RSS (0.9 to 2.0), Atom, and the posts that WordPress exports (WXR).

Titles, summaries and contents are read as the HTML that they hold, each as a text of its own; names, addresses and
dates stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from repair.formats.elements import BLOCKS, OBJECTS, UNSEEN, inside
from repair.formats.html import html_view
from repair.formats.markup import Builder, Context
from repair.formats.texts import Texts
from repair.formats.view import Part, View, identity
from repair.formats.xmltext import LANGUAGE
from repair.text import vocabulary

TEXTS = vocabulary("title description encoded summary subtitle content")
AROUND = vocabulary("channel item feed entry")


def feed_parts(source: str) -> Iterator[Part]:
    """The texts of a feed, in order."""
    reader = _Feed(source)
    reader.read()
    numbers: dict[str, int] = {}
    for one in reader.texts:
        if (view := one.view()).text:
            numbers[one.name] = numbers.get(one.name, 0) + 1
            yield Part(f"{one.name}[{numbers[one.name]}]", view)


@dataclass(slots=True)
class _Text:
    """One text. `html`: its characters are the source of a page. `contexts` are those of the elements that are open in
    it, as XHTML has them, outermost first."""

    name: str
    builder: Builder
    html: bool
    contexts: list[Context]
    all_cdata: bool = True

    def view(self) -> View:
        outer = self.builder.view()
        if self.all_cdata:
            outer = replace(outer, escape=identity)  # CDATA has no references
        if self.html:
            return replace(html_view(outer.text, self.contexts[0]), outer=replace(outer, locks=(), foreign=()))
        return outer


class _Feed(Texts):
    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.texts: list[_Text] = []
        self.unseen = 0  # elements of XHTML that are open and show no text

    def begin(self, name: str, attributes: dict[str, str]) -> Builder | None:
        if name not in TEXTS or not self.open or self.open[-1] not in AROUND:
            return None
        kind = attributes.get("type", "html" if self.open[0] != "feed" else "text")
        heading = name in ("title", "subtitle")
        context = Context("heading" if heading else "paragraph", self.languages[-1].strip().lower())
        html = kind.endswith("html") and kind != "xhtml"
        self.texts.append(_Text(name, Builder(self.source, context), html, [context]))
        return self.texts[-1].builder

    def starts_inside(self, name: str, attributes: Mapping[str, str]) -> None:
        contexts = self.texts[-1].contexts
        contexts.append(inside(contexts[-1], name, attributes, attributes.get(LANGUAGE, attributes.get("lang"))))
        if name in OBJECTS and not self.unseen:
            self.builder.object_()
        self.unseen += name in UNSEEN
        self._break(name)

    def ends_inside(self, name: str) -> None:
        if self.depth > 1:
            self.texts[-1].contexts.pop()
            self.unseen -= name in UNSEEN
            self._break(name)

    def _break(self, name: str) -> None:
        if name in BLOCKS or name == "br":
            self.builder.break_("\n\n" if name in BLOCKS else "\n")

    def put(self, start: int, end: int, node: int, cdata: bool) -> None:
        if self.unseen:
            return
        self.builder.context = self.texts[-1].contexts[-1]
        self.texts[-1].all_cdata &= cdata
        super().put(start, end, node, cdata)

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        super().text(start, end, node, cdata)
        if not self.depth and self.open[-1] == "language" and len(self.languages) > 2:  # RSS says it for the channel
            self.languages[-2] = self.source[start:end]
            if self.open[-2:] == ["channel", "language"] and self.open[0] == "RDF":  # whose items stand beside it
                self.languages[1] = self.source[start:end]
