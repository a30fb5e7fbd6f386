"""Findings as LanguageTool's matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from repair.findings import Category, Finding, Report
from repair.serve.annotated import Annotated
from repair.text import Document, Span, utf16_counter

AROUND = 40  # characters of context on either side
NOT_BASIC = re.compile("[\U00010000-\U0010ffff]")


class Kind(NamedTuple):
    """How LanguageTool names a category: `id` decides the colour in LibreOffice (TYPOS red, STYLE blue, others orange).

    `issue` is from the list of the Internationalization Tag Set, `title` for people.
    """

    id: str
    issue: str
    title: str


KINDS: dict[Category, Kind] = {
    "accuracy/mistranslation": Kind("GRAMMAR", "mistranslation", "Wrong sense"),
    "accuracy/untranslated": Kind("TYPOS", "untranslated", "Left untranslated"),
    "accuracy/omission": Kind("GRAMMAR", "omission", "A word is missing"),
    "accuracy/addition": Kind("GRAMMAR", "addition", "A word too many"),
    "accuracy/number": Kind("GRAMMAR", "mistranslation", "Number differs"),
    "accuracy/date": Kind("GRAMMAR", "mistranslation", "Date differs"),
    "accuracy/unit": Kind("GRAMMAR", "mistranslation", "Unit differs"),
    "accuracy/name": Kind("GRAMMAR", "mistranslation", "Name differs"),
    "accuracy/negation": Kind("GRAMMAR", "mistranslation", "Negation differs"),
    "accuracy/quotation": Kind("GRAMMAR", "mistranslation", "Quotation differs"),
    "fluency/grammar": Kind("GRAMMAR", "grammar", "Grammar"),
    "fluency/spelling": Kind("TYPOS", "misspelling", "Spelling"),
    "fluency/spacing": Kind("TYPOGRAPHY", "whitespace", "Spacing"),
    "fluency/punctuation": Kind("PUNCTUATION", "typographical", "Punctuation"),
    "fluency/repetition": Kind("GRAMMAR", "duplication", "Repetition"),
    "fluency/inconsistency": Kind("STYLE", "inconsistency", "Inconsistency"),
    "style/unidiomatic": Kind("STYLE", "style", "Not idiomatic"),
    "locale/format": Kind("TYPOGRAPHY", "locale-violation", "Format"),
}
NAMES = {
    "GRAMMAR": "Grammar",
    "PUNCTUATION": "Punctuation",
    "STYLE": "Style",
    "TYPOGRAPHY": "Typography",
    "TYPOS": "Possible Typo",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Rules and categories by id, asked for and not; with `only` none but those asked for."""

    rules: frozenset[str]
    categories: frozenset[str]
    not_rules: frozenset[str]
    not_categories: frozenset[str]
    only: bool

    def takes(self, finding: Finding) -> bool:
        rule, category = finding.source, KINDS[finding.category].id
        if rule in self.not_rules or category in self.not_categories:
            return False
        return not self.only or rule in self.rules or category in self.categories


def matches(report: Report, sent: Annotated, wanted: Wanted, known: Collection[str]) -> list[dict[str, Any]]:
    """The wanted findings of a report whose text is not in the dictionary `known` (case-folded words)."""
    document, units = report.document, utf16_counter(sent.original)
    result = []
    for finding in report.findings:
        if not wanted.takes(finding) or finding.span.of(document.text).casefold() in known:
            continue
        finding = widened(finding, document.text)
        place = sent.locate(finding.span) if finding.span else None
        if place is not None:
            result.append(_match(document, finding, place, sent.original, units))
    return result


def sentence_ranges(document: Document, sent: Annotated) -> list[list[int]]:
    """Start and end of every sentence without the space after it."""
    units = utf16_counter(sent.original)
    result = []
    for sentence in document.sentences:
        shown = sentence.of(document.text)
        start = sentence.start + len(shown) - len(shown.lstrip())
        place = sent.locate(Span(start, start + len(shown.strip()))) if shown.strip() else None
        if place is not None:
            result.append([units(place.start), units(place.end)])
    return result


def widened(finding: Finding, text: str) -> Finding:
    """A finding of nothing (a missing word) with the character beside it: clients cannot mark an empty place."""
    span = finding.span
    if span or not text:
        return finding
    wider = Span(span.start, span.start + 1) if span.start < len(text) else Span(span.start - 1, span.start)
    beside = wider.of(text)
    suggestions = tuple(
        replace(s, text=s.text + beside if wider.start == span.start else beside + s.text) for s in finding.suggestions
    )
    return replace(finding, span=wider, suggestions=suggestions)


def _match(
    document: Document, finding: Finding, place: Span, original: str, units: Callable[[int], int]
) -> dict[str, Any]:
    kind, text = KINDS[finding.category], finding.span.of(document.text)
    # Markup inside the span would be lost.
    offered = finding.suggestions if place.of(original) == text else ()
    return {
        "message": finding.message,
        "shortMessage": kind.title,
        "offset": units(place.start),
        "length": units(place.end) - units(place.start),
        "replacements": [{"value": suggestion.text} for suggestion in offered],
        "context": _context(document.text, finding.span),
        "sentence": document.sentence_at(finding.span.start).of(document.text).strip(),
        "type": {"typeName": "UnknownWord" if kind.id == "TYPOS" else "Other"},
        "rule": {
            "id": finding.source,
            "description": kind.title,
            "issueType": kind.issue,
            "category": {"id": kind.id, "name": NAMES[kind.id]},
            "urls": [],
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }


def _context(text: str, span: Span) -> dict[str, Any]:
    """The span with a little text around it, in one line.

    Emoji and the like are shown as a box: Python's clients count code points here, others UTF-16 units.
    """
    start, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
    before = "..." if start else ""
    shown = before + text[start:end] + ("..." if end < len(text) else "")
    shown = NOT_BASIC.sub("□", re.sub(r"\s", " ", shown))
    return {"text": shown, "offset": len(before) + span.start - start, "length": len(span)}
