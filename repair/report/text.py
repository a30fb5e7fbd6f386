"""The view for people: every finding in its sentence, why, and the fix; then one line that sums up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Literal

from rich.console import Console
from rich.style import Style
from rich.text import Text

from repair.findings import SEVERITIES, Finding, Report
from repair.inputs import Failure
from repair.report import Result, View
from repair.text import LineIndex

SEVERITY_STYLES = {"minor": "yellow", "major": "red", "critical": "bold red"}
SHOWN_FIXES = 3
MIN_WIDTH = 60  # columns; on a narrower terminal the line wraps
# Text comes from anywhere: a control character in it must not reach the terminal.
CONTROLS = {code: "�" for code in [*range(32), *range(0x7F, 0xA0)] if chr(code) not in "\t\n\r"}


def render(results: Iterable[Result], view: View) -> Iterator[str]:
    """Blocks of text, one a finding, and the summary at the end. Failures are left to the error stream."""
    paint = _painter(view)
    totals: Counter[str] = Counter()
    notes: dict[str, None] = {}
    for result in results:
        if isinstance(result, Failure):
            continue
        yield from (paint(block) for block in _findings(result, view))
        notes |= dict.fromkeys(result.notes)
        touched = {result.document.sentence_at(f.span.start) for f in result.findings}
        totals.update(f.severity for f in result.findings)
        totals.update(texts=1, sentences=len(result.document.sentences), touched=len(touched))
    if totals["texts"]:
        yield from (paint(Text(f"note: {_clean(note)}", "dim")) for note in notes)
        yield paint(Text(_summary(totals), "bold" if totals["touched"] else "green"))


def _findings(report: Report, view: View) -> Iterator[Text]:
    if report.verdict is not None:
        yield Text(_clean(report.verdict.line(report.document.name)), "green" if report.verdict.publish else "bold red")
    index = LineIndex(report.document.text) if report.findings else None
    for finding in report.findings:
        assert index is not None
        line, column = index.line_column(finding.span.start)
        head = Text.assemble(
            (f"{_clean(report.document.name)}:{line + 1}:{column + 1}", "bold"),
            "  ",
            (finding.severity, SEVERITY_STYLES[finding.severity]),
            f"  {finding.category}  ",
            (f"{finding.score:.0%} {finding.source}", "dim"),
        )
        parts = [head, Text("  ") + _in_sentence(report, finding, view), Text(f"  {_clean(finding.message)}")]
        if fix := _fix(finding):
            parts.append(Text("  ") + fix)
        yield Text("\n").join([*parts, Text()])


def _fix(finding: Finding) -> Text | None:
    if not finding.suggestions:
        return None
    best, *others = (_quoted(s.text) for s in finding.suggestions[:SHOWN_FIXES])
    fix = Text.assemble("fix: ", (best, "green"))
    return fix + Text(f" (or {', '.join(others)})", "dim") if others else fix


def _quoted(text: str) -> str:
    # Blanks and nothing at all would not be seen without marks around them.
    if not text:
        return "remove it"
    return _clean(text) if text.strip() == text else f"“{_clean(text)}”"


def _in_sentence(report: Report, finding: Finding, view: View) -> Text:
    """The sentence cut to one line, the span marked: by colour, or by brackets where there is none."""
    text, span = report.document.text, finding.span
    width = max(view.width, MIN_WIDTH)
    sentence = report.document.sentence_at(span.start)
    # A text without full stops is one long sentence: take no more of it than can be shown.
    left = _flat(text[max(sentence.start, span.start - width) : span.start]).lstrip()
    right = _flat(text[span.end : max(min(sentence.end, span.end + width), span.end)]).rstrip()
    inside = _middle(_flat(span.of(text)), width // 2)
    room = (width - len(inside) - 8) // 2
    if len(left) > room:
        left = "…" + re.sub(r"^\S*", "", left[-room:])
    if len(right) > room:
        right = re.sub(r"\S*$", "", right[:room]) + "…"
    marked = Text(inside or "‸", Style(bold=True, reverse=True)) if view.colour else Text(f"[{inside}]")
    return Text.assemble(left, marked, right)


def _flat(text: str) -> str:
    return _clean(re.sub(r"\s", " ", text))


def _middle(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-(limit // 2) :]}"


def _clean(text: str) -> str:
    return text.translate(CONTROLS)


def _summary(totals: Counter[str]) -> str:
    where = "" if totals["texts"] == 1 else f" in {totals['texts']} texts"
    sentences = _count(totals["sentences"], "sentence")
    if not totals["touched"]:
        return f"No findings{where}; {sentences} checked." if totals["sentences"] else f"No text to check{where}."
    severities = ", ".join(f"{totals[s]} {s}" for s in reversed(SEVERITIES) if totals[s])
    findings = _count(sum(totals[s] for s in SEVERITIES), "finding")
    rest = totals["sentences"] - totals["touched"]
    others = f"; {rest:,} {'needs' if rest == 1 else 'need'} nothing" if rest else ""
    return f"{findings}{where} ({severities}) in {totals['touched']:,} of {sentences}{others}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _painter(view: View) -> Callable[[Text], str]:
    colours: Literal["standard"] | None = "standard" if view.colour else None
    console = Console(file=StringIO(), force_terminal=view.colour, color_system=colours, width=view.width)

    def paint(text: Text) -> str:
        with console.capture() as capture:
            console.print(text, soft_wrap=True)
        return capture.get()

    return paint
