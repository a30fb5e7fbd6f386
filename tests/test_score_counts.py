"""Counts, words and curves, held against scikit-learn."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve

from repair.errors import InputError
from repair.score.counts import Confusion, Counts, estimate, total
from repair.score.spans import Mark
from repair.score.words import auc, auc_estimate, bad_words, confusion, precision_recall, reliability
from repair.text import Span

TAGS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)
SCORED = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=60)


@given(TAGS)
def test_mcc_and_f1_agree_with_scikit_learn(pairs: list[tuple[bool, bool]]) -> None:
    gold, pred = [list(side) for side in zip(*pairs, strict=True)]
    assume(len({*gold, *pred}) == 2)  # scikit-learn warns where there is one class only
    counted = confusion(gold, pred)
    assert counted.mcc == pytest.approx(metrics.matthews_corrcoef(gold, pred), abs=1e-12)
    assert counted.f1 == pytest.approx(metrics.f1_score(gold, pred), abs=1e-12)
    assert counted.accuracy == pytest.approx(metrics.accuracy_score(gold, pred), abs=1e-12)


@given(SCORED)
def test_auc_and_curve_agree_with_scikit_learn(pairs: list[tuple[bool, int]]) -> None:
    labels, scores = [list(side) for side in zip(*pairs, strict=True)]
    assume(any(labels) and not all(labels))
    assert auc(labels, scores) == pytest.approx(metrics.roc_auc_score(labels, scores), abs=1e-12)
    precision, recall, thresholds = metrics.precision_recall_curve(labels, scores)
    ours = [(p.threshold, p.precision, p.recall) for p in reversed(precision_recall(labels, scores))]
    theirs = list(zip(thresholds, precision[:-1], recall[:-1], strict=True))
    assert ours == [pytest.approx(point, abs=1e-12) for point in theirs]


@given(SCORED)
def test_reliability_agrees_with_scikit_learn(pairs: list[tuple[bool, int]]) -> None:
    labels, steps = [list(side) for side in zip(*pairs, strict=True)]
    assume(any(labels) and not all(labels))
    scores = [(step + 0.5) / 7.3 for step in steps]  # none on the border of a bin
    shares, means = calibration_curve(labels, scores, n_bins=10)
    ours = [(b.share, b.score) for b in reliability(labels, scores)]
    assert ours == [pytest.approx(point, abs=1e-6) for point in zip(shares, means, strict=True)]


def test_auc_of_one_class_is_refused() -> None:
    with pytest.raises(InputError, match="both good and BAD words"):
        auc([True, True], [0.1, 0.2])


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 4), min_size=1, max_size=8))
def test_counts_add_up_in_any_order(rows: list[tuple[int, ...]]) -> None:
    every = [Confusion(*row) for row in rows]
    assert total(every) == total(every[::-1]) == sum(every[1:], every[0])


def test_empty_sides_follow_wmt25() -> None:
    nothing, silent, loud = Counts(), Counts(gold=4), Counts(pred=4)
    assert (nothing.precision, nothing.recall, nothing.f1) == (1, 1, 1)
    assert (silent.precision, silent.recall, silent.f1) == (1, 0, 0)
    assert (loud.precision, loud.recall, loud.f1) == (0, 1, 0)


def test_interval_holds_the_value_and_narrows_with_more_segments() -> None:
    few = estimate([Counts(1, 1, 1, 1), Counts(0, 0, 1, 1)] * 5, lambda row: row.f1)
    many = estimate([Counts(1, 1, 1, 1), Counts(0, 0, 1, 1)] * 500, lambda row: row.f1)
    assert few.low < few.value == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 3
    assert few == estimate([Counts(1, 1, 1, 1), Counts(0, 0, 1, 1)] * 5, lambda row: row.f1)


def test_auc_interval_draws_segments() -> None:
    result = auc_estimate([[True, False], [False, True], [True, False]], [[0.9, 0.1], [0.8, 0.3], [0.7, 0.6]])
    assert result.value == pytest.approx(6 / 9) and result.low < result.value < result.high
    assert result.n == 3


def test_stray_space_blames_the_word_after_it_or_the_last() -> None:
    assert bad_words("one , two", [Mark(Span(3, 4))]) == [False, True, False]
    assert bad_words("one two ", [Mark(Span(7, 8))]) == [False, True]
    assert bad_words("", [Mark(Span(0, 0))]) == []
