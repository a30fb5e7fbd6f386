"""Articles of content systems in JSON: ANS (Arc) and posts of WordPress, known by their shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from repair.formats.jsontext import Field, Path
from repair.formats.markup import Context

HEADINGS = ("headlines", "subheadlines", "description")
ELEMENTS = {"text": Context(), "header": Context("heading"), "quote": Context("quote", quoted=True)}
TABLE = ("header", "rows")
INSIDE = ("content_elements", "items", "promo_items", *TABLE)
RENDERED = {"title": Context("heading"), "content": Context(), "excerpt": Context()}


def fields_of(record: dict[str, Any]) -> Iterator[tuple[Path, Field]]:
    """Where the texts of an article stand; nothing where it is none that is known."""
    if isinstance(record.get("content_elements"), list):
        yield from _ans(record)
    elif all(isinstance(record.get(key), dict) and "rendered" in record[key] for key in ("title", "content")):
        for key, context in RENDERED.items():
            if isinstance(record.get(key), dict) and isinstance(record[key].get("rendered"), str):
                yield (key, "rendered"), Field(True, context)


def _ans(
    item: dict[str, Any], path: Path = (), language: str = "", quoted: bool = False
) -> Iterator[tuple[Path, Field]]:
    """A story, or an element with elements inside it (a quotation, a list, a table)."""
    stated = item.get("language")
    language = stated if isinstance(stated, str) else language
    around = Context().inside(language=language, quoted=quoted)
    for key in HEADINGS:
        if isinstance(item.get(key), dict) and isinstance(item[key].get("basic"), str):
            yield (*path, key, "basic"), Field(False, around.inside(kind="heading"))
    if isinstance(item.get("caption"), str):
        yield (*path, "caption"), Field(True, around.inside(kind="caption"))
    for key in INSIDE:
        for name, element in _elements(item.get(key)):
            kind = ELEMENTS.get(str(element.get("type")))
            if kind and isinstance(element.get("content"), str):
                context = around.inside(kind="cell" if key in TABLE else kind.kind, quoted=kind.quoted)
                yield (*path, key, *name, "content"), Field(True, context)
            yield from _ans(element, (*path, key, *name), language, quoted or element.get("type") == "quote")


def _elements(value: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The objects in a list, in the rows of a table, or by name."""
    if isinstance(value, list | dict):
        for name, one in enumerate(value) if isinstance(value, list) else value.items():
            if isinstance(one, dict):
                yield (name,), one
            elif isinstance(one, list):
                yield from (((name, i), cell) for i, cell in enumerate(one) if isinstance(cell, dict))
