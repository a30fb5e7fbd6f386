"""What the commands of `repair batch` show on a terminal: progress, the summary at the end, one article."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from repair.run import say
from repair.text import encodable

LISTED = 10  # categories and feeds on the terminal
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # a terminal would obey these


def once(tell: Callable[[str], object], most: int = 1000) -> Callable[[str], None]:
    """`tell`, but the same message only once."""
    told: set[str] = set()

    def tell_once(message: str) -> None:
        if message not in told:
            tell(message)
        if len(told) < most:
            told.add(message)

    return tell_once


def watched() -> bool:
    return sys.stderr.isatty()


def show_progress(steps: Iterable[Any], size: int) -> None:
    """Runs through `steps`; on a terminal with a bar of `size` bytes."""
    with _bar(size) as update:
        for step in steps:
            update(step)


@contextmanager
def _bar(size: int) -> Iterator[Callable[[Any], None]]:
    if not watched():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=size or None)

        def update(step: Any) -> None:
            elapsed = progress.tasks[0].elapsed or 1e-9
            text = f"{step.articles:,} articles, {step.words / elapsed:,.0f} words/s, {step.edits:,} edits"
            progress.update(task, completed=step.bytes, description=text)

        yield update


def show_summary(
    found: dict[str, Any], fixes: list[tuple[str, str, int]], unread: list[tuple[str, str]], as_json: bool
) -> None:
    """`unread` are the articles and files that are broken or not read, with the reason."""
    if as_json:
        show_json(found)
        return
    files, edits, left = found["files"], found["edits"], found["left"]
    click.echo(f"articles: {found['articles']:,} ({found['words']:,} words) in {files['done']:,} files")
    click.echo(f"other files copied: {files['copied']:,}")
    if files["withdrawn"]:
        click.echo(f"set aside, no longer in IN: {files['withdrawn']:,}")
    reverted = f", {edits['reverted']:,} taken back" if edits["reverted"] else ""
    click.echo(f"edits: {edits['applied']:,} applied{reverted}, {edits['for_review']:,} for review")
    click.echo(f"left for a person: {left['findings']:,} findings in {left['articles']:,} articles")
    if found["broken"]:
        click.echo(f"broken or not read, left unchanged: {found['broken']:,} (repair batch status OUT --broken)")
    for name, reason in unread[:LISTED]:
        click.echo(printable(f"  {name}: {reason}"))
    if len(unread) > LISTED:
        click.echo(f"  and {len(unread) - LISTED:,} more")
    if found["unfinished"]:
        click.echo(f"unfinished files: {found['unfinished']:,}; start the run again")
    for title in ("categories", "feeds"):
        rows = list(found[title].items())
        if rows:
            click.echo(f"{title}: findings repaired and left")
        for name, row in rows[:LISTED]:
            click.echo(f"  {row['repaired']:>6,} {row['left']:>6,} {printable(name)}")
        if len(rows) > LISTED:
            click.echo(f"  and {len(rows) - LISTED:,} more (repair batch report OUT --html FILE)")
    if fixes:
        click.echo("most frequent fixes")
    for before, after, times in fixes:
        click.echo(f"  {times:>6,} x {before!r} -> {after!r}")


def show_article(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    for line in article_lines(found):
        click.echo(printable(line))


def show_json(found: dict[str, Any]) -> None:
    from repair.batch.journal import json_text

    click.echo(json_text(found))


def article_lines(found: dict[str, Any]) -> Iterator[str]:
    """One article for people."""
    yield f"{found['name']}: {found['status']}, {found['words']:,} words, run {found['run']}"
    if found["reason"]:
        yield f"  {found['reason']}"
    for edit in found["edits"]:
        held = "review" if edit["safety"] == "safe" else edit["safety"]  # safe, but for where it stands
        state = "reverted" if edit["reverted_by"] else "applied" if edit["applied"] else held
        where = f"{edit['part']} {edit['start']}" if edit["part"] else f"{edit['start']}"
        why = f"{', '.join(edit['sources'])}: {edit['reason']}"
        yield f"  {state} at {where}: {edit['before']!r} -> {edit['after']!r} ({why})"
    for finding in found["findings"]:
        if not finding["repaired"]:
            yield f"  left at {finding['start']}: {finding['text']!r} ({finding['source']}: {finding['message']})"


def warn(message: str) -> None:
    say(printable(message))


def printable(line: str) -> str:
    """One line as a terminal can show it, whatever stands in names and texts.

    >>> printable("a\\nb\\x1b[31m\\udcff.txt")
    'a\\\\nb\\\\x1b[31m?.txt'
    """
    return encodable(CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), line))
