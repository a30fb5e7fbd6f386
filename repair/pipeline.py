"""The order of the stages, and the only place that knows it: read, detect, merge, propose, gate, apply, read again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import msgspec

import repair
from repair.alike import alike
from repair.config import DETECTORS, Config
from repair.decide import Measured, decide
from repair.edits import BLANK, apply, follow, keeping_blanks
from repair.errors import ConfigError, UnavailableError, hint
from repair.findings import Detector, Finding, Repair, Report, Safety, Undecided
from repair.flow import Flow, flowing
from repair.ignore import Ignored
from repair.inputs import Item
from repair.languages import left_alone, with_foreign
from repair.patience import still_wanted
from repair.progress import tell
from repair.rounds import merge
from repair.segment import read_document
from repair.tables import is_extended
from repair.text import Document, Marks, Span, touches, words

if TYPE_CHECKING:
    from repair.detect.house import House
    from repair.engine import Engine

ROUNDS = 6  # readings of its own output before a text is taken for stable


class Repairer:
    """Checks and fixes texts; keeps its models loaded. One for a whole program is enough.

    Raises ConfigError, ModelError or UnavailableError, at the first text, for what is asked for and not there.
    """

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config()
        self._notes: list[str] = []  # what the next report has to tell, once

    def check(self, text: str, name: str = "", id: Any = None, word_scores: bool = False, source: str = "") -> Report:
        """Findings of one text. With `word_scores` also the probability of being garbled of each of its words; with
        the `source` that it was translated from also what only the two together show."""
        return next(self.check_many([Item(text, name, id, Marks(source=source))], word_scores))

    def fix(self, text: str, name: str = "", id: Any = None, source: str = "") -> Report:
        """Findings of one text, what was repaired, and the repaired text."""
        return next(self.fix_many([Item(text, name, id, Marks(source=source))]))

    def check_many(self, items: Iterable[Item], word_scores: bool = False) -> Iterator[Report]:
        """A report for each item, in order; an item is taken when its report is asked for, so any number may come."""
        for item in items:
            yield self._check(item, word_scores)

    def fix_many(self, items: Iterable[Item]) -> Iterator[Report]:
        """As `check_many`, with the safe repairs applied; a text is read again until nothing more is safe to repair."""
        for item in items:
            yield self._fix(item)

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
        from repair.engine import pretrained

        return pretrained(self.config)

    @cached_property
    def bounds(self) -> Measured:
        """What is safe to apply; a rewriter that the user has named is not calibrated, and nothing of it is."""
        return Measured(self.engine.settings.apply) if self.engine and not self.engine.rewriting else Measured()

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

    def verify(self) -> None:
        """Raises ConfigError for names in the settings that mean nothing, and where no detector is left.

        Otherwise this is told at the first text.
        """
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
        served = self.engine.served_signature if self.engine else []
        house = [f"house:{self.house.rules.version}"] if self.house else []
        return "|".join([self._signature, *served, *house])

    @cached_property
    def _signature(self) -> str:
        self.verify()
        parts = [f"repair:{repair.__version__}", f"detectors:{'+'.join(self._names)}", f"at:{self.config.apply_at}"]
        if self.config.threshold is not None:
            parts.append(f"threshold:{self.config.threshold:g}")
        if is_extended():
            parts.append("tables:gpl")
        return "|".join(parts + (self.engine.signature if self.engine else ["model:none"]))

    @cached_property
    def _names(self) -> list[str]:
        return [name for name in self.config.detectors if name != "lm" or not self.config.no_model]

    @cached_property
    def _detectors(self) -> list[Detector]:
        """Those that work without the language model, most trusted first."""
        self.verify()
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

    def _check(self, item: Item, word_scores: bool) -> Report:
        flow, document = self._take(item)
        findings, scores = self._find(document)
        report = Report(
            document,
            tuple(findings),
            self.signature,
            not_applied=Undecided(lambda: decide(document, findings, self.bounds)),
            word_scores=tuple(scores) if word_scores else None,
            id=item.id,
            notes=(*self._tell(), *left_alone(document.foreign), *_source_left_aside(document)),
        )
        return flow.back(report)

    def _fix(self, item: Item) -> Report:
        flow, document = self._take(item)
        tell("reading", 0, 1)
        findings, _ = self._find(document)
        repairs = decide(document, findings, self.bounds)
        applied = self._settle(document, flow.marks, [repair for repair in repairs if self._applies(repair)])
        report = Report(
            document,
            tuple(findings),
            self.signature,
            apply(document.text, [edit for repair in applied for edit in repair.edits]),
            tuple(applied),
            left(repairs, applied),
            id=item.id,
            notes=(*self._tell(), *left_alone(document.foreign), *_source_left_aside(document)),
        )
        return flow.back(report)

    def _take(self, item: Item) -> tuple[Flow, Document]:
        """The text as it flows, with the passages in other languages marked, and its document."""
        flow = flowing(item.text, item.marks)
        flow = replace(flow, marks=with_foreign(flow.text, flow.marks))
        return flow, self._read(flow.text, item.name, flow.marks)

    def _read(self, text: str, name: str, marks: Marks) -> Document:
        """The text with its sentences, and with what the house rules say never to touch protected."""
        document = read_document(text, name, marks)
        return self.house.protect(document) if self.house else document

    def _find(self, document: Document, model: bool = True) -> tuple[list[Finding], list[float]]:
        """Findings of all detectors, none overlapping, sorted; and a probability of being garbled for every word.

        Without `model` the language model does not read, and nothing is compared with the source.
        """
        found: list[Finding] = []
        ignored = Ignored(document, self.config.ignore)
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
        scores = [0.0] * len(words(document.text))
        # none of them brings a fix, so where repairs are looked for, without the model, they are not needed
        beside = [one for one in _against_source(document) if one not in ignored] if model else []
        if self.engine and model:
            scores = self.engine.read(document)
            doubts = self.engine.doubts(document, scores, sorted(f.span for f in (*found, *beside)))
            doubts = [doubt for doubt in doubts if doubt not in ignored]
            confirmed = self.engine.look_twice(document, doubts, scores)
            found = sorted(self.engine.propose(document, [*found, *confirmed]), key=lambda finding: finding.span)
        for finding in beside:
            add(found, finding)
        found = sorted((with_blanks(document.text, finding) for finding in found), key=lambda finding: finding.span)
        found = alike(document, found)
        return found, raised(document, found, scores)

    def _tell(self) -> tuple[str, ...]:
        notes = tuple(self._notes) + ((self.house.trouble,) if self.house and self.house.trouble else ())
        self._notes.clear()
        return notes + (self.engine.served.tell() if self.engine and self.engine.served else ())

    def _applies(self, repair: Repair) -> bool:
        least = Safety.SAFE if self.config.apply_at == "safe" else Safety.REVIEW
        return repair.safety >= least

    def _settle(self, document: Document, marks: Marks, applied: list[Repair]) -> list[Repair]:
        """`applied`, and what has become safe to repair once they are, so that fixing twice changes nothing more.

        The model reads again only where the rules have no more to say and a repair of its own could be applied.
        """
        for done in range(ROUNDS if applied else 0):
            tell("again", done, ROUNDS)
            edits = [edit for repair in applied for edit in repair.edits]
            again = self._read(apply(document.text, edits), document.name, follow(marks, edits))
            more = self._applicable(again, model=False)
            if not more and self._applies_guesses:
                more = self._applicable(again, model=True)
            if not more:
                break
            applied = merge(document.text, applied, more)
        return applied

    def _applicable(self, document: Document, model: bool) -> list[Repair]:
        findings, _ = self._find(document, model)
        return [repair for repair in decide(document, findings, self.bounds) if self._applies(repair)]

    @property
    def _applies_guesses(self) -> bool:
        """Might a repair that a language model proposes be applied?"""
        return self.engine is not None and (self.config.apply_at == "review" or self.bounds.model < 1)


def _against_source(document: Document) -> list[Finding]:
    """What the document's source shows; nothing without one."""
    if not document.source:
        return []
    # deferred: its tables take a moment, and most texts come without a source
    from repair.source.check import against_source
    from repair.source.checks import CHECKS

    return against_source(document, CHECKS)


def _source_left_aside(document: Document) -> tuple[str, ...]:
    if not document.source:
        return ()
    from repair.source.pairs import left_aside

    return left_aside(document)


def left(repairs: Sequence[Repair], applied: Sequence[Repair]) -> tuple[Repair, ...]:
    """The `repairs` that none of those `applied` is, or has taken in."""
    done = sorted(repair.span for repair in applied)
    same = set(done)
    return tuple(repair for repair in repairs if repair.span not in same and not touches(repair.span, done))


def add(findings: list[Finding], new: Finding) -> None:
    """Put `new` in its place among the sorted `findings`, of which no two clash, unless it clashes with one."""
    place = bisect_left(findings, new.span, key=lambda finding: finding.span)
    if not any(clash(new.span, near.span) for near in findings[max(place - 1, 0) : place + 1]):
        findings.insert(place, new)


def with_blanks(text: str, finding: Finding) -> Finding:
    """The finding with suggestions that leave a hard space hard."""
    old = finding.span.of(text)
    if not finding.suggestions or not BLANK.search(old):
        return finding
    kept = (replace(one, text=keeping_blanks(old, one.text)) for one in finding.suggestions)
    return replace(finding, suggestions=tuple(kept))


def clash(one: Span, other: Span) -> bool:
    """Two findings cannot both stand: they overlap, or an empty one lies in or at the border of the other."""
    return one.overlaps(other) or (min(len(one), len(other)) == 0 and one.start <= other.end and other.start <= one.end)


def raised(document: Document, findings: Sequence[Finding], scores: Sequence[float]) -> list[float]:
    """`scores` in which a word that a finding touches is at least as likely garbled as the finding is."""
    result, every = list(scores), words(document.text)
    at = 0
    for finding in findings:
        while at < len(every) and every[at].end <= finding.span.start:
            at += 1
        i = at
        while i < len(every) and every[i].start < max(finding.span.end, finding.span.start + 1):
            result[i] = max(result[i], finding.score)
            i += 1
    return result
