"""Runs the case files: what must be found, what must be left alone, and what we know that we miss.

Each case has `label`, `comment`, `text` and `findings`, a list of `{text, rule, fix}`: the words that the span covers,
the finding's source, and its first suggestion (null where a person has to look). `detectors` names those that the
case is for; without it the case is for the rules. The comment of a wild case says where its text stands word for word.
A known failure states what should be found; once it is found, the suite fails until the case moves to another file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from repair.detect.lexicon import LexiconDetector
from repair.detect.rules import RulesDetector
from repair.findings import Detector
from repair.segment import read_document

CASES = Path(__file__).parent / "cases"
DETECTORS: dict[str, Detector] = {"rules": RulesDetector(), "lexicon": LexiconDetector()}


def load(name: str) -> list[Any]:
    cases = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{name}: {case['label']}") for case in cases]


def found(case: dict[str, Any]) -> list[dict[str, str | None]]:
    """The findings on a case's text in the form of the files, by position."""
    document = read_document(case["text"])
    findings = [f for name in case.get("detectors", ["rules"]) for f in DETECTORS[name].find(document)]
    return [
        {
            "text": f.span.of(document.text),
            "rule": f.source,
            "fix": f.suggestions[0].text if f.suggestions else None,
        }
        for f in sorted(findings, key=lambda f: (f.span, f.source))
    ]


@pytest.mark.parametrize("case", [*load("wild"), *load("synthetic")])
def test_found(case: dict[str, Any]) -> None:
    assert case["findings"], "a case without findings belongs in negative.json"
    assert found(case) == case["findings"]


@pytest.mark.parametrize("case", load("negative"))
def test_left_alone(case: dict[str, Any]) -> None:
    assert found(case) == case["findings"] == []


@pytest.mark.parametrize("case", load("known_failures"))
def test_known_failure_still_fails(case: dict[str, Any]) -> None:
    assert found(case) != case["findings"], "this passes now: move it to wild, synthetic or negative"


def test_labels_are_unique_and_cases_are_explained() -> None:
    cases = [p.values[0] for name in ("wild", "synthetic", "negative", "known_failures") for p in load(name)]
    labels = [case["label"] for case in cases]
    assert len(set(labels)) == len(labels)
    assert all(case["comment"] and case["text"] for case in cases)


def test_every_rule_has_a_positive_case() -> None:
    covered = {f["rule"] for name in ("wild", "synthetic") for p in load(name) for f in p.values[0]["findings"]}
    assert {rule.id for rule in RulesDetector().rules} <= covered
