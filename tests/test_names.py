"""Every name that a person types is compared with what there is: a slip of the pen must not look like a clean text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.datasets import dataset
from benchmarks.peers import make
from repair.cli import main
from repair.config import Config, Ignore
from repair.detect.rules import RULES
from repair.errors import ConfigError, InputError
from repair.lsp.project import Project
from repair.pipeline import Repairer
from repair.registry import DETECTORS

HOUSE = """
[terms]
"in the framework of" = "as part of"
[desks.sport.terms]
"soccer" = "football"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("One officials said so.\n", encoding="utf-8")
    Path("house.toml").write_text(HOUSE, encoding="utf-8")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line of a command that printed nothing and exited with 2."""
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("repair: ") and err.count("\n") == 1
    return err


CHECK = ["check", "a.txt", "--no-model"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chek", "a.txt"], "no command 'chek'; did you mean check?"),
        (["batch", "rnu", "a", "b"], "no command 'rnu'; did you mean run?"),
        (["ledger", "decided", "out"], "no command 'decided'; did you mean decide?"),
        (["rules", "tset"], "no command 'tset'; did you mean test?"),
        (["score", "span"], "no command 'span'; did you mean spans?"),
        (["score", "zzz"], "no command 'zzz'; there is "),
        ([*CHECK, "--formt", "json"], "--format"),
        ([*CHECK, "--format", "serif"], "'serif' is not one of text, json, jsonl, diff, sarif"),
        ([*CHECK, "--format", "serif"], "; did you mean sarif?"),
        ([*CHECK, "--format", "JSON"], "; did you mean json?"),
        ([*CHECK, "--fail-on", "mayor"], "; did you mean major?"),
        (["fix", "a.txt", "--apply-at", "save"], "; did you mean safe?"),
        ([*CHECK, "--detectors", "harper"], "option detectors must be a list of detectors (lexicon, rules"),
        ([*CHECK, "--detectors", "rules,lexikon"], "not 'lexikon'; did you mean lexicon?"),
        ([*CHECK, "--detectors", "Rules"], "not 'Rules'; did you mean rules?"),
        (["serve", "--detectors", "harper"], "not 'harper'"),
        (["batch", "run", ".", "../out", "--detectors", "harper"], "not 'harper'"),
        (["batch", "run", ".", "../out", "--engine", "locale"], "; did you mean local?"),
        ([*CHECK, "--house", "house.toml", "--desk", "sprot"], "no desk 'sprot'; did you mean sport?"),
        (["score", "convert", "a.txt", "--to", "tag"], "; did you mean tags?"),
    ],
)
def test_a_name_on_the_command_line(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert told in refused(capsys, *arguments)


@pytest.mark.parametrize("arguments", [["--detectors", "lm", "--no-model"], ["--detectors", " , ", "--no-model"]])
def test_to_look_for_nothing_is_an_error(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert "nothing to look for: " in refused(capsys, "check", "a.txt", *arguments)
    assert "nothing to look for: " in refused(capsys, "serve", "--port", "0", *arguments)
    assert main(["check", "a.txt", "--house", "house.toml", *arguments]) == 0


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('[ignore]\nrules = ["rules/dubbled-word"]', "no rule 'rules/dubbled-word'; did you mean rules/doubled-word?"),
        ('[ignore]\nrules = ["doubled-word"]', "no rule 'doubled-word'; did you mean rules/doubled-word?"),
        ('[ignore]\nrules = ["lexikon"]', "did you mean lexicon?"),
        ('[ignore]\nrules = ["zebra"]', "no rule 'zebra'; every finding names its rule, as rules/doubled-word"),
        (
            'house = "house.toml"\n[ignore]\nrules = ["house/socker"]',
            "no rule 'house/socker'; did you mean house/soccer?",
        ),
        ('apply_at = "revue"', "must be safe or review, not 'revue'; did you mean review?"),
        ('fail_on = "criticle"', "; did you mean critical?"),
        ('dtype = "bfloat61"', "; did you mean bfloat16?"),
        ('desc = "sport"', "unknown key desc; did you mean desk?"),
    ],
)
def test_a_name_in_the_settings(capsys: pytest.CaptureFixture[str], toml: str, told: str) -> None:
    Path("repair.toml").write_text(toml, encoding="utf-8")
    assert told in refused(capsys, *CHECK)


def test_a_rule_in_the_environment(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPAIR_IGNORE_RULES", "rules/doubled-word,rules/dubbled-word")
    assert "did you mean rules/doubled-word?" in refused(capsys, *CHECK)
    assert "did you mean rules/doubled-word?" in refused(capsys, "serve", "--no-model", "--port", "0")
    Path("in").mkdir()
    assert "did you mean rules/doubled-word?" in refused(capsys, "batch", "run", "in", "out", "--no-model")


def test_an_editor_is_told_of_a_rule_that_is_none() -> None:
    Path("repair.toml").write_text('[ignore]\nrules = ["rules/dubbled-word"]', encoding="utf-8")
    project = Project(Path.cwd(), None, {"no_model": True})
    with pytest.raises(ConfigError, match="did you mean rules/doubled-word"):
        project.submit("One officials said so.", "a.txt", "check").result(60)
    project.close()


def test_settings_made_by_hand_are_checked_at_the_first_text() -> None:
    with pytest.raises(ConfigError, match="no detector 'harper'; there is lexicon, rules, languagetool, lm"):
        Repairer(Config(no_model=True, detectors=("rules", "harper"))).check("One officials said so.")


def test_every_rule_and_detector_that_there_is_may_be_ignored() -> None:
    names = (*DETECTORS, *(rule.id for rule in RULES), "house", "house/as-nobody-knows", "languagetool/EN_A_VS_AN")
    Repairer(Config(no_model=True, ignore=Ignore(rules=names))).verify()
    known = ("house", "house/soccer", "house/in-the-framework-of")
    Repairer(Config(no_model=True, house=Path("house.toml"), ignore=Ignore(rules=known))).verify()


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('[terms."soccer"]\nusee = "football"', "did you mean use?"),
        ('[terms."soccer"]\nuse = "football"\nseverity = "mayor"', "did you mean major?"),
        ("[trems]\n", "did you mean terms?"),
        ('[never]\nname = ["Hpe"]', "did you mean names?"),
    ],
)
def test_a_key_in_the_house_rules(capsys: pytest.CaptureFixture[str], toml: str, told: str) -> None:
    Path("house.toml").write_text(toml, encoding="utf-8")
    assert told in refused(capsys, *CHECK, "--house", "house.toml")


def test_names_of_the_benchmarks() -> None:
    with pytest.raises(InputError, match="unknown set 'smaple'; did you mean sample"):
        dataset("smaple")
    with pytest.raises(InputError, match="unknown peer 'harper'; did you mean Harper"):
        make(["harper"])


def test_names_in_a_journal(capsys: pytest.CaptureFixture[str]) -> None:
    Path("in/wire").mkdir(parents=True)
    Path("in/wire/story.txt").write_text("Talks with SH.BA began ., he said.\n", encoding="utf-8")
    main(["batch", "run", "in", "out", "--no-model"])
    capsys.readouterr()
    revert = ["batch", "revert", "out"]
    assert "no rule 'lexikon'; did you mean lexicon?" in refused(capsys, *revert, "--rule", "lexikon")
    assert "no detector 'ruels'; did you mean rules?" in refused(capsys, *revert, "--detector", "ruels")
    assert "no run '7'; there is 1" in refused(capsys, *revert, "--run", "7")
    assert "did you mean wire/story.txt?" in refused(capsys, *revert, "--article", "wire/sotry.txt")
    assert "did you mean wire/story.txt?" in refused(capsys, "batch", "show", "out", "story")
    assert "did you mean wire/story.txt?" in refused(capsys, "batch", "show", "out", "wire/storry.txt")
    decide = ["ledger", "decide", "out", "--flag", "--yes", "--house", "house.toml"]
    assert "'SH.BB' was never found in this archive; did you mean 'SH.BA'?" in refused(capsys, *decide, "SH.BB")
    wrong = refused(capsys, *decide, "SH.BA", "--desk", "sprot")
    assert "house.toml: no desk 'sprot'; did you mean sport? For a new one write [desks.sprot.terms]" in wrong
    assert Path("house.toml").read_text(encoding="utf-8") == HOUSE
    assert main([*decide, "SH.BA", "--desk", "wire"]) == 0  # nothing like it: a new desk
    assert "[desks.wire.terms" in Path("house.toml").read_text(encoding="utf-8")


def test_the_installed_command_refuses_a_detector_that_is_none() -> None:
    command = [sys.executable, "-m", "repair", "check", "a.txt", "--detectors", "harper", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "not 'harper'" in done.stderr


def test_what_is_named_rightly_still_runs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("repair.toml").write_text('[ignore]\nrules = ["rules/doubled-word"]\n', encoding="utf-8")
    assert main(["check", "a.txt", "--detectors", "rules,lexicon", "--no-model", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["summary"]["findings"] == 1
