"""Finds what the house rules say to write otherwise, and keeps every detector away from names they say never to touch.

What it flags: a term as a whole word, whatever white space or form of apostrophe is in it. A term in small letters also
with the capital of a sentence's start and in a line of capitals; a term with a capital only as it is written. Plurals
and other forms are terms of their own. Left alone: a capitalised word inside a sentence (a name, so that "turkey" is
not "Turkey"), markup and addresses, a term inside one of its `unless` phrases, one in its preferred form already.

>>> from repair.segment import read_document
>>> rules = Rules(terms={"in the framework of": Term(use="as part of")}, names=(), short_names=None, version="")
>>> (finding,) = HouseDetector(rules).find(read_document("In the framework of a visit, they met."))
>>> finding.suggestions[0].text
'As part of'
>>> HouseDetector(rules).find(read_document("See the framework."))
[]
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from repair.errors import ConfigError
from repair.findings import Finding, Suggestion
from repair.house import Rules, Term, read_house, rules_of
from repair.segment import read_document
from repair.stamps import stamp_of_any
from repair.text import Document, Span, merged

RUN = re.compile(r"\w+")
GAP = r"[^\S\r\n]+(?:\r?\n[^\S\r\n]*)?|\r?\n[^\S\r\n]*"  # between words: blanks, or one line break
APOSTROPHES = "'’ʼ"
AROUND = 200  # characters on either side in which a phrase that makes an exception is looked for
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Phrase(Generic[T]):
    """A phrase to look for; `offset` is where its first word begins in it."""

    text: str
    offset: int
    pattern: re.Pattern[str]
    value: T


class Phrases(Generic[T]):
    """Finds many phrases at once, in a time that hardly grows with their number."""

    def __init__(self, entries: Iterable[tuple[str, T]], exact: bool = False) -> None:
        self._by_word: dict[str, list[Phrase[T]]] = defaultdict(list)
        for text, value in sorted(entries, key=lambda entry: -len(entry[0])):
            first = RUN.search(text)
            if first:
                pattern = compiled(text, exact)
                self._by_word[first[0].casefold()].append(Phrase(text, first.start(), pattern, value))

    def find(self, text: str) -> Iterator[tuple[Span, Phrase[T]]]:
        """Every place of every phrase, longer ones first at each place; places may overlap."""
        if not self._by_word:
            return
        for word in RUN.finditer(text):
            for phrase in self._by_word.get(word[0].casefold(), ()):
                match = (
                    phrase.pattern.match(text, word.start() - phrase.offset) if word.start() >= phrase.offset else None
                )
                if match:
                    yield Span(*match.span()), phrase


def compiled(phrase: str, exact: bool = False) -> re.Pattern[str]:
    """The phrase as an expression: on borders of words, in any letter case unless `exact`."""
    parts = ["".join(f"[{APOSTROPHES}]" if c in APOSTROPHES else re.escape(c) for c in w) for w in phrase.split()]
    body = f"(?:{GAP})".join(parts)
    return re.compile(rf"(?<!\w){body}(?!\w)", 0 if exact else re.IGNORECASE)


class HouseDetector:
    """Detector of terms that the house writes otherwise. Raises ConfigError where two rules would undo each other."""

    name = "house"

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._terms: Phrases[Term] = Phrases(rules.terms.items())
        self._names: Phrases[None] = Phrases(((name, None) for name in rules.names), exact=True)
        self._unless = {key: Phrases((one, None) for one in term.unless) for key, term in rules.terms.items()}
        for key, term in rules.terms.items():
            self._check(key, term)

    def protect(self, document: Document) -> Document:
        """The document with the never-touch names protected, so that no detector flags and no repair changes them."""
        names = [span for span, _ in self._names.find(document.text)]
        return replace(document, protected=merged((*document.protected, *names))) if names else document

    def find(self, document: Document) -> list[Finding]:
        """Findings in the order of the text; none overlap."""
        return list(self._find(document))

    def _find(self, document: Document) -> Iterator[Finding]:
        done = 0
        places = Places(document)
        for span, phrase in self._terms.find(document.text):
            if span.start < done or document.is_protected(span) or not places.fits(span, phrase.text):
                continue
            if self._is_excepted(document.text, span, phrase) or places.is_preferred(span, phrase.text, phrase.value):
                continue
            done = span.end
            yield finding(places, span, phrase)

    def _is_excepted(self, text: str, span: Span, phrase: Phrase[Term]) -> bool:
        around = Span(max(0, span.start - AROUND), min(len(text), span.end + AROUND))
        here = span.shift(-around.start)
        return any(place.covers(here) for place, _ in self._unless[phrase.text].find(around.of(text)))

    def _check(self, key: str, term: Term) -> None:
        """Raises ConfigError where another rule would change what this one writes."""
        if term.use is None:
            return
        if key == term.use:
            raise ConfigError(f"house rules: “{key}” is to be written as it is; remove the term")
        document = self.protect(read_document(f"It is {term.use} now."))
        for other in self._find(document):
            if other.suggestions:
                raise ConfigError(
                    f"house rules: “{key}” becomes “{term.use}”, in which another rule changes "
                    f"“{other.span.of(document.text)}” to “{other.suggestions[0].text}”; make the two agree"
                )


class House:
    """The house rules in a file as a detector; they are read again when the file changes.

    `trouble` is one line on a change that cannot be used, None where there is none: the rules before it go on to hold.
    Raises ConfigError at the start for a file or a `desk` that cannot be used.
    """

    name = "house"

    def __init__(self, path: Path, desk: str | None = None) -> None:
        self.path, self.desk = path, desk
        self.trouble: str | None = None
        self._seen = stamp_of_any(path)
        self._detector = self._load()

    def protect(self, document: Document) -> Document:
        """As `HouseDetector.protect`, with the rules as they now stand in the file."""
        self._refresh()
        return self._detector.protect(document)

    def find(self, document: Document) -> list[Finding]:
        """As `HouseDetector.find`."""
        return self._detector.find(document)

    @property
    def rules(self) -> Rules:
        return self._detector.rules

    def _load(self) -> HouseDetector:
        return HouseDetector(rules_of(read_house(self.path), self.desk, self.path))

    def _refresh(self) -> None:
        now = stamp_of_any(self.path)
        if now == self._seen:
            return
        self._seen, self.trouble = now, None
        try:
            self._detector = self._load()
        except ConfigError as error:
            self.trouble = f"going on with the house rules as they were: {error}"


class Places:
    """What stands around a term in a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text

    def fits(self, span: Span, term: str) -> bool:
        """True where the term is written with capitals as it should be in this place."""
        found, term = plain(span.of(self.text)), plain(term)
        if found == term:
            return True
        if found == term.upper():
            return self.in_capitals(span)
        return not any(char.isupper() for char in term) and found == capitalised(term) and self.opens_sentence(span)

    def is_preferred(self, span: Span, term: str, rule: Term) -> bool:
        """True where the term is part of its own preferred form ("White House" in "the White House")."""
        if rule.use is None:
            return False
        whole = compiled(rule.use)
        for inside in compiled(term).finditer(rule.use):
            match = whole.match(self.text, span.start - inside.start()) if span.start >= inside.start() else None
            if match and match.end() >= span.end:
                written = self.written(Span(*match.span()), term, rule.use)
                if plain(match[0]) == plain(written):
                    return True
        return False

    def written(self, span: Span, term: str, use: str) -> str:
        """The preferred form as it has to stand in this place: capitals, and one full stop at the end of a sentence."""
        found = span.of(self.text)
        if found == found.upper() != term and self.in_capitals(span):
            use = use.upper()
        elif self.opens_sentence(span):
            use = capitalised(use)
        if use.endswith(".") and self.text[span.end : span.end + 1] == ".":
            return use[:-1]
        if found.endswith(".") and not use.endswith(".") and self.ends_sentence(span):
            return use + "."
        return use

    def opens_sentence(self, span: Span) -> bool:
        start = self.document.sentence_at(span.start).start
        return not any(char.isalnum() for char in self.text[start : span.start])

    def ends_sentence(self, span: Span) -> bool:
        end = self.document.sentence_at(max(span.start, span.end - 1)).end
        return not self.text[span.end : end].strip(" \t\r\n\"'”’»)")

    def in_capitals(self, span: Span) -> bool:
        """True in a line that has no small letter, and more words than the term."""
        start, end = self.text.rfind("\n", 0, span.start) + 1, self.text.find("\n", span.end)
        line = self.text[start : end if end >= 0 else len(self.text)]
        return line == line.upper() and len(line.split()) > len(span.of(self.text).split())


def finding(places: Places, span: Span, phrase: Phrase[Term]) -> Finding:
    """What is told of a term that stands at `span`."""
    term = phrase.value
    fixes = () if term.use is None else (Suggestion(places.written(span, phrase.text, term.use), 1.0, trusted=True),)
    rule, why = source(phrase.text), message(phrase.text, term)
    return Finding(span, "fluency/inconsistency", term.severity, 1.0, why, rule, fixes)


def plain(text: str) -> str:
    """With single blanks and straight apostrophes."""
    for mark in APOSTROPHES:
        text = text.replace(mark, "'")
    return " ".join(text.split())


def capitalised(text: str) -> str:
    """With a capital first, unless a capital follows there ("iPhone").

    >>> capitalised("as part of"), capitalised("iPhone")
    ('As part of', 'iPhone')
    """
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def source(term: str) -> str:
    """The name of a term's rule.

    >>> source("in the framework of")
    'house/in-the-framework-of'
    """
    return "house/" + re.sub(r"[^\w]+", "-", term).strip("-").lower()


def message(term: str, rule: Term) -> str:
    """What the editor reads: the rule, why, and whose it is.

    >>> message("Kiev", Term(use="Kyiv", reason="The name of the city.", owner="Foreign desk"))
    'House rule: “Kyiv”, not “Kiev”. The name of the city (Foreign desk).'
    """
    said = f"House rule: “{rule.use}”, not “{term}”." if rule.use else f"House rule: not “{term}”."
    reason, owner = rule.reason.strip().removesuffix("."), rule.owner.strip()
    if reason:
        return f"{said} {reason} ({owner})." if owner else f"{said} {reason}."
    return f"{said} Ask: {owner}." if owner else said
