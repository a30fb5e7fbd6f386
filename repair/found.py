"""Lists of findings: in the order of the text, none of which clash."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from repair.edits import BLANK, keeping_blanks
from repair.findings import Finding
from repair.text import Document, meets, words


def add(findings: list[Finding], new: Finding) -> None:
    """Put `new` in its place among the sorted `findings`, of which no two clash, unless it clashes with one."""
    place = bisect_left(findings, new.span, key=lambda finding: finding.span)
    if not any(meets(new.span, near.span) for near in findings[max(place - 1, 0) : place + 1]):
        findings.insert(place, new)


def with_blanks(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """The findings with suggestions that leave a hard space hard."""
    return [_with_blanks(text, finding) for finding in findings]


def _with_blanks(text: str, finding: Finding) -> Finding:
    old = finding.span.of(text)
    if not finding.suggestions or not BLANK.search(old):
        return finding
    kept = (replace(one, text=keeping_blanks(old, one.text)) for one in finding.suggestions)
    return replace(finding, suggestions=tuple(kept))


def raised(document: Document, findings: Sequence[Finding], scores: Sequence[float]) -> list[float]:
    """`scores`, one a word, in which a word that a finding touches is at least as likely garbled as the finding is."""
    result, every = list(scores), words(document.text)
    at = 0
    for finding in findings:
        while at < len(every) and every[at].end <= finding.span.start:
            at += 1
        i = at
        while i < len(every) and every[i].start < max(finding.span.end, finding.span.start + 1):
            result[i] = max(result[i], finding.score)
            i += 1
    return result
