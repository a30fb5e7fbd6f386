"""Giving up work that nobody waits for any more: its time is over, or whoever asked for it has gone.

Whoever starts the work says how to tell; its long loops ask now and then. Where nobody has said, all work is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class GivenUp(Exception):
    """Nobody waits for this work."""


_wanted: ContextVar[Callable[[], bool] | None] = ContextVar("wanted", default=None)


@contextmanager
def wanted_while(wanted: Callable[[], bool]) -> Iterator[None]:
    """Inside, `still_wanted` asks `wanted`.

    >>> with wanted_while(lambda: False):
    ...     still_wanted()
    Traceback (most recent call last):
    repair.patience.GivenUp
    """
    token = _wanted.set(wanted)
    try:
        yield
    finally:
        _wanted.reset(token)


def still_wanted() -> None:
    """Raises GivenUp where nobody waits for what is being done."""
    wanted = _wanted.get()
    if wanted is not None and not wanted():
        raise GivenUp
