"""What a command and all the processes that it starts take, on Linux: memory and processor time, sampled."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

SAMPLED = 0.5  # seconds between two looks at the memory


def watch(run: subprocess.Popen[bytes]) -> tuple[tuple[float, float], float]:
    """The peak memory of a process and all below it, in MiB, in the first and in the second half of its time, and their
    processor seconds; returns when it has ended."""
    seen: list[int] = []
    used = 0.0
    while True:
        try:
            run.wait(SAMPLED)
            half = len(seen) // 2
            return (max(seen[:half], default=0) / 1024, max(seen[half:], default=0) / 1024), used
        except subprocess.TimeoutExpired:
            every = list(family(run.pid))
            seen.append(sum(map(proportional, every)))
            used = max(used, sum(map(processor_seconds, every)))


def processor_seconds(pid: int) -> float:
    """Those of a process and of its children that have ended; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """The process and all its descendants."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def proportional(pid: int) -> int:
    """KiB of memory; what several processes share is divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
