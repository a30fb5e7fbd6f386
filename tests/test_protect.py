"""What is no prose is left alone: templates, formulas, front matter. What only looks like it is prose."""

from __future__ import annotations

import pytest

from repair.config import Config
from repair.pipeline import Repairer
from repair.protect import protected_spans

LONG = "".join(f"key{i}: One officials said .\n" for i in range(2_000))  # more than 50,000 characters


def locked(text: str) -> list[str]:
    return [span.of(text) for span in protected_spans(text)]


@pytest.mark.parametrize(
    "code",
    [
        "$x , y$",
        "$f(x) = 2 , x > 0$",
        "$2^n , n$",
        "$\\alpha , \\beta$",
        "$$a , b\n= c$$",
        "\\(a , b\\)",
        "{{ name , title }}",
        "{{{ raw , html }}}",
        "{% if one officials , two %}",
        "{% set x = 5 % 3 , y %}",
        "{# a note , one officials #}",
        "${user , name}",
        "<% print a , b %>",
        "<%= one officials , b %>",
        "%(name)s",
        "{name}",
        "{0:,.2f}",
        '[gallery ids="1 , 2" size=large]',
        "[/caption]",
        '[embed width="1 , 2"/]',
    ],
)
def test_code_in_a_text_is_left_alone(code: str) -> None:
    text = f"They said {code} to them ."
    assert locked(text) == [code]
    assert Repairer(Config(no_model=True)).fix(text).output == f"They said {code} to them."


@pytest.mark.parametrize(
    "prose",
    [
        "It cost $5 , or $6 .",
        "It cost US$5 , or HK$40 .",
        "They paid 5$ , then 6$ .",
        "From $5 million , or A$7 , to $9 ,",
        "Shares of $AAPL , and of $TSLA ,",
        "It rose 5 % , they said (in %) .",
        "He said [sic] , she said [one officials] .",
        "He said {one officials} , and {} {{ ,",
        "They made $5 , the US$ , said so",
        "One $ , two $ ,",
    ],
)
def test_prose_with_the_same_signs_is_prose(prose: str) -> None:
    assert not any(" ," in one for one in locked(prose))


@pytest.mark.parametrize(
    ("opening", "closing"), [("---\n", "---\n"), ("---\r\n", "---\r\n"), ("---\n", "...\n"), ("+++\n", "+++\n")]
)
def test_front_matter_is_left_alone_however_long(opening: str, closing: str) -> None:
    front = opening + LONG.replace("\n", opening[-2:] if "\r" in opening else "\n") + closing
    assert locked(f"{front}One officials said .\n") == [front]


@pytest.mark.parametrize(
    "text",
    [
        "---\nOne officials said .\n---\nTwo.\n",  # a rule above and one below
        "---\ntitle: x\nOne officials said .\n",  # never closed
        "One.\n---\ntitle: one officials\n---\n",  # not at the start
        "--- title: x\n---\n",
    ],
)
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    assert locked(text) == []


def test_an_empty_or_commented_front_matter() -> None:
    assert locked("---\n---\nText.") == ["---\n---\n"]
    assert locked("---\n# a note\na: 1\n---") == ["---\n# a note\na: 1\n---"]
