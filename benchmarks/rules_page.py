"""`docs/rules.md`, written from the docstrings of the rules and the evidence for each."""

from __future__ import annotations

from collections.abc import Iterator

from repair.guide import Guide, earned, guides, safety

HEAD = """# The rules

Written from the code by `python -m benchmarks.table`; `repair rules show NAME` prints an entry. `ignore.rules` in the
settings turns rules off. In the examples `[old|new]` is a finding with its fix and `[old]` one without; what has no
brackets is left alone. What safe means: [evidence.md](evidence.md).

| rule | finds | category | fixes |
|---|---|---|---|
"""


def document() -> str:
    """The page: a table of all rules, and an entry for each."""
    found = guides().values()
    return HEAD + "".join(map(row, found)) + "".join(part for guide in found for part in entry(guide))


def row(guide: Guide) -> str:
    """A rule's line in the table."""
    return f"| [{guide.name}](#{guide.name}) | {guide.rule.message} | {guide.rule.category} | {safety(guide)} |\n"


def entry(guide: Guide) -> Iterator[str]:
    """All that is known of a rule."""
    yield f"\n## {guide.name}\n\n{guide.what}\n\n"
    yield f"- Category and severity: {guide.rule.category}, {guide.rule.severity}.\n"
    yield f"- Why: {guide.why}\n"
    yield f"- Left alone: {guide.alone}\n"
    yield from (f"- Evidence: {earned(row)}.\n" for row in guide.evidence)
    yield "\n```text\n" + "".join(f"{example.strip()}\n" for example in guide.examples) + "```\n"
