"""What one worker does with a few articles: read their texts, have them repaired, lead the edits back into the bytes.

Both engines call `Worker.run`. The result of an article depends on its bytes and the settings alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from repair.errors import RepairError
from repair.findings import Finding, Report
from repair.formats import NO_ARTICLE, OF_MANY, FormatName, format_of
from repair.formats.errors import FormatError
from repair.formats.lead import lead_back
from repair.formats.view import Part, Splice
from repair.formats.wordcounts import STALE, stale
from repair.inputs import MAX_CHARACTERS, Item
from repair.text import Marks, Span

REMEMBERED = 4_096  # texts whose reading is kept: archives repeat captions, notices and whole articles
SHORT = 20_000  # characters of a text that is worth remembering
AROUND = 60  # characters shown on each side of a finding


class Fixes(Protocol):
    """What is needed of `repair.pipeline.Repairer`."""

    @property
    def signature(self) -> str: ...
    def fix_many(self, items: Iterable[Item]) -> Iterator[Report]: ...


class Task(msgspec.Struct, frozen=True):
    """One article to work on. `file` and `key` say which."""

    file: int
    key: str
    data: bytes
    format: FormatName


class Found(msgspec.Struct, frozen=True):
    """One finding; offsets in code points of the part's text. `repaired`: an applied edit took care of it."""

    part: str
    start: int
    end: int
    text: str
    context: str
    category: str
    severity: str
    score: float
    message: str
    source: str
    suggestions: list[str]
    repaired: bool


class Changed(msgspec.Struct, frozen=True):
    """One edit, applied or not: all of it or nothing. `splices` are what it does to the source; none if not applied."""

    part: str
    start: int
    end: int
    before: str
    after: str
    context: str
    safety: str
    reason: str
    score: float
    sources: list[str]
    splices: list[Splice]


class Outcome(msgspec.Struct, frozen=True):
    """What became of an article. `broken` is the reason where it could not be read; then there is nothing else."""

    file: int
    key: str
    broken: str | None = None
    words: int = 0
    findings: list[Found] = []
    changes: list[Changed] = []
    notes: list[str] = []


class Worker:
    """Holds the repairer, and what it has made of texts it has seen."""

    def __init__(self, repairer: Fixes, fields: tuple[str, ...]) -> None:
        self.repairer = repairer
        self.fields = fields
        self._seen: OrderedDict[tuple[str, Marks], Report] = OrderedDict()

    def run(self, tasks: Sequence[Task]) -> list[Outcome]:
        """An outcome for each task, in order; the texts of all are worked on together.

        Raises RepairError for what concerns them all: a setting, a model that is missing.
        """
        try:
            return self._run(tasks)
        except RepairError:
            raise
        except Exception as error:
            if len(tasks) > 1:
                return [outcome for task in tasks for outcome in self.run([task])]
            return [Outcome(tasks[0].file, tasks[0].key, broken=our_fault(error))]

    def _run(self, tasks: Sequence[Task]) -> list[Outcome]:
        read = [self._read(task) for task in tasks]
        parts = [part for one in read if not isinstance(one, str) for part in one]
        reports = iter(self._fix([(part.view.text, part.view.marks) for part in parts]))
        return [
            Outcome(task.file, task.key, broken=one)
            if isinstance(one, str)
            else self._outcome(task, one, [next(reports) for _ in one])
            for task, one in zip(tasks, read, strict=True)
        ]

    def _read(self, task: Task) -> list[Part] | str:
        """The texts of an article, or why it cannot be read."""
        try:
            parts = format_of(task.format, self.fields).read(task.data)
        except FormatError as error:
            return str(error)
        if any(len(part.view.text) > MAX_CHARACTERS for part in parts):
            return f"longer than {MAX_CHARACTERS:,} characters; split it into articles"
        return NO_ARTICLE if not parts and task.format in OF_MANY else parts

    def _fix(self, texts: Sequence[tuple[str, Marks]]) -> list[Report]:
        """A report for each text; equal texts with equal marks are read once."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._seen]
        made = dict(zip(fresh, self.repairer.fix_many(Item(text, marks=marks) for text, marks in fresh), strict=True))
        reports = [made[text] if text in made else self._seen[text] for text in texts]
        for text, report in zip(texts, reports, strict=True):
            if len(text[0]) <= SHORT:
                self._seen[text] = report
                self._seen.move_to_end(text)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return reports

    def _outcome(self, task: Task, parts: Sequence[Part], reports: Sequence[Report]) -> Outcome:
        led = lead_back(format_of(task.format, self.fields), task.data, parts, reports)
        changes = []
        done: set[tuple[int, Finding]] = set()
        for one in led:
            text, repair = parts[one.part].view.text, one.repair
            changes.append(
                Changed(
                    part=parts[one.part].name,
                    start=repair.span.start,
                    end=repair.span.end,
                    before=repair.span.of(text),
                    after=repair.after(text),
                    context=around(text, repair.span),
                    safety=repair.safety.name.lower(),
                    reason="; ".join((*repair.reasons, *one.refused)),
                    score=round(repair.score, 4),
                    sources=list(dict.fromkeys(finding.source for finding in repair.findings)),
                    splices=list(one.splices),
                )
            )
            if one.splices:
                done |= {(one.part, finding) for finding in repair.findings}
        findings = [
            found(part, finding, (number, finding) in done)
            for number, (part, report) in enumerate(zip(parts, reports, strict=True))
            for finding in report.findings
        ]
        words = sum(len(part.view.text.split()) for part in parts)
        notes = list(dict.fromkeys(note for report in reports for note in report.notes))
        splices = [splice for change in changes for splice in change.splices]
        notes += [STALE] * stale(format_of(task.format, self.fields), task.data, splices)
        return Outcome(task.file, task.key, None, words, findings, changes, notes)


def our_fault(error: Exception) -> str:
    """What is told of an error that nobody has foreseen."""
    return f"an error in repair itself ({type(error).__name__}: {' '.join(str(error).split())}); please report it"


def found(part: Part, finding: Finding, repaired: bool) -> Found:
    text = part.view.text
    return Found(
        part=part.name,
        start=finding.span.start,
        end=finding.span.end,
        text=finding.span.of(text),
        context=around(text, finding.span),
        category=finding.category,
        severity=finding.severity,
        score=round(finding.score, 4),
        message=finding.message,
        source=finding.source,
        suggestions=[suggestion.text for suggestion in finding.suggestions],
        repaired=repaired,
    )


def length(text: str) -> int:
    """How many words there are."""
    return len(text.split())


def around(text: str, span: Span) -> str:
    """What stands around `span`, on one line."""
    return " ".join(text[max(0, span.start - AROUND) : span.end + AROUND].split())
