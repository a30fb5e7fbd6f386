"""An archive never looks clean because it was not read: what a run does not understand is named, and makes it fail."""

from __future__ import annotations

import gzip
import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from repair.cli import main

PAGE = b"<p>The minister said so on Monday.</p>"
UNREAD = {
    "a.rtf": b"{\\rtf1 x}",
    "a.pdf": b"%PDF-1.7 x",
    "a.fodt": b"PK",
    "a.wire": b"One officials said .",
    "README": b"One officials said .",
    "sport/a.xml": b"<orders><order>One officials said .</order></orders>",
    "sport/a.json": b'{"note": "One officials said ."}',
    "a.pdf.gz": gzip.compress(b"%PDF-1.7 x"),
}
READ = {
    "b.txt": b"The minister said so on Monday.",
    "b.md": b"The minister said so on Monday.",
    "b.html": PAGE,
    "b.jsonl": b'{"text": "The minister said so on Monday."}\n',
    "empty.txt": b"",
}
NO_TEXT = {"c.jpg": b"\xff\xd8", "c.mp4": b"x", "c.css": b"x", "c.bin": b"x", ".DS_Store": b"x", "~$c.docx": b"x"}


def run(folder: Path, files: dict[str, bytes]) -> int:
    for name, data in files.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return main(["batch", "run", "--no-model", str(folder / "in"), str(folder / "out")])


def test_what_is_read_and_what_holds_no_text_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, READ | NO_TEXT) == 0
    assert "not read" not in capsys.readouterr().out


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read_is_named_at_the_end(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, READ | {name: UNREAD[name]}) == 2
    out = capsys.readouterr().out
    assert "not read, left unchanged: 1 " in out and f"\n  {name}: " in out
    assert (tmp_path / "out" / name).read_bytes() == UNREAD[name]
    assert main(["batch", "status", str(tmp_path / "out"), "--broken"]) == 2
    assert capsys.readouterr().out.startswith(f"{name}: ")


def test_a_second_run_fails_as_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, UNREAD | READ) == run(tmp_path, {}) == 2
    capsys.readouterr()
    assert main(["batch", "status", str(tmp_path / "out"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["broken"] == len(UNREAD)


def test_what_is_not_read_in_a_zip_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in (UNREAD | READ | NO_TEXT).items():
            package.writestr(name, data)
    assert run(tmp_path, {"day.zip": buffer.getvalue()}) == 2
    out = capsys.readouterr().out
    assert all(f"day.zip!{name}: " in out for name in UNREAD)
    assert not any(f"day.zip!{name}: " in out for name in READ | NO_TEXT)
    assert (tmp_path / "out/day.zip").read_bytes() == buffer.getvalue()
