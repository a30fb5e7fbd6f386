"""Names of the translation that are none of the source's."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from repair.facts import known
from repair.source.check import Both, Slip
from repair.source.links import NAME, Own
from repair.source.words import SourceWord, likeness
from repair.text import Span

LENGTH = 5
CASED = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}]+")
APART = NAME - 0.2
NOUNS = frozenset(("de", "lb"))  # languages in which every noun has a capital
OPENING = '.!?:;…"“„«»(-–—•|['
SCORE = 0.7


def name_differs(both: Both) -> Iterator[Slip]:
    """A name in the translation that nothing in the source sounds like, where a name of the source is missing.

    One of the two alone is no sign: names are translated, shortened and put in for pronouns.
    """
    if both.aligned.language in NOUNS or not CASED.search(both.source):
        return
    missing, added = list(_missing(both)), list(_added(both))
    if len(missing) == len(added) == 1:
        span = added[0].span
        yield Slip(both.place(span.start, span.end), f"The source has no such name; it has “{missing[0].text}”.", SCORE)


def _missing(both: Both) -> Iterator[SourceWord]:
    """Names of the source of which nothing in the translation sounds like it, and which no dictionary has."""
    for word, met, listed in zip(both.links.source, both.links.met, both.links.known, strict=True):
        if not _inside(both.source, word.span, word.text) or not CASED.fullmatch(word.text) or met or listed:
            continue
        if all(likeness(word.text, own.text) < APART for own in both.links.own):
            yield word


def _added(both: Both) -> Iterator[Own]:
    """Names of the translation that nothing in the source sounds like or is translated by."""
    for own, explained in zip(both.links.own, both.links.explained, strict=True):
        if not _inside(both.text, own.span, own.text) or known(own.text.lower()) or explained:
            continue
        if all(likeness(word.text, own.text) < APART for word in both.links.source):
            yield own


def _inside(text: str, span: Span, word: str) -> bool:
    """Is the word long enough, and has it a capital that is not there because a sentence begins?"""
    before = text[: span.start].rstrip()
    return len(word) >= LENGTH and word[0].isupper() and bool(before) and before[-1] not in OPENING
