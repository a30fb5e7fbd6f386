"""Reading texts that share a beginning as one: every token sees its ancestors only.

A row of the batch is a tree of tokens. Branches can be added later and read on top of what has been read, so a text is
read once however many continuations are tried (the tree attention of speculative decoding: Miao et al. 2023,
SpecInfer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch


@dataclass(slots=True)
class Tree:
    """Tokens of one row, the place of each one's parent (-1 at the root), and its depth."""

    tokens: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)

    def add(self, parent: int, tokens: Sequence[int]) -> int:
        """Hang a chain of `tokens` below place `parent`; returns the place of its last token."""
        for token in tokens:
            self.depths.append(self.depths[parent] + 1 if parent >= 0 else 0)
            self.parents.append(parent)
            parent = len(self.tokens)
            self.tokens.append(token)
        return parent


def ancestors(parents: Sequence[int], known: torch.Tensor | None = None) -> torch.Tensor:
    """[tokens, tokens], true where a row's token may see the column's: itself and its ancestors.

    `known` is the result for the first tokens, which is not made again.
    """
    done = 0 if known is None else len(known)
    sees = torch.zeros(len(parents), len(parents), dtype=torch.bool)
    if known is not None:
        sees[:done, :done] = known
    for i in range(done, len(parents)):
        if parents[i] >= 0:
            sees[i] = sees[parents[i]]
        sees[i, i] = True
    return sees


class TreeReader:
    """Reads a tree that grows. The states of what has been read are kept, so nothing is read twice."""

    def __init__(self, model: Any, tree: Tree) -> None:
        self.model, self.tree = model, tree
        self.sees = torch.zeros(0, 0, dtype=torch.bool)
        self.cache: Any = None

    @torch.inference_mode()
    def read(self) -> torch.Tensor:
        """Last hidden states [new tokens, hidden] of the tokens that the tree has gained since the last reading."""
        fresh = range(len(self.sees), len(self.tree.tokens))
        self.sees = ancestors(self.tree.parents, self.sees)
        output = self.model(
            input_ids=torch.tensor([self.tree.tokens[fresh.start :]], device=self.model.device),
            position_ids=torch.tensor([self.tree.depths[fresh.start :]], device=self.model.device),
            attention_mask=self.sees[None, None, fresh.start :].to(self.model.device),
            cache=self.cache,
            use_cache=True,
        )
        self.cache = output.cache
        states: torch.Tensor = output.last_hidden_state[0]
        return states
