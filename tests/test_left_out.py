"""Without a browser the tests of the page are left out: never an error, never in silence, and never in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CASE = "tests/test_page.py::test_the_article_is_shown_with_everything_the_server_found"


def run(tmp_path: Path, *options: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A test of the page where no browser can be found."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", CASE, *options]
    environ = {**os.environ, "PATH": str(tmp_path), "CI": "", **environ}
    environ.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["in one process", "by a worker"])
def test_one_line_says_what_was_left_out(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run(tmp_path, *options)
    assert done.returncode == 0, done.stdout
    assert "1 skipped" in done.stdout and "error" not in done.stdout.lower()
    (line,) = [line for line in done.stdout.splitlines() if "browser" in line]
    assert line.startswith("left out for want of a browser: 1 test of the page; install Chromium")
    assert line.endswith("make test")


def test_ci_fails_where_they_were_left_out(tmp_path: Path) -> None:
    assert run(tmp_path, CI="true").returncode == 1
