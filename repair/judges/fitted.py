"""What `models/judge/config.json` holds: the two regressions, and the thresholds calibrated with them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from repair.errors import ModelError
from repair.judges.spans import SpanJudge
from repair.judges.thresholds import Bounds, Threshold
from repair.judges.wordings import InOrder, ServedJudge, WordingJudge
from repair.regression import Fit
from repair.trained import weights


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Probabilities chosen on held-back data.

    Findings open at `article` or `line` in a text that reads like clean copy, at `garbled_article` or `garbled_line`
    in one that is garbled throughout; a suggestion is applied from `apply`.
    """

    article: float
    line: float
    garbled_article: float
    garbled_line: float
    apply: float

    def opening(self, own: float | None) -> Threshold:
        """From which probability on a doubt is a finding; `own` is the user's word for all texts."""
        if own is not None:
            return Threshold(Bounds(own, own), Bounds(own, own))
        return Threshold(Bounds(self.article, self.line), Bounds(self.garbled_article, self.garbled_line))


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """The judges and their thresholds; `served` only once it was fitted to these weights."""

    span: Fit
    wording: Fit
    thresholds: Calibration
    served: Fit | None = None

    @property
    def spans(self) -> SpanJudge:
        return SpanJudge(self.span.coefficients, self.span.intercept)

    @property
    def wordings(self) -> WordingJudge:
        return WordingJudge(self.wording.coefficients, self.wording.intercept)

    @property
    def served_wordings(self) -> ServedJudge | InOrder:
        """What rates the wordings of a served model."""
        return ServedJudge(self.served.coefficients, self.served.intercept) if self.served else InOrder()


def shipped() -> Fitted:
    """What was fitted for the weights trained here. Raises ModelError where it is missing or unreadable."""
    return read_fitted(weights("judge") / "config.json")


def read_fitted(path: Path) -> Fitted:
    """The regressions in a file. Raises ModelError where they are unreadable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Fitted)
    except (OSError, msgspec.MsgspecError) as error:
        raise ModelError(f"{path}: cannot be used ({error}); reinstall mt-repair") from None
