"""Builds the pivot table: pairs of English words that share a translation, counted over languages.

A translator that picks the wrong sense puts one word of such a pair for the other ("forthcoming" -> "future").
Sources: Debian's `dict-freedict-*` (dictd files) and the Open Multilingual Wordnet with WordNet 3.0 (`wordnet-base`).
Two tables come out, one a licence: `pivots-gpl.txt.gz` (GPL-3.0-or-later; it belongs into `gpl/repair_gpl`) and
`pivots-cc.txt.gz` (CC BY-SA 4.0); sources that fit neither are left out, and `repair/data/SOURCES.md` credits the rest.
`frequencies.txt.gz` has how often each word stands in the clean news.

    python -m models.recipe.pivots --data DIR --out repair/data
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path

from models.recipe.clean import articles

DICTD = Path("/usr/share/dictd")
WORDNET = Path("/usr/share/wordnet")
CC_DICTIONARIES = {"ell-eng", "eng-bul", "eng-fin", "eng-ind", "eng-jpn", "eng-nor", "epo-eng", "fin-eng", "pol-eng"}
# AGPL in part (German), no licence stated in the header (the others)
LEFT_OUT_DICTIONARIES = {"deu-eng", "eng-deu", "eng-pol", "hun-eng", "jpn-eng"}
LEFT_OUT_WORDNETS = {"slk-slk", "lit-slk", "fra-fra", "fas-fas"}  # AGPL, CeCILL-C, "free to use"
WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
DIGITS = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
MAX_FAN = 60  # a foreign word with more English ones than this says nothing about any
MAX_PARTNERS = 64
MIN_COUNT = 4  # occurrences in the clean news: rarer words are noise as proposals


def dictd_entries(stem: Path) -> Iterator[tuple[str, str]]:
    """(headword, body) of a dictd dictionary; offsets and lengths in its index are base 64 numbers."""
    with gzip.open(f"{stem}.dict.dz") as file:
        data = file.read()
    for line in Path(f"{stem}.index").read_text(encoding="utf-8").splitlines():
        head, offset, size = line.split("\t")[:3]
        if head.startswith("00"):
            continue
        start = number(offset)
        yield head.strip().lower(), data[start : start + number(size)].decode("utf-8", "replace")


def number(digits: str) -> int:
    value = 0
    for char in digits:
        value = value * 64 + DIGITS[char]
    return value


def translations(body: str) -> Iterator[str]:
    """The translations in an entry's body: no pronunciation, grammar marks, examples or cross-references."""
    for line in body.split("\n")[1:]:
        if re.match(r"\s*(see|Synonym|Note|\"|- )", line.strip(), re.I) or line.lstrip().startswith(
            ("see:", "Synonym")
        ):
            continue
        line = re.sub(r"<[^>]*>|\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|/[^/]*/|^\s*\d+\.", " ", line)
        for part in re.split(r"[,;]", line):
            part = " ".join(part.split()).strip(" .!?\"'").lower()
            if part and part.count(" ") <= 2:
                yield re.sub(r"^(to|a|an|the) ", "", part)


def freedict(creative_commons: bool) -> Iterator[tuple[str, str, str]]:
    """(language, foreign word, English word) of the FreeDict dictionaries from or to English under one licence."""
    for path in sorted(DICTD.glob("freedict-*.index")):
        name = path.stem.removeprefix("freedict-")
        if name in LEFT_OUT_DICTIONARIES or (name in CC_DICTIONARIES) != creative_commons:
            continue
        source, target = name.split("-")
        for head, body in dictd_entries(path.with_suffix("")):
            for other in translations(body):
                if target == "eng":
                    yield source, head, other
                elif source == "eng":
                    yield target, other, head


def synsets() -> dict[str, list[str]]:
    """The English words of every WordNet 3.0 synset, by offset and part of speech."""
    result: dict[str, list[str]] = {}
    for pos, name in (("n", "noun"), ("v", "verb"), ("a", "adj"), ("r", "adv")):
        for line in (WORDNET / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split(" ")
            words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
            result[f"{fields[0]}-{pos}"] = [re.sub(r"\(.*\)", "", word).lower() for word in words]
    return result


def wordnets(folder: Path, english: dict[str, list[str]]) -> Iterator[tuple[str, str, str]]:
    """(language, foreign lemma, English word): a lemma stands for every English word of all its synsets."""
    for path in sorted(folder.glob("wn-data-*.tab.gz")):
        name = path.name.removeprefix("wn-data-").removesuffix(".tab.gz")
        if name in LEFT_OUT_WORDNETS:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                if len(fields) == 3 and fields[1].endswith("lemma"):
                    for word in english.get(fields[0], ()):
                        yield name.split("-")[0], fields[2].lower(), word


def count_pairs(triples: Iterable[tuple[str, str, str]], known: set[str]) -> dict[str, Counter[str]]:
    """For every known English word the others that share a translation, with the number of languages that say so."""
    fans: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language, foreign, english in triples:
        if english in known:
            fans[language, foreign].add(english)
    languages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (language, _), words in fans.items():
        if 1 < len(words) <= MAX_FAN:
            for pair in permutations(words, 2):
                languages[pair].add(language)
    result: dict[str, Counter[str]] = defaultdict(Counter)
    for (one, other), seen in languages.items():
        result[one][other] = len(seen)
    return result


def frequencies(data: Path) -> Counter[str]:
    """Word forms in the clean training news."""
    return Counter(
        word for article in articles(data) for line in article.paragraphs for word in WORD.findall(line.lower())
    )


def main() -> None:
    from lemminflect import getAllLemmas

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    lemmas: Counter[str] = Counter()
    for form, count in frequencies(args.data).items():
        for lemma in {lemma for all_of in getAllLemmas(form).values() for lemma in all_of} | {form}:
            lemmas[lemma] += count
    known = {lemma for lemma, count in lemmas.items() if count >= MIN_COUNT and len(lemma) > 1}
    write(args.out / "pivots-gpl.txt.gz", count_pairs(freedict(creative_commons=False), known), lemmas)
    english = synsets()
    pairs = count_pairs(wordnets(args.data / "pivots", english), known)
    # synonyms share a synset in every language at once: that is one piece of evidence, not twenty
    for words in english.values():
        for one, other in permutations(set(words) & pairs.keys(), 2):
            pairs[one][other] = 1
    for one, others in count_pairs(freedict(creative_commons=True), known).items():
        pairs[one].update(others)
    write(args.out / "pivots-cc.txt.gz", pairs, lemmas)
    with gzip.GzipFile(args.out / "frequencies.txt.gz", "wb", mtime=0) as out:
        for word in sorted(known):
            out.write(f"{word}\t{lemmas[word]}\n".encode())


def write(path: Path, pairs: dict[str, Counter[str]], lemmas: Counter[str]) -> None:
    """One line a word: the word, its count in the news, its partners with their counts, most often seen first."""
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        for word in sorted(pairs):
            best = sorted(pairs[word].items(), key=lambda item: (-item[1], -lemmas[item[0]]))[:MAX_PARTNERS]
            out.write(f"{word}\t{lemmas[word]}\t{' '.join(f'{other}:{n}' for other, n in best)}\n".encode())


if __name__ == "__main__":
    main()
