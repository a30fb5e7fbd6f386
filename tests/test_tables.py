"""Tables, a text a row: TSV and Parquet, on the command line and in an archive."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archives import BAD, GOOD, batch, contents

from repair.batch import containers
from repair.batch.tsv import Tsv
from repair.cli import main
from repair.formats.errors import FormatError
from repair.inputs import Failure, Item
from repair.rows import Fields, read_rows
from repair.text import Marks

WRONG, SOURCE = "On Monday 1,582 people died.", "В понедельник погибли 1852 человека."
TSV = f'id\tsource\ttext\n7\t{SOURCE}\t{WRONG}\nb\t\tHe said “yes" .\r\n'


def rows(path: Path, **fields: str) -> list[Item | Failure]:
    return list(read_rows([path], io.BytesIO(), Fields(**fields)))


def tsv(folder: Path, data: str | bytes = TSV) -> Path:
    path = folder / "pairs.tsv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def parquet(folder: Path, columns: dict[str, list[object]]) -> Path:
    path = folder / "pairs.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_rows_have_their_source_beside_them(tmp_path: Path) -> None:
    path = tsv(tmp_path, f"\ufeff{TSV}")
    marks = Marks(source=SOURCE)
    assert rows(path) == [
        Item(WRONG, f"{path}:2", "7", marks),
        Item('He said “yes" .', f"{path}:3", "b", Marks(source="")),
    ]
    two = parquet(tmp_path, {"n": [1, 2], "text": [WRONG, "One."], "source": [SOURCE, None], "id": [7, None]})
    assert rows(two) == [Item(WRONG, f"{two}:1", 7, marks), Item("One.", f"{two}:2", None)]
    assert rows(two, source="text", text="source", id="n")[0] == Item(SOURCE, f"{two}:1", 1, Marks(source=WRONG))


@pytest.mark.parametrize("name", ["pairs.tsv", "pairs.parquet"])
def test_a_command_reads_a_table(name: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    tsv(tmp_path, f"source\ttext\n{SOURCE}\t{WRONG}\n\t{WRONG}\n")
    parquet(tmp_path, {"source": [SOURCE, None], "text": [WRONG, WRONG]})
    assert main(["check", "--no-model", "--jsonl", str(tmp_path / name)]) == 1
    reports = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [[one["source"] for one in report["findings"]] for report in reports] == [["source/number"], []]


@pytest.mark.parametrize(
    ("data", "options", "told"),
    [
        (
            TSV,
            ["--text-field", "english"],
            "no column 'english' (there is: id, source, text); name it with --text-field",
        ),
        (
            TSV,
            ["--source-field", "german"],
            "no column 'german' (there is: id, source, text); name it with --source-field",
        ),
        (TSV, ["--id-field", "key"], "no column 'key' (there is: id, source, text); name it with --id-field"),
        ("text\ttext\nA.\tB.\n", [], "two columns are called 'text'; give them different names"),
        ("", [], "no column 'text' (there is: ); name it with --text-field"),
        (TSV.encode("utf-16"), [], "not UTF-8; save the table as UTF-8"),
        ("id\ttext\n1\tA.\tB.\n", [], "line 2: fields: 3, columns: 2; a field holds no tab or line break"),
        (b"text\ncaf\xe9\n", [], "line 2: not UTF-8; save the table as UTF-8"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_in_one_line(
    data: str | bytes, options: list[str], told: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tsv(tmp_path, data)
    assert main(["check", "--no-model", "--jsonl", *options, str(path)]) == 2
    assert capfdbinary.readouterr().err.decode() == f"repair: {path}: {told}\n"


def test_what_is_wrong_with_parquet_is_told_too(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"text": ["One.", None], "when": [1, 2]})
    (broken,) = rows(path, text="body")
    assert isinstance(broken, Failure) and "no column 'body' (there is: text, when)" in broken.message
    one, empty = rows(path, id="when")
    assert one == Item("One.", f"{path}:1", 1)
    assert isinstance(empty, Failure) and empty.message.endswith(
        ": row 2: field 'text' is not a text; name another with --text-field"
    )
    path.write_bytes(b"PAR1 no more")
    (broken,) = rows(path)
    assert isinstance(broken, Failure) and "not readable as Parquet" in broken.message


def test_a_table_is_never_read_as_prose(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tsv(tmp_path)
    assert main(["check", "--no-model", str(path)]) == 2
    assert capfdbinary.readouterr().err.decode() == f"repair: {path}: a table; read its rows with --jsonl\n"
    assert main(["check", "--no-model", str(tmp_path)]) == 2
    assert b"read its rows with --jsonl" in capfdbinary.readouterr().err


def test_an_archive_repairs_the_text_of_each_row_and_gives_it_back(tmp_path: Path) -> None:
    data = f"id\ttext\tsource\r\n1\t{BAD}\tAi takoi me SHBA.\r\n\r\n2\tone\n3\t{BAD}\t".encode()
    (tmp_path / "in").mkdir()
    tsv(tmp_path / "in", data)
    before = contents(tmp_path / "in")
    assert batch("run", tmp_path / "in", tmp_path / "out") == 2, "a row is broken"
    assert contents(tmp_path / "out") == {"pairs.tsv": data.replace(BAD.encode(), GOOD.encode())}
    batch("revert", tmp_path / "out")
    assert contents(tmp_path / "out") == before


def test_rows_that_cannot_be_read_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_LINE_BYTES", 40)
    data = b"text\tn\n" + b"x" * 100 + b"\t1\ncaf\xe9\t2\nOne .\t3"
    table, target = Tsv(("text",)), io.BytesIO()
    found = [(article.key, article.data, bool(article.broken)) for article in table.articles(io.BytesIO(data))]
    assert found == [("#2", b"{}", True), ("#3", b"{}", True), ("#4", b'{"text": "One ."}', False)]
    table.rebuild(io.BytesIO(data), target, lambda key, row: row.replace(b" .", b"."))
    assert target.getvalue() == data.replace(b" .", b".")
    with pytest.raises(FormatError, match="line 4: a tab or line break"):
        table.rebuild(io.BytesIO(data), target, lambda key, row: row.replace(b" .", b"\\t."))
    with pytest.raises(FormatError, match="no column 'body'"):
        list(Tsv(("body",)).articles(io.BytesIO(data)))
