"""A fitted logistic regression: the last step from numbers that others found to a probability."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence

import msgspec


def logit(probability: float) -> float:
    """The log-odds, finite at 0 and 1."""
    return math.log(max(probability, 1e-4) / max(1 - probability, 1e-4))


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """A regression's numbers as its file has them."""

    coefficients: list[float]
    intercept: float


class Regression:
    """`coefficients`, one for each number of a vector, and `intercept`. `version` tells fits apart."""

    def __init__(self, coefficients: Sequence[float], intercept: float) -> None:
        self.coefficients, self.intercept = list(coefficients), intercept
        self.version = hashlib.sha256(json.dumps([self.coefficients, intercept]).encode()).hexdigest()[:8]

    def of(self, vector: Sequence[float]) -> float:
        """The probability for a vector. Raises ValueError where its length is not that of the coefficients."""
        total = self.intercept + sum(c * x for c, x in zip(self.coefficients, vector, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
