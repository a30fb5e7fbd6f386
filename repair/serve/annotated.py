"""Text with markup, as LanguageTool's clients send it: what is to be read, and where that stands in the original."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import msgspec

from repair.errors import InputError
from repair.text import Span


class Annotation(msgspec.Struct, frozen=True, rename="camel"):
    """Text to read, or markup to skip, which may stand for some text (`<p>` for a line break)."""

    text: str | None = None
    markup: str | None = None
    interpret_as: str | None = None


class Annotations(msgspec.Struct, frozen=True):
    """The parameter `data` of LanguageTool's API."""

    annotation: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text to read, and its place in the original; `literal` where the two are the same characters."""

    span: Span
    original: Span
    literal: bool


@dataclass(frozen=True, slots=True)
class Annotated:
    """`text` is what is read, `original` all that was sent; the parts tile the text."""

    text: str
    original: str
    parts: tuple[Stretch, ...]

    def locate(self, span: Span) -> Span | None:
        """Where `span` of the text stands in the original; None where it begins or ends in text that markup stands for.

        `span` is not empty.
        """
        first, last = self._part(span.start), self._part(span.end - 1)
        if not (first.literal and last.literal):
            return None
        return Span(
            span.start - first.span.start + first.original.start, span.end - last.span.start + last.original.start
        )

    def _part(self, offset: int) -> Stretch:
        return self.parts[bisect_right(self.parts, offset, key=lambda part: part.span.start) - 1]


def plain(text: str) -> Annotated:
    """Text without markup."""
    return Annotated(text, text, (Stretch(Span(0, len(text)), Span(0, len(text)), True),))


def parse(data: str) -> Annotated:
    """What the parameter `data` holds. Raises InputError where it is not such JSON.

    >>> read = parse('{"annotation": [{"text": "A "}, {"markup": "<b>"}, {"text": "word"}, {"markup": "</b>"}]}')
    >>> read.text, read.locate(Span(2, 6)).of(read.original)
    ('A word', 'word')
    """
    try:
        annotations = msgspec.json.decode(data.encode("utf-8"), type=Annotations).annotation
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InputError(f"data is not a list of annotations: {error}") from None
    read: list[str] = []
    original: list[str] = []
    parts = []
    at = sent_at = 0
    for one in annotations:
        if (one.text is None) == (one.markup is None):
            raise InputError("an annotation has either text or markup")
        shown = one.text if one.text is not None else one.interpret_as or ""
        sent = one.text if one.text is not None else one.markup or ""
        if shown:
            place = Span(sent_at, sent_at + len(sent))
            parts.append(Stretch(Span(at, at + len(shown)), place, one.text is not None))
        read.append(shown)
        original.append(sent)
        at, sent_at = at + len(shown), sent_at + len(sent)
    return Annotated("".join(read), "".join(original), tuple(parts))
