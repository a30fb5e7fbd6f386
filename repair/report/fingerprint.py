"""Names for findings that stay the same when other parts of the text change, so that a known one is known again."""

from __future__ import annotations

import hashlib
from collections import Counter

from repair.findings import Report


def fingerprints(report: Report) -> list[str]:
    """One name for each finding: made of its source, its text, its sentence, and how many alike come before it."""
    document = report.document
    seen: Counter[str] = Counter()
    result = []
    for finding in report.findings:
        sentence = " ".join(document.sentence_at(finding.span.start).of(document.text).split())
        key = "\0".join((finding.source, finding.span.of(document.text), sentence))
        result.append(hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "replace")).hexdigest()[:16])
        seen[key] += 1
    return result
