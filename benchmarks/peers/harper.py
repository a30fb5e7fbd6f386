"""Harper, an offline grammar checker, with its default rules; the first suggestion is applied."""

from __future__ import annotations

from importlib.metadata import version

from benchmarks.peers.base import Flag, Flagging
from repair.errors import UnavailableError
from repair.text import Span


class Harper(Flagging):
    """Default rules, American English, plain text. Raises UnavailableError where `harper-py` is not installed."""

    name = "Harper"

    def __init__(self) -> None:
        try:
            from harper import Linter
        except ModuleNotFoundError:
            raise UnavailableError("Harper is not installed; run: pip install harper-py") from None
        self._linter = Linter()
        self.signature = f"harper-py:{version('harper-py')}|rules:default|dialect:american|apply:first"

    def flags(self, text: str) -> list[Flag]:
        from harper import Language, SuggestionKind

        flags = []
        for lint in self._linter.lint(text, language=Language.PLAINTEXT):
            span = Span(lint.span.start, lint.span.end)
            kept = {SuggestionKind.INSERT_AFTER: span.of(text)}
            flags.append(Flag(span, tuple(kept.get(s.kind, "") + s.replacement_text for s in lint.suggestions)))
        return flags
