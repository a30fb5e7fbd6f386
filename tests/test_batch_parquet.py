"""Parquet files come back as they were but for their texts, and what cannot come back is said before."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archives import BAD, GOOD, batch

from repair.batch.parquet import Parquet
from repair.formats.errors import FormatError

TIMES = [datetime.datetime(2001, 2, 3, 4, 5, 6, 7), None, datetime.datetime(1931, 1, 1)]
TABLE = pa.table(
    {
        "text": [BAD, None, "Fine."],
        "when": pa.array(TIMES, pa.timestamp("us")),
        "n": [1, 2, 3],
        "x": [0.5, 1.5, None],
        "name": ["a", "ab", "abc"],
    }
)


def packed(table: pa.Table = TABLE, **options: Any) -> io.BytesIO:
    stream = io.BytesIO()
    pq.write_table(table, stream, **options)
    return stream


def rebuilt(stream: io.BytesIO, fields: tuple[str, ...] = ("text",)) -> pq.ParquetFile:
    target = io.BytesIO()
    Parquet(fields).rebuild(stream, target, lambda key, data: data.replace(b" .", b"."))
    return pq.ParquetFile(target)


def looks(file: pq.ParquetFile) -> dict[str, Any]:
    """How a file is packed, by what its foot says."""
    groups = [file.metadata.row_group(i) for i in range(file.num_row_groups)]
    columns = [[group.column(i) for i in range(group.num_columns)] for group in groups]
    return {
        "version": file.metadata.format_version,
        "schema": str(file.schema).partition("\n")[2],
        "arrow": file.schema_arrow,
        "rows": [group.num_rows for group in groups],
        "order": [group.sorting_columns for group in groups],
        "columns": [
            [(c.path_in_schema, c.compression, set(c.encodings), c.is_stats_set) for c in row] for row in columns
        ],
        "indexes": [[(c.has_column_index, c.bloom_filter_offset is None) for c in row] for row in columns],
    }


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"use_deprecated_int96_timestamps": True},
        {"version": "1.0", "compression": "gzip"},
        {"version": "2.4", "compression": {"text": "zstd", "n": "none"}},
        {"use_dictionary": ["name"], "column_encoding": {"n": "DELTA_BINARY_PACKED", "x": "BYTE_STREAM_SPLIT"}},
        {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY", "name": "DELTA_LENGTH_BYTE_ARRAY"}},
        {"sorting_columns": [pq.SortingColumn(2), pq.SortingColumn(4, descending=True)]},
        {"write_statistics": ["n"], "write_page_index": False},
        {"write_page_index": True, "bloom_filter_options": {"name": True}},
        {"row_group_size": 2, "use_dictionary": False},
    ],
)
def test_a_file_comes_back_as_it_was_packed(options: dict[str, Any]) -> None:
    stream = packed(**options)
    assert Parquet(("text",)).losses(stream) == []
    old, new = pq.ParquetFile(stream), rebuilt(stream)
    assert looks(new) == looks(old)
    assert new.read().drop(["text"]).equals(old.read().drop(["text"]))
    assert new.read()["text"].to_pylist() == [BAD.replace(" .", "."), None, "Fine."]


@pytest.mark.parametrize("nested", [False, True])
def test_old_times_that_cannot_be_kept_keep_the_whole_file(nested: bool) -> None:
    times = pa.array([datetime.datetime(9999, 12, 31), datetime.datetime(1, 1, 1)], pa.timestamp("us"))
    if nested:
        times = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), pa.StructArray.from_arrays([times], ["at"]))
    stream = packed(pa.table({"text": ["a", "b"], "when": times}), use_deprecated_int96_timestamps=True)
    with pytest.raises(FormatError, match="INT96"):
        rebuilt(stream)
    assert [article.key for article in Parquet(("text",)).articles(stream)] == ["#1", "#2"]


def test_what_a_file_would_lose_is_known() -> None:
    stream = packed(sorting_columns=[pq.SortingColumn(4)])
    (loss,) = Parquet(("text", "name")).losses(stream)
    assert "sorted" in loss and rebuilt(stream, ("text", "name")).metadata.row_group(0).sorting_columns == ()
    assert Parquet(("text",)).losses(packed(TABLE.slice(0, 0))) == []


def test_a_run_says_first_what_will_be_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(BAD)
    (tmp_path / "in/rows.parquet").write_bytes(packed(sorting_columns=[pq.SortingColumn(0)]).getvalue())
    (tmp_path / "in/broken.parquet").write_bytes(b"PAR1")
    assert batch("run", tmp_path / "in", tmp_path / "out") == 2  # for the broken one
    told = capsys.readouterr().err.splitlines()
    assert "rows.parquet" in told[0] and "sorted" in told[0]
    assert [line for line in told if "broken.parquet" in line and "copied through" in line]


def test_two_columns_of_one_name_are_one_broken_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    texts, numbers = pa.array([BAD]), pa.array([1])
    twice = pa.Table.from_arrays([texts, texts, numbers], ["text", "text", "n"])
    others = pa.Table.from_arrays([texts, numbers, numbers], ["text", "n", "n"])
    (tmp_path / "in/a_twice.parquet").write_bytes(packed(twice).getvalue())
    (tmp_path / "in/others.parquet").write_bytes(packed(others).getvalue())
    (tmp_path / "in/z.txt").write_text(BAD)
    assert batch("run", tmp_path / "in", tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert "two columns are called 'text'" in told and "Traceback" not in told
    assert (tmp_path / "out/a_twice.parquet").read_bytes() == (tmp_path / "in/a_twice.parquet").read_bytes()
    changed = pq.ParquetFile(tmp_path / "out/others.parquet").read()
    assert changed.column_names == ["text", "n", "n"] and changed.column(0).to_pylist() == [GOOD]
    assert (tmp_path / "out/z.txt").read_text() == GOOD
