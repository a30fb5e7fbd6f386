"""The tools that are measured side by side: each answers in code points, with all it has, and as it does alone."""

import sys

import pytest

from benchmarks import run
from benchmarks.peers import Flag, edits_as_marks, make
from benchmarks.peers.base import Nothing, first_suggestions
from benchmarks.peers.ours import Ours, SideBySide
from repair.edits import apply
from repair.errors import InputError, UnavailableError
from repair.score.spans import Mark
from repair.text import Span


def test_first_suggestions_never_overlap() -> None:
    text = "a an apple"
    answer = first_suggestions(text, [Flag(Span(0, 4), ("an",)), Flag(Span(2, 4), ("",)), Flag(Span(5, 10))])
    assert answer.output == "an apple" and len(answer.marks) == 3 and len(answer.edits) == 1


def test_what_a_rewriter_changed_is_what_it_flagged() -> None:
    assert edits_as_marks("one officials said", "one official said") == (Mark(Span(4, 13)),)


def test_harper_answers_in_code_points() -> None:
    text = "🙂 This is an test."
    (answer,) = make(["Harper"])[0].fix([text])
    assert answer.output == "🙂 This is a test." == apply(text, answer.edits)
    assert [mark.span.of(text) for mark in answer.marks] == ["an"]


def test_quire_grammar_answers_with_rules_and_model_in_code_points() -> None:
    texts = ["🙂 She had a apple.", "🙂 Their going home now."]
    (peer,) = make(["quire-grammar"])
    first, second = peer.fix(texts)
    assert first.output == "🙂 She had an apple." == apply(texts[0], first.edits)
    assert second.output == "🙂 They're going home now." == apply(texts[1], second.edits)
    assert "|model:" in peer.signature


@pytest.mark.parametrize(
    ("missing", "told"), [("quire_grammar", "is not installed"), ("quire_grammar_model", "no model")]
)
def test_quire_grammar_is_measured_whole_or_not_at_all(
    missing: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing == "quire_grammar_model":
        model = pytest.importorskip("quire_grammar.model")
        monkeypatch.setattr(model, "_cache", model._UNSET)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UnavailableError, match=rf"{told}.*pip install 'quire-grammar\[model\]'"):
        make(["quire-grammar"])


@pytest.mark.slow
def test_side_by_side_every_text_has_the_answer_that_it_has_alone() -> None:
    texts = [
        "One officials said so.",
        "It rained.",
        "He gave a interview about the talks .",
        "He is far less future with his views.",
    ]
    several, alone = SideBySide(review=True), Ours(review=True)
    assert several.fix(texts) == [alone.fix([text])[0] for text in texts]
    assert several.check(texts[1:]) == [alone.check([text])[0] for text in texts[1:]]
    assert (several.name, several.signature) == (alone.name, alone.signature)


def test_peers_of_one_tool_are_asked_in_turn() -> None:
    names = [
        "do-nothing",
        "LanguageTool",
        "LanguageTool, no spelling",
        "repair --no-model",
        "repair",
        "repair --apply-at",
    ]
    peers = []
    for name in names:
        peers.append(Nothing())
        peers[-1].name = name
    kin = [[peer.name for peer in some] for some in run.families(peers)]
    assert kin == [names[:1], names[1:3], names[3:]]


def test_an_unknown_peer_is_refused() -> None:
    with pytest.raises(InputError, match="unknown peer 'Zeta'; there is do-nothing, Harper"):
        make(["Zeta"])
