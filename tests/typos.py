"""`Typos`, a small pipeline that finds "teh" (and fixes it) and "SHBA" (and cannot), and a command line with it."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from repair.cli import main
from repair.config import Config
from repair.edits import Edit, apply
from repair.errors import ModelError
from repair.findings import Finding, Repair, Report, Safety, Suggestion
from repair.inputs import Item
from repair.segment import read_document
from repair.text import Span

SCHEMA = json.loads((Path(__file__).parent.parent / "repair/data/schema.json").read_text(encoding="utf-8"))
VALID = jsonschema.Draft202012Validator(SCHEMA)


class Typos:
    """Reads a few texts ahead, as the real pipeline does."""

    made: list[Config]

    def __init__(self, config: Config) -> None:
        self.made.append(config)

    def check_many(self, items: Iterable[Item], word_scores: bool = False) -> Iterator[Report]:
        ahead: list[Item] = []
        for item in items:
            ahead.append(item)
            if len(ahead) == 3:
                yield from (self._check(i, word_scores) for i in ahead)
                ahead = []
        yield from (self._check(i, word_scores) for i in ahead)

    def fix_many(self, items: Iterable[Item]) -> Iterator[Report]:
        for report in self.check_many(items):
            mine = tuple(
                Repair(f.span, (f,), (Edit(f.span, "the"),), Safety.SAFE, (), 1.0)
                for f in report.findings
                if f.suggestions
            )
            text = report.document.text
            output = apply(text, [edit for repair in mine for edit in repair.edits])
            yield Report(report.document, report.findings, "test", output, mine, id=report.id, notes=report.notes)

    def _check(self, item: Item, word_scores: bool) -> Report:
        if "CRASH" in item.text:
            raise ModelError("the base model is missing; run: repair setup")
        findings = [
            Finding(Span(*m.span()), "fluency/spelling", "minor", 0.9, "A typo.", "typos", (Suggestion("the", 0.9),))
            if m.group() == "teh"
            else Finding(Span(*m.span()), "accuracy/untranslated", "critical", 0.9, "An abbreviation.", "typos")
            for m in re.finditer("teh|SHBA", item.text)
        ]
        scores = tuple(float(w == "teh") for w in item.text.split()) if word_scores else None
        document = read_document(item.text, item.name)
        return Report(document, tuple(findings), "test", word_scores=scores, id=item.id, notes=("a note",))


class Command:
    """Calls the command line in this process."""

    def __init__(self, capture: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capture, self.monkeypatch = capture, monkeypatch
        Typos.made = []

    def __call__(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(list(arguments), repairer=Typos)
        out, err = self.capture.readouterr()
        return code, out.decode(), err.decode()

    def lines(self, *arguments: str, stdin: bytes = b"") -> list[Any]:
        rows = [json.loads(line) for line in self(*arguments, stdin=stdin)[1].splitlines()]
        for row in rows:
            VALID.validate(row)
        return rows


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(text.encode())
    return path


def only_error(result: tuple[int, str, str]) -> str:
    """The one line on standard error of a command that failed and printed nothing."""
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("repair: ")
    assert err.count("\n") == 1
    return err.removeprefix("repair: ").rstrip("\n")
