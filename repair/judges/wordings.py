"""The judge of wordings: a logistic regression from what is known of one to the chance that an editor takes it.

`models/judge/config.json` holds its coefficients; `models/judge/train.py` fits them on marked real output. Wordings
of a served model (`--corrector`) have a regression of their own, which `models/judge/served.py` fits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from repair.regression import Regression, logit

LATER = 0.9  # for each place further down in a served model's list; simulated models can't tell how much
KINDS = ("pivot", "form", "preposition", "article", "pair", "infill")


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of one wording of a doubtful span of `words` words.

    In nats: `said` is the adapter's log-probability, `gain` that over leaving the span as it is, `lead` over the best
    other wording, `prior` how well its source connects it. `added` and `dropped` count the words that only the new and
    only the old wording has; `small` says that all of these are grammatical words. `rank` is the wording's place in the
    list of a served model, from 1; 0 where it is not from one.
    """

    said: float
    gain: float
    lead: float
    kind: str
    prior: float
    words: int
    added: int
    dropped: int
    small: bool
    rank: int = 0

    def vector(self, doubt: float) -> list[float]:
        """The numbers that the regression sees, `doubt` (the probability that the span is garbled) among them."""
        lead, kinds = math.tanh(self.lead / 3) * 3, (float(self.kind == kind) for kind in KINDS)
        return [*self._said(), lead, *self._known(doubt), *kinds]

    def served_vector(self, doubt: float) -> list[float]:
        """The same for a wording of a served model, without what only the simulated models make of it, to which this is
        fitted: they err where the small model errs, so that agreement (`lead`) would speak against a wording.
        """
        return [*self._said(), *self._known(doubt)]

    @property
    def later(self) -> float:
        """How much less likely a wording is for its place in a served model's list."""
        return LATER ** (self.rank - 1)

    def _said(self) -> list[float]:
        return [max(self.said, -12.0), math.tanh(self.gain / 6) * 6]

    def _known(self, doubt: float) -> list[float]:
        return [
            logit(doubt),
            self.prior,
            min(self.words, 4),
            min(self.added, 4),
            min(self.dropped, 4),
            float(self.small),
        ]


class WordingJudge(Regression):
    """Knows for each wording the probability that an editor would write it."""

    def probability(self, features: Features, doubt: float) -> float:
        """In [0, 1]."""
        return self.of(features.vector(doubt))


class ServedJudge(Regression):
    """The same for wordings of a served model."""

    def probability(self, features: Features, doubt: float) -> float:
        """In [0, 1]."""
        return self.of(features.served_vector(doubt)) * features.later


class InOrder:
    """For a served model to which nothing was fitted: its own order, before what the small model proposes."""

    version = "in-order"

    def probability(self, features: Features, doubt: float) -> float:
        """Half of the span's probability for the first wording, a little less for each further one."""
        return doubt * 0.5 * features.later
