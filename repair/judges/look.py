"""The second look at what the detector doubts: a doubt that is likely enough becomes a finding, the rest is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from repair.findings import Finding, Severity
from repair.judges.source import with_source
from repair.judges.spans import SpanJudge, span_features
from repair.judges.thresholds import Threshold
from repair.text import Document, words

SERIOUS = 0.5  # from this probability of misleading a reader on a finding is a major one


class SecondLook:
    """Judges doubtful spans: each alone, and beside the source where there is one."""

    def __init__(self, judge: SpanJudge, threshold: Threshold) -> None:
        self.judge, self.threshold = judge, threshold

    def confirm(
        self, document: Document, doubts: Sequence[Finding], scores: Sequence[float], serious: Sequence[float]
    ) -> list[Finding]:
        """The doubts that are likely enough to be findings, with their final probability and severity.

        `scores` and `serious` are the detector's two probabilities for each word: of being garbled, and so that a
        reader stumbles or is misled.
        """
        every, least = words(document.text), self.threshold.of(scores)
        found = []
        for doubt in doubts:
            features = span_features(document, doubt, every, scores, serious)
            score = with_source(document, doubt.span, self.judge.probability(features))
            if score >= least:
                severity: Severity = "major" if features.serious >= SERIOUS else "minor"
                found.append(replace(doubt, score=score, severity=severity))
        return found
