"""Parquet: every row is an article. Needs pyarrow, of the extra `batch`.

The named columns are read and written; all others, the schema with its metadata, the row groups and the compression
stay. A row is handed on as a JSON object of its named columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from repair.batch.containers import Article, Change
from repair.errors import UnavailableError
from repair.formats.errors import FormatError


@dataclass(frozen=True, slots=True)
class Parquet:
    fields: tuple[str, ...]

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        file = self._open(stream)
        number = 0
        for group in range(file.num_row_groups):
            for row in self._rows(self._read(file, group, list(self._present(file)))):
                number += 1
                yield Article(f"#{number}", row, "fields")

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: Change) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        file = self._open(stream)
        number = 0
        with pq.ParquetWriter(target, file.schema_arrow, compression=_compression(file)) as writer:
            for group in range(file.num_row_groups):
                table = self._read(file, group, None)
                rows = [json.loads(change(f"#{number + i}", row)) for i, row in enumerate(self._rows(table), start=1)]
                number += len(rows)
                for name in self._present(file):
                    column = table.schema.get_field_index(name)
                    field = table.schema.field(column)
                    values = pa.array([row[name] for row in rows], type=pa.large_string())
                    if values != pa.chunked_array(table.column(column)).combine_chunks().cast(pa.large_string()):
                        table = table.set_column(column, field, values.cast(_plain(field.type)).cast(field.type))
                writer.write_table(table, row_group_size=max(table.num_rows, 1))

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
            kind = file.schema_arrow.field(name).type
            if _plain(kind) not in (pa.string(), pa.large_string(), pa.string_view()):
                raise FormatError(f"column {name!r} holds {kind}, not text; name another with --field")
        return file

    def _present(self, file: Any) -> Iterator[str]:
        return (name for name in self.fields if name in file.schema_arrow.names)

    def _read(self, file: Any, group: int, columns: list[str] | None) -> Any:
        import pyarrow as pa

        try:
            return file.read_row_group(group, columns=columns)
        except (pa.ArrowException, OSError) as error:
            raise FormatError(f"row group {group} is damaged ({' '.join(str(error).split())})") from None

    def _rows(self, table: Any) -> Iterator[bytes]:
        columns = {name: table.column(name) for name in self.fields if name in table.column_names}
        for i in range(table.num_rows):
            yield json.dumps({name: column[i].as_py() for name, column in columns.items()}).encode("ascii")


def _plain(kind: Any) -> Any:
    """The type of the values; a dictionary's own."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _compression(file: Any) -> Any:
    """The codec of each column, as the writer wants it."""
    if not file.num_row_groups:
        return "snappy"
    group = file.metadata.row_group(0)
    codecs = {group.column(i).path_in_schema: group.column(i).compression for i in range(group.num_columns)}
    return {path: "none" if codec == "UNCOMPRESSED" else codec for path, codec in codecs.items()}
