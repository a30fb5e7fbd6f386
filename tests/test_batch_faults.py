"""`repair batch` and what goes wrong: broken articles, bombs, links, locks, full disks, targets that are none."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from archives import BAD, GOOD, Here, archive, batch, contents, run_here

from repair.batch import containers
from repair.batch.work import Outcome, Task
from repair.errors import InputError, OutputError
from repair.formats import packed
from repair.formats.errors import FormatError


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


def test_what_word_leaves_beside_an_open_document_is_no_article(tmp_path: Path) -> None:
    lock = b"\5owner" + b"\0" * 155
    package = BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("in/~$story.docx", lock)
    whole = containers.container_for("b.zip", ("text",))
    assert whole is not None and list(whole.articles(package)) == []
    assert containers.container_for("in/~$story.docx", ("text",)) is None
    assert containers.container_for("in/~story.docx", ("text",)) is not None  # any other name is a document's
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "~$story.docx").write_bytes(lock)
    assert run_here(tmp_path) == []
    assert contents(tmp_path / "out") == {"~$story.docx": lock}


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
        packed.Metered(Endless(), 10).read(10**12)
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


NOBODY = 65534  # an administrator may write everywhere


def test_a_read_only_target_is_one_clear_error() -> None:
    with TemporaryDirectory() as name:  # not below pytest's own folder, which is closed to others
        folder = Path(name)
        archive(folder / "in")
        (folder / "out").mkdir()
        folder.chmod(0o777)
        (folder / "out").chmod(0o555)
        user = os.geteuid()
        try:
            if user == 0:
                os.seteuid(NOBODY)
            with pytest.raises(OutputError, match="cannot be written"):
                run_here(folder)
        finally:
            os.seteuid(user)


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


def test_one_line_that_is_too_long_leaves_the_others_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_LINE_BYTES", 200)
    line = f'{{"text": "{BAD}"}}'.encode()
    long = b'{"text": "' + b"One officials said. " * 50 + b'"}'
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.jsonl").write_bytes(b"\n".join([line, long, line, b"x" * 200, b"y" * 199, line, b"z" * 999]))
    (told,) = [told for told in run_here(tmp_path) if "#2" in told]
    assert told.startswith("a.jsonl#2: longer than") and told.endswith("copied through unchanged")
    good = line.replace(BAD.encode(), GOOD.encode())
    expected = b"\n".join([good, long, good, b"x" * 200, b"y" * 199, good, b"z" * 999])
    assert (tmp_path / "out/a.jsonl").read_bytes() == expected
    assert run_here(tmp_path) == []  # finished
    assert batch("revert", tmp_path / "out") == 0
    assert (tmp_path / "out/a.jsonl").read_bytes() == (source / "a.jsonl").read_bytes()


def zipped(members: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return made.getvalue()


def test_one_broken_member_leaves_the_others_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_ARTICLE", 1000)
    inner = zipped({"good.txt": BAD.encode(), "picture.jpg": b"0123456789"})
    broken = {
        "cut.zip": inner[:-30],
        "picture.zip": inner.replace(b"0123456789", b"0123456780", 1),
        "cut.jsonl.gz": gzip.compress(f'{{"text": "{BAD}"}}\n'.encode() * 2000)[:-100],
        "no.parquet": b"PAR1",
        "deep.txt.gz.gz.gz": b"",
        "long.txt": BAD.encode() * 100,
    }
    source = tmp_path / "in"
    source.mkdir()
    members = {"a.txt": BAD.encode(), **broken, "sound.zip": inner, "z.txt": BAD.encode()}
    (source / "day.zip").write_bytes(zipped(members))
    told = run_here(tmp_path)
    assert sorted(line.split(":")[0] for line in told) == sorted(f"day.zip!{name}" for name in broken)
    with zipfile.ZipFile(tmp_path / "out/day.zip") as package:
        after = {name: package.read(name) for name in package.namelist()}
    assert list(after) == list(members)
    assert {name: after[name] for name in broken} == broken
    assert after["a.txt"] == after["z.txt"] == GOOD.encode()
    with zipfile.ZipFile(BytesIO(after["sound.zip"])) as package:
        assert package.read("good.txt") == GOOD.encode() and package.read("picture.jpg") == b"0123456789"
    assert batch("status", tmp_path / "out") == 2
    assert run_here(tmp_path) == []
    assert batch("revert", tmp_path / "out") == 0
    assert (tmp_path / "out/day.zip").read_bytes() == (source / "day.zip").read_bytes()


def test_an_error_that_nobody_has_foreseen_is_one_broken_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.jsonl").write_text(f'{{"text": "{BAD}"}}\n')
    (source / "b.txt").write_text(BAD)

    def fail(*arguments: object) -> None:
        raise KeyError("text")

    monkeypatch.setattr(containers.Lines, "articles", fail)
    (told,) = run_here(tmp_path)
    assert "KeyError" in told and "please report it" in told
    assert contents(tmp_path / "out") == {"a.jsonl": (source / "a.jsonl").read_bytes(), "b.txt": GOOD.encode()}
