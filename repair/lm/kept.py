"""Weights made ready once: merged with an adapter in the type that is computed with, and kept in the cache folder.

They are mapped into memory, so processes that use them share them, and only what is used is read from the disk. Where
the folder cannot be written they are made anew by each process, and nothing else changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import torch
from safetensors.torch import load_file, save

from repair.errors import OutputError
from repair.inputs import write_atomically
from repair.lm.checksums import known_hash

FOLDER = "ready"
MOST = 4  # files of one name that are kept: another type, another base, weights newly trained

Tensors = dict[str, torch.Tensor]


def kept(home: Path, name: str, facts: Mapping[str, object], make: Callable[[], Tensors]) -> Tensors:
    """What `make` makes, from the file in `home` where it was made before of the same `facts` and is undamaged."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    path = home / FOLDER / f"{name}-{digest[:16]}.safetensors"
    with suppress(OSError):
        if known_hash(path, home) == own_hash(path).read_text(encoding="ascii"):
            return load_file(path)
    made = make()
    with suppress(OSError, OutputError):
        data = save({name: tensor.contiguous() for name, tensor in made.items()})
        path.parent.mkdir(parents=True, exist_ok=True)
        for target, content in ((path, data), (own_hash(path), hashlib.sha256(data).hexdigest().encode())):
            with write_atomically(target) as stream:
                stream.write(content)
        forget(path)
        return load_file(path)
    return made


def own_hash(path: Path) -> Path:
    """The file beside `path` with its checksum."""
    return path.with_suffix(".sha256")


def forget(path: Path) -> None:
    """Removes the oldest files of the name that `path` has, where there are many. Raises OSError."""
    name = path.name.rpartition("-")[0]
    others = sorted(path.parent.glob(f"{name}-*.safetensors"), key=lambda other: other.stat().st_mtime_ns)
    for old in others[:-MOST]:
        if old != path:
            old.unlink(missing_ok=True)
            own_hash(old).unlink(missing_ok=True)
