"""`repair score`: repair quality, detection quality, and conversions between the formats of the field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console

from repair.errors import InputError
from repair.options import Commands, Name
from repair.score.counts import Estimate
from repair.score.detection import SIGNATURE, agreement, score_detection
from repair.score.formats import FORMATS, Format, read_lines, read_objects, read_segments, write_segments
from repair.score.spans import Segment
from repair.score.systems import SystemScores, average, score_systems
from repair.score.tables import detection_table, repair_table, worst_list
from repair.score.words import Point

FILE = click.Path(path_type=Path)


@click.group(cls=Commands)
def score() -> None:
    """Score repairs and error spans, with intervals and signatures."""


@score.command("repair")
@click.option("--mt", type=FILE, required=True, help="The unrepaired texts.")
@click.option("--fixed", type=str, multiple=True, required=True, metavar="[NAME=]FILE", help="Repaired texts; repeat.")
@click.option("--ref", type=FILE, multiple=True, required=True, help="Reference texts; repeat for several references.")
@click.option("--pairs", type=FILE, help="A label a line (language pair, system): also score each, and average.")
@click.option("--post-edit", is_flag=True, help="The reference is a minimal post-edit: score single edits too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def score_repair(
    mt: Path, fixed: Sequence[str], ref: Sequence[Path], pairs: Path | None, post_edit: bool, as_json: bool
) -> None:
    """Compare repaired texts with do-nothing by their distance to reference texts.

    Files are plain lines or JSON Lines; of an object the first of `output`, `text`, `mt`, `ref` is read.
    """
    original = read_texts(mt)
    systems = {name: _same_length(path, read_texts(path), mt, original) for name, path in named(fixed).items()}
    references = [_same_length(path, read_texts(path), mt, original) for path in ref]
    labels = None if pairs is None else _same_length(pairs, read_lines(pairs), mt, original)
    scores = score_systems(original, systems, references, post_edit)
    parts: dict[str, dict[str, SystemScores]] = {}
    for label in sorted(set(labels or ())):
        keep = [index for index, other in enumerate(labels or ()) if other == label]
        parts[label] = score_systems(
            [original[i] for i in keep],
            {name: [texts[i] for i in keep] for name, texts in systems.items()},
            [[stream[i] for i in keep] for stream in references],
            post_edit,
        )
    if as_json:
        result: dict[str, Any] = {"all": scores, **parts}
        if parts:
            result["macro"] = average(list(parts.values()))
        click.echo(json.dumps(result, default=_plain, ensure_ascii=False))
        return
    console = Console()
    console.print(repair_table("all segments (micro average)" if parts else "repair quality", scores))
    for label, part in parts.items():
        console.print(repair_table(label, part))
    if parts:
        console.print(repair_table("macro average", average(list(parts.values()))))
    for name, texts in systems.items():
        console.print(worst_list(name, scores[name].rows, original, texts, references))
    for signature in next(iter(scores.values())).signatures:
        console.print(signature, highlight=False, soft_wrap=True)


def named(fixed: Sequence[str]) -> dict[str, Path]:
    """The files by what they are called: NAME of NAME=FILE, else the file's name, or its whole path where two share it.

    >>> [*named(["a/fixed.txt", "b/fixed.txt", "ours=c.txt"])], [*named(["a/one.txt", "b/two.txt"])]
    (['a/fixed.txt', 'b/fixed.txt', 'ours'], ['one', 'two'])
    """
    given = [(name, path) for name, _, path in (option.rpartition("=") for option in fixed)]
    stems = Counter(name or Path(path).stem for name, path in given)
    names = [name or (Path(path).stem if stems[Path(path).stem] == 1 else path) for name, path in given]
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise click.UsageError(f"--fixed: two files are called {twice[0]!r}; name each: --fixed NAME=FILE")
    return {name: Path(path) for name, (_, path) in zip(names, given, strict=True)}


def read_texts(path: Path) -> list[str]:
    """Texts of a file, a line each, or of JSON Lines the first of `output`, `text`, `mt`, `ref`."""
    lines = read_lines(path)
    if not lines[0].startswith("{"):
        return lines
    texts = []
    for where, row in read_objects(path):
        text = next((row[key] for key in ("output", "text", "mt", "ref") if isinstance(row.get(key), str)), None)
        if text is None:
            raise InputError(f"{where}: no text; an object needs `output`, `text`, `mt` or `ref`")
        texts.append(text)
    return texts


def _same_length(path: Path, lines: list[str], other: Path, expected: Sequence[str]) -> list[str]:
    if len(lines) != len(expected):
        short = min(len(lines), len(expected)) + 1
        raise InputError(
            f"{path}: {len(lines)} lines, but {other} has {len(expected)}; they must match line by line "
            f"(the first without a partner is line {short})"
        )
    return lines


@score.command("spans")
@click.option("--pred", type=FILE, required=True, help="What the tool flagged.")
@click.option("--gold", type=FILE, required=True, help="What annotators marked.")
@click.option("--text", type=FILE, help="The texts, a line each, where the gold file has none (word tags).")
@click.option("--word-scores", type=FILE, help="One line a segment: a probability of being wrong for each word.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the counts, which add up over files.")
def score_spans(pred: Path, gold: Path, text: Path | None, word_scores: Path | None, as_json: bool) -> None:
    """Compare flagged error spans with annotators' spans.

    Both files may be JSON Lines (also those of `repair check`), WMT word tags, a WMT23 error-span table or M2.
    """
    truth = read_segments(gold, None if text is None else read_texts(text))
    flagged = _with_scores(read_segments(pred, [segment.text for segment in truth]), word_scores)
    result = score_detection(truth, flagged)
    ceiling = agreement(truth)
    if as_json:
        shown = {"scores": result.scores, "counts": result.counts, "curve": result.curve, "signature": SIGNATURE}
        shown["agreement"] = ceiling and ceiling.scores
        click.echo(json.dumps(shown, default=_plain))
        return
    console = Console()
    console.print(detection_table("detection quality", {pred.name: result}, ceiling))
    console.print(SIGNATURE, highlight=False, soft_wrap=True)


def _with_scores(segments: list[Segment], path: Path | None) -> list[Segment]:
    if path is None:
        return segments
    lines = read_lines(path)
    if len(lines) != len(segments):
        raise InputError(f"{path}: {len(lines)} lines, but there are {len(segments)} segments")
    result = []
    for number, (segment, line) in enumerate(zip(segments, lines, strict=True), start=1):
        try:
            values = tuple(float(value) for value in line.split())
        except ValueError as error:
            raise InputError(f"{path}:{number}: {error}") from None
        result.append(Segment(segment.text, segment.marks, segment.id, segment.rater, values))
    return result


@score.command("convert")
@click.argument("file", type=FILE)
@click.option("--to", "form", type=Name(FORMATS), required=True, help="The format to write.")
@click.option("--text", type=FILE, help="The texts, a line each, where the file has none.")
def convert(file: Path, form: str, text: Path | None) -> None:
    """Rewrite error spans as JSON Lines, WMT word tags, a WMT23 error-span table or M2."""
    for line in write_segments(read_segments(file, None if text is None else read_texts(text)), cast(Format, form)):
        click.echo(line)


def _plain(value: SystemScores | Estimate | Point) -> dict[str, Any]:
    shown = asdict(value)
    shown.pop("rows", None)  # a line a segment: the tables sum them up
    return shown
