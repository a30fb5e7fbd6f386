"""Low-rank adapters (LoRA, Hu et al. 2021) on every linear layer of the base model, for the detector and the corrector.

The product is added to the frozen weight before the layer uses it, in the weight's own type: a step then costs one
matrix product a layer, and what is trained is rounded exactly as the merged weights are in use.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn
from torch.nn.utils import parametrize

RANK = 32
SCALE = 2.0
TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class LowRank(nn.Module):
    """Adds `SCALE * up @ down` to a weight [out, in]; zero at first. `down` is [rank, in], `up` [out, rank]."""

    def __init__(self, weight: torch.Tensor, rank: int) -> None:
        super().__init__()
        out, width = weight.shape
        self.down = nn.Parameter(torch.empty(rank, width, device=weight.device).uniform_(-1, 1) / math.sqrt(width))
        self.up = nn.Parameter(torch.zeros(out, rank, device=weight.device))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + (SCALE * self.up @ self.down).to(weight.dtype)


def adapt(layers: nn.ModuleList, rank: int = RANK) -> None:
    """Give every linear layer of the model's `layers` an adapter; everything else is frozen."""
    layers.requires_grad_(False)
    for _, linear in linears(layers):
        parametrize.register_parametrization(linear, "weight", LowRank(linear.weight, rank))


def linears(layers: nn.ModuleList) -> list[tuple[str, Any]]:
    return [(name, part) for name, part in layers.named_modules() if name.split(".")[-1] in TARGETS]


def parameters(layers: nn.ModuleList) -> list[nn.Parameter]:
    """What is trained."""
    return [parameter for parameter in layers.parameters() if parameter.requires_grad]


def state(layers: nn.ModuleList) -> dict[str, torch.Tensor]:
    """The adapter in float16, as `repair.lm.adapter` reads it: `0.self_attn.q_proj.down` and `.up`."""
    result = {}
    for name, linear in linears(layers):
        low = linear.parametrizations.weight[0]
        for part in ("down", "up"):
            result[f"{name}.{part}"] = getattr(low, part).detach().half().cpu().contiguous()
    return result


@torch.no_grad()
def restore(layers: nn.ModuleList, kept: dict[str, torch.Tensor]) -> None:
    """Take up the adapter that `state` gave."""
    for name, linear in linears(layers):
        low = linear.parametrizations.weight[0]
        for part in ("down", "up"):
            getattr(low, part).copy_(kept[f"{name}.{part}"])
