"""How results look. A format turns the stream of results into pieces of text; it decides nothing about them.

To add one, write a function like `Render` in its own module and name it in `REPORTS` of `repair.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from repair.findings import Report
from repair.inputs import Failure
from repair.registry import REPORTS, load

Result = Report | Failure


@dataclass(frozen=True, slots=True)
class Display:
    """What a format may need to know: `colour` and `width` (columns) of the terminal, and whether the
    command names exactly one text, so that one object rather than a list is expected."""

    colour: bool = False
    width: int = 100
    single: bool = False


Render = Callable[[Iterable[Result], Display], Iterator[str]]


def renderer(name: str) -> Render:
    """The format's function: results in, pieces of text out, each as soon as it is known."""
    return cast(Render, load(REPORTS[name]))
