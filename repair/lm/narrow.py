"""Matrices of whole numbers in 8 bits: half the memory of bfloat16, and about half the time on processors with VNNI.

Each row of a matrix has a scale of its own and so has each token's state, measured as it comes (dynamic quantisation, a
scale a token: Yao et al. 2022, ZeroQuant). Whole numbers add up exactly, so a text is read alike whatever is beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

MOST = 127
LEAST = 1e-12  # of a state's largest number; one that is all zeros has a scale too


class Narrow:
    """A matrix [out, in] of whole numbers with the scales of its rows [out]. What comes out has the type `out`."""

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, out: torch.dtype) -> None:
        self.weight, self.scale, self.out = weight.t(), scale, out

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        flat = states.reshape(-1, states.shape[-1]).float()
        largest = flat.abs().amax(-1, keepdim=True).clamp_min_(LEAST)
        whole = (flat * largest.reciprocal().mul_(MOST)).round_().to(torch.int8)
        found = torch._int_mm(whole, self.weight).float().mul_(largest / MOST).mul_(self.scale)
        return found.to(self.out).view(*states.shape[:-1], -1)


def narrowed(weights: Mapping[str, torch.Tensor], names: tuple[str, ...]) -> dict[str, torch.Tensor]:
    """The weights with those matrices in whole numbers whose names end in one of `names`, and all else in float32."""
    result = {}
    for name, tensor in weights.items():
        if not name.endswith(names):
            result[name] = tensor.float()
            continue
        scale = tensor.float().abs().amax(1).clamp_min(LEAST) / MOST
        result[name] = (tensor.float() / scale[:, None]).round().to(torch.int8)
        result[f"{name}.scale"] = scale
    return result
