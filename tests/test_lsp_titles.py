"""The title of a quick fix shows what changes, whatever that is."""

from __future__ import annotations

import pytest

from repair.lsp.answers import SHOWN, title


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (" .", ".", "Change “␣.” to “.”"),
        ("\u00a0,", ",", "Change “⍽,” to “,”"),
        (",", ", ", "Change “,” to “,␣”"),
        ("full -scale", "full-scale", "Change “full -scale” to “full-scale”"),
        ("one\u00a0man", "one man", "Change “one⍽man” to “one man”"),
        ("a  b", "a b", "Change “a␣␣b” to “a b”"),
        ("a\nb", "a b", "Change “a⏎b” to “a b”"),
        ("so\u200bft", "soft", "Change “so⟨U+200B⟩ft” to “soft”"),
        ("one officials", "one official", "Change “one officials” to “one official”"),
        (" the", "", "Remove “␣the”"),
    ],
)
def test_titles(old: str, new: str, shown: str) -> None:
    assert title(old, new) == shown


def test_a_long_text_is_shown_where_it_changes() -> None:
    same = "The same words again and again and again and again "
    shown = title(f"{same}one officials said", f"{same}one official said")
    before, after = shown.removeprefix("Change “").removesuffix("”").split("” to “")
    assert before != after and "officials" in before and max(len(before), len(after)) <= SHOWN
    assert title("a" * 50, "a" * 60) != title("a" * 50, "a" * 50)
