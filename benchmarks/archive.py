"""A whole archive through `repair batch`: words a second, memory, speed-up by workers, cost, and the way back.

The archive is 1,000 BBC articles, a damaged copy of each, and 300 documents of the systems of WMT21, as text files and
JSON Lines. Every configuration runs as the command that people type, in processes of its own; its output is compared
with that of the others, and after a revert with the input, byte for byte. Memory is the proportional share (PSS) of all
its processes together, sampled while it runs.

    python -m benchmarks.archive --data ../shared/data [--no-model] [--articles 1000]
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
from benchmarks.results import FOLDER, Line, write
from benchmarks.speed import machine
from models.recipe.damage import damage, draw_rates
from repair import __version__
from repair.errors import RepairError

SEGMENTS = 10  # of a document made of consecutive lines of one system
SEED = 2021
SAMPLED = 0.5  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. `seconds` is wall time, `memory` the peak in MiB; `digest` names the output, `restored` says whether the
    revert gave the input back."""

    seconds: float
    words: int
    articles: int
    edits: int
    memory: float
    digest: str
    restored: bool
    signature: str


def make_archive(data: Path, folder: Path, articles: int) -> None:
    """Writes the archive below `folder`."""
    rng = random.Random(SEED)
    for part in ("bbc", "damaged", "wmt21"):
        (folder / part).mkdir(parents=True)
    clean = [row["text"] for row in read_rows(data / "clean-news" / "bbc-2225.jsonl.gz")]
    for i, text in enumerate(rng.sample(clean, min(articles, len(clean)))):
        (folder / "bbc" / f"{i:04}.txt").write_text(text, encoding="utf-8")
        (folder / "damaged" / f"{i:04}.txt").write_text(damage(text, None, draw_rates(rng), rng)[0], encoding="utf-8")
    found = [document for path in sorted((data / "wmt21-news").glob("*.gz")) for document in documents(path)]
    chosen = rng.sample(found, min(articles * 3 // 10, len(found)))
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
        memory = watch(run)
        seconds = time.perf_counter() - start
        assert run.stdout is not None
        found = json.loads(run.stdout.read())
    digest = contents(out)
    subprocess.run([*command, "revert", str(out)], check=True, stdout=subprocess.DEVNULL)
    last = found["runs"][-1]
    return Measured(
        seconds,
        found["words"],
        found["articles"],
        found["edits"]["applied"],
        memory,
        digest,
        contents(out) == contents(archive),
        last["signature"],
    )


def watch(run: subprocess.Popen[bytes]) -> float:
    """The peak memory of a process and all below it, in MiB; returns when it has ended."""
    peak = 0
    while True:
        try:
            run.wait(SAMPLED)
            return peak / 1024
        except subprocess.TimeoutExpired:
            peak = max(peak, sum(proportional(pid) for pid in family(run.pid)))


def family(pid: int) -> Iterator[int]:
    """The process and all its descendants."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def proportional(pid: int) -> int:
    """KiB of memory; what several processes share is divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def contents(folder: Path) -> str:
    """A hash of all files with their names."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def lines(results: dict[str, Measured], price: float) -> Iterator[Line]:
    """The numbers of every configuration; the speed-up is against the same engine with one worker."""
    every = {measured.digest for measured in results.values()}
    for name, one in results.items():
        engine, _, workers = name.partition(", ")
        base = results.get(f"{engine}, 1 worker")
        # what a core hour costs, times both cores, whether or not they were busy
        cost = price * 2 * one.seconds / 3600 / one.words * 1e6
        numbers = {
            "words per second": one.words / one.seconds,
            "seconds": one.seconds,
            "peak memory, MiB": one.memory,
            "dollars per million words": cost,
            "edits per 1,000 words": one.edits / one.words * 1000,
            "output equal to the others": float(len(every) == 1),
            "restored byte for byte": float(one.restored),
        }
        if base is not None and workers != "1 worker":
            numbers["speed-up from one worker"] = base.seconds / one.seconds
        signature = f"{one.signature}|{machine()}|core hour:${price:g}|articles:{one.articles}|scorer:{__version__}"
        for metric, value in numbers.items():
            yield Line("archive", f"repair batch, {name}", metric, round(value, 6), None, None, one.words, signature)


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The folder of data sets.")
@click.option("--articles", type=click.IntRange(1), default=1000, show_default=True, help="BBC articles.")
@click.option("--engines", default="local", show_default=True, help="local, ray, or both: local,ray.")
@click.option("--no-model", is_flag=True, help="Rules and lexicon only; writes archive-rules.jsonl.")
@click.option("--price", type=float, default=0.045, show_default=True, help="Dollars for one core for an hour.")
def main(data: Path, articles: int, engines: str, no_model: bool, price: float) -> None:
    """Measure `repair batch` over an archive."""
    results = {}
    try:
        with tempfile.TemporaryDirectory() as place:
            archive = Path(place) / "in"
            make_archive(data, archive, articles)
            for engine in engines.split(","):
                for workers in (1, 2):
                    folder = Path(place) / f"{engine}-{workers}"
                    folder.mkdir()
                    options = ["--engine", engine, "--workers", str(workers), *(["--no-model"] if no_model else [])]
                    name = f"{engine}, {workers} worker{'s' if workers > 1 else ''}"
                    results[name] = one = measure(archive, folder, options)
                    shutil.rmtree(folder)
                    click.echo(f"{name}: {one.words / one.seconds:,.0f} words/s, {one.memory:,.0f} MiB", err=True)
    except (RepairError, OSError, subprocess.CalledProcessError) as error:
        click.echo(f"benchmarks: {error}", err=True)
        sys.exit(2)
    write(lines(results, price), FOLDER / ("archive-rules.jsonl" if no_model else "archive.jsonl"))


if __name__ == "__main__":
    main()
