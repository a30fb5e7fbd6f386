"""What WordNet says of common words: do two share a sense, are they kinds of one thing, are they opposites?

`data/senses.txt.gz` is made by `models/lexicon/senses.py`; words are lemmas in small letters.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

TABLE = Path(str(files("repair"))) / "data" / "senses.txt.gz"


@dataclass(frozen=True, slots=True)
class Senses:
    """Of a word: numbers of its commonest senses, of those right above them, its opposites, words derived from it."""

    own: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()
    opposites: frozenset[str] = frozenset()
    derived: frozenset[str] = frozenset()


UNKNOWN = Senses()
REMEMBERED = 4096  # words


@cache
def table() -> dict[str, str]:
    """The columns of every word, about 15,000; read once. A text asks for few of them, which are then taken apart."""
    with gzip.open(TABLE, "rt", encoding="utf-8") as lines:
        return dict(line.rstrip("\n").split("\t", 1) for line in lines)


def same_sense(one: str, other: str) -> bool:
    """Is there a common sense that both words name?

    >>> same_sense("begin", "start"), same_sense("begin", "end")
    (True, False)
    """
    return not _of(one).own.isdisjoint(_of(other).own)


def sisters(one: str, other: str) -> bool:
    """Are the words two kinds of one thing, and no names of one sense?

    >>> sisters("brother", "sister"), sisters("month", "year"), sisters("month", "quickly")
    (True, True, False)
    """
    a, b = _of(one), _of(other)
    return not same_sense(one, other) and not a.above.isdisjoint(b.above)


def opposite(one: str, other: str) -> bool:
    """Does WordNet know the words as opposites?

    >>> opposite("rise", "fall"), opposite("quick", "slow"), opposite("rise", "climb")
    (True, True, False)
    """
    return other in _of(one).opposites or one in _of(other).opposites


def derived(one: str, other: str) -> bool:
    """Is one word made from the other?

    >>> derived("negotiate", "negotiation"), derived("negotiate", "station")
    (True, False)
    """
    return other in _of(one).derived or one in _of(other).derived


@lru_cache(REMEMBERED)
def _of(word: str) -> Senses:
    columns = table().get(word)
    return UNKNOWN if columns is None else Senses(*(frozenset(column.split()) for column in columns.split("\t")))
