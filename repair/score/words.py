"""Word-level scores: BAD words, and how well a score per word ranks them.

Words are what lies between whitespace, with the punctuation that clings to them; that is the unit of `word_scores` too.
A word is BAD where a mark covers one of its characters. A mark without any word (a stray space, an omission) makes the
word after it BAD, or the last word at the end of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repair.errors import InputError
from repair.score.counts import Confusion, Estimate, interval, resample
from repair.score.spans import Mark
from repair.text import words as word_spans


def bad_words(text: str, marks: Sequence[Mark]) -> list[bool]:
    """One flag a word: is it BAD?

    >>> from repair.text import Span
    >>> bad_words("a full -scale war", [Mark(Span(2, 13))])
    [False, True, True, False]
    >>> bad_words("on Sunday .", [Mark(Span(9, 10))])
    [False, False, True]
    """
    words = word_spans(text)
    bad = [False] * len(words)
    for mark in marks:
        hit = False
        for i, word in enumerate(words):
            if word.overlaps(mark.span):
                bad[i] = hit = True
        if not hit and words:
            after = next((i for i, word in enumerate(words) if word.start >= mark.span.start), len(words) - 1)
            bad[after] = True
    return bad


def confusion(gold: Sequence[bool], pred: Sequence[bool]) -> Confusion:
    """Word decisions counted, BAD being positive."""
    pairs = list(zip(gold, pred, strict=True))
    return Confusion(
        tp=pairs.count((True, True)),
        fp=pairs.count((False, True)),
        fn=pairs.count((True, False)),
        tn=pairs.count((False, False)),
    )


def auc(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Area under the ROC curve: the chance that a BAD word outranks a good one, ties counting half.

    Raises InputError where only one class is there: the area is then undefined.

    >>> auc([False, True, True], [0.1, 0.1, 0.9])
    0.75
    """
    bad = np.asarray(labels, dtype=bool)
    return _auc(bad, _ranks(np.asarray(scores, dtype=float)), np.ones(len(bad)))


def _ranks(scores: np.ndarray) -> np.ndarray:
    return np.unique(scores, return_inverse=True)[1]


def _auc(bad: np.ndarray, ranks: np.ndarray, weights: np.ndarray) -> float:
    size = int(ranks.max(initial=0)) + 1
    bads = np.bincount(ranks, weights * bad, minlength=size)
    goods = np.bincount(ranks, weights * ~bad, minlength=size)
    if not bads.sum() or not goods.sum():
        raise InputError("the area under the curve needs both good and BAD words; the gold file has one kind only")
    below = np.cumsum(goods) - goods
    return float((bads * (below + goods / 2)).sum() / (bads.sum() * goods.sum()))


def auc_estimate(labels: Sequence[Sequence[bool]], scores: Sequence[Sequence[float]]) -> Estimate:
    """Area under the curve over all words, with an interval from drawing whole segments anew."""
    bad = np.concatenate([np.asarray(row, dtype=bool) for row in labels])
    ranks = _ranks(np.concatenate([np.asarray(row, dtype=float) for row in scores]))
    owner = np.repeat(np.arange(len(labels)), [len(row) for row in labels])
    draws = []
    for drawn in resample(len(labels)):
        weights = drawn[owner].astype(float)
        if weights[bad].any() and weights[~bad].any():
            draws.append(_auc(bad, ranks, weights))
    value = _auc(bad, ranks, np.ones(len(bad)))
    return Estimate(value, *interval(sorted(draws)), len(labels))


@dataclass(frozen=True, slots=True)
class Point:
    """One threshold: words scored at or above it are flagged."""

    threshold: float
    precision: float
    recall: float


def precision_recall(labels: Sequence[bool], scores: Sequence[float]) -> list[Point]:
    """The precision-recall curve, one point a distinct score, highest threshold first.

    >>> [(p.precision, p.recall) for p in precision_recall([True, False, True], [0.9, 0.5, 0.4])]
    [(1.0, 0.5), (0.5, 0.5), (0.6666666666666666, 1.0)]
    """
    order = np.argsort(-np.asarray(scores, dtype=float), kind="stable")
    sorted_scores = np.asarray(scores, dtype=float)[order]
    found = np.cumsum(np.asarray(labels, dtype=bool)[order])
    last = np.flatnonzero(np.append(np.diff(sorted_scores) != 0, True))
    bad = max(int(found[-1]), 1)
    return [Point(float(sorted_scores[i]), float(found[i] / (i + 1)), float(found[i] / bad)) for i in last]


@dataclass(frozen=True, slots=True)
class Bin:
    """Words of like scores: their mean score, the share of them that is BAD, and how many they are."""

    score: float
    share: float
    count: int


def reliability(labels: Sequence[bool], scores: Sequence[float], bins: int = 10) -> list[Bin]:
    """What the scores are worth: in a calibrated tool the share of BAD words in a bin is its mean score.

    >>> reliability([True, False, True, True], [0.1, 0.14, 0.9, 0.92], bins=2)
    [Bin(score=0.12, share=0.5, count=2), Bin(score=0.91, share=1.0, count=2)]
    """
    values, bad = np.asarray(scores, dtype=float), np.asarray(labels, dtype=bool)
    number = np.minimum((values * bins).astype(int), bins - 1)
    chosen = [number == i for i in range(bins) if (number == i).any()]
    return [Bin(round(float(values[c].mean()), 6), float(bad[c].mean()), int(c.sum())) for c in chosen]
