"""Measures what whole numbers of 8 bits change in the detector's logits, and notes it in its config.

They rank words as well as floating numbers do, but make them a little more doubtful. The mean difference is taken from
the logits where it is read in 8 bits, so that one set of thresholds serves both. It is measured on marked training
excerpts and clean news, over the words that are doubted at all: elsewhere nothing hangs on it.

    python -m models.detector.narrow --data DIR
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch

from models.recipe.clean import articles
from models.recipe.marks import read_excerpts
from repair.config import Config
from repair.detect.lm import LMDetector
from repair.lm.base import base_folder
from repair.lm.model import LanguageModel, wide
from repair.lm.reader import Reader
from repair.segment import read_document
from repair.trained import weights

DOUBTED = 0.05  # probability from which on a word counts


def texts(data: Path, count: int) -> Iterator[str]:
    """So many marked excerpts, and half as many clean articles."""
    for excerpt in islice(read_excerpts(data / "post-edits" / "real-train.jsonl.gz"), count):
        yield excerpt.text
    for article in [one for one in articles(data) if not one.held][: count // 2]:
        yield "\n\n".join(article.paragraphs)


def logits(every: Sequence[str], dtype: str, threads: int | None) -> torch.Tensor:
    """[words, 2]: of being garbled and of misleading, for all words of all texts, nothing taken from them."""
    reader = Reader(LanguageModel(base_folder(Config()), "cpu", dtype, threads), weights("detector"))
    reader.shift.zero_()  # what is measured here
    detector = LMDetector(reader)
    documents = [read_document(text) for text in every]
    read = [list(zip(detector.read(one), detector.serious(one), strict=True)) for one in documents]
    return torch.logit(torch.tensor([pair for pairs in read for pair in pairs], dtype=torch.float64), 1e-6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=80)
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    every = list(texts(args.data, args.texts))
    floating, whole = (logits(every, dtype, args.threads) for dtype in (wide("cpu"), "int8"))
    doubted = floating[:, 0] > torch.logit(torch.tensor(DOUBTED))
    moved = (whole - floating)[doubted]
    shift = [round(float(one), 4) for one in moved.mean(0)]
    print(f"{int(doubted.sum())} of {len(floating)} words doubted; higher by {shift}, scatter {moved.std(0).tolist()}")
    path = weights("detector") / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, "narrow": shift}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
