"""The detector's model: the base model with an adapter that reads both ways, and a head that judges every word.

The base model was made to read left to right. Its adapter (LoRA, Hu et al. 2021) was trained with the mask taken away,
so that every word is judged by what stands on both sides of it and by the whole window: whether this text was
machine-translated at all shows in every word of it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch
from torch import nn

from repair.lm.adapter import adapter_hash, checked, narrow_shift
from repair.lm.answers import Reading
from repair.lm.llama import Group
from repair.lm.model import LanguageModel
from repair.text import Span, words

MAX_TOKENS = 640  # a window's length; longer ones are cut, and words beyond are not judged
REMEMBERED = 256  # windows
WIDTH = 512


class Head(nn.Module):
    """A word's first and last hidden state in; out come its logits of being garbled, and so that it misleads."""

    def __init__(self, hidden: int, width: int = WIDTH) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2 * hidden, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, 2))

    def forward(self, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        """Logits [words, 2] from states [words, hidden] each."""
        logits: torch.Tensor = self.layers(torch.cat([first, last], dim=-1))
        return logits


class Reader:
    """Judges the words of windows. Raises ModelError for missing or damaged weights.

    `read` takes a text and returns its reading; only words that lie within MAX_TOKENS tokens are in it. Texts are read
    one by one: what is read together shares rounding errors, and a reading must not depend on company.
    """

    def __init__(self, lm: LanguageModel, folder: Path) -> None:
        self.sha256, _ = adapter_hash(folder)
        weights, _ = checked(folder, "head")
        self.lm, self.model = lm, lm.adapted(folder)
        self.threads, self.numbers = lm.threads, lm.numbers
        self.head = Head(lm.hidden).eval()
        self.head.load_state_dict({name: value.float() for name, value in weights.items()})
        self.head.to(lm.device)
        shift = (lm.narrow and narrow_shift(folder)) or (0.0, 0.0)
        self.shift = torch.tensor(shift, device=lm.device)  # of the logits, by the type of numbers
        # of a text that is read again after a few changes most windows are the same
        self.read = lru_cache(REMEMBERED)(self._read)

    @torch.inference_mode()
    def _read(self, text: str) -> Reading:
        tokens = self.lm.encode(text)[:MAX_TOKENS]
        ids = torch.tensor([[token for token, _, _ in tokens]], device=self.lm.device)
        # every word sees all: no mask, where training, which reads texts of many lengths together, needs one
        hidden = self.model(ids, groups=(Group(ids.shape[1], None, None),)).last_hidden_state[0]
        spans, members = align(text, tokens)
        first = hidden[[own[0] for own in members]].float()
        last = hidden[[own[-1] for own in members]].float()
        judged = (self.head(first, last) - self.shift).sigmoid() if spans else torch.zeros(0, 2)
        return Reading(tuple(spans), tuple(judged[:, 0].tolist()), tuple(judged[:, 1].tolist()))


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
