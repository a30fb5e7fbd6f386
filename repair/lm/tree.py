"""Reading texts that share a beginning as one: every token sees its ancestors only.

Branches can be added later and read on top of what has been read, so a text is
read once however many continuations are tried (the tree attention of speculative decoding: Miao et al. 2023,
SpecInfer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from repair.lm.llama import Cache, Group, Llama


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
    """Reads trees that grow, all in one pass. The states of what has been read are kept, so nothing is read twice."""

    def __init__(self, model: Llama, trees: Sequence[Tree]) -> None:
        self.model, self.trees = model, trees
        self._sees = [torch.zeros(0, 0, dtype=torch.bool) for _ in trees]
        self._caches = [Cache() for _ in trees]

    @torch.inference_mode()
    def read(self) -> list[torch.Tensor]:
        """For each tree the last hidden states [new tokens, hidden] of those that it has gained since the last time."""
        device, groups, sizes = self.model.device, [], []
        tokens: list[int] = []
        depths: list[int] = []
        for number, tree in enumerate(self.trees):
            start = len(self._sees[number])
            sizes.append(len(tree.tokens) - start)
            if sizes[-1]:
                sees = self._sees[number] = ancestors(tree.parents, self._sees[number])
                groups.append(Group(sizes[-1], sees[None, None, start:].to(device), self._caches[number]))
                tokens += tree.tokens[start:]
                depths += tree.depths[start:]
        ids, places = (torch.tensor([some], device=device) for some in (tokens, depths))
        states = self.model(ids, position_ids=places, groups=groups).last_hidden_state[0]
        return list(torch.split(states, sizes))
