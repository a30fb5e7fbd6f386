"""The JSON of `repair/data/schema.json`: indented for reading, or a line a text for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from repair.report import Display, Result


def render(results: Iterable[Result], display: Display) -> Iterator[str]:
    """One object where the command names one text, otherwise a list, written as it grows."""
    if display.single:
        yield from (_pretty(result) + "\n" for result in results)
        return
    separator = "[\n"
    for result in results:
        yield separator + _pretty(result)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def render_lines(results: Iterable[Result], display: Display) -> Iterator[str]:
    """One line a text."""
    yield from (json.dumps(result.to_json(), ensure_ascii=False) + "\n" for result in results)


def _pretty(result: Result) -> str:
    return json.dumps(result.to_json(), ensure_ascii=False, indent=2)
