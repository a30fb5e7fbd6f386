"""Somebody else's words, whoever marks them: flagged, and never rewritten unasked."""

import pytest

from repair import Config, Repairer
from repair.findings import Safety
from repair.segment import read_document

REPAIRER = Repairer(Config(no_model=True))
WRONG = "the the officials"  # what is repaired anywhere else


def quoted(text: str) -> list[str]:
    return [span.of(text) for span in read_document(text).quotations]


# Each of these holds WRONG in somebody else's words.
WORDS = [
    "“We saw the\nPresident and the the officials in\nParis,” he said.",
    "“We saw in\n2024 that the the officials were\nthere,” he said.",
    "‘We saw the\nPresident and the the officials in\nParis,’ he said.",
    "\"We saw the\nPresident and the the officials in\nParis,\" he said.",
    "He said: “We saw it.\n\nThen the the officials came.\n\nAnd that was it,” and left.",
    "<p>He told us <q>we saw the the officials</q> on Monday.</p>",
    '<blockquote cite="x"><p>We saw the the officials.</p><p>They left.</p></blockquote>',
    "> We saw the the officials.\n> They left.\n\nSo he said.",
    "— We saw the the officials, he said.",
    "– We saw the the officials!\n– Where?",
    "―We saw the the officials.",
    "- We saw the the officials, she said.",
    "Q: What was it?\nA: We saw the the officials.",
    "A: We saw the the officials.",
    "Question: Did the the officials come?",
    "MR SMITH: We went there.\nMS JONES: Why?\nMR SMITH: We saw the the officials.",
    "Anna Berg: We went.\nJo Hart: Why?\nAnna Berg: It was so.\n\nWe saw the the officials.\nAnna Berg: Yes.",
    "They saw the film *When Tears Fall the the World Ends* in Paris.",
    "They saw the film _When Tears Fall the the World Ends_ in Paris.",
    "They saw <i>When Tears Fall the the World Ends</i> in Paris.",
]  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
def test_somebody_elses_words_are_for_a_person(text: str) -> None:
    report = REPAIRER.fix(text)
    assert report.output == text
    about = [repair for repair in report.not_applied if "the the" in repair.span.of(text).lower()]
    assert [repair.safety for repair in about] == [Safety.REVIEW]


@pytest.mark.parametrize(
    "text",
    [
        "“We saw it,” he said of\nthe the officials in\nParis.",
        "The the officials came – at last.",
        "PARIS — The minister saw the the officials on Monday.",
        "- the the officials\n- the minister",
        "Update: the the officials have left.",
        "One thing was clear: the the officials had left.",
        "A. Smith saw the the officials.",
        "The New York Times saw the the officials in New York City.",
        "We *really* saw the the officials.",
        "5 > 3, and the the officials knew it.",
        "> Quoted.\n\nThe minister saw the the officials.",
        "<blockquote>Quoted.</blockquote>The minister saw the the officials.",
    ],
)
def test_the_writers_own_words_are_repaired(text: str) -> None:
    assert "the the" not in (REPAIRER.fix(text).output or "").lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They heard We Was Robbed on the radio again that day.", ["We Was Robbed"]),
        ("They read What We Do in the Shadows on the train there.", ["What We Do in the Shadows"]),
        ("The band played Can You Feel It for the crowd in the rain.", ["Can You Feel It"]),
        ("The Prime Minister of the United Kingdom met with the King of the Belgians.", []),
        ("One Officials Was Robbed, Police Say", []),
        ("It was Donald Trump, not Joe Biden, whom They named.", []),
    ],
)
def test_titles(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected
