"""Writes `repair/data/capitals.txt.gz`: words and names of several words that English writes with a capital alone.

WordNet 3.0 says what is never written small ("Quebec", "Czech Republic"); the clean training news says of which this
holds in print. What stands there small more than now and then has another life ("venetian blinds") or another house
style ("Labour party") and is left out; so is what is seen too seldom to tell.

    python -m models.lexicon.capitals --data DIR --wordnet /usr/share/wordnet      (Debian's `wordnet-base`)
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from models.recipe.clean import articles
from repair.detect.names import TABLE
from repair.lexemes import FUNCTION_WORDS, readings
from repair.text import vocabulary

ALSO = ("Middle East",)  # small in print a little more often
PARTS = ("noun", "verb", "adj", "adv")
PLAIN = re.compile(r"[A-Z][A-Za-z]+(?: [A-Za-z]+)*")
WORDS = re.compile(r"(?<![\w.@#/'’-])[A-Za-z]+(?: [A-Za-z]+)*(?![\w@-])")  # with nothing but a space between them
LEAST, OFTEN = 4, 20  # times in print; OFTEN for short words, and for names of which every word has a small life
SHORT = 4
SMALL_SHARE = 0.03  # of its occurrences that may be small: slips, addresses, handles
# Titles and things, which houses write small, and words of other languages, which translation leaves behind.
LEFT_OUT = vocabulary(
    "afro canaries eurodollar labrador mars mickey pharaoh pharaohs shah shahs teflon velcro"
    " essen fortuna franco hans lange marat norma porto santa"
) | {"agriculture department", "foreign office", "grand prix", "six nations", "winter olympic games", "winter olympics"}
# Churches, wars, revolutions, empires, rivers and titles take a small last or first word in some houses' style.
STYLED = re.compile(r"^president |(church|war|revolution|empire|river|canal|plan|community)$")


def only_capital(wordnet: Path) -> dict[str, str]:
    """By its small form everything that WordNet writes with capitals in each of its senses, as it is printed."""
    forms: dict[str, set[str]] = defaultdict(set)
    for part in PARTS:
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                fields = line.partition(" | ")[0].split()
                for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2]:
                    name = re.sub(r"\(.*\)", "", word).replace("_", " ")
                    forms[name.lower()].add(name)
    return {low: min(names) for low, names in forms.items() if all(map(is_capital, names))}


def is_capital(name: str) -> bool:
    """Has every word a capital, but for small ones inside?

    >>> is_capital("Czech Republic"), is_capital("Bank of England"), is_capital("French fries"), is_capital("iPod")
    (True, True, False, False)
    """
    return bool(PLAIN.fullmatch(name)) and all(w[0].isupper() or w in FUNCTION_WORDS for w in name.split())


def runs(texts: Iterable[str]) -> Iterator[list[str]]:
    """Words that follow each other with nothing but a space between them."""
    for text in texts:
        for match in WORDS.finditer(text):
            yield match.group().split()


def counted(texts: Iterable[str], known: dict[str, str]) -> tuple[Counter[str], Counter[str]]:
    """How often each known word or name is printed with its capitals after a small word, and how often without."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    longest: dict[str, int] = defaultdict(lambda: 1)
    for name in known:
        first, _, rest = name.partition(" ")
        longest[first] = max(longest[first], 1 + len(rest.split()))
    for run in runs(texts):
        for i, first in enumerate(run):
            for length in range(1, longest[first.lower()] + 1 if first.lower() in longest else 1):
                here = " ".join(run[i : i + length])
                printed = known.get(here.lower())
                if printed is None or here.isupper():
                    continue
                if here == printed:
                    capital[printed.lower()] += length > 1 or (i > 0 and run[i - 1].islower())
                elif any(a.islower() and b[0].isupper() for a, b in zip(here.split(), printed.split(), strict=True)):
                    small[printed.lower()] += 1
    return capital, small


def sure(known: dict[str, str], capital: Counter[str], small: Counter[str]) -> list[str]:
    """What is printed with its capitals, sorted; the words before the names of several words."""
    words = {
        low
        for low in known
        if known[low].istitle()
        and " " not in low
        and low not in LEFT_OUT
        and len(low) >= SHORT
        and capital[low] >= (LEAST if len(low) > SHORT else OFTEN)
        and small[low] <= SMALL_SHARE * capital[low]
    }
    names = [
        low
        for low in known
        if " " in low
        and low not in LEFT_OUT
        and not STYLED.search(low)
        and is_sure_name(low, capital[low], small[low], words)
    ]
    return [*sorted(known[low] for low in words), *sorted(known[low] for low in names)]


def is_sure_name(low: str, capital: int, small: int, words: set[str]) -> bool:
    """Is the name seen often enough, for what it is made of, and never or hardly ever small?"""
    has_capital_word = any(word in words or not readings(word) for word in low.split() if word not in FUNCTION_WORDS)
    return capital >= (LEAST if has_capital_word else OFTEN) and small <= SMALL_SHARE * capital


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    args = parser.parse_args()
    known = only_capital(args.wordnet)
    # of a people and its members: WordNet has the singular alone
    known |= {low + "s": name + "s" for low, name in known.items() if " " not in low and low + "s" not in known}
    texts = (line for article in articles(args.data) for line in article.paragraphs)
    lines = [*sure(known, *counted(texts, known)), *ALSO]
    with TABLE.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        out.write("\n".join([*lines, ""]).encode("ascii"))


if __name__ == "__main__":
    main()
