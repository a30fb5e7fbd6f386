"""The tools that are measured side by side, each behind the same two calls, `check` and `fix`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.peers.base import Answer, Flag, Nothing, Peer, edits_as_marks
from repair.errors import InputError, hint

__all__ = ["PEERS", "Answer", "Flag", "Peer", "edits_as_marks", "make"]


def _harper() -> Peer:
    from benchmarks.peers.harper import Harper

    return Harper()


def _languagetool() -> Peer:
    from benchmarks.peers.languagetool import LanguageTool

    return LanguageTool()


def _languagetool_grammar() -> Peer:
    from benchmarks.peers.languagetool import LanguageTool

    return LanguageTool(spelling=False)


def _prompted() -> Peer:
    from benchmarks.peers.prompted import Prompted

    return Prompted()


def _rules_only() -> Peer:
    from benchmarks.peers.ours import Ours

    return Ours(no_model=True)


def _ours() -> Peer:
    from benchmarks.peers.ours import Ours

    return Ours()


# In the order of the tables: the floor, the others, ourselves.
PEERS: dict[str, Callable[[], Peer]] = {
    "do-nothing": Nothing,
    "Harper": _harper,
    "LanguageTool": _languagetool,
    "LanguageTool, no spelling": _languagetool_grammar,
    "base model, prompted": _prompted,
    "repair --no-model": _rules_only,
    "repair": _ours,
}


def make(names: Sequence[str]) -> list[Peer]:
    """The peers called `names`. Raises InputError for an unknown name; what a peer raises where it cannot start."""
    unknown = [name for name in names if name not in PEERS]
    if unknown:
        raise InputError(f"unknown peer {unknown[0]!r}; {hint(unknown[0], PEERS)}")
    return [PEERS[name]() for name in names]
