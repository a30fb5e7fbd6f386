"""quire-grammar, an offline checker of rules and a small edit tagger; the first suggestion is applied."""

from __future__ import annotations

from importlib.metadata import version

from benchmarks.peers.base import Flag, Flagging
from repair.errors import UnavailableError
from repair.text import Span


class Quire(Flagging):
    """Default settings. Raises UnavailableError where it is not installed, or its model is not: that would be less."""

    name = "quire-grammar"

    def __init__(self) -> None:
        try:
            from quire_grammar import check
            from quire_grammar.model import is_available
        except ModuleNotFoundError:
            raise UnavailableError("quire-grammar is not installed; run: pip install 'quire-grammar[model]'") from None
        if not is_available():
            raise UnavailableError("quire-grammar has no model; run: pip install 'quire-grammar[model]'")
        self._check = check
        versions = f"quire-grammar:{version('quire-grammar')}|model:{version('quire-grammar-model')}"
        self.signature = f"{versions}|settings:default|apply:first"

    def flags(self, text: str) -> list[Flag]:
        return [Flag(Span(found.start, found.end), found.suggestions) for found in self._check(text)]
