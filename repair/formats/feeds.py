"""Feeds: titles, summaries and contents of RSS (0.9 to 2.0) and Atom, and the posts that WordPress exports (WXR), as
the HTML that they hold. Each is a text of its own; names, addresses and dates stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from repair.formats.elements import BLOCKS
from repair.formats.html import html_view
from repair.formats.markup import Builder, Context, in_context
from repair.formats.texts import Texts
from repair.formats.view import Part, View, identity
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
    """One text. `html`: its characters are the source of a page."""

    name: str
    builder: Builder
    html: bool
    context: Context
    all_cdata: bool = True

    def view(self) -> View:
        outer = self.builder.view()
        if self.all_cdata:
            outer = replace(outer, escape=identity)  # CDATA has no references
        if self.html:
            return replace(html_view(outer.text, self.context), outer=replace(outer, locks=(), foreign=()))
        return in_context(outer, self.context)


class _Feed(Texts):
    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.texts: list[_Text] = []

    def begin(self, name: str, attributes: dict[str, str]) -> Builder | None:
        if name not in TEXTS or not self.open or self.open[-1] not in AROUND:
            return None
        kind = attributes.get("type", "html" if self.open[0] != "feed" else "text")
        heading = name in ("title", "subtitle")
        context = Context("heading" if heading else "paragraph", self.languages[-1].strip().lower())
        html = kind.endswith("html") and kind != "xhtml"
        self.texts.append(_Text(name, Builder(self.source), html, context))
        return self.texts[-1].builder

    def starts_inside(self, name: str) -> None:
        if name in BLOCKS:  # of XHTML
            self.builder.break_("\n\n")

    def ends_inside(self, name: str) -> None:
        if self.depth > 1 and name in BLOCKS:
            self.builder.break_("\n\n")

    def put(self, start: int, end: int, node: int, cdata: bool) -> None:
        self.texts[-1].all_cdata &= cdata
        super().put(start, end, node, cdata)

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        super().text(start, end, node, cdata)
        if not self.depth and self.open[-1] == "language" and len(self.languages) > 2:  # RSS says it for the channel
            self.languages[-2] = self.source[start:end]
            if self.open[-2:] == ["channel", "language"] and self.open[0] == "RDF":  # whose items stand beside it
                self.languages[1] = self.source[start:end]
