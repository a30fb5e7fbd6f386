"""Which suggestion becomes the repair, and when it may be applied."""

import pytest

from repair.config import Config
from repair.decide import Measured, decide, decide_one
from repair.findings import Finding, Safety, Suggestion
from repair.inputs import Item
from repair.pipeline import Repairer
from repair.segment import read_document
from repair.text import Marks, Span

TEXT = "The board did not approve 30 of the high plans on Monday.\n"
DOCUMENT = read_document(TEXT)


class Everything:
    """Trusts every suggestion."""

    def allow(self, finding: Finding, suggestion: Suggestion) -> bool:
        return True


def finding(words: str, *suggestions: Suggestion, source: str = "lm") -> Finding:
    start = TEXT.index(words)
    span = Span(start, start + len(words))
    return Finding(span, "fluency/grammar", "minor", 0.9, "This reads wrong.", source, suggestions)


def test_the_first_suggestion_that_changes_no_fact_is_taken() -> None:
    found = finding(
        "did not approve", Suggestion("approved", 0.9, guess=True), Suggestion("did not endorse", 0.8, guess=True)
    )
    repair = decide_one(DOCUMENT, found, Measured(guesses_from=0.5))
    assert [edit.text for edit in repair.edits] == ["endorse"]
    assert repair.safety is Safety.SAFE and repair.score == 0.8


def test_where_every_suggestion_changes_a_fact_the_first_is_shown_as_rejected() -> None:
    found = finding("30", Suggestion("40", 0.9), Suggestion("50", 0.8))
    repair = decide_one(DOCUMENT, found, Measured(guesses_from=0.5))
    assert repair.safety is Safety.REJECTED and [edit.text for edit in repair.edits] == ["40"]
    assert repair.reasons


@pytest.mark.parametrize(
    ("source", "score", "trusted", "safety"),
    [
        ("lm", 0.59, False, Safety.REVIEW),
        ("lm", 0.60, False, Safety.SAFE),
        ("rules/no-such-rule", 1.0, False, Safety.REVIEW),
        ("rules/no-such-rule", 1.0, True, Safety.REVIEW),
        ("house/high", 1.0, True, Safety.SAFE),
    ],
)
def test_what_the_model_guesses_must_be_sure_and_what_a_rule_does_measured(
    source: str, score: float, trusted: bool, safety: Safety
) -> None:
    found = finding("high", Suggestion("top", score, trusted, guess=source == "lm"), source=source)
    assert decide_one(DOCUMENT, found, Measured(guesses_from=0.6)).safety is safety


def test_findings_without_a_suggestion_or_a_change_give_no_repair() -> None:
    assert decide(DOCUMENT, [finding("high"), finding("plans", Suggestion("plans", 0.9))], Measured()) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "trusted", "safety"),
    [
        ("“It is over , ” he said.\n", " ,", ",", True, Safety.SAFE),
        ('"It is over, "he said.\n', ' "', '" ', True, Safety.SAFE),
        ('"We know today.The rest follows," he said.\n', ".", ". ", True, Safety.SAFE),
        ("“It is over , ” he said.\n", " ,", ",", False, Safety.REVIEW),
        ("“The state can not pay,” he said.\n", "can not", "cannot", True, Safety.REVIEW),
        ("“The staff was there,” he said.\n", "was", "were", True, Safety.REVIEW),
        ("“It is Nigeria'S plane,” he said.\n", "'S", "'s", True, Safety.REVIEW),
    ],
)
def test_in_a_quotation_spaces_and_marks_are_set_right_and_words_are_not(
    text: str, old: str, new: str, trusted: bool, safety: Safety
) -> None:
    start = text.index(old)
    span = Span(start, start + len(old))
    found = Finding(
        span, "fluency/spacing", "minor", 0.9, "Wrong.", "house/setting", (Suggestion(new, 0.9, trusted=trusted),)
    )
    assert decide_one(read_document(text), found, Everything()).safety is safety


def test_a_block_quotation_keeps_its_spaces_too() -> None:
    text = "He was clear .\nThey met him ."
    quoted = Marks(quoted=(Span(15, len(text)),))
    repaired = Repairer(Config(no_model=True)).fix_many([Item(text, "", None, quoted)])
    assert next(repaired).output == "He was clear.\nThey met him ."


@pytest.mark.parametrize(("score", "leads"), [(0.6, True), (0.4, False)])
def test_an_idea_is_no_fix(score: float, leads: bool) -> None:
    repair = decide_one(DOCUMENT, finding("high", Suggestion("top", score, guess=True)), Measured())
    assert repair.safety is Safety.REVIEW and repair.leads is leads
