"""The words of a source text, and how they would be written with Latin letters.

Transliteration is that of `anyascii` (all scripts of Unicode, by table). It is rough: names are compared with
`likeness`, which hears past vowels, doublings and the spellings that transliterations differ in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

import regex
from anyascii import anyascii

from repair.text import Span

KEPT = 50_000
STEM = 5  # letters that stand for a word of a language that inflects, as is usual in word alignment
WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’ʼ-][\p{L}\p{M}]+)*")
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
SIGNS, KANA = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]"), regex.compile(r"[\p{Hiragana}\p{Katakana}]")
LETTER = regex.compile(r"\p{L}")
NO_LATIN = regex.compile(r"[^a-z]+")
SOUNDS = (
    ("sch", "s"),
    ("tch", "c"),
    ("sh", "s"),
    ("ch", "c"),
    ("ph", "f"),
    ("kh", "h"),
    ("gh", "g"),
    ("th", "t"),
    ("zh", "z"),
    ("ts", "c"),
    ("tz", "c"),
    ("ck", "k"),
    ("qu", "kv"),
    ("x", "ks"),
    ("q", "k"),
    ("w", "v"),
    ("j", "i"),
    ("y", "i"),
)
SOFT_C = regex.compile("c(?=[ei])")
VOWELS = regex.compile("[aeiou]+")
DOUBLED = regex.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class SourceWord:
    """A word of the source. `low` is its form for looking up; `capital` says that it is written like a name."""

    span: Span
    text: str
    low: str
    capital: bool


def source_words(text: str) -> Iterator[SourceWord]:
    """The words of `text`; where a script writes no spaces, each run of its characters is one.

    >>> [word.low for word in source_words("काठमाडौं 2015, L’Équipe")]
    ['काठमाडौं', 'l’équipe']
    """
    for match in WORD.finditer(text):
        word = match[0]
        yield SourceWord(Span(*match.span()), word, word.casefold(), word[0].isupper())


def unspaced(text: str) -> bool:
    """Is `text` in a script that writes no spaces between words?

    >>> unspaced("东京 2020"), unspaced("Tokyo 2020")
    (True, False)
    """
    return 2 * len(UNSPACED.findall(text)) > len(LETTER.findall(text))


def density(text: str) -> float:
    """How many characters of English one of `text` takes, as measured on news: one for an alphabet.

    >>> density("Она ушла."), density("他走了。"), density("彼は行った。")
    (1.0, 3.9, 2.9)
    """
    signs = len(SIGNS.findall(text))
    if 2 * signs < len(LETTER.findall(text)) or not signs:
        return 1.0
    return 2.9 if KANA.search(text) else 3.9


def stem(low: str) -> str:
    """The beginning of a longer word, marked as one.

    >>> stem("президента"), stem("год")
    ('прези*', 'год')
    """
    return low[:STEM] + "*" if len(low) > STEM else low


@lru_cache(maxsize=KEPT)
def latin(word: str) -> str:
    """`word` in small Latin letters, without marks.

    >>> latin("Цхинвали"), latin("Pétain")
    ('tskhinvali', 'petain')
    """
    return str(NO_LATIN.sub("", anyascii(word).lower()))


@lru_cache(maxsize=KEPT)
def heard(word: str) -> str:
    """A word in Latin letters, one spelling for one sound."""
    word = SOFT_C.sub("s", word)
    for old, new in SOUNDS:
        word = word.replace(old, new)
    return str(DOUBLED.sub(r"\1", word.replace("c", "k") if "c" in word and "ch" not in word else word))


@lru_cache(maxsize=KEPT)
def likeness(one: str, other: str) -> float:
    """How alike two names sound, in [0, 1], whatever scripts they are in; endings that decline them count little.

    >>> likeness("Цхинвали", "Tskhinvali"), likeness("Шекспира", "Shakespeare") > 0.6
    (1.0, True)
    """
    a, b = latin(one), latin(other)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    a, b = heard(a), heard(b)
    whole = _ratio(a, b)
    bones = _ratio(VOWELS.sub("", a), VOWELS.sub("", b)) if min(len(a), len(b)) > 3 else 0.0
    shared = len(_prefix(a, b))
    declined = shared / min(len(a), len(b)) if shared >= 4 and abs(len(a) - len(b)) <= 3 else 0.0
    return max(whole, 0.95 * bones, 0.97 * declined if declined > 0.8 else 0.0)


def _ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0


def _prefix(a: str, b: str) -> str:
    count = 0
    while count < min(len(a), len(b)) and a[count] == b[count]:
        count += 1
    return a[:count]
