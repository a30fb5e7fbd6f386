"""Why a span is doubted, told from what its likeliest wording changes."""

import pytest

from repair.correct.reasons import reason


@pytest.mark.parametrize(
    ("old", "new", "category", "told"),
    [
        ("high", "top", "accuracy/mistranslation", "are one word in"),
        ("deciding", "decision", "fluency/grammar", "expects a noun here"),
        ("on", "in", "fluency/grammar", "Another preposition"),
        ("a", "the", "fluency/grammar", "Another article"),
        ("goes", "went", "fluency/grammar", "Another form of this word"),
        ("President", "the President", "fluency/grammar", "An article seems to be missing"),
        ("told Times", "told the Times", "fluency/grammar", "An article"),
        ("discussed about", "discussed", "fluency/grammar", "do without this preposition: “about”"),
        ("the both", "both", "fluency/grammar", "do without this article"),
        ("envoy of Trump", "Trump's envoy", "style/unidiomatic", "order of another language"),
        ("always is", "is always", "style/unidiomatic", "order of another language"),
        ("Parliament", "parliament", "fluency/spelling", "capitals"),
        ("which is", "which, is", "fluency/punctuation", "punctuation"),
        ("he", "it", "fluency/grammar", "small word"),
    ],
)
def test_a_change_tells_its_reason(old: str, new: str, category: str, told: str) -> None:
    found = reason(old, new)
    assert found is not None and found[0] == category and told in found[1]


@pytest.mark.parametrize(("old", "new"), [("great big thing", "very different matter"), ("krater xyzzy", "plugh foo")])
def test_what_tells_nothing_gives_no_reason(old: str, new: str) -> None:
    assert reason(old, new) is None
