"""Low-rank adapters (LoRA, Hu et al. 2021) on every linear layer of the base model, for the detector and the corrector.

The two thin products run beside the frozen layer, so that no gradient of its whole weight is ever computed: on a CPU
a step takes two thirds of the time that it takes with the product added to the weight.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn
from torch.nn import functional

RANK = 32
SCALE = 2.0
TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class LowRank(nn.Module):
    """A frozen linear layer [out, in] with `SCALE * up @ down` beside it; zero at first. `down` is [rank, in]."""

    def __init__(self, frozen: nn.Linear, rank: int) -> None:
        super().__init__()
        out, width = frozen.weight.shape
        device = frozen.weight.device
        self.frozen = frozen
        self.down = nn.Parameter(torch.empty(rank, width, device=device).uniform_(-1, 1) / math.sqrt(width))
        self.up = nn.Parameter(torch.zeros(out, rank, device=device))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        thin = functional.linear(states, self.down.to(states.dtype))
        kept: torch.Tensor = self.frozen(states)
        return kept + SCALE * functional.linear(thin, self.up.to(states.dtype))


def adapt(layers: nn.ModuleList, rank: int = RANK) -> None:
    """Give every linear layer of the model's `layers` an adapter; everything else is frozen."""
    layers.requires_grad_(False)
    for name, linear in linears(layers):
        path, _, own = name.rpartition(".")
        setattr(layers.get_submodule(path), own, LowRank(linear, rank))


def linears(layers: nn.ModuleList) -> list[tuple[str, Any]]:
    return [(name, part) for name, part in layers.named_modules() if name.split(".")[-1] in TARGETS]


def parameters(layers: nn.Module) -> list[nn.Parameter]:
    """What is trained."""
    return [parameter for parameter in layers.parameters() if parameter.requires_grad]


def state(layers: nn.ModuleList) -> dict[str, torch.Tensor]:
    """The adapter in float16, as `repair.lm.adapter` reads it: `0.self_attn.q_proj.down` and `.up`."""
    result = {}
    for name, linear in linears(layers):
        for part in ("down", "up"):
            result[f"{name}.{part}"] = getattr(linear, part).detach().half().cpu().contiguous()
    return result


@torch.no_grad()
def restore(layers: nn.ModuleList, kept: dict[str, torch.Tensor]) -> None:
    """Take up the adapter that `state` gave."""
    for name, linear in linears(layers):
        for part in ("down", "up"):
            getattr(linear, part).copy_(kept[f"{name}.{part}"])
