"""A mistake in the program must not look like a finding: each command as a process of its own that meets one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from repair.cli import COMMANDS

# Breaks what the command calls, then runs it as the console script does.
PROGRAM = """
import sys
from importlib import import_module
from repair.cli import entry

def broken(*arguments, **options):
    raise {error}

module, name = sys.argv.pop(1).split(":")
owner = import_module(module)
*path, last = name.split(".")
for part in path:
    owner = getattr(owner, part)
setattr(owner, last, broken)
entry()
"""
CASES = {
    "check": (["check", "a.txt", "--no-model"], "repair.pipeline:read_document"),
    "fix": (["fix", "a.txt", "--no-model", "--diff"], "repair.pipeline:Repairer.fix_many"),
    "setup": (["setup"], "repair.lm.base:install"),
    "serve": (["serve", "--no-model", "--port", "0"], "repair.serve.server:make"),
    "ledger": (["ledger", "show", "out"], "repair.batch.journal:opened"),
    "lsp": (["lsp", "--no-model"], "repair.lsp.server:run"),
    "batch": (["batch", "run", "in", "out", "--no-model"], "repair.batch.runner:Runner.work"),
    "rules": (["rules", "test", "house.toml"], "repair.house:_parse"),
    "licences": (["licences"], "repair.licences:text"),
    "score": (["score", "convert", "a.txt", "--to", "m2"], "repair.score.cli:read_segments"),
}


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    Path("a.txt").write_text("One officials said so.\n", encoding="utf-8")
    Path("house.toml").write_text('[terms]\n"soccer" = "football"\n', encoding="utf-8")
    Path("in").mkdir()


def crash(command: str, error: str = "KeyError('first\\nsecond')", **environ: str) -> subprocess.CompletedProcess[str]:
    arguments, target = CASES[command]
    program = PROGRAM.format(error=error)
    return subprocess.run(
        [sys.executable, "-c", program, target, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environ},
        check=False,
    )


def test_every_command_is_among_the_cases() -> None:
    assert list(CASES) == list(COMMANDS)


@pytest.mark.parametrize("command", CASES)
def test_a_crash_is_one_line_and_exits_with_2(command: str) -> None:
    done = crash(command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("repair: stopped by a mistake in the program (KeyError: 'first")
    assert done.stderr.endswith("for the traceback run it again with REPAIR_DEBUG=1\n")
    assert done.stderr.count("\n") == 1


def test_asked_for_the_traceback_is_shown_and_the_exit_code_stays() -> None:
    done = crash("rules", REPAIR_DEBUG="1")
    assert done.returncode == 2
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert ", in broken\n" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("repair: stopped by a mistake in the program")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        ("BaseException('a panic')", 2, "repair: stopped by a mistake in the program (BaseException: a panic); "),
        ("RecursionError()", 2, "repair: stopped by a mistake in the program (RecursionError:); "),
        ("ValueError('x' * 9000)", 2, "repair: stopped by a mistake in the program (ValueError: xxx"),
        ("KeyboardInterrupt()", 130, ""),
        ("BrokenPipeError()", 141, ""),
        ("SystemExit(7)", 7, ""),
    ],
)
def test_what_is_no_mistake_is_none(error: str, code: int, said: str) -> None:
    done = crash("rules", error)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(said) and len(done.stderr) < 500
    assert bool(said) == bool(done.stderr)
