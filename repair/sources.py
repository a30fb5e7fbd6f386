"""The names under which findings are reported; `ignore.rules` takes them, and a slip of the pen would go unnoticed."""

from __future__ import annotations

from collections.abc import Iterable

from repair.detect.house import source
from repair.detect.rules import RULES
from repair.errors import ConfigError, closest
from repair.house import HouseFile
from repair.registry import DETECTORS
from repair.source.checks import CHECKS

LANGUAGETOOL, HOUSE = "languagetool/", "house/"


def check_ignored(names: Iterable[str], house: HouseFile | None) -> None:
    """Raises ConfigError for a name under which nothing is ever reported.

    LanguageTool's own rules are known to it alone, and house rules only where there is a file of them.

    >>> check_ignored(["lexicon", "rules/doubled-word", "languagetool/EN_A_VS_AN", "house/kiev"], None)
    >>> check_ignored(["rules/dubbled-word"], None)
    Traceback (most recent call last):
    repair.errors.ConfigError: ignore.rules: no rule 'rules/dubbled-word'; did you mean rules/doubled-word?
    """
    sections = [house, *house.desks.values()] if house else []
    known = [*DETECTORS, "house", *(rule.id for rule in RULES)]
    known += ["source", *(f"source/{check.name}" for check in CHECKS)]
    known += [source(term) for section in sections for term in section.terms]
    unseen = (LANGUAGETOOL,) if house else (LANGUAGETOOL, HOUSE)
    for name in names:
        if name not in known and not name.startswith(unseen):
            meant = closest(name, known)
            told = f"did you mean {meant}?" if meant else "every finding names its rule, as rules/doubled-word"
            raise ConfigError(f"ignore.rules: no rule {name!r}; {told}")
