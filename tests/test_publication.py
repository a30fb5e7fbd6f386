"""What stands between a text and its publication: known findings, the gate and the hooks."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from repair.cli import main
from repair.config import Config, Ignore
from repair.errors import ConfigError, ModelError
from repair.findings import Finding, Report
from repair.inputs import Item
from repair.pipeline import Repairer
from repair.publication import Curve, Kind, PublicationGate, Rates, false_alarm_curve, publication_gate, read_curves
from repair.score.split import is_calibration, is_dev
from repair.segment import read_document
from repair.text import Span

ARTICLE = Path(__file__).parent / "article.txt"


pytestmark = pytest.mark.usefixtures("folder")


GARBLED = "He held talks with SH.BA on Monday.\n"


def check(*arguments: str) -> int:
    return main(["check", "--no-model", *arguments])


def test_known_findings_neither_fail_the_run_nor_show(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    assert check("a.txt", "--write-baseline", "known.json") == 0
    out, err = capsys.readouterr()
    assert out == "" and "findings known from now on: 1 (texts: 1)" in err
    assert check("a.txt", "--baseline", "known.json") == 0
    assert "No findings" in capsys.readouterr().out
    assert check("a.txt", "--baseline", "known.json", "--format", "jsonl") == 0
    assert '"findings": []' in capsys.readouterr().out


def test_a_known_finding_stays_known_when_it_moves_and_its_twin_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    check("a.txt", "--write-baseline", "known.json")
    Path("a.txt").rename("b.txt")
    Path("b.txt").write_text("A new paragraph.\n\n" + GARBLED, encoding="utf-8")
    assert check("b.txt", "--baseline", "known.json") == 0
    capsys.readouterr()
    Path("b.txt").write_text(GARBLED + "\n" + GARBLED, encoding="utf-8")
    assert check("b.txt", "--baseline", "known.json") == 1
    assert "\n  3:20  safe" in capsys.readouterr().out  # the second of the two
    Path("c.txt").write_text(GARBLED, encoding="utf-8")
    Path("b.txt").write_text(GARBLED, encoding="utf-8")
    assert check("b.txt", "c.txt", "--baseline", "known.json") == 1
    out = capsys.readouterr().out
    assert "c.txt\n\nSure (1)\n  1:20" in out and "b.txt" not in out


def test_a_baseline_counts_what_is_alike_in_several_texts(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.txt", "b.txt"):
        Path(name).write_text(GARBLED, encoding="utf-8")
    assert check(".", "--write-baseline", "known.json") == 0
    assert check(".", "--baseline", "known.json") == 0
    Path("c.txt").write_text(GARBLED, encoding="utf-8")
    assert check(".", "--baseline", "known.json") == 1
    lines = Path("known.json").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3 and '"count":2,"text":"SH.BA"' in lines[1]


@pytest.mark.parametrize("content", [None, "", "[]", '{"schema": "repair-baseline/2", "findings": []}', "\xff"])
def test_a_baseline_that_cannot_be_used_is_one_line(content: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    if content is not None:
        Path("known.json").write_bytes(content.encode("latin-1"))
    assert check("a.txt", "--baseline", "known.json") == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith("repair: known.json: ") and "repair check --write-baseline known.json" in err


def test_no_baseline_is_written_of_half_the_texts(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    assert check("a.txt", "missing.txt", "--write-baseline", "known.json") == 2
    assert not Path("known.json").exists() and "1 of the texts could not be read" in capsys.readouterr().err
    assert check("a.txt", "--write-baseline", "known.json", "--baseline", "known.json") == 2
    assert "takes all findings" in capsys.readouterr().err


CURVES: dict[Kind, Curve] = {"article": [(0.1, 8.0), (0.5, 2.0), (0.9, 0.5)], "line": [(0.1, 20.0), (0.9, 0.7)]}
LONG = "The minister met her counterpart in Vienna on Monday and they agreed to meet again. " * 40


def gate_of(budget: float, model: dict[Kind, Curve] | None = None) -> PublicationGate:
    """Two findings at 0.6 and one at 0.9 were counted in 10,000 words, of one detector."""
    rates: dict[Kind, Rates] = {
        kind: Rates(((0.6, 2), (0.9, 1)), 1, 10_000, model[kind] if model else None) for kind in ("article", "line")
    }
    return PublicationGate(budget, rates)


@given(st.floats(0.2, 30), st.floats(0.2, 30), st.floats(0, 1), st.booleans())
def test_the_threshold_keeps_to_the_budget_and_no_more(one: float, other: float, share: float, model: bool) -> None:
    low, high = sorted((one, other))
    strict, loose = gate_of(low, CURVES if model else None), gate_of(high, CURVES if model else None)
    assert loose.threshold(share) <= strict.threshold(share)
    threshold = strict.threshold(share)
    if threshold <= 1:
        assert strict.expected(threshold, share) <= low
        assert threshold == 0 or strict.expected(threshold - 0.0011, share) > low


def test_a_smaller_budget_keeps_only_the_most_certain_findings() -> None:
    document = read_document(LONG, "a.txt")
    scores = (0.55, 0.7, 0.95)
    findings = tuple(
        Finding(Span(i, i + 3), "fluency/grammar", "minor", score, "m", "lm") for i, score in enumerate(scores)
    )
    kept = {}
    for budget in (0.8, 2.0, 9.0):
        (report,) = gate_of(budget, CURVES).decide([Report(document, findings, "s")])
        assert isinstance(report, Report) and report.verdict is not None
        assert report.verdict.expected <= budget and not report.verdict.publish
        kept[budget] = [finding.score for finding in report.findings]
    assert kept == {0.8: [0.95], 2.0: [0.7, 0.95], 9.0: [0.55, 0.7, 0.95]}
    assert gate_of(0.8, CURVES).threshold(1) > gate_of(0.8).threshold(1)  # the model takes its part of the budget


def test_a_budget_below_all_that_was_measured_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"--gate 0\.1: no finding is so certain.* is --gate 0\.8$"):
        gate_of(0.1, CURVES).lowest  # noqa: B018
    assert gate_of(0.8, CURVES).lowest <= 0.9


def test_the_curve_that_calibration_writes_is_the_one_that_is_read(tmp_path: Path) -> None:
    scores = [0.15, 0.4, 0.4, 0.97]
    made = {kind: false_alarm_curve(scores, 2000) for kind in ("article", "line")}
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"thresholds": {}, "false_alarms": made}), encoding="utf-8")
    assert read_curves(path) == made
    gate = publication_gate(1.6, Config(detectors=("lm",)), lambda: read_curves(path))
    assert gate.expected(0.4, 1.0) == 2.0 and gate.expected(0.41, 1.0) == 1.0
    assert 0.4 < gate.threshold(1.0) < 0.41 and gate.expected(gate.threshold(1.0), 1.0) <= 1.6


@pytest.mark.parametrize(
    "content", [None, {}, {"article": [[0.1, 1.0]]}, {"article": [[0.1, 1], [0.2, 2]], "line": []}]
)
def test_a_model_without_a_table_is_one_line(content: object, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps({} if content is None else {"false_alarms": content}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"models\.judge\.calibrate, or use --no-model"):
        read_curves(path)


def test_rules_that_are_off_cost_nothing_and_detectors_that_nobody_measured_are_refused() -> None:
    every = publication_gate(9, Config(no_model=True))
    fewer = publication_gate(9, Config(no_model=True, ignore=Ignore(rules=("rules",))))
    assert (
        fewer.expected(0.0, 1.0)
        < every.expected(0.0, 1.0)
        < publication_gate(9, Config(no_model=True, detectors=("rules", "lexicon", "languagetool"))).expected(0.0, 1.0)
    )
    with pytest.raises(ConfigError, match="counted the false alarms of harper; leave it out"):
        publication_gate(9, Config(no_model=True, detectors=("rules", "harper")))


def test_the_gate_says_publish_or_a_person_in_a_line_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    Path("b.txt").write_text("He held talks with the US on Monday.\n", encoding="utf-8")
    assert check(".", "--gate", "1") == 1
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        r"needs a person: a.txt \(1 finding, about 0\.\d+ false alarms per 1,000 words expected\)", lines[0]
    )
    assert "publish: b.txt" in lines
    assert check("b.txt", "--gate", "1") == 0
    assert check("a.txt", "--gate", "1", "--fail-on", "critical") == 0
    assert "publish: a.txt" in capsys.readouterr().out
    check("a.txt", "--write-baseline", "known.json")
    assert check("a.txt", "--gate", "1", "--baseline", "known.json") == 0


def test_the_gate_keeps_a_rule_out_that_cries_too_often(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Will underline the lack of European contribution to the talks that began on Monday.\n"  # rules/lost-subject
    Path("a.txt").write_text(text, encoding="utf-8")
    assert check("a.txt", "--gate", "5") == 1
    assert check("a.txt", "--gate", "0.1") == 0
    assert "publish: a.txt\nNo findings" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "told"), [("0", "above 0"), ("nan", "above 0"), ("0.0001", "no finding is so certain")]
)
def test_a_gate_that_cannot_be_kept_is_one_line(given: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    assert check("a.txt", "--gate", given) == 2
    err = capsys.readouterr().err
    assert told in err and err.count("\n") == 1


def test_the_verdict_stands_in_every_format_that_has_a_place_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    shown = {}
    for name in ("jsonl", "sarif", "github", "html"):
        assert check("a.txt", "--gate", "1", "--format", name) == 1
        shown[name] = capsys.readouterr().out
    row = json.loads(shown["jsonl"])
    schema = Path(__file__).parents[1] / "repair/data/schema.json"
    jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(row)
    assert row["gate"]["decision"] == "needs a person" and row["gate"]["expected"] <= row["gate"]["budget"] == 1
    (told,) = json.loads(shown["sarif"])["runs"][0]["properties"]["gate"]
    assert told == {"uri": "a.txt"} | row["gate"]
    assert "::warning file=a.txt,title=gate::needs a person: a.txt (1 finding" in shown["github"]
    assert '<p class="verdict failed">needs a person: a.txt (1 finding' in shown["html"]


@pytest.mark.slow
def test_on_clean_news_not_calibrated_on_false_alarms_stay_near_the_budget(data: Path) -> None:
    from benchmarks.false_alarms import FILES, texts

    clean = texts(data / "clean-news" / FILES["article"], lambda text: is_dev(text) and not is_calibration(text))
    gate = publication_gate(0.2, Config(no_model=True))
    reports = list(gate.decide(Repairer(Config(no_model=True)).check_many(Item(text) for text in clean)))
    count = sum(len(report.findings) for report in reports if isinstance(report, Report))
    budget = 0.2 * sum(len(text.split()) for text in clean) / 1000
    assert count <= budget + 3 * budget**0.5


ROOT = Path(__file__).parents[1]
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def pre_commit(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs pre-commit in the current folder with the `repair` of this environment, and nothing of the user's."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(Path("home").absolute()),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "REPAIR_HOME": str(Path("empty").absolute()),
    }
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8"))}


def test_the_hooks_load_no_model() -> None:
    assert set(hooks()) == {"repair-check", "repair-fix"}
    assert all(hook["args"] == ["--no-model"] and hook["language"] == "python" for hook in hooks().values())


@pytest.mark.slow
def test_pre_commit_takes_the_manifest_and_runs_the_hooks() -> None:
    assert pre_commit("validate-manifest", str(HOOKS)).returncode == 0
    # installing the package anew would take minutes, so the hooks run the one that is installed
    local = [hook | {"language": "system"} for hook in hooks().values()]
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": local}]}))
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    Path("b.md").write_text("# Talks\n\n“We trust SH.BA,” he said on Monday.\n", encoding="utf-8")
    Path("c.py").write_text('"SH.BA , one officials"\n', encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", "add", "a.txt", "b.md", "c.py"], check=True)
    check, fix = pre_commit("run", "--all-files", "repair-check"), pre_commit("run", "--all-files", "repair-fix")
    assert check.returncode == 1 and "a.txt\n\nSure (1)\n  1:20" in check.stdout and "c.py" not in check.stdout
    assert fix.returncode == 1 and "files were modified by this hook" in fix.stdout
    assert Path("a.txt").read_text(encoding="utf-8") == "He held talks with the US on Monday.\n"
    assert Path("b.md").read_text(encoding="utf-8").count("SH.BA") == 1  # quoted
    assert pre_commit("run", "--all-files", "repair-fix").returncode == 0
    after = pre_commit("run", "--all-files", "repair-check")
    assert after.returncode == 1 and "b.md\n\nIn quotations (1)\n  3:11" in after.stdout and "a.txt" not in after.stdout


def test_the_example_of_a_workflow_names_commands_that_exist() -> None:
    steps = yaml.safe_load((ROOT / "docs/github-action.yml").read_text(encoding="utf-8"))["jobs"]["check"]["steps"]
    Path("articles").mkdir()
    Path("articles/a.txt").write_text(GARBLED, encoding="utf-8")
    commands = [step["run"] for step in steps if step.get("run", "").startswith("repair ")]
    assert len(commands) == 2
    for command in commands:
        assert main(shlex.split(command.partition(">")[0])[1:]) == 1
