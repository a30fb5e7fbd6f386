"""What a run works with: detectors, the language model, house rules and thresholds, as the settings want them.

Each is made when it is first wanted, and kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import repair
from repair.config import Config
from repair.decide import Measured
from repair.errors import ConfigError, UnavailableError, hint
from repair.findings import Detector, Finding
from repair.found import add
from repair.ignore import Ignored
from repair.languages import left_alone
from repair.patience import still_wanted
from repair.registry import DETECTORS, load
from repair.tables import is_extended
from repair.text import Document

if TYPE_CHECKING:
    from repair.detect.house import House
    from repair.engine import Engine
    from repair.lm.distant import Apart

Make = Callable[[Config, "House | None"], Detector]  # what a detector's module has, for `repair.registry`


class Tools:
    """Raises ConfigError, ModelError or UnavailableError, once it is wanted, for what is asked for and not there."""

    def __init__(self, config: Config, apart: Apart | None = None) -> None:
        self.config, self._apart = config, apart
        self._notes: list[str] = []  # what the next report has to tell, once

    @cached_property
    def engine(self) -> Engine | None:
        """The language model with detector and corrector; None with `no_model` or without `lm` among the detectors."""
        if self.config.no_model or "lm" not in self.config.detectors:
            return None
        from repair.engine import Engine

        return Engine(self.config, self._apart)

    @cached_property
    def pretrained(self) -> Any:
        """The base model alone, with `.model` and `.tokenizer`; None without the model."""
        if self.engine is None:
            return None
        from repair.engine import pretrained

        return pretrained(self.config)

    @cached_property
    def trust(self) -> Measured:
        """Which suggestions are safe to apply; none of a corrector that is not calibrated is."""
        return Measured(self.engine.apply_from) if self.engine and self.engine.corrector.calibrated else Measured()

    @cached_property
    def house(self) -> House | None:
        """The house rules; None without a file of them."""
        if self.config.house is None:
            if self.config.desk is not None:
                raise ConfigError(
                    f"desk {self.config.desk!r} has no house rules: name the file with --house or `house`"
                )
            return None
        from repair.detect.house import House

        return House(self.config.house, self.config.desk)

    def under(self, config: Config) -> Tools:
        """The same tools, all loaded, under settings that differ in what is applied alone."""
        other = Tools(config)
        other.engine, other.house = self.engine, self.house
        other._detectors, other._notes = self._detectors, self._notes
        return other

    def verify(self) -> None:
        """Raises ConfigError for names in the settings that mean nothing, and where no detector is left."""
        from repair.house import read_house
        from repair.sources import check_ignored

        for name in self.config.detectors:
            if name not in DETECTORS:  # in settings made by hand, which nobody has checked
                raise ConfigError(f"detectors: no detector {name!r}; {hint(name, DETECTORS)}")
        house = self.house  # a desk that does not exist is told here
        if not self._names and house is None:
            left_out = "no_model leaves out lm" if self.config.detectors else "the list of detectors is empty"
            raise ConfigError(f"nothing to look for: {left_out}, and there are no house rules; name more detectors")
        if self.config.ignore.rules:
            check_ignored(self.config.ignore.rules, read_house(self.config.house) if self.config.house else None)

    @property
    def signature(self) -> str:
        """Version, detectors, settings, weights, served model and house rules: enough to get the same numbers again."""
        engine = self.engine.signature if self.engine else ["model:none"]
        house = [f"house:{self.house.rules.version}"] if self.house else []
        return "|".join([*self._settings, *engine, *house])

    @cached_property
    def _settings(self) -> list[str]:
        """What of the signature follows from the settings alone."""
        self.verify()
        parts = [f"repair:{repair.__version__}", f"detectors:{'+'.join(self._names)}", f"at:{self.config.apply_at}"]
        if self.config.threshold is not None:
            parts.append(f"threshold:{self.config.threshold:g}")
        if is_extended():
            parts.append("tables:gpl")
        return parts

    @cached_property
    def _names(self) -> list[str]:
        return [name for name in self.config.detectors if name != "lm" or not self.config.no_model]

    @cached_property
    def _detectors(self) -> list[Detector]:
        """Those that work without the language model, most trusted first."""
        self.verify()
        made: list[Detector] = [self.house] if self.house else []
        for name, place in DETECTORS.items():
            if place and name in self._names:
                make: Make = load(place)
                made.append(make(self.config, self.house))
        return made

    def detect(self, document: Document, ignored: Ignored) -> list[Finding]:
        """What house rules and the detectors without a model find: in order, none overlapping.

        A detector that turns out not to be there is left out from then on, which the next report tells.
        """
        found: list[Finding] = []
        for detector in list(self._detectors):
            still_wanted()
            try:
                some = detector.find(document)
            except UnavailableError as error:
                self._detectors.remove(detector)
                self._notes.append(f"going on without {detector.name}: {error}")
                continue
            for finding in sorted(some, key=lambda f: -f.score):  # the surer of two that clash
                if finding.score >= (self.config.threshold or 0.0) and finding not in ignored:
                    add(found, finding)
        return found

    def compare_with_source(self, document: Document, ignored: Ignored) -> list[Finding]:
        """What shows only beside the text that the document was translated from; nothing without one."""
        if not document.source:
            return []
        # deferred: its tables take a moment, and most texts come without a source
        from repair.source.check import against_source
        from repair.source.checks import CHECKS

        return [finding for finding in against_source(document, CHECKS) if finding not in ignored]

    def notes(self, document: Document) -> tuple[str, ...]:
        """What a report on `document` has to tell: what was left out since the last one, and what was left alone."""
        notes = tuple(self._notes) + ((self.house.trouble,) if self.house and self.house.trouble else ())
        self._notes.clear()
        corrector = self.engine.corrector.notes() if self.engine else ()
        return (*notes, *corrector, *left_alone(document.foreign), *_source_left_aside(document))


def _source_left_aside(document: Document) -> tuple[str, ...]:
    if not document.source:
        return ()
    from repair.source.pairs import left_aside

    return left_aside(document)
