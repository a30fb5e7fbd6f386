"""What comes out of a few hundred texts is what came out before (`outputs.py` says how to make the files anew)."""

from __future__ import annotations

from pathlib import Path

import pytest
from outputs import MODEL, REMAKE, RULES, changed, keep, kept, with_model, without_model


def test_the_rules_make_of_every_text_what_they_made_before() -> None:
    assert len(kept(RULES)) >= 200
    told = changed(RULES, without_model())
    assert not told, told


@pytest.mark.slow
def test_the_model_makes_of_every_text_what_it_made_before() -> None:
    told = changed(MODEL, with_model())
    assert not told, told


def test_a_change_is_told_with_its_text_and_what_to_do(tmp_path: Path) -> None:
    file, before = tmp_path / "kept.txt", {"a: one": '0-3 rules/x major "teh" > "the"\n= "the"', "b: two": "", "c": ""}
    keep(file, before)
    assert kept(file) == before
    assert changed(file, before | {"new": "anything"}) == ""
    told = changed(file, {"a: one": "", "b: two": ""})
    assert told.splitlines() == [
        f"2 of 3 texts come out differently; {REMAKE}",
        "## a: one",
        '- 0-3 rules/x major "teh" > "the"',
        '- = "the"',
        "## c (no such text any more)",
    ]
