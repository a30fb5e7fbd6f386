"""Where the weights trained here lie: inside the installed package, or in `models/` of a source checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from repair.errors import ModelError

WEIGHTS = ("detector", "infill", "judge")


def weights(name: str) -> Path:
    """The folder of one of WEIGHTS. Raises ModelError where it is missing."""
    for folder in (Path(str(files("repair"))) / "weights" / name, Path(__file__).parent.parent / "models" / name):
        if (folder / "config.json").is_file():
            return folder
    raise ModelError(f"the trained weights '{name}' are missing; reinstall mt-repair, or use --no-model")
