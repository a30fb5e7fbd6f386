"""Reviewdog Diagnostic Format, one JSON object; lines from 1, columns from 1 in UTF-8 bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from repair.findings import Finding, Report
from repair.inputs import Failure
from repair.report import Display, Result
from repair.text import LineIndex, Span

SEVERITIES = {"minor": "INFO", "major": "WARNING", "critical": "ERROR"}


def render(results: Iterable[Result], display: Display) -> Iterator[str]:
    """The object, written as it grows; failures are left to the error stream."""
    yield '{"source": {"name": "repair"}, "diagnostics": ['
    separator = "\n"
    for result in results:
        if isinstance(result, Failure):
            continue
        index = LineIndex(result.document.text)
        for finding in result.findings:
            yield separator + json.dumps(one(result, finding, index), ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"


def one(report: Report, finding: Finding, index: LineIndex) -> dict[str, Any]:
    where = place(index, finding.span)
    return {
        "message": finding.message,
        "location": {"path": report.document.name, "range": where},
        "severity": SEVERITIES[finding.severity],
        "code": {"value": finding.source},
        "suggestions": [{"range": where, "text": suggestion.text} for suggestion in finding.suggestions],
    }


def place(index: LineIndex, span: Span) -> dict[str, dict[str, int]]:
    (line, column), (last_line, last_column) = index.utf8_column(span.start), index.utf8_column(span.end)
    return {
        "start": {"line": line + 1, "column": column + 1},
        "end": {"line": last_line + 1, "column": last_column + 1},
    }
