"""One self-contained HTML page: every text with its findings marked, the reasons, the fixes, and what was changed.

The page asks nothing of any network; its own content policy forbids it. The template (`page.html.j2`) escapes all
that comes from a text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, TypeVar

from jinja2 import Environment, StrictUndefined, Template

from repair import __version__
from repair.certainty import TITLES, Certainty, Group, Triage
from repair.findings import SHOWN, Category, Finding, Repair, Report, Safety
from repair.inputs import Failure
from repair.paragraphs import paragraphs
from repair.report import Display, Result
from repair.text import Span, touches

LABELS: dict[Category, str] = {
    "accuracy/mistranslation": "Wrong meaning",
    "accuracy/untranslated": "Not translated",
    "accuracy/omission": "Something is missing",
    "accuracy/addition": "Something was added",
    "accuracy/number": "Number differs",
    "accuracy/date": "Date differs",
    "accuracy/unit": "Unit differs",
    "accuracy/name": "Name differs",
    "accuracy/negation": "Negation differs",
    "accuracy/quotation": "Quotation differs",
    "fluency/grammar": "Grammar",
    "fluency/spelling": "Spelling",
    "fluency/spacing": "Spacing",
    "fluency/punctuation": "Punctuation",
    "fluency/repetition": "Repetition",
    "fluency/inconsistency": "Inconsistent",
    "style/unidiomatic": "Not how English puts it",
    "locale/format": "Format",
}
CHUNK = 200  # pieces of template output joined before they are written

Status = Literal["fixed", "safe", "for review", "refused", "open"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A place in a text as the page shows it. `now` is what stands there after a fix, None where nothing changed."""

    span: Span
    was: str
    now: str | None
    fixes: tuple[str, ...]
    status: Status
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...]
    quoted: bool
    group: Group
    certainty: Certainty
    leads: bool
    number: int = 0

    @property
    def family(self) -> str:
        """The part of the category that decides the colour: accuracy, fluency, style or locale."""
        return self.findings[0].category.partition("/")[0]

    @property
    def label(self) -> str:
        return LABELS[self.findings[0].category]

    @property
    def why(self) -> str:
        """The messages of the findings and why a repair was not made, each once, as one sentence."""
        said = [*(finding.message for finding in self.findings), *self.reasons]
        if self.quoted and not self.reasons:
            said.append("in quoted speech")
        return "; ".join(dict.fromkeys(part.removesuffix(".") for part in said)) + "."


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with its mark, if any; `last` where it ends the mark."""

    text: str
    mark: Highlight | None
    quoted: bool
    last: bool


@dataclass(frozen=True, slots=True)
class ShownText:
    """One text with everything that the template shows of it."""

    report: Report
    marks: list[Highlight]
    paragraphs: list[list[Piece]]

    @property
    def sentences(self) -> int:
        return len(self.report.document.sentences)

    @property
    def touched(self) -> int:
        """How many sentences have a mark."""
        return len({self.report.document.sentence_at(mark.span.start) for mark in self.marks})

    @property
    def groups(self) -> list[tuple[str, list[Highlight]]]:
        """The marks as they are listed, the surest first, with the title of each group."""
        listed = ((title, [mark for mark in self.marks if mark.group == name]) for name, title in TITLES.items())
        return [(title, marks) for title, marks in listed if marks]

    @property
    def fixed(self) -> int:
        return sum(mark.status == "fixed" for mark in self.marks)


@dataclass(slots=True)
class Totals:
    """What the foot of the page sums up; complete once all texts have been shown."""

    texts: int = 0
    failures: int = 0
    marks: int = 0
    fixed: int = 0
    notes: dict[str, None] = field(default_factory=dict)
    signatures: dict[str, None] = field(default_factory=dict)


def render(results: Iterable[Result], display: Display) -> Iterator[str]:
    """The page, written as the texts come."""
    totals = Totals()
    stream = template().stream(pages=_pages(results, totals), totals=totals, version=__version__)
    stream.enable_buffering(CHUNK)
    yield from stream


@cache
def template() -> Template:
    source = (files("repair.report") / "page.html.j2").read_text(encoding="utf-8")
    settings = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return settings.from_string(source)


def _pages(results: Iterable[Result], totals: Totals) -> Iterator[ShownText | Failure]:
    for result in results:
        if isinstance(result, Failure):
            totals.failures += 1
            yield result
            continue
        page = page_of(result)
        totals.texts += 1
        totals.marks += len(page.marks)
        totals.fixed += page.fixed
        totals.notes |= dict.fromkeys(result.notes)
        totals.signatures[result.signature] = None
        yield page


def page_of(report: Report) -> ShownText:
    """The marks of a report, and its text cut at them."""
    marks = marks_of(report)
    cuts = (cut(report, marks, paragraph) for paragraph in paragraphs(report.document.text))
    return ShownText(report, marks, [pieces for pieces in cuts if pieces])


def marks_of(report: Report) -> list[Highlight]:
    """One mark for every applied repair and for every finding that none of these touches, in order of place."""
    triage = Triage(report)
    marks = [_of_repair(report, repair, triage) for repair in report.applied]
    done = sorted(mark.span for mark in marks)
    same = set(done)
    for finding in report.findings:
        if finding.span not in same and not touches(finding.span, done):
            marks.append(_of_finding(report, finding, triage))
    marks.sort(key=lambda mark: mark.span)
    return [replace(mark, number=number) for number, mark in enumerate(marks, start=1)]


def _of_repair(report: Report, repair: Repair, triage: Triage) -> Highlight:
    document, span, first = report.document, repair.span, repair.findings[0]
    return Highlight(
        span,
        was=span.of(document.text),
        now=repair.after(document.text),
        fixes=(),
        status="fixed",
        findings=repair.findings,
        reasons=(),
        quoted=document.is_quoted(span),
        group=triage.group(first),
        certainty=triage.certainty(first),
        leads=True,
    )


def _of_finding(report: Report, finding: Finding, triage: Triage) -> Highlight:
    document, span, repair = report.document, finding.span, triage.repair(finding)
    status: Status = "open"
    if repair is not None:
        status = "refused" if repair.safety is Safety.REJECTED else "for review"
    if triage.safe(finding):
        status = "safe"
    return Highlight(
        span,
        was=span.of(document.text),
        now=None,
        fixes=tuple(suggestion.text for suggestion in finding.suggestions[:SHOWN]),
        status=status,
        findings=(finding,),
        reasons=repair.reasons if repair else (),
        quoted=document.is_quoted(span),
        group=triage.group(finding),
        certainty=triage.certainty(finding),
        leads=triage.leads(finding),
    )


def cut(report: Report, marks: Sequence[Highlight], paragraph: Span) -> list[Piece]:
    """The pieces of a paragraph, without the white space at its end unless that is marked; none for an empty one."""
    document = report.document
    inside = _within(marks, paragraph, lambda mark: mark.span, len(document.text))
    quotations = _within(document.quotations, paragraph, lambda span: span, len(document.text))
    stop = max([paragraph.start + len(paragraph.of(document.text).rstrip()), *(mark.span.end for mark in inside)])
    stop = min(stop, paragraph.end)
    borders = {paragraph.start, stop}
    for span in (*(mark.span for mark in inside), *quotations):
        borders |= {place for place in (span.start, span.end) if paragraph.start < place < stop}
    marked = [mark for mark in inside if mark.span]
    places = {span.start: mark for mark in reversed(inside) if not (span := mark.span)}  # of a missing word
    pieces = [Piece("", places[paragraph.start], False, True)] if paragraph.start in places else []
    for start, end in pairwise(sorted(borders)):
        here = Span(start, end)
        mark = _covering(marked, here, lambda mark: mark.span)
        quoted = _covering(quotations, here, lambda span: span) is not None
        pieces.append(Piece(here.of(document.text), mark, quoted, mark is not None and mark.span.end == end))
        if end in places:
            pieces.append(Piece("", places[end], quoted, True))
    return pieces


def _covering(items: Sequence[T], here: Span, span: Callable[[T], Span]) -> T | None:
    """Of items sorted by place, none of which overlap, the one that covers `here`."""
    place = bisect_right(items, here.start, key=lambda item: span(item).start) - 1
    return items[place] if place >= 0 and span(items[place]).covers(here) else None


def _within(items: Sequence[T], paragraph: Span, span: Callable[[T], Span], size: int) -> list[T]:
    """Of items sorted by place in a text of `size` characters, those in the paragraph; an empty one in just one."""
    first = bisect_left(items, paragraph.start, key=lambda item: span(item).end)
    last = bisect_right(items, paragraph.end, key=lambda item: span(item).start)
    near = ((item, span(item)) for item in items[first:last])
    return [
        item
        for item, s in near
        if s.overlaps(paragraph)
        or (not s and paragraph.start <= s.start < paragraph.end)
        or (not s and s.start == paragraph.end == size)
    ]
