"""The plots of the report page, each as one SVG string."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.datasets import Item
from benchmarks.repair import GroupGain
from benchmarks.results import Line
from benchmarks.sample import SpanResult
from repair.score.detection import Detection

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "repair",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
}
COLOURS = ["#7f7f7f", "#9467bd", "#2ca02c", "#17becf", "#8c564b", "#ff7f0e", "#1f77b4", "#e377c2"]


def colour(peers: Sequence[str], name: str) -> str:
    """The same colour for a peer in every plot."""
    return COLOURS[list(peers).index(name) % len(COLOURS)]


def figure(width: float = 7, height: float = 4) -> tuple[Figure, Axes]:
    with plt.rc_context(STYLE):
        fig, axes = plt.subplots(figsize=(width, height), layout="constrained")
    return fig, axes


def svg(fig: Figure) -> str:
    """The figure as an SVG element, without the XML head."""
    buffer = io.StringIO()
    with plt.rc_context(STYLE):
        fig.savefig(buffer, format="svg", metadata={"Date": None})
    plt.close(fig)
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def precision_recall(name: str, peers: Sequence[str], results: Mapping[str, Detection]) -> str:
    """Word precision against recall: a curve for a tool that scores words, a point for each that only flags."""
    fig, axes = figure()
    for peer, result in results.items():
        shade = colour(peers, peer)
        if result.curve:
            scored = [point for point in result.curve if point.threshold > 0]  # nobody would flag every word
            axes.plot([p.recall for p in scored], [p.precision for p in scored], color=shade, linewidth=1.5)
        place = result.scores["word recall"].value, result.scores["word precision"].value
        if place[0] > 0:
            axes.plot(*place, "o", color=shade, label=peer)
    axes.set(xlabel="recall of BAD words", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02), title=name)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=8)
    return svg(fig)


def reliability(name: str, peers: Sequence[str], results: Mapping[str, Detection]) -> str:
    """The share of BAD words by the score that a tool gave them; on the diagonal scores are probabilities.

    `results` are those of tools that score words.
    """
    fig, axes = figure(5, 4)
    axes.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1, linestyle="--")
    for peer, result in results.items():
        bins, shade = result.reliability, colour(peers, peer)
        scores, shares = [b.score for b in bins], [b.share for b in bins]
        total = sum(b.count for b in bins)
        axes.plot(scores, shares, color=shade, linewidth=1)
        axes.scatter(scores, shares, [20 + 200 * b.count / total for b in bins], color=shade, label=peer)
    axes.set(xlabel="mean score of the words in a bin", ylabel="share of BAD words", xlim=(0, 1), ylim=(0, 1.02))
    axes.set_title(name)
    axes.legend(frameon=False, fontsize=8)
    return svg(fig)


def by_category(item: Item, results: Mapping[str, Sequence[SpanResult]], peers: Sequence[str]) -> str:
    """For each MQM category of the marked article: spans marked, and how many each peer flagged and fixed."""
    categories: dict[str, list[int]] = defaultdict(list)
    for index, mark in enumerate(item.marks or ()):
        categories[mark.category].append(index)
    names = sorted(categories, key=lambda name: len(categories[name]))
    fig, axes = figure(8, 0.5 + 0.75 * len(names))
    axes.barh(names, [len(categories[name]) for name in names], color="#eeeeee", label="marked", height=0.9)
    shown = [peer for peer in results if any(result.flagged for result in results[peer])]
    for row, peer in enumerate(shown):
        thick = 0.8 / len(shown)
        places = [place - 0.4 + thick * (row + 0.5) for place in range(len(names))]
        flagged = [sum(results[peer][i].flagged for i in categories[name]) for name in names]
        fixed = [sum(results[peer][i].fate == "fixed" for i in categories[name]) for name in names]
        shade = colour(peers, peer)
        axes.barh(places, flagged, thick * 0.9, color=shade, alpha=0.4)
        axes.barh(places, fixed, thick * 0.9, color=shade, label=peer)
    axes.set(xlabel="spans of the customer's article (pale: flagged, full: fixed as an editor would)")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return svg(fig)


def gain_by_quality(gains: Mapping[str, Mapping[str, Sequence[GroupGain]]], peer: str) -> str:
    """TER won by `peer` against how bad the machine translation was to begin with, a point a system."""
    fig, axes = figure()
    for number, (name, by_peer) in enumerate(gains.items()):
        rows = by_peer.get(peer, ())
        if rows:
            below = [row.gain.value - row.gain.low for row in rows]
            above = [row.gain.high - row.gain.value for row in rows]
            shade = COLOURS[(number + 1) % len(COLOURS)]
            places, values = [row.ter for row in rows], [row.gain.value for row in rows]
            axes.errorbar(
                places, values, (below, above), fmt="o", color=shade, label=name, elinewidth=0.7, markersize=4
            )
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set(xlabel="TER of the machine translation (worse to the right)", ylabel=f"TER points won by {peer}")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=8)
    return svg(fig)


def throughput(lines: Sequence[Line]) -> str:
    """Words a second of each tool, and how the time for one text grows with its length."""
    rates = [line for line in lines if line.metric == "words per second"]
    fig, axes = figure(8, 0.6 + 0.32 * len(rates))
    labels = [f"{line.peer}, {line.set}" for line in rates]
    axes.barh(labels[::-1], [line.value for line in rates][::-1], color="#1f77b4")
    axes.set(xscale="log", xlabel="words per second (log scale)")
    return svg(fig)


def growth(lines: Sequence[Line]) -> str:
    """Seconds for one text against its length in words, both on log scales."""
    fig, axes = figure()
    peers = list(dict.fromkeys(line.peer for line in lines))
    for peer in peers:
        own = sorted((line.n, line.value) for line in lines if line.peer == peer)
        axes.plot([n for n, _ in own], [value for _, value in own], "o-", color=colour(peers, peer), label=peer)
    axes.set(xscale="log", yscale="log", xlabel="words", ylabel="seconds")
    axes.legend(frameon=False, fontsize=8)
    return svg(fig)
