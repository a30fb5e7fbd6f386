"""A text and the file that it was translated from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from repair.errors import InputError
from repair.inputs import Failure, Item, read_texts
from repair.text import Marks


def beside(item: Item, source: str) -> Item:
    """The item with the text that it was translated from. Raises InputError for a file of several texts."""
    if item.file is None:
        return replace(item, marks=replace(item.marks or Marks(), source=source))
    if len(item.file.parts) > 1:
        raise InputError(f"{item.name}: holds several texts; a source goes with a file of one")
    parts = tuple(replace(part, view=replace(part.view, original=source)) for part in item.file.parts)
    return replace(item, file=replace(item.file, parts=parts))


def read_source(path: Path, stdin: BinaryIO) -> str:
    """The text of the file that something was translated from, whatever its format. Raises InputError."""
    (item,) = read_texts([path], stdin)
    if isinstance(item, Failure):
        raise InputError(item.message)
    text = "\n\n".join(part.view.text for part in item.file.parts) if item.file else item.text
    if not text.strip():
        raise InputError(f"{path}: the source is empty; leave --source out")
    return text
