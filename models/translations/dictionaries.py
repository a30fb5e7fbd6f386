"""Writes the translations that dictionaries know, a table a language and licence, beside those that were learnt.

Sources, licences and what is left out are those of `models/recipe/pivots.py`. Kept are single words, and of the English
ones those common in the news.

    python -m models.translations.dictionaries --data DIR --out repair/data/translations
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from babel.core import get_global

from models.recipe.pivots import freedict, synsets, wordnets
from models.translations.learn import write
from repair.correct.pivots import frequency
from repair.source.translations import lemma
from repair.source.words import WORD

COMMON = 40  # occurrences in the clean news
MOST = 6
CODES = {"cmn": "zh", "qcn": "zh", "zsm": "ms", "nob": "no", "nno": "no", "nor": "no", "als": "sq", "rom": "ro"}
LEFT_OUT = {"lat", "epo", "kha", "kur", "cym", "gle", "afr", "swh"}  # no news is translated from them, or few entries


def tables(triples: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, dict[str, float]]]:
    """Language -> foreign word -> English lemmas, the commonest first; the shares are of a word with no favourite."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for language, foreign, english in triples:
        word = lemma(english)
        if language in LEFT_OUT or not WORD.fullmatch(foreign) or frequency(word) < COMMON or word == foreign:
            continue
        found[code(language)][foreign.casefold()].add(word)
    return {language: {f: shares(words) for f, words in mine.items()} for language, mine in found.items()}


def shares(words: Iterable[str]) -> dict[str, float]:
    best = sorted(words, key=lambda word: (-frequency(word), word))[:MOST]
    return dict.fromkeys(best, 1 / len(best))


def code(language: str) -> str:
    """The tag of two letters for one of three."""
    return CODES.get(language) or str(get_global("language_aliases").get(language, language))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("repair/data/translations"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    free = chain(freedict(creative_commons=True), wordnets(args.data / "pivots", synsets()))
    for licence, triples in (("gpl", freedict(creative_commons=False)), ("cc", free)):
        for language, entries in sorted(tables(triples).items()):
            write(args.out / f"{language}.{licence}.txt.gz", entries)
            print(licence, language, len(entries), flush=True)


if __name__ == "__main__":
    main()
