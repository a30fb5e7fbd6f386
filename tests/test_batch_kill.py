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
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from repair.cli import main

BAD, GOOD = "He held talks with SH.BA on Monday .", "He held talks with the US on Monday."
KILLS = 12


def archive(folder: Path, rows: int = 1500) -> None:
    (folder / "day").mkdir(parents=True)
    for i in range(300):
        (folder / "day" / f"{i:03}.txt").write_text(f"{BAD} This is number {i}.\n" * (i % 7 + 1))
    feed = [json.dumps({"id": i, "text": f"{BAD} This is row {i}."}) for i in range(rows)]
    (folder / "feed.jsonl").write_text("\n".join(feed))


def contents(folder: Path) -> dict[str, str]:
    """Finished files; a file is hidden until it is whole."""
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("[!.]*") if p.is_file()}


def born(pid: int) -> str | None:
    """When a process that still runs was started: a number may be given to another process later."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def children(pid: int) -> dict[int, str]:
    """The processes that `pid` has started, and when."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return {int(line): start for line in found.stdout.split() if (start := born(int(line)))}


def journaled(out: Path) -> int:
    """How many articles are done."""
    if not out.exists():  # nothing is, and the journal may be being made
        return 0
    try:
        with closing(sqlite3.connect(f"file:{out}.repair.sqlite?mode=ro", uri=True)) as db:
            return int(db.execute("select count(*) from article").fetchone()[0])
    except sqlite3.Error:
        return 0


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_killed_at_random_points(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    archive(source)
    before = contents(source)
    expected = {name: text.replace(BAD, GOOD) for name, text in before.items()}
    arguments = ["batch", "run", str(source), str(out), "--no-model", "--workers", "2"]
    chance = random.Random(7)
    workers: dict[int, str] = {}
    killed = 0
    for number in range(KILLS):
        run = subprocess.Popen([sys.executable, "-m", "repair", *arguments], stderr=subprocess.PIPE)
        if number % 4:  # how far it is to get, however fast that is here
            goal = journaled(out) + chance.randint(1, 400)
            while run.poll() is None and journaled(out) < goal:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.02))
        else:  # while it starts
            time.sleep(chance.uniform(0, 1))
        workers |= children(run.pid)
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
    deadline = time.monotonic() + 60
    while (left := [pid for pid, start in workers.items() if born(pid) == start]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left  # a worker ends with its run
    assert main(["batch", "revert", str(out)]) == 0
    assert contents(out) == before


@pytest.mark.slow
def test_an_interrupt_ends_a_run_soon_and_quietly(tmp_path: Path) -> None:
    archive(tmp_path / "in", rows=15_000)  # enough that the run is not over when the interrupt comes
    arguments = ["batch", "run", str(tmp_path / "in"), str(tmp_path / "out"), "--no-model", "--workers", "2"]
    command = [sys.executable, "-m", "repair", *arguments]
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell makes what it runs aside deaf to it
    run = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=heard)
    while not (tmp_path / "out" / "day").exists():
        assert run.poll() is None
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGINT)
    _, error = run.communicate(timeout=60)
    assert run.returncode == 130 and error == b""
    (tmp_path / "in" / "feed.jsonl").unlink()
    assert main(arguments) == 0
