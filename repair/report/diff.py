"""Unified diff, as `diff -u` writes and `patch -p0` reads: of what a fix did, or of what a check proposes.

A text without changes prints nothing, and one that failed is left to the error stream.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from repair.edits import Edit, apply
from repair.findings import Report
from repair.inputs import Failure
from repair.report import Display, Result
from repair.text import BOM, decode, encode

LINE = re.compile(r"[^\n]*\n|[^\n]+")  # only what `patch` takes for a line
COLOURS = {"-": "31", "+": "32", "@": "36"}


def render(results: Iterable[Result], display: Display) -> Iterator[str]:
    """One diff a text."""
    for result in results:
        if not isinstance(result, Failure):
            after = proposed(result) if result.output is None else fixed(result)
            for line in unified(result.document.text, after, result.document.name):
                yield _coloured(line) if display.colour else line


def unified(before: str, after: str, name: str) -> Iterator[str]:
    """The lines of the diff, ends included.

    >>> print(*unified("one officials\\nsaid", "one official\\nsaid", "a.txt"), sep="", end="")
    --- a.txt
    +++ a.txt
    @@ -1,2 +1,2 @@
    -one officials
    +one official
     said
    \\ No newline at end of file
    """
    # A name with a blank in it ends with a tab, or `patch` takes only its first word.
    name = re.sub(r"[\r\n]", "?", name) + ("\t" if " " in name else "")
    for line in difflib.unified_diff(LINE.findall(before), LINE.findall(after), name, name):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def fixed(report: Report) -> str:
    """The text of a fix; of a file that is its own text also what follows from the edits, such as a count of words."""
    before, after = report.files or (b"", b"")
    if before.removeprefix(encode(BOM)) == encode(report.document.text):
        return decode(after, report.document.name).removeprefix(BOM)
    return report.output or ""


def proposed(report: Report) -> str:
    """The text with the best suggestion of every finding taken; of two that overlap, the first."""
    taken: list[Edit] = []
    for finding in sorted(report.findings, key=lambda f: (f.span, -f.score)):
        free = not taken or (finding.span.start >= taken[-1].span.end and finding.span != taken[-1].span)
        if finding.suggestions and free:
            taken.append(Edit(finding.span, finding.suggestions[0].text))
    return apply(report.document.text, taken)


def _coloured(line: str) -> str:
    code = "1" if line.startswith(("---", "+++")) else COLOURS.get(line[0])
    body = line.rstrip("\n")
    return line if code is None else f"\x1b[{code}m{body}\x1b[0m{line[len(body) :]}"
