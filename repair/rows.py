"""Texts that come many to a file: a line of JSON Lines each, or a row of a table (TSV, Parquet)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from repair.errors import InputError
from repair.formats.errors import FormatError
from repair.formats.tsv import check_columns, check_width, read_cells, read_header
from repair.inputs import MAX_LINE_BYTES, Failure, Item, checked, name_of, open_binary
from repair.text import BOM, Marks

Record = dict[str, Any]
Numbered = tuple[int, Record | str]  # a line or row, counted from 1, or what is wrong with it


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a line or row has its text, what is handed back with it, and what the text was translated from."""

    text: str = "text"
    id: str = "id"
    source: str = "source"


USUAL = Fields()


def read_rows(paths: Iterable[Path | Failure], stdin: BinaryIO, fields: Fields = USUAL) -> Iterator[Item | Failure]:
    """One item for every line or row of the files, in order, with few in memory; one that will not do is a Failure.

    A line of JSON Lines must be an object with a text under `fields.text`; what stands under `fields.id`, if anything,
    is kept, and a text under `fields.source` is what it was translated from. An empty line is a Failure too: were it
    skipped, results would no longer correspond to lines. A table needs the columns that were named; id and source may
    be missing where they were not.
    """
    for path in paths:
        if isinstance(path, Failure):
            yield path
            continue
        name = name_of(path)
        try:
            with open_binary(path, stdin) as stream:
                for number, record in _records(stream, name.lower(), fields):
                    yield _item(record, name, number, fields)
        except (InputError, FormatError) as error:
            yield Failure(name, str(error) if isinstance(error, InputError) else f"{name}: {error}")


def _records(stream: BinaryIO, name: str, fields: Fields) -> Iterator[Numbered]:
    if name.endswith(".parquet"):
        return _of_parquet(stream, fields)
    lines = enumerate(_lines(stream), start=1)
    return _of_tsv(lines, fields) if name.endswith(".tsv") else map(_of_json, lines)


def _item(record: Record | str, name: str, number: int, fields: Fields) -> Item | Failure:
    item_id, what = None, "row" if name.lower().endswith(".parquet") else "line"
    try:
        if isinstance(record, str):
            raise InputError(record)
        item_id = record.get(fields.id)
        source = record.get(fields.source)
        marks = Marks(source=checked(source, f"field {fields.source!r}")) if isinstance(source, str) else None
        return Item(_text_of(record, fields.text), f"{name}:{number}", item_id, marks)
    except InputError as error:
        return Failure(f"{name}:{number}", f"{name}: {what} {number}: {error}", item_id, number)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines without an end to their number; None for one that is too long, skipped without keeping it."""
    while line := stream.readline(MAX_LINE_BYTES):
        if len(line) < MAX_LINE_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES)
        yield None


def _too_long() -> str:
    return f"longer than {MAX_LINE_BYTES // 1_000_000} MB; split the text into articles"


def _of_json(numbered: tuple[int, bytes | None]) -> Numbered:
    number, line = numbered
    if line is None:
        return number, _too_long()
    if number == 1:
        line = line.removeprefix(BOM.encode())
    if not line.strip():
        return number, "empty; every line must be a JSON object"
    try:
        record = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return number, f"not valid JSON ({_one_line(error)})"
    return number, record if isinstance(record, dict) else "not a JSON object"


def _of_tsv(lines: Iterator[tuple[int, bytes | None]], fields: Fields) -> Iterator[Numbered]:
    """The rows after the first line, which names the columns. Raises FormatError."""
    names = read_header(next(lines, (1, b""))[1] or b"")
    _check(names, fields)
    for number, line in lines:
        try:
            cells = read_cells(line) if line is not None else []
            check_width(names, cells)
        except FormatError as error:
            yield number, _too_long() if line is None else str(error)
        else:
            yield number, dict(zip(names, cells, strict=True))


def _of_parquet(stream: BinaryIO, fields: Fields) -> Iterator[Numbered]:
    """All rows. Raises InputError without pyarrow, FormatError for what is no such file."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise InputError(f"Parquet needs {error.name}; run: pip install 'mt-repair[batch]'") from None
    try:
        file = pq.ParquetFile(stream)
        names = file.schema_arrow.names
        _check(names, fields)
        wanted = [name for name in dict.fromkeys((fields.text, fields.id, fields.source)) if name in names]
        batches = file.iter_batches(batch_size=64, columns=wanted)
        for number, row in enumerate(chain.from_iterable(batch.to_pylist() for batch in batches), start=1):
            yield number, {column: _plain(value) for column, value in row.items()}
    except (pa.ArrowException, OSError) as error:
        raise FormatError(f"not readable as Parquet ({_one_line(error)})") from None


def _check(names: list[str], fields: Fields) -> None:
    """Raises FormatError for a column that was asked for and is not there."""
    check_columns(names, fields.text, "--text-field")
    for name, usual, option in (
        (fields.id, USUAL.id, "--id-field"),
        (fields.source, USUAL.source, "--source-field"),
    ):
        if name in names or name != usual:
            check_columns(names, name, option)


def _plain(value: Any) -> Any:
    """A value as JSON has it; of a date or the like what it reads."""
    return value if isinstance(value, str | int | float | None) else str(value)


def _text_of(record: Record, field: str) -> str:
    if field not in record:
        fields = ", ".join(list(record)[:5])
        raise InputError(f"no field {field!r} (there is: {fields or 'nothing'}); name it with --text-field")
    text = record[field]
    if not isinstance(text, str):
        raise InputError(f"field {field!r} is not a text; name another with --text-field")
    return checked(text, f"field {field!r}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
