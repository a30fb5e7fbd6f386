"""What a check finds and a fix does: frozen data and its JSON, nothing else.

The JSON is versioned (`repair/1`) and described by `repair/data/schema.json`; every front end prints the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any, Literal, Protocol, get_args, overload

from repair.edits import Edit, apply
from repair.text import Document, Span

SCHEMA = "repair/1"

# MQM names (https://themqm.org); from `accuracy/number` to `accuracy/quotation` they show beside the source alone.
Category = Literal[
    "accuracy/mistranslation",
    "accuracy/untranslated",
    "accuracy/omission",
    "accuracy/addition",
    "accuracy/number",
    "accuracy/date",
    "accuracy/unit",
    "accuracy/name",
    "accuracy/negation",
    "accuracy/quotation",
    "fluency/grammar",
    "fluency/spelling",
    "fluency/spacing",
    "fluency/punctuation",
    "fluency/repetition",
    "fluency/inconsistency",
    "style/unidiomatic",
    "locale/format",
]
Severity = Literal["minor", "major", "critical"]
LEADS = 0.5  # from this score on an editor takes a suggestion more often than not
SHOWN = 3  # suggestions of a finding; an editor is not offered more
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


class Safety(IntEnum):
    """May a repair be applied? `fix` applies SAFE, an editor is shown REVIEW, REJECTED is only listed."""

    REJECTED = 0
    REVIEW = 1
    SAFE = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Text to put in place of a finding's whole span. `score` in [0, 1]: how likely an editor takes it.

    `trusted` marks a mechanical fix (spacing, an abbreviation from the table) whose rule vouches for it, `guess` what a
    language model proposes; `by` names that model where it is not our own.
    """

    text: str
    score: float
    trusted: bool = False
    guess: bool = False
    by: str = ""

    def to_json(self) -> dict[str, Any]:
        result: dict[str, Any] = {"text": self.text, "score": round(self.score, 4)}
        return result | ({"by": self.by} if self.by else {})


@dataclass(frozen=True, slots=True)
class Finding:
    """One garbled span. `score` in [0, 1] is the probability that it is really garbled.

    `source` names the detector and its rule (`rules/space-before-punctuation`, `lexicon`, `lm`); `suggestions` are
    best first, and an empty tuple means that a person has to look.
    """

    span: Span
    category: Category
    severity: Severity
    score: float
    message: str
    source: str
    suggestions: tuple[Suggestion, ...] = ()

    def to_json(self, text: str) -> dict[str, Any]:
        return {
            "start": self.span.start,
            "end": self.span.end,
            "text": self.span.of(text),
            "category": self.category,
            "severity": self.severity,
            "score": round(self.score, 4),
            "message": self.message,
            "source": self.source,
            "suggestions": [suggestion.to_json() for suggestion in self.suggestions],
        }


@dataclass(frozen=True, slots=True)
class Repair:
    """One atomic change: all of its `edits` are applied or none. `span` covers them; `reasons` say why, or why not."""

    span: Span
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...]
    safety: Safety
    reasons: tuple[str, ...]
    score: float

    @property
    def leads(self) -> bool:
        """Is it the fix of its place, and not one idea among others? Ideas are never applied unchosen."""
        return self.safety is Safety.SAFE or (self.safety is Safety.REVIEW and self.score >= LEADS)

    def after(self, text: str) -> str:
        """The span's text once the repair is applied."""
        local = [Edit(e.span.shift(-self.span.start), e.text) for e in self.edits]
        return apply(self.span.of(text), local)

    def to_json(self, text: str) -> dict[str, Any]:
        return {
            "start": self.span.start,
            "end": self.span.end,
            "before": self.span.of(text),
            "after": self.after(text),
            "safety": self.safety.name.lower(),
            "score": round(self.score, 4),
            "reasons": list(self.reasons),
            "findings": [f.to_json(text) for f in self.findings],
        }


class Undecided(Sequence[Repair]):
    """Repairs that are decided when somebody first looks at them, by `decide`: few who check a text ask for them."""

    def __init__(self, decide: Callable[[], Sequence[Repair]]) -> None:
        self._decide = decide

    @cached_property
    def _repairs(self) -> tuple[Repair, ...]:
        return tuple(self._decide())

    @overload
    def __getitem__(self, index: int) -> Repair: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Repair, ...]: ...
    def __getitem__(self, index: int | slice) -> Repair | tuple[Repair, ...]:
        return self._repairs[index]

    def __len__(self) -> int:
        return len(self._repairs)


@dataclass(frozen=True, slots=True)
class Verdict:
    """May a text be published unread, at a `budget` of false alarms per 1,000 words of clean news?

    `findings` count against it: those with a score from `threshold` on. Of such, clean news has `expected` per 1,000
    words.
    """

    publish: bool
    findings: int
    budget: float
    expected: float
    threshold: float

    def line(self, name: str) -> str:
        """What the command prints for the text called `name`."""
        if self.publish:
            return f"publish: {name}"
        noun = "finding" if self.findings == 1 else "findings"
        expected = f"about {self.expected:.2g} false alarms per 1,000 words expected"
        return f"needs a person: {name} ({self.findings} {noun}, {expected})"

    def to_json(self) -> dict[str, Any]:
        return {
            "decision": "publish" if self.publish else "needs a person",
            "findings": self.findings,
            "budget": self.budget,
            "expected": round(self.expected, 4),
            "threshold": round(self.threshold, 4),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The result for one document. `output` is None for a check; for a fix it is the repaired text.

    `not_applied` are the repairs that were thought of and not made: for a check all of them, decided when looked at.

    `word_scores` has one probability of being garbled per whitespace-separated word, where it was asked for; `verdict`
    is the gate's, where it was asked. `files` are the bytes of the file before and after, where it is no plain text.
    """

    document: Document
    findings: tuple[Finding, ...]
    signature: str
    output: str | None = None
    applied: tuple[Repair, ...] = ()
    not_applied: Sequence[Repair] = ()
    word_scores: tuple[float, ...] | None = None
    id: Any = None
    notes: tuple[str, ...] = field(default=())
    verdict: Verdict | None = None
    files: tuple[bytes, bytes] | None = None

    def __post_init__(self) -> None:
        if self.output is not None:
            edits = [edit for repair in self.applied for edit in repair.edits]
            if apply(self.document.text, edits) != self.output:
                raise AssertionError("the applied repairs do not give the output")

    def summary(self) -> dict[str, Any]:
        """Counts for people and scripts: words, findings, and findings by category and severity."""
        return {
            "words": len(self.document.text.split()),
            "sentences": len(self.document.sentences),
            "findings": len(self.findings),
            "by_category": dict(sorted(Counter(f.category for f in self.findings).items())),
            "by_severity": dict(sorted(Counter(f.severity for f in self.findings).items())),
        }

    def to_json(self) -> dict[str, Any]:
        """The object that `--format jsonl` prints for this document."""
        text = self.document.text
        result: dict[str, Any] = {
            "schema": SCHEMA,
            "name": self.document.name,
            "id": self.id,
            "findings": [f.to_json(text) for f in self.findings],
            "summary": self.summary(),
            "signature": self.signature,
        }
        if self.output is not None:
            result["output"] = self.output
            result["applied"] = [r.to_json(text) for r in self.applied]
            result["not_applied"] = [r.to_json(text) for r in self.not_applied]
        if self.word_scores is not None:
            result["word_scores"] = [round(score, 4) for score in self.word_scores]
        if self.verdict is not None:
            result["gate"] = self.verdict.to_json()
        if self.notes:
            result["notes"] = list(self.notes)
        return result


class Detector(Protocol):
    """Points at garbled spans and scores them; never changes anything."""

    name: str

    def find(self, document: Document) -> list[Finding]:
        """Its findings in `document`. Raises UnavailableError where what it needs is not there."""
        ...
