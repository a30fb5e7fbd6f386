"""The gate before publication: may a text go out as it is, or does a person have to look?

The measure is a budget: how many false alarms per 1,000 words of clean news are bearable. From tables of what every
detector flags in clean news the gate knows from which score on all detectors together stay within it; only findings
from there on count. The table of the language model lies in `models/judge/config.json` under `false_alarms`, that
of the others in `repair/data/false_alarms.json`. What a newsroom's own rules flag is wanted, so never a false alarm.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from repair.config import Config
from repair.errors import ConfigError, ModelError
from repair.findings import SEVERITIES, Report, Severity, Verdict
from repair.inputs import Failure
from repair.judges.thresholds import share_of_article
from repair.text import words
from repair.trained import weights

Kind = Literal["article", "line"]  # a text with context, and a sentence alone
KINDS: tuple[Kind, ...] = get_args(Kind)
TABLE = Path(__file__).parent / "data" / "false_alarms.json"
STEPS = tuple(round(0.01 * i, 2) for i in range(10, 100))
FINE = 1000  # thresholds tried between 0 and 1

Curve = list[tuple[float, float]]  # by score: findings per 1,000 clean words at that score or above
Row = tuple[str, float, int]  # source, score, findings


class FalseAlarms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the detectors without a model flagged in clean news of one kind."""

    detectors: list[str]
    texts: int
    words: int
    findings: list[Row]


def false_alarm_curve(scores: Iterable[float], words: int, steps: Sequence[float] = STEPS) -> Curve:
    """The entry of one kind for `false_alarms`: `scores` of all findings in `words` words of clean news.

    One more than was counted, so that what was never seen is not taken for impossible.

    >>> false_alarm_curve([0.2, 0.5, 0.9], 1000, [0.1, 0.5, 0.95])
    [(0.1, 4.0), (0.5, 3.0), (0.95, 1.0)]
    """
    ranked = sorted(scores)
    return [(step, round(1000 * (len(ranked) - bisect_left(ranked, step) + 1) / words, 4)) for step in steps]


def rate_at(curve: Curve, score: float) -> float:
    """Findings per 1,000 clean words at `score` or above, straight between two points, infinite below the first.

    >>> curve = [(0.2, 3.0), (0.4, 1.0)]
    >>> rate_at(curve, 0.3), rate_at(curve, 0.9), rate_at(curve, 0.1)
    (2.0, 1.0, inf)
    """
    after = bisect_right(curve, score, key=lambda point: point[0])
    if after == 0:
        return math.inf
    if after == len(curve):
        return curve[-1][1]
    (low, high_rate), (high, low_rate) = curve[after - 1], curve[after]
    return high_rate + (low_rate - high_rate) * (score - low) / (high - low)


@dataclass(frozen=True, slots=True)
class Rates:
    """False alarms per 1,000 words of clean news at or above a score, for one kind of text."""

    counted: tuple[tuple[float, int], ...]  # score and number of findings, without a model
    detectors: int  # how many these come from
    words: int
    model: Curve | None = None

    def above(self, score: float) -> float:
        """Of all detectors together. One more a detector than was counted, as in the model's curve."""
        number = sum(count for own, count in self.counted if own >= score) + self.detectors
        return 1000 * number / self.words + (rate_at(self.model, score) if self.model else 0.0)


@dataclass(slots=True)
class PublicationGate:
    """Decides for each text. `budget`: false alarms per 1,000 words of clean news; findings below `least` do not count.

    `floor` is the score from which findings are reported at all.
    """

    budget: float
    rates: Mapping[Kind, Rates]
    least: Severity = "minor"
    floor: float = 0.0
    _known: dict[float, float] = field(default_factory=dict)

    def expected(self, score: float, share: float) -> float:
        """False alarms per 1,000 words from `score` on, in a text that is to `share` like an article."""
        parts: tuple[tuple[float, Kind], ...] = ((share, "article"), (1 - share, "line"))
        return sum(part * self.rates[kind].above(score) for part, kind in parts if part)

    def threshold(self, share: float) -> float:
        """The lowest score from which on the expected false alarms stay within the budget; infinite where none does."""
        if share not in self._known:
            scores = {own for rates in self.rates.values() for own, _ in rates.counted}
            tried = sorted({*(step / FINE for step in range(FINE + 1)), *scores})
            at = bisect_left(tried, True, key=lambda score: self.expected(score, share) <= self.budget)
            self._known[share] = max(tried[at], self.floor) if at < len(tried) else math.inf
        return self._known[share]

    @property
    def lowest(self) -> float:
        """The lowest threshold of any text. Raises ConfigError where the budget lets no finding through."""
        thresholds = [self.threshold(share) for share in (0.0, 1.0)]
        if math.isinf(max(thresholds)):
            needed = max(self.expected(1.0, share) for share in (0.0, 1.0))
            raise ConfigError(
                f"--gate {self.budget:g}: no finding is so certain, and every text would pass; "
                f"the least that can be told with these detectors is --gate {math.ceil(100 * needed) / 100:g}"
            )
        return min(thresholds)

    def decide(self, results: Iterable[Report | Failure]) -> Iterator[Report | Failure]:
        """The results with the findings that count, and the verdict on each text."""
        for result in results:
            yield result if isinstance(result, Failure) else self._judge(result)

    def _judge(self, report: Report) -> Report:
        share = share_of_article(len(words(report.document.text)))
        threshold = self.threshold(share)
        least = SEVERITIES.index(self.least)
        # scores in tables are rounded
        kept = tuple(finding for finding in report.findings if round(finding.score, 4) >= threshold)
        serious = sum(SEVERITIES.index(finding.severity) >= least for finding in kept)
        verdict = Verdict(serious == 0, serious, self.budget, self.expected(threshold, share), threshold)
        return replace(report, findings=kept, verdict=verdict)


def publication_gate(
    budget: float, config: Config, model: Callable[[], Mapping[Kind, Curve]] | None = None
) -> PublicationGate:
    """The gate for the detectors of `config`; `model` gives the language model's curves, by default the shipped ones.

    Raises ConfigError for a budget that cannot be kept and a detector whose false alarms nobody has counted, ModelError
    where the language model has no table.
    """
    if not (budget > 0 and math.isfinite(budget)):
        raise ConfigError(f"--gate must be a number above 0 (false alarms per 1,000 words), not {budget:g}")
    without = [name for name in config.detectors if name != "lm"]
    table = msgspec.json.decode(TABLE.read_bytes(), type=dict[Kind, FalseAlarms])
    measured = set(table["article"].detectors) & set(table["line"].detectors)
    if unknown := sorted(set(without) - measured):
        raise ConfigError(f"--gate: nobody has counted the false alarms of {', '.join(unknown)}; leave it out")
    with_model = "lm" in config.detectors and not config.no_model
    if with_model and config.detector_model:
        raise ConfigError("--gate: nobody has counted the false alarms of this detector_model; leave one of them out")
    curves = (model or shipped_curves)() if with_model else None
    rates = {
        kind: Rates(
            tuple((score, count) for source, score, count in table[kind].findings if _is_on(source, config, without)),
            len(without),
            table[kind].words,
            curves[kind] if curves else None,
        )
        for kind in KINDS
    }
    return PublicationGate(budget, rates, config.fail_on, config.threshold or 0.0)


def _is_on(source: str, config: Config, detectors: Sequence[str]) -> bool:
    detector = source.partition("/")[0]
    return detector in detectors and not {source, detector} & set(config.ignore.rules)


def shipped_curves() -> Mapping[Kind, Curve]:
    """The language model's curves, beside its other calibrated numbers."""
    return read_curves(weights("judge") / "config.json")


def read_curves(path: Path) -> Mapping[Kind, Curve]:
    """`false_alarms` of a calibrated model. Raises ModelError where there is no usable one."""
    hint = "run models.judge.calibrate, or use --no-model"
    try:
        values: Any = msgspec.json.decode(path.read_bytes(), type=dict[str, Any]).get("false_alarms")
        curves = msgspec.convert(values, dict[Kind, Curve])
    except (OSError, msgspec.MsgspecError) as error:
        raise ModelError(f"{path}: no table of false alarms ({error}); {hint}") from None
    for kind in KINDS:
        points = curves.get(kind, [])
        if not points or points != sorted(points, key=lambda p: (p[0], -p[1])) or _rises(points):
            raise ModelError(f"{path}: false_alarms.{kind} is not a falling curve; {hint}")
    return curves


def _rises(points: Curve) -> bool:
    return any(later > former for (_, former), (_, later) in pairwise(points))
