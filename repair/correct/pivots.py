"""Dictionary pivots: English words that share a translation with a given one.

Weak translation picks the wrong sense of a foreign word, so the word that was meant is often among the other English
words of that foreign word: "forthcoming" and "future" are one word in four languages. The tables are counted over
FreeDict and the Open Multilingual Wordnet (`data/SOURCES.md`); `models/recipe/pivots.py` builds them. Those of
dictionaries under the GPL are a package of their own (`repair.tables`).
Proposals are inflected like the word that stands there. Nothing here knows whether a word is wrong.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from repair.lexemes import inflected, readings
from repair.tables import tables

TABLES = "pivots-*.txt.gz"
TAGS = {
    "NOUN": ("NN", "NNS"),
    "VERB": ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"),
    "ADJ": ("JJ", "JJR", "JJS"),
    "ADV": ("RB",),
}


@dataclass(frozen=True, slots=True)
class Pivot:
    """A word that may have been meant. `count` is the number of languages (and tables) that connect the two."""

    word: str
    count: int


@cache
def table() -> dict[str, list[str]]:
    """Lemma -> its partners with their counts ("desert:6 leave:5"), one text a table; read once, about 16,000 lemmas.

    They are taken apart when a lemma is asked for: few of them are, and half a million partners take most of a second.
    """
    lemmas: dict[str, list[str]] = defaultdict(list)
    for path in tables(TABLES):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                word, _, rest = line.rstrip("\n").split("\t")
                lemmas[word].append(rest)
    return dict(lemmas)


@cache
def partners(lemma: str) -> dict[str, int]:
    """The lemmas that share a translation with this one, each with its count; none for a lemma that is not known."""
    found: dict[str, int] = {}
    for rest in table().get(lemma, ()):
        for item in rest.split(" "):
            other, _, count = item.rpartition(":")
            found[other] = found.get(other, 0) + int(count)
    return found


@cache
def _frequencies() -> dict[str, int]:
    (path,) = tables("frequencies.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {word: int(often) for word, _, often in (line.partition("\t") for line in lines)}


def frequency(lemma: str) -> int:
    """How often a lemma stands in the clean news; 0 where it is unknown."""
    return _frequencies().get(lemma, 0)


def connection(one: str, other: str) -> int:
    """How many languages and tables connect two lemmas.

    >>> connection("high", "top") > 2, connection("high", "table")
    (True, 0)
    """
    return max(partners(a).get(b, 0) for a, b in ((one, other), (other, one)))


@lru_cache(maxsize=50_000)
def pivots(form: str, least: int = 1, most: int = 10_000) -> tuple[Pivot, ...]:
    """Words that `form` (one lower-case word) may stand for, inflected like it, best connected first.

    At most `most`, of those that `least` languages and tables connect with it.

    >>> [pivot.word for pivot in pivots("eventually")][:2]
    ['ultimately', 'last']
    """
    connected: dict[int, list[tuple[str, str, list[str]]]] = defaultdict(list)
    own = [(pos, lemma) for pos, lemmas in readings(form).items() if pos in TAGS for lemma in lemmas]
    for pos, lemma in sorted(own):
        tags = [tag for tag in TAGS[pos] if inflected(lemma, tag) == form]
        for other, count in partners(lemma).items():
            if count >= least and tags:
                connected[count].append((other, pos, tags))
    found: dict[str, int] = {}
    for count in sorted(connected, reverse=True):
        for other, pos, tags in connected[count]:
            words = {inflected(other, tag) for tag in tags} if pos in readings(other) else set()
            for word in words - {form, None} - found.keys():
                found[str(word)] = count
        if len(found) >= most:
            break  # inflecting the long tail of weak partners would take longer than all else
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Pivot(word, count) for word, count in ranked[:most])
