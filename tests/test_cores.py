"""Threads take the cores that there are, and leave those alone that they wait on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from repair import cores
from repair.batch.local import on_one_core
from repair.config import Config


def limited(folder: Path, groups: str, files: dict[str, str]) -> Path:
    """A root with the control groups of a process."""
    for name, content in {"proc/self/cgroup": groups, **files}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return folder


@pytest.mark.parametrize(
    ("groups", "files", "found"),
    [
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "150000 100000\n"}, [1.5]),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "max 100000\n"}, []),
        ("0::/\n", {}, []),
        (
            "0::/user/one\n",
            {"sys/fs/cgroup/user/one/cpu.max": "max 100000", "sys/fs/cgroup/user/cpu.max": "300000 100000"},
            [3.0],
        ),
        (
            "0::/a/b\n",
            {"sys/fs/cgroup/a/b/cpu.max": "50000 100000", "sys/fs/cgroup/cpu.max": "400000 100000"},
            [0.5, 4.0],
        ),
        ("0::/only/the/host/has/it\n", {"sys/fs/cgroup/cpu.max": "200000 100000"}, [2.0]),
        (
            "5:memory:/x\n4:cpu,cpuacct:/docker/1\n0::/\n",
            {
                "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us": "250000\n",
                "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us": "100000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            },
            [2.5],
        ),
    ],
)
def test_the_limits_of_control_groups(tmp_path: Path, groups: str, files: dict[str, str], found: list[float]) -> None:
    assert list(cores.shares(limited(tmp_path, groups, files))) == found


def test_where_there_are_no_control_groups(tmp_path: Path) -> None:
    assert list(cores.shares(tmp_path)) == []


@pytest.mark.parametrize(("bound", "limit", "free"), [(8, "250000 100000", 2), (8, "50000 100000", 1), (2, "max 1", 2)])
def test_no_more_cores_than_are_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: int, limit: str, free: int
) -> None:
    monkeypatch.setattr(cores, "ROOT", limited(tmp_path, "0::/\n", {"sys/fs/cgroup/cpu.max": limit}))
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(bound)), raising=False)
    assert cores.free() == free


def test_a_worker_has_one_thread_unless_somebody_wants_more() -> None:
    assert on_one_core(Config()).threads == 1 and on_one_core(Config(threads=7)).threads == 7


def shown(code: str, **environ: str) -> list[str]:
    clean = {name: value for name, value in os.environ.items() if name not in cores.QUIET}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=clean | environ, capture_output=True, text=True, check=True, timeout=100
    )
    return ended.stdout.split()


ASK = "import os; print(*(os.environ.get(name) for name in ('OMP_WAIT_POLICY', 'GOMP_SPINCOUNT')))"


def test_the_command_line_waits_quietly_from_its_start() -> None:
    start = "from repair.cli import main; main(['--version'])"
    assert shown(f"{start}\n{ASK}")[-2:] == ["PASSIVE", "0"]
    assert shown(f"{start}\n{ASK}", OMP_WAIT_POLICY="ACTIVE")[-2:] == ["ACTIVE", "0"]


def test_importing_the_library_changes_nothing() -> None:
    assert shown(f"import repair, repair.pipeline\n{ASK}") == ["None", "None"]


def test_workers_wait_quietly_too() -> None:
    code = (
        "import os\nfrom repair.batch.local import Local\nfrom repair.config import Config\n"
        "if __name__ == '__main__':\n"
        "    with Local(Config(no_model=True), ('text',), 1) as pool:\n"
        "        print(pool._started().submit(os.getenv, 'OMP_WAIT_POLICY').result())"
    )
    assert shown(code) == ["PASSIVE"]


@pytest.mark.slow
def test_a_model_takes_no_more_threads_than_are_free() -> None:
    code = (
        "import repair.lm.model as model, torch\n"
        "model.free = lambda: 1\n"
        "torch.set_num_threads(2)\n"
        "try: model.LanguageModel(__import__('pathlib').Path('nowhere'))\n"
        "except Exception: pass\n"
        "print(torch.get_num_threads())"
    )
    assert shown(code) == ["1"]
