"""What is private stays private, and a copy is as old as its original."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from archives import BAD, batch

from repair.batch.storage import storage


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def set_up(folder: Path) -> dict[str, int]:
    """An archive of files and folders of all modes; the mode of each file."""
    modes = {"desk/secret.txt": 0o600, "desk/in/picture.bin": 0o640, "open.txt": 0o644, "fixed.txt": 0o444}
    for number, (name, mode) in enumerate(modes.items()):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(BAD)
        file.chmod(mode)
        os.utime(file, ns=(1, 1_000_000_000_123_456_789 + number))
    (folder / "desk").chmod(0o700)
    (folder / "desk/in").chmod(0o750)
    folder.chmod(0o711)
    return modes


@pytest.fixture(autouse=True)
def umask() -> object:
    former = os.umask(0o022)
    yield
    os.umask(former)


def test_modes_and_times_are_kept(tmp_path: Path) -> None:
    modes = set_up(tmp_path / "in")
    assert batch("run", tmp_path / "in", tmp_path / "out") == 0
    for name, wanted in modes.items():
        old, new = tmp_path / "in" / name, tmp_path / "out" / name
        assert mode(new) == wanted and new.stat().st_mtime_ns == old.stat().st_mtime_ns
        assert (new.read_bytes() != old.read_bytes()) == name.endswith(".txt")
    assert [mode(tmp_path / "out" / name) for name in (".", "desk", "desk/in")] == [0o711, 0o700, 0o750]


def test_a_revert_keeps_them_too(tmp_path: Path) -> None:
    modes = set_up(tmp_path / "in")
    batch("run", tmp_path / "in", tmp_path / "out")
    assert batch("revert", tmp_path / "out") == 0
    for name, wanted in modes.items():
        old, new = tmp_path / "in" / name, tmp_path / "out" / name
        assert mode(new) == wanted and new.stat().st_mtime_ns == old.stat().st_mtime_ns
        assert new.read_bytes() == old.read_bytes()


def test_the_journal_holds_text_and_is_its_owners_alone(tmp_path: Path) -> None:
    set_up(tmp_path / "in")
    batch("run", tmp_path / "in", tmp_path / "out")
    beside = list(tmp_path.glob("out.repair.sqlite*"))
    assert tmp_path / "out.repair.sqlite" in beside
    assert [mode(file) & 0o077 for file in beside if file.stat().st_size] == [0] * len(
        [file for file in beside if file.stat().st_size]
    )


def test_a_journal_that_somebody_shares_stays_shared(tmp_path: Path) -> None:
    set_up(tmp_path / "in")
    batch("run", tmp_path / "in", tmp_path / "out")
    (tmp_path / "out.repair.sqlite").chmod(0o640)
    batch("run", tmp_path / "in", tmp_path / "out")
    assert mode(tmp_path / "out.repair.sqlite") == 0o640


def test_a_draft_is_private_while_it_is_written(tmp_path: Path) -> None:
    set_up(tmp_path / "in")
    place = storage(str(tmp_path / "in"))
    with place.draft("new/a.txt", None) as stream:
        stream.write(b"text")
        (draft,) = (tmp_path / "in/new").iterdir()
        assert mode(draft) == 0o600
    assert mode(tmp_path / "in/new/a.txt") == 0o644 and mode(tmp_path / "in/new") == 0o755


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    set_up(tmp_path / "in")
    (tmp_path / "out").mkdir(0o755)
    assert batch("run", tmp_path / "in", tmp_path / "out") == 0
    assert mode(tmp_path / "out") == 0o755 and mode(tmp_path / "out/desk") == 0o700
