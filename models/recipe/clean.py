"""Clean news as documents: BBC and Reuters articles whole, newstest lines in runs of one to twelve.

Everything that the split keeps for benchmarks is left out here.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repair.score.split import is_dev, is_held

RUN_LENGTHS = (1, 1, 2, 3, 5, 8, 12)  # test sets are scored line by line, articles as a whole: learn both


@dataclass(frozen=True, slots=True)
class Article:
    """One clean text; `paragraphs` are single lines."""

    source: str
    paragraphs: tuple[str, ...]
    held: bool


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, gzip or plain."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def articles(data: Path, seed: int = 1, reuters: int = 3000) -> list[Article]:
    """All training articles under `data`/clean-news, shuffled; Reuters copy is dated, so only a share is taken."""
    rng = random.Random(seed)
    folder = data / "clean-news"
    result = [
        Article("bbc", paragraphs(row["text"]), is_held(row["text"]))
        for row in read_jsonl(folder / "bbc-2225.jsonl.gz")
        if not is_dev(row["text"])
    ]
    wires = [row["text"] for row in read_jsonl(folder / "reuters-21578.jsonl.gz") if not is_dev(row["text"])]
    result += [
        Article("reuters", paragraphs(text), is_held(text)) for text in rng.sample(wires, min(reuters, len(wires)))
    ]
    lines = unique_lines(row["text"] for row in read_jsonl(folder / "newstest-2008-2021.jsonl.gz"))
    for held in (False, True):
        some = [line for line in lines if is_held(line) == held]
        start = 0
        while start < len(some):
            length = rng.choice(RUN_LENGTHS)
            result.append(Article("newstest", tuple(some[start : start + length]), held))
            start += length
    rng.shuffle(result)
    return result


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def unique_lines(texts: Iterator[str]) -> list[str]:
    """Lines in their order, repeats, dev lines and scraps dropped."""
    seen: set[str] = set()
    result = []
    for text in texts:
        line = text.strip()
        key = "".join(char for char in line.casefold() if char.isalnum())
        if len(line) >= 15 and key not in seen and not is_dev(line):
            seen.add(key)
            result.append(line)
    return result
