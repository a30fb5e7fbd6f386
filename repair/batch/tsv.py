"""TSV: every row is an article. Its first line names the columns; all but the named ones stay.

A row is handed on as a JSON object of its named columns and of `source`, its original.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from repair.batch.containers import TOO_LONG, Article, NewBytes, numbered_lines
from repair.formats.errors import FormatError
from repair.formats.jsontext import ORIGINAL
from repair.formats.tsv import check_columns, check_width, read_cells, read_header


@dataclass(frozen=True, slots=True)
class TsvRow:
    """A line of the table: its number, counted from 1, its bytes and fields; `broken` says why it has none."""

    number: int
    line: bytes
    cells: list[str]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Tsv:
    fields: tuple[str, ...]

    def articles(self, stream: BinaryIO) -> Iterator[Article]:
        head, rows = self._read(stream)
        former = head.number
        for row in rows:
            if row.cells or row.number != former:
                yield Article(f"#{row.number}", self._named(head, row), "fields", row.broken or None)
            former = row.number

    def rebuild(self, stream: BinaryIO, target: BinaryIO, change: NewBytes) -> None:
        head, rows = self._read(stream)
        target.write(head.line)
        for row in rows:
            if not row.cells:
                target.write(row.line)
                continue
            new = json.loads(change(f"#{row.number}", self._named(head, row)))
            pairs = zip(head.cells, row.cells, strict=True)
            cells = [new[name] if name in self.fields else cell for name, cell in pairs]
            if any(mark in cell for cell in cells for mark in "\t\r\n"):
                raise FormatError(f"line {row.number}: a tab or line break would come into a field")
            end = row.line[len(row.line.rstrip(b"\r\n")) :]
            target.write("\t".join(cells).encode("utf-8") + end)

    def _named(self, head: TsvRow, row: TsvRow) -> bytes:
        """The object that a row is handed on as."""
        pairs = zip(head.cells, row.cells, strict=True) if row.cells else ()
        return json.dumps({name: cell for name, cell in pairs if name in (*self.fields, ORIGINAL)}).encode("ascii")

    def _read(self, stream: BinaryIO) -> tuple[TsvRow, Iterator[TsvRow]]:
        """The first line, and all others but those without a character. Raises FormatError for a first line that names
        no text."""
        lines = numbered_lines(stream)
        number, line, _ = next(lines, (1, b"", True))
        names = read_header(line)
        if set(self.fields).isdisjoint(names):
            check_columns(names, self.fields[0], "--field")
        for name in {*self.fields, ORIGINAL} & set(names):
            check_columns(names, name, "--field")
        return TsvRow(number, line, names), (_row(names, *one) for one in lines)


def _row(names: list[str], number: int, line: bytes, whole: bool) -> TsvRow:
    if not whole:
        return TsvRow(number, line, [], TOO_LONG)
    try:
        cells = read_cells(line)
        check_width(names, cells)
    except FormatError as error:
        return TsvRow(number, line, [], str(error))
    return TsvRow(number, line, cells)
