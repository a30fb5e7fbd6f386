"""The detector that runs every rule. The rules live in their families, each of which is imported here."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from repair.detect import (  # noqa: F401 - a family registers its rules as it is imported
    agreement,
    articles,
    capitals,
    characters,
    declined,
    literal,
    numbers,
    quotes,
    repetition,
    sentences,
    spacing,
    straight,
    verbs,
)
from repair.detect.rule import REGISTERED, Page, Rule
from repair.errors import ConfigError
from repair.findings import Finding
from repair.patience import still_wanted
from repair.text import Document

if TYPE_CHECKING:
    from repair.config import Config
    from repair.detect.house import House

RULES: tuple[Rule, ...] = tuple(REGISTERED.values())


def make(config: Config, house: House | None) -> RulesDetector:
    """All rules but those that the settings leave out."""
    return RulesDetector({rule.id for rule in RULES} & set(config.ignore.rules))


class RulesDetector:
    """Finds what rules can see: spacing, punctuation, agreement, repetition, stray characters.

    `disabled` holds ids of rules that are not run (`rules/doubled-word`); an unknown one raises ConfigError.
    """

    name = "rules"

    def __init__(self, disabled: Collection[str] = ()) -> None:
        unknown = sorted(set(disabled) - {rule.id for rule in RULES})
        if unknown:
            known = ", ".join(rule.id for rule in RULES)
            raise ConfigError(f"no such rule: {', '.join(unknown)}; the rules are {known}")
        self.rules = tuple(rule for rule in RULES if rule.id not in disabled)

    def find(self, document: Document) -> list[Finding]:
        """Findings sorted by span; protected ranges have none."""
        page = Page(document)
        findings: list[Finding] = []
        for rule in self.rules:
            still_wanted()
            findings += rule.findings(page)
        return sorted(findings, key=lambda f: (f.span, f.source))
