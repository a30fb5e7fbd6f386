"""What a user does not want to hear of: words, names, patterns and rules from `repair.toml`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

from repair.config import Ignore
from repair.findings import Finding
from repair.text import Document, Span


class Ignored:
    """Of one document: the findings that the settings, or its protected ranges, keep from being reported."""

    def __init__(self, document: Document, ignore: Ignore) -> None:
        self.document, self.ignore = document, ignore
        self._names = frozenset(ignore.names)
        self._words = frozenset(word.casefold() for word in ignore.words)
        self._matches: dict[Span, list[list[Span]]] = {}  # of each pattern, by line

    def __contains__(self, finding: Finding) -> bool:
        text = finding.span.of(self.document.text)
        return (
            self.document.is_protected(finding.span)
            or text in self._names
            or text.casefold() in self._words
            or any(finding.source == rule or finding.source.startswith(f"{rule}/") for rule in self.ignore.rules)
            or (bool(self.ignore.patterns) and self._is_in_match(finding.span))
        )

    def _is_in_match(self, span: Span) -> bool:
        line = self._line(span)
        if line not in self._matches:
            text = line.of(self.document.text)
            self._matches[line] = [
                [Span(*match.span()).shift(line.start) for match in pattern.finditer(text)]
                for pattern in self.ignore.compiled
            ]
        for matches in self._matches[line]:
            place = bisect_right(matches, span.start, key=lambda match: match.start) - 1
            if place >= 0 and matches[place].covers(span):
                return True
        return False

    def _line(self, span: Span) -> Span:
        """The line or lines that `span` lies in."""
        first, last = bisect_left(self._breaks, span.start), bisect_left(self._breaks, span.end)
        return Span(
            self._breaks[first - 1] + 1 if first else 0,
            self._breaks[last] if last < len(self._breaks) else len(self.document.text),
        )

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.document.text)]
