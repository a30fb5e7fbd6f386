"""The cores that this process really has, and threads that wait for each other without keeping them busy.

Threads of OpenMP spin while they wait. Beside other work that costs five times the processor time, and as much of the
clock. `wait_quietly` has to be called before torch is imported: the command line, the server and the workers of an
archive do so. A program that imports `repair` calls it itself, or sets the two variables where it is started.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

QUIET = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0"}
ROOT = Path("/")


def wait_quietly(environ: MutableMapping[str, str] = os.environ) -> None:
    """Have threads sleep while they wait; what somebody has set stays.

    >>> mine = {"GOMP_SPINCOUNT": "100"}
    >>> wait_quietly(mine)
    >>> mine
    {'GOMP_SPINCOUNT': '100', 'OMP_WAIT_POLICY': 'PASSIVE'}
    """
    for name, value in QUIET.items():
        environ.setdefault(name, value)


def free() -> int:
    """How many cores this process may use: those it is bound to, as far as its control groups give it time on them."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([bound, *(int(share) for share in shares(ROOT))]))


def wanted_threads(wanted: int | None) -> int:
    """As many as wanted, or as there are free cores; OMP_NUM_THREADS may say less."""
    if wanted:
        return wanted
    cores = free()
    most, _, _ = os.environ.get("OMP_NUM_THREADS", "").partition(",")
    return min(cores, int(most) or cores) if most.strip().isdecimal() else cores


def shares(root: Path) -> Iterator[float]:
    """The time in cores that each control group of this process may take; none where there is no limit."""
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if not controllers:
            base, read = root / "sys/fs/cgroup", _of_version_2
        elif "cpu" in controllers.split(","):
            base, read = root / "sys/fs/cgroup" / controllers, _of_version_1
        else:
            continue
        # a limit further up holds too; in a container the path may be one that only the host has
        for group in (PurePosixPath(path), *PurePosixPath(path).parents):
            quota, period = read(base / str(group).lstrip("/"))
            if quota > 0 and period > 0:
                yield quota / period


def _of_version_2(folder: Path) -> tuple[int, int]:
    quota, _, period = "".join(_lines(folder / "cpu.max")).partition(" ")
    return _number(quota), _number(period)


def _of_version_1(folder: Path) -> tuple[int, int]:
    quota, period = ("".join(_lines(folder / f"cpu.cfs_{name}_us")) for name in ("quota", "period"))
    return _number(quota), _number(period)


def _lines(file: Path) -> list[str]:
    """The lines of a file; none where there is no such file."""
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text(encoding="utf-8").splitlines()
    return []


def _number(text: str) -> int:
    """0 for what is none, such as "max"."""
    return int(text) if text.strip().isdecimal() else 0
