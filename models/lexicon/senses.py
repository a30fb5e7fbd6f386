"""Writes `repair/data/senses.txt.gz`: what WordNet 3.0 says of the words of the pivot tables, for the gate.

For every word its commonest senses, the senses right above them (sisters share one) and its opposites. An opposite of
one word of a sense is one of all its words, and of the adjectives that WordNet puts around it: "quick" stands by
"fast", whose opposite is "slow".

    python -m models.lexicon.senses      (Debian's `wordnet-base` must be there)
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from repair.correct.pivots import table
from repair.senses import TABLE

WORDNET = Path("/usr/share/wordnet")
PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
SENSES = 4  # of each part of speech; rarer ones connect what no reader would
ABOVE, OPPOSITE, AROUND, DERIVED = "@", "!", "&", "+\\"


@dataclass(frozen=True, slots=True)
class Synset:
    """One sense: its words and its pointers as (symbol, id of the other sense)."""

    words: tuple[str, ...]
    pointers: tuple[tuple[str, str], ...]
    satellite: bool


def synsets() -> dict[str, Synset]:
    """Every sense of WordNet by its id, such as `v00123`."""
    result = {}
    for part, name in PARTS.items():
        for line in (WORDNET / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                fields = line.partition(" | ")[0].split()
                count = int(fields[3], 16)
                names = [
                    re.sub(r"\(.*\)", "", word).lower().replace("_", " ") for word in fields[4 : 4 + 2 * count : 2]
                ]
                rest = fields[5 + 2 * count :]
                pointers = [
                    (rest[i][0], rest[i + 2] + rest[i + 1]) for i in range(0, 4 * int(fields[4 + 2 * count]), 4)
                ]
                result[part + fields[0]] = Synset(tuple(names), tuple(pointers), fields[2] == "s")
    return result


def commonest() -> dict[str, list[str]]:
    """For every word the ids of its commonest senses, over all parts of speech."""
    result: dict[str, list[str]] = defaultdict(list)
    for part, name in PARTS.items():
        for line in (WORDNET / f"index.{name}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                fields = line.split()
                found = fields[-int(fields[2]) :]
                result[fields[0]] += [part + offset for offset in found[:SENSES]]
    return result


def opposites(sense: str, every: dict[str, Synset]) -> Iterator[str]:
    """Words of the senses opposite to a sense, or to the one that it stands around."""
    own = every[sense]
    for symbol, other in own.pointers:
        if symbol == OPPOSITE:
            yield from every[other].words
        elif symbol == AROUND and own.satellite:
            yield from (word for s, o in every[other].pointers if s == OPPOSITE for word in every[o].words)


def row(word: str, senses: list[str], every: dict[str, Synset]) -> tuple[list[str], list[str], list[str], list[str]]:
    """Senses, senses above, opposites and derived words of a word, each without doubles and in order."""
    above = [other for sense in senses for symbol, other in every[sense].pointers if symbol == ABOVE]
    against = [other for sense in senses for other in opposites(sense, every)]
    made = [other for sense in senses for symbol, other in every[sense].pointers if symbol in DERIVED]
    derived = [name for sense in made for name in every[sense].words]
    return senses, list(dict.fromkeys(above)), sorted(set(against) - {word}), sorted(set(derived) - {word})


def main() -> None:
    every, common = synsets(), commonest()
    known = {word for word in table() if word in common}
    rows = {word: row(word, common[word], every) for word in sorted(known)}
    numbers = {sense: i for i, sense in enumerate(sorted({s for r in rows.values() for s in (*r[0], *r[1])}))}
    with gzip.GzipFile(TABLE, "wb", mtime=0) as out:
        for word, (senses, above, against, derived) in rows.items():
            columns = [
                [f"{numbers[sense]:x}" for sense in senses],
                [f"{numbers[sense]:x}" for sense in above],
                [other for other in against if other in known],
                [other for other in derived if other in known],
            ]
            out.write("\t".join([word, *(" ".join(column) for column in columns)]).encode() + b"\n")


if __name__ == "__main__":
    main()
