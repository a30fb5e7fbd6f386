"""Span scores: worked examples, and the rules of the WMT25 script restated independently."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.errors import InputError
from repair.score.detection import score_detection
from repair.score.spans import (
    Mark,
    Segment,
    character_counts,
    check_marks,
    match_counts,
    matches,
    needs_work,
    severity_counts,
)
from repair.text import Span

LENGTH = 12
MARKS = st.lists(
    st.builds(
        lambda a, b, severity: Mark(Span(min(a, b), max(a, b)), severity),
        st.integers(0, LENGTH),
        st.integers(0, LENGTH),
        st.sampled_from(["minor", "major", "critical"]),
    ),
    max_size=4,
)


def wmt25(gold: list[Mark], pred: list[Mark]) -> tuple[float, float, float]:
    """True positives, gold and predicted characters, counted one character and one annotation at a time."""
    hits = n_gold = n_pred = 0.0
    for place in range(LENGTH):
        here = [
            sorted("minor" if m.severity == "minor" else "major" for m in side if m.span.start <= place < m.span.end)
            for side in (gold, pred)
        ]
        n_gold, n_pred = n_gold + len(here[0]), n_pred + len(here[1])
        left_gold, left_pred = list(here[0]), list(here[1])
        for severity in here[0]:
            if severity in left_pred:
                left_pred.remove(severity)
                left_gold.remove(severity)
                hits += 1
        hits += min(len(left_gold), len(left_pred)) / 2
    return hits, n_gold, n_pred


@given(MARKS, MARKS)
def test_severity_counts_follow_wmt25(gold: list[Mark], pred: list[Mark]) -> None:
    counts = severity_counts(LENGTH, gold, pred)
    assert (counts.hit_gold, counts.gold, counts.pred) == wmt25(gold, pred)


@given(MARKS, MARKS)
def test_swapping_sides_swaps_precision_and_recall(gold: list[Mark], pred: list[Mark]) -> None:
    for there, back in (
        (character_counts(LENGTH, gold, pred), character_counts(LENGTH, pred, gold)),
        (severity_counts(LENGTH, gold, pred), severity_counts(LENGTH, pred, gold)),
    ):
        assert (there.precision, there.recall) == (back.recall, back.precision)


@given(MARKS)
def test_a_perfect_prediction_scores_one(marks: list[Mark]) -> None:
    for counts in (character_counts(LENGTH, marks, marks), severity_counts(LENGTH, marks, marks)):
        assert counts.f1 == 1


@given(MARKS, MARKS)
def test_matches_are_one_to_one_and_greedy(gold: list[Mark], pred: list[Mark]) -> None:
    found = matches([m.span for m in gold], [m.span for m in pred])
    used_gold, used_pred = {g for g, _, _ in found}, {p for _, p, _ in found}
    assert len(found) == len(used_gold) == len(used_pred)
    for (g, one), (p, other) in product(enumerate(gold), enumerate(pred)):
        if one.span.overlaps(other.span):  # an overlapping pair is left out only if one of the two is taken
            assert g in used_gold or p in used_pred


def test_partial_credit() -> None:
    counts = match_counts([Mark(Span(0, 10))], [Mark(Span(5, 10)), Mark(Span(20, 22))])
    assert (counts.precision, counts.recall) == (0.5, 0.5)


def test_an_empty_mark_matches_only_its_like() -> None:
    place = Mark(Span(3, 3))
    assert match_counts([place], [place]).f1 == 1
    assert match_counts([place], [Mark(Span(0, 5))]).f1 == 0


def test_one_wide_flag_does_not_count_for_many() -> None:
    gold = [Mark(Span(0, 2)), Mark(Span(4, 6)), Mark(Span(8, 10))]
    assert match_counts(gold, [Mark(Span(0, 10))]).recall == pytest.approx(1 / 3)


def test_f05_weighs_precision_higher() -> None:
    """One of two spans is found and nothing else flagged: precision 1, recall 1/2, 1.25 * 1/2 / (0.25 + 1/2) = 5/6."""
    gold, found = (Mark(Span(0, 3)), Mark(Span(4, 7))), (Mark(Span(0, 3)),)
    result = score_detection([Segment("one two", gold)], [Segment("one two", found)])
    assert result.scores["span F0.5"].value == pytest.approx(5 / 6)


def test_needs_work() -> None:
    mark = [Mark(Span(0, 1))]
    assert needs_work(mark, mark).tp and needs_work([], mark).fp and needs_work(mark, []).fn and needs_work([], []).tn


def test_a_span_outside_the_text_is_refused() -> None:
    with pytest.raises(InputError, match=r"gold\.jsonl:3: span \[2, 9\) lies outside the text of 4 characters"):
        check_marks(Segment("text", (Mark(Span(2, 9)),)), "gold.jsonl:3")
