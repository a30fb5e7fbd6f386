"""What this tool says of a fixed set of texts, written down so that two states of the code can be compared.

    python -m benchmarks.outputs --data ../shared/data --out before.jsonl [--model]
    python -m benchmarks.outputs --data ../shared/data --out after.jsonl [--model] --against before.jsonl

Without the model some 220 texts, of every kind; with it 40 of them, checked and fixed. Scores may differ by rounding.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from benchmarks.datasets import dataset
from repair import Config, Item, Repairer
from repair.errors import RepairError

# how many items of each set without the model, and with it
SETS = {
    "sample": (1, 1),
    "post-edits/real-dev": (60, 12),
    "post-edits/literal-dev": (10, 2),
    "clean/bbc": (30, 5),
    "clean/modern": (30, 3),
    "clean/newstest": (60, 15),
    "mlqe-pe/dev": (30, 2),
}
ROUNDING = 0.02


def texts(data: Path, model: bool) -> list[str]:
    """The texts, always the same ones."""
    return [item.text for name, counts in SETS.items() for item in dataset(name).items(data, True)[: counts[model]]]


def outputs(data: Path, model: bool) -> Iterator[dict[str, Any]]:
    """The report of a check and of a fix of every text, without the signature."""
    repairer = Repairer(Config(no_model=not model))
    for text in texts(data, model):
        for call in (repairer.check_many, repairer.fix_many):
            report = next(iter(call([Item(text)])))
            known = report.to_json()
            known["not_applied"] = [repair.to_json(text) for repair in report.not_applied]
            del known["signature"]
            yield {"text": text, **known}


def differences(before: Any, after: Any, where: str = "") -> Iterator[str]:
    """Every place where two reports differ by more than rounding, with what stands there."""
    if isinstance(before, float) and isinstance(after, float) and abs(before - after) <= ROUNDING:
        return
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from differences(before[key], after[key], f"{where}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{where}[{number}]")
    elif before != after:
        yield f"{where}: {json.dumps(before, ensure_ascii=False)} -> {json.dumps(after, ensure_ascii=False)}"


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The folder of data sets.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the reports are written.")
@click.option("--model", is_flag=True, help="Read with the language model.")
@click.option("--against", type=click.Path(path_type=Path, exists=True), help="Reports to compare with.")
def main(data: Path, out: Path, model: bool, against: Path | None) -> None:
    """Write down the reports of a fixed set of texts; exit code 1 where they differ from those to compare with."""
    try:
        with out.open("w", encoding="utf-8") as file:
            for report in outputs(data, model):
                file.write(json.dumps(report, ensure_ascii=False) + "\n")
                file.flush()
    except RepairError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        sys.exit(2)
    if against is None:
        return
    rows = [[json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in (against, out)]
    found = list(differences(rows[0], rows[1]))
    print(*found, f"{len(rows[1])} reports, {len(found)} differences", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
