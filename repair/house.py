"""House rules: how a newsroom wants things written, and what must never be touched. One TOML file, `house.toml`.

    [terms]
    "in the framework of" = "as part of"

    [terms."Kiev"]
    use = "Kyiv"                        # left out: flagged for a person, without a fix
    reason = "The city's own name."     # shown with the finding, as is the owner
    owner = "Foreign desk"
    severity = "major"                  # minor where nothing is said
    unless = ["chicken Kiev"]           # the term inside one of these is left alone
    [terms."Kiev".cases]                # run by `repair rules test`
    "He flew to Kiev." = "He flew to Kyiv."
    "We had chicken Kiev." = "unchanged"   # or "flagged": found, and left for a person

    [never]
    names = ["SHBA Group"]              # no finding of any detector may touch these, written exactly so

    [short_names]                       # as in the file that `house_style` names
    us = "U.S."

    [desks.sport.terms]                 # hold with --desk sport, before those above
    "soccer" = "football"

How terms are matched stands in `repair.detect.house`. This file reads and writes; it looks at no article.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated, Any

import msgspec
import tomlkit
from filelock import FileLock, Timeout
from tomlkit.exceptions import TOMLKitError

from repair.errors import ConfigError, OutputError, closest, hint
from repair.findings import SEVERITIES, Severity
from repair.house_style import HouseStyle
from repair.inputs import write_atomically

UNCHANGED, FLAGGED = "unchanged", "flagged"  # what a case may expect instead of a text
PATIENCE = 10  # seconds to wait while another process writes the file

Text = Annotated[str, msgspec.Meta(min_length=1)]


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule. `use` is the preferred form, None where a person finds it; `cases` are texts and what they become."""

    use: Text | None = None
    reason: str = ""
    owner: str = ""
    severity: Severity = "minor"
    unless: tuple[Text, ...] = ()
    cases: dict[str, str] = {}


class Never(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Names that no finding may touch."""

    names: tuple[Text, ...] = ()


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The rules of one desk. A term as a bare text is short for one with `use`."""

    terms: dict[str, Text | Term] = {}
    never: Never = Never()


class HouseFile(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the file holds."""

    short_names: HouseStyle | None = None
    desks: dict[str, Section] = {}


KEYS = tuple(dict.fromkeys(key for kind in (HouseFile, Never, Term) for key in kind.__struct_fields__))


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules that hold for a run. `version` names the file's content and the desk."""

    terms: Mapping[str, Term]
    names: tuple[str, ...]
    short_names: HouseStyle | None
    version: str


def read_house(path: Path) -> HouseFile:
    """The file's content. Raises ConfigError, in one line, where it cannot be read or has a key that means nothing."""
    return _parse(_read(path), path)


def rules_of(content: HouseFile, desk: str | None, origin: Path | str) -> Rules:
    """The rules for a desk, its own before those of all. Raises ConfigError for a desk that the file does not have."""
    sections: list[Section] = [content]
    if desk is not None:
        if desk not in content.desks:
            raise ConfigError(f"{origin}: no desk {desk!r}; {hint(desk, content.desks)}")
        sections.append(content.desks[desk])
    terms: dict[str, Term] = {}
    for section in sections:
        terms |= {key: Term(use=term) if isinstance(term, str) else term for key, term in section.terms.items()}
    names = tuple(dict.fromkeys(name for section in sections for name in section.never.names))
    digest = hashlib.sha256(msgspec.json.encode([content, desk])).hexdigest()
    return Rules(terms=terms, names=names, short_names=content.short_names, version=digest[:8])


def add_ignore(path: Path, phrase: str, desk: str | None = None) -> bool:
    """Write `phrase` to the never-touch names in `path`, for all or for one desk; False where it stands there already.

    The file is made where there is none; comments and layout stay, and a reader sees the old file or the new one, never
    half of it. Raises ConfigError for a file that holds no house rules or a phrase that cannot be matched, OutputError
    where `path` cannot be written.
    """
    phrase = " ".join(phrase.split())
    if not any(char.isalnum() for char in phrase):
        raise ConfigError(f"{phrase!r} cannot be ignored: there is no letter or digit in it")
    return _changed(path, lambda before: _with_name(before, path, phrase, desk))


def add_term(path: Path, phrase: str, term: Term, desk: str | None = None) -> None:
    """Write a rule for `phrase` to `path`, for all or for one desk; made and kept as by `add_ignore`.

    Raises ConfigError also where there is a rule for it.
    """
    _changed(path, lambda before: _with_term(before, path, " ".join(phrase.split()), term, desk))


def _changed(path: Path, change: Callable[[bytes], bytes | None]) -> bool:
    """The file with a change written, if the change is one; False where it is not."""
    with _alone(path):
        before = _read(path) if path.exists() else None
        after = change(before or b"")
        if after is None:
            return False
        _parse(after, path)
        with write_atomically(path, expected=before) as stream:
            stream.write(after)
    return True


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other process of this user adds to `path` meanwhile; an editor is met by the comparison before writing."""
    key = hashlib.sha256(str(path.resolve()).encode("utf-8", "replace")).hexdigest()[:16]
    user = os.getuid() if hasattr(os, "getuid") else 0
    lock = FileLock(Path(gettempdir()) / f"repair-{user}-{key}.lock", timeout=PATIENCE)
    try:
        with lock:
            yield
    except Timeout:
        raise OutputError(f"{path}: another process has been writing it for {PATIENCE} seconds; try again") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot read the house rules: {error.strerror or error}") from None


def _parse(data: bytes, path: Path) -> HouseFile:
    try:
        content = msgspec.toml.decode(data.removeprefix(b"\xef\xbb\xbf"), type=HouseFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not usable as house rules: {_told(error)}") from None
    for section in (content, *content.desks.values()):
        unless = [one for term in section.terms.values() if isinstance(term, Term) for one in term.unless]
        for phrase in (*section.terms, *section.never.names, *unless):
            if not any(char.isalnum() for char in phrase):
                raise ConfigError(f"{path}: {phrase!r} cannot be matched: there is no letter or digit in it")
    return content


def _told(error: Exception) -> str:
    """What is wrong, and which key or severity may have been meant."""
    said = " ".join(str(error).split())
    unknown = re.search(r"unknown field `(.+?)`|Invalid enum value '(.+?)'", said)
    meant = closest(unknown[1] or unknown[2], KEYS if unknown[1] else SEVERITIES) if unknown else None
    return f"{said}; did you mean {meant}?" if meant else said


def _with_name(data: bytes, path: Path, phrase: str, desk: str | None) -> bytes | None:
    """The file with the name added; None where it is there."""
    document, table = _section(data, path, "never", desk)
    if "names" not in table:
        table["names"] = tomlkit.array()
    if phrase in table["names"]:
        return None
    table["names"].append(phrase)
    return tomlkit.dumps(document).encode("utf-8")


def _with_term(data: bytes, path: Path, phrase: str, term: Term, desk: str | None) -> bytes:
    """The file with the rule added."""
    document, table = _section(data, path, "terms", desk)
    if phrase in table:
        raise ConfigError(f"{path}: there is a rule for {phrase!r}; change it there")
    rule = tomlkit.table()
    for name in ("use", "reason", "owner"):
        if value := getattr(term, name):
            rule[name] = value
    if term.severity != "minor":
        rule["severity"] = term.severity
    if term.cases:
        rule["cases"] = tomlkit.table()
        for text, wanted in term.cases.items():
            rule["cases"][text] = wanted
    table[phrase] = rule
    return tomlkit.dumps(document).encode("utf-8")


def _section(data: bytes, path: Path, name: str, desk: str | None) -> tuple[tomlkit.TOMLDocument, Any]:
    """The file's content, and its table `name` of all or of a desk, made where there is none."""
    _parse(data, path)
    try:
        document = tomlkit.parse(data.decode("utf-8-sig"))
    except TOMLKitError as error:
        raise ConfigError(f"{path}: not usable as house rules: {' '.join(str(error).split())}") from None
    table: Any = document
    for key in (name,) if desk is None else ("desks", desk, name):
        if key not in table:
            table[key] = tomlkit.table(is_super_table=key in ("desks", desk))
        table = table[key]
    return document, table
