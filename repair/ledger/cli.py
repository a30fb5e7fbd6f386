"""`repair ledger`: what keeps coming back in an archive, and decisions about it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from repair.batch.cli import journal_of, text_file, with_journal
from repair.batch.screen import printable
from repair.config import load_config
from repair.errors import ConfigError, InputError, OutputError, closest
from repair.options import CONFIG, FILE, Commands
from repair.run import say

if TYPE_CHECKING:
    from repair.ledger.decision import Effect

SHOWN = 10  # places of a preview


@click.group(cls=Commands)
def ledger() -> None:
    """See what keeps coming back in an archive that `repair batch run` has read, and decide it once for all."""


@ledger.command()
@with_journal
@click.option("--least", type=click.IntRange(1), default=2, show_default=True, help="Found so many times or more.")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="So many phrases.")
@click.option("--html", "page", type=FILE, metavar="FILE", help="Write a page with plots instead.")
def show(out: str, journal: Path | None, least: int, most: int, page: Path | None) -> int:
    """List recurring garble: how often, in which feeds, since when, how it was fixed."""
    from repair.batch.journal import opened
    from repair.ledger.clusters import clusters, told
    from repair.ledger.page import write_page

    with opened(journal_of(out, journal)) as book:
        found = clusters(book, least)
    if page:
        with text_file(page) as stream:
            write_page(found, stream, printable(out), most)
        return 0
    for one in found[:most]:
        click.echo("\n".join(map(printable, told(one))) + "\n")
    if len(found) > most:
        say(f"{len(found) - most:,} more phrases; see them with --most {len(found)}")
    if not found:
        say(f"nothing was found {least} times or more")
    return 0


@ledger.command()
@with_journal
@click.argument("phrase")
@click.option("--use", metavar="TEXT", help="What is to be written instead.")
@click.option("--flag", is_flag=True, help="Only flag it from now on, for a person to write something else.")
@click.option("--house", type=FILE, metavar="FILE", help="Where to write it; default: `house` of the settings.")
@click.option("--desk", metavar="NAME", help="For this desk only.")
@click.option("--reason", default="", metavar="TEXT", help="Shown with every finding.")
@click.option("--owner", default="", metavar="TEXT", help="Who answers for the rule; shown too.")
@click.option("--yes", is_flag=True, help="Write the rule without asking.")
@CONFIG
def decide(
    out: str,
    journal: Path | None,
    phrase: str,
    use: str | None,
    flag: bool,
    house: Path | None,
    desk: str | None,
    reason: str,
    owner: str,
    yes: bool,
    config: Path | None,
) -> int:
    """Make a house rule for PHRASE, after showing what it would change across the whole archive.

    The rule carries the examples of the ledger as its test cases (`repair rules test`). The next run over the archive
    applies it. Exit code: 0 written, 1 not wanted after all.
    """
    from repair.batch.journal import opened
    from repair.batch.storage import storage
    from repair.house import Term, add_term
    from repair.ledger.clusters import cluster_of
    from repair.ledger.decision import effects, with_cases

    if bool(use and use.strip()) is flag:
        raise click.UsageError("say what to write (--use TEXT), or that it is only to be flagged (--flag)")
    house = house or load_config(config, os.environ).house
    if house is None:
        raise ConfigError("no house rules to write to: name the file with --house, or set `house` in repair.toml")
    if desk is not None:
        check_desk(house, desk)
    with opened(journal_of(out, journal)) as book:
        cluster = cluster_of(book, phrase)
        last = book.last_run()
    phrase = cluster.text  # as it was found: letter case counts in rules
    term = Term(use=use, reason=reason, owner=owner)
    origin = storage(last["source"])
    if not origin.is_there():
        raise InputError(f"{last['source']}: the archive is not there any more, so nothing can be previewed")
    fields = tuple(msgspec.json.decode(last["settings"])["fields"])
    preview([*effects(origin, fields, phrase, term)])
    if not yes and not confirmed(f"Write the rule to {house}?"):
        return 1
    term = with_cases(cluster, phrase, term)
    add_term(house, phrase, term, desk)
    click.echo(f"{printable(str(house))}: rule written, with {len(term.cases)} test cases")
    return 0


def check_desk(house: Path, desk: str) -> None:
    """A desk may be new, but a name that is nearly one of those there is a slip of the pen."""
    from repair.house import read_house

    desks = read_house(house).desks if house.exists() else {}
    if desk not in desks and (meant := closest(desk, desks)):
        raise ConfigError(
            f"{house}: no desk {desk!r}; did you mean {meant}? For a new one write [desks.{desk}.terms] into the file"
        )


def confirmed(question: str) -> bool:
    """What a person answers. Raises OutputError where there is nobody to ask."""
    try:
        return click.confirm(question, err=True)
    except click.Abort as error:
        if isinstance(error.__context__, EOFError):
            raise OutputError("nobody is there to be asked, so nothing was written; say --yes to write it") from None
        raise


def preview(effects: list[Effect]) -> None:
    """Show what a rule would do."""
    changed = [effect for effect in effects if effect.found.repaired]
    for effect in effects[:SHOWN]:
        found = effect.found
        what = f"{found.text!r} -> {found.suggestions[0]!r}" if found.repaired else f"{found.text!r} left for a person"
        click.echo(printable(f"{effect.article}: {what} in: {found.context}"))
    articles = len({effect.article for effect in changed})
    left = len(effects) - len(changed)
    click.echo(f"would change {len(changed):,} places in {articles:,} articles, and flag {left:,} for a person")
