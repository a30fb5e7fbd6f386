"""A detector that the user has named (`--detector-model`): what `make train BASE=folder` makes, with its larger base.

The folder holds `config.json`, `adapter.safetensors` and `head.safetensors`, in `base/` the model they were trained on,
and, where it was fitted, the second look as `judge.json`. It is a folder or a name in the local cache of the model hub;
nothing is downloaded.
"""

from __future__ import annotations

from pathlib import Path

from repair.config import Config
from repair.errors import ModelError
from repair.lm.adapter import narrow_shift
from repair.lm.model import LanguageModel, wide
from repair.lm.origin import check_origin, origin
from repair.lm.reader import Reader


def named_folder(name: str) -> Path:
    """The folder called `name`, or the one that the hub's local cache has under this name. Raises ModelError."""
    folder = Path(name)
    if not folder.is_dir():
        from huggingface_hub import snapshot_download

        try:
            folder = Path(snapshot_download(name, local_files_only=True))
        except Exception:  # the library has an error for each way not to be there
            raise ModelError(
                f"{name}: no such detector; give its folder, or a name that the hub's cache holds"
            ) from None
    for part in ("config.json", "adapter.safetensors", "head.safetensors", "base/config.json"):
        if not (folder / part).is_file():
            raise ModelError(f"{folder}: no detector here ({part} is missing); docs/own-model.md says what it takes")
    return folder


def named_reader(folder: Path, config: Config) -> Reader:
    """The detector in a folder, on its own base. Raises ModelError where the two do not belong together.

    It is read in 8 bits unasked only where what they change has been measured.
    """
    base = folder / "base"
    dtype: str = config.dtype
    check_origin(origin(base), base, folder)
    if dtype == "auto" and narrow_shift(folder) is None:
        dtype = wide(config.device)
    return Reader(LanguageModel(base, config.device, dtype, config.threads), folder)
