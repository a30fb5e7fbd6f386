"""Detection quality on one set: every score of `spans` and `words`, with intervals, from additive counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from repair.errors import InputError
from repair.score.counts import SAMPLES, SEED, Confusion, Counts, Estimate, estimate, total
from repair.score.spans import Mark, Segment, character_counts, match_counts, needs_work, severity_counts
from repair.score.words import Bin, Point, auc_estimate, bad_words, confusion, precision_recall, reliability
from repair.text import words

SIGNATURE = f"unit:characters|severity:half-credit|match:greedy-partial|empty:wmt25|bs:{SAMPLES}|seed:{SEED}"


@dataclass(frozen=True, slots=True)
class SegmentCounts:
    """Everything countable about one segment."""

    characters: Counts
    severity: Counts
    matched: Counts
    words: Confusion
    segments: Confusion


UNITS = tuple(SegmentCounts.__dataclass_fields__)
# A score is a function of the summed counts of one unit.
METRICS: dict[str, tuple[str, Callable[[Any], float]]] = {
    "character precision": ("characters", lambda c: c.precision),
    "character recall": ("characters", lambda c: c.recall),
    "character F1": ("characters", lambda c: c.f1),
    "severity F1": ("severity", lambda c: c.f1),
    "span precision": ("matched", lambda c: c.precision),
    "span recall": ("matched", lambda c: c.recall),
    "span F1": ("matched", lambda c: c.f1),
    "span F0.5": ("matched", lambda c: c.f05),
    "word precision": ("words", lambda c: c.counts.precision),
    "word recall": ("words", lambda c: c.counts.recall),
    "word F1 (BAD)": ("words", lambda c: c.f1),
    "word MCC": ("words", lambda c: c.mcc),
    "segment accuracy": ("segments", lambda c: c.accuracy),
}


def compare(gold: Segment, pred: Sequence[Mark]) -> SegmentCounts:
    """Counts for one text: `pred` against the marks of `gold`."""
    length, marks = len(gold.text), gold.marks
    return SegmentCounts(
        character_counts(length, marks, pred),
        severity_counts(length, marks, pred),
        match_counts(marks, pred),
        confusion(bad_words(gold.text, marks), bad_words(gold.text, pred)),
        needs_work(marks, pred),
    )


@dataclass(frozen=True, slots=True)
class Detection:
    """Scores by name, the summed counts behind them; where words were scored, the precision-recall curve and what the
    scores are worth.
    """

    scores: dict[str, Estimate]
    counts: dict[str, dict[str, float]]
    curve: tuple[Point, ...] = ()
    reliability: tuple[Bin, ...] = ()


def score_detection(gold: Sequence[Segment], pred: Sequence[Segment]) -> Detection:
    """All detection scores of `pred` against `gold`, which must hold the same texts in the same order.

    The area under the curve and the curve are there only if every segment of `pred` has `word_scores` and `gold` has
    both good and BAD words. Raises InputError where the two do not fit together.
    """
    if not gold:
        raise InputError("nothing to score: the gold side has no segment")
    if len(gold) != len(pred):
        raise InputError(f"gold has {len(gold)} segments and the prediction {len(pred)}; they must match one to one")
    rows = [compare(g, p.marks) for g, p in zip(gold, pred, strict=True)]
    counted = {unit: [getattr(row, unit) for row in rows] for unit in UNITS}
    scores = {name: estimate(counted[unit], score) for name, (unit, score) in METRICS.items()}
    counts = {unit: _named(total(some)) for unit, some in counted.items()}
    labels = [bad_words(g.text, g.marks) for g in gold]
    flat = [bad for row in labels for bad in row]
    if all(p.word_scores is not None for p in pred) and any(flat) and not all(flat):
        values = [_word_scores(g, p, number) for number, (g, p) in enumerate(zip(gold, pred, strict=True), start=1)]
        scores["word AUC"] = auc_estimate(labels, values)
        every = [value for row in values for value in row]
        return Detection(scores, counts, tuple(precision_recall(flat, every)), tuple(reliability(flat, every)))
    return Detection(scores, counts)


def _named(row: Counts | Confusion) -> dict[str, float]:
    return dict(zip(type(row).__dataclass_fields__, astuple(row), strict=True))


def _word_scores(gold: Segment, pred: Segment, number: int) -> tuple[float, ...]:
    values = pred.word_scores or ()
    expected = len(words(gold.text))
    if len(values) != expected:
        raise InputError(f"segment {gold.id or number}: {len(values)} word scores for {expected} words")
    return values


def agreement(segments: Sequence[Segment]) -> Detection | None:
    """How well the first annotator of each text predicts the second, or None where no text has two.

    It is the ceiling for every score above: a tool that beats it has learned one annotator's habits.
    """
    by_text: dict[tuple[str, str], dict[str, Segment]] = defaultdict(dict)
    for segment in segments:
        if segment.rater:
            by_text[segment.id, segment.text].setdefault(segment.rater, segment)
    pairs = [[raters[name] for name in sorted(raters)[:2]] for raters in by_text.values() if len(raters) > 1]
    if not pairs:
        return None
    return score_detection([second for _, second in pairs], [first for first, _ in pairs])
