"""How far the work on a text has come, for whoever waits for it.

The long loops tell; whoever starts the work may listen. Where nobody listens it costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

# A first reading of all words, a second look at the doubtful ones, and the repaired text read again.
Stage = Literal["reading", "looking", "again"]


@dataclass(frozen=True, slots=True)
class Step:
    """So many of so many parts of a stage are done; `total` is never 0."""

    stage: Stage
    done: int
    total: int


_listener: ContextVar[Callable[[Step], None] | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Callable[[Step], None]) -> Iterator[None]:
    """Inside, every step is told to `listener`.

    >>> steps = []
    >>> with told_to(steps.append):
    ...     tell("looking", 3, 8)
    >>> tell("looking", 4, 8)
    >>> steps
    [Step(stage='looking', done=3, total=8)]
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(stage: Stage, done: int, total: int) -> None:
    """Say how far a stage has come."""
    listener = _listener.get()
    if listener is not None:
        listener(Step(stage, done, max(total, 1)))
