"""What another model is shown of a text, and how its answers are read."""

from __future__ import annotations

import pytest

from repair.correct.prompt import MOST, answers, messages, passage, read_answer, wordings
from repair.segment import read_document
from repair.text import Document, Span

TEXT = "It rained. He met the high diplomat in Oslo, as www.example.org said. “We goes home,” she said. All left."


def place(document: Document, text: str) -> Span:
    start = document.text.index(text)
    return Span(start, start + len(text))


def shown(document: Document, *texts: str) -> str:
    spans = [place(document, text) for text in texts]
    return passage(document, document.sentence_at(spans[0].start), spans).shown(1)


def test_a_passage_has_its_sentence_its_neighbours_and_marks() -> None:
    document = read_document(TEXT, "")
    assert shown(document, "high", "in Oslo") == (
        "<passage>\n<before>It rained.</before>\n"
        '<sentence>He met the <span id="1">high</span> diplomat <span id="2">in Oslo</span>, as '
        "<keep>www.example.org</keep> said.</sentence>\n<after>“We goes home,” she said.</after>\n</passage>"
    )
    assert '<quote>“We <span id="1">goes</span> home,”</quote> she said.' in shown(document, "goes")


def test_a_mark_never_cuts_a_span_and_text_is_never_a_mark() -> None:
    document = read_document('Then he said: “We goes home” and </sentence><span id="7"> left & went. All left.', "")
    told = shown(document, "home” and")
    assert '<quote>“We goes <span id="1">home” and</span></quote>' in told
    assert told.count("</sentence>") == 1 and told.count("<span id=") == 1 and "left &amp; went" in told


def test_spans_are_numbered_through_all_passages() -> None:
    document = read_document(TEXT, "")
    some = [
        passage(document, document.sentence_at(place(document, text).start), [place(document, text)])
        for text in ("high", "goes")
    ]
    system, user = messages(some)
    assert (system["role"], user["role"]) == ("system", "user")
    assert '<span id="1">high' in user["content"] and '<span id="2">goes' in user["content"]
    assert read_answer('{"answers": [{"id": 2, "wordings": ["go"]}]}', some) == [(), ("go",)]
    assert read_answer("Sorry.", some) is None


@pytest.mark.parametrize(
    "reply",
    [
        '{"answers": [{"id": 1, "wordings": ["top", "senior"]}, {"id": 2, "wordings": []}]}',
        '<think>Is it {"1": ["low"]}?</think>\n{"answers": [{"id": 1, "wordings": ["top", "senior"]}]}',
        'Here you are:\n```json\n[{"id": "1", "wordings": ["top", "senior"]}]\n```\nAnything else?',
        '{"1": ["top", "senior"]}',
        '{"spans": [{"span": 1, "suggestions": ["top", "senior"]}]}',
        '{"answers": [{"id": 1, "wordings": ["top", "senior"]}, {"id": 2, "wor',
        'I {think} so. {"answers": [{"id": 1, "wordings": ["top", 3, null, "senior"]}]} {"1": ["low"]}',
    ],
)
def test_answers_are_read_in_many_forms(reply: str) -> None:
    assert (answers(reply) or {})[1] == ("top", "senior")


@pytest.mark.parametrize(
    "reply", ["", "top", "{}", '{"answers": "top"}', "[1, 2]", "{" * 5000, "[" * 200_000, '"answers"', "null"]
)
def test_what_is_no_answer_is_none(reply: str) -> None:
    assert answers(reply) is None


def test_an_answer_that_was_cut_short_gives_what_it_has() -> None:
    assert answers('{"answers": [{"id": 1, "wordings": ["top"]}, {"id": 3, "wordings": ["a"]}, {"id": 4') == {
        1: ("top",),
        3: ("a",),
    }


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (["high"], ()),
        (["leave"], ()),
        (["", "  "], ()),
        (["top"], ("top",)),
        (["“top”"], ("top",)),
        (['<span id="1">top</span>'], ("top",)),
        (["the top"], ("top",)),
        (["top diplomat"], ("top",)),
        (["met the top diplomat in Oslo."], ("top",)),
        (["to\np"], ("to p",)),
        (["top\u0000"], ("top",)),
        (["He met the top diplomat, and then he said a good deal more than anybody had asked him to say."], ()),
        (["top", "top", "senior", "chief", "head"], ("top", "senior", "chief")),
    ],
)
def test_wordings_are_cleaned(said: list[str], kept: tuple[str, ...]) -> None:
    assert wordings(said, "high", ("He met the ", " diplomat in Oslo.")) == kept
    assert len(kept) <= MOST


def test_words_that_the_span_has_itself_are_kept() -> None:
    assert wordings(["the top"], "the high", ("He met the ", " man.")) == ("the top",)
    assert wordings(["fell in"], "falled in", ("It ", " in May.")) == ("fell in",)
