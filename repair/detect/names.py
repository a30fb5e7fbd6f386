"""Words and names of several words that English writes with a capital alone.

`data/capitals.txt.gz` has one a line, as it is printed; `models/lexicon/capitals.py` makes it from WordNet and says
what is left out.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from pathlib import Path

TABLE = Path(str(files("repair"))) / "data" / "capitals.txt.gz"


@cache
def words() -> frozenset[str]:
    """The single words, in small letters; 1,230.

    >>> {"quebec", "mayan"} <= words(), "turkey" in words()
    (True, False)
    """
    return frozenset(line.lower() for line in _lines() if " " not in line)


@cache
def names() -> dict[str, tuple[tuple[str, ...], ...]]:
    """By their first word in small letters the names of several words, the longest first.

    >>> names()["czech"]
    (('Czech', 'Republic'),)
    """
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in _lines():
        if " " in line:
            name = tuple(line.split())
            found.setdefault(name[0].lower(), []).append(name)
    return {first: tuple(sorted(some, key=len, reverse=True)) for first, some in found.items()}


@cache
def _lines() -> tuple[str, ...]:
    return tuple(gzip.decompress(TABLE.read_bytes()).decode("ascii").splitlines())
