"""What the source is worth: what is counted in a text, and the difference in pairs."""

from __future__ import annotations

from benchmarks.datasets import Item
from benchmarks.source import GAIN, WITH, WITHOUT, rows, scores
from repair.decide import Measured, decide
from repair.findings import Finding, Report, Suggestion
from repair.score.counts import Confusion, Counts
from repair.score.spans import Mark
from repair.segment import read_document
from repair.text import Span

TEXT = "He met the high diplomat in Oslo."
ITEM = Item("1", TEXT, references=("He met the top diplomat in Oslo.",), marks=(Mark(Span(11, 15)),))


def report(*wordings: str) -> Report:
    document = read_document(TEXT, "")
    suggestions = tuple(Suggestion(text, 0.5, guess=True) for text in wordings)
    finding = Finding(Span(11, 15), "style/unidiomatic", "minor", 0.9, "why", "lm", suggestions)
    return Report(document, (finding,), "", not_applied=tuple(decide(document, [finding], Measured())))


def test_what_is_counted_in_a_text() -> None:
    assert rows(ITEM, report("top", "big")) == {
        "word MCC": Confusion(1, 0, 0, 6),
        "first proposal accepted": Counts(1, 1, 1, 1),
        "one of three accepted": Counts(1, 1, 1, 1),
        "TER gain": Counts(1, 1, 7, 7),
    }
    found = rows(ITEM, report("big", "top"))
    assert found["first proposal accepted"] == Counts(0, 0, 1, 1)
    assert found["one of three accepted"] == Counts(1, 1, 1, 1) and found["TER gain"] == Counts(0, 0, 7, 7)


def test_the_gain_is_that_of_the_same_texts() -> None:
    pair = (rows(ITEM, report("big")), rows(ITEM, report("top")))
    found = {(peer, metric): number.value for peer, metric, number in scores([pair] * 4)}
    assert found[WITHOUT, "first proposal accepted"] == 0 and found[WITH, "first proposal accepted"] == 1
    assert found[GAIN, "first proposal accepted"] == 1 and found[GAIN, "word MCC"] == 0
    assert round(found[GAIN, "TER gain"], 2) == round(100 / 7, 2)
