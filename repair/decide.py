"""From findings to repairs: the first suggestion of each, cut to minimal edits, put before the gate, given a safety."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from repair.edits import Edit, apply, minimal
from repair.findings import Finding, Repair, Safety, Suggestion
from repair.gate import SPEECH, check
from repair.patience import still_wanted
from repair.text import Document, Span

NEAR = 400  # characters on either side of a repair in which the gate looks for what it could change


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which score on a suggestion is safe that no rule vouches for: of the language model, and of all others."""

    model: float = 1.0
    others: float = 0.75

    def allow(self, finding: Finding, suggestion: Suggestion) -> bool:
        """True where the suggestion may be applied without a person."""
        return suggestion.trusted or suggestion.score >= (self.model if finding.source == "lm" else self.others)


def decide(document: Document, findings: Sequence[Finding], bounds: Bounds) -> list[Repair]:
    """One repair for each finding that has a suggestion, sorted, none overlapping."""
    repairs = [decide_one(document, finding, bounds) for finding in findings if finding.suggestions]
    return sorted((repair for repair in repairs if repair.edits), key=lambda repair: repair.span)


def decide_one(document: Document, finding: Finding, bounds: Bounds) -> Repair:
    """The repair by the first suggestion that the gate lets pass; by the first of all where it refuses every one."""
    still_wanted()
    tried = []
    for suggestion in finding.suggestions:
        repair = repair_by(document, finding, suggestion, bounds)
        if repair.safety > Safety.REJECTED:
            return repair
        tried.append(repair)
    return tried[0]


def repair_by(document: Document, finding: Finding, suggestion: Suggestion, bounds: Bounds) -> Repair:
    edits = minimal(document.text, Edit(finding.span, suggestion.text))
    safety, reasons = judge(document, finding, suggestion, edits, bounds)
    return Repair(finding.span, (finding,), edits, safety, reasons, min(finding.score, suggestion.score))


def judge(
    document: Document, finding: Finding, suggestion: Suggestion, edits: tuple[Edit, ...], bounds: Bounds
) -> tuple[Safety, tuple[str, ...]]:
    """The safety of a repair and why."""
    refused = refusals(document, finding, suggestion, edits)
    facts = tuple(reason for reason in refused if reason not in SPEECH)
    if facts:
        return Safety.REJECTED, facts
    if refused or document.is_quoted(finding.span) or any(document.is_quoted(edit.span) for edit in edits):
        return Safety.REVIEW, (finding.message, "inside a quotation: what was said is not rewritten unasked")
    if bounds.allow(finding, suggestion):
        return Safety.SAFE, (finding.message,)
    return Safety.REVIEW, (finding.message, "not sure enough to change it without a person")


def around(text: str, sentences: Span, span: Span) -> Span:
    """`sentences`, or of very long ones what stands near `span`, so that a text without stops takes no longer.

    >>> around("One. Two.", Span(0, 5), Span(0, 3))
    Span(start=0, end=5)
    """
    start, end = max(sentences.start, span.start - NEAR), min(sentences.end, span.end + NEAR)
    while sentences.start < start < span.start and not text[start - 1].isspace():
        start += 1
    while span.end < end < sentences.end and not text[end].isspace():
        end -= 1
    return Span(start, max(end, span.end))


def refusals(document: Document, finding: Finding, suggestion: Suggestion, edits: tuple[Edit, ...]) -> tuple[str, ...]:
    """What the gate has against the sentence after the repair."""
    first, last = (
        document.sentence_at(finding.span.start),
        document.sentence_at(max(finding.span.start, finding.span.end - 1)),
    )
    context = around(document.text, Span(first.start, last.end), finding.span)
    after = apply(context.of(document.text), [Edit(edit.span.shift(-context.start), edit.text) for edit in edits])
    return check(context.of(document.text), after, trusted=suggestion.trusted)
