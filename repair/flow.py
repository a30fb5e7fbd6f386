"""Text as it flows: the line breaks that only wrap a paragraph read as spaces, and what is found is led back.

Rules look at words side by side, so they are given the text without such breaks. An edit that leaves a break alone
leaves it where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from repair.edits import Edit, apply
from repair.findings import Finding, Repair, Report, Undecided
from repair.paragraphs import blocks, tiled
from repair.segment import read_document
from repair.text import Marks, Span, words

# A break with the blanks around it, and the signs that begin each line of a quotation in Markdown.
GAP = re.compile(r"[ \t]*+(?:\r\n|[\n\r\u2028\u2029])[ \t]*+(?:>[ \t]?)*+(?=\S)")
HYPHEN = re.compile(r"\w(?:-|--)\Z")  # what is broken after a hyphen is one word


@dataclass(frozen=True, slots=True)
class Flow:
    """`text` flows, `source` is what it was read from: piece `i` of `text` begins at `at[i]`, and at `of[i]` there.

    Odd pieces are breaks, read whole. `marks` are those of `text`.
    """

    source: str
    known: Marks
    text: str
    marks: Marks
    at: tuple[int, ...] = (0,)
    of: tuple[int, ...] = (0,)

    def start(self, offset: int) -> int:
        """Where in the source the character at `offset` begins."""
        i = bisect_right(self.at, offset) - 1
        return self.of[i] if i % 2 else self.of[i] + offset - self.at[i]

    def end(self, offset: int) -> int:
        """Where in the source what ends at `offset` ends."""
        i = max(bisect_left(self.at, offset) - 1, 0)
        return self.of[i + 1] if i % 2 else self.of[i] + offset - self.at[i]

    def reached(self, offset: int) -> int:
        """Where in the text an offset of the source lies."""
        i = bisect_right(self.of, offset) - 1
        return self.at[i] if i % 2 else self.at[i] + offset - self.of[i]

    def span(self, span: Span) -> Span:
        if not len(span):
            return Span(self.end(span.start), self.end(span.start))
        return Span(self.start(span.start), self.end(span.end))

    def back(self, report: Report) -> Report:
        """The report on the source that says what `report` says on the text."""
        if self.text == self.source:
            return report
        document = report.document
        original = replace(
            read_document(self.source, document.name, self.known),
            sentences=tuple(Span(self.start(span.start), self.start(span.end)) for span in document.sentences),
        )
        applied = tuple(map(self._repair, report.applied))
        output = None
        if report.output is not None:
            output = apply(self.source, [edit for repair in applied for edit in repair.edits])
        return replace(
            report,
            document=original,
            findings=tuple(map(self._finding, report.findings)),
            output=output,
            applied=applied,
            not_applied=Undecided(lambda: list(map(self._repair, report.not_applied))),
            word_scores=None if report.word_scores is None else self._scores(report.word_scores),
        )

    def _scores(self, scores: Sequence[float]) -> tuple[float, ...]:
        """A score for each word of the source; one that is broken after a hyphen is two words there."""
        starts = [word.start for word in words(self.text)]
        return tuple(scores[bisect_right(starts, self.reached(word.start)) - 1] for word in words(self.source))

    def _finding(self, finding: Finding) -> Finding:
        return replace(finding, span=self.span(finding.span))

    def _repair(self, repair: Repair) -> Repair:
        edits = tuple(Edit(self.span(edit.span), edit.text) for edit in repair.edits)
        span = self.span(repair.span)
        around = Span(
            min([span.start, *(edit.span.start for edit in edits)]), max([span.end, *(edit.span.end for edit in edits)])
        )
        return replace(repair, span=around, edits=edits, findings=tuple(map(self._finding, repair.findings)))


def flowing(source: str, known: Marks | None = None) -> Flow:
    """`source` with each paragraph on one line.

    >>> source = "The minister told a crowd of people in Paris that\\nhe would soon agree."
    >>> flowing(source).text
    'The minister told a crowd of people in Paris that he would soon agree.'
    """
    known = known or Marks()
    gaps = list(_gaps(source, known))
    if not gaps:
        return Flow(source, known, source, known)
    texts: list[str] = []
    at, of = [0], [0]
    length = 0
    for gap in gaps:
        before = source[of[-1] : gap.start]
        length += len(before)
        joint = "" if HYPHEN.search(before[-3:]) else " "
        texts += before, joint
        at += length, length + len(joint)
        of += gap.start, gap.end
        length += len(joint)
    texts.append(source[of[-1] :])
    flow = Flow(source, known, "".join(texts), known, tuple(at), tuple(of))
    paragraphs = known.blocks or blocks(source)
    marks = replace(known, blocks=tiled(paragraphs, len(source)))
    return replace(flow, marks=marks.moved(flow.reached, flow.reached))


def _gaps(source: str, known: Marks) -> Iterator[Span]:
    for block in known.blocks or blocks(source):
        if block.kind in ("code", "cell"):
            continue
        body = block.span.start + len(block.span.of(source).rstrip())
        for match in GAP.finditer(source, block.span.start, body):
            if match.start() > block.span.start:
                yield Span(*match.span())
