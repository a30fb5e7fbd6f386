"""The report page: one self-contained HTML file with tables, plots and side-by-side examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment
from markupsafe import escape

from benchmarks import plots
from benchmarks.datasets import DATASETS, Item
from benchmarks.peers import Answer
from benchmarks.results import FOLDER, Line, read
from benchmarks.sample import span_results
from benchmarks.table import rows
from repair.edits import diff
from repair.score.spans import Mark
from repair.segment import read_document
from repair.text import Span

if TYPE_CHECKING:
    from benchmarks.run import Details

TEMPLATE = Path(__file__).with_name("report.html.j2")
MOST_PAIRS = 20
MOST_CHANGES = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """One text before and after, as HTML, with a reference where there is one."""

    left: str
    right: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Examples under one heading."""

    title: str
    note: str
    pairs: list[Pair]


def write_report(path: Path, lines: Sequence[Line], details: Details) -> None:
    """Writes the page for one run to `path`, with the speed results that lie beside the others."""
    speed_file = FOLDER / "speed.jsonl"
    speed = read(speed_file) if speed_file.is_file() else []
    head, body = rows(lines)
    changes = [
        (name, peer, result.changes[:MOST_CHANGES], len(result.changes))
        for name, by_peer in details.harm.items()
        for peer, result in by_peer.items()
    ]
    page = Environment(autoescape=True, trim_blocks=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    html = page.render(
        head=head,
        rows=body,
        plots=_plots(lines, details, speed),
        examples=_examples(details),
        changes=changes,
        sets=[entry for entry in DATASETS if entry.name in details.items],
        lines=[*lines, *speed],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")


def _plots(lines: Sequence[Line], details: Details, speed: Sequence[Line]) -> list[tuple[str, str]]:
    peers = list(dict.fromkeys(line.peer for line in lines))
    drawn = []
    for name, results in details.detection.items():
        drawn.append(("Detection: precision and recall", plots.precision_recall(name, peers, results)))
        scored = {peer: result for peer, result in results.items() if result.reliability}
        if scored:
            drawn.append(("What the word scores are worth", plots.reliability(name, peers, scored)))
    for name, items in details.items.items():
        if items[0].fixes:
            fates = {p: span_results(items[0], given[0]) for p, given in details.answers[name].items()}
            drawn.append(("Errors by category", plots.by_category(items[0], fates, peers)))
    if details.gains:
        last = list(next(iter(details.gains.values())))[-1]
        drawn.append(("Gain by quality of the translation", plots.gain_by_quality(details.gains, last)))
    if speed:
        drawn.append(("Throughput", plots.throughput(speed)))
        growing = [line for line in speed if line.metric == "seconds by length"]
        if growing:
            drawn.append(("Cost by length", plots.growth(growing)))
    return drawn


def _examples(details: Details) -> list[Section]:
    sections = []
    for name, by_peer in details.answers.items():
        peer, answers = list(by_peer.items())[-1]  # the last peer is this tool
        items = details.items[name]
        if items[0].fixes:
            note = "Left: the machine's text. Right: what the tool made of it."
            sections.append(Section(f"The customer's article, {peer}", note, by_sentence(items[0], answers[0])))
        elif items[0].references:
            both = [(i, a) for i, a in zip(items, answers, strict=True) if a.output != i.text]
            shown = [side_by_side(i.text, a.output, (), a.marks, i.references[0]) for i, a in both[:MOST_PAIRS]]
            note = f"{len(both)} of {len(items)} texts changed; the first {len(shown)} of them."
            sections.append(Section(f"{name}, {peer}", note, shown))
    return sections


def by_sentence(item: Item, answer: Answer) -> list[Pair]:
    """The article sentence by sentence, cut where no edit crosses a border."""
    pairs = []
    start = new_start = 0
    shift = 0
    edits = sorted(answer.edits)
    for border in read_document(item.text, "").sentences:
        inside = [e for e in edits if start <= e.span.start < border.end]
        if any(e.span.end > border.end for e in inside):
            continue  # the next sentence is shown with this one
        shift += sum(len(e.text) - len(e.span) for e in inside)
        old, new = item.text[start : border.end], answer.output[new_start : border.end + shift]
        pairs.append(
            side_by_side(
                old, new, _within(item.marks or (), start, border.end), _within(answer.marks, start, border.end)
            )
        )
        start, new_start = border.end, border.end + shift
    return pairs


def _within(marks: Sequence[Mark], start: int, end: int) -> list[Span]:
    return [
        Span(max(m.span.start, start) - start, min(m.span.end, end) - start)
        for m in marks
        if m.span.start < end and m.span.end > start
    ]


def side_by_side(old: str, new: str, gold: Sequence[Span], flags: Sequence[Span | Mark], reference: str = "") -> Pair:
    """Both texts with what was marked, flagged, taken out and put in."""
    spans = [flag.span if isinstance(flag, Mark) else flag for flag in flags]
    edits = diff(old, new)
    left = coloured(old, {"gold": gold, "flag": spans, "del": [edit.span for edit in edits]})
    put_in = []
    shift = 0
    for edit in edits:
        put_in.append(Span(edit.span.start + shift, edit.span.start + shift + len(edit.text)))
        shift += len(edit.text) - len(edit.span)
    return Pair(left, coloured(new, {"ins": put_in}), reference)


def coloured(text: str, layers: dict[str, Sequence[Span]]) -> str:
    """`text` as HTML; each layer's spans in its class, `del` and `ins` as elements.

    >>> coloured("a <b> c", {"gold": [Span(2, 5)]})
    'a <span class="gold">&lt;b&gt;</span> c'
    """
    kinds: list[frozenset[str]] = [
        frozenset(name for name, spans in layers.items() if any(s.start <= i < s.end for s in spans))
        for i in range(len(text))
    ]
    html = ""
    for kind, run in groupby(range(len(text)), key=kinds.__getitem__):
        part = str(escape("".join(text[i] for i in run)))
        for element in kind & {"del", "ins"}:
            part = f"<{element}>{part}</{element}>"
        classes = " ".join(sorted(kind - {"del", "ins"}))
        html += f'<span class="{classes}">{part}</span>' if classes else part
    return html
