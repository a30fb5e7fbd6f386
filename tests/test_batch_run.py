"""`repair batch`: an archive mirrored and repaired, stopped and resumed, audited and reverted."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from repair import Config, Repairer
from repair.batch import containers, packed
from repair.batch.errors import FormatError
from repair.batch.journal import Journal
from repair.batch.local import DIED, Local
from repair.batch.runner import Runner, batches
from repair.batch.storage import Storage, storage
from repair.batch.work import Outcome, Task, Worker
from repair.cli import main
from repair.errors import InputError, OutputError

BAD, GOOD = "He held talks with SH.BA on Monday .", "He held talks with the US on Monday."


class Here:
    """An engine without processes."""

    def __init__(self, fields: tuple[str, ...] = ("text",)) -> None:
        self.worker = Worker(Repairer(Config(no_model=True)), fields)
        self.seen: list[str] = []

    def signature(self) -> str:
        return self.worker.repairer.signature

    def run(self, some: Iterable[list[Task]]) -> Iterator[list[Outcome]]:
        for batch in some:
            self.seen += [task.data.decode("utf-8", "replace") for task in batch]
            yield self.worker.run(batch)


def archive(folder: Path) -> Path:
    """An archive with an article in most formats."""
    (folder / "sport").mkdir(parents=True)
    (folder / "a.txt").write_text(f"{BAD}\r\n")
    (folder / "clean.txt").write_text("Nothing is wrong here.")
    (folder / "quoted.md").write_text("“We met SH.BA today,” she said. Talks with Ministria went on.\n")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8 SH.BA .")
    (folder / ".hidden.txt").write_text(BAD)
    rows = [{"id": 1, "text": BAD}, {"id": 2, "text": "Fine."}, {"id": 3, "text": BAD}]
    lines = "\n\n".join(json.dumps(row) for row in rows).encode()
    (folder / "sport" / "feed.jsonl").write_bytes(lines)
    with gzip.open(folder / "feed.jsonl.gz", "wb") as stream:
        stream.write(lines)
    with zipfile.ZipFile(folder / "day.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.comment = b"kept"
        package.writestr("in/a.txt", BAD)
        package.writestr("x.bin", b"\0 .")
        package.writestr("in/feed.jsonl", lines)
    table = pa.table(
        {"n": [1, 2, 3], "text": [BAD, None, "Fine."], "kind": pa.array(["x", "y", "x"]).dictionary_encode()}
    )
    pq.write_table(
        table.replace_schema_metadata({"k": "v"}), folder / "rows.parquet", row_group_size=2, compression="zstd"
    )
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def batch(*arguments: object) -> int:
    words = [str(argument) for argument in arguments]
    return main(["batch", *words, "--no-model"] if words[0] == "run" else ["batch", *words])


def work(
    source: Storage, target: Storage, journal: Path, engine: Here, settings: str = "s", lines: list[str] | None = None
) -> None:
    """One run in this process."""
    book = Journal(journal, create=True)
    try:
        run = book.begin(
            "run", source=source.name, target=target.name, settings='{"fields": ["text"]}', settings_hash=settings
        )
        told = [] if lines is None else lines
        for _ in Runner(book, source, target, engine.worker.fields, settings, run, told.append).work(engine):
            pass
        book.end(run, "finished")
    finally:
        book.close()


def run_here(folder: Path, engine: Here | None = None, settings: str = "s") -> list[str]:
    """Runs folder/in into folder/out; what was told."""
    lines: list[str] = []
    journal = folder / "out.repair.sqlite"
    work(storage(str(folder / "in")), storage(str(folder / "out")), journal, engine or Here(), settings, lines)
    return lines


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

        def fix_many(self, items):  # type: ignore[no-untyped-def]
            some = list(items)
            self.texts += len(some)
            return super().fix_many(some)

    repairer = Counting(Config(no_model=True))
    worker = Worker(repairer, ("text",))
    tasks = [Task(1, f"#{i}", BAD.encode(), "txt") for i in range(5)]
    outcomes = worker.run(tasks) + worker.run(tasks)
    assert repairer.texts == 1
    assert len({str(outcome.changes) for outcome in outcomes}) == 1


def test_broken_articles_do_not_stop_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text(BAD)
    (source / "binary.txt").write_bytes(b"\xff\xfe\0")
    (source / "cut.jsonl.gz").write_bytes(gzip.compress(f'{{"text": "{BAD}"}}\n'.encode() * 2000)[:-100])
    (source / "cut.zip").write_bytes(b"PK\3\4 and no more")
    (source / "lines.jsonl").write_text(f'{{"text": "{BAD}"}}\nnot json\n')
    (source / "no.parquet").write_bytes(b"PAR1")
    (source / "deep.txt.gz.gz.gz.gz").write_bytes(b"")
    before = contents(source)
    assert batch("run", source, tmp_path / "out") == 2
    error = capsys.readouterr().err
    after = contents(tmp_path / "out")
    good = {"a.txt": GOOD.encode(), "lines.jsonl": f'{{"text": "{GOOD}"}}\nnot json\n'.encode()}
    assert after == before | good
    assert "Traceback" not in error
    assert batch("status", tmp_path / "out", "--broken") == 2
    listed = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in sorted(listed)] == [
        "binary.txt", "cut.jsonl.gz", "cut.zip", "deep.txt.gz.gz.gz.gz", "lines.jsonl#2", "no.parquet"
    ]  # fmt: skip
    (source / "binary.txt").write_text(BAD)
    assert batch("run", source, tmp_path / "out") == 2
    assert (tmp_path / "out" / "binary.txt").read_text() == GOOD


def test_zip_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in"
    source.mkdir()
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.txt", b"a" * 30_000_000)
    (source / "bomb.zip").write_bytes(bomb.getvalue())
    (source / "bomb.docx").write_bytes(bomb.getvalue().replace(b"a.txt", b"word/"))
    (source / "bomb.txt.gz").write_bytes(gzip.compress(b"a" * 30_000_000))
    monkeypatch.setattr(packed, "MAX_RATIO", 100)
    lines = run_here(tmp_path)
    assert sum("refused" in line or "Word document" in line for line in lines) == 3
    assert contents(tmp_path / "out") == contents(source)


def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that holds no text itself would be met only when the file is written."""
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("good.txt", BAD)
        package.writestr("x.bin", b"a" * 30_000_000)
    monkeypatch.setattr(packed, "MAX_RATIO", 100)
    container = containers.container_for("bomb.zip", ("text",))
    assert container is not None
    with (tmp_path / "bomb.zip").open("rb") as stream, pytest.raises(FormatError, match="a bomb"):
        next(container.articles(stream))


def test_a_counted_stream_never_asks_for_more_than_is_honest() -> None:
    asked = []

    class Endless:
        def read(self, size: int = -1, /) -> bytes:
            asked.append(size)
            return b"a" * size

    with pytest.raises(FormatError, match="a bomb"):
        packed.Counted(Endless(), 10).read(10**12)
    assert asked == [packed.FREE + 1]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_damage_inside_a_zip_file_is_one_broken_file(tmp_path: Path, method: int) -> None:
    source = tmp_path / "in"
    source.mkdir()
    with zipfile.ZipFile(source / "x.zip", "w", method) as package:
        package.writestr("a.txt", BAD * 50)
    data = bytearray((source / "x.zip").read_bytes())
    for at in range(55, 85):
        data[at] ^= 0x5A
    (source / "x.zip").write_bytes(data)
    (source / "z.txt").write_text(BAD)
    (line,) = run_here(tmp_path)
    assert line.startswith("x.zip: damaged") and line.endswith("copied through unchanged")
    assert contents(tmp_path / "out") == {"x.zip": bytes(data), "z.txt": GOOD.encode()}


def test_a_zip_file_that_cannot_be_written_again_is_copied_through(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    with zipfile.ZipFile(source / "x.zip", "w") as package:
        package.writestr("a.txt", BAD)
        package.writestr("picture.jpg", b"0123456789")
    data = (source / "x.zip").read_bytes().replace(b"0123456789", b"0123456780", 1)
    (source / "x.zip").write_bytes(data)
    assert ["Bad CRC" in line for line in run_here(tmp_path)] == [True]
    assert contents(tmp_path / "out") == {"x.zip": data}
    assert batch("status", tmp_path / "out") == 2
    assert batch("revert", tmp_path / "out") == 0  # nothing stands in the journal that is not in OUT
    assert run_here(tmp_path) == []  # finished


def test_names_that_a_terminal_would_obey_are_spelt_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a\nb\x1b[31m.txt").write_bytes(b"\xff\0")
    undecodable = os.fsdecode(b"caf\xe9.txt")
    (source / undecodable).write_text(BAD)
    assert batch("run", source, tmp_path / "out") == 2
    assert "a\\nb\\x1b[31m.txt: " in capsys.readouterr().err
    assert batch("status", tmp_path / "out", "--broken") == 2
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("a\\nb\\x1b[31m.txt: ")
    assert batch("show", tmp_path / "out", undecodable, "--json") == 0
    assert json.loads(capsys.readouterr().out)["name"] == "caf?.txt"
    assert batch("report", tmp_path / "out", "--corrections", tmp_path / "notes.md") == 0
    assert (tmp_path / "notes.md").read_text().startswith("## caf?.txt\n")
    assert batch("revert", tmp_path / "out", "--article", undecodable) == 0
    assert contents(tmp_path / "out") == contents(source)


def test_links_and_odd_names(tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "folder").mkdir(parents=True)
    names = [
        "new\nline.txt",
        "ünï 🙂.txt",
        "-rf.txt",
        "per%20cent #1 !x.txt",
        "'quoted\".txt",
        "*.txt",
        " .txt",
        "n" * 250 + ".txt",
    ]
    for name in names:
        (source / name).write_text(BAD)
    undecodable = os.fsdecode(b"caf\xe9.txt")
    (source / undecodable).write_text(BAD)
    (source / "loop").symlink_to(source)
    (source / "self.txt").symlink_to("self.txt")
    (source / "gone.txt").symlink_to("nowhere.txt")
    (source / "folder" / "linked.txt").symlink_to(source / "-rf.txt")
    os.mkfifo(source / "pipe.txt")
    lines = run_here(tmp_path)
    after = contents(tmp_path / "out")
    assert after == dict.fromkeys([*names, undecodable, "folder/linked.txt"], GOOD.encode())
    assert not (tmp_path / "out" / "folder" / "linked.txt").is_symlink()
    assert (source / "-rf.txt").read_text() == BAD
    assert len(lines) == 4 and sum("link" in line for line in lines) == 3
    assert batch("show", tmp_path / "out", undecodable) == 0
    assert batch("status", tmp_path / "out", "--broken") == 2
    assert batch("revert", tmp_path / "out") == 0
    assert set(contents(tmp_path / "out").values()) == {BAD.encode()}


def test_a_link_in_the_output_does_not_lead_to_the_originals(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")
    run_here(tmp_path)
    out = tmp_path / "out"
    (out / "a.txt").unlink()
    (out / "a.txt").symlink_to(source / "a.txt")
    (source / "a.txt").write_text(f"{BAD} Twice.")
    run_here(tmp_path)
    shutil.rmtree(out / "sport")
    (out / "sport").symlink_to(source / "sport")
    (source / "sport" / "new.txt").write_text(BAD)
    with pytest.raises(OutputError, match="is a link"):
        run_here(tmp_path)
    assert (source / "a.txt").read_text() == f"{BAD} Twice."
    assert (source / "sport" / "new.txt").read_text() == BAD


@pytest.mark.parametrize(("source", "out"), [("in", "in"), ("in", "in/out"), ("in/deep", "in"), ("in", "link")])
def test_input_and_output_lie_apart(tmp_path: Path, source: str, out: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "in")
    assert batch("run", tmp_path / source, tmp_path / out) == 2
    assert "lie in each other" in capsys.readouterr().err


def test_clear_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = archive(tmp_path / "in")
    for arguments, message in [
        (("run", tmp_path / "no", tmp_path / "out"), "no such folder"),
        (("run", source / "a.txt", tmp_path / "out"), "name the folder that it lies in"),
        (("run", source, "s3://bucket/out"), "--journal"),
        (("run", source, tmp_path / "out", "--journal", source / "j.sqlite"), "the journal lies in IN"),
        (("status", tmp_path / "out"), "there is no journal"),
        (("run", "gibberish://x/y", tmp_path / "out"), "not an address that is known"),
    ]:
        assert batch(*arguments) == 2
        error = capsys.readouterr().err
        assert message in error and error.count("\n") == 1
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine")
    assert batch("run", source, tmp_path / "full") == 2
    assert "not empty" in capsys.readouterr().err
    (tmp_path / "j.sqlite").write_text("not a database, but long enough to be read as one " * 10)
    assert batch("run", source, tmp_path / "out", "--journal", tmp_path / "j.sqlite") == 2
    assert "not a usable journal" in capsys.readouterr().err


def test_two_runs_on_one_output_are_locked_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from repair.batch.journal import locked

    source = archive(tmp_path / "in")
    with locked(tmp_path / "out.repair.sqlite"):
        assert batch("run", source, tmp_path / "out") == 2
        assert "another run" in capsys.readouterr().err
        assert batch("revert", tmp_path / "out") == 2


def test_a_full_disk_stops_the_run_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = archive(tmp_path / "in")
    before = contents(source)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            run_here(tmp_path)
    assert contents(tmp_path / "out") == {} and contents(source) == before
    run_here(tmp_path)
    assert (tmp_path / "out" / "a.txt").read_bytes() == f"{GOOD}\r\n".encode()


@pytest.mark.skipif(os.getuid() == 0, reason="an administrator may write everywhere")
def test_a_read_only_target_is_one_clear_error(tmp_path: Path) -> None:
    archive(tmp_path / "in")
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        run_here(tmp_path)


def test_a_target_that_is_a_file_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("mine")
    assert batch("run", archive(tmp_path / "in"), tmp_path / "out") == 2
    assert "cannot be written" in capsys.readouterr().err
    assert (tmp_path / "out").read_text() == "mine"


def test_a_lost_source_stops_the_run(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")

    class Losing(Here):
        def run(self, some: Iterable[list[Task]]) -> Iterator[list[Outcome]]:
            for outcomes in super().run(some):
                shutil.rmtree(source, ignore_errors=True)
                yield outcomes

    with pytest.raises(InputError, match="not there any more"):
        run_here(tmp_path, Losing())
    archive(tmp_path / "in")
    assert all("cannot be read" not in line for line in run_here(tmp_path))


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(tmp_path: Path) -> None:
    source = archive(tmp_path / "in")

    class Changing(Here):
        def run(self, some: Iterable[list[Task]]) -> Iterator[list[Outcome]]:
            for outcomes in super().run(some):
                (source / "a.txt").write_text(f"Other. {BAD}")
                yield outcomes

    assert any("a.txt: it changed while" in line for line in run_here(tmp_path, Changing()))
    assert not (tmp_path / "out" / "a.txt").exists()
    run_here(tmp_path)
    assert (tmp_path / "out" / "a.txt").read_text() == f"Other. {GOOD}"


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
        def fix_many(self, items):  # type: ignore[no-untyped-def]
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
    tasks = [Task(i, "", b"x" * (600_000 if i == 3 else 1), "txt") for i in range(40)]
    assert [len(some) for some in batches(iter(tasks))] == [16, 16, 8]
    assert [len(some) for some in batches(iter([tasks[3]] * 5))] == [2, 2, 1]


def test_a_file_of_articles_is_never_held_in_memory(tmp_path: Path) -> None:
    class Endless(BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            return b'{"text": "x"}\n'

    articles = containers.Lines().articles(Endless())
    assert [next(articles).key for _ in range(3)] == ["#1", "#2", "#3"]
