"""The errors a user can meet. Each message is one line: what is wrong, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Collection


class RepairError(Exception):
    """Base of every error that `repair` raises on purpose; the command line prints it and exits with 2."""


class InputError(RepairError):
    """The text cannot be read: not UTF-8, binary, missing, or changed while we worked."""


class ConfigError(RepairError):
    """An unknown key, a wrong type, or a value out of range, with the place it came from."""


class ModelError(RepairError):
    """A base model, adapter or head is missing or damaged; the message gives the command that mends it."""


class UnavailableError(RepairError):
    """An optional part (LanguageTool, Harper, a server) was asked for and is not there."""


class OutputError(RepairError):
    """The result cannot be written: no permission, no space, or the file changed while we worked."""


def hint(word: str, known: Collection[str]) -> str:
    """For the end of a message about an unknown `word`: which of `known` may have been meant, or what there is.

    >>> hint("sprot", ["sport", "wire"]), hint("x", ["sport", "wire"]), hint("x", [])
    ('did you mean sport?', 'there is sport, wire', 'there is none')
    """
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there is {', '.join(known) or 'none'}"
