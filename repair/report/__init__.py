"""How results look. A format turns the stream of results into pieces of text; it decides nothing about them.

To add one, write a function like `Render` in its own module and name it in `FORMATS`; it is imported when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from repair.findings import Report
from repair.inputs import Failure

Result = Report | Failure


@dataclass(frozen=True, slots=True)
class View:
    """What a format may need to know: `colour` and `width` (columns) of the terminal, and whether the
    command names exactly one text, so that one object rather than a list is expected."""

    colour: bool = False
    width: int = 100
    single: bool = False


Render = Callable[[Iterable[Result], View], Iterator[str]]

FORMATS = {
    "text": "repair.report.text:render",
    "json": "repair.report.json:render",
    "jsonl": "repair.report.json:render_lines",
    "diff": "repair.report.diff:render",
    "sarif": "repair.report.sarif:render",
    "rdjson": "repair.report.rdjson:render",
    "github": "repair.report.github:render",
    "html": "repair.report.html:render",
}


def renderer(name: str) -> Render:
    """The format's function: results in, pieces of text out, each as soon as it is known."""
    module, _, function = FORMATS[name].partition(":")
    return cast(Render, getattr(import_module(module), function))
