"""What might have been meant: alternatives for single words from dictionaries and grammar, to be judged by others.

Names, numbers and quotation marks get none: they are facts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from repair.correct.pivots import TAGS, pivots
from repair.lexemes import ARTICLES, inflected, readings
from repair.source.candidates import meant
from repair.text import Document, Span

PREPOSITIONS = (
    "of",
    "in",
    "on",
    "at",
    "for",
    "to",
    "with",
    "from",
    "by",
    "about",
    "over",
    "into",
    "as",
    "than",
    "between",
)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
MOST = 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """`text` may stand in place of `span`. `kind` says where it comes from, `prior` (nats) how well connected it is."""

    span: Span
    text: str
    kind: str
    prior: float


def candidates(document: Document, span: Span) -> Iterator[Candidate]:
    """Alternatives for each word inside `span`, one word changed at a time."""
    for match in WORD.finditer(document.text, span.start, span.end):
        word = match.group()
        place = Span(*match.span())
        if is_name(document, place) or (word.isupper() and len(word) > 1):
            continue
        for text, prior in meant(document, place):
            yield Candidate(place, text.capitalize() if word[0].isupper() else text, "pivot", prior)
        for text, kind, prior in alternatives(word.lower()):
            yield Candidate(place, text.capitalize() if word[0].isupper() else text, kind, prior)


def alternatives(word: str) -> Iterator[tuple[str, str, float]]:
    """(text, kind, prior) for one lower-case word."""
    if word in PREPOSITIONS:
        yield from ((other, "preposition", 1.0) for other in PREPOSITIONS if other != word)
    elif word in ARTICLES:
        yield from ((other, "article", 1.0) for other in ARTICLES if other != word)
    else:
        for pivot in pivots(word, most=MOST):
            yield pivot.word, "pivot", 0.5 * math.log(pivot.count)
        for form in other_forms(word):
            yield form, "form", 0.5


def other_forms(word: str) -> list[str]:
    """The other inflections of a verb; a noun's number is a fact and stays."""
    found = {inflected(lemma, tag) for lemma in readings(word).get("VERB", ()) for tag in TAGS["VERB"]}
    return sorted(form for form in found if form and form != word)


def is_name(document: Document, place: Span) -> bool:
    """A capital inside a sentence marks a name."""
    if not document.text[place.start].isupper():
        return False
    before = document.text[document.sentence_at(place.start).start : place.start]
    return bool(re.search(r"\w", before))
