"""Articles that were taken out of IN: told, or set aside on request, and never lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from archives import BAD, GOOD, Here, batch, contents, run_here, work

from repair.batch.journal import Journal
from repair.batch.runner import Runner
from repair.batch.storage import LocalStorage, Skipped, StoredFile, storage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive that was run, and then lost two of its files."""
    (tmp_path / "in/sport").mkdir(parents=True)
    for name in ("a.txt", "sport/b.txt", "sport/c.bin"):
        (tmp_path / "in" / name).write_text(BAD)
    assert batch("run", tmp_path / "in", tmp_path / "out") == 0
    shutil.rmtree(tmp_path / "in/sport")
    return tmp_path


def counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    capsys.readouterr()
    batch("status", folder / "out", "--json")
    found = json.loads(capsys.readouterr().out)
    return {"articles": found["articles"], "edits": found["edits"]["applied"], "away": found["files"]["withdrawn"]}


def test_they_stay_and_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(folder / "out")
    assert batch("run", folder / "in", folder / "out") == 0
    told = capsys.readouterr().err
    assert "no longer in IN, left in OUT: 2 files (sport/b.txt, sport/c.bin)" in told and "--set-aside" in told
    assert contents(folder / "out") == before
    assert counted(folder, capsys) == {"articles": 2, "edits": 4, "away": 0}


def test_they_are_set_aside_on_request(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(folder / "out")
    assert batch("run", folder / "in", folder / "out", "--set-aside") == 0
    assert set(contents(folder / "out")) == {"a.txt"}
    aside = contents(folder / "out.withdrawn")
    assert aside == {name: before[name] for name in ("sport/b.txt", "sport/c.bin")}
    assert counted(folder, capsys) == {"articles": 1, "edits": 2, "away": 2}
    assert batch("run", folder / "in", folder / "out", "--set-aside") == 0
    assert "no longer in IN" not in capsys.readouterr().err
    assert batch("revert", folder / "out") == 0 and (folder / "out/a.txt").read_text() == BAD
    assert batch("show", folder / "out", "sport/b.txt") == 0  # what was done to it is still known


def test_they_may_come_back_and_go_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in (1, 2):
        batch("run", folder / "in", folder / "out", "--set-aside")
        assert len(contents(folder / "out.withdrawn")) == number + 1
        (folder / "in/sport").mkdir()
        (folder / "in/sport/b.txt").write_text(BAD)
        assert batch("run", folder / "in", folder / "out") == 0
        assert (folder / "out/sport/b.txt").read_text() == GOOD
        shutil.rmtree(folder / "in/sport")
    assert counted(folder, capsys)["articles"] == 2


def test_what_somebody_changed_or_deleted_is_left(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "out/sport/b.txt").write_text("mine")
    (folder / "out/sport/c.bin").unlink()
    assert batch("run", folder / "in", folder / "out", "--set-aside") == 0
    assert "changed by somebody" in capsys.readouterr().err
    assert (folder / "out/sport/b.txt").read_text() == "mine" and not (folder / "out.withdrawn").exists()


def test_what_cannot_be_read_is_not_taken_for_withdrawn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def files(self: LocalStorage) -> list[StoredFile | Skipped]:
        return [StoredFile("a.txt", len(BAD)), Skipped("sport", "cannot be read: Permission denied")]

    monkeypatch.setattr(LocalStorage, "files", files)
    assert batch("run", folder / "in", folder / "out", "--set-aside") == 2
    assert set(contents(folder / "out")) == {"a.txt", "sport/b.txt", "sport/c.bin"}


def test_private_files_stay_private(folder: Path) -> None:
    (folder / "out/sport").chmod(0o700)
    batch("run", folder / "in", folder / "out", "--set-aside")
    assert (folder / "out.withdrawn/sport").stat().st_mode & 0o077 == 0


def test_a_remote_folder_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text(BAD)
    source, target = storage(str(tmp_path / "in")), storage("memory://withdrawn-test/out")
    work(source, target, tmp_path / "j.sqlite", Here())
    with target.open("b.txt") as stream:
        assert stream.read().decode() == GOOD
    place = target.set_aside("b.txt")
    assert place == "memory://withdrawn-test/out.withdrawn/b.txt"
    assert target.size("b.txt") is None and target.size("../out.withdrawn/b.txt") is None
    with storage("memory://withdrawn-test/out.withdrawn").open("b.txt") as stream:
        assert stream.read().decode() == GOOD


def test_of_many_some_are_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(9):
        (tmp_path / f"in/{number}.txt").write_text("Fine.")
    run_here(tmp_path)
    for number in range(1, 9):
        (tmp_path / f"in/{number}.txt").unlink()
    lines: list[str] = []
    book = Journal(tmp_path / "out.repair.sqlite")
    one = Runner(book, storage(str(tmp_path / "in")), storage(str(tmp_path / "out")), ("text",), "s", 1, lines.append)
    list(one.work(Here()))
    one.withdrawn(set_aside=False)
    book.close()
    assert lines == ["no longer in IN, left in OUT: 8 files (1.txt, 2.txt, 3.txt, ...); --set-aside moves them away"]
