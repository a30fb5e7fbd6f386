"""Repairs found in a second reading of a repaired text, expressed as repairs of the original.

Fixing one place can bring another to light ("a 80 -year-old"), and repairing twice must change nothing, so the
pipeline reads its own output again. This file does the arithmetic of putting two rounds together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from repair.edits import Edit, apply, minimal, placed
from repair.findings import Finding, Repair
from repair.text import Span, touches


@dataclass(frozen=True, slots=True)
class Placed:
    """A repair and the place it has in the text between the two rounds."""

    start: int
    end: int
    repair: Repair
    late: bool


def merge(text: str, first: Sequence[Repair], second: Sequence[Repair]) -> list[Repair]:
    """The repairs of `text` that do what `first` and then `second` do. `second` has offsets after `first`.

    A later repair that touches an earlier one becomes one atomic repair with it.
    """
    between = apply(text, [edit for repair in first for edit in repair.edits])
    pieces = sorted([*early(text, first), *late(second)], key=lambda p: (p.start, p.end))
    groups: list[list[Placed]] = []
    end = -1  # of the last group
    for piece in pieces:
        if piece.start <= end:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        end = max(end, piece.end)
    result = []
    shift = 0  # how far the text before this group has moved in the first round
    for group in groups:
        here = sum(len(p.repair.after(text)) - len(p.repair.span) for p in group if not p.late)
        result.append(join(text, between, group, shift, here))
        shift += here
    return result


def left(repairs: Sequence[Repair], applied: Sequence[Repair]) -> tuple[Repair, ...]:
    """The `repairs` that none of those `applied` is, or has taken in."""
    done = sorted(repair.span for repair in applied)
    same = set(done)
    return tuple(repair for repair in repairs if repair.span not in same and not touches(repair.span, done))


def early(text: str, repairs: Sequence[Repair]) -> list[Placed]:
    """First-round repairs at the places they have once all of them are carried out."""
    ordered = sorted(repairs, key=lambda r: r.span)
    places = placed([Edit(repair.span, repair.after(text)) for repair in ordered])
    return [Placed(place.start, place.end, repair, late=False) for place, repair in zip(places, ordered, strict=True)]


def late(repairs: Sequence[Repair]) -> list[Placed]:
    return [Placed(repair.span.start, repair.span.end, repair, late=True) for repair in repairs]


def join(text: str, between: str, group: list[Placed], shift: int, here: int) -> Repair:
    """One repair of `text` for a group of pieces that touch; `here` is how much the group's own early repairs move."""
    if len(group) == 1 and not group[0].late:
        return group[0].repair
    begin, end = group[0].start, max(piece.end for piece in group)
    local = [Edit(edit.span.shift(-begin), edit.text) for p in group if p.late for edit in p.repair.edits]
    span = Span(begin - shift, end - shift - here)
    edits = minimal(text, Edit(span, apply(between[begin:end], local)))
    parts = [piece.repair for piece in group]
    findings = tuple(moved(f, p, shift, span) for p in group for f in p.repair.findings)
    reasons = tuple(dict.fromkeys(reason for part in parts for reason in part.reasons))
    return Repair(span, findings, edits, min(p.safety for p in parts), reasons, min(p.score for p in parts))


def moved(finding: Finding, piece: Placed, shift: int, span: Span) -> Finding:
    """A later finding at its place in the original, or over the whole repair where it stood on repaired text."""
    if not piece.late:
        return finding
    start, end = finding.span.start - shift, finding.span.end - shift
    inside = span.start <= start and end <= span.end
    return replace(
        finding, span=Span(start, end) if inside else span, suggestions=finding.suggestions if inside else ()
    )
