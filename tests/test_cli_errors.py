"""The command line where something goes wrong: one line says what, never a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from typos import Command, Typos, only_error, write

from repair.cli import main
from repair.findings import Report
from repair.inputs import Item
from repair.registry import REPORTS

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["check", "none.txt"], "none.txt: no such file or folder"),
        (["check", "loop.txt"], "loop.txt: cannot be read: Too many levels of symbolic links"),
        (["check", "latin.txt"], "latin.txt: not UTF-8 (byte 3)"),
        (["check", "image.txt"], "image.txt: this is a binary file"),
        (["check", "-", "--jsonl", "--format", "text"], None),
        (["check", "--treshold", "1", "-"], "--treshold"),
        (["check", "--threshold", "2", "-"], "option threshold must be a number from 0 to 1, not 2.0"),
        (["check", "--detectors", "rule", "-"], "not 'rule'; did you mean rules?"),
        (["check", "--config", "none.toml", "-"], "none.toml: cannot read the configuration"),
        (["check", "--fail-on", "big", "-"], "'big' is not one of"),
        (["check"], "Missing argument 'PATH...' (see repair check --help)"),
        (["chek", "a.txt"], "no command 'chek'; did you mean check?"),
        (["frobnicate"], "no command 'frobnicate'"),
        (["fix", "latin.txt", "--in-place"], "latin.txt: not UTF-8"),
        (["fix", "latin.txt"], "latin.txt: not UTF-8"),
        (["fix", "a.txt", "latin.txt"], "more than one text: say --in-place, --diff or --format jsonl"),
        (["fix", "-", "--in-place"], "--in-place rewrites files"),
        (["fix", "a.txt", "--in-place", "--output", "b"], "--in-place rewrites files"),
        (["fix", "a.txt", "--diff", "--format", "json"], "--diff and --format json ask for different things"),
        (["fix", "a.txt", "--output", "none/b.txt"], "none/b.txt: cannot be written: No such file or directory"),
        (["fix", "a.txt", "--output", "/dev/full"], "/dev/full: cannot be written: No space left on device"),
        (["check", "empty-folder"], "empty-folder: no file that is read in this folder"),
    ],
)
def test_one_line_says_what_is_wrong(run: Command, arguments: list[str], expected: str | None) -> None:
    write("a.txt", "teh")
    Path("empty-folder").mkdir()
    Path("latin.txt").write_bytes(b"caf\xe9")
    Path("image.txt").write_bytes(b"\x89PNG\x00")
    Path("loop.txt").symlink_to("loop.txt")
    before = sorted(Path().rglob("*"))
    if expected is None:
        assert run(*arguments)[0] == 0
    else:
        assert expected in only_error(run(*arguments))
    assert sorted(Path().rglob("*")) == before


def test_a_file_that_fails_does_not_stop_the_others(run: Command) -> None:
    write("b.txt", "teh")
    Path("a.txt").write_bytes(b"caf\xe9")
    code, out, err = run("fix", "a.txt", "b.txt", "none.txt", "--format", "jsonl")
    assert code == 2
    assert ["error" in json.loads(line) for line in out.splitlines()] == [True, False, True]
    assert err.count("\n") == 2


def test_a_misspelt_option_is_answered_with_the_right_one(run: Command) -> None:
    assert re.search("Did you mean '?--threshold", only_error(run("check", "--treshold", "1", "-")))


def test_a_missing_model_is_one_line(run: Command) -> None:
    assert only_error(run("check", "-", stdin=b"CRASH")) == "the base model is missing; run: repair setup"


def test_a_50_mb_line_is_one_clear_error(run: Command) -> None:
    line = b'{"text": "' + b"word " * 10_000_000 + b'"}\n'
    code, out, err = run("check", "-", "--jsonl", stdin=line + b'{"text": "ok"}\n')
    assert (code, len(out.splitlines())) == (2, 2)
    assert "line 1: field 'text': longer than 10,000,000 characters" in err
    assert "longer than 10,000,000 characters" in only_error(run("fix", "-", stdin=line))


def test_an_interruption_is_quiet(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Typos, item: Item, word_scores: bool) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr(Typos, "_check", interrupted)
    out = write("out.txt", "precious")
    assert run("fix", "-", "--output", "out.txt", stdin=b"teh") == (130, "", "")
    assert list(Path().iterdir()) == [out]


def test_a_name_that_is_not_unicode_is_shown_as_far_as_it_can_be(run: Command, folder: Path) -> None:
    name = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_bytes(b"teh")
    code, out, err = run("check", str(folder), "--format", "jsonl")
    assert (code, err) == (1, "")
    assert json.loads(out)["name"].endswith("/caf?.txt")
    for form in REPORTS:
        code, out, err = run("check", str(folder), "--format", form)
        assert code == 1 and not err.startswith("repair:"), form
    assert run("fix", str(folder), "--in-place")[0] == 0
    assert Path(os.fsdecode(name)).read_bytes() == b"the"


@pytest.mark.parametrize(
    ("environ", "colour"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_colour_can_be_unwanted(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], colour: bool) -> None:
    class Terminal(io.BytesIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(screen))
    write("a.txt", "in teh city")
    assert main(["check", "a.txt"], repairer=Typos) == 1
    assert (b"\x1b[" in screen.getvalue()) is colour
