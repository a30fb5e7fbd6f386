"""Builds the table of first sounds: English words before which only "a", or only "an", is right.

Source: the CMU Pronouncing Dictionary (`cmudict.dict`, https://github.com/cmusphinx/cmudict, BSD). Kept are words that
begin with a letter whose sound the spelling does not tell (a vowel, h, y). Left out are words that are
spoken in two ways, and those with h before an unstressed vowel: some write "an historic".

    python -m models.recipe.sounds cmudict.dict --out repair/data/sounds.txt.gz
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

OPEN = frozenset("aeiouhy")
SHORTEST = 3  # two letters are initials, or no noun phrase begins with them
# Silent in America, sounded in Britain, or "an" by custom.
EITHER = re.compile(r"(?:herb|homage|humbl|hispan|hero|hyster|uber)")
VARIANT = re.compile(r"\(\d+\)$")


def first_sounds(lines: Iterable[str]) -> dict[str, str]:
    """`a` or `an` for every word of the dictionary that takes only one of them.

    >>> first_sounds(["unit Y UW1 N AH0 T", "hour AW1 ER0", "hour(2) AW1 R", "hotel HH OW0 T EH1 L", "bee B IY1"])
    {'unit': 'a', 'hour': 'an'}
    """
    sounds: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        word, first, *rest = line.partition("#")[0].split()
        word = VARIANT.sub("", word)
        if word[0] not in OPEN or not word.isalpha() or len(word) < SHORTEST or EITHER.match(word):
            continue
        sounds[word].add("an" if first[-1].isdigit() else "either" if first == "HH" and rest[0][-1] == "0" else "a")
    return {word: found.pop() for word, found in sounds.items() if len(found) == 1 and "either" not in found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dictionary", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sounds = first_sounds(options.dictionary.read_text(encoding="utf-8").splitlines())
    lines = [" ".join(sorted(w for w, a in sounds.items() if a == article)) for article in ("a", "an")]
    with options.out.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        out.write("\n".join([*lines, ""]).encode("ascii"))


if __name__ == "__main__":
    main()
