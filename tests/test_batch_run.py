"""`repair batch`: an archive mirrored and repaired, stopped and resumed."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import shutil
import sqlite3
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from archives import BAD, GOOD, Here, archive, batch, contents, run_here

from repair import Config, Item, Repairer, Report, senses
from repair.batch import containers
from repair.batch.local import DIED, Local
from repair.batch.runner import batches
from repair.batch.work import Outcome, Task, Worker
from repair.cli import main
from repair.correct import pivots
from repair.detect import lexicon_table


def test_an_archive_is_mirrored_and_repaired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = archive(tmp_path / "in")
    before = contents(source)
    assert batch("run", source, tmp_path / "out") == 1  # the quotation is left for a person
    assert contents(source) == before
    after = contents(tmp_path / "out")
    assert after.keys() == before.keys()
    assert after["a.txt"] == f"{GOOD}\r\n".encode()
    for name in ("clean.txt", "quoted.md", "picture.jpg", ".hidden.txt"):
        assert after[name] == before[name]
    lines = before["sport/feed.jsonl"].replace(BAD.encode(), GOOD.encode())
    assert after["sport/feed.jsonl"] == lines == gzip.decompress(after["feed.jsonl.gz"])
    assert after["feed.jsonl.gz"][:10] == before["feed.jsonl.gz"][:10]
    with zipfile.ZipFile(BytesIO(after["day.zip"])) as package, zipfile.ZipFile(BytesIO(before["day.zip"])) as former:
        assert package.comment == b"kept"
        assert [(i.filename, i.date_time, i.compress_type) for i in package.infolist()] == [
            (i.filename, i.date_time, i.compress_type) for i in former.infolist()
        ]
        assert [package.read(name) for name in package.namelist()] == [GOOD.encode(), b"\0 .", lines]
    old, new = (pq.ParquetFile(folder / "rows.parquet") for folder in (source, tmp_path / "out"))
    assert new.read()["text"].to_pylist() == [GOOD, None, "Fine."]
    assert new.read().drop(["text"]).equals(old.read().drop(["text"]))
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True) and new.num_row_groups == old.num_row_groups
    assert new.metadata.row_group(0).column(1).compression == "ZSTD"
    assert "edits: 18 applied" in capsys.readouterr().out


def test_the_journal_can_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive(tmp_path / "in")
    batch("run", tmp_path / "in", tmp_path / "out")
    capsys.readouterr()
    assert batch("status", tmp_path / "out", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["articles"] == 16 and found["files"]["copied"] == 2 and found["unfinished"] == 0
    assert found["runs"][0]["signature"].startswith("repair:") and found["runs"][0]["ended"]
    assert batch("show", tmp_path / "out", "day.zip!in/feed.jsonl#5") == 0
    shown = capsys.readouterr().out
    assert "applied at text 19: 'SH.BA' -> 'the US' (lexicon:" in shown
    assert batch("show", tmp_path / "out", "quoted.md", "--json") == 1
    quoted = json.loads(capsys.readouterr().out)
    assert [edit["applied"] for edit in quoted["edits"]] == [0]
    assert "quotation" in quoted["edits"][0]["reason"] and quoted["edits"][0]["safety"] == "review"
    assert batch("show", tmp_path / "out", "feed") == 2
    assert "did you mean" in capsys.readouterr().err


def test_finished_articles_are_not_read_again(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    first, second, third, fourth = Here(), Here(), Here(), Here()
    run_here(tmp_path, first)
    run_here(tmp_path, second)
    assert len(first.seen) == 16 and second.seen == []
    with (source / "sport" / "feed.jsonl").open("a") as stream:
        stream.write(f'\n{{"text": "New. {BAD}"}}')
    run_here(tmp_path, third)
    assert third.seen == [f'{{"text": "New. {BAD}"}}']
    assert (tmp_path / "out" / "sport" / "feed.jsonl").read_text().endswith(f'New. {GOOD}"}}')
    run_here(tmp_path, fourth, settings="others")
    assert len(fourth.seen) == 17


def test_missing_outputs_are_written_again_from_the_journal(tmp_path: Path) -> None:
    archive(tmp_path / "in")
    run_here(tmp_path)
    after = contents(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    again = Here()
    run_here(tmp_path, again)
    assert contents(tmp_path / "out") == after and again.seen == []


def test_an_output_that_somebody_changed_is_not_written_over(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    run_here(tmp_path)
    (tmp_path / "out" / "a.txt").write_text("mine")
    (source / "a.txt").write_text(f"More. {BAD}")
    assert any("changed by somebody" in line for line in run_here(tmp_path))
    assert (tmp_path / "out" / "a.txt").read_text() == "mine"


def test_equal_texts_are_read_once() -> None:
    class Counting(Repairer):
        texts = 0

        def fix_many(self, items: Iterable[Item]) -> Iterator[Report]:
            some = list(items)
            self.texts += len(some)
            return super().fix_many(some)

    repairer = Counting(Config(no_model=True))
    worker = Worker(repairer, ("text",))
    tasks = [Task(1, f"#{i}", BAD.encode(), "txt") for i in range(5)]
    outcomes = worker.run(tasks) + worker.run(tasks)
    assert repairer.texts == 1
    assert len({str(outcome.changes) for outcome in outcomes}) == 1


def test_the_same_bytes_from_any_number_of_workers(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    for i in range(40):
        (source / f"{i}.txt").write_text(f"{BAD} Number {i} .")
    run_here(tmp_path)
    assert batch("run", source, tmp_path / "two", "--workers", 2) == 1
    assert contents(tmp_path / "two") == contents(tmp_path / "out")

    def journaled(path: Path) -> list[tuple[object, ...]]:
        with sqlite3.connect(path) as db:
            rows = db.execute(
                "select f.path, f.hash_out, a.key, e.part, e.start, e.before, e.after, e.applied, e.reason, s.start"
                " from file f left join article a on a.file = f.id left join edit e on e.article = a.id"
                " left join splice s on s.edit = e.id order by 1, 3, 4, 5, 10"
            ).fetchall()
        db.close()
        return rows

    assert journaled(tmp_path / "two.repair.sqlite") == journaled(tmp_path / "out.repair.sqlite")


def test_an_article_that_kills_its_worker_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    from repair.batch import local

    tasks = [[Task(1, f"#{i}", BAD.encode(), "txt")] for i in range(3)]
    tasks[1] = [Task(1, "#1", b"die", "txt")]
    monkeypatch.setattr(local, "_work", fatal)
    with Local(Config(no_model=True), ("text",), 2) as engine:
        outcomes = [outcome for some in engine.run(tasks) for outcome in some]
    assert sorted((outcome.key, outcome.broken) for outcome in outcomes) == [("#0", None), ("#1", DIED), ("#2", None)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each worker loads its own")
def test_several_workers_share_what_they_all_need() -> None:
    with Local(Config(no_model=True), ("text",), 2) as engine:
        before_any_work = engine._started().submit(loaded_tables).result()
    assert before_any_work == [1, 1, 1]


def loaded_tables() -> list[int]:
    """Runs in a worker process: how often each large table has been loaded."""
    return [table.cache_info().currsize for table in (lexicon_table.load_table, pivots.table, senses.table)]


def test_an_error_ends_the_workers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from repair.batch import local

    monkeypatch.setattr(local, "_work", endless)
    before = set(multiprocessing.active_children())
    tasks = [[Task(1, "#0", b"x", "txt")], *([Task(1, f"#{i}", b"wait", "txt")] for i in (1, 2))]
    with pytest.raises(KeyboardInterrupt), Local(Config(no_model=True), ("text",), 2) as engine:
        next(engine.run(tasks))
        raise KeyboardInterrupt
    assert set(multiprocessing.active_children()) == before


def endless(tasks: list[Task]) -> list[Outcome]:
    """Runs in a worker process."""
    if tasks[0].data == b"wait":
        time.sleep(300)
    return [Outcome(task.file, task.key) for task in tasks]


def fatal(tasks: list[Task]) -> list[Outcome]:
    """Runs in a worker process."""
    if tasks[0].data == b"die":
        os._exit(9)
    return [Outcome(task.file, task.key) for task in tasks]


def test_an_error_in_repair_itself_is_named_and_the_others_go_on() -> None:
    class Failing(Repairer):
        def fix_many(self, items: Iterable[Item]) -> Iterator[Report]:
            for item in items:
                if "fail" in item.text:
                    raise ZeroDivisionError("x")
                yield from super().fix_many([item])

    outcomes = Worker(Failing(Config(no_model=True)), ("text",)).run(
        [Task(1, "a", BAD.encode(), "txt"), Task(1, "b", b"fail", "txt")]
    )
    assert outcomes[0].broken is None and len(outcomes[0].changes) == 2
    assert outcomes[1].broken and "please report" in outcomes[1].broken


def test_batches_are_filled_across_files_and_never_large() -> None:
    tasks = [Task(i, "", b"x" * (600_000 if i == 3 else 1), "txt") for i in range(10)]
    assert [len(some) for some in batches(iter(tasks))] == [4, 4, 2]
    assert [len(some) for some in batches(iter([tasks[3]] * 5))] == [2, 2, 1]


def test_a_file_of_articles_is_never_held_in_memory(tmp_path: Path) -> None:
    class Endless(BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            return b'{"text": "x"}\n'

    articles = containers.Lines().articles(Endless())
    assert [next(articles).key for _ in range(3)] == ["#1", "#2", "#3"]


@pytest.mark.parametrize(
    ("text", "count", "after", "told"),
    [
        ("He saw the the end.", 5, 4, False),
        ("He saw the the end.", 7, 7, True),
        ("He saw the the end.", 4, 4, False),
        ("The m\u0430yor left early.", 4, 4, False),
        ("The m\u0430yor left early.", 7, 7, False),
    ],
)
def test_a_word_count_follows_and_comes_back_or_is_told(
    tmp_path: Path, text: str, count: int, after: int, told: bool
) -> None:
    (tmp_path / "in").mkdir()
    before = json.dumps({"uri": "x", "wordcount": count, "body_text": text})
    (tmp_path / "in/a.json").write_text(before)
    assert any("wordcount" in line for line in run_here(tmp_path)) == told
    made = json.loads((tmp_path / "out/a.json").read_text())
    assert made["wordcount"] == after and made["body_text"] != text
    (tmp_path / "in/a.json").unlink()
    assert main(["batch", "revert", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out/a.json").read_text() == before
