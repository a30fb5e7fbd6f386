"""From findings to repairs: the first suggestion of each, cut to minimal edits, put before the gate, given a safety."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from repair.edits import Edit, apply, minimal
from repair.evidence import Evidence, load_evidence
from repair.findings import Finding, Repair, Safety, Suggestion
from repair.gate import SPEECH, WORDS, Ruling, ruling
from repair.patience import still_wanted
from repair.text import Document, Span, touches, unescaped

REMEMBERED = 4096  # rulings; a text that is read again, or garbled in one way throughout, asks the same again and again
NEAR = 400  # characters on either side of a repair in which the gate looks for what it could change


class Trust(Protocol):
    """Says which suggestions may be applied without a person, where the gate lets them pass."""

    def allow(self, finding: Finding, suggestion: Suggestion) -> bool: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """What is safe: what our own language model proposes from a score on, and what sources with evidence do.

    From `guesses_from` on 95 of 100 of the model's were right where that was measured; at 1 none is safe. House rules
    are the user's own word. Of any other source only the first suggestion has been measured. What a served model
    proposes is never safe: nobody has measured it.
    """

    guesses_from: float = 1.0
    evidence: Evidence = field(default_factory=load_evidence)

    @property
    def takes_guesses(self) -> bool:
        """May anything that our own language model proposes be safe?"""
        return self.guesses_from < 1

    def allow(self, finding: Finding, suggestion: Suggestion) -> bool:
        if suggestion.by:
            return False
        if suggestion.guess:
            return self.takes_guesses and self.guesses_from <= suggestion.score
        if finding.source.startswith("house/"):
            return suggestion.trusted
        return suggestion == finding.suggestions[0] and self.evidence.is_safe(finding.source, suggestion.trusted)


def decide(document: Document, findings: Sequence[Finding], trust: Trust) -> list[Repair]:
    """One repair for each finding that has a suggestion, sorted, none overlapping."""
    repairs = [decide_one(document, finding, trust) for finding in findings if finding.suggestions]
    return sorted((repair for repair in repairs if repair.edits), key=lambda repair: repair.span)


def decide_one(document: Document, finding: Finding, trust: Trust) -> Repair:
    """The repair by the first suggestion that the gate lets pass; by the first of all where it refuses every one."""
    still_wanted()
    tried = []
    for suggestion in finding.suggestions:
        repair = repair_by(document, finding, suggestion, trust)
        if repair.safety > Safety.REJECTED:
            return repair
        tried.append(repair)
    return tried[0]


def repair_by(document: Document, finding: Finding, suggestion: Suggestion, trust: Trust) -> Repair:
    """The repair that a suggestion makes; without edits where it says what stands there already."""
    edits = minimal(document.text, Edit(finding.span, suggestion.text))
    safety, reasons = safety_of(document, finding, suggestion, edits, trust)
    if suggestion.by:
        reasons = (*reasons, f"proposed by {suggestion.by}")
    return Repair(finding.span, (finding,), edits, safety, reasons, min(finding.score, suggestion.score))


def safety_of(
    document: Document, finding: Finding, suggestion: Suggestion, edits: tuple[Edit, ...], trust: Trust
) -> tuple[Safety, tuple[str, ...]]:
    """The safety of a repair and why."""
    before, after = in_context(document, finding, edits)
    said = remembered(before, after, suggestion.trusted)
    if said.refused:
        return Safety.REJECTED, said.refused
    places = (finding.span, *(e.span for e in edits))
    rewrites = any(document.is_quoted(place) for place in places) and not (
        # a mechanical repair that leaves every word as it is sets what was said, and does not rewrite it
        suggestion.trusted and keeps_words(before, after) and not any(touches(p, document.set_off) for p in places)
    )
    if SPEECH.intersection(said.unsure) or rewrites:
        return Safety.REVIEW, (finding.message, "inside a quotation: what was said is not rewritten unasked")
    if said.unsure:
        return Safety.REVIEW, (finding.message, *said.unsure)
    if trust.allow(finding, suggestion):
        return Safety.SAFE, (finding.message,)
    return Safety.REVIEW, (finding.message, "not sure enough to change it without a person")


def keeps_words(before: str, after: str) -> bool:
    """True where a change leaves all words and numbers as they are and in their order, but for spaces and marks.

    >>> keeps_words("“We go , ” he said", "“We go,” he said"), keeps_words("“I can not”", "“I cannot”")
    (True, False)
    """
    return WORDS.findall(unescaped(before)) == WORDS.findall(unescaped(after))


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


def in_context(document: Document, finding: Finding, edits: tuple[Edit, ...]) -> tuple[str, str]:
    """The sentences that a repair touches, before and after it."""
    first, last = (
        document.sentence_at(finding.span.start),
        document.sentence_at(max(finding.span.start, finding.span.end - 1)),
    )
    context = around(document.text, Span(first.start, last.end), finding.span)
    before = context.of(document.text)
    return before, apply(before, [Edit(edit.span.shift(-context.start), edit.text) for edit in edits])


@lru_cache(REMEMBERED)
def remembered(before: str, after: str, trusted: bool) -> Ruling:
    """What the gate says to a change, asked once."""
    return ruling(before, after, trusted=trusted)
