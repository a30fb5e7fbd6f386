"""The detector's model: the base model with an adapter that reads both ways, and a head that judges every word.

The base model was made to read left to right. Its adapter (LoRA, Hu et al. 2021) was trained with the mask taken away,
so that every word is judged by what stands on both sides of it and by the whole window: whether this text was
machine-translated at all shows in every word of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from repair.lm.adapter import add, checked
from repair.lm.model import LanguageModel, padded
from repair.text import Span, words

MAX_TOKENS = 640  # a window's length; longer ones are cut, and words beyond are not judged
BATCH_TOKENS = 2000
WIDTH = 512


class Head(nn.Module):
    """A word's first and last hidden state in, its logit of being garbled out."""

    def __init__(self, hidden: int, width: int = WIDTH) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2 * hidden, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, 1))

    def forward(self, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        """Logits [words] from states [words, hidden] each."""
        logits: torch.Tensor = self.layers(torch.cat([first, last], dim=-1))[..., 0]
        return logits


def both_ways(model: Any, ids: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Last hidden states [rows, length, hidden]; every token sees all that are `real` (1) and none that is padding."""
    rows, length = ids.shape
    mask = real.bool()[:, None, None, :].expand(rows, 1, length, length)
    states: torch.Tensor = model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    return states


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a window that were read, and the probability of each that it is garbled."""

    words: tuple[Span, ...]
    garbled: tuple[float, ...]


class Reader:
    """Judges the words of windows. Raises ModelError for missing or damaged weights.

    The layers of `lm` become its own, which saves 210 MB; who needs them as they were copies them first (`Infiller`
    does).
    """

    def __init__(self, lm: LanguageModel, folder: Path) -> None:
        adapter, self.sha256 = checked(folder, "adapter")
        weights, _ = checked(folder, "head")
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.lm = lm
        self.model = lm.model.model
        add(self.model.layers, adapter, config["scale"])
        self.head = Head(lm.hidden).eval()
        self.head.load_state_dict({name: value.float() for name, value in weights.items()})
        self.head.to(lm.device)

    def read(self, texts: list[str]) -> list[Reading]:
        """A reading of each of `texts`. Only words that lie within MAX_TOKENS tokens are returned.

        Texts are batched with those of the same padded length, so that a reading does not depend on the other texts.
        """
        encoded = [self.lm.encode(text)[:MAX_TOKENS] for text in texts]
        groups: dict[int, list[int]] = {}
        for i, tokens in enumerate(encoded):
            groups.setdefault(padded(len(tokens)), []).append(i)
        readings: dict[int, Reading] = {}
        for length, members in sorted(groups.items()):
            most = max(1, BATCH_TOKENS // length)
            for start in range(0, len(members), most):
                some = members[start : start + most]
                read_some = self._batch([texts[i] for i in some], [encoded[i] for i in some])
                readings.update(zip(some, read_some, strict=True))
        return [readings[i] for i in range(len(texts))]

    @torch.inference_mode()
    def _batch(self, texts: list[str], encoded: list[list[tuple[int, int, int]]]) -> list[Reading]:
        ids, real = self.lm.pad([[token for token, _, _ in tokens] for tokens in encoded])
        hidden = both_ways(self.model, ids, real)
        result = []
        for row, (text, tokens) in enumerate(zip(texts, encoded, strict=True)):
            spans, members = align(text, tokens)
            first = hidden[row, [own[0] for own in members]].float()
            last = hidden[row, [own[-1] for own in members]].float()
            garbled = self.head(first, last).sigmoid().tolist() if spans else []
            result.append(Reading(tuple(spans), tuple(garbled)))
        return result


def align(text: str, tokens: list[tuple[int, int, int]]) -> tuple[list[Span], list[list[int]]]:
    """The words of `text` that have tokens, and the positions of each word's tokens (position 0 is the start mark)."""
    every = words(text)
    members: list[list[int]] = [[] for _ in every]
    at = 0
    for position, (_, start, end) in enumerate(tokens):
        if position == 0 or not text[start:end].strip():
            continue
        while at < len(every) - 1 and every[at].end <= end - 1:
            at += 1
        members[at].append(position)
    # a cut window may end in the middle of a word: the word is then left to the next window
    kept = [i for i, own in enumerate(members) if own and (len(tokens) < MAX_TOKENS or tokens[-1][2] > every[i].end)]
    return [every[i] for i in kept], [members[i] for i in kept]
