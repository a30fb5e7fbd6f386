"""Asks LanguageTool, a rule-based checker in Java, for the grammar mistakes that its own long-kept rules know.

What it flags: only the rules in `data/languagetool_rules.toml`, each with what it was right about in machine
translation. Left alone: everything else, spelling above all, and names: a match that covers nothing but names
is dropped, and so is a suggestion that would change one.

The client library and the server are optional and loaded at the first `find`; nothing is downloaded unless allowed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
import urllib.error
import urllib.request
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from repair.addresses import LOCAL_NAMES, is_local
from repair.errors import ConfigError, UnavailableError
from repair.findings import Category, Finding, Severity, Suggestion
from repair.patience import still_wanted
from repair.text import Document, Span

if TYPE_CHECKING:
    from repair.config import Config
    from repair.detect.house import House

# Public servers refuse more than 20,000 characters, and memory stays flat for a text of any length.
PIECE = 10_000
SUGGESTIONS = 3
NOT_BASIC = re.compile("[\U00010000-\U0010ffff\ud800-\udfff]")
STAND_IN = "\u25a1"
# Without these the server loads its rules anew for every request.
KEEP_RULES_LOADED = {"pipelineCaching": True, "maxPipelinePoolSize": 4, "pipelineExpireTimeInSeconds": 86_400}
WORD = re.compile(r"\w+(?:[’'‑-]\w+)*")
OPENS_SENTENCE = re.compile(r"(?:\A|[.!?:][\s\"”’')\]]*|[“‘\"«„(\[•]|[–—-]\s)\s*\Z")
GET_JAVA = "install Java 17 or newer (a package such as openjdk-17-jre-headless)"
GET_FOLDER = (
    "set languagetool.path to the folder that holds LanguageTool-6.8, languagetool.server to a running server, "
    "or languagetool.download to true"
)


class ListedRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a match of one LanguageTool rule is reported.

    `score` is the share of its matches in machine translation that were real defects, `fix` the share of those that
    the first suggestion mends; both in [0, 1]. `trusted` vouches for that suggestion.
    """

    category: Category
    severity: Severity
    score: float
    fix: float
    trusted: bool = False


@cache
def load_rules() -> dict[str, ListedRule]:
    """The rules that are switched on, by LanguageTool's identifier."""
    table = tomllib.loads((files("repair") / "data" / "languagetool_rules.toml").read_text("utf-8"))
    return msgspec.convert(table, dict[str, ListedRule])


def make(config: Config, house: House | None) -> LanguageToolDetector:
    """The one that the settings name."""
    settings = config.languagetool
    return LanguageToolDetector(settings.path, settings.server, settings.download)


class LanguageToolDetector:
    """Findings of a LanguageTool server, in requests of up to 10,000 characters.

    `server` is the address of a running one; else the version in `path` is started (a folder that holds
    `LanguageTool-6.8`, or that folder itself); else the one that `LTP_PATH` or the client library's cache holds; else,
    if `download` is true, that library fetches its own (250 MB).

    `find` raises UnavailableError where there is no server, Java or client library, ConfigError where the
    server does not know a rule of the list.
    """

    name = "languagetool"

    def __init__(self, path: Path | None = None, server: str | None = None, download: bool = False) -> None:
        self._path, self._server, self._download = path, server, download
        self._rules = load_rules()
        self._tool: Any = None

    def find(self, document: Document) -> list[Finding]:
        """Findings sorted by span. The first call starts the server (two seconds)."""
        if self._tool is None:
            self._tool = self._start()
        found = []
        for piece in _pieces(document):
            still_wanted()
            for span, match in self._check(document.text, piece):
                finding = self._finding(document, span, match)
                if finding is not None:
                    found.append(finding)
        return sorted(found, key=lambda f: (f.span, f.source))

    def close(self) -> None:
        """Stops a server that was started here. A later `find` starts it again."""
        if self._tool is not None:
            self._tool.close()
            self._tool = None

    def _start(self) -> Any:
        try:
            import language_tool_python
        except ModuleNotFoundError:
            raise UnavailableError(
                "LanguageTool: its client library is missing; run: pip install 'mt-repair[languagetool]'"
            ) from None
        if self._server is not None:
            options: dict[str, Any] = {"remote_server": self._server}
            advice = "check languagetool.server"
        else:
            options = self._local_version()
            advice = GET_JAVA
        if self._server is None or is_local(urlsplit(self._server).hostname or ""):
            go_straight()
        # The library reports an old or broken Java as SystemError, SystemExit or a failed subprocess.
        java_failures = (ModuleNotFoundError, SystemError, SystemExit, subprocess.SubprocessError)
        try:
            tool = language_tool_python.LanguageTool("en", **options)
        except _failures() + java_failures as error:
            raise UnavailableError(f"LanguageTool does not start: {_first_line(error)}; {advice}") from None
        tool.enabled_rules = set(self._rules)
        tool.enabled_rules_only = True
        try:
            self._check_rules(tool.url)
        except ConfigError:
            tool.close()
            raise
        return tool

    def _local_version(self) -> dict[str, Any]:
        """Options that start the installed version, or where that is allowed the one the library downloads."""
        if shutil.which("java") is None:
            raise UnavailableError(f"LanguageTool: there is no Java here; {GET_JAVA}, or set languagetool.server")
        folder = self._path or Path(os.environ.get("LTP_PATH") or Path.home() / ".cache" / "language_tool_python")
        if folder.name.startswith("LanguageTool-"):
            folder = folder.parent
        found = {p.name.removeprefix("LanguageTool-") for p in folder.glob("LanguageTool-*") if p.is_dir()}
        versions = sorted((v for v in found if re.fullmatch(r"\d+\.\d+|\d{8}", v)), key=lambda v: (len(v), v))
        if not versions and not self._download:
            raise UnavailableError(f"LanguageTool: there is none in {folder}; {GET_FOLDER}")
        if self._path is not None:
            # The library reads this whenever it starts the server, after a crash too.
            os.environ["LTP_PATH"] = str(folder.resolve())
        options: dict[str, Any] = {"config": KEEP_RULES_LOADED}
        return options | ({"language_tool_download_version": versions[-1]} if versions else {})

    def _check_rules(self, url: str) -> None:
        """Refuses a server that lacks a rule of ours; one that does not list its rules is taken as it is."""
        try:
            with urllib.request.urlopen(f"{url}configinfo?language=en", timeout=60) as answer:
                info = json.load(answer)
        except (urllib.error.URLError, ValueError):
            return
        unknown = sorted(set(self._rules) - {rule["ruleId"] for rule in info["rules"]})
        if unknown:
            raise ConfigError(
                f"LanguageTool {info['software']['version']} does not know {', '.join(unknown)}; use version 6.8"
            )

    def _check(self, text: str, piece: Span) -> Iterator[tuple[Span, Any]]:
        """Sends a piece of `text`; gives the matches with their spans in `text`."""
        # LanguageTool counts UTF-16 units, and its client converts offsets but not lengths. With one stand-in for
        # each character that takes two units, both already are code points.
        try:
            matches = self._tool.check(NOT_BASIC.sub(STAND_IN, piece.of(text)))
        except _failures() as error:
            raise UnavailableError(f"LanguageTool stopped answering: {_first_line(error)}; try again") from None
        for match in matches:
            start = match.offset + piece.start
            if start + match.error_length <= piece.end:
                yield Span(start, start + match.error_length), match

    def _finding(self, document: Document, span: Span, match: Any) -> Finding | None:
        rule = self._rules[match.rule_id]
        before = span.of(document.text)
        # A match across lines joins a headline to the first sentence.
        if document.is_protected(span) or NOT_BASIC.search(before) or "\n" in before:
            return None
        words = WORD.findall(before)
        names = _names(document.text, span)
        offered = [new for new in match.replacements if new != before]
        kept = [new for new in offered if _keeps(names, new)]
        if (words and len(names) == len(words) and not rule.trusted) or (offered and not kept):
            return None
        return Finding(
            span,
            rule.category,
            rule.severity,
            rule.score,
            match.message,
            f"{self.name}/{match.rule_id}",
            tuple(
                Suggestion(new, rule.fix / 2**rank, rule.trusted and rank == 0)
                for rank, new in enumerate(kept[:SUGGESTIONS])
            ),
        )


def go_straight() -> None:
    """Requests to this machine by no proxy, which would get the text to read: the client library takes whatever the
    environment names.
    """
    named = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if named.strip() != "*":  # which is all of them, but only where it stands alone
        os.environ["no_proxy"] = ",".join(dict.fromkeys([*filter(None, named.split(",")), *LOCAL_NAMES]))


def _pieces(document: Document) -> Iterator[Span]:
    """Spans of at most PIECE characters that tile the text, cut between sentences where one ends in time.

    >>> [(p.start, p.end) for p in _pieces(Document("", "x" * 12_000, (Span(0, 9_000), Span(9_000, 12_000))))]
    [(0, 9000), (9000, 12000)]
    """
    size = len(document.text)
    borders = [sentence.end for sentence in document.sentences] or [size]
    start = 0
    while start < size:
        last = bisect_right(borders, start + PIECE)
        end = borders[last - 1] if last and borders[last - 1] > start else min(start + PIECE, size)
        yield Span(start, end)
        start = end


def _names(text: str, span: Span) -> list[str]:
    """The capitalised words in `span`. One that opens a sentence counts if the text has it elsewhere as well.

    >>> _names("Those talk in Kyiv was short. They was long.", Span(0, 38))
    ['Kyiv']
    >>> _names("Angels adds nothing. The hit of the year is Angels.", Span(0, 11))
    ['Angels']
    """
    words = [(m.start(), m.group()) for m in WORD.finditer(text, span.start, span.end) if m.group()[0].isupper()]
    return [word for start, word in words if word != "I" and (not _opens(text, start) or _is_name(text, word))]


def _is_name(text: str, word: str) -> bool:
    """True where the capitalised `word` stands inside a sentence somewhere."""
    return any(not _opens(text, match.start()) for match in re.finditer(rf"\b{re.escape(word)}\b", text))


def _opens(text: str, start: int) -> bool:
    """True where the word at `start` begins a line, a sentence or a quotation, so that its capital says nothing."""
    return bool(OPENS_SENTENCE.search(text[text.rfind("\n", 0, start) + 1 : start]))


def _keeps(names: list[str], new: str) -> bool:
    """True where every name still stands in `new`, capitalised, with an ending at most ("Trump" in "Trump's").

    >>> _keeps(["Trump"], "Trump's office"), _keeps(["Iran"], "ran")
    (True, False)
    """
    words = [word.casefold() for word in WORD.findall(new) if word[0].isupper()]
    return all(any(word.startswith(name.casefold()) for word in words) for name in names)


def _failures() -> tuple[type[BaseException], ...]:
    """What the client library raises when a server cannot be reached or refuses."""
    from language_tool_python.exceptions import LanguageToolError

    return LanguageToolError, OSError, ValueError


def _first_line(error: BaseException) -> str:
    """The start of an error's text, without the page of HTML that some servers answer."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
