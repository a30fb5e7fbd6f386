"""Training texts as arrays of tokens: made once on any machine, carried to wherever the training runs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROUND = 32  # rows are padded to a multiple of this
POOL = 40_000  # texts among which those of like length are put together


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different lengths one after the other; row i is `values[starts[i]:starts[i + 1]]`."""

    values: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray, lengths: np.ndarray) -> Ragged:
        return cls(values, np.concatenate([[0], np.cumsum(lengths.astype(np.int64))]))

    def __getitem__(self, i: int) -> np.ndarray:
        return self.values[self.starts[i] : self.starts[i + 1]]

    def __len__(self) -> int:
        return len(self.starts) - 1


def save(path: Path, rows: dict[str, list[Any]], types: dict[str, str]) -> None:
    """Write `rows` (for each name one list a text) as arrays of these types of numpy, with their lengths."""
    arrays: dict[str, np.ndarray] = {}
    for name, some in rows.items():
        arrays[name] = np.concatenate([np.asarray(row, dtype=types[name]) for row in some])
        arrays[f"{name} lengths"] = np.array([len(row) for row in some], dtype=np.uint16)
    np.savez(path, **arrays)  # type: ignore[arg-type]


def load(path: Path) -> dict[str, Ragged]:
    with np.load(path) as file:
        return {
            name: Ragged.of(file[name], file[f"{name} lengths"]) for name in file.files if not name.endswith("lengths")
        }


def batches(lengths: np.ndarray, some: np.ndarray, tokens: int, rng: random.Random) -> Iterator[np.ndarray]:
    """The texts `some`, again and again in new orders, those of like length together: about `tokens` tokens a batch."""
    while True:
        order = np.array(rng.sample(list(some), len(some)))
        groups = []
        for start in range(0, len(order), POOL):
            pool = order[start : start + POOL]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            first = 0
            for i in range(len(pool)):
                width = -(-int(lengths[pool[i]]) // ROUND) * ROUND
                if i > first and (i - first + 1) * width > tokens:
                    groups.append(pool[first:i])
                    first = i
            groups.append(pool[first:])
        rng.shuffle(groups)
        yield from groups


def padded(rows: list[np.ndarray], fill: int) -> np.ndarray:
    """[rows, longest rounded up] with `fill` on the right."""
    width = -(-max(map(len, rows)) // ROUND) * ROUND
    result = np.full((len(rows), width), fill, dtype=np.int64)
    for i, row in enumerate(rows):
        result[i, : len(row)] = row
    return result
