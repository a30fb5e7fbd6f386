"""Reads the training examples with the frozen base model once and keeps the features on disk, in shards.

A shard holds 256 examples: `NNNN.npy` has states [words, layers * hidden] in float16, `NNNN.npz` scalars, labels,
lengths and kinds.
Stops after `--minutes`, goes on where it stopped; examples are in random order, so any part of them is a fair sample.

    python -m models.head.features --examples examples.jsonl --out features/ --minutes 60
"""

from __future__ import annotations

import argparse
import json
import time
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from repair.lm.base import resolve
from repair.lm.features import Reading, read
from repair.lm.model import LanguageModel

SHARD = 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder of another model of the same family")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    lm = LanguageModel(resolve(args.base), args.device)
    end = time.monotonic() + 60 * args.minutes
    total = 0
    with args.examples.open(encoding="utf-8") as lines:
        for number in range(10_000):
            rows = [json.loads(line) for line in islice(lines, SHARD)]
            if not rows or time.monotonic() > end:
                break
            if (args.out / f"{number:04}.npz").exists():
                continue
            begun = time.monotonic()
            words = save(args.out / f"{number:04}", rows, read(lm, [row["text"] for row in rows]))
            total += words
            print(
                f"shard {number}: {words} words, {words / (time.monotonic() - begun):.0f} words/s, {total} in all",
                flush=True,
            )


def save(stem: Path, rows: list[dict], readings: list[Reading]) -> int:
    """Write one shard; the small file last, so that its presence says that the shard is whole."""
    lengths = [len(reading.words) for reading in readings]
    labels = [label for row, n in zip(rows, lengths, strict=True) for label in row["labels"][:n]]
    states = torch.cat([reading.states for reading in readings]).half()
    np.save(stem.with_suffix(".npy"), states.numpy())
    np.savez(
        stem.with_suffix(".npz"),
        scalars=torch.cat([reading.scalars for reading in readings]).numpy(),
        labels=np.array(labels, dtype=np.float32),
        lengths=np.array(lengths),
        kinds=np.array([row["kind"] for row in rows]),
    )
    return len(labels)


if __name__ == "__main__":
    main()
