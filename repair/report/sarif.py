"""SARIF 2.1.0 (OASIS), for code scanning and editors. One run; columns count code points, lines and columns from 1."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from repair import __version__
from repair.findings import Finding, Report
from repair.guide import earned, guides, help_uri
from repair.inputs import Failure
from repair.report import Display, Result
from repair.report.fingerprint import fingerprints
from repair.text import LineIndex, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"minor": "note", "major": "warning", "critical": "error"}


def render(results: Iterable[Result], display: Display) -> Iterator[str]:
    """One log; written at the end, since the list of rules stands before the findings."""
    found: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    rules: dict[str, None] = {}
    for result in results:
        if isinstance(result, Failure):
            failures.append({"level": "error", "message": {"text": result.message}})
            continue
        if result.verdict is not None:
            verdicts.append({"uri": uri(result.document.name)} | result.verdict.to_json())
        index = LineIndex(result.document.text)
        for finding, name in zip(result.findings, fingerprints(result), strict=True):
            rules[finding.source] = None
            found.append(one(result, finding, name, index))
    driver = {"name": "repair", "version": __version__, "rules": [described(rule) for rule in rules]}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not failures, "toolExecutionNotifications": failures}],
        "results": found,
    }
    if verdicts:
        run["properties"] = {"gate": verdicts}
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def described(source: str) -> dict[str, Any]:
    """A source of findings as a SARIF rule; of rules all that is known, of others the address of a page, if any."""
    rule: dict[str, Any] = {"id": source}
    if uri := help_uri(source):
        rule["helpUri"] = uri
    guide = guides().get(source)
    if guide is None:
        return rule
    more = [f"Why: {guide.why}", f"Left alone: {guide.alone}", *(f"Evidence: {earned(row)}." for row in guide.evidence)]
    return rule | {
        "shortDescription": {"text": guide.rule.message},
        "fullDescription": {"text": guide.what},
        "help": {"text": "\n".join([guide.what, *more]), "markdown": "\n\n".join([guide.what, *more])},
        "defaultConfiguration": {"level": LEVELS[guide.rule.severity]},
        "properties": {"category": guide.rule.category},
    }


def one(report: Report, finding: Finding, name: str, index: LineIndex) -> dict[str, Any]:
    """A finding as a SARIF result."""
    place = {"uri": uri(report.document.name)}
    where = region(index, finding.span)
    result: dict[str, Any] = {
        "ruleId": finding.source,
        "level": LEVELS[finding.severity],
        "rank": round(100 * finding.score, 1),
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": place, "region": where}}],
        "partialFingerprints": {"repair/v1": name},
        "properties": {"category": finding.category},
    }
    if finding.suggestions:
        result["fixes"] = [
            {
                "description": {"text": f"Replace with: {suggestion.text}" if suggestion.text else "Remove it"},
                "artifactChanges": [
                    {
                        "artifactLocation": place,
                        "replacements": [{"deletedRegion": where, "insertedContent": {"text": suggestion.text}}],
                    }
                ],
            }
            for suggestion in finding.suggestions
        ]
    return result


def uri(name: str) -> str:
    """A file's name as an address, byte for byte, though it be no text.

    >>> uri("in/caf\\udce9 1.txt")
    'in/caf%E9%201.txt'
    """
    return quote(name.encode("utf-8", "surrogateescape"))


def region(index: LineIndex, span: Span) -> dict[str, int]:
    """A span as lines and columns from 1, and as offsets from 0."""
    (line, column), (last_line, last_column) = index.line_column(span.start), index.line_column(span.end)
    return {
        "startLine": line + 1,
        "startColumn": column + 1,
        "endLine": last_line + 1,
        "endColumn": last_column + 1,
        "charOffset": span.start,
        "charLength": len(span),
    }
