"""Plain text and Markdown: UTF-8, the file is the text. What is no prose is protected by `repair.protect`; code blocks
and quotations that only a Markdown parser sees are locked here."""

from __future__ import annotations

from collections.abc import Iterator

from repair.errors import InputError
from repair.formats.errors import FormatError
from repair.formats.view import Lock, Part, whole
from repair.text import Span, decode, encode

QUOTED = "inside a quotation: what was said is not rewritten unasked"
LOCKED = {"code_block": "inside code", "fence": "inside code", "html_block": "inside markup", "blockquote_open": QUOTED}


class Plain:
    """One file is one article with one text."""

    def read(self, data: bytes) -> list[Part]:
        return [Part("", whole(self.sources(data)[""]))]

    def sources(self, data: bytes) -> dict[str, str]:
        try:
            return {"": decode(data, "")}
        except InputError as error:
            raise FormatError(str(error).removeprefix(": ")) from None

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return encode(sources[""])


class Markdown(Plain):
    """As plain text, with the blocks left alone that are code, HTML or quoted."""

    def read(self, data: bytes) -> list[Part]:
        text = self.sources(data)[""]
        return [Part("", whole(text, _locks(text)))]


def _locks(text: str) -> Iterator[Lock]:
    from markdown_it import MarkdownIt

    # the parser counts lines as CommonMark does, with these three line ends
    starts = [0]
    for i, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[i + 1 : i + 2] != "\n"):
            starts.append(i + 1)
    starts.append(len(text))
    for token in MarkdownIt().parse(text):
        if token.type in LOCKED and token.map:
            start, end = (starts[min(line, len(starts) - 1)] for line in token.map)
            if start < end:
                yield Lock(Span(start, end), LOCKED[token.type])
