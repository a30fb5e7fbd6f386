"""Files that are no plain text, from their texts and back: what is found is shown where it stands in the file.

The reports of an article's texts become one. Where the file is text itself (HTML, Markdown, XML, JSON) its offsets are
those of the file; of a package (DOCX) the text is shown, and the repaired package goes beside it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from repair.edits import Edit, apply
from repair.findings import Finding, Repair, Report, Safety
from repair.formats import splice
from repair.formats.docx import Docx
from repair.formats.lead import Led, back, lead_back
from repair.formats.postedit import Comment, File, Joined
from repair.formats.view import Part, Unmappable, View
from repair.formats.wordcounts import STALE, stale
from repair.inputs import Item
from repair.text import BOM, Document, Span, inside_of, merged, words

Work = Callable[[Iterable[Item]], Iterator[Report]]


def of_files(work: Work, tracked: bool = False) -> Work:
    """`work` for items some of which are files with texts inside; one report for each item, in order. With `tracked`
    Word documents are fixed by tracked changes and comments."""

    def run(items: Iterable[Item]) -> Iterator[Report]:
        waiting: deque[Item] = deque()

        def texts() -> Iterator[Item]:
            for item in items:
                waiting.append(item)
                if item.file is None:
                    yield item
                else:
                    for part in item.file.parts:
                        yield Item(part.view.text, item.name, item.id, part.view.marks)

        reports: list[Report] = []
        for report in work(texts()):
            reports.append(report)
            file = waiting[0].file
            if file is None or len(reports) == len(file.parts):
                waiting.popleft()
                yield together(file, reports, tracked) if file else report
                reports = []

    return run


def together(file: File, reports: Sequence[Report], tracked: bool = False) -> Report:
    """One report on the file that says what those on its texts say."""
    led = lead_back(file.format, file.data, file.parts, reports)
    splices = [one for repair in led for one in repair.splices]
    sources = file.format.sources(file.data)
    whole = _Text(file.parts) if any(part.member for part in file.parts) else _File(sources[""], file.parts)
    document = _document(whole, reports)
    applied = [whole.repair(one.part, one.repair) for one in led if one.splices]
    rest = [_refused(whole, one) for one in led if not one.splices]
    findings = [whole.finding(number, finding) for number, report in enumerate(reports) for finding in report.findings]
    fixed = reports[0].output is not None
    notes = [note for report in reports for note in report.notes] + [STALE] * stale(file.format, file.data, splices)
    if tracked and isinstance(file.format, Docx):
        after = file.tracked(splices, comments(findings, applied, rest, whole.text))
    else:
        after = splice(file.format, file.data, splices)
    return Report(
        document,
        tuple(sorted(findings, key=lambda finding: finding.span)),
        reports[0].signature,
        apply(document.text, [edit for repair in applied for edit in repair.edits]) if fixed else None,
        tuple(applied),
        tuple(sorted(rest, key=lambda repair: repair.span)),
        _scores(whole, reports) if reports[0].word_scores is not None else None,
        reports[0].id,
        tuple(dict.fromkeys(notes)),
        files=(file.data, after) if fixed else None,
    )


def comments(
    findings: Sequence[Finding], applied: Sequence[Repair], rest: Sequence[Repair], text: str
) -> Iterator[Comment]:
    """What is said beside a text of the findings that a person has to decide."""
    done = {finding for repair in applied for finding in repair.findings}
    for repair in rest:
        left = [finding for finding in repair.findings if finding not in done]
        if repair.safety is Safety.REVIEW and left:
            done |= set(left)
            told = " ".join(dict.fromkeys(finding.message for finding in left))
            yield Comment(repair.span, f"{told} {suggested(repair.after(text))}")
    for finding in findings:
        if finding not in done:
            yield Comment(finding.span, finding.message)


def suggested(text: str) -> str:
    return f"Perhaps “{text}”." if text.strip() else "Perhaps without it."


def _refused(whole: _Text | _File, one: Led) -> Repair:
    repair = whole.repair(one.part, one.repair)
    if not one.refused:
        return repair
    return replace(repair, safety=min(repair.safety, Safety.REVIEW), reasons=(*repair.reasons, *one.refused))


def _document(whole: _Text | _File, reports: Sequence[Report]) -> Document:
    """The document of the whole; its sentences tile it."""
    inside = [(number, report.document) for number, report in enumerate(reports)]
    starts = sorted({0, *(whole.span(n, sentence).start for n, document in inside for sentence in document.sentences)})
    ends = [*starts[1:], len(whole.text)]
    return Document(
        reports[0].document.name,
        whole.text,
        tuple(Span(start, end) for start, end in zip(starts, ends, strict=True) if start < end),
        merged(whole.span(n, span) for n, document in inside for span in document.protected),
        merged(whole.span(n, span) for n, document in inside for span in document.quotations),
        tuple(replace(block, span=whole.span(n, block.span)) for n, document in inside for block in document.blocks),
    )


def _scores(whole: _Text | _File, reports: Sequence[Report]) -> tuple[float, ...]:
    """A score for each word of the whole; what is markup in it has none."""
    every = words(whole.text)
    scores = [0.0] * len(every)
    for number, report in enumerate(reports):
        for word, score in zip(words(report.document.text), report.word_scores or (), strict=True):
            for i in inside_of(every, whole.span(number, word)):
                scores[i] = max(scores[i], score)
    return tuple(scores)


class _Text(Joined):
    """The texts of a package, one after the other."""

    def finding(self, number: int, finding: Finding) -> Finding:
        return replace(finding, span=self.span(number, finding.span))

    def repair(self, number: int, repair: Repair) -> Repair:
        return replace(
            repair,
            span=self.span(number, repair.span),
            edits=tuple(Edit(self.span(number, edit.span), edit.text) for edit in repair.edits),
            findings=tuple(self.finding(number, finding) for finding in repair.findings),
        )


class _File:
    """The characters of the file itself, but for a byte-order mark."""

    def __init__(self, source: str, parts: Sequence[Part]) -> None:
        self.text = source.removeprefix(BOM)
        self.before = len(source) - len(self.text)
        self.views: list[View] = [part.view for part in parts]

    def span(self, number: int, span: Span) -> Span:
        return self.views[number].spread(span).shift(-self.before)

    def edit(self, edit: Edit) -> Edit:
        """The edit of the file's text that this one of its source is."""
        return Edit(edit.span.shift(-self.before), edit.text)

    def finding(self, number: int, finding: Finding) -> Finding:
        """What would change markup is no suggestion for the file."""
        span = self.span(number, finding.span)
        fixes = []
        for suggestion in finding.suggestions:
            try:
                edit = self.edit(self.views[number].back(Edit(finding.span, suggestion.text)))
            except Unmappable:
                continue
            if edit.span == span:
                fixes.append(replace(suggestion, text=edit.text))
        return replace(finding, span=span, suggestions=tuple(fixes))

    def repair(self, number: int, repair: Repair) -> Repair:
        """The repair in the file; one that has no way back to it has no edits."""
        try:
            edits = tuple(self.edit(back(self.views[number], edit)) for edit in repair.edits)
        except Unmappable:
            edits = ()
        span = self.span(number, repair.span)
        around = Span(
            min([span.start, *(edit.span.start for edit in edits)]), max([span.end, *(edit.span.end for edit in edits)])
        )
        findings = tuple(self.finding(number, finding) for finding in repair.findings)
        return replace(repair, span=around, edits=edits, findings=findings)
