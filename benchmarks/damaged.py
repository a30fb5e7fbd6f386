"""Held-back BBC articles with synthetic damage: how much of it is found, and how much `fix` puts right.

    python -m benchmarks.damaged --data DIR --make FILE [--articles 100]
    python benchmarks/damaged.py --score FILE [--no-model] [--articles N]

The second form imports nothing but `repair`, so that an older version can be measured on the same texts (PYTHONPATH).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import click

from repair.config import Config
from repair.edits import Edit, apply
from repair.pipeline import Repairer
from repair.text import Span

SEED = 16
RATE = 0.06, 0.06  # shares of the places where a calque and a slip could be


def make(data: Path, path: Path, articles: int) -> None:
    """Writes texts with the edits that undo the damage, a JSON object a line."""
    from models.recipe.clean import articles as clean_articles
    from models.recipe.damage import Rates, damage

    rng = random.Random(SEED)
    held = sorted(article.paragraphs for article in clean_articles(data) if article.source == "bbc" and article.held)
    with path.open("w", encoding="utf-8") as out:
        for lines in rng.sample(held, min(articles, len(held))):
            text, undo = damage("\n".join(lines), None, Rates(0.0, *RATE), rng)
            edits = [(edit.span.start, edit.span.end, edit.text) for edit in undo]
            out.write(json.dumps({"text": text, "edits": edits}, ensure_ascii=False) + "\n")


@dataclass(slots=True)
class Count:
    """Over all texts: damaged places, those with a flag, those that `fix` puts right; flags and those on a place; edits
    that `fix` makes, and those away from any place.
    """

    places: int = 0
    found: int = 0
    right: int = 0
    flags: int = 0
    placed: int = 0
    edits: int = 0
    stray: int = 0


def score(path: Path, repairer: Repairer, articles: int) -> Count:
    """What the installed version makes of the texts."""
    count = Count()
    for text, undo in list(read(path))[:articles]:
        report = repairer.fix(text)
        flags = [finding.span for finding in report.findings]
        count.places += len(undo)
        count.found += sum(any(meet(edit.span, flag) for flag in flags) for edit in undo)
        count.flags += len(flags)
        count.placed += sum(any(meet(edit.span, flag) for edit in undo) for flag in flags)
        made = [repair.edits for repair in report.applied]
        count.edits += len(made)
        count.right += sum(any(undoes(text, edits, edit) for edits in made) for edit in undo)
        count.stray += sum(not any(meet(x.span, edit.span) for x in edits for edit in undo) for edits in made)
    return count


def read(path: Path) -> Iterator[tuple[str, list[Edit]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], [Edit(Span(start, end), fix) for start, end, fix in row["edits"]]


def meet(one: Span, other: Span) -> bool:
    """Do the spans overlap, or touch where one of them is empty?"""
    return max(one.start, other.start) <= min(one.end, other.end) and (
        one.overlaps(other) or not (len(one) and len(other))
    )


def undoes(text: str, edits: tuple[Edit, ...], undo: Edit) -> bool:
    """Does a repair give back what stood there before the damage?"""
    start = min(undo.span.start, *(edit.span.start for edit in edits))
    end = max(undo.span.end, *(edit.span.end for edit in edits))
    mine, wanted = (
        apply(text[start:end], [Edit(edit.span.shift(-start), edit.text) for edit in some]) for some in (edits, [undo])
    )
    return mine == wanted


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), help="The folder of data sets.")
@click.option("--make", "made", type=click.Path(path_type=Path), help="Write damaged articles here.")
@click.option("--score", "scored", type=click.Path(path_type=Path, exists=True), help="Score these.")
@click.option("--no-model", is_flag=True)
@click.option("--articles", type=int, default=100, help="The first N alone.")
def main(data: Path | None, made: Path | None, scored: Path | None, no_model: bool, articles: int) -> None:
    """Damage held-back articles, or score what is done to them."""
    if made:
        if data is None:
            raise click.UsageError("--make needs --data")
        make(data, made, articles)
    if scored:
        names = Count.__dataclass_fields__
        count = astuple(score(scored, Repairer(Config(no_model=no_model)), articles))
        click.echo(json.dumps(dict(zip(names, count, strict=True))))


if __name__ == "__main__":
    main()
