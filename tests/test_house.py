"""House rules: preferred terms, names never to touch, desks, the rules' own cases, and writing to the file."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.cli import main
from repair.config import Config, Ignore
from repair.detect.house import HouseDetector
from repair.errors import ConfigError, OutputError
from repair.findings import Safety
from repair.house import Rules, Term, add_ignore, read_house
from repair.pipeline import Repairer
from repair.segment import read_document

HOUSE = """\
# The house rules of the Daily.
[terms]
"in the framework of" = "as part of"
"Cote d'Ivoire" = "Ivory Coast"
"Presidency" = "presidency"
"White House" = "the White House"
"U.S." = "US"
"e-mail" = "email"
"regional wars" = "border wars"

[terms."Kiev"]
use = "Kyiv"
reason = "The city's own name."
owner = "Foreign desk"
severity = "major"
unless = ["chicken Kiev"]
[terms."Kiev".cases]
"He flew to Kiev." = "He flew to Kyiv."
"We had chicken Kiev." = "unchanged"

[terms."terrorist"]
reason = "Say what was done"

[never]
names = [
  "SHBA Group",  # a company
]

[short_names]
us = "USA"

[desks.sport.terms]
"soccer" = { use = "football", cases = { "A soccer match." = "A football match." } }
"Kiev" = "Kiev Dynamo"

[desks.sport.never]
names = ["One officials"]
"""


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("house.toml")
    path.write_text(HOUSE, encoding="utf-8")
    return path


def fixed(text: str, desk: str | None = None) -> str:
    report = Repairer(Config(no_model=True, detectors=(), house=Path("house.toml"), desk=desk)).fix(text)
    assert report.output is not None
    return report.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met in the framework of a visit.", "They met as part of a visit."),
        ("In the framework of a visit, they met.", "As part of a visit, they met."),
        ("They met. “In the Framework of peace.”", "They met. “In the Framework of peace.”"),
        ("They met in the\nframework of a visit.", "They met as part of a visit."),
        ("They met in the\u00a0framework  of a visit.", "They met as part of a visit."),
        ("THEY MET IN THE FRAMEWORK OF A VISIT\n", "THEY MET AS PART OF A VISIT\n"),
        ("He said In The Framework Of it.", "He said In The Framework Of it."),
        ("Kiev’s mayor and pro-Kiev forces met.", "Kyiv’s mayor and pro-Kyiv forces met."),
        ("The Kievan Rus and kiev are not meant.", "The Kievan Rus and kiev are not meant."),
        ("We had chicken Kiev in Kiev.", "We had chicken Kiev in Kyiv."),
        ("He went to Cote d’Ivoire.", "He went to Ivory Coast."),
        ("The Presidency said so.", "The presidency said so."),
        ("Presidency of the EU.", "Presidency of the EU."),
        ("Sources in White House and the White House said.", "Sources in the White House and the White House said."),
        ("The White House said so.", "The White House said so."),
        ("He lives in the U.S. She does not.", "He lives in the US. She does not."),
        ("He lives in the U.S.", "He lives in the US."),
        ("The U.S. president came.", "The US president came."),
        ("See https://example.org/Kiev and `Kiev`.", "See https://example.org/Kiev and `Kiev`."),
        ("Kiev is here. <!-- repair: ignore -->\n", "Kiev is here. <!-- repair: ignore -->\n"),
    ],
)
def test_terms_are_written_as_the_house_wants_them(text: str, expected: str) -> None:
    assert fixed(text) == expected
    assert fixed(expected) == expected


def test_a_finding_shows_the_rule_the_reason_and_the_owner() -> None:
    text = "He flew to Kiev, the terrorist said."
    report = Repairer(Config(no_model=True, house=Path("house.toml"))).check(text)
    city, word = report.findings
    assert (city.source, city.severity, city.suggestions[0].text) == ("house/kiev", "major", "Kyiv")
    assert city.message == "House rule: “Kyiv”, not “Kiev”. The city's own name (Foreign desk)."
    assert (word.source, word.severity, word.suggestions) == ("house/terrorist", "minor", ())
    assert word.message == "House rule: not “terrorist”. Say what was done."
    assert "|house:" in report.signature


def test_quotations_are_flagged_and_never_rewritten() -> None:
    text = "“We flew to Kiev,” he said.\n"
    report = Repairer(Config(no_model=True, house=Path("house.toml"))).fix(text)
    assert [finding.source for finding in report.findings] == ["house/kiev"]
    assert report.output == text and report.not_applied[0].safety is Safety.REVIEW


def test_a_rule_cannot_change_a_fact(house: Path) -> None:
    house.write_text('[terms]\n"two dozen" = "25"\n', encoding="utf-8")
    report = Repairer(Config(no_model=True, house=house)).fix("He saw two dozen men.\n")
    assert report.output == "He saw two dozen men.\n" and report.not_applied[0].safety is Safety.REJECTED


def test_never_touch_names_keep_every_detector_away() -> None:
    text = "SHBA Group said one officials of the SHBA left the SHBA Groups.\n"
    without = Repairer(Config(no_model=True)).check(text)
    report = Repairer(Config(no_model=True, house=Path("house.toml"), apply_at="review")).fix(text)
    assert [f.span.of(text) for f in without.findings] == ["SHBA", "one officials", "SHBA", "SHBA"]
    assert [f.span.start for f in report.findings] == [f.span.start for f in without.findings[1:]]
    assert report.output is not None and report.output.startswith("SHBA Group said one official")


def test_a_desk_has_its_own_rules_before_those_of_all(house: Path) -> None:
    text = "Soccer in Kiev in the framework of a tour. One officials came."
    assert fixed(text).startswith("Soccer in Kyiv as part of a tour.")
    assert fixed(text, "sport").startswith("Football in Kiev Dynamo as part of a tour.")
    sport = Repairer(Config(no_model=True, house=house, desk="sport")).check("One officials came.")
    assert sport.findings == ()
    with pytest.raises(ConfigError, match="no desk 'sprot'; did you mean sport"):
        fixed(text, "sprot")
    with pytest.raises(ConfigError, match="has no house rules"):
        Repairer(Config(no_model=True, desk="sport")).check(text)


def test_short_names_of_the_house_reach_the_lexicon(house: Path) -> None:
    text = "He held talks with SH.BA on Monday.\n"
    assert Repairer(Config(no_model=True, house=house)).fix(text).output == "He held talks with the USA on Monday.\n"
    Path("style.toml").write_text('us = "America"', encoding="utf-8")
    both = Repairer(Config(no_model=True, house=house, house_style=Path("style.toml"))).fix(text)
    assert both.output is not None and "America" in both.output


def test_a_rule_can_be_switched_off(house: Path) -> None:
    config = Config(no_model=True, house=house, ignore=Ignore(rules=("house/kiev",)))
    assert [f.source for f in Repairer(config).check("A terrorist in Kiev.").findings] == ["house/terrorist"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[terms\n", "house.toml: not usable as house rules: "),
        ('[term]\n"a" = "b"\n', "unknown field `term`"),
        ('[terms]\n"a" = 3\n', "house.toml: not usable"),
        ('[terms."a"]\nuses = "b"\n', "unknown field `uses`"),
        ('[terms]\n"–" = "-"\n', "'–' cannot be matched: there is no letter or digit in it"),
        ('[terms]\n"a" = ""\n', "length >= 1"),
        ('[terms]\n"Kiev" = "Kyiv"\n"Kyiv" = "Kiev"\n', "another rule changes “Kyiv” to “Kiev”; make the two agree"),
        ('[terms]\n"Kiev" = "Kiev"\n', "“Kiev” is to be written as it is; remove the term"),
        ("\xff", "house.toml: not usable as house rules: "),
    ],
)
def test_rules_that_cannot_be_used_are_one_line(
    content: str, told: str, house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.write_bytes(content.encode("latin-1" if content == "\xff" else "utf-8"))
    Path("a.txt").write_text("All is well.\n", encoding="utf-8")
    for arguments in (["check", "--no-model", "--house", "house.toml", "a.txt"], ["rules", "test", "house.toml"]):
        assert main(arguments) == 2
        out, err = capsys.readouterr()
        assert told in err and err.count("\n") == 1 and out == ""


def test_the_settings_name_the_file_and_the_desk(capsys: pytest.CaptureFixture[str]) -> None:
    Path("conf").mkdir()
    Path("house.toml").rename("conf/house.toml")
    Path("conf/repair.toml").write_text('house = "house.toml"\ndesk = "sport"\nno_model = true\n', encoding="utf-8")
    Path("a.txt").write_text("A soccer match in the framework of a tour.\n", encoding="utf-8")
    assert main(["fix", "--config", "conf/repair.toml", "a.txt"]) == 0
    assert capsys.readouterr().out == "A football match as part of a tour.\n"
    assert main(["check", "--no-model", "--house", "conf/house.toml", "--format", "jsonl", "a.txt"]) == 1
    assert [f["source"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["house/in-the-framework-of"]
    assert main(["check", "--no-model", "--house", "none.toml", "a.txt"]) == 2
    assert "none.toml: cannot read the house rules" in capsys.readouterr().err


def test_the_rules_run_their_own_cases(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test", "house.toml"]) == 0
    assert capsys.readouterr().out == "house.toml: 3 of 3 cases pass\n"
    Path("repair.toml").write_text('house = "house.toml"\n', encoding="utf-8")
    house.write_text(HOUSE.replace("He flew to Kyiv.", "He flew to Lviv.").replace('"We had', '"“To Kiev.” We had'))
    assert main(["rules", "test"]) == 1
    shown = capsys.readouterr().out
    assert "FAILED Kiev\n" in shown and "expected  He flew to Lviv.\n  got       He flew to Kyiv.\n" in shown
    assert shown.endswith("house.toml: 2 of 3 cases pass\n")


def test_a_case_may_expect_a_flag(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house.write_text(
        '[terms."Kiev"]\ncases = { "To Kiev." = "flagged", "To Kyiv." = "flagged", "Kyiv." = "unchanged" }\n'
    )
    assert main(["rules", "test", "house.toml"]) == 1
    shown = capsys.readouterr().out
    assert "FAILED Kiev\n  text      To Kyiv.\n  expected  a finding\n  got       none\n" in shown
    assert shown.endswith("house.toml: 2 of 3 cases pass\n")


def test_a_failing_case_says_why_nothing_was_changed(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house.write_text('[terms."Kiev"]\nuse = "Kyiv"\ncases = { "“To Kiev,” he said." = "“To Kyiv,” he said." }\n')
    assert main(["rules", "test", "house.toml"]) == 1
    assert "inside a quotation: what was said is not rewritten unasked" in capsys.readouterr().out
    assert main(["rules", "test", "none.toml"]) == 2 and main(["rules", "test"]) == 2
    assert "no house rules: name the file" in capsys.readouterr().err


def test_a_phrase_to_ignore_is_written_once_and_comments_stay(house: Path) -> None:
    assert add_ignore(house, "  Deportivo\n España ")
    assert not add_ignore(house, "Deportivo España")
    assert add_ignore(house, 'The "Sh.ba" Café', desk="sport") and add_ignore(house, "Kiev", desk="culture")
    text = house.read_text(encoding="utf-8")
    expected = HOUSE.replace("  # a company\n", '  # a company\n  "Deportivo España",\n')
    assert text.startswith(expected.partition("[desks.sport.never]")[0])
    content = read_house(house)
    assert content.never.names == ("SHBA Group", "Deportivo España")
    assert content.desks["sport"].never.names == ("One officials", 'The "Sh.ba" Café')
    assert content.desks["culture"].never.names == ("Kiev",)
    assert fixed("In Kiev.", "culture") == "In Kiev."


def test_the_file_is_made_where_there_is_none_and_a_broken_one_is_left(house: Path) -> None:
    assert add_ignore(Path("new.toml"), "SHBA Group") and add_ignore(Path("new.toml"), "Two")
    assert Path("new.toml").read_text(encoding="utf-8") == '[never]\nnames = ["SHBA Group", "Two"]\n'
    for content in ("[never\n", "never = 3\n", '[never]\nname = "x"\n'):
        house.write_text(content, encoding="utf-8")
        with pytest.raises(ConfigError, match="not usable as house rules"):
            add_ignore(house, "SHBA")
        assert house.read_text(encoding="utf-8") == content
    with pytest.raises(ConfigError, match="no letter or digit"):
        add_ignore(house, " — ")
    with pytest.raises(OutputError, match="cannot be written"):
        add_ignore(Path("no/folder/house.toml"), "SHBA")


def test_many_writers_lose_nothing(house: Path) -> None:
    threads = [threading.Thread(target=add_ignore, args=(house, f"Name {number}")) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(read_house(house).never.names) == {"SHBA Group", *(f"Name {number}" for number in range(12))}


def test_a_loaded_pipeline_sees_what_is_added_and_outlives_a_broken_file(house: Path) -> None:
    repairer = Repairer(Config(no_model=True, detectors=("lexicon",), house=house))
    text = "He held talks with SHBA on Monday.\n"
    former = repairer.check(text)
    assert len(former.findings) == 1
    add_ignore(house, "SHBA")
    after = repairer.check(text)
    assert after.findings == () and after.signature != former.signature
    house.write_text("[never\n", encoding="utf-8")
    broken = repairer.check(text)
    assert broken.findings == () and "going on with the house rules as they were: house.toml: " in broken.notes[0]
    house.write_text(HOUSE, encoding="utf-8")
    again = repairer.check(text)
    assert len(again.findings) == 1 and again.notes == ()
    assert repairer.applying("review").fix("In Kiev.").output == "In Kyiv."


WORDS = st.sampled_from(
    ["Kiev", "kiev", "KIEV", "Kyiv", "in", "the", "framework", "of", "as part", "U.S.", "US", "White"]
)


@given(st.lists(st.one_of(WORDS, st.sampled_from(["House", ".", ",", "“", "”", "\n", "\n\n", "’s", "-"])), max_size=12))
@settings(deadline=None, max_examples=200)
def test_findings_have_exact_places_and_fixing_twice_changes_nothing(parts: list[str]) -> None:
    terms = {
        "Kiev": Term(use="Kyiv"),
        "in the framework of": Term(use="as part of"),
        "White House": Term(use="the White House"),
        "U.S.": Term(use="US"),
    }
    detector = HouseDetector(Rules(terms=terms, names=("framework US",), short_names=None, version=""))
    text = " ".join(parts)
    for _ in range(2):
        document = detector.protect(read_document(text))
        findings = detector.find(document)
        last = 0
        for finding in findings:
            assert finding.span.start >= last and finding.span.of(text).casefold().split() in [
                key.casefold().split() for key in terms
            ]
            assert finding.suggestions[0].text != finding.span.of(text)
            last = finding.span.end
        for finding in reversed(findings):
            text = text[: finding.span.start] + finding.suggestions[0].text + text[finding.span.end :]
    assert detector.find(detector.protect(read_document(text))) == []
