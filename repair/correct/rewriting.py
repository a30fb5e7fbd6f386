"""Corrections from an encoder-decoder (`--model`), which rewrites whole sentences.

The rewritten sentence is cut into minimal edits; only those that touch a finding are kept. What the model changes
elsewhere is dropped: nothing was found there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from repair.config import Config
from repair.edits import Edit, apply, diff
from repair.findings import Finding, Suggestion
from repair.text import Document, Span

if TYPE_CHECKING:
    from repair.lm.model import LanguageModel

SCORE = 0.5  # a stranger's model is not calibrated: its edits are for a person to review


class Rewrites(Protocol):
    """What this needs of `repair.lm.seq2seq.Rewriter`."""

    name: str

    def rewrite(self, sentences: Sequence[str]) -> list[str]: ...


class RewritingCorrector:
    """Proposes what a sentence rewriter changes at the findings."""

    calibrated = False

    def __init__(self, rewriter: Rewrites) -> None:
        self.rewriter = rewriter

    @property
    def signature(self) -> list[str]:
        return [f"model:{self.rewriter.name}"]

    def notes(self) -> tuple[str, ...]:
        return ()

    def propose(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """The findings; those that have no suggestion with the edits of their rewritten sentence."""
        text, result = document.text, list(findings)
        wanted: dict[Span, list[int]] = defaultdict(list)
        for i, finding in enumerate(findings):
            sentence = stripped(document, document.sentence_at(finding.span.start))
            if not finding.suggestions and sentence.covers(finding.span):
                wanted[sentence].append(i)
        rewritten = self.rewriter.rewrite([sentence.of(text) for sentence in wanted])
        for (sentence, some), new in zip(wanted.items(), rewritten, strict=True):
            edits = [Edit(e.span.shift(sentence.start), e.text) for e in diff(sentence.of(text), new)]
            for i in some:
                others = [finding.span for number, finding in enumerate(result) if number != i]
                result[i] = suggest(text, result[i], edits, others)
        return result


def make(config: Config, lm: LanguageModel) -> RewritingCorrector:
    """With the user's encoder-decoder, which needs no other model. Raises ModelError where it cannot be loaded."""
    from repair.lm.seq2seq import Rewriter  # deferred: torch and transformers

    assert config.model is not None
    return RewritingCorrector(Rewriter(config.model, config.device))


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
