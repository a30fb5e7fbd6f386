"""The detector's head: a small bidirectional encoder over the words of a window, one logit a word.

The base model reads left to right and stays frozen; the head sees its features of the words on both sides, so it also
learns from the whole window whether this text was machine-translated at all.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from torch import nn

from repair.errors import ModelError
from repair.lm.features import LAYERS, SCALARS, Reading

NEAR = 24  # word distances beyond this share one bias


class Head(nn.Module):
    """Features of words in, logits out. `width` is the size of the encoder, `layers` its depth."""

    def __init__(self, hidden: int, width: int = 256, layers: int = 3, heads: int = 4, dropout: float = 0.1) -> None:
        super().__init__()
        self.settings = {"hidden": hidden, "width": width, "layers": layers, "heads": heads}
        self.hidden = hidden
        self.mean: torch.Tensor
        self.scale: torch.Tensor
        self.register_buffer("mean", torch.zeros(len(SCALARS)))
        self.register_buffer("scale", torch.ones(len(SCALARS)))
        self.states = nn.Linear(len(LAYERS) * hidden, width)
        self.scalars = nn.Linear(len(SCALARS), width)
        self.neighbours = nn.Conv1d(width, width, 3, padding=1)
        self.blocks = nn.ModuleList(Block(width, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor, scalars: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits [windows, words] from states [windows, words, layers * hidden], scalars and a mask of real words."""
        layered = states.view(*states.shape[:-1], len(LAYERS), self.hidden)
        normed = nn.functional.layer_norm(layered, (self.hidden,)).flatten(-2)
        x = self.states(self.dropout(normed)) + self.scalars((scalars - self.mean) / self.scale)
        x = x * mask[..., None]
        x = x + nn.functional.gelu(self.neighbours(x.transpose(1, 2)).transpose(1, 2))
        length = mask.shape[1]
        positions = torch.arange(length, device=mask.device)
        distance = (positions[None] - positions[:, None]).clamp(-NEAR, NEAR) + NEAR
        for block in self.blocks:
            x = block(x, distance, mask)
        logits: torch.Tensor = self.out(self.norm(x))[..., 0]
        return logits


class Block(nn.Module):
    """Pre-norm self-attention with a learned bias per head and word distance, then a feed-forward layer."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.join = nn.Linear(width, width)
        self.bias = nn.Embedding(2 * NEAR + 1, heads)
        self.feed = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, 4 * width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(4 * width, width),
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, distance: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        query, key, value = self.qkv(self.before(x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        bias = self.bias(distance).permute(2, 0, 1)[None] + (1 - mask[:, None, None, :]) * -1e4
        seen = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        x = x + self.dropout(self.join(seen.transpose(1, 2).flatten(-2)))
        out: torch.Tensor = x + self.dropout(self.feed(x))
        return out


@torch.inference_mode()
def probabilities(head: Head, reading: Reading) -> list[float]:
    """The probability of being garbled of each word of a window; alone, so that it does not depend on other windows."""
    if not reading.words:
        return []
    scores: list[float] = (
        head(reading.states[None], reading.scalars[None], torch.ones(1, len(reading.words)))[0].sigmoid().tolist()
    )
    return scores


def save(head: Head, folder: Path, **facts: object) -> None:
    """Write weights (float16) and `config.json` with their sha256 into `folder`."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "head.safetensors"
    save_file({name: value.half().contiguous() for name, value in head.state_dict().items()}, weights)
    config = {"settings": head.settings, "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(), **facts}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def load(folder: Path) -> Head:
    """The head in `folder`, checked against its sha256. Raises ModelError where it is missing or damaged."""
    from safetensors.torch import load as load_tensors

    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        data = (folder / "head.safetensors").read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: no detector head here ({error}); reinstall mt-repair") from None
    if hashlib.sha256(data).hexdigest() != config["sha256"]:
        raise ModelError(f"{folder}/head.safetensors: damaged (its sha256 does not match); reinstall mt-repair")
    head = Head(**config["settings"])
    head.load_state_dict({name: value.float() for name, value in load_tensors(data).items()})
    return head.eval()
