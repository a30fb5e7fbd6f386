"""The tools that are measured side by side, each behind the same two calls, `check` and `fix`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from benchmarks.peers.base import Answer, Flag, Nothing, Peer, edits_as_marks
from repair.errors import InputError, hint

__all__ = ["PEERS", "SLOW", "Answer", "Flag", "Peer", "edits_as_marks", "make"]


def found_in(module: str, name: str, **settings: bool) -> Callable[[], Peer]:
    """Makes the peer `name` of `benchmarks.peers.module`, which is imported when it is wanted."""

    def make_peer() -> Peer:
        peer: Peer = getattr(import_module(f"benchmarks.peers.{module}"), name)(**settings)
        return peer

    return make_peer


# In the order of the tables: the floor, the others, ourselves.
PEERS: dict[str, Callable[[], Peer]] = {
    "do-nothing": Nothing,
    "Harper": found_in("harper", "Harper"),
    "LanguageTool": found_in("languagetool", "LanguageTool"),
    "LanguageTool, no spelling": found_in("languagetool", "LanguageTool", spelling=False),
    "quire-grammar": found_in("quire", "Quire"),
    "base model, prompted": found_in("prompted", "Prompted"),
    "repair --no-model": found_in("ours", "Ours", no_model=True),
    "repair": found_in("ours", "SideBySide"),
    "repair --apply-at review": found_in("ours", "SideBySide", review=True),
}

SLOW = "base model, prompted"  # nine words a second: of the quick run only where it is named


def make(names: Sequence[str]) -> list[Peer]:
    """The peers called `names`. Raises InputError for an unknown name; what a peer raises where it cannot start."""
    unknown = [name for name in names if name not in PEERS]
    if unknown:
        raise InputError(f"unknown peer {unknown[0]!r}; {hint(unknown[0], PEERS)}")
    return [PEERS[name]() for name in names]
