"""Where tables of data lie: in the package, and those under the GPL in `mt-repair-gpl`, where that is installed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

GPL = "repair_gpl"  # the folder gpl/ of the source


@cache
def folders() -> tuple[Path, ...]:
    """The folders that tables are read from, the package's own first."""
    names = ["repair", GPL] if find_spec(GPL) else ["repair"]
    return tuple(Path(str(files(name))) / "data" if name == "repair" else Path(str(files(name))) for name in names)


def is_extended() -> bool:
    """Are the tables under the GPL installed? They change what is found right, and so the signature."""
    return len(folders()) > 1


def tables(pattern: str) -> list[Path]:
    """The files of this name or pattern, in the order of the folders, then of their names.

    >>> [path.name for path in tables("lexicon.tsv")], tables("no-such-table")
    (['lexicon.tsv'], [])
    """
    return [path for folder in folders() for path in sorted(folder.glob(pattern))]
