"""Trains the detector: an adapter that lets the base model read both ways, and a head that judges words.

python -m models.detector.train --packed detector.npz --out models/detector --minutes 60
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from models import packed
from models.detector.pack import FIRST, NEXT, OUTSIDE, UNKNOWN
from models.trainer import Lesson, arguments, base_model, fit
from repair.lm.reader import Head

Batch = dict[str, torch.Tensor]
WEIGHTS = torch.tensor([1.0, 0.3])  # of the two outputs in the loss


def batches(path: Path, tokens: int, device: str, rng: random.Random) -> Iterator[Batch]:
    """Tokens with their mask, and for all words of all rows: row, first and last token, labels [words, 2] in [0, 1].

    The labels are garbled, and serious (-1 where that is not known).
    """
    data = packed.load(path)
    lengths = np.diff(data["tokens"].starts)
    some = np.repeat(np.arange(len(lengths)), data["repeat"].values)
    for group in packed.batches(lengths, some, tokens, rng):
        ids = packed.padded([data["tokens"][i] for i in group], 0)
        real = packed.padded([np.ones(lengths[i], dtype=np.int64) for i in group], 0)
        places = packed.padded([data["places"][i] for i in group], OUTSIDE)
        rows, begins = np.nonzero(places == FIRST)
        following = np.pad(places[:, 1:], ((0, 0), (0, 1)))
        _, ends = np.nonzero((places != OUTSIDE) & (following != NEXT))
        labels = np.stack([np.concatenate([data[name][i] for i in group]) for name in ("labels", "serious")], axis=-1)
        known = labels[:, 0] != UNKNOWN
        yield {
            name: torch.from_numpy(array).to(device, non_blocking=True)
            for name, array in {
                "ids": ids,
                "real": real,
                "rows": rows[known],
                "begins": begins[known],
                "ends": ends[known],
                "labels": np.where(labels[known] == UNKNOWN, -1, labels[known].astype(np.float32) / 200),
            }.items()
        }


def both_ways(model: Any, ids: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Last hidden states [rows, length, hidden]; every token sees all that are `real` (1) and none that is padding."""
    rows, length = ids.shape
    mask = real.bool()[:, None, None, :].expand(rows, 1, length, length)
    states: torch.Tensor = model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    return states


def lesson(model: Any, head: Head) -> Lesson:
    def loss(batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = both_ways(model.model, batch["ids"], batch["real"])
        first, last = hidden[batch["rows"], batch["begins"]], hidden[batch["rows"], batch["ends"]]
        logits = head(first.float(), last.float())
        labels = batch["labels"].float()
        each = nn.functional.binary_cross_entropy_with_logits(logits, labels.clamp(min=0), reduction="none")
        summed = (each * torch.where(labels < 0, 0.0, WEIGHTS)).sum()
        return summed, torch.tensor(float(len(labels)), device=summed.device)

    return Lesson(loss, head)


def main() -> None:
    args = arguments(__doc__ or "").parse_args()
    torch.manual_seed(1)
    model = base_model(args.base, args.device)
    head = Head(model.config.hidden_size).to(args.device)
    facts = {"hidden": model.config.hidden_size}
    fit(args, model, lesson(model, head), batches(args.packed, args.tokens, args.device, random.Random(1)), facts)


if __name__ == "__main__":
    main()
