"""JSON: texts inside string literals. Everything else, white space and the order of keys included, stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from json.decoder import JSONDecoder
from typing import Any

from repair.formats.errors import FormatError
from repair.formats.html import html_view
from repair.formats.markup import Context, in_context
from repair.formats.view import Fragment, Part, View
from repair.text import BOM

Path = tuple[str | int, ...]
DECODER = JSONDecoder(strict=False, parse_int=float)  # numbers only have to be passed over, however long they are
DIGITS = 10  # of a number that may count something
SPACE = re.compile(r"[ \t\n\r]*")
# a character as JSON may write it: a pair of surrogates, one escape, or itself
PIECE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]+", re.DOTALL
)
ORIGINAL = "source"  # the field with what the text was translated from, where there is one
TEXTS = re.compile(r"body_\w+|description_\w+|headline|title|abstract")
HEADINGS = {"headline", "headlines", "title"}
TAGGED = re.compile(r"</?(?:p|br|div|h[1-6]|ul|li|b|i|em|strong|a|blockquote)\b[^<>]*>", re.IGNORECASE)
LISTS = {"bodies", "headlines", "descriptions"}


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or a number of the document: the way to it, its value, and where its characters stand: those of a string
    between the quotes."""

    path: Path
    value: Any
    start: int
    end: int


class JsonFields:
    """An object with its article in named fields, as JSON Lines have them; of a lone field `source` is the original."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields

    def read(self, data: bytes) -> list[Part]:
        source = self.sources(data)[""]
        record = parse(source)
        if not isinstance(record, dict):
            raise FormatError("not a JSON object")
        if record.keys().isdisjoint(self.fields):
            there = ", ".join(list(record)[:5])
            raise FormatError(f"no field {self.fields[0]!r} (there is: {there or 'nothing'}); name it with --field")
        for name in self.fields:
            if not isinstance(record.get(name), str | None):
                raise FormatError(f"field {name!r} is not a text; name another with --field")
        found = [one for one in literals(source) if len(one.path) == 1 and one.path[0] in self.fields]
        parts = [Part(str(one.path[0]), literal_view(source, one)) for one in _unique(found)]
        original = record.get(ORIGINAL)
        if len(parts) == 1 and isinstance(original, str) and ORIGINAL not in self.fields:
            parts = [Part(parts[0].name, replace(parts[0].view, original=original))]
        return parts

    def sources(self, data: bytes) -> dict[str, str]:
        return {"": decode_json(data)}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return sources[""].encode("utf-8")


class Ninjs:
    """An IPTC ninjs item, version 1 (`body_text`, `body_xhtml`) to 3 (`bodies`), with the items associated with it.

    Headlines, descriptions and bodies are read, each as a text; bodies that are HTML as HTML. `guid` stands for `uri`
    in items of Superdesk. Of other JSON, articles of content systems are read (`repair.formats.cms`), and lists all of
    which are articles; the rest has no text.
    """

    def read(self, data: bytes) -> list[Part]:
        source = self.sources(data)[""]
        return parts_at(source, fields_in(parse(source)))

    def sources(self, data: bytes) -> dict[str, str]:
        return {"": decode_json(data)}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        from repair.formats.wordcounts import following

        return following(decode_json(data), sources[""]).encode("utf-8")


@dataclass(frozen=True, slots=True)
class Field:
    """How the text of a field is read: as HTML or as plain text, in the language that the item declares."""

    html: bool
    context: Context


def parts_at(source: str, fields: dict[Path, Field]) -> list[Part]:
    """The texts at these places of a document, in its order. Raises FormatError where one key stands twice."""
    found = _unique([one for one in literals(source) if one.path in fields])
    return [Part(_name(one.path), literal_view(source, one, fields[one.path])) for one in found]


def fields_in(document: Any) -> dict[Path, Field]:
    """Where the texts of an article stand, or of a list of articles; nothing where one of them is unknown."""
    if not isinstance(document, list):
        return dict(_fields(document)) if isinstance(document, dict) else {}
    every = [fields_in(one) if isinstance(one, dict) else {} for one in document]
    return {(i, *path): field for i, some in enumerate(every) for path, field in some.items()} if all(every) else {}


def _fields(record: dict[str, Any]) -> Iterator[tuple[Path, Field]]:
    """Where the texts of an article stand; nothing where it is none that is known."""
    if record.keys().isdisjoint(("uri", "guid")):
        from repair.formats.cms import fields_of

        yield from fields_of(record)
    else:
        yield from _texts(record)


def _texts(item: dict[str, Any], path: Path = (), language: str = "") -> Iterator[tuple[Path, Field]]:
    """Where an editor's texts stand in an item; identifiers, names and the like are none."""
    stated = item.get("language")
    context = Context(language=stated.strip().lower() if isinstance(stated, str) else language)
    for key, value in item.items():
        if key in LISTS and isinstance(value, list):
            for i, entry in enumerate(value):
                if isinstance(entry, dict) and isinstance(entry.get("value"), str):
                    kind = next((str(v) for k, v in entry.items() if k.lower() == "contenttype"), "")
                    yield (*path, key, i, "value"), Field("html" in kind.lower(), _headed(context, key))
        elif key == "associations" and isinstance(value, dict | list):
            for name, other in value.items() if isinstance(value, dict) else enumerate(value):
                if isinstance(other, dict):
                    yield from _texts(other, (*path, key, name), context.language)
        elif isinstance(value, str) and TEXTS.fullmatch(key):
            # a field that is plain text by its name holds HTML in items of Superdesk
            yield (*path, key), Field("html" in key or TAGGED.search(value) is not None, _headed(context, key))


def _headed(context: Context, key: str) -> Context:
    return context.inside(kind="heading") if key in HEADINGS else context


def _name(path: Path) -> str:
    return re.sub(r"^\.", "", "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path))


def _unique(found: list[Literal]) -> list[Literal]:
    """The literals. Raises FormatError where one key stands twice: programs differ in which of the two they take."""
    seen: set[Path] = set()
    for one in found:
        if one.path in seen:
            raise FormatError(f"the field {_name(one.path)!r} stands there twice")
        seen.add(one.path)
    return found


def decode_json(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8 (byte {error.start})") from None


def parse(source: str) -> Any:
    """The value. Raises FormatError for what is no JSON."""
    if not source.strip():
        raise FormatError("empty; a JSON object is expected")
    try:
        return json.loads(source.removeprefix(BOM), parse_int=float)
    except RecursionError:
        raise FormatError("not valid JSON (nested too deeply)") from None
    except ValueError as error:
        raise FormatError(f"not valid JSON ({' '.join(str(error).split())})") from None


def literals(source: str) -> Iterator[Literal]:
    """The strings of a valid document that are values, in order."""
    return (one for one in scalars(source) if isinstance(one.value, str))


def scalars(source: str) -> Iterator[Literal]:
    """The strings of a valid document that are values, and its whole numbers, in order."""
    try:
        found: list[Literal] = []
        _walk(source, _skip(source, int(source.startswith(BOM))), (), found.append)
    except RecursionError:
        raise FormatError("not valid JSON (nested too deeply)") from None
    yield from found


def _skip(source: str, at: int) -> int:
    match = SPACE.match(source, at)
    return match.end() if match else at


def _walk(source: str, at: int, path: Path, found: Callable[[Literal], object]) -> int:
    """Reads the value at `at` and gives the offset after it."""
    char = source[at]
    if char == '"':
        value, end = DECODER.raw_decode(source, at)
        found(Literal(path, value, at + 1, end - 1))
        return int(end)
    if char not in "{[":
        end = int(DECODER.raw_decode(source, at)[1])
        if 0 < end - at < DIGITS and source[at:end].isdecimal():
            found(Literal(path, int(source[at:end]), at, end))
        return end
    closing = "}" if char == "{" else "]"
    number = 0
    at = _skip(source, at + 1)
    while source[at] != closing:
        key: str | int = number
        if char == "{":
            key, at = DECODER.raw_decode(source, at)
            at = _skip(source, _skip(source, at) + 1)  # the colon
        at = _skip(source, _walk(source, at, (*path, key), found))
        number += 1
        if source[at] == ",":
            at = _skip(source, at + 1)
    return at + 1


def literal_view(source: str, literal: Literal, field: Field | None = None) -> View:
    """The view of a string, read as `field` says: as plain text, or as the HTML that it holds."""
    fragments = []
    at = 0
    texts = []
    for match in PIECE.finditer(source, literal.start, literal.end):
        text = json.loads(f'"{match[0]}"') if match[0].startswith("\\") else match[0]
        text = "\ufffd" if "\ud800" <= text <= "\udfff" else text  # half of a pair
        fragments.append(Fragment(at, at + len(text), *match.span(), 0))
        texts.append(text)
        at += len(text)
    view = View("".join(texts), tuple(fragments), (), partial(quote, ascii_only=source.isascii()))
    if field is None:
        return view
    if field.html:
        return replace(html_view(view.text, field.context), outer=view)
    return in_context(view, field.context)


def quote(text: str, ascii_only: bool) -> str:
    """`text` as it stands between the quotes of a JSON string, in the way the document writes it."""
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]
