"""Feeds: titles, summaries and contents of RSS and Atom, and the posts that WordPress exports (WXR), as the HTML that
they hold. Each is a text of its own; names, addresses and dates stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from repair.formats.elements import BLOCKS
from repair.formats.html import html_view
from repair.formats.markup import Builder, Context, in_context
from repair.formats.view import Part, View, identity
from repair.formats.xmltext import LANGUAGE, Handler, scan
from repair.text import vocabulary

TEXTS = vocabulary("title description encoded summary subtitle content")
AROUND = vocabulary("channel item feed entry")


def feed_parts(source: str) -> Iterator[Part]:
    """The texts of a feed, in order."""
    reader = _Feed(source)
    scan(source, Handler(reader.start, reader.end, reader.text))
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


@dataclass(slots=True)
class _Feed:
    source: str
    texts: list[_Text] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=lambda: [""])
    depth: int = 0  # of the elements from the one that holds the text that is being read

    def start(self, name: str, attributes: dict[str, str]) -> None:
        language = attributes.get(LANGUAGE, self.languages[-1])
        if self.depth:
            self._inside(name)
        elif name in TEXTS and self.open and self.open[-1] in AROUND:
            kind = attributes.get("type", "html" if self.open[0] != "feed" else "text")
            heading = name in ("title", "subtitle")
            context = Context("heading" if heading else "paragraph", language.strip().lower())
            self.texts.append(_Text(name, Builder(self.source), kind.endswith("html") and kind != "xhtml", context))
            self.depth = 1
        self.open.append(name)
        self.languages.append(language)

    def end(self, name: str) -> None:
        self.open.pop()
        self.languages.pop()
        if self.depth > 1 and name in BLOCKS:
            self.texts[-1].builder.break_("\n\n")
        self.depth -= self.depth > 0

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        if self.depth:
            text = self.texts[-1]
            text.all_cdata &= cdata
            (text.builder.literal if cdata else text.builder.flow)(start, end, node)
        elif self.open[-1] == "language" and len(self.languages) > 1:  # RSS says it for the channel
            self.languages[-2] = self.source[start:end]

    def _inside(self, name: str) -> None:
        """An element in a text: XHTML."""
        self.depth += 1
        if name in BLOCKS:
            self.texts[-1].builder.break_("\n\n")
