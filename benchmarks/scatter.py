"""The plot of the first page, as an SVG that is readable on light and dark pages: precision of flags against recall."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.results import Line

DATA, RECALL, PRECISION = "post-edits/real-dev", "places flagged", "flags on garble"
SHOWN = {  # the points: how they are called, and how far below the point that stands, in pixels
    "repair": ("repair", -7),
    "repair --no-model": ("repair --no-model", 18),
    "LanguageTool": ("LanguageTool", -16),
    "Harper": ("Harper", 16),
    "quire-grammar": ("quire-grammar", 16),
    "annotator against annotator": ("two markings", -7),
}
WIDTH, HEIGHT = 560, 340
LEFT, RIGHT, TOP, BOTTOM = 52, 90, 14, 44  # what is left free around the plane, in pixels
STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #57606a }
path { stroke: #57606a; fill: none }
.grid { opacity: 0.25 }
.peer circle { fill: #6e7781 } .peer path { stroke: #6e7781 }
.own circle { fill: #0969da } .own path { stroke: #0969da } .own text { fill: #0969da; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #b1bac4 } path { stroke: #b1bac4 }
  .peer circle { fill: #9198a1 } .peer path { stroke: #9198a1 }
  .own circle { fill: #4493f8 } .own path { stroke: #4493f8 } .own text { fill: #4493f8 }
}"""


def across(share: float) -> str:
    """Where a recall in [0, 1] lies, in pixels."""
    return f"{LEFT + share * (WIDTH - LEFT - RIGHT):.1f}"


def up(share: float) -> str:
    """Where a precision in [0, 1] lies, in pixels from the top."""
    return f"{HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM):.1f}"


def drawing(lines: Sequence[Line]) -> str:
    """The points of `SHOWN` that have results, each with its 95 % intervals as a cross."""
    found = {(line.peer, line.metric): line.estimate for line in lines if line.set == DATA}
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">']
    parts.append("<title>Precision of flags against recall of garbled places</title>")
    parts.append(f"<style>\n{STYLE}\n</style>")
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = across(share), up(share)
        parts.append(f'<path class="grid" d="M{x} {up(0)}V{up(1)}M{across(0)} {y}H{across(1)}"/>')
        parts.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">{share:.0%}</text>')
        parts.append(f'<text x="{LEFT - 7}" y="{y}" dy="4" text-anchor="end">{share:.0%}</text>')
    middle = HEIGHT - 8, (HEIGHT - BOTTOM + TOP) / 2
    parts.append(f'<text x="{across(0.5)}" y="{middle[0]}" text-anchor="middle">garbled places that are flagged</text>')
    turned = f'transform="translate(12 {middle[1]:.0f}) rotate(-90)" text-anchor="middle"'
    parts.append(f"<text {turned}>flags that touch garble</text>")
    for peer, (name, down) in SHOWN.items():
        recall, precision = found.get((peer, RECALL)), found.get((peer, PRECISION))
        if recall and precision:
            x, y = across(recall.value), up(precision.value)
            cross = f"M{across(recall.low)} {y}H{across(recall.high)}M{x} {up(precision.low)}V{up(precision.high)}"
            parts.append(f'<g class="{"own" if peer == "repair" else "peer"}"><path d="{cross}"/>')
            parts.append(
                f'<circle cx="{x}" cy="{y}" r="4.5"/><text x="{x}" y="{y}" dx="8" dy="{down}">{name}</text></g>'
            )
    return "\n".join((*parts, "</svg>\n"))
