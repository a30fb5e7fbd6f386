"""`repair batch revert`: what was done is taken back, all of it or what is named."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from archives import BAD, GOOD, archive, batch, contents, run_here

from repair.batch.journal import Journal


def test_a_revert_restores_every_byte(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    before = contents(source)
    batch("run", source, tmp_path / "out")
    assert batch("revert", tmp_path / "out") == 0
    assert contents(tmp_path / "out") == before
    assert batch("run", source, tmp_path / "out") == 1  # what was taken back stays so
    assert contents(tmp_path / "out") == before


def test_a_revert_does_not_need_the_originals(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    before = contents(source)
    batch("run", source, tmp_path / "out")
    shutil.rmtree(source)
    assert batch("revert", tmp_path / "out") == 0
    after = contents(tmp_path / "out")
    packed_again = {"feed.jsonl.gz", "day.zip", "rows.parquet"}
    assert {n: d for n, d in after.items() if n not in packed_again} == {
        n: d for n, d in before.items() if n not in packed_again
    }
    assert gzip.decompress(after["feed.jsonl.gz"]) == gzip.decompress(before["feed.jsonl.gz"])
    assert pq.read_table(BytesIO(after["rows.parquet"])).equals(pq.read_table(BytesIO(before["rows.parquet"])))


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (("--rule", "rules/space-before-punctuatoin"), "did you mean rules/space-before-punctuation?"),
        (("--detector", "lexikon"), "did you mean lexicon?"),
        (("--run", "7"), "the journal has no run '7'; there is 1"),
        (("--article", "b.txt"), "the journal has no article 'b.txt'"),
    ],
)
def test_a_revert_of_what_is_not_known_says_so(
    tmp_path: Path, choice: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(BAD)
    run_here(tmp_path)
    assert batch("revert", tmp_path / "out", *choice) == 2
    assert told in capsys.readouterr().err
    assert (tmp_path / "out" / "a.txt").read_text() == GOOD


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        (("--rule", "rules/space-before-punctuation"), GOOD.replace("Monday.", "Monday .")),
        (("--detector", "lexicon"), GOOD.replace("the US", "SH.BA")),
        (("--query", "before = 'SH.BA' and path like 'a%'"), GOOD.replace("the US", "SH.BA")),
        (("--article", "a.txt"), BAD),
        (("--run", "1"), BAD),
        (("--article", "a.txt", "--detector", "lm"), GOOD),
    ],
)
@pytest.mark.parametrize("originals", [True, False])
def test_a_revert_takes_back_what_is_named(tmp_path: Path, choice: tuple[str, ...], text: str, originals: bool) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(BAD)
    run_here(tmp_path)
    if not originals:
        shutil.rmtree(tmp_path / "in")
    assert batch("revert", tmp_path / "out", *choice) == 0
    assert (tmp_path / "out" / "a.txt").read_text() == text
    assert batch("revert", tmp_path / "out") == 0
    assert (tmp_path / "out" / "a.txt").read_text() == BAD


def test_a_revert_leaves_alone_what_somebody_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(BAD)
    lines = f'{{"text": "{BAD}"}}\n' * 2
    (tmp_path / "in" / "b.jsonl").write_text(lines)
    run_here(tmp_path)
    (tmp_path / "out" / "a.txt").write_text(f"Yesterday. {GOOD}")
    mine = '{"text": "Mine."}\n'
    with (tmp_path / "out" / "b.jsonl").open("a") as stream:
        stream.write(mine)
    assert batch("revert", tmp_path / "out") == 2
    assert "changed by somebody since; left alone" in capsys.readouterr().err
    assert (tmp_path / "out" / "a.txt").read_text() == f"Yesterday. {GOOD}"
    assert (tmp_path / "out" / "b.jsonl").read_text() == lines + mine  # the line added there stays


def test_a_query_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(BAD)
    run_here(tmp_path)
    for query in ("1); delete from edit; --", "nonsense", "1) or (1; select 1"):
        assert batch("revert", tmp_path / "out", "--query", query) == 2
        assert "--query: not a condition in SQL" in capsys.readouterr().err
    assert (tmp_path / "out" / "a.txt").read_text() == GOOD


def test_a_revert_that_was_killed_is_settled(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(BAD)
    run_here(tmp_path)
    book = Journal(tmp_path / "out.repair.sqlite")
    hash_in = book.db.execute("select hash_in from file").fetchone()[0]
    book.plan(1, [1, 2], 1, hash_in)
    book.close()
    assert batch("revert", tmp_path / "out") == 0  # killed before the file was replaced
    assert (tmp_path / "out" / "a.txt").read_text() == BAD
    book = Journal(tmp_path / "out.repair.sqlite")
    with book.transaction():
        book.db.execute("update edit set reverted_by = null")
    book.plan(1, [1, 2], 1, hash_in)
    book.close()
    assert batch("revert", tmp_path / "out") == 0  # killed after it
    with sqlite3.connect(tmp_path / "out.repair.sqlite") as db:
        assert db.execute("select count(*) from edit where reverted_by is null").fetchone()[0] == 0
    db.close()
