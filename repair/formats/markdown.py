"""Markdown: the file is the text, in the blocks that a Markdown parser sees; code, HTML and quotations are locked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from repair.formats.plain import Plain
from repair.formats.view import CODE, QUOTED, Lock, Part, View, whole
from repair.text import BOM, Block, Kind, Span

LOCKED = {"code_block": CODE, "fence": CODE, "html_block": "inside markup", "blockquote_open": QUOTED}
KINDS: dict[str, Kind] = {
    "heading_open": "heading",
    "table_open": "cell",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "paragraph_open": "paragraph",
}
INNERMOST: tuple[Kind, ...] = ("heading", "cell", "quote", "item", "paragraph")
CODE_SPAN = re.compile(r"(?<!`)(`++)(?!`)(?:(?!\1).){1,4000}?(?<!`)\1(?!`)", re.DOTALL)
HARD = re.compile(r"(?: {2}|\\)(?:\r\n|[\n\r])")


class Markdown(Plain):
    """One file is one article with one text."""

    def read(self, data: bytes) -> list[Part]:
        return [Part("", markdown_view(self.sources(data)[""]))]


def markdown_view(source: str) -> View:
    """The view of a text, all of which is read."""
    text = source.removeprefix(BOM)
    lines = _line_starts(text)
    tokens = MarkdownIt().enable("table").parse(text)
    blocks = tuple(_blocks(text, tokens, lines))
    locks = sorted(chain(_locks(tokens, lines), _code(text, blocks)), key=lambda lock: lock.span)
    return whole(source, locks, blocks)


def _line_starts(text: str) -> list[int]:
    """Where lines start, as CommonMark counts them, with these three line ends."""
    starts = [0]
    for i, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[i + 1 : i + 2] != "\n"):
            starts.append(i + 1)
    return [*starts, len(text)]


def _span(token: Token, lines: list[int]) -> Span | None:
    if not token.map:
        return None
    start, end = (lines[min(line, len(lines) - 1)] for line in token.map)
    return Span(start, end) if start < end else None


def _locks(tokens: list[Token], lines: list[int]) -> Iterator[Lock]:
    for token in tokens:
        if token.type in LOCKED and (span := _span(token, lines)):
            yield Lock(span, LOCKED[token.type])


def _blocks(text: str, tokens: list[Token], lines: list[int]) -> Iterator[Block]:
    inside: list[Kind] = []  # of the elements that are open
    end = 0
    for token in tokens:
        opened = KINDS.get(token.type)
        if opened:
            inside.append(opened)
        elif token.nesting < 0 and f"{token.type.removesuffix('_close')}_open" in KINDS:
            inside.pop()
        span = _span(token, lines)
        if span is None or span.start < end:
            continue
        if token.type in ("fence", "code_block", "html_block"):
            yield Block(span, "code")
        elif token.type == "tr_open":
            yield Block(span, "cell")
        elif token.type == "inline":
            kind = next(kind for kind in INNERMOST if kind in (*inside, "paragraph"))
            borders = [span.start, *(m.end() for m in HARD.finditer(text, span.start, span.end)), span.end]
            yield from (Block(Span(a, b), kind) for a, b in pairwise(borders) if a < b)
        else:
            continue
        end = span.end


def _code(text: str, blocks: tuple[Block, ...]) -> Iterator[Lock]:
    """Code in a line, or over the end of one."""
    for block in blocks:
        if block.kind != "code":
            for match in CODE_SPAN.finditer(text, block.span.start, block.span.end):
                yield Lock(Span(*match.span()), CODE)
