"""Where the daemon of given settings listens."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

import repair
from repair.config import Config
from repair.errors import UnavailableError
from repair.stamps import stamp_of_any

LONGEST = 100  # bytes of a socket's path; systems allow few more
DECIDING = re.compile(r"REPAIR_|HOME$|XDG_CACHE_HOME$|CUDA_|[A-Z_]*(KEY|TOKEN)$")  # variables that results depend on


def socket_of(config: Config) -> Path:
    """The socket of the daemon that works as this program would with `config`. Raises UnavailableError."""
    path = private_folder() / f"{fingerprint(config)}.sock"
    if len(os.fsencode(path)) > LONGEST:
        raise UnavailableError(f"{path}: too long a path for a socket; set XDG_RUNTIME_DIR to a shorter one")
    return path


def private_folder() -> Path:
    """A folder that nobody else can look into, made where it is missing. Raises UnavailableError."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    above = Path(runtime) if runtime and Path(runtime).is_dir() else Path(tempfile.gettempdir())
    folder = above / f"repair-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise UnavailableError(f"{folder}: {error.strerror}") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise UnavailableError(f"{folder}: not a folder of yours alone; remove it")
    return folder


def fingerprint(config: Config) -> str:
    """Names all that results depend on: another version, setting or file is another daemon."""
    environment = sorted((name, value) for name, value in os.environ.items() if DECIDING.match(name))
    facts: list[Any] = [repair.__version__, sys.executable, environment]
    facts += [Path.cwd() if config.model else None, msgspec.to_builtins(config, enc_hook=str)]
    facts += [(str(file), stamp_of_any(file)) for file in files(config)]
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def files(config: Config) -> Iterator[Path]:
    """The program's own files, and those that the settings name."""
    own = Path(repair.__file__).parent
    yield from sorted(own.rglob("*.py"))
    for folder in (own / "data", own / "weights", own.parent / "models"):
        yield from sorted(file for pattern in ("*", "*/config.json") for file in folder.glob(pattern) if file.is_file())
    for value in msgspec.structs.asdict(config).values():
        if isinstance(value, Path):
            yield value


def settled(config: Config) -> Config:
    """The settings with paths that hold wherever the daemon runs."""
    paths = {n: v.absolute() for n, v in msgspec.structs.asdict(config).items() if isinstance(v, Path)}
    return msgspec.structs.replace(config, **paths)
