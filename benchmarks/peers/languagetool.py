"""LanguageTool with its default rules, with and without spelling; the first suggestion is applied."""

from __future__ import annotations

import atexit
import os
import re
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.peers.base import Flag, Flagging
from repair.errors import UnavailableError
from repair.text import Span

OUTSIDE_BMP = re.compile("[\U00010000-\U0010ffff]")


@lru_cache(maxsize=1)
def _server() -> Any:
    """One server for both variants, started from `LTP_PATH` or downloaded by the client library."""
    try:
        import language_tool_python
    except ModuleNotFoundError:
        raise UnavailableError("LanguageTool: run: pip install language-tool-python") from None
    options: dict[str, Any] = {}
    if "LTP_PATH" in os.environ:  # else the library would ask the network for the newest version
        found = sorted(Path(os.environ["LTP_PATH"]).glob("LanguageTool-*"))
        if not found:
            raise UnavailableError(f"no LanguageTool-* in LTP_PATH ({os.environ['LTP_PATH']})")
        options["language_tool_download_version"] = found[-1].name.removeprefix("LanguageTool-")
    try:
        tool = language_tool_python.LanguageTool("en-US", **options)
    except Exception as error:  # the library reports a missing or old Java in half a dozen ways
        raise UnavailableError(f"LanguageTool does not start ({error}); it needs Java 17 and LTP_PATH") from error
    atexit.register(tool.close)
    return tool


@lru_cache(maxsize=50_000)
def _matches(text: str) -> tuple[tuple[Flag, bool], ...]:
    """What is flagged, and whether it is about spelling. Both variants and both calls share one request."""
    # the client mixes UTF-16 units and code points; with one stand-in for each wide character they agree
    found = _server().check(OUTSIDE_BMP.sub("□", text))
    return tuple(
        (
            Flag(Span(match.offset, match.offset + match.error_length), tuple(match.replacements)),
            match.rule_issue_type == "misspelling",
        )
        for match in found
    )


class LanguageTool(Flagging):
    """Raises UnavailableError where the client library, Java or the server is missing."""

    def __init__(self, spelling: bool = True) -> None:
        _server()
        self._spelling = spelling
        self.name = "LanguageTool" if spelling else "LanguageTool, no spelling"
        rules = "default" if spelling else "default-without-misspelling"
        where = sorted(Path(os.environ.get("LTP_PATH", ".")).glob("LanguageTool-*"))
        server = where[-1].name if where else "LanguageTool"
        self.signature = f"{server}|client:{version('language-tool-python')}|rules:{rules}|en-US|apply:first"

    def flags(self, text: str) -> list[Flag]:
        return [flag for flag, spelling in _matches(text) if self._spelling or not spelling]
