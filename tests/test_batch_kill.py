"""A run that is killed at any moment loses nothing: no half file, no changed input, and the next run goes on."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from repair.cli import main

BAD, GOOD = "He held talks with SH.BA on Monday .", "He held talks with the US on Monday."
KILLS = 12


def archive(folder: Path) -> None:
    (folder / "day").mkdir(parents=True)
    for i in range(300):
        (folder / "day" / f"{i:03}.txt").write_text(f"{BAD} This is number {i}.\n" * (i % 7 + 1))
    rows = [json.dumps({"id": i, "text": f"{BAD} This is row {i}."}) for i in range(1500)]
    (folder / "feed.jsonl").write_text("\n".join(rows))


def contents(folder: Path) -> dict[str, str]:
    """Finished files; a file is hidden until it is whole."""
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("[!.]*") if p.is_file()}


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_killed_at_random_points(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    archive(source)
    before = contents(source)
    expected = {name: text.replace(BAD, GOOD) for name, text in before.items()}
    arguments = ["batch", "run", str(source), str(out), "--no-model", "--workers", "2"]
    # the time that a whole run takes here, so that kills fall into all of it
    start = time.monotonic()
    assert main([*arguments[:3], str(tmp_path / "whole"), *arguments[4:]]) == 0
    whole = time.monotonic() - start
    chance = random.Random(7)
    workers: set[int] = set()
    killed = 0
    for _ in range(KILLS):
        run = subprocess.Popen([sys.executable, "-m", "repair", *arguments], stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0.1, 0.9) * (whole + 0.5))
        workers |= set(children(run.pid))
        if run.poll() is None:
            os.kill(run.pid, signal.SIGKILL)
            killed += 1
        assert b"Traceback" not in run.communicate()[1]
        assert contents(source) == before
        finished = contents(out) if out.exists() else {}
        assert finished == {name: expected[name] for name in finished}  # each file is whole or not there
        if run.returncode == 0:  # begin anew, so that the kills hit work
            assert finished == expected
            shutil.rmtree(out)
            (tmp_path / "out.repair.sqlite").unlink()
    assert killed >= KILLS // 2
    assert main(arguments) == 0
    assert contents(out) == expected
    assert not list(out.rglob(".*"))
    with sqlite3.connect(tmp_path / "out.repair.sqlite") as db:
        assert db.execute("select count(*), count(distinct file || key) from article").fetchone() == (1800, 1800)
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
    db.close()
    deadline = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(alive, workers))  # a worker ends with its run
    assert main(["batch", "revert", str(out)]) == 0
    assert contents(out) == before


@pytest.mark.slow
def test_an_interrupt_ends_a_run_soon_and_quietly(tmp_path: Path) -> None:
    archive(tmp_path / "in")
    arguments = ["batch", "run", str(tmp_path / "in"), str(tmp_path / "out"), "--no-model", "--workers", "2"]
    run = subprocess.Popen([sys.executable, "-m", "repair", *arguments], stderr=subprocess.PIPE, start_new_session=True)
    while not (tmp_path / "out" / "day").exists():
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGINT)
    _, error = run.communicate(timeout=10)
    assert run.returncode == 130 and error == b""
    assert main(arguments) == 0
