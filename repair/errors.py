"""The errors a user can meet. Each message is one line: what is wrong, and what to do about it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


class RepairError(Exception):
    """Base of every error that `repair` raises on purpose; the command line prints it and exits with 2."""


class InputError(RepairError):
    """The text cannot be read: not UTF-8, binary, missing, or changed while we worked."""


class ConfigError(RepairError):
    """An unknown key, a wrong type, or a value out of range, with the place it came from."""


class ModelError(RepairError):
    """A base model, adapter or head is missing or damaged; the message gives the command that mends it."""


class UnavailableError(RepairError):
    """An optional part (LanguageTool, a server) was asked for and is not there."""


class OutputError(RepairError):
    """The result cannot be written: no permission, no space, or the file changed while we worked."""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that may have been meant by the unknown `word`, in any letter case; None where none is near.

    The last part of a name counts too, as in `ignore.words` and `rules/doubled-word`.

    >>> closest("Sprot", ["sport", "wire"]), closest("dubbled-word", ["rules", "rules/doubled-word"])
    ('sport', 'rules/doubled-word')
    >>> closest("rules/dubbled-word", ["rules", "rules/doubled-word"]), closest("x", ["sport"])
    ('rules/doubled-word', None)
    """
    names: dict[str, str] = {}
    for name in known:
        names[name.casefold()] = name
        names.setdefault(re.split(r"[./]", name.casefold())[-1], name)
    close = difflib.get_close_matches(word.casefold(), names, n=1)
    return names[close[0]] if close else None


def hint(word: str, known: Iterable[str]) -> str:
    """For the end of a message about an unknown `word`: which of `known` may have been meant, or what there is.

    >>> hint("sprot", ["sport", "wire"]), hint("x", ["sport", "wire"]), hint("x", [])
    ('did you mean sport?', 'there is sport, wire', 'there is none')
    """
    known = list(known)
    meant = closest(word, known)
    return f"did you mean {meant}?" if meant else f"there is {', '.join(known) or 'none'}"
