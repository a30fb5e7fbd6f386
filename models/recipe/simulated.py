"""A stand-in for a large model: it knows an accepted wording in so many of 100 cases, and else writes a plausible wrong
one. What is right comes from the marked places, so nothing is claimed of any real model.

Half of the wrong wordings are accepted ones of other places for as many words, the other half what the small model
itself proposes here and no editor accepted: the likeliest mistakes there are.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from repair.edits import Edit, apply, minimal
from repair.score.accepted import Place, put_right
from repair.text import Span

MOST = 3


def accepted(text: str, span: Span, places: Sequence[Place]) -> list[str]:
    """What may be written for the flagged `span` so that it puts marked places right, those with most of them first;
    none where no such wording stays inside the span.

    >>> accepted("He met the high diplomat.", Span(7, 15), [Place(Span(11, 15), ("top", "senior"))])
    ['the top', 'the senior']
    """
    found: dict[str, int] = {}
    inside: list[list[tuple[Edit, ...]]] = []
    for place in places:
        edits = [minimal(text, Edit(place.span, wording)) for wording in place.wordings]
        kept = [some for some in edits if some and all(span.covers(edit.span) for edit in some)]
        if kept and place.span.overlaps(span):
            inside.append(kept)
    ways = [[edit for some in inside for edit in some[0]]] if len(inside) > 1 else []
    ways += [list(edits) for some in inside for edits in some]
    for way in ways:
        try:
            new = apply(span.of(text), [Edit(edit.span.shift(-span.start), edit.text) for edit in way])
        except ValueError:
            continue  # two places that overlap
        right = len(put_right(text, places, minimal(text, Edit(span, new)))) if new.strip() else 0
        if right:
            found.setdefault(new, right)
    return sorted(found, key=lambda new: -found[new])


class Pool:
    """Wordings to be wrong with, by how many words the place has that they were accepted for."""

    def __init__(self, places: Iterable[tuple[str, Sequence[Place]]]) -> None:
        by_words: dict[int, set[str]] = defaultdict(set)
        for text, some in places:
            for place in some:
                by_words[len(place.span.of(text).split())].update(one for one in place.wordings if one.strip())
        self.by_words: Mapping[int, list[str]] = {count: sorted(some) for count, some in by_words.items() if some}

    def wrong(self, rng: random.Random, old: str, right: Sequence[str]) -> str:
        """A wording from somewhere else for a span that reads `old`, none of the right ones."""
        count = min(self.by_words, key=lambda known: abs(known - len(old.split())))
        known = self.by_words[count]
        first = rng.randrange(len(known))
        turned = (*known[first:], *known[:first])
        return next((one for one in turned if one != old and one not in right), old + " " + known[first])


def offer(
    rng: random.Random, skill: float, right: Sequence[str], old: str, far: Callable[[], str], own: Sequence[str]
) -> tuple[str, ...]:
    """What a model that is right with probability `skill` offers for a span that reads `old`, best first.

    Where nothing right is known it leaves the span as often. What comes second and third is right as often, too. `far`
    gives a wrong wording from elsewhere, `own` are those of the small model, likeliest first.
    """
    wrong = iter([one for one in own if one != old and one not in right])

    def guess(known: Sequence[str]) -> str:
        if known and rng.random() < skill:
            return rng.choice(known)
        near = next(wrong, None) if rng.random() < 0.5 else None
        return near or far()

    if rng.random() < skill:
        if not right:
            return ()
        first = right[0]
    else:
        first = guess(())
    more = (guess(right) for _ in range(rng.randrange(MOST) if right else 0))
    return tuple(dict.fromkeys((first, *more)))
