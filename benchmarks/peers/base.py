"""What a peer is, and the one that does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from repair.edits import Edit, apply, diff
from repair.score.spans import Mark
from repair.text import Span


@dataclass(frozen=True, slots=True)
class Flag:
    """A flagged span with the texts that the tool would put in its place, best first; none where it offers nothing."""

    span: Span
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool says of one text. `output` is the text as it would leave it; `edits` lead there from the original.

    `flags` are what an editor is offered, applied or not; None for a tool that only rewrites.
    """

    output: str
    edits: tuple[Edit, ...] = ()
    marks: tuple[Mark, ...] = ()
    word_scores: tuple[float, ...] | None = None
    flags: tuple[Flag, ...] | None = None


class Peer(Protocol):
    """A tool under test. `signature` says which version with which settings."""

    name: str
    signature: str

    def check(self, texts: Sequence[str]) -> list[Answer]:
        """What is flagged in each text, with word scores if the tool has any; nothing is changed."""
        ...

    def fix(self, texts: Sequence[str]) -> list[Answer]:
        """What is flagged, and each text as the tool would leave it."""
        ...

    def close(self) -> None:
        """Stops what was started."""
        ...


class Nothing:
    """Leaves every text alone: what any repair has to beat."""

    name = "do-nothing"
    signature = "do-nothing"

    def check(self, texts: Sequence[str]) -> list[Answer]:
        return [Answer(text) for text in texts]

    fix = check

    def close(self) -> None:
        pass


class Flagging:
    """A peer that flags and suggests: of each flag its `fix` applies the first suggestion."""

    name: str
    signature: str

    def flags(self, text: str) -> Sequence[Flag]:
        raise NotImplementedError

    def check(self, texts: Sequence[str]) -> list[Answer]:
        return [first_suggestions(text, self.flags(text)) for text in texts]

    fix = check

    def close(self) -> None:
        pass


def first_suggestions(text: str, flags: Sequence[Flag]) -> Answer:
    """Everything flagged, with the first suggestion of each applied; of two that overlap the first one wins."""
    edits: list[Edit] = []
    for flag in sorted(flags, key=lambda f: f.span):
        free = not edits or (edits[-1].span.end <= flag.span.start and edits[-1].span != flag.span)
        if flag.fixes and free:
            edits.append(Edit(flag.span, flag.fixes[0]))
    marks = tuple(Mark(flag.span) for flag in flags)
    return Answer(apply(text, edits), tuple(edits), marks, flags=tuple(flags))


def edits_as_marks(text: str, output: str) -> tuple[Mark, ...]:
    """What a tool that only rewrites must have thought wrong: the places that it changed."""
    return tuple(Mark(edit.span) for edit in diff(text, output))
