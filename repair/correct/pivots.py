"""Dictionary pivots: English words that share a translation with a given one.

Weak translation picks the wrong sense of a foreign word, so the word that was meant is often among the other English
words of that foreign word: "forthcoming" and "future" are one word in four languages. The tables are counted over
FreeDict and the Open Multilingual Wordnet (`data/SOURCES.md`); `models/recipe/pivots.py` builds them.
Proposals are inflected like the word that stands there. Nothing here knows whether a word is wrong.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from repair.lexemes import inflected, readings

TABLES = ("pivots-gpl.txt.gz", "pivots-cc.txt.gz")
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
def table() -> dict[str, tuple[int, dict[str, int]]]:
    """Lemma -> (how often it stands in the news, {partner: count}); read once, about 22,000 lemmas."""
    partners: dict[str, dict[str, int]] = defaultdict(dict)
    frequency: dict[str, int] = {}
    for name in TABLES:
        with (files("repair") / "data" / name).open("rb") as raw, gzip.open(raw, "rt", encoding="utf-8") as lines:
            for line in lines:
                word, often, rest = line.rstrip("\n").split("\t")
                frequency[word] = int(often)
                own = partners[word]
                for item in rest.split(" "):
                    other, _, count = item.rpartition(":")
                    own[other] = own.get(other, 0) + int(count)
    return {word: (frequency[word], own) for word, own in partners.items()}


def frequency(lemma: str) -> int:
    """How often a lemma stands in the clean news that the tables were counted with; 0 where it is unknown."""
    entry = table().get(lemma)
    return entry[0] if entry else 0


def connection(one: str, other: str) -> int:
    """How many languages and tables connect two lemmas.

    >>> connection("high", "top") > 5, connection("high", "table")
    (True, 0)
    """
    return max(table()[a][1].get(b, 0) if a in table() else 0 for a, b in ((one, other), (other, one)))


@lru_cache(maxsize=50_000)
def pivots(form: str, least: int = 1, most: int = 10_000) -> tuple[Pivot, ...]:
    """Words that `form` (one lower-case word) may stand for, inflected like it, best connected first.

    At most `most`, of those that `least` languages and tables connect with it.

    >>> [pivot.word for pivot in pivots("eventually")][:2]
    ['ultimately', 'finally']
    """
    connected: dict[int, list[tuple[str, str, list[str]]]] = defaultdict(list)
    own = [(pos, lemma) for pos, lemmas in readings(form).items() if pos in TAGS for lemma in lemmas]
    for pos, lemma in sorted(own):
        tags = [tag for tag in TAGS[pos] if inflected(lemma, tag) == form]
        _, partners = table().get(lemma, (0, {}))
        for other, count in partners.items():
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
