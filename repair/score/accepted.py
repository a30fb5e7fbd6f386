"""Which marked places does a change put right? Changes are compared by the text they leave, not by where they are cut.

A marked place has wordings that an editor accepts, or none where nobody can know the right one from the English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

from repair.edits import Edit, apply
from repair.text import Span

MOST = 512  # ways to put the places that one change touches right


@dataclass(frozen=True, slots=True)
class Place:
    """A place that could not be printed as it stands, and the wordings that may stand there; `serious` misleads."""

    span: Span
    wordings: tuple[str, ...] = ()
    serious: bool = False


def put_right(text: str, places: Sequence[Place], edits: Sequence[Edit]) -> tuple[Place, ...]:
    """The places that `edits`, one change of `text`, put right; none where it also changes anything else.

    Places that the change touches and leaves as they are do not count against it; a half-mended place does.

    >>> text = "Talks in the high diplomat."
    >>> places = [Place(Span(6, 8), ("with",)), Place(Span(13, 17), ("top",), True)]
    >>> [place.span.start for place in put_right(text, places, [Edit(Span(9, 26), "the top diplomat")])]
    [13]
    >>> put_right(text, places, [Edit(Span(9, 26), "top diplomat")])
    ()
    """
    if not edits:
        return ()
    start, end = min(edit.span.start for edit in edits), max(edit.span.end for edit in edits)
    touched = [place for place in places if near(place.span, Span(start, end))]
    if not touched:
        return ()
    window = Span(min(start, *(p.span.start for p in touched)), max(end, *(p.span.end for p in touched)))
    window = spacious(text, window)
    wanted = " ".join(changed(text, window, edits).split())
    ways = product(*([None, *place.wordings] for place in touched))
    best: tuple[Place, ...] = ()
    for way in islice(ways, MOST):
        chosen = [(place, wording) for place, wording in zip(touched, way, strict=True) if wording is not None]
        if len(chosen) > len(best):
            made = changed(text, window, [Edit(place.span, wording) for place, wording in chosen])
            if " ".join(made.split()) == wanted:
                best = tuple(place for place, _ in chosen)
    return best


def near(place: Span, change: Span) -> bool:
    """True where a change meets a place or lies at its edge, as an insertion does."""
    return place.start <= change.end and change.start <= place.end


def spacious(text: str, span: Span) -> Span:
    """The span with a character more on each side, so that a word's border is seen."""
    return Span(max(0, span.start - 1), min(len(text), span.end + 1))


def changed(text: str, window: Span, edits: Sequence[Edit]) -> str:
    """What stands in `window` of `text` after `edits`, which lie inside it."""
    return apply(window.of(text), [Edit(edit.span.shift(-window.start), edit.text) for edit in edits])
