"""What is asked of the trained models and what they answer, apart from how: none of it needs torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from repair.text import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a window that were read, the probability of each that it is garbled, and that it misleads so."""

    words: tuple[Span, ...]
    garbled: tuple[float, ...]
    serious: tuple[float, ...]


class AnyReader(Protocol):
    """A detector's model. `threads` readings may go on side by side; `numbers` is the type that layers are read in."""

    threads: int
    sha256: str

    @property
    def numbers(self) -> str: ...

    def read(self, text: str, /) -> Reading:
        """The reading of a window."""
        ...


Options = tuple[tuple[str, float], ...]  # wordings that others propose for a span, each with its prior in nats


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A piece of text, its sorted, separate spans under question, and what others propose for each."""

    text: str
    spans: tuple[Span, ...]
    options: tuple[Options, ...]


Answer = tuple[dict[str, float], ...]  # for each span of an inquiry wordings and their log-probabilities (nats)


class AnyInfiller(Protocol):
    """A corrector's model. `threads` calls may go on side by side."""

    threads: int
    sha256: str

    def answer(self, inquiries: Sequence[Inquiry], /) -> tuple[Answer, ...]:
        """What may stand in the spans, and how likely each wording is."""
        ...
