"""What `repair batch report` writes for a newsroom."""

from __future__ import annotations

import csv
import html
import json
import re
from io import StringIO
from pathlib import Path

import pytest

from repair.cli import main

BAD = "He held talks with SH.BA on Monday ."


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An archive of two feeds that was run."""
    source = tmp_path / "in"
    (source / "wire").mkdir(parents=True)
    (source / "wire" / "a.txt").write_text(f"{BAD} They met SH.BA twice.\n")
    (source / "wire" / "quoted.txt").write_text("=1+1. “We met SH.BA today,” she said.\n")
    (source / "wire" / "spacing.txt").write_text("It was over .\n")
    rows = [{"text": BAD}, {"text": "<script>alert(1)</script> " + BAD}]
    (source / "feed & <co>.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\nbroken\n")
    assert main(["batch", "run", str(source), str(tmp_path / "out"), "--no-model"]) == 2
    return tmp_path / "out"


def test_the_page(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert main(["batch", "report", str(out), "--html", str(page)]) == 0
    text = page.read_text()
    assert "<script" not in text and "feed &amp; &lt;co&gt;.jsonl" in text
    assert re.search(r'<td class="n">4</td><td><del>SH.BA</del></td><td><ins>the US</ins>', text)
    assert ">2 + 1<" in text and ">2 + 0<" in text  # not translated, of the two feeds
    assert 'feed &amp; &lt;co&gt;.jsonl#3</td><td class="long">not valid JSON' in text
    assert "http" not in re.sub(r"http-equiv", "", text)  # it asks nothing of any network


def test_the_worklist(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "work.csv"
    assert main(["batch", "report", str(out), "--worklist", str(target)]) == 0
    (row,) = csv.DictReader(StringIO(target.read_text()))
    assert row["article"] == "wire/quoted.txt" and row["feed"] == "wire" and row["text"] == "SH.BA"
    assert row["context"].startswith("'=1+1.")  # no spreadsheet runs it
    assert "quotation" in row["why"]


def test_correction_notes_name_words_and_no_spaces(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "notes.md"
    assert main(["batch", "report", str(out), "--corrections", str(target)]) == 0
    text = target.read_text()
    assert text.startswith("## ") and "spacing.txt" not in text and "quoted.txt" not in text
    note = text.partition("## wire/a.txt\n\n")[2].partition("\n\n")[0]
    assert "said “SH.BA” for “the US” (in 2 places)." in note and "Monday" not in html.unescape(note)


def test_it_wants_a_file(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "report", str(out)]) == 2
    assert "name a file" in capsys.readouterr().err
