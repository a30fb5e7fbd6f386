"""Dictionaries: the English words that translate a source word, as lemmas, with how often they do.

A table a language in `data/translations` (`data/SOURCES.md`), read when its language is first met; more in the package
of tables under the GPL (`repair.tables`).
"""

from __future__ import annotations

import gzip
from functools import cache, lru_cache

from repair.lexemes import readings
from repair.source.words import stem
from repair.tables import tables

Table = dict[str, dict[str, float]]


@lru_cache(maxsize=100_000)
def lemma(word: str) -> str:
    """One lemma of a lower-case English word, the verb's first; the word itself where it is unknown.

    >>> lemma("soldiers"), lemma("went"), lemma("tskhinvali")
    ('soldier', 'go', 'tskhinvali')
    """
    word = word.removesuffix("'s")
    known = readings(word)
    for part in ("AUX", "VERB", "NOUN", "ADJ"):
        for one in known.get(part, ()):
            if one != word:
                return one
    return word


@cache
def table(language: str) -> Table:
    """Every source word of a language, small letters, with its translations; empty for a language without a table.

    What was learnt comes before what dictionaries say, whose shares only count a word's translations.
    """
    result: Table = {}
    for path in sorted(tables(f"translations/{language}.*txt.gz"), key=lambda path: -len(path.name)):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                word, row = line.rstrip("\n").split("\t")
                known = {e: float(p) for e, _, p in (item.rpartition(":") for item in row.split(" "))}
                result[word] = result.get(word, {}) | known
    return result


@cache
def is_learnt(language: str) -> bool:
    """Was the language's table learnt from translations? Then it has what news says, with how often it is said so.

    >>> is_learnt("ru"), is_learnt("zh"), is_learnt("")
    (True, False, False)
    """
    return bool(tables(f"translations/{language}.txt.gz"))


def entry(low: str, language: str) -> dict[str, float]:
    """As `translations`, of words that the dictionary has just as they are written."""
    return table(language).get(low, {})


def translations(low: str, language: str) -> dict[str, float]:
    """Lemmas that translate the lower-case source word `low`, with the share of its uses; empty where none is known."""
    entries = table(language)
    return entries.get(low) or entries.get(stem(low), {})
