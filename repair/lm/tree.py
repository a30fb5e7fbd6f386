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


def ancestors(parents: Sequence[int]) -> torch.Tensor:
    """[tokens, tokens], true where a row's token may see the column's: itself and its ancestors."""
    sees = torch.zeros(len(parents), len(parents), dtype=torch.bool)
    for i, parent in enumerate(parents):
        if parent >= 0:
            sees[i] = sees[parent]
        sees[i, i] = True
    return sees


def batch(trees: Sequence[Tree], pad: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Tokens and positions [trees, longest] and mask [trees, 1, longest, longest]; padding sees itself alone."""
    longest = max(len(tree.tokens) for tree in trees)
    ids = torch.full((len(trees), longest), pad)
    positions = torch.zeros(len(trees), longest, dtype=torch.long)
    mask = torch.eye(longest, dtype=torch.bool).repeat(len(trees), 1, 1, 1)
    for row, tree in enumerate(trees):
        count = len(tree.tokens)
        ids[row, :count] = torch.tensor(tree.tokens)
        positions[row, :count] = torch.tensor(tree.depths)
        mask[row, 0, :count, :count] = ancestors(tree.parents)
    return ids, positions, mask


class TreeReader:
    """Reads trees that grow. The states of what has been read are kept, so nothing is read twice."""

    def __init__(self, model: Any, trees: Sequence[Tree], pad: int) -> None:
        from transformers import DynamicCache

        self.model, self.trees, self.pad = model, trees, pad
        self.device = model.device
        self.columns: list[list[int]] = [[] for _ in trees]  # where each token of a tree lies in the cache
        self.width = 0
        self.cache: Any = DynamicCache()

    @torch.inference_mode()
    def read(self) -> list[torch.Tensor]:
        """Last hidden states [new tokens, hidden] of the tokens that each tree has gained since the last reading."""
        fresh = [range(len(known), len(tree.tokens)) for known, tree in zip(self.columns, self.trees, strict=True)]
        longest = max(map(len, fresh))
        if not longest:
            return [torch.zeros(0) for _ in fresh]
        ids = torch.full((len(fresh), longest), self.pad)
        positions = torch.zeros(len(fresh), longest, dtype=torch.long)
        mask = torch.zeros(len(fresh), 1, longest, self.width + longest, dtype=torch.bool)
        mask[:, 0, :, self.width :] = torch.eye(longest, dtype=torch.bool)
        for row, (tree, places) in enumerate(zip(self.trees, fresh, strict=True)):
            if not places:
                continue
            count = len(places)
            ids[row, :count] = torch.tensor(tree.tokens[places.start :])
            positions[row, :count] = torch.tensor(tree.depths[places.start :])
            self.columns[row] += range(self.width, self.width + count)
            sees = ancestors(tree.parents)[places.start :]
            mask[row, 0, :count][:, torch.tensor(self.columns[row])] = sees
        output = self.model.model(
            input_ids=ids.to(self.device),
            position_ids=positions.to(self.device),
            attention_mask=mask.to(self.device),
            cache=self.cache,
            use_cache=True,
        )
        self.width += longest
        return [output.last_hidden_state[row, : len(places)] for row, places in enumerate(fresh)]
