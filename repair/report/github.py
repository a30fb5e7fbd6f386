"""Workflow commands of GitHub Actions: one annotation a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from repair.findings import Finding
from repair.inputs import Failure
from repair.report import Display, Result
from repair.text import LineIndex

LEVELS = {"minor": "notice", "major": "warning", "critical": "error"}


def render(results: Iterable[Result], display: Display) -> Iterator[str]:
    """One line a finding; a text that could not be read is an error without a place."""
    for result in results:
        if isinstance(result, Failure):
            yield f"::error file={in_property(result.name)}::{in_message(result.message)}\n"
            continue
        if result.verdict is not None and not result.verdict.publish:
            name = result.document.name
            yield f"::warning file={in_property(name)},title=gate::{in_message(result.verdict.line(name))}\n"
        index = LineIndex(result.document.text)
        for finding in result.findings:
            (line, column), (last, end) = index.line_column(finding.span.start), index.line_column(finding.span.end)
            where = f"file={in_property(result.document.name)},line={line + 1},endLine={last + 1}"
            if last == line:  # columns are only understood within one line
                where += f",col={column + 1},endColumn={max(end, column + 1)}"
            title, said = in_property(finding.source), in_message(message(finding))
            yield f"::{LEVELS[finding.severity]} {where},title={title}::{said}\n"


def message(finding: Finding) -> str:
    """The reason and the first suggestion, in sentences."""
    if not finding.suggestions:
        return finding.message
    stop = "" if finding.message.endswith((".", "!", "?")) else "."
    return f"{finding.message}{stop} Fix: {finding.suggestions[0].text or 'remove it'}"


def in_message(text: str) -> str:
    """Escaped as the commands want it: a per cent sign and line breaks.

    >>> in_message("50 %\\nmore")
    '50 %25%0Amore'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def in_property(text: str) -> str:
    """Colons and commas end a property, so they are escaped too."""
    return in_message(text).replace(":", "%3A").replace(",", "%2C")
