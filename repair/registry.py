"""What there is of each kind, by name. Options, their help, checks and messages follow from these tables.

A new one is a module and a line here. It is imported when it is wanted, so that `--help` imports none.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# The most trusted first: of two findings that clash the first stays. Each is a `Make` of `repair.tools`; the language
# model is no function of a text alone, and `repair.engine` makes it.
DETECTORS = {
    "lexicon": "repair.detect.lexicon:make",
    "rules": "repair.detect.rules:make",
    "languagetool": "repair.detect.languagetool:make",
    "lm": "",
}

# What proposes wordings, each a `Make` of `repair.correct`, and the setting that asks for it; the one without a setting
# is taken where none is asked for.
CORRECTORS = {
    "rewriting": ("repair.correct.rewriting:make", "model"),
    "served": ("repair.correct.infilling:make", "corrector.url"),  # our own, with a served model's wordings among its
    "infilling": ("repair.correct.infilling:make", ""),
}

# How results are shown, each a `Render` of `repair.report`.
REPORTS = {
    "text": "repair.report.text:render",
    "json": "repair.report.json:render",
    "jsonl": "repair.report.json:render_lines",
    "diff": "repair.report.diff:render",
    "sarif": "repair.report.sarif:render",
    "rdjson": "repair.report.rdjson:render",
    "github": "repair.report.github:render",
    "html": "repair.report.html:render",
}


def load(place: str) -> Any:
    """What a table leads to: `name` of `package.module`, which is imported now.

    >>> load("repair.registry:load") is load
    True
    """
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
