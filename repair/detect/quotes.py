"""Rules for quotation marks that lost their direction, their partner or their place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.rule import BLANK, Hit, Page, Rule, mark  # noqa: F401 - mark is for the examples
from repair.detect.wording import word_set
from repair.text import Span

OPENING_AS_CLOSING = re.compile(rf"(?<=[\w.,!?…]){BLANK}*+“(?={BLANK}*+$)|(?<=[a-z.,!?…])“(?=[\s.,;:!?])", re.M)
CLOSING_AS_OPENING = re.compile(r"(?:(?<=[^\s.,!?…:;][ (])|^)”(?=\w)", re.M)
SWAPPED = re.compile(r"(?<=\w{2})” (\w++) “(?=[a-z])")
TYPOGRAPHIC = re.compile("[“”„]")
JOINERS = word_set(
    """and or but nor to as is was are were with of in for from by than not versus vs while then that like on at the
    a an over into against called means said says became become via per plus"""
)


def closing_quote(page: Page) -> Iterator[Hit]:
    """An opening quotation mark stands where a closing one belongs, at the end of a paragraph or before a mark.

    Why: nothing is left to be quoted; translation confuses the two marks, often with a stray space.

    Left alone: marks in languages that close with “ (the opening mark „ shows them).

    >>> mark(closing_quote, "He said: “We will go . “")
    'He said: “We will go .[ “|”]'
    >>> mark(closing_quote, "„Das Boot“ is a film, and “It” another.")
    '„Das Boot“ is a film, and “It” another.'
    """
    if "„" in page.text:
        return
    for match in OPENING_AS_CLOSING.finditer(page.text):
        yield Hit(*match.span(), "”")


def opening_quote(page: Page) -> Iterator[Hit]:
    """A closing quotation mark stands where an opening one belongs, before a word.

    Why: the reader takes it for the end of a quotation.

    Left alone: closing marks after a word, with or without the space that belongs there.

    >>> mark(opening_quote, "He called it ”unfair” and left.")
    'He called it [”|“]unfair” and left.'
    >>> mark(opening_quote, "He called it “unfair” and left.")
    'He called it “unfair” and left.'
    """
    if "„" in page.text:
        return
    for match in CLOSING_AS_OPENING.finditer(page.text):
        yield Hit(*match.span(), "“")


def swapped_quotes(page: Page) -> Iterator[Hit]:
    """A single word stands between a closing mark and an opening one, as if the word had been quoted.

    Why: in `say better” no “to things` the marks are turned inside out: “no” was the quoted word.

    Left alone: words that join two quotations (and, or, to, than, is, ...), and quotations that end in a mark.

    >>> mark(swapped_quotes, "We should say” no “to such plans.")
    'We should say[” no “| “no” ]to such plans.'
    >>> mark(swapped_quotes, "From “good” to “bad”, the “one” and the “other”.")
    'From “good” to “bad”, the “one” and the “other”.'
    """
    for match in SWAPPED.finditer(page.text):
        if match[1].lower() not in JOINERS:
            yield Hit(*match.span(), f" “{match[1]}” ")


def unpaired_quote(page: Page) -> Iterator[Hit]:
    """A typographic quotation mark has no partner in its paragraph.

    Why: the reader cannot tell where the quotation begins or ends, nor whose words these are.

    Left alone: quotations that go on over paragraphs, opened anew or not and closed once; quotations in quotations;
    texts of one paragraph, which may be cut from the middle of a quotation; texts with straight marks beside the
    typographic ones, or with marks that the other rules here already explain.

    >>> mark(unpaired_quote, "The talks went on.\\nHe said it was “a good day for all.\\nThen he left.")
    'The talks went on.\\nHe said it was [“]a good day for all.\\nThen he left.'
    >>> mark(unpaired_quote, "“This is long.\\n“It goes on.”\\nThen he left.")
    '“This is long.\\n“It goes on.”\\nThen he left.'
    >>> mark(unpaired_quote, "He said: “It is a “good” day.”\\nShe said: “It goes on.\\nIt ends.”")
    'He said: “It is a “good” day.”\\nShe said: “It goes on.\\nIt ends.”'
    """
    text = page.text
    if len(page.paragraphs) < 2 or "„" in text or '"' in text:
        return
    explained = {h.end - 1 for find in (closing_quote, opening_quote) for h in find(page)}
    explained.update(i for h in swapped_quotes(page) for i in (h.start, h.end - 1))
    open_ones: list[int] = []  # marks that wait for their partner, the innermost last
    for paragraph in page.paragraphs:
        for match in TYPOGRAPHIC.finditer(text, paragraph.start, paragraph.end):
            position = match.start()
            if position in explained:
                return
            if match.group() == "”":
                if not open_ones:
                    yield Hit(position, position + 1)
                open_ones = open_ones[:-1]
            elif position == paragraph.start and open_ones:
                open_ones = [position]  # the quotation goes on
            else:
                open_ones.append(position)
    for position in open_ones:
        yield Hit(position, position + 1)


RULES = (
    Rule(closing_quote, "fluency/punctuation", "minor", 0.95, 0.9, "An opening quotation mark where a quotation ends."),
    Rule(opening_quote, "fluency/punctuation", "minor", 0.9, 0.85, "A closing quotation mark before a word."),
    Rule(swapped_quotes, "fluency/punctuation", "major", 0.8, 0.6, "Quotation marks turned inside out."),
    Rule(unpaired_quote, "fluency/punctuation", "minor", 0.8, 0.0, "Quotation mark without a partner."),
)
