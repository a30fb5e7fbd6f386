"""Like is treated alike: the same words, garbled in like surroundings, get one doubt and the same wordings.

The language model judges every place by itself, so four "informed about" of one article can come out with two wordings
and four doubts, and an editor decides four times. Only its own findings are changed, and nothing is proposed with more
certainty than the place is doubted with: what follows stays for review.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from repair.findings import SHOWN, Finding, Suggestion
from repair.lexemes import ARTICLES
from repair.text import Document, Span

MODEL = "lm"
WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words beside a place in its sentence, in small letters and without the s of a plural; "" at its ends and for
    an article, which stands beside anything."""

    before: str
    after: str

    def like(self, other: Surroundings) -> bool:
        """True where a word on one side is the same."""
        return bool(self.before and self.before == other.before) or bool(self.after and self.after == other.after)


def alike(document: Document, findings: Sequence[Finding]) -> list[Finding]:
    """The sorted findings, with those of the language model on the same words made alike.

    Where a rule has found the words in like surroundings its wording leads; else what the model proposes for the places
    is put together: each doubt and each wording gets the mean of its scores.
    """
    if not any(finding.source == MODEL for finding in findings):
        return list(findings)
    known = Known(document, [finding for finding in findings if finding.source != MODEL])
    result: list[Finding] = []
    by_words: dict[str, list[Finding]] = defaultdict(list)
    for number, finding in enumerate(findings):
        if finding.source != MODEL:
            result.append(finding)
            continue
        start = findings[number - 1].span.end if number else 0
        end = findings[number + 1].span.start if number + 1 < len(findings) else len(document.text)
        finding = known.reword(finding, Span(start, max(end, start)))
        by_words[_words(finding.span.of(document.text))].append(finding)
    for words, some in by_words.items():
        result += _pooled(document, words, some)
    return sorted(result, key=lambda finding: finding.span)


class Known:
    """Wordings that rules have for words in their surroundings."""

    def __init__(self, document: Document, findings: Sequence[Finding]) -> None:
        self.document = document
        self._by_word: dict[str, dict[tuple[str, Surroundings], Finding]] = defaultdict(dict)
        for finding in findings:
            words = _words(finding.span.of(document.text))
            parts = WORD.findall(words)
            if finding.suggestions and len(parts) > 1:
                here = surroundings(document, finding.span)
                for part in parts:
                    self._by_word[part].setdefault((words, here), finding)

    def reword(self, finding: Finding, free: Span) -> Finding:
        """`finding` of the model, inside the `free` text around it, with the wording for the same words elsewhere.

        >>> from repair.segment import read_document
        >>> text = "An official informed about the talks wept, said officials informed about plans."
        >>> told = (Suggestion("told of", 0.8),)
        >>> rule = Finding(Span(12, 26), "style/unidiomatic", "minor", 0.9, "Literal.", "rules/x", told)
        >>> doubt = Finding(Span(58, 66), "accuracy/mistranslation", "minor", 0.6, "Doubted.", "lm")
        >>> found = Known(read_document(text), [rule]).reword(doubt, Span(26, len(text)))
        >>> found.span.of(text), found.suggestions[0].text, found.suggestions[0].score, found.message
        ('informed about', 'told of', 0.6, 'Literal.')
        """
        for part in WORD.findall(_words(finding.span.of(self.document.text))):
            for (words, here), other in self._by_word.get(part, {}).items():
                place = _same(self.document, words, finding.span)
                if place is None or not surroundings(self.document, place).like(here):
                    continue
                span = Span(min(place.start, finding.span.start), max(place.end, finding.span.end))
                if free.covers(span) and not self.document.is_protected(span):
                    return _with_wording(self.document.text, finding, span, place, other)
        return finding


def surroundings(document: Document, span: Span) -> Surroundings:
    """What stands beside `span` in its sentence."""
    sentence, text = document.sentence_at(span.start), document.text
    before, after = WORD.findall(text[sentence.start : span.start]), WORD.search(text, span.end, sentence.end)
    return Surroundings(_stem(before[-1]) if before else "", _stem(after[0]) if after else "")


def _same(document: Document, words: str, near: Span) -> Span | None:
    """Where in the sentence of `near` these words stand and share a character with it."""
    sentence = document.sentence_at(near.start)
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)", re.IGNORECASE)
    reach = Span(max(sentence.start, near.start - len(words)), min(sentence.end, near.end + len(words)))
    places = (Span(*match.span()) for match in pattern.finditer(document.text, reach.start, reach.end))
    return next((place for place in places if place.overlaps(near)), None)


def _with_wording(text: str, finding: Finding, span: Span, place: Span, other: Finding) -> Finding:
    """`finding` over `span`, led by the wording of `other` for the words at `place`."""
    head, tail = text[span.start : finding.span.start], text[finding.span.end : span.end]
    first = other.suggestions[0]
    wording = text[span.start : place.start] + first.text + text[place.end : span.end]
    lead = Suggestion(wording, min(first.score, finding.score), guess=True)
    own = [
        replace(one, text=head + one.text + tail) for one in finding.suggestions if head + one.text + tail != wording
    ]
    lower = tuple(one for one in own if one.score <= lead.score)
    return replace(
        finding, span=span, category=other.category, message=other.message, suggestions=(lead, *lower)[:SHOWN]
    )


def _pooled(document: Document, words: str, findings: Sequence[Finding]) -> list[Finding]:
    """Findings on the same words, those in like surroundings with the same score and suggestions."""
    if len(findings) == 1 or len(WORD.findall(words)) > 1:
        return _same_for_all(document.text, findings)
    clusters: list[list[Finding]] = []
    of_word: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        beside = surroundings(document, finding.span)
        sides = [side for side in (("before", beside.before), ("after", beside.after)) if side[1]]
        cluster = next((of_word[side] for side in sides if side in of_word), None)
        if cluster is None:
            cluster = []
            clusters.append(cluster)
        cluster.append(finding)
        for side in sides:
            of_word.setdefault(side, cluster)
    return [one for cluster in clusters for one in _same_for_all(document.text, cluster)]


def _same_for_all(text: str, findings: Sequence[Finding]) -> list[Finding]:
    if len(findings) == 1:
        return list(findings)
    sums: dict[str, float] = defaultdict(float)
    for finding in findings:
        for suggestion in finding.suggestions:
            sums[_small(suggestion.text, finding.span.of(text))] += suggestion.score
    best = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    doubt = sum(finding.score for finding in findings) / len(findings)
    surest = max(findings, key=lambda finding: (finding.suggestions[:1] != (), finding.score, -finding.span.start))
    return [
        replace(
            finding,
            category=surest.category,
            severity=surest.severity,
            message=surest.message,
            score=doubt,
            suggestions=tuple(
                Suggestion(_capital(wording, finding.span.of(text)), score / len(findings), guess=True)
                for wording, score in best
            ),
        )
        for finding in findings
    ]


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _stem(word: str) -> str:
    small = word.casefold()
    return "" if small in ARTICLES else small.removesuffix("’s").removesuffix("'s").removesuffix("s")


def _small(wording: str, old: str) -> str:
    """A wording as it reads inside a sentence: without the capital that it has for the sake of the `old` words."""
    opens = old[:1].isupper() and wording[:1].isupper() and wording[1:2].islower()
    return wording[:1].lower() + wording[1:] if opens else wording


def _capital(wording: str, old: str) -> str:
    return wording[:1].upper() + wording[1:] if old[:1].isupper() else wording
