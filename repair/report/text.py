"""For people: every finding in its sentence, why, and the fix, the surest first; then one line that sums up.

A text is named once, above its findings, whose places are line and column.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Literal

from rich.console import Console
from rich.style import Style
from rich.text import Text

from repair.certainty import TITLES, Group, State, Triage
from repair.findings import SHOWN, Finding, Report
from repair.inputs import Failure
from repair.report import Display, Result
from repair.text import LineIndex, words

SEVERITY_STYLES = {"minor": "yellow", "major": "red", "critical": "bold red"}
STATE_STYLES: dict[State, str] = {"safe": "green", "review": "", "refused": "dim", "quotation": "cyan", "no fix": "dim"}
SHORT = 60  # words; in fewer the language model misses what it finds in a whole article
INDENT = " " * 4
MIN_WIDTH = 60  # columns; on a narrower terminal the line wraps
# Text comes from anywhere: a control character in it must not reach the terminal.
CONTROLS = {code: "�" for code in [*range(32), *range(0x7F, 0xA0)] if chr(code) not in "\t\n\r"}
TOLD: dict[Group, str] = {"sure": "sure", "quotation": "in quotations", "likely": "likely", "doubtful": "doubtful"}


def render(results: Iterable[Result], display: Display) -> Iterator[str]:
    """Blocks of text, one a finding, and the summary at the end. Failures are left to the error stream."""
    paint = _painter(display)
    totals: Counter[str] = Counter()
    notes: dict[str, None] = {}
    for result in results:
        if isinstance(result, Failure):
            continue
        yield from (paint(block) for block in _findings(result, display))
        notes |= dict.fromkeys(result.notes)
        touched = {result.document.sentence_at(f.span.start) for f in result.findings}
        triage = Triage(result)
        totals.update({name: len(some) for name, some in triage.groups().items()})
        totals.update(texts=1, sentences=len(result.document.sentences), touched=len(touched))
        totals.update(short=len(words(result.document.text)) < SHORT)
    if totals["texts"]:
        yield from (paint(Text(f"note: {_clean(note)}", "dim")) for note in notes)
        yield paint(Text(_summary(totals), "bold" if totals["touched"] else "green"))


def _findings(report: Report, display: Display) -> Iterator[Text]:
    if report.verdict is not None:
        yield Text(_clean(report.verdict.line(report.document.name)), "green" if report.verdict.publish else "bold red")
    if not report.findings:
        return
    triage, index = Triage(report), LineIndex(report.document.text)
    yield Text(_clean(report.document.name or "The text"), "bold")
    for name, findings in triage.groups().items():
        yield Text(f"\n{_heading(name, len(findings))}", "bold")
        for finding in findings:
            yield Text("\n").join(_entry(report, finding, triage, index, display))
    yield Text()


def _heading(name: Group, count: int) -> str:
    title, colon, what = TITLES[name].partition(":")
    return f"{title} ({count}){colon}{what}"


def _entry(report: Report, finding: Finding, triage: Triage, index: LineIndex, display: Display) -> Iterator[Text]:
    line, column = index.line_column(finding.span.start)
    state = triage.state(finding)
    yield Text.assemble(
        "  ",
        (f"{line + 1}:{column + 1}", "bold"),
        "  ",
        (state, STATE_STYLES[state]),
        "  ",
        (finding.severity, SEVERITY_STYLES[finding.severity]),
        f"  {finding.category}  ",
        (f"{finding.score:.0%} {finding.source}", "dim"),
    )
    yield Text(INDENT) + _in_sentence(report, finding, display)
    yield Text(_wrapped(_clean(finding.message), display))
    if finding.suggestions:
        yield _fixes(finding, triage.leads(finding), display)
    for model in dict.fromkeys(suggestion.by for suggestion in finding.suggestions[:SHOWN] if suggestion.by):
        whose = [_quoted(suggestion.text) for suggestion in finding.suggestions[:SHOWN] if suggestion.by == model]
        yield Text(_wrapped(f"proposed by {_clean(model)}: {', '.join(whose)}", display), "dim")


def _fixes(finding: Finding, leads: bool, display: Display) -> Text:
    best, *others = (_quoted(s.text) for s in finding.suggestions[:SHOWN])
    if not leads:
        return Text(_wrapped(f"ideas: {', '.join([best, *others])}", display))
    fix = Text.assemble(f"{INDENT}fix: ", (best, "green"))
    return fix + Text(f" (or {', '.join(others)})", "dim") if others else fix


def _wrapped(text: str, display: Display) -> str:
    """Lines that end where a word does."""
    width = max(display.width, MIN_WIDTH)
    whole = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(text, width, initial_indent=INDENT, subsequent_indent=INDENT, **whole)  # type: ignore[arg-type]


def _quoted(text: str) -> str:
    # Blanks and nothing at all would not be seen without marks around them.
    if not text:
        return "remove it"
    return _clean(text) if text.strip() == text else f"“{_clean(text)}”"


def _in_sentence(report: Report, finding: Finding, display: Display) -> Text:
    """The sentence cut to one line, the span marked: by colour, or by brackets where there is none."""
    text, span = report.document.text, finding.span
    width = max(display.width, MIN_WIDTH) - len(INDENT)
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
    marked = Text(inside or "‸", Style(bold=True, reverse=True)) if display.colour else Text(f"[{inside}]")
    return Text.assemble(left, marked, right)


def _flat(text: str) -> str:
    return _clean(re.sub(r"\s", " ", text))


def _middle(text: str, limit: int) -> str:
    """Both ends of a long text, cut between words; inside one only where it is longer than half of what is shown."""
    if len(text) <= limit:
        return text
    head, tail = text[: limit // 2], text[-(limit // 2) :]
    return f"{head.rpartition(' ')[0] or head} … {tail.partition(' ')[2] or tail}"


def _clean(text: str) -> str:
    return text.translate(CONTROLS)


def _summary(totals: Counter[str]) -> str:
    where = "" if totals["texts"] == 1 else f" in {totals['texts']} texts"
    sentences = _count(totals["sentences"], "sentence")
    if not totals["touched"]:
        if not totals["sentences"]:
            return f"No text to check{where}."
        return f"No findings{where}; {sentences} checked.{_too_short(totals)}"
    groups = ", ".join(f"{totals[name]} {told}" for name, told in TOLD.items() if totals[name])
    findings = _count(sum(totals[name] for name in TOLD), "finding")
    rest = totals["sentences"] - totals["touched"]
    others = f"; {rest:,} {'needs' if rest == 1 else 'need'} nothing" if rest else ""
    return f"{findings}{where} ({groups}) in {totals['touched']:,} of {sentences}{others}."


def _too_short(totals: Counter[str]) -> str:
    """What tells "nothing is wrong" apart from "nothing could be told"."""
    if totals["short"] < totals["texts"]:
        return ""
    what = "It is" if totals["texts"] == 1 else "They are"
    return f" {what} short: where a sentence or two get no flag, they may get one in their article. Check it whole."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _painter(display: Display) -> Callable[[Text], str]:
    colours: Literal["standard"] | None = "standard" if display.colour else None
    console = Console(file=StringIO(), force_terminal=display.colour, color_system=colours, width=display.width)

    def paint(text: Text) -> str:
        with console.capture() as capture:
            console.print(text, soft_wrap=True)
        return capture.get()

    return paint
