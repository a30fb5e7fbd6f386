"""The ledger of an archive: what keeps coming back, and decisions that become house rules."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from repair.cli import main

Run = Callable[..., tuple[int, str, str]]
ARTICLES = {
    "wire/2026-01-02/a.txt": "Peace talks with SH.BA began. The talks with SH.BA went on.\n",
    "wire/2026-03-04/b.txt": "“We trust SH.BA,” he said. In the framework of talks , they met.\n",
    "desk/c.txt": "Officials of SH.BA left in the framework of talks .\n",
    "desk/d.txt": "All is well.\n",
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """An archive that was read once, in the current folder."""
    monkeypatch.chdir(tmp_path)
    for name, text in ARTICLES.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert run("batch", "run", "in", "out", "--no-model")[0] == 1
    return tmp_path


def test_what_comes_back_is_counted_with_feeds_dates_fixes_and_examples(archive: Path, run: Run) -> None:
    code, out, _ = run("ledger", "show", "out")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("SH.BA: 4 times in 2 feeds, first seen 2026-01-02, last ")
    assert lines[1] == "  accuracy/untranslated; lexicon"
    assert lines[2] == "  fixed 2 times: “SH.BA” to “the US”"
    assert lines[3] == "  left 2 times, offered “US” (1); “the US” (1)"
    assert lines[4] == f"  desk/c.txt: {ARTICLES['desk/c.txt'].strip()}"
    assert "Officials" not in "".join(lines[5:]) and " .: " not in out  # spacing is no phrase


def test_only_what_comes_back_often_enough_is_listed(archive: Path, run: Run) -> None:
    code, out, err = run("ledger", "show", "out", "--least", "5")
    assert (code, out) == (0, "") and "nothing was found 5 times or more" in err


def test_the_page_shows_bars_and_clusters_and_asks_nobody(archive: Path, run: Run) -> None:
    assert run("ledger", "show", "out", "--html", "ledger.html")[0] == 0
    page = Path("ledger.html").read_text(encoding="utf-8")
    assert "Findings by feed: wire 3; desk 1" in page and "Findings by month: 2026-01 2; 2026-03 1; " in page
    assert "<h3>SH.BA</h3>" in page and "<script" not in page and "http:" not in page


def test_a_decision_is_previewed_then_written_with_cases_that_pass(archive: Path, run: Run) -> None:
    decide = [
        "ledger",
        "decide",
        "out",
        "SH.BA",
        "--use",
        "America",
        "--house",
        "house.toml",
        "--owner",
        "Foreign desk",
    ]
    code, out, _ = run(*decide, "--yes")
    assert code == 0
    assert "desk/c.txt: 'SH.BA' -> 'America' in: Officials of SH.BA left" in out
    assert "would change 3 places in 2 articles, and flag 1 for a person" in out
    assert "house.toml: rule written, with 3 test cases" in out
    code, out, _ = run("rules", "test", "house.toml")
    assert (code, out) == (0, "house.toml: 3 of 3 cases pass\n")
    assert run("batch", "run", "in", "again", "--no-model", "--house", "house.toml")[0] == 1
    assert Path("again/desk/c.txt").read_text(encoding="utf-8").startswith("Officials of America left")
    code, out, err = run(*decide, "--yes")
    assert code == 2 and "there is a rule for 'SH.BA'" in err


def test_nothing_is_written_unless_wanted(archive: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = ["ledger", "decide", "out", "sh.ba", "--flag", "--house", "house.toml"]
    monkeypatch.setattr("click.confirm", lambda *arguments, **options: False)
    code, out, _ = run(*decide)
    assert code == 1 and not Path("house.toml").exists()
    monkeypatch.setattr("click.confirm", lambda *arguments, **options: True)
    code, out, _ = run(*decide, "--desk", "sport")
    assert code == 0 and "would change 0 places in 0 articles, and flag 4 for a person" in out
    assert "desks.sport.terms" in Path("house.toml").read_text(encoding="utf-8")
    assert "rule written, with 3 test cases" in out
    assert run("rules", "test", "house.toml")[:2] == (0, "house.toml: 3 of 3 cases pass\n")


@pytest.mark.parametrize(("answer", "code", "written"), [(b"", 2, False), (b"n\n", 1, False), (b"y\n", 0, True)])
def test_without_a_terminal_somebody_must_answer(archive: Path, answer: bytes, code: int, written: bool) -> None:
    arguments = ["ledger", "decide", "out", "SH.BA", "--flag", "--house", "h.toml"]
    command = [sys.executable, "-m", "repair", *arguments]
    done = subprocess.run(command, input=answer, capture_output=True, check=False)
    assert (done.returncode, Path("h.toml").exists()) == (code, written)
    assert b"Traceback" not in done.stderr
    assert (b"say --yes" in done.stderr) == (answer == b"")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "nowhere"], "there is no journal"),
        (["decide", "out", "SH.BA", "--house", "h.toml"], "say what to write"),
        (["decide", "out", "SH.BA", "--flag"], "no house rules to write to"),
        (["decide", "out", "NATO", "--flag", "--house", "h.toml"], "'NATO' was never found in this archive"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(archive: Path, run: Run, arguments: list[str], message: str) -> None:
    code, out, err = run("ledger", *arguments)
    assert (code, out) == (2, "") and message in err and err.count("\n") == 1


def test_an_archive_that_is_gone_cannot_be_previewed(archive: Path, run: Run) -> None:
    (archive / "in").rename(archive / "away")
    code, out, err = run("ledger", "decide", "out", "SH.BA", "--flag", "--house", "h.toml")
    assert (code, out) == (2, "") and "not there any more" in err and not Path("h.toml").exists()


def test_json_lines_count_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    rows = [{"text": f"Story {n}: talks with SH.BA began."} for n in range(3)]
    (tmp_path / "in" / "wire-20260405.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run("batch", "run", "in", "out", "--no-model")
    out = run("ledger", "show", "out")[1]
    assert "SH.BA: 3 times in 1 feed, first seen 2026-04-05, last 2026-04-05" in out
    assert "wire-20260405.jsonl#1: Story 0" in out
