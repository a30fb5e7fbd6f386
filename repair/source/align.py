"""Sentence alignment by length and shared words (Gale and Church 1993, with anchors as in Varga et al. 2005).

A bead joins some source sentences with some of the translation. Its cost is how unlikely their lengths are for a
translation, less what their shared numbers, names and dictionary words tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# How often a bead of so many source and so many translated sentences is met, as in Gale and Church (1993).
KINDS = {
    (1, 1): 0.89,
    (1, 0): 0.02,
    (0, 1): 0.02,
    (2, 1): 0.0445,
    (1, 2): 0.0445,
    (2, 2): 0.011,
    (1, 3): 0.005,
    (3, 1): 0.005,
}
VARIANCE = 6.8  # of the difference in length, for each character
ANCHOR = 20.0  # nats for a pair of sentences that share all their words
ALONE = 1.0  # nats for 100 characters that nothing is paired with
BAND = 40  # sentences off the diagonal that are tried at least


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or paragraph to align: how long it is, in characters of English, and what may be met on both sides."""

    length: float
    anchors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Bead:
    """Source units `source[0]` to `source[1]` (exclusive) are translated by `target[0]` to `target[1]`."""

    source: tuple[int, int]
    target: tuple[int, int]


def align(source: Sequence[Unit], target: Sequence[Unit]) -> list[Bead]:
    """The likeliest beads, in order; they hold every unit of both sides once.

    >>> units = [Unit(40, frozenset("a")), Unit(90, frozenset("b")), Unit(60, frozenset("c"))]
    >>> [bead.target for bead in align(units, [units[0], units[2]])]
    [(0, 1), (1, 1), (1, 2)]
    """
    n, m = len(source), len(target)
    band = BAND + abs(n - m)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(n + 1):
        middle = i * m // max(n, 1)
        for j in range(max(0, middle - band), min(m, middle + band) + 1) if n else range(m + 1):
            tried = []
            for (di, dj), prior in KINDS.items():
                former = best.get((i - di, j - dj))
                if former is not None:
                    cost = former[0] - math.log(prior) + mismatch(source[i - di : i], target[j - dj : j])
                    tried.append((cost, (di, dj)))
            if tried:
                best[i, j] = min(tried)
    beads = []
    place = (n, m)
    while place != (0, 0):
        di, dj = best[place][1]
        former_place = (place[0] - di, place[1] - dj)
        beads.append(Bead((former_place[0], place[0]), (former_place[1], place[1])))
        place = former_place
    return beads[::-1]


def mismatch(source: Sequence[Unit], target: Sequence[Unit]) -> float:
    """Nats that speak against the two being translations of each other; what stands alone costs by its length."""
    a, b = sum(unit.length for unit in source), sum(unit.length for unit in target)
    if not source or not target:
        return ALONE * min(a + b, 200) / 100
    off = abs(b - a) / math.sqrt(VARIANCE * (a + b) / 2 + 1)
    improbable = -math.log(max(math.erfc(off / math.sqrt(2)), 1e-9))
    ours = frozenset().union(*(unit.anchors for unit in source))
    theirs = frozenset().union(*(unit.anchors for unit in target))
    both = len(ours) + len(theirs)
    return improbable - ANCHOR * 2 * len(ours & theirs) / both if both else improbable
