"""Trains the corrector's adapter to write what should stand in marked spans.

python -m models.infill.train --packed infill.npz --out models/infill --minutes 60
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
from models.infill.pack import ANSWER
from models.trainer import Lesson, arguments, base_model, fit

Batch = dict[str, torch.Tensor]


def batches(path: Path, tokens: int, device: str, rng: random.Random) -> Iterator[Batch]:
    """Tokens, and the part that each belongs to (-1 for padding)."""
    data = packed.load(path)
    lengths = np.diff(data["tokens"].starts)
    for group in packed.batches(lengths, np.arange(len(lengths)), tokens, rng):
        ids = packed.padded([data["tokens"][i] for i in group], 0)
        parts = packed.padded([data["parts"][i].astype(np.int64) for i in group], -1)
        yield {
            "ids": torch.from_numpy(ids).to(device, non_blocking=True),
            "parts": torch.from_numpy(parts).to(device, non_blocking=True),
        }


def layout(parts: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """From `parts` [rows, length]: positions, the mask [rows, 1, length, length], and where answers stand.

    A question continues the piece: it sees the piece and itself, and is counted on from the piece's end.
    """
    answers = parts > ANSWER
    question = torch.where(answers, parts - ANSWER, parts)
    length = parts.shape[1]
    index = torch.arange(length, device=parts.device)
    piece = (question == 0).sum(1, keepdim=True)
    opens = question != nn.functional.pad(question[:, :-1], (1, 0), value=0)
    starts = torch.where(opens, index, 0).cummax(1).values
    positions = torch.where(question > 0, index - starts + piece, index)
    earlier = index[None, :] <= index[:, None]
    same = (question[:, :, None] == question[:, None, :]) | (question == 0)[:, None, :]
    mask = same & earlier
    return positions, mask[:, None], answers


def lesson(model: Any) -> Lesson:
    def loss(batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Cross-entropy of the answers' tokens; only these are given a vocabulary."""
        positions, mask, answers = layout(batch["parts"])
        hidden = model.model(
            input_ids=batch["ids"], attention_mask=mask, position_ids=positions, use_cache=False
        ).last_hidden_state
        rows, columns = answers.nonzero(as_tuple=True)
        logits = model.lm_head(hidden[rows, columns - 1]).float()
        summed = nn.functional.cross_entropy(logits, batch["ids"][rows, columns], reduction="sum")
        return summed, torch.tensor(float(len(rows)), device=summed.device)

    return Lesson(loss)


def main() -> None:
    args = arguments(__doc__ or "").parse_args()
    torch.manual_seed(1)
    model = base_model(args.base, args.device)
    fit(args, model, lesson(model), batches(args.packed, args.tokens, args.device, random.Random(1)), {})


if __name__ == "__main__":
    main()
