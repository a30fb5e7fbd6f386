"""Tab-separated values: the first line names the columns, every further one is a row.

As IANA has it (text/tab-separated-values): no field holds a tab or a line break, and a quotation mark is a character
like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from repair.formats.errors import FormatError
from repair.text import BOM

SHOWN = 40  # characters of a name; without a first line of names a row's text stands there

Cells = list[str]


def read_header(line: bytes) -> Cells:
    """The names of the columns, from the first line. Raises FormatError."""
    names = read_cells(line)
    names[0] = names[0].removeprefix(BOM)
    return names


def read_cells(line: bytes) -> Cells:
    """The fields of a line. Raises FormatError where it is not UTF-8.

    >>> read_cells(b"Er kam.\\t\\tHe came.\\r\\n")
    ['Er kam.', '', 'He came.']
    """
    try:
        return line.decode("utf-8").rstrip("\r\n").split("\t")
    except UnicodeDecodeError:
        raise FormatError("not UTF-8; save the table as UTF-8") from None


def check_width(names: Sequence[str], cells: Sequence[str]) -> None:
    """Raises FormatError for a row that is longer or shorter than the first line."""
    if len(cells) != len(names):
        raise FormatError(f"fields: {len(cells)}, columns: {len(names)}; a field holds no tab or line break")


def check_columns(there: Sequence[str], wanted: str, option: str) -> None:
    """Raises FormatError where a column that was asked for is missing or stands twice; `option` names another."""
    if wanted not in there:
        shown = ", ".join(shorten(name, SHOWN, placeholder="…") for name in there[:5])
        raise FormatError(f"no column {wanted!r} (there is: {shown}); name it with {option}")
    if list(there).count(wanted) > 1:
        raise FormatError(f"two columns are called {wanted!r}; give them different names")
