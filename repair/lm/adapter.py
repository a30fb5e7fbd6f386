"""The trained weights beside the base model: read, checked against their sha256, and added to those of its layers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repair.errors import ModelError
from repair.lm.base import home
from repair.lm.checksums import known_hash

if TYPE_CHECKING:
    import torch


def checked(folder: Path, name: str) -> tuple[dict[str, torch.Tensor], str]:
    """The tensors of `folder`/`name`.safetensors and their sha256. Raises ModelError where they are not what is due."""
    from safetensors.torch import load  # deferred: torch, which the checksums do without

    config, file = _config(folder, name), folder / f"{name}.safetensors"
    try:
        data = file.read_bytes()
    except OSError as error:
        raise _missing(folder, name, error) from None
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != config["sha256"][name]:
        raise _damaged(file)
    return load(data), sha256


def adapter_hash(folder: Path) -> tuple[str, float]:
    """The sha256 of the adapter in `folder`, and the scale it is added with; the file is not read where it is known.

    Raises ModelError where it is not what is due.
    """
    config, file = _config(folder, "adapter"), folder / "adapter.safetensors"
    try:
        sha256 = known_hash(file, home())
    except OSError as error:
        raise _missing(folder, "adapter", error) from None
    if sha256 != config["sha256"]["adapter"]:
        raise _damaged(file)
    return sha256, config["scale"]


def narrow_shift(folder: Path) -> tuple[float, float] | None:
    """By how much the two logits of the head in `folder` are higher in whole numbers of 8 bits; None where nobody has
    measured it (`models/detector/narrow.py`). Raises ModelError.
    """
    found = _config(folder, "head").get("narrow")
    return (float(found[0]), float(found[1])) if found else None


def merged(
    weights: Mapping[str, torch.Tensor], adapter: Mapping[str, torch.Tensor], scale: float
) -> dict[str, torch.Tensor]:
    """The `weights` of layers with the adapter added (LoRA, Hu et al. 2021); those it does not touch are the same."""
    result = dict(weights)
    for name, down in adapter.items():
        path, _, part = name.rpartition(".")
        if part == "down":
            weight = weights[f"{path}.weight"]
            delta = scale * (adapter[f"{path}.up"].float() @ down.float())
            result[f"{path}.weight"] = weight + delta.to(weight.device, weight.dtype)
    return result


def _config(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _missing(folder, name, error) from None


def _missing(folder: Path, name: str, error: Exception) -> ModelError:
    return ModelError(f"{folder}: no {name} here ({error}); reinstall mt-repair")


def _damaged(file: Path) -> ModelError:
    return ModelError(f"{file}: damaged (its sha256 does not match); reinstall mt-repair")
