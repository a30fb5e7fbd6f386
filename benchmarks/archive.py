"""A whole archive through `repair batch`: words a second, memory, speed-up by workers, cost, and the way back.

The archive is 1,000 BBC articles, a damaged copy of each, and 300 documents of the systems of WMT21, as text files and
JSON Lines; with the model a fiftieth of it. Every configuration runs as the command that people type, in processes of
its own; its output is compared with that of the others, and after a revert with the input, byte for byte. Each kind of
copy is also run alone. Memory is the proportional share (PSS) of all its processes together, sampled while it runs.

    python -m benchmarks.archive --data ../shared/data      # some eight minutes on two idle cores
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import click

from benchmarks.datasets import read_rows
from benchmarks.processes import watch
from benchmarks.results import FOLDER, Line, write
from benchmarks.speed import machine
from models.recipe.damage import damage, draw_rates
from repair import __version__
from repair.errors import RepairError

SEGMENTS = 10  # of a document made of consecutive lines of one system
SEED = 2021
PARTS = {"bbc": "clean news", "damaged": "damaged news", "wmt21": "systems of WMT21"}
WHOLE = ""  # all parts together


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. `seconds` is wall time, `processor` that of all its processes, `memory` the peaks in MiB of its first
    and its second half; `digest` names the output, `restored` says whether the revert gave the input back."""

    seconds: float
    processor: float
    words: int
    articles: int
    edits: int
    memory: tuple[float, float]
    digest: str
    restored: bool
    signature: str


def make_archive(data: Path, folder: Path, articles: int) -> None:
    """Writes the archive below `folder`."""
    rng = random.Random(SEED)
    for part in PARTS:
        (folder / part).mkdir(parents=True)
    clean = [row["text"] for row in read_rows(data / "clean-news" / "bbc-2225.jsonl.gz")]
    for i, text in enumerate(rng.sample(clean, min(articles, len(clean)))):
        (folder / "bbc" / f"{i:04}.txt").write_text(text, encoding="utf-8")
        (folder / "damaged" / f"{i:04}.txt").write_text(damage(text, None, draw_rates(rng), rng)[0], encoding="utf-8")
    found = [document for path in sorted((data / "wmt21-news").glob("*.gz")) for document in documents(path)]
    chosen = rng.sample(found, max(1, min(articles * 3 // 10, len(found))))
    with (folder / "wmt21" / "systems.jsonl").open("w", encoding="utf-8") as stream:
        for name, text in chosen:
            stream.write(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n")


def documents(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of documents: consecutive segments of one system's output, a line each."""
    rows = list(read_rows(path))
    for start in range(0, len(rows) - SEGMENTS + 1, SEGMENTS):
        some = rows[start : start + SEGMENTS]
        for system in some[0]["hyps"]:
            yield f"{some[0]['id']}/{system}", "\n".join(row["hyps"].get(system, "") for row in some)


def measure(archive: Path, folder: Path, options: Sequence[str]) -> Measured:
    """One run with these options, and its revert."""
    out = folder / "out"
    command = [sys.executable, "-m", "repair", "batch"]
    start = time.perf_counter()
    with subprocess.Popen([*command, "run", str(archive), str(out), "--json", *options], stdout=subprocess.PIPE) as run:
        memory, processor = watch(run)
        seconds = time.perf_counter() - start
        assert run.stdout is not None
        found = json.loads(run.stdout.read())
    digest = contents(out)
    subprocess.run([*command, "revert", str(out)], check=True, stdout=subprocess.DEVNULL)
    last = found["runs"][-1]
    return Measured(
        seconds,
        processor,
        found["words"],
        found["articles"],
        found["edits"]["applied"],
        memory,
        digest,
        contents(out) == contents(archive),
        last["signature"],
    )


def contents(folder: Path) -> str:
    """A hash of all files with their names."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


Run = tuple[str, int, str]  # an engine, its workers, and the part of the archive


def named(run: Run) -> str:
    """A run's name in the table.

    >>> named(("local", 2, "bbc")), named(("ray", 1, WHOLE))
    ('local, 2 workers, clean news alone', 'ray, 1 worker')
    """
    engine, workers, part = run
    alone = f", {PARTS[part]} alone" if part != WHOLE else ""
    return f"{engine}, {workers} worker{'s' * (workers > 1)}{alone}"


def lines(results: dict[Run, Measured], price: float) -> Iterator[Line]:
    """The numbers of every run; the speed-up is against the same engine with one worker."""
    for run, one in results.items():
        engine, workers, part = run
        others = {other.digest for (_, _, its), other in results.items() if its == part}
        numbers = {
            "words per second": one.words / one.seconds,
            "seconds": one.seconds,
            "processor seconds per 1,000 words": one.processor / one.words * 1000,
            "peak memory, MiB": max(one.memory),
            "peak memory of the first half, MiB": one.memory[0],
            # what a core hour costs, times the cores, whether or not they were busy
            "dollars per million words": price * workers * one.seconds / 3600 / one.words * 1e6,
            "edits per 1,000 words": one.edits / one.words * 1000,
            "output equal to the others": float(len(others) == 1),
            "restored byte for byte": float(one.restored),
        }
        base = results.get((engine, 1, part))
        if base is not None and workers > 1:
            numbers["speed-up from one worker"] = base.seconds / one.seconds
        signature = f"{one.signature}|{machine()}|core hour:${price:g}|articles:{one.articles}|scorer:{__version__}"
        for metric, value in numbers.items():
            place = "archive", f"repair batch, {named(run)}", metric
            yield Line(*place, round(value, 6), None, None, one.words, signature)


def runs(data: Path, articles: int, engines: Sequence[str], options: Sequence[str]) -> dict[Run, Measured]:
    """Every engine with one worker and with two over the whole archive, then the first with two over each part."""
    results = {}
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place) / "in"
        make_archive(data, archive, articles)
        every = [(engine, workers, WHOLE) for engine in engines for workers in (1, 2)]
        for run in [*every, *((engines[0], 2, part) for part in PARTS)]:
            engine, workers, part = run
            folder = Path(place) / "run"
            folder.mkdir()
            chosen = ["--engine", engine, "--workers", str(workers), *options]
            results[run] = one = measure(archive / part, folder, chosen)
            shutil.rmtree(folder)
            speed, memory = one.words / one.seconds, max(one.memory)
            click.echo(f"{named(run)}: {speed:,.0f} words/s, {one.processor:,.0f} s, {memory:,.0f} MiB", err=True)
    return results


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The folder of data sets.")
@click.option("--articles", type=click.IntRange(1), default=1000, show_default=True, help="BBC articles, by rules.")
@click.option("--read", type=click.IntRange(1), default=20, show_default=True, help="BBC articles, by the model.")
@click.option("--engines", default="local", show_default=True, help="local, ray, or both: local,ray.")
@click.option("--no-model", is_flag=True, help="Rules and lexicon only.")
@click.option("--price", type=float, default=0.045, show_default=True, help="Dollars for one core for an hour.")
@click.option("--out", type=click.Path(path_type=Path), default=FOLDER, help="Where the result lines go.")
def main(data: Path, articles: int, read: int, engines: str, no_model: bool, price: float, out: Path) -> None:
    """Measure `repair batch` over an archive."""
    kinds: list[tuple[str, int, list[str]]] = [("archive-rules.jsonl", articles, ["--no-model"])]
    kinds += [] if no_model else [("archive.jsonl", read, [])]
    try:
        for name, count, options in kinds:
            write(lines(runs(data, count, engines.split(","), options), price), out / name)
    except (RepairError, OSError, subprocess.CalledProcessError) as error:
        click.echo(f"benchmarks: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
