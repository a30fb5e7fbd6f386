"""The order of the stages, and the only place that knows it: read, detect, merge, propose, gate, apply, read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import msgspec

import repair
from repair.config import Config
from repair.decide import Bounds, decide
from repair.edits import apply
from repair.errors import ConfigError, UnavailableError
from repair.findings import Detector, Finding, Repair, Report, Safety
from repair.ignore import is_ignored
from repair.inputs import Item
from repair.progress import tell
from repair.rounds import merge
from repair.segment import read_document
from repair.text import Document, Span, words

if TYPE_CHECKING:
    from repair.detect.house import House
    from repair.engine import Engine

BATCH = 32  # texts worked on together
ROUNDS = 4  # readings of its own output before a text is taken for stable


class Repairer:
    """Checks and fixes texts; keeps its models loaded. One for a whole program is enough.

    Raises ConfigError, ModelError or UnavailableError, at the first text, for what is asked for and not there.
    """

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config()
        self._notes: list[str] = []  # what the next report has to tell, once

    def check(self, text: str, name: str = "", id: Any = None, word_scores: bool = False) -> Report:
        """Findings of one text. With `word_scores` also the probability of being garbled of each of its words."""
        return next(self.check_many([Item(text, name, id)], word_scores))

    def fix(self, text: str, name: str = "", id: Any = None) -> Report:
        """Findings of one text, what was repaired, and the repaired text."""
        return next(self.fix_many([Item(text, name, id)]))

    def check_many(self, items: Iterable[Item], word_scores: bool = False) -> Iterator[Report]:
        """A report for each item, in order; works on a few at a time, so any number may come."""
        for some in batches(items):
            documents = [self._read(item.text, item.name) for item in some]
            found, scores = self._find(documents)
            for item, document, findings, row in zip(some, documents, found, scores, strict=True):
                shown = tuple(row) if word_scores else None
                rest = tuple(decide(document, findings, self.bounds))
                yield Report(
                    document,
                    tuple(findings),
                    self.signature,
                    not_applied=rest,
                    word_scores=shown,
                    id=item.id,
                    notes=self._tell(),
                )

    def fix_many(self, items: Iterable[Item]) -> Iterator[Report]:
        """As `check_many`, with the safe repairs applied; a text is read again until nothing more is safe to repair."""
        for some in batches(items):
            documents = [self._read(item.text, item.name) for item in some]
            tell("reading", 0, 1)
            found, _ = self._find(documents)
            decided = [decide(d, row, self.bounds) for d, row in zip(documents, found, strict=True)]
            applied = [[repair for repair in row if self._applies(repair)] for row in decided]
            self._settle(documents, applied)
            for item, document, findings, mine, row in zip(some, documents, found, applied, decided, strict=True):
                output = apply(document.text, [edit for repair in mine for edit in repair.edits])
                rest = tuple(
                    repair for repair in row if not any(repair.span.overlaps(m.span) or repair == m for m in mine)
                )
                yield Report(
                    document, tuple(findings), self.signature, output, tuple(mine), rest, id=item.id, notes=self._tell()
                )

    def applying(self, least: Literal["safe", "review"]) -> Repairer:
        """One that applies repairs from this safety on and shares what is loaded; itself where it does already."""
        if least == self.config.apply_at:
            return self
        other = Repairer(msgspec.structs.replace(self.config, apply_at=least))
        other.engine, other.house = self.engine, self.house
        other._detectors, other._notes = self._detectors, self._notes
        return other

    @cached_property
    def engine(self) -> Engine | None:
        """The language model with detector and corrector; None with `no_model` or without `lm` among the detectors."""
        if self.config.no_model or "lm" not in self.config.detectors:
            return None
        from repair.engine import Engine

        return Engine(self.config)

    @cached_property
    def lm(self) -> Any:
        """The base model alone, with `.model` and `.tokenizer`, loaded when first asked for; None without the model."""
        if self.engine is None:
            return None
        from repair.engine import base_model

        return base_model(self.config)

    @cached_property
    def bounds(self) -> Bounds:
        """From which score on a suggestion is safe to apply."""
        return Bounds(self.engine.settings.apply) if self.engine else Bounds()

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

    @property
    def signature(self) -> str:
        """Version, detectors, settings, weights and house rules: enough to get the same numbers again."""
        return f"{self._signature}|house:{self.house.rules.version}" if self.house else self._signature

    @cached_property
    def _signature(self) -> str:
        parts = [f"repair:{repair.__version__}", f"detectors:{'+'.join(self._names)}", f"at:{self.config.apply_at}"]
        if self.config.threshold is not None:
            parts.append(f"threshold:{self.config.threshold:g}")
        return "|".join(parts + (self.engine.signature if self.engine else ["model:none"]))

    @cached_property
    def _names(self) -> list[str]:
        return [name for name in self.config.detectors if name != "lm" or not self.config.no_model]

    @cached_property
    def _detectors(self) -> list[Detector]:
        """Those that work without the language model, most trusted first."""
        made: list[Detector] = [self.house] if self.house else []
        if "lexicon" in self._names:
            from repair.detect.lexicon import LexiconDetector
            from repair.house_style import HouseStyle, load_house_style

            style = self.config.house_style
            short_names = self.house.rules.short_names if self.house else None
            made.append(LexiconDetector(load_house_style(style) if style else short_names or HouseStyle()))
        if "rules" in self._names:
            from repair.detect.rules import RULES, RulesDetector

            known = {rule.id for rule in RULES}
            made.append(RulesDetector(known & set(self.config.ignore.rules)))
        if "languagetool" in self._names:
            from repair.detect.languagetool import LanguageToolDetector

            settings = self.config.languagetool
            made.append(LanguageToolDetector(settings.path, settings.server, settings.download))
        return made

    def _read(self, text: str, name: str) -> Document:
        """The text with its sentences, and with what the house rules say never to touch protected."""
        document = read_document(text, name)
        return self.house.protect(document) if self.house else document

    def _find(self, documents: list[Document]) -> tuple[list[list[Finding]], list[list[float]]]:
        """Findings of all detectors, none overlapping, sorted; and a probability of being garbled for every word."""
        found: list[list[Finding]] = [[] for _ in documents]
        for detector in list(self._detectors):
            try:
                rows = detector.find(documents)
            except UnavailableError as error:
                self._detectors.remove(detector)
                self._notes.append(f"going on without {detector.name}: {error}")
                continue
            for document, mine, more in zip(documents, found, rows, strict=True):
                for finding in sorted(more, key=lambda f: -f.score):  # the surer of two that clash
                    if self._reported(document, finding) and not any(clash(finding.span, m.span) for m in mine):
                        mine.append(finding)
        scores = [[0.0] * len(words(document.text)) for document in documents]
        if self.engine:
            read = self.engine.read(documents)
            doubts = [
                self.engine.doubts(document, judged, sorted(f.span for f in mine))
                for document, mine, judged in zip(documents, found, read, strict=True)
            ]
            doubts = [
                [f for f in some if not is_ignored(d, f, self.config.ignore)]
                for d, some in zip(documents, doubts, strict=True)
            ]
            self.engine.look(documents, found, doubts, read)
            scores = [list(row) for row in read]
        for document, mine, row in zip(documents, found, scores, strict=True):
            mine.sort(key=lambda finding: finding.span)
            raise_scores(document, mine, row)
        return found, scores

    def _tell(self) -> tuple[str, ...]:
        notes = tuple(self._notes) + ((self.house.trouble,) if self.house and self.house.trouble else ())
        self._notes.clear()
        return notes

    def _reported(self, document: Document, finding: Finding) -> bool:
        threshold = self.config.threshold or 0.0
        return finding.score >= threshold and not is_ignored(document, finding, self.config.ignore)

    def _applies(self, repair: Repair) -> bool:
        least = Safety.SAFE if self.config.apply_at == "safe" else Safety.REVIEW
        return repair.safety >= least

    def _settle(self, documents: Sequence[Document], applied: list[list[Repair]]) -> None:
        """Read the outputs again and add what has become safe to repair, so that fixing twice changes nothing more."""
        open_ones = [i for i, repairs in enumerate(applied) if repairs]
        for done in range(ROUNDS):
            if not open_ones:
                return
            tell("again", done, ROUNDS)
            outputs = [apply(documents[i].text, [e for r in applied[i] for e in r.edits]) for i in open_ones]
            again = [self._read(output, documents[i].name) for i, output in zip(open_ones, outputs, strict=True)]
            found, _ = self._find(again)
            changed = []
            for i, document, findings in zip(open_ones, again, found, strict=True):
                more = [repair for repair in decide(document, findings, self.bounds) if self._applies(repair)]
                if more:
                    applied[i] = merge(documents[i].text, applied[i], more)
                    changed.append(i)
            open_ones = changed


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """A few items at a time."""
    rest = iter(items)
    while some := list(islice(rest, BATCH)):
        yield some


def clash(one: Span, other: Span) -> bool:
    """Two findings cannot both stand: they overlap, or an empty one lies in or at the border of the other."""
    return one.overlaps(other) or (min(len(one), len(other)) == 0 and one.start <= other.end and other.start <= one.end)


def raise_scores(document: Document, findings: Sequence[Finding], scores: list[float]) -> None:
    """A word that a finding touches is at least as likely garbled as the finding is."""
    every = words(document.text)
    at = 0
    for finding in findings:
        while at < len(every) and every[at].end <= finding.span.start:
            at += 1
        i = at
        while i < len(every) and every[i].start < max(finding.span.end, finding.span.start + 1):
            scores[i] = max(scores[i], finding.score)
            i += 1
