"""Which of "a" and "an" stands before a word, a number or initials: by the sound, and only where it is known.

The sounds of words come from a pronouncing dictionary (see `repair/data/SOURCES.md`), the rest from rules that have no
exceptions. Words spoken in two ways ("herb", "hotel"), unknown ones and those that may be letters read out have none.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from repair.detect.wording import word_set

Article = Literal["a", "an"]

# A consonant or cluster that English words begin with, and a vowel: nobody reads that out letter by letter.
SPOKEN = re.compile(
    r"(?:[bcdfgjklmnpqrtvwz]|[bcfgkps]l|[bcdfgkpt]r|s[chkmnpqtw]|sc[hr]|shr|spl|spr|str|wh|wr|ch|chr|ph|phr|th|thr"
    r"|tw|dw|kn|gn|qu|s)[aeiouy][a-z]*\Z"
)
LETTERS_WITH_VOWEL = frozenset("AEFILMNORSX")
EITHER_LETTER = frozenset("H")  # "aitch" or "haitch"
# Initials with a vowel among them that everybody reads out, letter by letter.
READ_OUT = word_set(
    """AI AGM ATM BBC CIA CEO DIY DUP DVD EC ECB EEC EP EU FBI GDP GOP IAEA IBM ICC IMF IOC IPO IQ IRA IT ITV LGBT MEP
    MI5 MI6 MP MRI NBA NGO OBE OECD PDA RAF RUC SUV TUC UAE UFO UK UN US USB VIP"""
)


def article_before(word: str) -> Article | None:
    """The only right article before `word`, as it is written; None where both are heard or nobody can tell.

    >>> [article_before(w) for w in ("unanimous", "unusual", "urea", "hour", "organisation", "18", "FBI", "UN")]
    ['a', 'an', 'a', 'an', 'an', 'an', 'an', 'a']
    >>> [article_before(w) for w in ("mpox", "nth", "historic", "herb", "Xhaka", "1100", "NATO", "HS")]
    [None, None, None, None, None, None, None, None]
    """
    if word.isdigit():
        return _before_number(word)
    if not (word.isascii() and word.isalpha()):
        return None
    if len(word) == 1 or word.isupper():
        return _before_letters(word) if len(word) == 1 or word in READ_OUT or not set(word) & set("AEIOUY") else None
    if not word[1:].islower():
        return None
    return _before_word(word.lower())


def _before_word(low: str) -> Article | None:
    if SPOKEN.match(low):
        return "a"
    return _sounds().get(low) or _sounds().get(re.sub(r"is(?=e|ing|ation)", "iz", low))


def _before_letters(letters: str) -> Article | None:
    first = letters[0].upper()
    if first in EITHER_LETTER:
        return None
    return "an" if first in LETTERS_WITH_VOWEL else "a"


def _before_number(digits: str) -> Article | None:
    """Eight, eleven and eighteen begin with a vowel; four digits may be read in two ways.

    >>> [_before_number(n) for n in ("80", "11", "18000", "1800", "110", "7", "0")]
    ['an', 'an', 'an', None, 'a', 'a', None]
    """
    if digits[0] == "0":
        return None
    if len(digits) == 4:
        return "an" if digits[0] == "8" else None
    leads = digits[:2] in ("11", "18") and len(digits) % 3 == 2
    return "an" if digits[0] == "8" or leads else "a"


@lru_cache(maxsize=1)
def _sounds() -> dict[str, Article]:
    with (
        (files("repair") / "data" / "sounds.txt.gz").open("rb") as raw,
        gzip.open(raw, "rt", encoding="ascii") as lines,
    ):
        before_a, before_an = lines.read().splitlines()
    sounds: dict[str, Article] = dict.fromkeys(before_a.split(), "a")
    sounds.update(dict.fromkeys(before_an.split(), "an"))
    return sounds
