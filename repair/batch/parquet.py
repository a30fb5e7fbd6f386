"""Parquet: every row is an article. Needs pyarrow, of the extra `batch`.

The named columns are read and written; all others, the schema with its metadata, the row groups, and how each column is
packed stay. What cannot stay is named before the run (`losses`). A row is handed on as a JSON object of its named
columns and of `source`, its original.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from repair.batch.containers import Article, NewBytes
from repair.errors import UnavailableError
from repair.formats.errors import FormatError
from repair.formats.jsontext import ORIGINAL

DICTIONARY = {"RLE_DICTIONARY", "PLAIN_DICTIONARY"}
# Encodings that a writer can be told; plain values and the levels' run lengths are what it falls back to by itself.
TOLD = {"DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT"}
VERSIONS = {"1.0", "2.4", "2.6"}
FARTHEST = 2**63 // 1_000_000_000 - 1  # seconds from 1970 that 64 bits of nanoseconds reach


@dataclass(frozen=True, slots=True)
class Parquet:
    fields: tuple[str, ...]

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        file = self._open(stream)
        original = self._original(file)
        number = 0
        for group in range(file.num_row_groups):
            for row in self._rows(self._read(file, group, [*self._present(file), *original]), original):
                number += 1
                yield Article(f"#{number}", row, "fields")

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: NewBytes) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        file = self._open(stream)
        original = self._original(file)
        number = 0
        with pq.ParquetWriter(target, file.schema_arrow, **layout(file, self.fields)) as writer:
            for group in range(file.num_row_groups):
                table = self._read(file, group, None)
                check_times(stream, group)
                rows = [
                    json.loads(change(f"#{number + i}", row))
                    for i, row in enumerate(self._rows(table, original), start=1)
                ]
                number += len(rows)
                for name in self._present(file):
                    column = table.schema.get_field_index(name)
                    field = table.schema.field(column)
                    values = pa.array([row[name] for row in rows], type=pa.large_string())
                    if values != pa.chunked_array(table.column(column)).combine_chunks().cast(pa.large_string()):
                        table = table.set_column(column, field, values.cast(_plain(field.type)).cast(field.type))
                writer.write_table(table, row_group_size=max(table.num_rows, 1))

    def losses(self, stream: BinaryIO) -> list[str]:
        """What a file would lose, besides its old texts, when it is written again."""
        file = self._open(stream)
        lost = []
        kinds = {file.schema.column(i).physical_type for i in range(len(file.schema)) if _is_time(file, i)}
        if len(kinds) > 1:
            lost.append("some of its times are INT96 and others are not; all become INT64")
        if ordered(file) and not layout(file, self.fields)["sorting_columns"]:
            lost.append("its rows are no longer said to be sorted, as the texts that they are sorted by may change")
        if file.metadata.format_version not in VERSIONS:
            lost.append(f"its version {file.metadata.format_version} is not written any more; it becomes 2.6")
        return lost

    def _open(self, stream: BinaryIO) -> Any:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ModuleNotFoundError as error:
            raise UnavailableError(f"Parquet needs {error.name}; run: pip install 'mt-repair[batch]'") from None
        try:
            file = pq.ParquetFile(stream)
        except (pa.ArrowException, OSError) as error:
            raise FormatError(f"not readable as Parquet ({' '.join(str(error).split())})") from None
        names = file.schema_arrow.names
        if set(self.fields).isdisjoint(names):
            raise FormatError(f"no column {self.fields[0]!r} (there is: {', '.join(names[:5])}); name it with --field")
        for name in self._present(file):
            if names.count(name) > 1:
                raise FormatError(f"two columns are called {name!r}; give them different names")
            kind = file.schema_arrow.field(name).type
            if _plain(kind) not in (pa.string(), pa.large_string(), pa.string_view()):
                raise FormatError(f"column {name!r} holds {kind}, not text; name another with --field")
        return file

    def _present(self, file: Any) -> Iterator[str]:
        return (name for name in self.fields if name in file.schema_arrow.names)

    def _original(self, file: Any) -> list[str]:
        """The column of originals, where there is one that holds texts."""
        import pyarrow as pa

        names = file.schema_arrow.names
        if ORIGINAL in self.fields or names.count(ORIGINAL) != 1:
            return []
        kind = _plain(file.schema_arrow.field(ORIGINAL).type)
        return [ORIGINAL] if kind in (pa.string(), pa.large_string(), pa.string_view()) else []

    def _read(self, file: Any, group: int, columns: list[str] | None) -> Any:
        import pyarrow as pa

        try:
            return file.read_row_group(group, columns=columns)
        except (pa.ArrowException, OSError) as error:
            raise FormatError(f"row group {group} is damaged ({' '.join(str(error).split())})") from None

    def _rows(self, table: Any, original: Sequence[str]) -> Iterator[bytes]:
        names = (*self.fields, *original)
        columns = {name: table.column(name) for name in names if name in table.column_names}
        for i in range(table.num_rows):
            yield json.dumps({name: column[i].as_py() for name, column in columns.items()}).encode("ascii")


def layout(file: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    """How the file is packed, as the writer wants it told."""
    kinds = {file.schema.column(i).physical_type for i in range(len(file.schema)) if _is_time(file, i)}
    known = file.metadata.format_version
    told: dict[str, Any] = {
        "version": known if known in VERSIONS else "2.6",
        "use_deprecated_int96_timestamps": kinds == {"INT96"},
        "sorting_columns": None,
        "compression": "snappy",
    }
    if not file.num_row_groups:
        return told
    columns = chunks(file)
    encodings = {column.path_in_schema: set(column.encodings) for column in columns}
    packed = {column.path_in_schema: column.compression for column in columns}
    order = ordered(file)
    return told | {
        "compression": {path: "none" if codec == "UNCOMPRESSED" else codec for path, codec in packed.items()},
        "use_dictionary": [path for path, used in encodings.items() if used & DICTIONARY],
        "column_encoding": {
            path: next(iter(used & TOLD), "PLAIN") for path, used in encodings.items() if not used & DICTIONARY
        },
        "write_statistics": [column.path_in_schema for column in columns if column.is_stats_set],
        "write_page_index": any(column.has_column_index for column in columns),
        "bloom_filter_options": {c.path_in_schema: True for c in columns if c.bloom_filter_offset is not None},
        "sorting_columns": None if any(columns[one.column_index].path_in_schema in fields for one in order) else order,
    }


def chunks(file: Any) -> list[Any]:
    """The columns of the first row group, with how they are packed."""
    group = file.metadata.row_group(0)
    return [group.column(i) for i in range(group.num_columns)]


def ordered(file: Any) -> tuple[Any, ...]:
    """What the file says that its rows are sorted by."""
    return tuple(file.metadata.row_group(0).sorting_columns) if file.num_row_groups else ()


def check_times(stream: BinaryIO, group: int) -> None:
    """Raises FormatError where an old time (INT96) lies too far from now to be read to the nanosecond."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    file = pq.ParquetFile(stream, coerce_int96_timestamp_unit="s")
    every = (file.schema.column(i) for i in range(len(file.schema)))
    old = [column.path for column in every if column.physical_type == "INT96"]
    for values in leaves(file.read_row_group(group, columns=old).columns) if old else ():
        bounds = pc.min_max(values.cast("int64")).as_py()
        if any(bound is not None and abs(bound) > FARTHEST for bound in bounds.values()):
            raise FormatError("it holds INT96 times before 1677 or after 2262, which cannot be written again")


def leaves(columns: list[Any]) -> Iterator[Any]:
    """The plain values inside columns of lists and structures."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column in columns:
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            yield from leaves([pc.list_flatten(column)])
        elif pa.types.is_struct(column.type):
            yield from leaves(column.flatten())
        else:
            yield column


def _is_time(file: Any, column: int) -> bool:
    one = file.schema.column(column)
    return bool(one.physical_type == "INT96" or one.logical_type.type == "TIMESTAMP")


def _plain(kind: Any) -> Any:
    """The type of the values; a dictionary's own."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind
