"""Learns which English words translate a foreign one, from machine translations, post-edits and references.

IBM model 1 (Brown et al. 1993) in both directions with a preference for the diagonal (Dyer et al. 2013); a pair of
words counts as far as the two directions agree (Liang et al. 2006). Foreign words are learnt as they are written and by
their first letters (`repair.source.words.stem`), English ones as lemmas.

What benchmarks keep (`is_dev`) and what regressions are fitted on (`is_held`) is left out.

    python -m models.translations.learn --data DIR --out repair/data/translations
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.recipe.tokenised import detokenise
from repair.score.split import is_dev, is_held
from repair.source.translations import lemma
from repair.source.words import WORD, source_words, stem

NULL = ""
ROUNDS = 6
DIAGONAL = 4.0
LEAST, SHARE, MOST = 1.5, 0.05, 6  # expected links of a pair, their share of the word's, translations kept of a word
HYPOTHESES = 5
Pair = tuple[list[str], list[str]]
LANGUAGES = ("ro", "et", "ru", "ne", "si", "cs", "de", "uk", "is", "ha")


def english(text: str) -> list[str]:
    return [lemma(match[0].lower().replace("’", "'")) for match in WORD.finditer(text)]


def texts(data: Path, language: str) -> Iterator[tuple[str, str]]:
    """Source and English of all training lines."""
    for path in sorted(data.glob(f"mlqe-pe/train/{language}-en.jsonl.gz")):
        for row in rows(path):
            fixed = detokenise(row["pe_tok"].split())[0]
            if not is_dev(fixed) and not is_held(fixed):
                yield row["src_tok"], row["pe_tok"]
                yield row["src_tok"], row["mt_tok"]
    for folder in ("wmt21-news", "wmt22-general"):
        for path in sorted(data.glob(f"{folder}/{language}-en.jsonl.gz")):
            for row in rows(path):
                references = list(row["refs"].values())
                if any(is_dev(text) or is_held(text) for text in references):
                    continue
                for text in dict.fromkeys([*references, *list(row["hyps"].values())[:HYPOTHESES]]):
                    yield row["src"], text


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


class Model:
    """Both directions over one corpus. Positions of all sentence pairs lie in flat arrays [links]."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        numbers: dict[tuple[str, str], int] = {}
        pair_of, near, e_group, f_group = [], [], [], []
        groups_e = groups_f = 0
        for foreign, own in pairs:
            for i, f in enumerate(foreign):
                for j, e in enumerate(own):
                    pair_of.append(numbers.setdefault((f, e), len(numbers)))
                    near.append(abs((i + 0.5) / len(foreign) - (j + 0.5) / len(own)))
                    e_group.append(groups_e + j)
                    f_group.append(groups_f + i)
            groups_e += len(own)
            groups_f += len(foreign)
        self.names = list(numbers)
        self.pair_of = np.array(pair_of)
        self.prior = np.exp(-DIAGONAL * np.array(near))
        self.e_group, self.f_group = np.array(e_group), np.array(f_group)
        f_ids: dict[str, int] = {}
        e_ids: dict[str, int] = {}
        self.f_of = np.array([f_ids.setdefault(f, len(f_ids)) for f, _ in self.names])
        self.e_of = np.array([e_ids.setdefault(e, len(e_ids)) for _, e in self.names])

    def posteriors(self, group: np.ndarray, given: np.ndarray) -> np.ndarray:
        """[links]: how likely each word of `group` is linked to each of the other side; one more word is no word."""
        table = np.ones(len(self.names)) / max(len(set(given.tolist())), 1)
        none = 0.05 / max(len(set(given.tolist())), 1) * 10
        result = np.zeros(len(self.pair_of))
        for _ in range(ROUNDS):
            weight = table[self.pair_of] * self.prior
            total = np.bincount(group, weight)
            result = weight / (total[group] + none)
            counts = np.bincount(self.pair_of, result, minlength=len(self.names))
            table = counts / np.bincount(given, counts)[given]
            none = 1e-3
        return result

    def links(self) -> np.ndarray:
        """[pairs]: how often the two directions agree on a pair."""
        both = np.sqrt(self.posteriors(self.e_group, self.f_of) * self.posteriors(self.f_group, self.e_of))
        both[both < 0.2] = 0
        return np.bincount(self.pair_of, both, minlength=len(self.names))


def table(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Translations of every foreign word with the share of its links."""
    model = Model(pairs)
    links = model.links()
    seen = Counter(f for foreign, _ in pairs for f in foreign)
    result: dict[str, dict[str, float]] = defaultdict(dict)
    for (f, e), count in zip(model.names, links.tolist(), strict=True):
        if count >= LEAST and count / seen[f] >= SHARE and e.isascii():
            result[f][e] = count / seen[f]
    return {f: dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST]) for f, found in result.items()}


def write(path: Path, entries: dict[str, dict[str, float]]) -> None:
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        for word in sorted(entries):
            row = " ".join(f"{e}:{share:.2f}" for e, share in entries[word].items())
            out.write(f"{word}\t{row}\n".encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("repair/data/translations"))
    parser.add_argument("--languages", nargs="*", default=LANGUAGES)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for language in args.languages:
        found = [([w.low for w in source_words(s)], english(t)) for s, t in texts(args.data, language)]
        found = [(f, e) for f, e in found if 0 < len(f) <= 80 and 0 < len(e) <= 80]
        entries = table([([stem(w) for w in f], e) for f, e in found])
        entries |= table(found)
        write(args.out / f"{language}.txt.gz", entries)
        print(language, len(found), len(entries), flush=True)


if __name__ == "__main__":
    main()
