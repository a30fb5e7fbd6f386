"""Corrections from an encoder-decoder (`--model`): the rewritten sentence is cut into minimal edits; only those that
touch a finding are kept. What the model changes elsewhere is dropped: nothing was found there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from repair.edits import Edit, apply, diff
from repair.findings import Finding, Suggestion
from repair.text import Document, Span

SCORE = 0.5  # a stranger's model is not calibrated: its edits are for a person to review


class Rewrites(Protocol):
    """What this needs of `repair.lm.seq2seq.Rewriter`."""

    name: str

    def rewrite(self, sentences: Sequence[str]) -> list[str]: ...


class RewritingCorrector:
    """Proposes what a sentence rewriter changes at the findings."""

    def __init__(self, rewriter: Rewrites) -> None:
        self.rewriter = rewriter

    @property
    def signature(self) -> list[str]:
        return [f"model:{self.rewriter.name}"]

    def propose(self, documents: Sequence[Document], found: list[list[Finding]]) -> None:
        """Give findings that have no suggestion the edits of their rewritten sentence, in place."""
        wanted: dict[tuple[int, Span], list[int]] = {}
        for number, (document, findings) in enumerate(zip(documents, found, strict=True)):
            for i, finding in enumerate(findings):
                sentence = stripped(document, document.sentence_at(finding.span.start))
                if not finding.suggestions and sentence.covers(finding.span):
                    wanted.setdefault((number, sentence), []).append(i)
        rewritten = self.rewriter.rewrite([span.of(documents[number].text) for number, span in wanted])
        for ((number, sentence), some), new in zip(wanted.items(), rewritten, strict=True):
            text = documents[number].text
            edits = [Edit(e.span.shift(sentence.start), e.text) for e in diff(sentence.of(text), new)]
            taken = [f.span for f in found[number]]
            for i in some:
                found[number][i] = suggest(text, found[number][i], edits, [span for span in taken if span != taken[i]])


def stripped(document: Document, sentence: Span) -> Span:
    """The sentence without the whitespace after it."""
    return Span(sentence.start, sentence.start + len(sentence.of(document.text).rstrip()))


def suggest(text: str, finding: Finding, edits: Sequence[Edit], taken: Sequence[Span]) -> Finding:
    """The finding with the edits that touch it as its suggestion, its span grown to hold them whole."""
    mine = [e for e in edits if e.span.overlaps(finding.span) or finding.span.start <= e.span.start <= finding.span.end]
    if not mine:
        return finding
    span = Span(min(finding.span.start, mine[0].span.start), max(finding.span.end, mine[-1].span.end))
    if any(span.overlaps(other) for other in taken):
        return finding
    new = apply(span.of(text), [Edit(e.span.shift(-span.start), e.text) for e in mine])
    return replace(finding, span=span, suggestions=(Suggestion(new, SCORE, guess=True),))
