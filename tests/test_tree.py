"""Trees of tokens read as one, and marked pieces."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from repair.correct.infilling import scored, wordings
from repair.correct.pieces import MOST_CHARACTERS, MOST_SPANS, WORDS, asked, pieces
from repair.judges.wordings import Features
from repair.lm.infill import Branch
from repair.lm.marked import Marker
from repair.lm.tree import ancestors
from repair.segment import read_document
from repair.text import Span


@pytest.fixture(scope="module")
def tiny() -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=50, hidden_size=16, intermediate_size=32, num_hidden_layers=3, num_attention_heads=2, pad_token_id=0
    )
    model: Any = LlamaForCausalLM(config)
    return model.eval()


def test_a_token_sees_itself_and_its_ancestors() -> None:
    assert ancestors([-1, 0, 0, 2]).tolist() == [
        [True, False, False, False],
        [True, True, False, False],
        [True, False, True, False],
        [True, False, True, True],
    ]


class Letters:
    """A tokenizer whose tokens are characters."""

    def __call__(self, text: str | list[str], add_special_tokens: bool) -> dict[str, Any]:
        texts = [text] if isinstance(text, str) else text
        tokens = [[ord(char) for char in one] for one in texts]
        return {"input_ids": tokens[0] if isinstance(text, str) else tokens}


@given(st.text("ab. ", min_size=1, max_size=40), st.data())
def test_marking_adds_brackets_and_nothing_else(text: str, data: st.DataObject) -> None:
    borders = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = [Span(a, b) for a, b in zip(borders[::2], borders[1::2], strict=False)]
    marked = Marker(Letters(), start=0).mark(text, spans)
    shown = "".join(map(chr, marked.tokens[1:]))
    assert shown.replace(" [", "").replace(" ]", "") == text
    assert len(marked.questions) == len(marked.leads) == len(spans)
    for span, question in zip(spans, marked.questions, strict=True):
        assert "".join(map(chr, question)).endswith(f"{span.of(text)} ] =>")


def test_a_question_names_the_word_before() -> None:
    marker = Marker(Letters(), start=0)
    text = "It is far less future with his views."
    marked = marker.mark(text, [Span(15, 21)])
    assert "".join(map(chr, marked.tokens[1:])) == "It is far less [ future ] with his views."
    assert "".join(map(chr, marked.questions[0])) == "\n less [ future ] =>"
    assert ["".join(map(chr, tokens)) for tokens in marker.answers(" ", ["open", ""])] == [" open\n", "\n"]


def test_wordings_that_begin_alike_share_a_branch() -> None:
    root = Branch()
    root.add((1, 2, 9), "one", 0.5)
    root.add((1, 3, 9), "two", 1.5)
    assert list(root.next) == [1] and sorted(root.next[1].next) == [2, 3]
    assert root.next[1].prior == 1.5 and root.next[1].next[2].next[9].ends == "one"


def test_pieces_tile_the_text_and_hold_whole_sentences() -> None:
    document = read_document("The talks went on and on until late in the night. " * 40)
    some = list(pieces(document))
    assert [piece.start for piece in some] == [0, *(piece.end for piece in some[:-1])]
    assert some[-1].end == len(document.text) and all(len(p.of(document.text).split()) <= WORDS for p in some)


def test_what_cannot_be_marked_is_not_asked_about() -> None:
    text = "He said [sic] it. Then they left."
    spans = [Span(0, 2), Span(8, 13), Span(18, 22)]
    assert [some for _, some in asked(read_document(text), spans)] == [[0, 2]]
    assert list(asked(read_document("x" * (MOST_CHARACTERS + 1)), [Span(0, 5)])) == []
    many = read_document("a " * (2 * MOST_SPANS))
    assert [len(s) for _, s in asked(many, [Span(2 * i, 2 * i + 1) for i in range(30)])] == [MOST_SPANS, 10]


def test_two_words_of_a_short_span_are_changed_together() -> None:
    text = "Officials informed about the talks spoke."
    found = wordings(read_document(text), Span(10, 24))
    assert {"informed on", "acquainted about", "acquainted with"} <= set(found)
    assert found["acquainted with"].kind == "pair"
    assert "informed about" not in found


def test_no_change_is_what_every_wording_is_measured_against() -> None:
    found = scored("high", {}, {"high": -2.0, "top": -1.0, "tall": -4.0, "": -3.0})
    assert {w.text: (w.features.gain, w.features.lead) for w in found} == {"top": (1.0, 1.0), "tall": (-2.0, -3.0)}


def test_words_that_change_are_counted() -> None:
    found = {
        w.text: w.features
        for w in scored("in the talks", {}, {"in the talks": -1.0, "on talks": -2.0, "in the peace talks": -3.0})
    }
    assert (found["on talks"].added, found["on talks"].dropped, found["on talks"].small) == (1, 2, True)
    assert (found["in the peace talks"].added, found["in the peace talks"].small) == (1, False)


@pytest.mark.parametrize(
    ("old", "new", "proposed"),
    [
        ("an honour", "an honor", False),
        ("labor", "labour", False),
        ("organised", "organized", False),
        ("a theatre programme", "a theater program", False),
        ("an honour", "a honour", True),
        ("a labour", "a work", True),
        ("prize", "price", True),
    ],
)
def test_a_word_is_not_respelt(old: str, new: str, proposed: bool) -> None:
    assert bool(scored(old, {}, {old: -2.0, new: -1.0})) == proposed


@pytest.mark.parametrize(
    ("old", "new", "proposed"),
    [
        ("🙏🏽🙏🏽", "🙏🏽", False),
        ("good 👍🏿", "good 👍", False),
        ("family 👨‍👩‍👧", "family 👨👩👧", False),
        ("🇦🇱 wins", "🇦 wins", False),
        ("much countries 👍🏿", "many countries 👍🏿", True),
    ],
)
def test_emoji_are_never_taken_apart(old: str, new: str, proposed: bool) -> None:
    assert bool(scored(old, {}, {old: -2.0, new: -1.0})) == proposed


@pytest.mark.parametrize(
    ("old", "new", "proposed"),
    [
        ("opponent", "enemy”", False),
        ("opponent", "“enemy", False),
        ("“opponent", "enemy", False),
        ("opponent", "‘enemy’", False),
        ("opponent", '"enemy"', False),
        ("the “opponent” of", "the “enemy” of", True),
        ("officials party", "officials’ party", True),
        ("it is", "it’s", True),
        ("the 1960s", "the ’60s", True),
    ],
)
def test_quotations_are_neither_opened_nor_closed(old: str, new: str, proposed: bool) -> None:
    assert bool(scored(old, {}, {old: -2.0, new: -1.0})) == proposed


def test_features_give_one_number_for_each_coefficient() -> None:
    features = Features(-1.0, 2.0, 0.5, kind="pivot", prior=0.7, words=1, added=1, dropped=1, small=False)
    assert len(features.vector(0.5)) == len(features.vector(0.0)) == 15
