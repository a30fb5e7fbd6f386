"""A hard space stays hard when the word beside it is repaired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.batch.work import Task, Worker
from repair.config import Config
from repair.edits import BLANK, keeping_blanks
from repair.pipeline import Repairer


@pytest.fixture(scope="module")
def plain() -> Repairer:
    return Repairer(Config(no_model=True, apply_at="review"))  # blanks are kept whichever rules are safe


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("There, one\u00a0officials said so.", "There, one\u00a0official said so."),
        ("He saw a\u00a080-year-old man.", "He saw an\u00a080-year-old man."),
        ("He\u00a0have left, they say.", "He\u00a0has left, they say."),
        ("He saw the\u00a0the end.", "He saw the end."),  # the blank goes with the word
        ("They went\u00a0.", "They went."),  # the blank is what is wrong
    ],
)
def test_hard_spaces_are_kept(plain: Repairer, old: str, new: str) -> None:
    assert plain.fix(old).output == new


def test_an_entity_in_html_stays(plain: Repairer) -> None:
    page = b"<p>There, one&nbsp;officials said so &amp; a&nbsp;80-year-old.</p>"
    (outcome,) = Worker(plain, ("text",)).run([Task(1, "", page, "html")])
    assert [splice.before for change in outcome.changes for splice in change.splices] == ["officials", "a"]


def test_what_the_editor_is_offered_has_them_too(plain: Repairer) -> None:
    (finding,) = plain.check("There, one\u00a0officials said so.").findings
    assert [suggestion.text for suggestion in finding.suggestions] == ["one\u00a0official"]


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("in the\u00a0framework  of", "as part of", "as part of"),
        ("this\u00a0officials", "these official", "these\u00a0official"),
        ("one\u00a0of the officials", "one of the official", "one\u00a0of the official"),
    ],
)
def test_a_blank_between_other_words_is_another_blank(old: str, new: str, kept: str) -> None:
    assert keeping_blanks(old, new) == kept


words = st.text(st.sampled_from("ab \u00a0\u2009.,\n"), max_size=12)


@given(words, words)
def test_only_the_kind_of_blanks_changes(old: str, new: str) -> None:
    kept = keeping_blanks(old, new)
    assert BLANK.sub(" ", kept) == BLANK.sub(" ", new)
    if not BLANK.search(old):
        assert kept == new or BLANK.search(new)
    if BLANK.sub(" ", old) == new:
        assert kept == old
