"""Formats that other programs read: SARIF, rdjson and GitHub's workflow commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from repair.cli import main
from repair.config import Config
from repair.findings import Finding, Report, Suggestion
from repair.inputs import Failure
from repair.pipeline import Repairer
from repair.report import Display, renderer
from repair.report.fingerprint import fingerprints
from repair.segment import read_document
from repair.text import Span

SARIF = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
TEXT = "Café 🙂 opened.\nThe talks with SH.BA went\nwell , he said.\n"


def found(start: int, end: int, *fixes: str, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "severity": "minor",
        "message": "Reads wrong: 50 %, so\nlook.",
        "source": "rules/x",
    } | changes
    suggestions = tuple(Suggestion(fix, 0.9) for fix in fixes)
    return Finding(Span(start, end), "fluency/grammar", score=0.9, suggestions=suggestions, **values)


def report(*findings: Finding, name: str = "a b,c.txt") -> Report:
    return Report(read_document(TEXT, name), findings, "repair:test")


def shown(name: str, *results: Report | Failure) -> str:
    return "".join(renderer(name)(results, Display()))


FINDINGS = (
    found(TEXT.index("SH.BA"), TEXT.index("SH.BA") + 5, "the US", "America", severity="critical"),
    found(TEXT.index("went"), TEXT.index(" ,"), severity="major"),
    found(TEXT.index(" ,"), TEXT.index(",") + 1, ","),
)


def test_sarif_follows_its_schema_with_and_without_findings() -> None:
    for results in ([], [report()], [report(*FINDINGS)], [Failure("b.txt", "b.txt: not UTF-8")]):
        jsonschema.validate(json.loads(shown("sarif", *results)), SARIF)


def test_a_name_that_is_no_text_is_an_address_byte_for_byte() -> None:
    log = json.loads(shown("sarif", report(*FINDINGS, name="in/caf\udce9 1.txt")))
    jsonschema.validate(log, SARIF)
    places = [
        place["uri"]
        for result in log["runs"][0]["results"]
        for place in (
            result["locations"][0]["physicalLocation"]["artifactLocation"],
            *(change["artifactLocation"] for fix in result.get("fixes", ()) for change in fix["artifactChanges"]),
        )
    ]
    assert set(places) == {"in/caf%E9%201.txt"}


def test_sarif_of_a_real_article() -> None:
    path = Path(__file__).parent / "article.txt"
    made = Repairer(Config(no_model=True)).check(path.read_text(encoding="utf-8"), str(path))
    log = json.loads(shown("sarif", made))
    jsonschema.validate(log, SARIF)
    results = log["runs"][0]["results"]
    assert len(results) == len(made.findings) > 5
    assert {r["ruleId"] for r in results} == {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    lines = made.document.text.splitlines()
    for result, finding in zip(results, made.findings, strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        if region["startLine"] == region["endLine"]:
            line = lines[region["startLine"] - 1]
            assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == finding.span.of(made.document.text)


def test_sarif_names_places_in_code_points_and_carries_the_fixes() -> None:
    first = json.loads(shown("sarif", report(*FINDINGS)))["runs"][0]["results"][0]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b%2Cc.txt"}
    assert (place["region"]["startLine"], place["region"]["startColumn"], place["region"]["endColumn"]) == (2, 16, 21)
    texts = [fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] for fix in first["fixes"]]
    assert texts == ["the US", "America"] and first["level"] == "error"


def test_a_text_that_failed_is_told_in_sarif() -> None:
    run = json.loads(shown("sarif", Failure("b.txt", "b.txt: not UTF-8"), report()))["runs"][0]
    invocation = run["invocations"][0]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "b.txt: not UTF-8"


def test_rdjson_counts_bytes() -> None:
    text = "Café 🙂 SH.BA said.\n"
    one = Report(read_document(text, "a.txt"), (found(7, 12, "the US"),), "s")
    (diagnostic,) = json.loads(shown("rdjson", one))["diagnostics"]
    assert diagnostic["location"] == {
        "path": "a.txt",
        "range": {"start": {"line": 1, "column": 12}, "end": {"line": 1, "column": 17}},
    }
    assert diagnostic["suggestions"] == [{"range": diagnostic["location"]["range"], "text": "the US"}]
    assert json.loads(shown("rdjson"))["diagnostics"] == []


def test_github_commands_are_one_escaped_line_each() -> None:
    lines = shown("github", report(*FINDINGS), Failure("b:1.txt", "bad")).splitlines()
    assert len(lines) == 4
    assert lines[0] == (
        "::error file=a b%2Cc.txt,line=2,endLine=2,col=16,endColumn=20,title=rules/x::"
        "Reads wrong: 50 %25, so%0Alook. Fix: the US"
    )
    assert ",line=2,endLine=3,title=" in lines[1]  # no columns over two lines
    assert lines[3] == "::error file=b%3A1.txt::bad"


def test_github_commands_say_the_fix_in_a_sentence_of_its_own() -> None:
    start = TEXT.index("SH.BA")
    named = report(found(start, start + 5, "the US", message="“SH.BA” is “the US” in Albanian"))
    assert shown("github", named).endswith("::“SH.BA” is “the US” in Albanian. Fix: the US\n")
    removed = report(found(start, start + 5, "", message="Too much."))
    assert shown("github", removed).endswith("::Too much. Fix: remove it\n")
    (result,) = json.loads(shown("sarif", removed))["runs"][0]["results"]
    assert result["fixes"][0]["description"]["text"] == "Remove it"


def test_a_fingerprint_survives_changes_elsewhere_and_tells_twins_apart() -> None:
    text = "He said said it. He said said it. Fine."
    spans = [Span(8, 12), Span(25, 29)]
    twins = Report(read_document(text), tuple(found(s.start, s.end) for s in spans), "s")
    later = Report(read_document("New. " + text), tuple(found(s.start + 5, s.end + 5) for s in spans), "s")
    assert fingerprints(twins) == fingerprints(later) and len(set(fingerprints(twins))) == 2


def test_formats_of_findings_are_for_checks(capsys: pytest.CaptureFixture[str]) -> None:
    article = str(Path(__file__).parent / "article.txt")
    assert main(["check", "--no-model", "--format", "rdjson", article]) == 1
    assert len(json.loads(capsys.readouterr().out)["diagnostics"]) > 5
    assert main(["fix", "--no-model", "--format", "sarif", article]) == 2
    assert "use it with repair check" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["sarif", "rdjson"])
def test_nothing_found_is_still_valid_json(name: str) -> None:
    assert json.loads(shown(name))
