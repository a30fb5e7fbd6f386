"""Reading never loses a place, writing never leaves half a file."""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair import inputs, rows
from repair.errors import OutputError
from repair.inputs import (
    Failure,
    Item,
    find_texts,
    read_texts,
    run_in_order,
    write_atomically,
)
from repair.rows import Fields, read_rows

NO_STDIN = io.BytesIO()


def lines(data: bytes, **fields: str) -> list[Item | Failure]:
    return list(read_rows([Path("-")], io.BytesIO(data), Fields(**fields)))


def only_failure(results: Iterable[Item | Failure]) -> Failure:
    (result,) = results
    assert isinstance(result, Failure)
    return result


def test_a_folder_gives_its_texts_sorted_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "in/c.TXT", "image.png", ".hidden.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_texts([str(tmp_path)]) == [tmp_path / "a.md", tmp_path / "b.txt", tmp_path / "in/c.TXT"]


def test_files_of_the_command_itself_are_no_texts_of_a_folder(tmp_path: Path) -> None:
    for name in ("a.txt", "known.json", "other.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert find_texts([str(tmp_path)], own=[tmp_path / "known.json"]) == [tmp_path / "a.txt", tmp_path / "other.json"]


def test_a_file_named_twice_is_read_once_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.png").touch()
    names = [str(tmp_path / "b.png"), str(tmp_path), str(tmp_path / "a.txt")]
    assert find_texts(names) == [tmp_path / "b.png", tmp_path / "a.txt"]


def test_a_folder_without_texts_fails_in_its_place(tmp_path: Path) -> None:
    assert "no file that is read" in only_failure(read_texts(find_texts([str(tmp_path)]), NO_STDIN)).message


def test_a_folder_stands_for_what_is_read_and_the_rest_is_named(tmp_path: Path) -> None:
    read = {"a.txt": b"One.", "b.HTML": b"<p>One.</p>", "c.srt": b"", "d.xml": b"<nitf/>", "sub/e.md": b"One."}
    told = {"f.pdf": b"%PDF", "g.wire": b"One.", "h": b"One.", "i.docx": b"", "j.json": b"{}", "k.zip": b"PK"}
    passed = {"l.jpg": b"\xff\xd8", ".m.txt": b"One.", "~$i.docx": b"x", ".git/n.txt": b"One.", "o.css": b""}
    for name, data in (read | told | passed).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    results = list(read_texts(find_texts([str(tmp_path)]), NO_STDIN))
    names = {
        type(one): {str(Path(r.name).relative_to(tmp_path)) for r in results if type(r) is type(one)} for one in results
    }
    assert names == {Item: set(read), Failure: set(told)}


def test_lock_files_beside_others_are_passed_over(tmp_path: Path) -> None:
    lock, other = tmp_path / "~$a.docx", tmp_path / "a.docx"
    assert find_texts([str(lock), str(other)]) == [other]
    assert find_texts([str(lock)]) == [lock]


def test_a_folder_of_json_lines_and_tables(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.txt", "c.ndjson", "d.tsv", "e.parquet"):
        (tmp_path / name).write_text('{"text": "One."}')
    assert [Path(str(path)).name for path in find_texts([str(tmp_path)], jsonl=True)] == [
        "a.jsonl",
        "c.ndjson",
        "d.tsv",
        "e.parquet",
    ]


def test_bytes_come_in_whole(tmp_path: Path) -> None:
    data = "\ufeffOne\r\ntwo\rthree 🙂\n".encode()
    (tmp_path / "a.txt").write_bytes(data)
    marked: set[str] = set()
    (item,) = read_texts([tmp_path / "a.txt"], NO_STDIN, marked)
    assert isinstance(item, Item)
    assert marked == {item.name}
    assert ("\ufeff" + item.text).encode() == data
    assert item.name == str(tmp_path / "a.txt")


def test_a_byte_order_mark_is_no_character_of_the_text(tmp_path: Path) -> None:
    for name, data in {"marked.txt": b"\xef\xbb\xbfOne", "plain.txt": b"One", "twice.txt": b"\xef\xbb\xbf" * 2}.items():
        (tmp_path / name).write_bytes(data)
    marked: set[str] = set()
    texts = [item.text for item in read_texts(find_texts([str(tmp_path)]), NO_STDIN, marked) if isinstance(item, Item)]
    assert texts == ["One", "One", "\ufeff"]
    assert marked == {str(tmp_path / "marked.txt"), str(tmp_path / "twice.txt")}


def test_a_pipe_in_a_folder_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text("fine")
    text, failure = read_texts(find_texts([str(tmp_path)]), NO_STDIN)
    assert text == Item("fine", str(tmp_path / "b.txt"))
    assert isinstance(failure, Failure)
    assert failure.message.endswith("a.txt: no file but a pipe or a device; name it to read it")


def test_a_named_pipe_is_read_where_somebody_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "a.txt"
    os.mkfifo(pipe)
    monkeypatch.setattr(inputs, "PATIENCE", 0.1)
    assert "a pipe that nobody has opened" in only_failure(read_texts([pipe], NO_STDIN)).message
    monkeypatch.setattr(inputs, "PATIENCE", 10)
    pipe.unlink()  # the reader that has given up still waits at the old one
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=["hello"])
    writer.start()
    assert list(read_texts([pipe], NO_STDIN)) == [Item("hello", str(pipe))]
    writer.join()


def test_standard_input_is_a_text() -> None:
    assert list(read_texts([Path("-")], io.BytesIO(b"hello"))) == [Item("hello", "<stdin>")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"caf\xe9", "not UTF-8"), (b"\xff\xfeh\x00i", "encoding"), (b"\x89PNG\x00", "binary")],
)
def test_what_is_not_text_fails_and_the_others_go_on(tmp_path: Path, data: bytes, expected: str) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_bytes(b"fine")
    first, second = read_texts([tmp_path / "bad.txt", tmp_path / "good.txt"], NO_STDIN)
    assert expected in only_failure([first]).message
    assert second == Item("fine", str(tmp_path / "good.txt"))


def test_a_missing_file_fails(tmp_path: Path) -> None:
    assert "no such file" in only_failure(read_texts([tmp_path / "none.txt"], NO_STDIN)).message


def test_a_text_that_is_too_long_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_CHARACTERS", 10)
    assert list(read_texts([Path("-")], io.BytesIO(b"x" * 10))) == [Item("x" * 10, "<stdin>")]
    for length in (11, 50):
        failure = only_failure(read_texts([Path("-")], io.BytesIO(b"x" * length)))
        assert failure.message == "<stdin>: longer than 10 characters; split it into articles"


def test_json_lines_keep_id_and_number() -> None:
    data = b'\xef\xbb\xbf{"id": {"a": 1}, "text": "one"}\n{"text": "two"}'
    assert lines(data) == [Item("one", "<stdin>:1", {"a": 1}), Item("two", "<stdin>:2", None)]
    assert lines(b'{"n": 7, "body": "x"}\r\n', text="body", id="n") == [Item("x", "<stdin>:1", 7)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{broken", "line 2: not valid JSON"),
        (b'{"text": "\xe9"}', "line 2: not valid JSON"),
        (b'{"text": "\\ud800"}', "line 2: not valid JSON"),
        (b"[" * 100_000, "line 2: not valid JSON"),
        (b"", "line 2: empty"),
        (b"[1]", "line 2: not a JSON object"),
        (b'{"title": "x"}', "line 2: no field 'text' (there is: title); name it with --text-field"),
        (b'{"text": null}', "line 2: field 'text' is not a text"),
    ],
)
def test_a_line_that_will_not_do_is_named_and_the_rest_goes_on(line: bytes, expected: str) -> None:
    good = b'{"text": "x"}\n'
    first, second, third = lines(good + line + b"\n" + good)
    assert (first, third) == (Item("x", "<stdin>:1"), Item("x", "<stdin>:3"))
    failure = only_failure([second])
    assert expected in failure.message
    assert "\n" not in failure.message
    assert failure.line == 2


def test_the_id_of_a_line_without_text_is_kept() -> None:
    assert only_failure(lines(b'{"id": "a7"}')).id == "a7"


def test_a_huge_line_is_skipped_without_keeping_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_LINE_BYTES", 1_000_000)
    huge = b'{"text": "' + b"x" * 3_500_000 + b'"}\n'
    first, second = lines(huge + b'{"text": "ok"}\n')
    assert "line 1: longer than 1 MB" in only_failure([first]).message
    assert second == Item("ok", "<stdin>:2")


def test_a_line_may_be_long_where_its_text_is_not() -> None:
    line = json.dumps({"pad": "x" * 12_000_000, "text": "ok"}).encode()
    assert lines(line) == [Item("ok", "<stdin>:1")]


@given(st.lists(st.booleans()), st.integers(1, 4))
def test_results_and_failures_keep_their_order(good: list[bool], ahead: int) -> None:
    """Whatever `run` reads ahead."""

    def run(items: Iterator[Item]) -> Iterator[str]:
        read: list[str] = []
        for item in items:
            read.append(item.text)
            if len(read) == ahead:
                yield from read
                read = []
        yield from read

    mixed: list[Item | Failure] = [Item(str(i)) if ok else Failure(str(i), "bad") for i, ok in enumerate(good)]
    results = [r.name if isinstance(r, Failure) else r for r in run_in_order(mixed, run)]
    assert results == [str(i) for i in range(len(good))]


def test_failures_do_not_pile_up() -> None:
    seen = 0

    def endless() -> Iterator[Item | Failure]:
        nonlocal seen
        while True:
            seen += 1
            yield Failure("x", "bad")

    results = run_in_order(endless(), lambda items: [item.text for item in items])
    next(results)
    assert seen <= inputs.MAX_WAITING_FAILURES


def write(path: Path, data: bytes, **options: Any) -> None:
    with write_atomically(path, **options) as stream:
        stream.write(data)


def test_writing_keeps_mode_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write(path, b"new", expected=b"old")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "there" / "a.txt")
    write(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "there" / "a.txt").read_bytes() == b"new"


def test_a_file_that_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"edited by someone")
    with pytest.raises(OutputError, match="changed meanwhile"):
        write(path, b"new", expected=b"old")
    assert path.read_bytes() == b"edited by someone"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), write_atomically(path) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"a\.txt: cannot be written: No space left on device"):
        write(tmp_path / "a.txt", b"new")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No such file"):
        write(tmp_path / "none" / "a.txt", b"x")
    with pytest.raises(OutputError, match="Is a directory"):
        write(tmp_path, b"x")
    with pytest.raises(OutputError, match="No space left"):
        write(Path("/dev/full"), b"x")


def test_a_read_only_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    # An administrator may write anything, so the system's answer is given here.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="read-only"):
        write(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write(Path(os.devnull), b"x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
