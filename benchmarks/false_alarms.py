"""Counts what the detectors without a model flag in clean news, for `repair check --gate`; writes the package's table.

Every flag in clean news counts as a false alarm, also the few on real slips. The table is made of the calibration half
of the dev side; the other half is printed beside it, to see whether the rates hold where nothing was chosen.

    python -m benchmarks.false_alarms --data DIR --languagetool FOLDER
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.datasets import read_rows
from repair.config import Config, LanguageTool
from repair.findings import Report
from repair.inputs import Item
from repair.pipeline import Repairer
from repair.publication import TABLE, Kind
from repair.score.split import is_calibration, is_dev
from repair.text import words

FILES: dict[Kind, str] = {"article": "bbc-2225.jsonl.gz", "line": "newstest-2008-2021.jsonl.gz"}


def texts(path: Path, keep: Callable[[str], bool]) -> list[str]:
    """The different texts of a file that `keep` takes, in their order."""
    return list(dict.fromkeys(text for row in read_rows(path) if keep(text := row["text"])))


def held_out(text: str) -> bool:
    return is_dev(text) and not is_calibration(text)


def count(reports: Iterable[Report], detectors: Sequence[str] = ()) -> dict[str, Any]:
    """What the table holds for one kind of text: texts, words, and rows of source, score and number of findings."""
    found: Counter[tuple[str, float]] = Counter()
    size = number = 0
    for report in reports:
        number += 1
        size += len(words(report.document.text))
        found.update((finding.source, round(finding.score, 4)) for finding in report.findings)
    return {
        "detectors": detectors,
        "texts": number,
        "words": size,
        "findings": [[*key, found[key]] for key in sorted(found)],
    }


def by_detector(counted: dict[str, Any]) -> str:
    totals: Counter[str] = Counter()
    for source, _, number in counted["findings"]:
        totals[source.partition("/")[0]] += number
    rates = (f"{name} {1000 * totals[name] / counted['words']:.3f}" for name in sorted(totals))
    return f"{counted['texts']:,} texts, {counted['words']:,} words; flags per 1,000 words: {', '.join(rates)}"


def as_json(table: Mapping[Kind, dict[str, Any]]) -> str:
    """The table with a line for every source, so that changes are easy to read."""
    parts = []
    for kind, counted in table.items():
        rows = ",\n".join(f"    {json.dumps(row)}" for row in counted["findings"])
        head = ", ".join(f'"{name}": {json.dumps(counted[name])}' for name in ("detectors", "texts", "words"))
        parts.append(f'  "{kind}": {{{head}, "findings": [\n{rows}\n  ]}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def every_detector(languagetool: Path | None) -> tuple[str, ...]:
    return ("rules", "lexicon", "languagetool") if languagetool else ("rules", "lexicon")


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True, help="The folder of data sets.")
@click.option("--languagetool", type=click.Path(path_type=Path, exists=True), help="Where LanguageTool 6.8 lies.")
@click.option("--out", type=click.Path(path_type=Path), default=TABLE, help="Default: the package's table.")
def main(data: Path, languagetool: Path | None, out: Path) -> None:
    """Write the table of false alarms in clean news."""
    detectors = tuple(every_detector(languagetool))
    repairer = Repairer(Config(no_model=True, detectors=detectors, languagetool=LanguageTool(path=languagetool)))
    table = {}
    for kind, name in FILES.items():
        path = data / "clean-news" / name
        table[kind] = count(repairer.check_many(Item(text) for text in texts(path, is_calibration)), detectors)
        rest = count(repairer.check_many(Item(text) for text in texts(path, held_out)))
        click.echo(f"{kind}, calibration: {by_detector(table[kind])}")
        click.echo(f"{kind}, held out:    {by_detector(rest)}")
    out.write_text(as_json(table), encoding="utf-8")


if __name__ == "__main__":
    main()
