"""The marked article: which spans were found, and which were put right as an editor would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

from benchmarks.datasets import Item
from benchmarks.peers import Answer, Flag
from repair.edits import Edit, apply, minimal
from repair.score.counts import Counts, Estimate, estimate
from repair.text import Span

Fate = Literal["fixed", "changed", "untouched"]
OFFERED = {"spans fixed by first proposal": 1, "spans fixed by one of three": 3}


@dataclass(frozen=True, slots=True)
class SpanResult:
    """What became of one marked span: was it flagged, and what was done to it."""

    span: Span
    flagged: bool
    fate: Fate


def touching(span: Span, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that overlap `span` or stand at its border without a character between."""
    return [e for e in edits if e.span.start <= span.end and e.span.end >= span.start]


def fate(text: str, span: Span, edits: Sequence[Edit], fixes: Sequence[str]) -> Fate:
    """Is `span`, with all that was changed at it, now one of `fixes`? Space at its ends does not count.

    >>> fate("one officials said", Span(4, 13), [Edit(Span(12, 13), "")], ["official"])
    'fixed'
    >>> fate("one officials said", Span(4, 13), [Edit(Span(4, 18), "official told")], ["official"])
    'changed'
    """
    near = touching(span, edits)
    if not any(e.span.overlaps(span) or len(e.span) == 0 or e.span.covers(span) for e in near):
        return "untouched"
    start = min(span.start, *(e.span.start for e in near))
    end = max(span.end, *(e.span.end for e in near))
    now = apply(text[start:end], [Edit(e.span.shift(-start), e.text) for e in near])
    wanted = {text[start : span.start] + fix + text[span.end : end] for fix in fixes}
    return "fixed" if now.strip() in {option.strip() for option in wanted} else "changed"


def span_results(item: Item, answer: Answer) -> list[SpanResult]:
    """One result for each marked span of `item`."""
    edits = [small for edit in answer.edits for small in minimal(item.text, edit)]
    results = []
    for mark, fixes in zip(item.marks or (), item.fixes, strict=True):
        flagged = any(flag.span.overlaps(mark.span) for flag in answer.marks)
        results.append(SpanResult(mark.span, flagged, fate(item.text, mark.span, edits, fixes)))
    return results


def is_offered(text: str, span: Span, flags: Sequence[Flag], fixes: Sequence[str], most: int) -> bool:
    """Can an editor who reads `most` proposals of each flag, and takes or leaves them, bring `span` to one of `fixes`?

    >>> flags = [Flag(Span(0, 3), ("once", "an")), Flag(Span(4, 13), ("official",))]
    >>> [is_offered("one officials said", Span(0, 13), flags, ["an official"], most) for most in (1, 2)]
    [False, True]
    """
    choices: list[list[list[Edit]]] = []
    for flag in flags:
        if flag.span.end < span.start or span.end < flag.span.start:  # most are elsewhere
            continue
        made = (minimal(text, Edit(flag.span, fix)) for fix in flag.fixes[:most])
        if near := [edits for all_edits in made if (edits := touching(span, all_edits))]:
            choices.append([[], *near])
    taken = ([edit for edits in choice for edit in edits] for choice in product(*choices))
    return any(fate(text, span, edits, fixes) == "fixed" for edits in taken if _fit_together(edits))


def _fit_together(edits: Sequence[Edit]) -> bool:
    return all(a.span.end <= b.span.start and a.span != b.span for a, b in pairwise(sorted(edits)))


def sample_scores(item: Item, answer: Answer) -> dict[str, Estimate]:
    """Spans flagged and fixed, those that a proposal would fix, flags that fall on real garble, and edits elsewhere."""
    results = span_results(item, answer)
    gold = [mark.span for mark in item.marks or ()]
    hits = [any(flag.span.overlaps(span) for span in gold) for flag in answer.marks]
    edits = [small for edit in answer.edits for small in minimal(item.text, edit)]
    elsewhere = [not any(touching(span, [edit]) for span in gold) for edit in edits]
    scores = {
        "spans flagged": _share([result.flagged for result in results]),
        "spans fixed": _share([result.fate == "fixed" for result in results]),
        "spans changed otherwise": _share([result.fate == "changed" for result in results]),
    }
    if answer.flags is not None:
        for name, most in OFFERED.items():
            marked = zip(gold, item.fixes, strict=True)
            scores[name] = _share([is_offered(item.text, span, answer.flags, fixes, most) for span, fixes in marked])
    if hits:
        scores["flags on garble"] = _share(hits)
    if elsewhere:
        scores["edits outside garble"] = _share(elsewhere)
    return scores


def _share(hits: Sequence[bool]) -> Estimate:
    return estimate([Counts(hit, hit, 1, 1) for hit in hits], lambda counts: counts.recall)
