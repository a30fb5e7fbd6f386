"""The order of the stages, which nothing else knows: read, detect, look twice, propose, gate, apply, read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from repair.alike import alike
from repair.config import Config
from repair.decide import decide
from repair.edits import apply, follow
from repair.findings import Finding, Repair, Report, Safety, Undecided
from repair.flow import Flow, flowing
from repair.found import add, raised, with_blanks
from repair.ignore import Ignored
from repair.inputs import Item
from repair.languages import with_foreign
from repair.progress import tell
from repair.rounds import left, merge
from repair.segment import read_document
from repair.text import Document, Marks, words
from repair.tools import Tools

if TYPE_CHECKING:
    from repair.detect.house import House
    from repair.engine import Engine
    from repair.lm.distant import Apart

ROUNDS = 6  # readings of its own output before a text is taken for stable


class Repairer:
    """Checks and fixes texts; keeps its models loaded, or has them in processes `apart`. One for a whole program is
    enough.

    Raises ConfigError, ModelError or UnavailableError, at the first text, for what is asked for and not there.
    """

    def __init__(self, config: Config | None = None, apart: Apart | None = None) -> None:
        self.config = config or Config()
        self.tools = Tools(self.config, apart)

    def check(self, text: str, name: str = "", id: Any = None, word_scores: bool = False, source: str = "") -> Report:
        """Findings of one text. With `word_scores` also the probability of being garbled of each of its words; with
        the `source` that it was translated from also what only the two together show."""
        return self._check(Item(text, name, id, Marks(source=source)), word_scores)

    def fix(self, text: str, name: str = "", id: Any = None, source: str = "") -> Report:
        """Findings of one text, what was repaired, and the repaired text."""
        return self._fix(Item(text, name, id, Marks(source=source)))

    def check_many(self, items: Iterable[Item], word_scores: bool = False) -> Iterator[Report]:
        """A report for each item, in order; an item is taken when its report is asked for, so any number may come."""
        for item in items:
            yield self._check(item, word_scores)

    def fix_many(self, items: Iterable[Item]) -> Iterator[Report]:
        """As `check_many`, with the safe repairs applied; a text is read again until nothing more is safe to repair."""
        for item in items:
            yield self._fix(item)

    def _check(self, item: Item, word_scores: bool) -> Report:
        flow, document = self._take(item)
        findings, scores = self._find(document)
        return flow.back(
            self._report(
                item,
                document,
                findings,
                not_applied=Undecided(lambda: self._gate(document, findings)),
                word_scores=tuple(scores) if word_scores else None,
            )
        )

    def _fix(self, item: Item) -> Report:
        flow, document = self._take(item)
        tell("reading", 0, 1)
        findings, _ = self._find(document)
        repairs = self._gate(document, findings)
        applied = self._read_again(document, flow.marks, [repair for repair in repairs if self._applies(repair)])
        output, rest = _output(document, applied), left(repairs, applied)
        return flow.back(
            self._report(item, document, findings, output=output, applied=tuple(applied), not_applied=rest)
        )

    def _take(self, item: Item) -> tuple[Flow, Document]:
        """The text as it flows, with the passages in other languages marked, and its document."""
        flow = flowing(item.text, item.marks)
        flow = replace(flow, marks=with_foreign(flow.text, flow.marks))
        return flow, self._read(flow.text, item.name, flow.marks)

    def _read(self, text: str, name: str, marks: Marks) -> Document:
        """The text with its sentences, and with what the house rules say never to touch protected."""
        document = read_document(text, name, marks)
        return self.tools.house.protect(document) if self.tools.house else document

    def _find(self, document: Document, model: bool = True) -> tuple[list[Finding], list[float]]:
        """Detect, look twice, propose: findings, none overlapping, sorted; a probability of being garbled a word.

        Without `model` the language model does not read, and nothing is compared with the source: such findings have no
        fix, and where repairs alone are looked for they are not needed.
        """
        ignored, engine = Ignored(document, self.config.ignore), self.tools.engine
        found = self.tools.detect(document, ignored)
        beside = self.tools.compare_with_source(document, ignored) if model else []
        scores = [0.0] * len(words(document.text))
        if engine and model:
            scores = engine.read(document)
            doubts = engine.doubts(document, scores, sorted(finding.span for finding in (*found, *beside)))
            doubts = [doubt for doubt in doubts if doubt not in ignored]
            confirmed = engine.look_twice(document, doubts, scores)
            found = sorted(engine.corrector.propose(document, [*found, *confirmed]), key=lambda finding: finding.span)
        for finding in beside:
            add(found, finding)  # unless it clashes with one that is there
        found = sorted(with_blanks(document.text, found), key=lambda finding: finding.span)  # hard spaces stay hard
        found = alike(document, found)  # the same words in like surroundings get the same wordings
        return found, raised(document, found, scores)  # no word is surer to be sound than what is found there

    def _gate(self, document: Document, findings: list[Finding]) -> list[Repair]:
        """What may become of the findings: repairs, each safe, for review or refused."""
        return decide(document, findings, self.tools.trust)

    def _read_again(self, document: Document, marks: Marks, applied: list[Repair]) -> list[Repair]:
        """`applied`, and what has become safe to repair once they are, so that fixing twice changes nothing more.

        The model reads again only where the rules have no more to say and a repair of its own could be applied.
        """
        for done in range(ROUNDS if applied else 0):
            tell("again", done, ROUNDS)
            edits = [edit for repair in applied for edit in repair.edits]
            again = self._read(_output(document, applied), document.name, follow(marks, edits))
            more = self._applicable(again, model=False)
            if not more and self._applies_guesses:
                more = self._applicable(again, model=True)
            if not more:
                break
            applied = merge(document.text, applied, more)
        return applied

    def _applicable(self, document: Document, model: bool) -> list[Repair]:
        """The repairs of a text that are applied."""
        findings, _ = self._find(document, model)
        return [repair for repair in self._gate(document, findings) if self._applies(repair)]

    def _applies(self, repair: Repair) -> bool:
        """Is a repair safe enough for these settings? Of those for review only what leads is: an idea of the model is
        wrong more often than right.
        """
        return repair.safety is Safety.SAFE or (self.config.apply_at == "review" and repair.leads)

    @property
    def _applies_guesses(self) -> bool:
        """Might a repair that a language model proposes be applied?"""
        return self.tools.engine is not None and (self.config.apply_at == "review" or self.tools.trust.takes_guesses)

    def _report(self, item: Item, document: Document, findings: list[Finding], **rest: Any) -> Report:
        notes = self.tools.notes(document)
        return Report(document, tuple(findings), self.signature, id=item.id, notes=notes, **rest)

    def applying(self, least: Literal["safe", "review"]) -> Repairer:
        """One that applies repairs from this safety on and shares what is loaded; itself where it does already."""
        if least == self.config.apply_at:
            return self
        other = Repairer(msgspec.structs.replace(self.config, apply_at=least))
        other.tools = self.tools.under(other.config)
        return other

    @property
    def engine(self) -> Engine | None:
        """The language model with detector and corrector; None without."""
        return self.tools.engine

    @property
    def house(self) -> House | None:
        """The house rules; None without a file of them."""
        return self.tools.house

    @property
    def lm(self) -> Any:
        """The base model alone, with `.model` and `.tokenizer`, loaded when first asked for; None without the model."""
        return self.tools.pretrained

    @property
    def signature(self) -> str:
        """Version, detectors, settings, weights, served model and house rules: enough to get the same numbers again."""
        return self.tools.signature

    def verify(self) -> None:
        """Raises ConfigError for names in the settings that mean nothing; otherwise this is told at the first text."""
        self.tools.verify()


def _output(document: Document, applied: Iterable[Repair]) -> str:
    return apply(document.text, [edit for repair in applied for edit in repair.edits])
