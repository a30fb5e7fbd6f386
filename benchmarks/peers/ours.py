"""This tool through its public API, with its default settings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from benchmarks.peers.base import Answer, Flag
from repair import Config, Item, Repairer, Report
from repair.score.spans import Mark


@cache
def repairer(no_model: bool) -> Repairer:
    """One for both ways of applying: the model is loaded once, and a text that one way has read is not read again."""
    return Repairer(Config(no_model=no_model))


class Ours:
    """`repair`, with or without the model, applying what is safe or, with `review`, also what leads of the rest.

    Raises ModelError where the model is asked for and not installed.
    """

    def __init__(self, no_model: bool = False, review: bool = False) -> None:
        self.name = "repair" + " --no-model" * no_model + " --apply-at review" * review
        self._repairer = repairer(no_model).applying("review" if review else "safe")
        self.check(["Warm up."])
        self.signature = self._repairer.signature

    def check(self, texts: Sequence[str]) -> list[Answer]:
        reports = self._repairer.check_many([Item(text) for text in texts], word_scores=True)
        return [Answer(r.document.text, (), _marks(r), r.word_scores, _flags(r)) for r in reports]

    def fix(self, texts: Sequence[str]) -> list[Answer]:
        return [
            Answer(
                r.output or "", tuple(edit for repair in r.applied for edit in repair.edits), _marks(r), flags=_flags(r)
            )
            for r in self._repairer.fix_many([Item(text) for text in texts])
        ]

    def close(self) -> None:
        pass


def _marks(report: Report) -> tuple[Mark, ...]:
    return tuple(Mark(f.span, f.severity, f.category) for f in report.findings)


def _flags(report: Report) -> tuple[Flag, ...]:
    return tuple(Flag(f.span, tuple(s.text for s in f.suggestions)) for f in report.findings)
