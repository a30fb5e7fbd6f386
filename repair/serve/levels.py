"""What a front end needs to thin findings out by certainty: from which score each word holds, and what it costs.

The cost is told in false alarms per 1,000 words of clean news, from the tables that `--gate` uses. Safe fixes with a
score below the bound of `sure` are not in that number.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from repair.certainty import BOUNDS, Certainty
from repair.errors import ConfigError, ModelError
from repair.judges.thresholds import share_of_article
from repair.pipeline import Repairer
from repair.publication import PublicationGate, publication_gate
from repair.text import words


class Levels:
    """The levels for one repairer."""

    def __init__(self, repairer: Repairer) -> None:
        self.repairer = repairer
        self.gate: PublicationGate | None = None
        with suppress(ConfigError, ModelError):  # a detector or model that nobody has measured: no numbers
            self.gate = publication_gate(1.0, repairer.config)

    def of(self, text: str, loaded: bool) -> list[dict[str, Any]]:
        """The surest first. `false_alarms` is null where nobody has counted them, and until the model is `loaded`."""
        count = len(words(text))
        floor = self._floor(count) if loaded else None
        return [{"name": name, "from": BOUNDS[name], "false_alarms": self._cost(name, floor, count)} for name in BOUNDS]

    def _floor(self, count: int) -> float:
        """The score from which the language model reports anything in a clean text of so many words."""
        engine = self.repairer.engine
        return engine.second_look.threshold.clean.opens(count) if engine else self.repairer.config.threshold or 0.0

    def _cost(self, name: Certainty, floor: float | None, count: int) -> float | None:
        if self.gate is None or floor is None:
            return None
        return round(self.gate.expected(max(BOUNDS[name], floor), share_of_article(count)), 4)
