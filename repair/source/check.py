"""What only the source shows: each check compares a pair of sentences and points at the place in the translation.

A check says what the source has, never puts it in: its findings are for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from repair.findings import Category, Finding, Severity
from repair.source.links import Links, links
from repair.source.pairs import Aligned, Pair, aligned, length
from repair.text import Document, Span


@dataclass(frozen=True, slots=True)
class Slip:
    """Something wrong in a pair: the place in the whole text and what an editor is told. `score` in [0, 1] is the share
    of such slips that were right where they were read."""

    span: Span
    message: str
    score: float


@dataclass(frozen=True)
class Both:
    """A pair with the texts that it lies in: what a check looks at."""

    document: Document
    aligned: Aligned
    pair: Pair

    @property
    def source(self) -> str:
        return self.pair.source.of(self.aligned.source)

    @property
    def text(self) -> str:
        return self.pair.span.of(self.document.text)

    @property
    def expected(self) -> float:
        """How many characters of English the pair's source makes one expect."""
        return length(self.source)

    @property
    def room(self) -> float:
        """How long the pair and its neighbours are, for what one expects of their sources: about 1 where nothing is
        gone or added, however sentences were split or joined."""
        number = self.aligned.pairs.index(self.pair)
        some = self.aligned.pairs[max(number - 1, 0) : number + 2]
        expected = sum(length(pair.source.of(self.aligned.source)) for pair in some)
        return sum(len(pair.span.of(self.document.text).strip()) for pair in some) / max(expected, 1.0)

    @cached_property
    def links(self) -> Links:
        """Which words of the two are translations of each other."""
        return links(self.source, self.text, self.aligned.language)

    def near(self, offset: int) -> Span:
        """The empty place in the whole text where what stands at `offset` of the pair's source would be."""
        return self.place(*2 * (self.links.place(offset),))

    def inside(self, span: Span) -> Span:
        """A span of the whole text in the pair's text."""
        return span.shift(-self.pair.span.start)

    def place(self, start: int, end: int) -> Span:
        """A span of the pair's text in the whole text."""
        return Span(start + self.pair.span.start, end + self.pair.span.start)


def beside_span(document: Document, span: Span) -> Both | None:
    """The pair of sentences that holds the span; None where it lies in none that has both sides."""
    known = aligned(document)
    for pair in known.pairs if known else ():
        if known and pair.span.covers(span) and len(pair.source):
            return Both(document, known, pair)
    return None


@dataclass(frozen=True, slots=True)
class Check:
    """A named check; `find` gives the hits of one pair."""

    name: str
    category: Category
    severity: Severity
    find: Callable[[Both], Iterator[Slip]]


def against_source(document: Document, checks: tuple[Check, ...]) -> list[Finding]:
    """The findings of `checks` on a document with a source, sorted; none without one."""
    known = aligned(document)
    if known is None:
        return []
    found = []
    for pair in known.pairs:
        both = Both(document, known, pair)
        for check in checks:
            for hit in check.find(both):
                if not document.is_protected(hit.span):
                    found.append(
                        Finding(
                            hit.span, check.category, check.severity, hit.score, hit.message, f"source/{check.name}"
                        )
                    )
    return sorted(found, key=lambda finding: finding.span)
