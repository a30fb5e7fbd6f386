"""The page and the README's section about the evidence, written from the file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from repair.evidence import LEAST, SELDOM, SURE, WRONG_ON_CLEAN, Counted, EvidenceFile, Judged, Row

TITLE = "## What `safe` means\n\n"
COLUMNS = (
    "source",
    "clean copy: hits per million words (modern copy)",
    "wrong edits per million",
    "marked translations: hits, on a marked place",
    "edits",
    "right by an accepted wording",
    "others read: right, wrong",
    "unmarked translations: hits per million",
    "read: right, wrong",
    "right in 100",
    "edits are",
)
HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|\n"


def intro() -> str:
    """What `safe` means."""
    return (
        f"A fix is **safe** where its source was right in at least {100 * SURE:.0f} of 100 edits of real translated "
        f"text, of at least {LEAST}, counted by the wordings accepted there or read by eye by somebody who did not "
        f"write the rule, and makes no more than {WRONG_ON_CLEAN:g} wrong edits in a million words of clean copy. A "
        f"mechanical fix (a space before a comma) with fewer than {LEAST} edits in translations is held to the clean "
        f"copy, and {100 * SELDOM:.0f} in 100 of those few must be right. Everything else is for review."
    )


def document(file: EvidenceFile) -> str:
    """`docs/evidence.md`."""
    parts = "# What `safe` rests on", intro(), measured(file), table(file.rows) + second_reading(file.again)
    return "\n\n".join(parts)


def measured(file: EvidenceFile) -> str:
    """On what and when it was measured."""
    real = max((row.real.words for row in file.rows), default=0)
    output = sorted(row.output.words for row in file.rows if row.output.words) or [0]
    clean = {name: count.words for row in file.rows for name, count in row.clean.items()}
    told = ", ".join(f"{name} {size:,}" for name, size in clean.items())
    return (
        f"Measured with version {file.version} on {file.date} by `python -m benchmarks.evidence`: {real:,} words of "
        f"marked and {output[0]:,} of unmarked translations ({output[-1]:,} for some that seldom fire), and clean "
        f"copy (words: {told}). Edits are those that the gate lets pass."
    )


def second_reading(again: dict[str, Judged]) -> str:
    """What a second reader found, by source; nothing where there was none."""
    if not again:
        return ""
    right, wrong = sum(one.right for one in again.values()), sum(one.wrong for one in again.values())
    lines = (f"| `{source}` | {one.right} | {one.wrong} |\n" for source, one in again.items())
    told = (
        "Edits of the newest rules were first read by who wrote them. Others were then read by somebody who wrote none "
        "of the rules: of each source the first that nobody had read, in the order of the hashes of their sentences. "
        f"They are counted above too: {right + wrong} read, {right} right, {wrong} wrong. A wrong one stays here also "
        "where the rule has been mended since."
    )
    return f"\n## Read again\n\n{told}\n\n| source | right | wrong |\n|---|---|---|\n{''.join(lines)}"


def short(file: EvidenceFile) -> str:
    """The README's part: what `safe` means, and how many sources of fixes are."""
    safe = sum(row.is_safe for row in file.rows)
    return (
        f"{intro()} Of {len(file.rows)} sources of fixes {safe} are safe: [docs/evidence.md](docs/evidence.md) has the "
        f"counts of each.\n\n{measured(file)}\n"
    )


def with_section(readme: str, file: EvidenceFile) -> str:
    """The README with its section about the evidence written anew; without change where it has none."""
    return re.sub(rf"(?<={re.escape(TITLE)}).*?(?=\n## )", lambda _: short(file), readme, count=1, flags=re.S)


def table(rows: Iterable[Row]) -> str:
    return HEAD + "".join(line(row) for row in rows)


def line(row: Row) -> str:
    real, modern = row.real, row.clean.get("modern", Counted(words=0))
    recent = f" ({1e6 * modern.hits / modern.words:.0f})" if modern.words else ""
    cells = [
        f"`{row.source}`" + (", mechanical" if row.mechanical else ""),
        f"{row.clean_hits:.1f}{recent}",
        f"{row.clean_wrong:.1f}",
        f"{real.hits}, {real.placed}",
        str(real.edits),
        str(real.right),
        read(real),
        f"{1e6 * row.output.hits / max(row.output.words, 1):.1f}",
        read(row.output),
        f"{100 * row.share:.0f}" if row.known else "",
        "safe" if row.is_safe else "for review",
    ]
    return f"| {' | '.join(cells)} |\n"


def read(counted: Counted) -> str:
    return f"{counted.judged.right}, {counted.judged.wrong}" if counted.judged.number else ""
