"""The last step from what the head and the adapter say to a probability."""

import math
from dataclasses import replace

import pytest

from repair.judges.spans import SpanFeatures, SpanJudge, kind_of
from repair.regression import Regression, logit

PLAIN = SpanFeatures(peak=0.3, mean=0.3, around=0.05, serious=0.1, words=1, length=100, kind="other")


def test_a_regression_is_the_logistic_function_of_a_weighted_sum() -> None:
    assert Regression([1.0, -2.0], 0.5).of([2.0, 1.0]) == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert Regression([50.0], 0.0).of([50.0]) < 1.0  # never quite sure, never an overflow
    with pytest.raises(ValueError):
        Regression([1.0], 0.0).of([1.0, 2.0])


def test_another_fit_has_another_version() -> None:
    assert Regression([1.0], 0.0).version != Regression([1.0], 0.1).version


def test_log_odds_are_finite_at_the_ends() -> None:
    assert logit(0.5) == 0 and math.isfinite(logit(0.0)) and math.isfinite(logit(1.0))


def test_the_judge_hears_every_part_of_the_evidence() -> None:
    changed = [
        replace(PLAIN, peak=0.6),
        replace(PLAIN, mean=0.2),
        replace(PLAIN, around=0.2),
        replace(PLAIN, serious=0.6),
        replace(PLAIN, words=3),
        replace(PLAIN, length=20),
        replace(PLAIN, kind="name"),
        replace(PLAIN, kind="small"),
    ]
    assert all(evidence.vector() != PLAIN.vector() for evidence in changed)
    coefficients = [0.0] * len(PLAIN.vector())
    coefficients[0] = 2.0
    judge = SpanJudge(coefficients, 0.0)
    assert judge.probability(replace(PLAIN, peak=0.9)) > judge.probability(PLAIN)


@pytest.mark.parametrize(
    ("parts", "opens", "kind"),
    [
        (["in", "the"], False, "small"),
        (["Will"], True, "other"),
        (["Will"], False, "name"),
        (["the", "Pentagon"], True, "name"),
        (["12", "men"], False, "number"),
        (["future"], False, "other"),
    ],
)
def test_kinds_of_spans(parts: list[str], opens: bool, kind: str) -> None:
    assert kind_of(parts, opens) == kind
