"""The Llama architecture (Touvron et al. 2023) for reading: plain forward passes over weights that lie in files.

The same arithmetic as transformers', without the seconds that importing it takes: a test compares the two.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import torch
from torch.nn import functional

from repair.errors import ModelError

# What has to be so in config.json, where it is said: nothing else is read here.
PLAIN = {"model_type": "llama", "attention_bias": False, "mlp_bias": False, "hidden_act": "silu"}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a model of this kind is built; `head` is the width of one attention head."""

    hidden: int
    layers: int
    heads: int
    key_heads: int
    head: int
    epsilon: float
    theta: float


def shape(folder: Path) -> Shape:
    """That of the model in `folder`. Raises ModelError for a model of another kind, OSError or ValueError for none."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    kind = rope.get("rope_type", "default")
    if kind != "default" or any(config.get(name, value) != value for name, value in PLAIN.items()):
        raise ModelError(f"{folder}: not a plain Llama model; give the base model or a larger one of its family")
    heads = config["num_attention_heads"]
    return Shape(
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=heads,
        key_heads=config.get("num_key_value_heads") or heads,
        head=config.get("head_dim") or config["hidden_size"] // heads,
        epsilon=config["rms_norm_eps"],
        theta=rope.get("rope_theta") or config.get("rope_theta", 10_000.0),
    )


class Matrix(Protocol):
    """States [..., in] to states [..., out]."""

    def __call__(self, states: torch.Tensor) -> torch.Tensor: ...


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; `query`, `key` and `value` lie in one matrix, and so do `gate` and `up`."""

    attending: Matrix
    attended: Matrix
    opening: Matrix
    closing: Matrix
    before: torch.Tensor  # weights of the norms before attention and after it
    after: torch.Tensor


class Cache:
    """Keys and values [1, heads, tokens, width] of what has been read, by layer. There is room for more behind them, so
    that reading on copies nothing.
    """

    def __init__(self) -> None:
        self._sizes: dict[int, int] = defaultdict(int)
        self._rooms: dict[tuple[int, int], torch.Tensor] = {}

    def longer(self, layer: int, key: torch.Tensor, value: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What has been read with these after it."""
        known = self._sizes[layer]
        size = self._sizes[layer] = known + key.shape[2]
        for kind, new in enumerate((key, value)):
            room = self._rooms.get((layer, kind))
            if room is None or room.shape[2] < size:
                larger = new.new_empty(*new.shape[:2], size + size // 2, new.shape[3])
                if room is not None:
                    larger[:, :, :known] = room[:, :, :known]
                self._rooms[layer, kind] = room = larger
            room[:, :, known:size] = new
        return self._rooms[layer, 0][:, :, :size], self._rooms[layer, 1][:, :, :size]


@dataclass(frozen=True, slots=True)
class Group:
    """So many `tokens` of a row, that see no token of another group; `mask` [1, 1, tokens, all tokens of the group] is
    true where one may see another, and None where each sees all. `cache` holds what was read of the group.
    """

    tokens: int
    mask: torch.Tensor | None
    cache: Cache | None


@dataclass(frozen=True, slots=True)
class Output:
    """Last hidden states [rows, tokens, hidden], and what the next call may build on."""

    last_hidden_state: torch.Tensor
    cache: Cache | None


class Llama:
    """A model without its vocabulary's head. It is called as transformers' model of that name is."""

    def __init__(
        self,
        shape: Shape,
        embedding: torch.Tensor,
        layers: list[Layer],
        norm: torch.Tensor,
    ) -> None:
        self.shape, self.embedding, self.layers, self.norm = shape, embedding, layers, norm
        self.device = embedding.device
        steps = torch.arange(0, shape.head, 2, dtype=torch.float) / shape.head
        self.frequencies = (1.0 / (shape.theta**steps)).to(self.device)

    def __call__(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        position_ids: torch.Tensor | None = None,
        cache: Cache | None = None,
        use_cache: bool = False,
        groups: Sequence[Group] = (),
    ) -> Output:
        """Reads tokens [rows, tokens]. `attention_mask` [rows, 1, tokens, all tokens] is true where a row's token may
        see the column's; without it each sees those before it. `groups` parts a single row into texts that are read
        together and don't see each other, with masks and caches of their own.
        """
        if use_cache and cache is None:
            cache = Cache()
        if not groups:
            tokens = input_ids.shape[1]
            before = torch.ones(1, 1, tokens, tokens, dtype=torch.bool, device=self.device).tril()
            groups = (Group(tokens, before if attention_mask is None else attention_mask, cache),)
        groups = [replace(group, mask=self._added(group.mask)) for group in groups]
        if position_ids is None:
            position_ids = torch.arange(input_ids.shape[1], device=self.device)[None]
        states = functional.embedding(input_ids, self.embedding).to(self.norm.dtype)
        angles = (position_ids[..., None].float() * self.frequencies)[:, None]
        cos, sin = (part.to(self.embedding.dtype) for part in (angles.cos(), angles.sin()))
        rotation = torch.cat((cos, cos), dim=-1), torch.cat((-sin, sin), dim=-1)
        for number, layer in enumerate(self.layers):
            read = normed(states, layer.before, self.shape.epsilon)
            states = states + self._attend(number, layer, read, rotation, groups)
            gate, up = layer.opening(normed(states, layer.after, self.shape.epsilon)).chunk(2, dim=-1)
            states = states + layer.closing(functional.silu(gate) * up)
        return Output(normed(states, self.norm, self.shape.epsilon), cache)

    def _added(self, mask: torch.Tensor | None) -> torch.Tensor | None:
        """A mask as what is added to the scores of all heads that share keys; made once, not anew in every layer."""
        if mask is None:
            return None
        barred = torch.zeros(mask.shape, dtype=self.norm.dtype, device=self.device).masked_fill_(~mask, -torch.inf)
        return barred.repeat(1, 1, self.shape.heads // self.shape.key_heads, 1)

    def _attend(
        self,
        number: int,
        layer: Layer,
        states: torch.Tensor,
        rotation: tuple[torch.Tensor, torch.Tensor],
        groups: Sequence[Group],
    ) -> torch.Tensor:
        rows, tokens, _ = states.shape
        heads, key_heads = self.shape.heads, self.shape.key_heads
        parts = layer.attending(states).view(rows, tokens, heads + 2 * key_heads, self.shape.head).transpose(1, 2)
        turning, value = torch.split(parts, [heads + key_heads, key_heads], dim=1)
        query, key = torch.split(rotated(turning, *rotation), [heads, key_heads], dim=1)
        sizes = [group.tokens for group in groups]
        parted = zip(groups, *(torch.split(part, sizes, dim=2) for part in (query, key, value)), strict=True)
        seen = torch.cat([self._attended(number, *some) for some in parted], dim=2)
        return layer.attended(seen.transpose(1, 2).reshape(rows, tokens, heads * self.shape.head))

    def _attended(
        self, number: int, group: Group, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
    ) -> torch.Tensor:
        """What the tokens of a group see of each other and of what was read of it before, in layer `number`."""
        if group.cache is not None:
            key, value = group.cache.longer(number, key, value)
        # heads that share keys stand one below the other, so that the keys are not repeated for each
        below = query.reshape(*key.shape[:2], -1, key.shape[3])
        return functional.scaled_dot_product_attention(below, key, value, group.mask).reshape(query.shape)


def normed(states: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    """States divided by their root mean square (RMSNorm), times the weight."""
    wide = states.float()
    wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + epsilon)
    return weight * wide.to(states.dtype)


def rotated(states: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """States [rows, heads, tokens, width] turned by their positions (rotary embedding, Su et al. 2021).

    The first half of `sin` is negative.
    """
    one, other = states.chunk(2, dim=-1)
    return states * cos + torch.cat((other, one), dim=-1) * sin
