"""Which base model weights were trained on: they tell nothing on another, however well its shape fits.

A base is known by the sha256 of the pinned file it was converted from, else by that of its own weights. Each folder of
trained weights names its base in `config.json`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec

from repair.errors import ModelError
from repair.lm.base import MARK, home
from repair.lm.checksums import known_hash


class Origin(msgspec.Struct, frozen=True):
    """A base model: its sha256, and its numbers of layers, of hidden units and of tokens in the vocabulary."""

    sha256: str
    layers: int
    hidden: int
    vocabulary: int

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.layers, self.hidden, self.vocabulary


def origin(folder: Path) -> Origin:
    """The base model in `folder`. Raises ModelError where it is none that can be told from others."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        shape = (int(config[name]) for name in ("num_hidden_layers", "hidden_size", "vocab_size"))
        return Origin(_sha256(folder), *shape)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder}: no base model that can be used ({error}); run: repair setup --force") from None


def _sha256(folder: Path) -> str:
    """Of the file that the weights were converted from where that is noted, else of the weights, in all their files."""
    if (folder / MARK).is_file():
        return str(json.loads((folder / MARK).read_text(encoding="utf-8"))["source_sha256"])
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise OSError("there is no file .safetensors")
    hashes = [known_hash(file, home()) for file in files]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def named_origin(weights: Path) -> Origin | None:
    """The base that the trained weights in a folder name; None where they name none. Raises ModelError."""
    path = weights / "config.json"
    try:
        config: Any = json.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(config["base"], Origin) if "base" in config else None
    except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise ModelError(f"{path}: cannot be used ({error}); reinstall mt-repair") from None


def check_origin(base: Origin, folder: Path, weights: Path) -> None:
    """Raises ModelError where the trained `weights` are not for the `base` in `folder`."""
    due = named_origin(weights)
    if due is None or due == base:
        return
    if due.shape != base.shape:
        sizes = "{} layers, {} units, {} tokens"
        what = f"it has {sizes.format(*base.shape)}, not {sizes.format(*due.shape)}"
    else:
        what = f"its sha256 begins {base.sha256[:8]}, not {due.sha256[:8]}"
    raise ModelError(
        f"{folder}: not the base model that the weights '{weights.name}' were trained on ({what}); "
        "leave out --base and REPAIR_BASE, or train weights for it (models/README.md)"
    )
