"""This tool through its public API, with its default settings."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Literal

from benchmarks.peers.base import Answer, Flag
from repair import Config, Item, Repairer, Report
from repair.cores import free
from repair.score.spans import Mark


@cache
def repairer(no_model: bool, threads: int | None) -> Repairer:
    """One for both ways of applying: the model is loaded once, and a text that one way has read is not read again."""
    return Repairer(Config(no_model=no_model, threads=threads))


class Ours:
    """`repair`, with or without the model, applying what is safe or, with `review`, also what leads of the rest.

    Raises ModelError where the model is asked for and not installed.
    """

    def __init__(self, no_model: bool = False, review: bool = False, threads: int | None = None) -> None:
        self.name = "repair" + " --no-model" * no_model + " --apply-at review" * review
        self._repairer = repairer(no_model, threads).applying("review" if review else "safe")
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


class SideBySide:
    """`Ours` with the model in processes of its own, one on each core: so many texts are read at a time.

    Raises ModelError where the model is not installed.
    """

    def __init__(self, review: bool = False) -> None:
        self._review = review
        self.name, self.signature = processes()[0].submit(_named, review).result()

    def check(self, texts: Sequence[str]) -> list[Answer]:
        return self._shared_out("check", texts)

    def fix(self, texts: Sequence[str]) -> list[Answer]:
        return self._shared_out("fix", texts)

    def close(self) -> None:
        pass

    def _shared_out(self, call: Literal["check", "fix"], texts: Sequence[str]) -> list[Answer]:
        """The answers in the order of `texts`. The same texts always go to the same process, which remembers them."""
        every = processes()
        longest_first = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        shares = [longest_first[start :: len(every)] for start in range(len(every))]
        asked = [
            process.submit(_answer, self._review, call, [texts[number] for number in share])
            for process, share in zip(every, shares, strict=True)
        ]
        answers: dict[int, Answer] = {}
        for share, future in zip(shares, asked, strict=True):
            answers.update(zip(share, future.result(), strict=True))
        return [answers[number] for number in range(len(texts))]


@cache
def processes() -> list[ProcessPoolExecutor]:
    """Pools of a single process each, so that a text can be sent to the one that has read it."""
    return [ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) for _ in range(free())]


def _named(review: bool) -> tuple[str, str]:
    peer = _in_process(review)
    return peer.name, peer.signature


def _answer(review: bool, call: Literal["check", "fix"], texts: Sequence[str]) -> list[Answer]:
    peer = _in_process(review)
    return peer.check(texts) if call == "check" else peer.fix(texts)


@cache
def _in_process(review: bool) -> Ours:
    return Ours(review=review, threads=1)


def _marks(report: Report) -> tuple[Mark, ...]:
    return tuple(Mark(f.span, f.severity, f.category) for f in report.findings)


def _flags(report: Report) -> tuple[Flag, ...]:
    return tuple(Flag(f.span, tuple(s.text for s in f.suggestions)) for f in report.findings)
