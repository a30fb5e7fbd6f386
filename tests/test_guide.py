"""What is known of a rule reaches people: in the terminal, on the page, in SARIF."""

import json
from email.message import Message
from pathlib import Path

import pytest

from benchmarks.rules_page import document
from repair import guide as guides_module
from repair.cli import main
from repair.detect.rule import REGISTERED, rule
from repair.detect.rules import RULES
from repair.evidence import Counted, Row
from repair.guide import earned, explain, find_guide, guides, help_uri

ROOT = Path(__file__).parents[1]
NAMES = [rule.id for rule in RULES]


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_says_what_why_and_what_is_left_alone(name: str) -> None:
    guide = guides()[name]
    assert guide.what and guide.why and guide.alone and guide.evidence
    assert guide.what.endswith((".", '"', ")")) and "Why:" not in guide.what + guide.why + guide.alone
    assert any("[" in example for example in guide.examples) and len(guide.examples) > 1
    assert "`_" not in guide.alone, "private names mean nothing to a reader"


def test_a_name_given_twice_is_an_error() -> None:
    find = next(rule for rule in RULES if rule.id == "rules/doubled-word").find
    with pytest.raises(ValueError, match="two rules are called rules/doubled-word"):
        rule("fluency/grammar", "minor", "Again.", score=0.9, fix_score=0.9)(find)
    assert [rule.id for rule in REGISTERED.values()] == NAMES


def test_a_rule_without_a_docstring_is_still_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python run with -OO has none."""
    doubled = REGISTERED["rules/doubled-word"]
    assert explain(doubled).examples
    monkeypatch.setattr(doubled.find, "__doc__", None)
    assert explain(doubled).examples == () and explain(doubled).what == ""


def test_the_page_is_current() -> None:
    assert (ROOT / "docs/rules.md").read_text("utf-8") == document(), "run python -m benchmarks.table"


def test_show_explains_a_rule_by_either_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show", "doubled-word"]) == 0
    shown = capsys.readouterr().out
    assert main(["rules", "show", "rules/doubled-word"]) == 0
    assert capsys.readouterr().out == shown
    guide = find_guide("doubled-word")
    flat = " ".join(shown.split())
    for part in (guide.rule.id, guide.rule.message, guide.what, guide.why, guide.alone, *map(earned, guide.evidence)):
        assert " ".join(part.split()) in flat
    assert "[the the|the]" in shown


def test_show_tells_which_rule_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show", "dubled-word"]) == 2
    assert capsys.readouterr().err == "repair: no rule 'dubled-word'; did you mean rules/doubled-word?\n"
    assert main(["rules", "show", "x"]) == 2
    assert "`repair rules list` shows all" in capsys.readouterr().err


def test_list_has_a_line_for_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(name.removeprefix("rules/") for name in NAMES)


def test_what_was_never_seen_is_said() -> None:
    none = Counted(words=10)
    row = Row(source="rules/x", mechanical=False, real=none, output=none, clean={"bbc": none})
    assert earned(row) == (
        "fixes are for review: none seen in translations, 0.0 wrong edits in a million words of clean copy"
    )


def test_sarif_describes_the_rules_it_names(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("He saw the the end of talks with SH.BA .\n", "utf-8")
    main(["check", "--no-model", "--format", "sarif", str(article)])
    driver = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]
    by_id = {rule["id"]: rule for rule in driver["rules"]}
    doubled = by_id["rules/doubled-word"]
    assert doubled["shortDescription"] == {"text": "The same word twice."}
    assert doubled["fullDescription"]["text"] == find_guide("doubled-word").what
    assert doubled["defaultConfiguration"] == {"level": "note"} and "Left alone:" in doubled["help"]["markdown"]
    assert by_id["lexicon"] == {"id": "lexicon"}


def test_a_help_address_is_given_where_the_project_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = Message()
    monkeypatch.setattr(guides_module, "metadata", lambda name: declared)
    guides_module.address.cache_clear()
    assert help_uri("rules/doubled-word") is None
    declared["Project-URL"] = "Documentation, https://example.org/repair/"
    guides_module.address.cache_clear()
    assert help_uri("rules/doubled-word") == "https://example.org/repair/docs/rules.md#doubled-word"
    assert help_uri("house/kiev") is None and help_uri("lm") is None
    guides_module.address.cache_clear()
