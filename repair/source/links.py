"""Which words of a sentence and of its source translate each other, as dictionaries and names tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from repair.lexemes import FUNCTION_WORDS, readings
from repair.source.translations import lemma, translations
from repair.source.words import UNSPACED, WORD, SourceWord, likeness, source_words
from repair.text import Span

NAME = 0.62  # from this likeness on two names are one
NAME_LENGTH = 3
LONGEST = 4  # characters of a word in a script without spaces


@dataclass(frozen=True, slots=True)
class Own:
    """A word of the translation. `lemmas` are what it may be looked up as."""

    span: Span
    text: str
    lemmas: frozenset[str]

    @property
    def small(self) -> bool:
        return self.text.lower() in FUNCTION_WORDS


@dataclass(frozen=True, slots=True)
class Links:
    """`explained[j]` is the best share with which a source word is translated by the English word `j`, and `by[j]` that
    source word's number, or None; `met[i]` the best share of source word `i`; `known[i]` says that a dictionary has it.
    """

    source: tuple[SourceWord, ...]
    own: tuple[Own, ...]
    explained: tuple[float, ...]
    by: tuple[int | None, ...]
    met: tuple[float, ...]
    known: tuple[bool, ...]

    def place(self, offset: int) -> int:
        """Where in the translation something from `offset` of the source would stand: after the word that translates
        the source word before it, or at the end."""
        before = [i for i, word in enumerate(self.source) if word.span.end <= offset]
        for i in reversed(before):
            linked = [j for j, by in enumerate(self.by) if by == i]
            if linked:
                return self.own[linked[-1]].span.end
        return self.own[-1].span.end if self.own else 0


@lru_cache(maxsize=512)
def links(source: str, text: str, language: str) -> Links:
    """The links of one pair."""
    theirs = tuple(segmented(source, language))
    ours = tuple(Own(Span(*m.span()), m[0], lemmas(m[0])) for m in WORD.finditer(text))
    explained, by = [0.0] * len(ours), list[int | None]([None] * len(ours))
    met = [0.0] * len(theirs)
    tables = [translations(word.low, language) for word in theirs]
    for i, (word, table) in enumerate(zip(theirs, tables, strict=True)):
        for j, own in enumerate(ours):
            share = max((table[one] for one in own.lemmas if one in table), default=0.0)
            if share < NAME and len(own.text) > NAME_LENGTH and not own.small:
                alike = likeness(word.text, own.text) if word.capital or own.text[0].isupper() else 0.0
                alike = 1.0 if word.low == own.text.casefold() else alike
                share = max(share, alike if alike >= NAME else 0.0)
            if share > explained[j] or (share == explained[j] > 0 and closer(i, by[j], j, len(theirs), len(ours))):
                explained[j], by[j] = share, i
            met[i] = max(met[i], share)
    return Links(theirs, ours, tuple(explained), tuple(by), tuple(met), tuple(bool(table) for table in tables))


def closer(i: int, former: int | None, j: int, n: int, m: int) -> bool:
    """Does source word `i` stand nearer to where word `j` stands than `former` does?"""
    return former is None or abs(i / n - j / m) < abs(former / n - j / m)


@lru_cache(maxsize=50_000)
def lemmas(word: str) -> frozenset[str]:
    """Every lemma of an English word as it stands in a text."""
    low = word.lower().replace("’", "'").removesuffix("'s")
    return frozenset((low, lemma(low), *(one for some in readings(low).values() for one in some)))


def segmented(source: str, language: str) -> list[SourceWord]:
    """The words of the source; of a script without spaces the longest that the dictionary has."""
    result = []
    for word in source_words(source):
        if not UNSPACED.match(word.text):
            result.append(word)
            continue
        at = 0
        while at < len(word.text):
            sizes = range(min(LONGEST, len(word.text) - at), 0, -1)
            size = next((n for n in sizes if translations(word.low[at : at + n], language)), 1)
            start = word.span.start + at
            part = word.text[at : at + size]
            result.append(SourceWord(Span(start, start + size), part, part, False))
            at += size
    return result
