"""Runs every peer over every set and writes result lines, tables and the report page.

python -m benchmarks.run --data ../shared/data --quick
"""

from __future__ import annotations

import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console

from benchmarks.article import Walk, walk
from benchmarks.article import write as write_walk
from benchmarks.datasets import DATASETS, Dataset, Item, dataset, every_annotation
from benchmarks.detection import ceiling, detection
from benchmarks.harm import Harm, harm
from benchmarks.marked import annotators, marked_scores, tally
from benchmarks.peers import PEERS, SLOW, Answer, Peer, make
from benchmarks.repair import GroupGain, gain_by_quality, repair_scores
from benchmarks.results import FOLDER, Line, update, write
from benchmarks.sample import sample_scores
from benchmarks.table import terminal_table
from repair import __version__
from repair.errors import RepairError
from repair.score.counts import SAMPLES, SEED, Estimate
from repair.score.detection import SIGNATURE as DETECTION
from repair.score.detection import Detection

COUNTED = f"bs:{SAMPLES}|seed:{SEED}"
CHECKED = {"article", "post-edit", "spans"}
FIXED = {"article", "marked", "post-edit", "reference", "clean"}
TOGETHER = 16  # texts that each peer of a family answers before the next, while what was read is remembered
ANNOTATORS = "annotator against annotator"


@dataclass
class Details:
    """What the report page shows beside the numbers, by set and then by peer."""

    items: dict[str, list[Item]] = field(default_factory=dict)
    answers: dict[str, dict[str, list[Answer]]] = field(default_factory=dict)
    detection: dict[str, dict[str, Detection]] = field(default_factory=dict)
    gains: dict[str, dict[str, list[GroupGain]]] = field(default_factory=dict)
    harm: dict[str, dict[str, Harm]] = field(default_factory=dict)
    walk: Walk | None = None


class Run:
    """One run over some sets: collects result lines and what the report needs."""

    def __init__(self, data: Path, quick: bool, peers: Sequence[Peer]) -> None:
        self.data, self.quick, self.peers = data, quick, peers
        self.lines: list[Line] = []
        self.details = Details()
        self.settings = {peer.name: peer.signature for peer in peers}

    def add(self, entry: Dataset) -> None:
        """Runs every peer over one set."""
        entry.verify(self.data)
        items = entry.items(self.data, self.quick)
        texts = [item.text for item in items]
        checked: dict[str, list[Answer]] = {peer.name: [] for peer in self.peers if entry.kind in CHECKED}
        fixed: dict[str, list[Answer]] = {peer.name: [] for peer in self.peers if entry.kind in FIXED}
        seconds = dict.fromkeys((peer.name for peer in self.peers), 0.0)

        def ask(kin: Sequence[Peer]) -> None:
            for some in batched(texts, TOGETHER):
                for peer in kin:
                    start = time.perf_counter()
                    if entry.kind in CHECKED:
                        checked[peer.name] += peer.check(some)
                    if entry.kind in FIXED:
                        fixed[peer.name] += peer.fix(some)
                    seconds[peer.name] += time.perf_counter() - start

        with ThreadPoolExecutor() as pool:
            list(pool.map(ask, families(self.peers)))  # errors come to light here
        for name, taken in seconds.items():
            say(f"{entry.name}: {name}, {len(items)} texts, {taken:.1f} s")
        self.details.items[entry.name] = items
        self.details.answers[entry.name] = fixed or checked
        if entry.kind in CHECKED:
            self._detection(entry, items, checked)
        if entry.kind in ("post-edit", "reference"):
            self._repair(entry, items, fixed)
        if entry.kind == "marked":
            self._marked(entry, items, fixed)
        if entry.kind == "clean":
            self._harm(entry, items, fixed)
        if entry.kind == "article":
            for name, answers in fixed.items():
                for metric, value in sample_scores(items[0], answers[0]).items():
                    self._line(entry, name, metric, value, COUNTED)
                if name == "repair":
                    self.details.walk = walk(items[0], answers[0], self.settings[name])

    def _detection(self, entry: Dataset, items: list[Item], answers: Mapping[str, Sequence[Answer]]) -> None:
        results = {name: detection(items, given) for name, given in answers.items()}
        if entry.kind == "spans":  # few texts are read twice: take all there are
            agreed = ceiling([item for path in entry.paths(self.data) for item in every_annotation(path)])
            if agreed is not None:
                results[ANNOTATORS] = agreed
        self.details.detection[entry.name] = results
        for name, result in results.items():
            for metric, value in result.scores.items():
                self._line(entry, name, metric, value, DETECTION)

    def _repair(self, entry: Dataset, items: list[Item], answers: Mapping[str, Sequence[Answer]]) -> None:
        systems = repair_scores(items, answers, entry.kind == "post-edit")
        self.details.gains[entry.name] = {n: gain_by_quality(items, system.rows) for n, system in systems.items()}
        for name, system in systems.items():
            for metric, value in system.scores.items():
                tests = system.p_values.get(metric)
                signed = [s for s in system.signatures if s.startswith(f"{metric}|")] or [COUNTED]
                self._line(entry, name, metric, value, signed[0], None if tests is None else max(tests))

    def _marked(self, entry: Dataset, items: list[Item], answers: Mapping[str, Sequence[Answer]]) -> None:
        if entry.name == "post-edits/real-dev":
            for metric, value in annotators(self.data).items():
                self._line(entry, ANNOTATORS, metric, value, COUNTED)
        groups = sorted({item.group for item in items})
        for name, given in answers.items():
            tallies = list(map(tally, items, given))
            for group in (None, *groups) if len(groups) > 1 else (None,):
                own = [one for item, one in zip(items, tallies, strict=True) if group in (None, item.group)]
                for metric, value in marked_scores(own).items():
                    label = f"{metric}, {group}" if group else metric
                    self._line(entry, name, label, value, COUNTED)

    def _harm(self, entry: Dataset, items: list[Item], answers: Mapping[str, Sequence[Answer]]) -> None:
        results = {name: harm(items, given) for name, given in answers.items()}
        self.details.harm[entry.name] = results
        for name, result in results.items():
            for metric, value in result.scores.items():
                self._line(entry, name, metric, value, COUNTED)

    def _line(
        self, entry: Dataset, peer: str, metric: str, value: Estimate, signature: str, p: float | None = None
    ) -> None:
        settings = self.settings.get(peer, peer)
        size = "quick" if self.quick else "full"
        data = f"{entry.name}|sha256:{entry.sha256[:12]}|{size}:{len(self.details.items[entry.name])}"
        whole = f"{data}|{settings}|{signature}|scorer:{__version__}"
        self.lines.append(Line.of((entry.name, peer, metric), value, whole, p))


def families(peers: Sequence[Peer]) -> list[list[Peer]]:
    """Peers of one tool, which remember what another of them has read, together; families are asked side by side."""
    found: dict[str, list[Peer]] = defaultdict(list)
    for peer in peers:
        found[re.split(", | --", peer.name)[0]].append(peer)
    return list(found.values())


def batched(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The texts in order, so many at a time."""
    return (texts[start : start + size] for start in range(0, len(texts), size))


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def start(names: Sequence[str]) -> list[Peer]:
    """The peers that can run here; for each that cannot, a line on standard error says why."""
    peers = []
    for name in names:
        try:
            peers += make([name])
        except RepairError as error:
            if name not in PEERS:
                raise
            say(f"not measured: {name}: {error}")
    return peers


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The folder of data sets.")
@click.option("--quick", is_flag=True, help=f"A fixed small part of each set, without {SLOW}.")
@click.option("--sets", "set_names", multiple=True, help="Only this set, the other results stay; repeat.")
@click.option(
    "--peers",
    "peer_names",
    multiple=True,
    help=f"Only this tool (of {'; '.join(PEERS)}), the other results stay; repeat.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The result file; default benchmarks/results/.")
@click.option("--report", type=click.Path(path_type=Path), default=Path("build/bench/report.html"), show_default=True)
def main(
    data: Path,
    quick: bool,
    set_names: Sequence[str],
    peer_names: Sequence[str],
    out: Path | None,
    report: Path,
) -> None:
    """Measure this tool and its peers on the same texts, and write every number with its signature."""
    from benchmarks.report import write_report

    names = list(peer_names) or [name for name in PEERS if not (quick and name == SLOW)]
    try:
        entries = [dataset(name) for name in set_names] or list(DATASETS)
        run = Run(data, quick, start(names))
        for entry in entries:
            run.add(entry)
        path = out or FOLDER / f"{'quick' if quick else 'full'}.jsonl"
        (write if entries == list(DATASETS) and names == list(PEERS) else update)(run.lines, path)
        if run.details.walk:
            write_walk(run.details.walk, path.with_name("article.json"))
        write_report(report, run.lines, run.details)
    except RepairError as error:
        say(f"benchmarks: {error}")
        sys.exit(2)
    Console().print(terminal_table(run.lines))
    say(f"wrote {path} and {report}")


if __name__ == "__main__":
    main()
