"""The command line from outside: what it prints, what it leaves on disk, and the exit code."""

from __future__ import annotations

import io
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from typos import Command, Typos, only_error, write

from repair.cli import main
from repair.findings import Report
from repair.inputs import Item

pytestmark = pytest.mark.usefixtures("folder")


# check


def test_check_shows_what_it_finds_and_exits_with_1(run: Command) -> None:
    write("a.txt", "In teh city.\n")
    code, out, err = run("check", "a.txt")
    assert (code, err) == (1, "")
    assert "a.txt\n" in out and "  1:4  review  minor  fluency/spelling" in out
    assert "In [teh] city." in out


def test_check_of_a_clean_text_exits_with_0(run: Command) -> None:
    write("a.txt", "In the city.\n")
    assert run("check", "a.txt")[::2] == (0, "")


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("teh", [], 1),
        ("teh", ["--fail-on", "major"], 0),
        ("SHBA", ["--fail-on", "major"], 1),
        ("SHBA", ["--fail-on", "critical"], 1),
        ("SHBA", ["--exit-zero"], 0),
        ("ok", ["--fail-on", "minor"], 0),
    ],
)
def test_the_exit_code_follows_severity(run: Command, text: str, options: list[str], code: int) -> None:
    assert run("check", "-", *options, stdin=text.encode())[0] == code


def test_options_become_settings(run: Command) -> None:
    options = ["--threshold", "0.5", "--detectors", "rules, lexicon", "--no-model", "--house-style", "us.toml"]
    assert run("fix", "-", *options, "--apply-at", "review", "--model", "org/name")[0] == 0
    (config,) = Typos.made
    assert (config.threshold, config.detectors, config.no_model) == (0.5, ("rules", "lexicon"), True)
    assert (config.house_style, config.apply_at, config.model) == (Path("us.toml"), "review", "org/name")


def test_options_not_given_leave_the_file_and_the_environment_in_force(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("repair.toml", 'no_model = true\nfail_on = "critical"\n')
    write("other.toml", 'fail_on = "major"\n')
    monkeypatch.setenv("REPAIR_THRESHOLD", "0.25")
    assert run("check", "-", stdin=b"teh")[0] == 0
    assert run("check", "-", "--config", "other.toml", stdin=b"SHBA")[0] == 1
    assert [(c.no_model, c.threshold) for c in Typos.made] == [(True, 0.25), (False, 0.25)]


def test_a_folder_and_standard_input_are_read_too(run: Command) -> None:
    write("news/b.txt", "teh")
    write("news/a.md", "fine")
    rows = run.lines("check", "news", "-", "--format", "jsonl", stdin=b"SHBA")
    assert [row["name"] for row in rows] == ["news/a.md", "news/b.txt", "<stdin>"]
    assert [row["summary"]["findings"] for row in rows] == [0, 1, 1]


def test_json_is_one_object_for_a_file_and_a_list_for_a_folder(run: Command) -> None:
    write("news/a.txt", "teh")
    assert json.loads(run("check", "news/a.txt", "--format", "json")[1])["name"] == "news/a.txt"
    assert [row["name"] for row in json.loads(run("check", "news", "--format", "json")[1])] == ["news/a.txt"]


def test_word_scores_are_json_of_one_number_a_word(run: Command) -> None:
    (row,) = run.lines("check", "-", "--word-scores", stdin=b"in teh city")
    assert row["word_scores"] == [0, 1, 0]
    assert "needs --format json" in only_error(run("check", "-", "--word-scores", "--format", "text"))


def test_check_shows_proposals_as_a_diff(run: Command) -> None:
    assert run("check", "-", "--format", "diff", stdin=b"in teh city\n")[1].endswith("-in teh city\n+in the city\n")


def test_no_text_at_all_is_clean_and_said(run: Command) -> None:
    write("empty.txt", "")
    code, out, err = run("check", "empty.txt")
    assert (code, out) == (0, "note: a note\nNo text to check.\n")
    assert err == "repair: empty.txt: the text is empty; there is nothing to check\n"


# JSON Lines


def test_json_lines_in_give_lines_out_in_order(run: Command) -> None:
    data = "".join(json.dumps({"id": i, "text": "teh" if i % 2 else "fine"}) + "\n" for i in range(10))
    rows = run.lines("check", "-", "--jsonl", stdin=data.encode())
    assert [(row["id"], row["summary"]["findings"]) for row in rows] == [(i, i % 2) for i in range(10)]


def test_fields_can_be_named(run: Command) -> None:
    write("a.jsonl", '{"key": "x", "body": "teh"}\n')
    (row,) = run.lines("fix", "a.jsonl", "--jsonl", "--text-field", "body", "--id-field", "key")
    assert (row["id"], row["name"], row["output"]) == ("x", "a.jsonl:1", "the")


def test_a_broken_line_keeps_its_place_and_gives_2_at_the_end(run: Command) -> None:
    data = b'{"text": "ok"}\n{broken\n{"id": 5, "txt": "x"}\n{"text": "ok"}\n'
    rows = run.lines("check", "-", "--jsonl", stdin=data)
    assert [row.get("line") for row in rows] == [None, 2, 3, None]
    assert rows[2]["id"] == 5
    code, _, err = run("check", "-", "--jsonl", "--exit-zero", stdin=data)
    assert code == 2
    assert [line.split(":")[:3] for line in err.splitlines()] == [
        ["repair", " <stdin>", " line 2"],
        ["repair", " <stdin>", " line 3"],
    ]


def test_results_come_while_lines_still_arrive_and_memory_stays_flat(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most what the pipeline reads ahead lies between a line read and its result written."""
    read = written = 0

    class Lines(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readline(self, size: int | None = -1) -> bytes:
            nonlocal read
            read += 1
            assert read - written <= 5
            return b"" if read > 200 else b'{"text": "teh"}\n'

    class Results(io.BytesIO):
        def write(self, data: Any) -> int:
            nonlocal written
            written += 1
            return len(data)

    class Stream:
        def __init__(self, buffer: Any) -> None:
            self.buffer = buffer

        def isatty(self) -> bool:
            return False

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stdin", Stream(Lines()))
    monkeypatch.setattr(sys, "stdout", Stream(Results()))
    assert main(["check", "-", "--jsonl"], repairer=Typos) == 1
    assert written == 200


# fix


@pytest.mark.parametrize("text", ["", "fine\r\n", "\ufefffine \n\n", "one\rtwo", "🙂 teh end", "in teh\r\ncity"])
def test_fix_prints_the_text_byte_for_byte(run: Command, text: str) -> None:
    write("a.txt", text)
    assert run("fix", "a.txt")[1] == text.replace("teh", "the")
    assert run("fix", "-", stdin=text.encode())[1] == text.replace("teh", "the")


def test_a_byte_order_mark_is_kept_and_not_counted(run: Command) -> None:
    write("a.txt", "\ufeffteh end\n")
    (row,) = run.lines("check", "a.txt", "--format", "jsonl")
    assert (row["findings"][0]["start"], row["findings"][0]["end"]) == (0, 3)
    assert "\n  1:1 " in run("check", "a.txt")[1]
    assert run("fix", "a.txt")[1] == "\ufeffthe end\n"
    assert run("fix", "a.txt", "--output", "b.txt")[0] == 0
    assert run("fix", "a.txt", "--in-place")[0] == 0
    assert Path("a.txt").read_bytes() == Path("b.txt").read_bytes() == b"\xef\xbb\xbfthe end\n"


def test_fix_exits_with_1_only_for_what_is_left(run: Command) -> None:
    assert run("fix", "-", stdin=b"teh")[0] == 0
    assert run("fix", "-", stdin=b"teh SHBA")[0] == 1
    assert run("fix", "-", "--exit-zero", stdin=b"teh SHBA")[0] == 0


def test_fix_shows_a_diff(run: Command) -> None:
    write("a.txt", "in teh city\n")
    expected = "--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-in teh city\n+in the city\n"
    assert run("fix", "a.txt", "--diff")[1] == expected
    assert run("fix", "a.txt", "--format", "diff")[1] == expected


def test_fix_in_place_writes_what_changed_and_nothing_else(run: Command) -> None:
    changed, same = write("a.txt", "in teh\r\ncity"), write("b.txt", "fine")
    changed.chmod(0o600)
    before = same.stat()
    assert run("fix", ".", "--in-place") == (0, "", "")
    assert changed.read_bytes() == b"in the\r\ncity"
    assert stat.S_IMODE(changed.stat().st_mode) == 0o600
    assert (same.stat().st_ino, same.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(Path().iterdir()) == [changed, same]


def test_fix_in_place_can_show_what_it_did(run: Command) -> None:
    path = write("a.txt", "teh\n")
    assert "+the" in run("fix", "a.txt", "--in-place", "--diff")[1]
    assert path.read_text() == "the\n"


def test_fix_in_place_leaves_a_file_that_changed_meanwhile(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    path, other = write("a.txt", "teh"), write("b.txt", "teh")

    def edited_meanwhile(self: Typos, item: Item, word_scores: bool) -> Report:
        path.write_text("an editor's own words")
        return plain(self, item, word_scores)

    plain = Typos._check
    monkeypatch.setattr(Typos, "_check", edited_meanwhile)
    assert "a.txt: the file changed meanwhile" in only_error(run("fix", "a.txt", "b.txt", "--in-place"))
    assert path.read_text() == "an editor's own words"
    assert other.read_text() == "the"


def test_fix_writes_to_a_file(run: Command) -> None:
    write("a.txt", "teh\n")
    assert run("fix", "a.txt", "--output", "b.txt") == (0, "", "")
    assert Path("b.txt").read_text() == "the\n"
    assert run("fix", "a.txt", "--output", "a.txt")[0] == 0
    assert Path("a.txt").read_text() == "the\n"


def test_json_lines_can_be_written_to_a_file(run: Command) -> None:
    assert run("fix", "-", "--jsonl", "--output", "out.jsonl", stdin=b'{"text": "teh"}\n{\n')[:2] == (2, "")
    assert ["error" in json.loads(line) for line in Path("out.jsonl").read_text().splitlines()] == [False, True]


@pytest.mark.parametrize("text", [b"caf\xe9", b"CRASH"])
def test_what_fails_leaves_the_output_file_alone(run: Command, text: bytes) -> None:
    out = write("out.txt", "precious")
    only_error(run("fix", "-", "--output", "out.txt", stdin=text))
    assert out.read_text() == "precious"
    assert list(Path().iterdir()) == [out]
