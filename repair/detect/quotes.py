"""Rules for quotation marks that lost their direction, their partner or their place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.rule import BLANK, Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.wording import word_set

OPENING_AS_CLOSING = re.compile(rf"(?<=[\w.,!?…]){BLANK}*+“(?={BLANK}*+$)|(?<=[a-z.,!?…])“(?=[\s.,;:!?])", re.M)
CLOSING_AS_OPENING = re.compile(r"(?:(?<=[^\s.,!?…:;][ (])|^)”(?=\w)", re.M)
SWAPPED = re.compile(r"(?<=\w{2})” (\w++) “(?=[a-z])")
BODY = r"[^\n„«»`“”\"]{1,400}?"
FOREIGN = tuple(
    re.compile(rf"({first}){BODY}({last})")
    for first, last in (
        ("„", "[“”\"]|''"),
        (rf"«{BLANK}?", rf"{BLANK}?»"),
        (rf"``{BLANK}?", rf"{BLANK}?(?:''|\")"),
        (r"(?<!\w),,(?=\w)", "''|[“”\"]"),
    )
)
TYPESET = FOREIGN[2]
ANSWERS = word_set("no yes not never nothing nobody okay ok stop enough maybe")
SHORT = 30  # characters of a quotation of a word or two


@rule("fluency/punctuation", "minor", "An opening quotation mark where a quotation ends.", score=0.95, fix_score=0.9)
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


@rule("fluency/punctuation", "minor", "A closing quotation mark before a word.", score=0.9, fix_score=0.85)
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


@rule("fluency/punctuation", "major", "Quotation marks turned inside out.", score=0.8, fix_score=0.6)
def swapped_quotes(page: Page) -> Iterator[Hit]:
    """A single word stands between a closing mark and an opening one, as if the word had been quoted.

    Why: in `say better” no “to things` the marks are turned inside out: “no” was the quoted word.

    Left alone: words that join two quotations ("fun” he “said", "hired”, “genius”): only what is said as an answer is
    taken for the quoted word, and only where no short quotation ends or begins beside it.

    >>> mark(swapped_quotes, "We should say” no “to such plans.")
    'We should say[” no “| “no” ]to such plans.'
    >>> mark(swapped_quotes, "From “good” to “bad”, the “one” and the “other”.")
    'From “good” to “bad”, the “one” and the “other”.'
    >>> mark(swapped_quotes, "He said “yes” not “no” and “maybe” never “surely” to those who “hired” him.")
    'He said “yes” not “no” and “maybe” never “surely” to those who “hired” him.'
    """
    text = page.text
    for match in SWAPPED.finditer(text):
        near = text[max(match.start() - SHORT, 0) : match.start()], text[match.end() : match.end() + SHORT]
        if match[1].lower() in ANSWERS and "“" not in near[0] and "”" not in near[1]:
            yield Hit(*match.span(), f" “{match[1]}” ")


@rule("fluency/punctuation", "minor", "Quotation marks of another language.", score=0.95, fix_score=0.6)
def foreign_quotes(page: Page) -> Iterator[Hit]:
    """Quotation marks of another language or of a typesetter („…“, «…», ,,…'', ``…'').

    Why: English sets “…” or straight marks; the others came over from the source. The fix takes those of the text, and
    gives the mark that ends a typesetter's quotation its space.

    Left alone: two single marks that are an inch sign or stand in code, and doubled commas that open nothing.

    >>> mark(foreign_quotes, "He spoke of „a good day“ and « a bad one », of ,,nothing'' and ``all''.")
    'He spoke of [„|"]a good day[“|"] and [« |"]a bad one[ »|"], of [,,|"]nothing[\\'\\'|"] and [``|"]all[\\'\\'|"].'
    >>> mark(foreign_quotes, "``It kills smokers, ''said Andre.")
    '[``|"]It kills smokers,[ \\'\\'|" ]said Andre.'
    >>> mark(foreign_quotes, "A 5'' pipe, “good” and ''bad'' marks; he left,, it said.")
    "A 5'' pipe, “good” and ''bad'' marks; he left,, it said."
    """
    text = page.text
    opening, closing = "“”" if "”" in text else '""'
    for pair in FOREIGN:
        for match in pair.finditer(text):
            typeset = pair is TYPESET
            if typeset and "&#39;&#39;" in match[0]:
                continue  # the mark that ends it is still to be read
            glued = typeset and text[match.start() - 1 : match.start()].isalnum() and match.start() > 0
            yield Hit(*match.span(1), " " * glued + opening, trusted=typeset)
            if match[2] != closing:
                after = text[match.end(2) : match.end(2) + 1]
                lost = typeset and (after.isalnum() or after in ("(", "["))
                yield Hit(*match.span(2), closing + " " * lost, trusted=typeset)
