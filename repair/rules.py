"""`repair rules`: what each rule finds and how often it was right; the house rules' own test cases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from repair.config import Config, load_config
from repair.errors import ConfigError
from repair.house import FLAGGED, UNCHANGED, HouseFile, Term, read_house
from repair.options import CONFIG, Commands
from repair.pipeline import Repairer

WIDTH = 100  # columns of prose


@dataclass(frozen=True, slots=True)
class Case:
    """A text under a term, for a desk or for all, and what `repair fix` shall make of it."""

    desk: str | None
    term: str
    text: str
    expected: str

    @property
    def wanted(self) -> str:
        return self.text if self.expected in (FLAGGED, UNCHANGED) else self.expected

    @property
    def place(self) -> str:
        return f"{self.term} ({self.desk})" if self.desk else self.term


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case: the text, and whether anything was found; `why` repairs that were possible were not made."""

    case: Case
    output: str
    found: bool
    why: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.output == self.case.wanted and (self.found or self.case.expected != FLAGGED)


def cases(content: HouseFile) -> Iterator[Case]:
    """Every case in the file, in its order."""
    sections = [(None, content.terms), *((desk, section.terms) for desk, section in content.desks.items())]
    for desk, terms in sections:
        for term, rule in terms.items():
            if isinstance(rule, Term):
                yield from (Case(desk, term, text, expected) for text, expected in rule.cases.items())


def run_cases(path: Path) -> list[Result]:
    """Runs every case in `path` with its desk's rules and no other detector. Raises ConfigError for a broken file."""
    content = read_house(path)
    desks = [None, *content.desks]
    repairers = {desk: Repairer(Config(detectors=(), no_model=True, house=path, desk=desk)) for desk in desks}
    for repairer in repairers.values():
        _ = repairer.house  # rules that undo each other are told even where nothing tests them
    results = []
    for case in cases(content):
        report = repairers[case.desk].fix(case.text)
        why = tuple(dict.fromkeys(reason for repair in report.not_applied for reason in repair.reasons))
        results.append(Result(case, report.output or "", bool(report.findings), why))
    return results


@click.group(cls=Commands)
def rules() -> None:
    """See the rules and what is known of them; run the cases of house rules."""


@rules.command("list")
def list_rules() -> None:
    """List the rules: name, what becomes of its fixes, severity, and what it finds."""
    from repair.guide import guides, safety

    found = guides().values()
    width = max(len(guide.name) for guide in found)
    for guide in found:
        click.echo(f"{guide.name:{width}}  {safety(guide):10}  {guide.rule.severity:5}  {guide.rule.message}")


@rules.command("show")
@click.argument("name")
def show_rule(name: str) -> None:
    """Explain the rule NAME (doubled-word, or rules/doubled-word).

    What it finds, why that is a defect, what looks like it and is left alone, examples, and how often its fixes were
    right. In the examples [old|new] is a finding with its fix, [old] one without.
    """
    from repair.guide import earned, find_guide

    guide = find_guide(name)
    click.echo(f"{guide.rule.id}  {guide.rule.severity}  {guide.rule.category}\n{guide.rule.message}\n")
    for title, text in (("", guide.what), ("Why: ", guide.why), ("Left alone: ", guide.alone)):
        click.echo(click.wrap_text(title + text, WIDTH, subsequent_indent="  " if title else ""))
    click.echo("\nExamples:")
    for example in guide.examples:
        click.echo(click.wrap_text(example, WIDTH, "  ", "    "))
    click.echo("")
    for row in guide.evidence:
        click.echo(click.wrap_text(f"Evidence: {earned(row)}.", WIDTH, subsequent_indent="  "))


@rules.command("test")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False), metavar="[FILE]")
@CONFIG
def run_tests(file: Path | None, config: Path | None) -> int:
    """Run the test cases that the rules in FILE carry, by default the `house` of the settings.

    A case is a text and what `repair fix` shall make of it with the house rules alone, or "unchanged", or "flagged":
    found, and left for a person.

    Exit code: 0 all cases pass, 1 some do not, 2 an error.
    """
    path = file or load_config(config, os.environ).house
    if path is None:
        raise ConfigError("no house rules: name the file, or set `house` in repair.toml")
    results = run_cases(path)
    failed = [result for result in results if not result.passed]
    for result in failed:
        case = result.case
        missed = case.expected == FLAGGED and result.output == case.text
        expected, got = ("a finding", "none") if missed else (case.wanted, result.output)
        click.echo(f"FAILED {case.place}\n  text      {case.text}\n  expected  {expected}\n  got       {got}")
        if result.why:
            click.echo(f"  because   {'; '.join(result.why)}")
    click.echo(f"{path}: {len(results) - len(failed)} of {len(results)} cases pass")
    return 1 if failed else 0
