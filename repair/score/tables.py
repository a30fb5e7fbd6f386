"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from repair.score.counts import Estimate
from repair.score.detection import Detection
from repair.score.repairs import SegmentRepair, worst
from repair.score.significance import METRICS
from repair.score.systems import SystemScores

PERCENT = {"improved", "unchanged", "worse", "touched"}
POINTS = {*METRICS, "TER gain"}


def show(metric: str, estimate: Estimate | None) -> str:
    """A score with its interval, as people read it: points, shares in per cent, or a ratio.

    >>> show("TER gain", Estimate(1.234, 0.5, 2.0, 10))
    '+1.2 [0.5, 2.0]'
    """
    if estimate is None:
        return "–"
    value, low, high = estimate.value, estimate.low, estimate.high
    if metric in PERCENT:
        return f"{100 * value:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"
    if metric in POINTS:
        return f"{value:{'+' if metric == 'TER gain' else ''}.1f} [{low:.1f}, {high:.1f}]"
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def repair_table(title: str, systems: Mapping[str, SystemScores]) -> Table:
    """One column a system; a star marks p < 0.05 against do-nothing in both tests."""
    table = Table(title=title, caption="95 % intervals; * p < 0.05 against do-nothing, bootstrap and randomisation")
    table.add_column("score")
    for name in systems:
        table.add_column(name, justify="right")
    metrics = dict.fromkeys(metric for system in systems.values() for metric in system.scores)
    for metric in metrics:
        cells = []
        for system in systems.values():
            sure = metric in system.p_values and max(system.p_values[metric]) < 0.05
            cells.append(show(metric, system.scores.get(metric)) + (" *" if sure else ""))
        table.add_row(metric, *cells)
    return table


def detection_table(title: str, systems: Mapping[str, Detection], ceiling: Detection | None) -> Table:
    """One column a system, and the annotators' own agreement beside them."""
    table = Table(title=title, caption="95 % intervals")
    table.add_column("score")
    columns = {**systems, **({"annotator against annotator": ceiling} if ceiling else {})}
    for name in columns:
        table.add_column(name, justify="right")
    for metric in dict.fromkeys(metric for result in columns.values() for metric in result.scores):
        table.add_row(metric, *(show(metric, result.scores.get(metric)) for result in columns.values()))
    return table


def worst_list(
    name: str,
    rows: Sequence[SegmentRepair],
    original: Sequence[str],
    fixed: Sequence[str],
    references: Sequence[Sequence[str]],
) -> RenderableType:
    """The segments that a system made worse, the worst first."""
    lines = [Text(f"{name}: the segments made worse, the worst first", style="bold")]
    for index in worst(rows):
        lines.append(Text(f"line {index + 1}: {-rows[index].gain:g} more edits"))
        lines.append(Text(f"  was  {original[index]}"))
        lines.append(Text(f"  now  {fixed[index]}"))
        lines.append(Text(f"  ref  {references[0][index]}"))
    if len(lines) == 1:
        lines.append(Text("none"))
    return Group(*lines)
