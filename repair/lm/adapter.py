"""The trained weights beside the base model: read, checked against their sha256, and added to copies of its layers."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from torch import nn

from repair.errors import ModelError


def checked(folder: Path, name: str) -> tuple[dict[str, torch.Tensor], str]:
    """The tensors of `folder`/`name`.safetensors and their sha256. Raises ModelError where they are not what is due."""
    from safetensors.torch import load

    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        data = (folder / f"{name}.safetensors").read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: no {name} here ({error}); reinstall mt-repair") from None
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != config["sha256"][name]:
        raise ModelError(f"{folder}/{name}.safetensors: damaged (its sha256 does not match); reinstall mt-repair")
    return load(data), sha256


def merged(model: Any, adapter: dict[str, torch.Tensor], scale: float) -> Any:
    """A language model that shares embeddings and vocabulary with `model`; its layers are copies with the adapter added
    (LoRA, Hu et al. 2021).
    """
    own = shallow(model)
    own.model = shallow(model.model)
    own.model.layers = copy.deepcopy(model.model.layers)
    add(own.model.layers, adapter, scale)
    return own


def add(layers: nn.ModuleList, adapter: dict[str, torch.Tensor], scale: float) -> None:
    """Add the adapter to the weights of `layers` themselves."""
    for name, down in adapter.items():
        path, _, part = name.rpartition(".")
        if part != "down":
            continue
        linear: nn.Module = layers.get_submodule(path)
        delta = scale * (adapter[f"{path}.up"].float() @ down.float())
        weight: Any = linear.weight
        weight.data += delta.to(weight.device, weight.dtype)


def shallow(module: Any) -> Any:
    """A module that shares the children of `module` but can be given others."""
    twin = copy.copy(module)
    twin._modules = dict(module._modules)
    return twin
