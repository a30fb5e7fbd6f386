"""Real output judged by its company: what neither the reference nor the other systems wrote is probably wrong.

A free reference alone calls every paraphrase an error. Where several systems translated the same sentence, a word that
the reference or a third of them share is sound, and one that nobody shares is suspect, the more so the rougher the
output is as a whole; what lies in between teaches nothing (label -1). Lines that follow each other in a test set and
come from one system are joined, so that bad output is also seen as a whole article.
"""

from __future__ import annotations

import html
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.recipe.clean import RUN_LENGTHS, read_jsonl
from models.recipe.example import Example
from repair.lexemes import FUNCTION_WORDS, PUNCTUATION
from repair.score.split import is_dev, is_held

UNKNOWN = -1.0
OTHERS = 2  # fewer other systems than that say nothing
SHARED = 0.34  # a word that this share of the others wrote is sound
STEM = 5  # words that begin alike may be one word inflected
FUNCTION_ERROR = 0.35  # a small word that nobody put beside either neighbour
MOST_WORDS = 330
TOKENISED = (" , ", " . ", " 's ")


@dataclass(frozen=True, slots=True)
class Company:
    """What one text contains: its words, its pairs of neighbours, and how its longer words begin; all in lower case."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    stems: frozenset[str]


def company(text: str) -> Company:
    """
    >>> sorted(company("The talks began.").pairs)
    [('', 'the'), ('began', ''), ('talks', 'began'), ('the', 'talks')]
    """
    forms = [form(word) for word in text.split()]
    return Company(
        frozenset(forms),
        frozenset(zip(["", *forms], [*forms, ""], strict=True)),
        frozenset(word[:STEM] for word in forms if len(word) >= STEM),
    )


def form(word: str) -> str:
    return word.strip(PUNCTUATION).lower()


def labels(text: str, reference: Company, others: Sequence[Company]) -> list[float]:
    """For every whitespace-separated word how likely it is wrong, or UNKNOWN."""
    tokens = text.split()
    forms = ["", *(form(word) for word in tokens), ""]
    result = []
    for i, token in enumerate(tokens, 1):
        word = forms[i]
        everyone = [reference, *others]
        if word in FUNCTION_WORDS or not word:
            near = ((forms[i - 1], word), (word, forms[i + 1]))
            shared = any(pair in one.pairs for one in everyone for pair in near)
            result.append(0.0 if shared else FUNCTION_ERROR)
        elif word in reference.words or sum(word in one.words for one in others) >= SHARED * len(others):
            result.append(0.0)
        elif (
            any(word in one.words for one in others)
            or named(token, i)
            or (len(word) >= STEM and any(word[:STEM] in one.stems for one in everyone))
        ):
            result.append(UNKNOWN)
        else:
            result.append(1.0)
    suspect = sum(label == 1.0 for label in result) / max(len(result), 1)
    sure = min(0.3 + 2.5 * suspect, 0.9)
    return [sure if label == 1.0 else label for label in result]


def named(token: str, i: int) -> bool:
    """Names and figures differ between systems without being wrong."""
    return (token[:1].isupper() and i > 1) or any(char.isdigit() for char in token)


def judged_output(data: Path, rng: random.Random, most_words: int) -> Iterator[Example]:
    """About `most_words` words of output of `mt-ref` and the WMT news sets, every file with the same share."""
    files = sorted(
        [
            *(data / "mt-ref").rglob("*.jsonl.gz"),
            *(data / "wmt21-news").glob("*.gz"),
            *(data / "wmt22-general").glob("*.gz"),
        ]
    )
    found = [example for path in files for example in of_file(list(read_jsonl(path)), rng)]
    rng.shuffle(found)
    total = 0
    for example in found:
        total += len(example.labels)
        if total > most_words:
            break
        yield example


def of_file(rows: list[dict[str, Any]], rng: random.Random) -> Iterator[Example]:
    """Runs of consecutive lines, each from two systems drawn for it."""
    for held in (False, True):
        some = [row for row in rows if is_held(references_of(row)[0]) == held]
        start = 0
        while start < len(some):
            length = rng.choice(RUN_LENGTHS)
            run = some[start : start + length]
            start += length
            systems = sorted(set.intersection(*(set(row["hyps"]) for row in run)))
            for system in rng.sample(systems, min(2, len(systems))):
                example = of_run(run, system, held, rng)
                if example:
                    yield example


def references_of(row: dict[str, Any]) -> list[str]:
    return [row["ref"]] if "ref" in row else list(row["refs"].values())


def of_run(run: list[dict[str, Any]], system: str, held: bool, rng: random.Random) -> Example | None:
    joint = rng.choice(("\n", "\n\n", " "))
    lines: list[str] = []
    scores: list[float] = []
    for row in run:
        references = references_of(row)
        text = html.unescape(row["hyps"][system]).strip()
        others = {html.unescape(other).strip() for other in row["hyps"].values()} - {text}
        if any(map(is_dev, references)) or len(others) < OTHERS or len(text.split()) < 4 or text == text.lower():
            continue
        if len(scores) + len(text.split()) > MOST_WORDS or any(mark in text for mark in TOKENISED) or "\n" in text:
            continue
        lines.append(" ".join(text.split()))
        scores += labels(text, company(" \n ".join(references)), [company(other) for other in sorted(others)])
    return Example("consensus", joint.join(lines), tuple(scores), (), held) if lines else None
