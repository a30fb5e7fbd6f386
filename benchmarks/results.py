"""Result lines: one JSON object a number, each with the signature that says how to get it again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from repair.errors import InputError
from repair.score.counts import Estimate

FOLDER = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Line:
    """One number: `value` of `metric` for `peer` on `set`, with its 95 % interval where it has one.

    `p` is the larger p-value of the two paired tests against do-nothing; `n` counts segments.
    """

    set: str
    peer: str
    metric: str
    value: float
    low: float | None
    high: float | None
    n: int
    signature: str
    p: float | None = None

    @classmethod
    def of(cls, place: tuple[str, str, str], estimate: Estimate, signature: str, p: float | None = None) -> Line:
        """The line for `estimate` at (set, peer, metric)."""
        value, low, high = (round(number, 6) for number in (estimate.value, estimate.low, estimate.high))
        return cls(*place, value, low, high, estimate.n, signature, p)

    @property
    def estimate(self) -> Estimate:
        """The number as scores are shown; without an interval both ends are the value."""
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        return Estimate(self.value, low, high, self.n)


def write(lines: Iterable[Line], path: Path) -> None:
    """A line a number, in the order given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [json.dumps(asdict(line), ensure_ascii=False) for line in lines]
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def update(lines: Iterable[Line], path: Path) -> None:
    """Put `lines` into a result file: in place of those of the same set, peer and metric, others below."""
    kept = {(line.set, line.peer, line.metric): line for line in (read(path) if path.exists() else [])}
    kept |= {(line.set, line.peer, line.metric): line for line in lines}
    write(kept.values(), path)


def read(path: Path) -> list[Line]:
    """The lines of a result file. Raises InputError, naming file and line, for one that is missing or damaged."""
    if not path.is_file():
        raise InputError(f"{path}: no results yet; run: make bench-quick")
    lines = []
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            lines.append(Line(**json.loads(row)))
        except (TypeError, ValueError) as error:
            raise InputError(f"{path}:{number}: not a result line ({error})") from None
    return lines
