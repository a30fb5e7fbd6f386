"""The customer's article span by span: what an editor would write, and what this tool flags, proposes and fixes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.datasets import Item
from benchmarks.peers import Answer, Flag
from benchmarks.sample import span_results
from repair.errors import InputError


@dataclass(frozen=True, slots=True)
class Row:
    """A marked span. `flags` are (flagged text, first proposal or None); `fixed` where the tool put the span right."""

    garbled: str
    wanted: str
    flags: tuple[tuple[str, str | None], ...]
    fixed: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """All marked spans, and what was flagged besides."""

    signature: str
    rows: tuple[Row, ...]
    besides: tuple[str, ...]


def walk(item: Item, answer: Answer, signature: str) -> Walk:
    """`answer` to the article held against its marked spans."""
    flags = answer.flags or ()
    rows = []
    for result, fixes in zip(span_results(item, answer), item.fixes, strict=True):
        mine = tuple(_shown(item.text, flag) for flag in flags if flag.span.overlaps(result.span))
        rows.append(Row(result.span.of(item.text), fixes[0], mine, result.fate == "fixed"))
    marked = [mark.span for mark in item.marks or ()]
    besides = (flag for flag in flags if not any(flag.span.overlaps(span) for span in marked))
    return Walk(signature, tuple(rows), tuple(flag.span.of(item.text) for flag in besides))


def _shown(text: str, flag: Flag) -> tuple[str, str | None]:
    return flag.span.of(text), flag.fixes[0] if flag.fixes else None


def write(found: Walk, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Walk:
    """Raises InputError for a file that is missing or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        rows = (Row(r["garbled"], r["wanted"], tuple(map(tuple, r["flags"])), r["fixed"]) for r in found["rows"])
        return Walk(found["signature"], tuple(rows), tuple(found["besides"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: no walk through the article ({error}); run: make bench-quick") from None


def code(text: str) -> str:
    """As code, with the spaces at the ends visible.

    >>> code(" x y ")
    '`␣x y␣`'
    """
    inner = text.strip(" ")
    head = len(text) - len(text.lstrip(" "))
    tail = len(text) - head - len(inner)
    return f"`{'␣' * head}{inner}{'␣' * tail}`"
