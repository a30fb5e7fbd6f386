"""The same garble in like surroundings gets one doubt and the same wordings."""

from __future__ import annotations

import re
import time

import pytest

from repair.alike import alike
from repair.findings import Finding, Suggestion
from repair.segment import read_document
from repair.text import Span


def doubts(text: str, words: str, *wordings: dict[str, float], score: float = 0.6) -> list[Finding]:
    """A finding of the model for each place of `words`, with its own wordings and ever lower doubts."""
    places = list(re.finditer(words, text, re.IGNORECASE))
    assert len(places) == len(wordings)
    return [
        Finding(
            Span(*place.span()),
            "accuracy/mistranslation",
            "minor",
            score - n / 10,
            "Doubted.",
            "lm",
            tuple(Suggestion(new, rating, guess=True) for new, rating in some.items()),
        )
        for n, (place, some) in enumerate(zip(places, wordings, strict=True))
    ]


def first_wordings(findings: list[Finding]) -> list[str]:
    return [finding.suggestions[0].text for finding in findings]


def test_several_words_have_one_wording_wherever_they_stand() -> None:
    text = "They speak in the past of it. In the past of it he wept."
    found = doubts(text, "in the past of", {"long ago": 0.2, "before": 0.1}, {"Before": 0.4, "Once": 0.3})
    one, other = alike(read_document(text), found)
    assert [s.text for s in one.suggestions] == ["before", "once", "long ago"]
    assert [s.text for s in other.suggestions] == ["Before", "Once", "Long ago"]
    assert one.score == other.score == pytest.approx(0.55)
    assert one.suggestions[0].score == other.suggestions[0].score == pytest.approx(0.25)
    assert all(s.guess for s in one.suggestions)  # what the model guesses is never applied unasked


def test_single_words_need_like_surroundings() -> None:
    text = "A crazy officer met the officers. The crazy officers of the port met a crazy man."
    found = doubts(text, "crazy", {"mad": 0.2}, {"wild": 0.4}, {"angry": 0.3})
    assert first_wordings(alike(read_document(text), found)) == ["wild", "wild", "angry"]


def test_nothing_else_changes() -> None:
    text = "One officials said so. Two officials said so . One officials said so."
    rules = [
        Finding(Span(0, 13), "fluency/grammar", "minor", 0.9, "Number.", "rules/x", (Suggestion("One official", 0.8),)),
        Finding(Span(44, 45), "fluency/spacing", "minor", 0.9, "Space.", "rules/y", (Suggestion("", 0.9),)),
    ]
    document = read_document(text)
    assert alike(document, rules) == rules
    alone = doubts(text, "Two", {"Three": 0.2})
    assert alike(document, alone) == alone
    assert alike(document, []) == []


INFORMED = (
    "An official informed about the talks spoke. Officials informed about plans agreed. "
    "Three dogs informed about plans slept. It was said that officials informed about discussions wept."
)


def test_the_wording_of_a_rule_leads_where_the_surroundings_are_like() -> None:
    document, start = read_document(INFORMED), INFORMED.index("informed")
    told = (Suggestion("briefed on", 0.8),)
    rule = Finding(Span(start, start + 14), "style/unidiomatic", "minor", 0.85, "Literal.", "rules/informed", told)
    places = [match.start() for match in re.finditer("informed", INFORMED)][1:]
    spans = [Span(places[0] - 10, places[0] + 8), Span(places[1], places[1] + 8), Span(places[2], places[2] + 8)]
    told = (Suggestion("told", 0.1, guess=True),)
    found = [Finding(span, "accuracy/mistranslation", "minor", 0.7, "Doubted.", "lm", told) for span in spans]
    result = alike(document, [rule, *found])
    assert result[0] == rule
    assert [one.span.of(INFORMED) for one in result[1:]] == ["Officials informed about", "informed", "informed about"]
    assert first_wordings(result) == ["briefed on", "Officials briefed on", "told", "briefed on"]
    assert [s.text for s in result[3].suggestions] == ["briefed on", "told about"]
    assert result[3].suggestions[0] == Suggestion("briefed on", 0.7, guess=True)  # no surer than the doubt
    assert result[3].message == "Literal." and result[2].message == "Doubted."


def test_it_does_not_reach_into_another_finding() -> None:
    document, start = read_document(INFORMED), INFORMED.index("informed")
    told = (Suggestion("briefed on", 0.8),)
    rule = Finding(Span(start, start + 14), "style/unidiomatic", "minor", 0.85, "Literal.", "rules/informed", told)
    last = INFORMED.rindex("informed")
    doubt = Finding(Span(last, last + 8), "accuracy/mistranslation", "minor", 0.7, "Doubted.", "lm")
    beside = Finding(Span(last + 9, last + 14), "fluency/grammar", "minor", 0.7, "Small.", "rules/small", told)
    assert alike(document, [rule, doubt, beside]) == [rule, doubt, beside]


def test_time_grows_with_the_text() -> None:
    def seconds(times: int) -> float:
        text = "An official informed about it met a crazy aide. " * times
        findings = [
            Finding(Span(*m.span()), "style/unidiomatic", "minor", 0.9, "", name, (Suggestion("told of", 0.8),))
            for name, words in (("rules/x", "informed about"), ("lm", "crazy"), ("lm", "aide"))
            for m in re.finditer(words, text)
        ]
        findings.sort(key=lambda finding: finding.span)
        document, began = read_document(text), time.process_time()
        alike(document, findings)
        return time.process_time() - began

    # the least of three: on a busy machine a single one may take many times as long
    assert min(seconds(4000) for _ in range(3)) < 12 * min(seconds(1000) for _ in range(3))
