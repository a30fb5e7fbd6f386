"""The text of a file that somebody drops on the page, read as the command line and the archive read it."""

from __future__ import annotations

from pathlib import PurePath

from repair.errors import InputError
from repair.formats import SUFFIXES
from repair.formats.postedit import File
from repair.inputs import read_file

KINDS = " ".join(SUFFIXES)


def read_upload(name: str, data: bytes) -> File:
    """The file called `name` with its texts.

    Raises InputError, in words for a person at a page, where the kind is unknown, the file is damaged or too long, or
    there is no text in it.
    """
    if not name:
        raise InputError("name the file: /api/document?name=article.docx")
    if PurePath(name).suffix.lower() not in SUFFIXES:
        raise InputError(f"{name}: this kind of file is not read; open one of {KINDS}, or paste the text")
    try:
        file = read_file(name, data)
    except InputError as error:
        raise InputError(f"{error}, or paste the text") from None
    if "\0" in file.text:
        raise InputError(f"{name}: this is a binary file, not text; save it as .txt or .docx, or paste the text")
    if not file.text.strip():
        raise InputError(f"{name}: there is no text in this file")
    return file
