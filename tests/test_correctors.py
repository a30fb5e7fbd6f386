"""Correctors are a table: the settings say which proposes, and what it is, says the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from repair.config import Config, Served, corrector_name, load_config
from repair.correct import corrector
from repair.errors import ConfigError
from repair.findings import Finding, Suggestion
from repair.lm.model import LanguageModel
from repair.pipeline import Repairer
from repair.registry import CORRECTORS
from repair.text import Document

FUTURE = "The minister was far less future with his views on the war than his colleagues, officials said.\n"
ASKING = {"rewriting": {"model": "t5"}, "served": {"corrector.url": "http://localhost:1"}, "infilling": {}}


class Forthcoming:
    """Proposes one word for everything."""

    calibrated = False
    signature = ("forthcoming:1",)

    def propose(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        said = (Suggestion("forthcoming", 0.9, guess=True),)
        return [finding if finding.suggestions else replace(finding, suggestions=said) for finding in findings]

    def notes(self) -> tuple[str, ...]:
        return ("it knows one word",)


def make(config: Config, lm: LanguageModel) -> Forthcoming:
    assert lm.tokenizer is not None
    return Forthcoming()


@pytest.mark.parametrize("name", CORRECTORS)
def test_each_has_a_maker_and_is_taken_where_the_settings_ask_for_it(name: str) -> None:
    config = load_config(overrides=ASKING[name])
    assert corrector_name(config) == name
    assert callable(corrector(name))


def test_two_are_an_error_in_settings_made_by_hand_too() -> None:
    with pytest.raises(ConfigError, match=r"^model and corrector\.url name two correctors"):
        corrector_name(Config(model="t5", corrector=Served(url="http://localhost:1")))


@pytest.mark.slow
def test_what_the_table_names_proposes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CORRECTORS, "infilling", (f"{__name__}:make", ""))
    report = Repairer(Config()).fix(FUTURE)
    (finding,) = report.findings
    assert [suggestion.text for suggestion in finding.suggestions] == ["forthcoming"]
    assert report.signature.endswith("|forthcoming:1") and report.notes == ("it knows one word",)
    assert report.output == FUTURE, "it is not calibrated"
