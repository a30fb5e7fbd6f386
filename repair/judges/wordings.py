"""The judge of wordings: a logistic regression from what is known of one to the chance that an editor takes it.

`models/judge/config.json` holds its coefficients; `models/judge/train.py` fits them on marked real output. Wordings
of a served model (`--corrector`) have a regression of their own, which `models/judge/served.py` fits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from repair.regression import Regression, logit

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
        return [*self._common(doubt), *(float(self.kind == kind) for kind in KINDS)]

    def served_vector(self, doubt: float) -> list[float]:
        """The same for a wording of a served model: its place in the model's list counts, not its kind."""
        return [*self._common(doubt), float(self.rank == 2), float(self.rank > 2)]

    def _common(self, doubt: float) -> list[float]:
        return [
            max(self.said, -12.0),
            math.tanh(self.gain / 6) * 6,
            math.tanh(self.lead / 3) * 3,
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
        return self.of(features.served_vector(doubt))


class InOrder:
    """For a served model to which nothing was fitted: its own order, before what the small model proposes."""

    version = "in-order"

    def probability(self, features: Features, doubt: float) -> float:
        """Half of the span's probability for the first wording, a little less for each further one."""
        return doubt * 0.5 * 0.9 ** (features.rank - 1)
