"""`repair batch`: an archive repaired, with a journal of everything that was done to it."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

import click
import msgspec

from repair.batch.screen import once, printable, show_article, show_progress, show_summary, warn, watched
from repair.batch.storage import REMOTE
from repair.config import Config, load_config, sent_to
from repair.cores import free
from repair.errors import InputError, OutputError
from repair.options import APPLY_AT, FILE, Commands, Name, with_settings
from repair.run import say

if TYPE_CHECKING:
    from repair.batch.local import Local
    from repair.batch.ray import Ray

READING = 2  # goes up when the same bytes are read in another way


@click.group(cls=Commands)
def batch() -> None:
    """Repair archives: what is safe is repaired, the rest is listed for people, and all of it can be taken back.

    IN and OUT are folders on this machine or addresses like s3://bucket/folder. The journal is OUT.repair.sqlite beside
    OUT.
    """


def with_journal(command: Callable[..., int]) -> Callable[..., int]:
    """The arguments of every command that reads a journal."""
    command = click.option("--journal", type=FILE, metavar="FILE", help="The journal. Needed where OUT is remote.")(
        command
    )
    return click.argument("out", metavar="OUT")(command)


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@batch.command()
@click.argument("source", metavar="IN")
@with_journal
@click.option("--engine", type=Name(["local", "ray"]), default="local", show_default=True)
@click.option("--address", metavar="HOST:PORT", help="The Ray cluster; without it Ray starts on this machine.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=free,
    show_default="the cores that are free",
    help="Processes of one thread each.",
)
@click.option(
    "--field", "fields", multiple=True, default=("text",), show_default=True, help="Of JSON Lines and tables."
)
@click.option("--set-aside", is_flag=True, help="Move what IN no longer has from OUT to OUT.withdrawn.")
@APPLY_AT
@with_settings
@AS_JSON
def run(
    source: str,
    out: str,
    journal: Path | None,
    engine: Literal["local", "ray"],
    address: str | None,
    workers: int,
    fields: tuple[str, ...],
    config: Path | None,
    set_aside: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Repair the archive IN into OUT, which becomes its mirror.

    Read are .txt, .md, .html, .json (ninjs, ANS, WordPress), .xml (NITF, NewsML, feeds, XLIFF, TMX), .docx, .odt, .srt,
    .vtt, .jsonl, .tsv, .parquet, and .gz and .zip of these; all other files are copied, and those that may hold a text
    are named. Everything but the text stays byte for byte. A broken article is copied through and named.

    The run may be stopped or killed at any moment: started again it goes on, and what is finished is not done twice.

    Exit code: 0 nothing is left for a person, 1 something is, 2 something is broken or not read, or an error.
    """
    from repair.batch import audit
    from repair.batch.journal import json_text, locked, opened
    from repair.batch.revert import settle
    from repair.batch.runner import Runner
    from repair.batch.storage import storage

    settings = load_config(config, os.environ, options)
    if elsewhere := sent_to(settings):
        say(f"sentences with flagged places are sent to {elsewhere}")
    path = journal_of(out, journal)
    apart(source, out, path)
    origin, target = storage(source), storage(out)
    if is_file(source):
        raise InputError(f"{source}: a file; name the folder that it lies in")
    if is_file(out):
        raise OutputError(f"{out}: cannot be written: it is a file; name a folder")
    if not origin.is_there():
        raise InputError(f"{source}: no such folder; check the name")
    with locked(path):
        if not path.exists() and not target.is_empty():
            raise OutputError(f"{out}: not empty, and there is no journal {path}; choose an empty folder, or --journal")
        with opened(path, create=True) as book, started(engine, settings, fields, workers, address) as pool:
            settle(book, target)
            signature = pool.signature()
            key = settings_hash(settings, signature, fields)
            number = book.begin(
                "run",
                source=origin.name,
                target=target.name,
                version=signature.partition("|")[0],
                signature=signature,
                settings=json_text({"fields": fields, "config": plain(settings)}),
                settings_hash=key,
            )
            runner = Runner(book, origin, target, fields, key, number, once(warn))
            runner.foresee()
            show_progress(runner.work(pool), sum(getattr(e, "size", 0) for e in origin.files()) if watched() else 0)
            runner.withdrawn(set_aside)
            book.end(number, "finished")
            found = audit.summary(book)
            show_summary(found | audit.places(book), audit.most_frequent(book), list(audit.broken(book)), as_json)
            return audit.exit_code(found)


@batch.command()
@with_journal
@click.option("--broken", is_flag=True, help="List the articles that could not be read, one a line.")
@AS_JSON
def status(out: str, journal: Path | None, broken: bool, as_json: bool) -> int:
    """What was done to OUT so far, and what is left. Exit code as of the run."""
    from repair.batch import audit
    from repair.batch.journal import opened

    with opened(journal_of(out, journal)) as book:
        found = audit.summary(book)
        if broken:
            for name, reason in audit.broken(book):
                click.echo(printable(f"{name}: {reason}"))
        else:
            show_summary(found | audit.places(book), audit.most_frequent(book), list(audit.broken(book)), as_json)
        return audit.exit_code(found)


@batch.command()
@with_journal
@click.argument("article", metavar="ARTICLE")
@AS_JSON
def show(out: str, journal: Path | None, article: str, as_json: bool) -> int:
    """Everything that was found and done in one ARTICLE: a path in OUT, with #3 for the third line or row of a file and
    !name for a member of a zip file."""
    from repair.batch import audit
    from repair.batch.journal import opened

    with opened(journal_of(out, journal)) as book:
        found = audit.article(book, article)
    show_article(found, as_json)
    return 2 if found["status"] == "broken" else int(found["left"] > 0)


@batch.command()
@with_journal
@click.option("--run", "number", type=int, metavar="N", help="Edits of this run.")
@click.option("--rule", metavar="NAME", help="Edits of this rule (rules/doubled-word).")
@click.option("--detector", metavar="NAME", help="Edits of this detector (rules, lexicon, lm).")
@click.option("--article", metavar="NAME", help="Edits in this article, or in all of a file.")
@click.option("--query", metavar="SQL", help="A condition, say: before like 'SH%' and score < 0.9")
@click.option("--dry-run", is_flag=True, help="Only list what would be taken back.")
def revert(
    out: str,
    journal: Path | None,
    number: int | None,
    rule: str | None,
    detector: str | None,
    article: str | None,
    query: str | None,
    dry_run: bool,
) -> int:
    """Take edits back: all of OUT, or those that every given option names. The former text comes back exactly.

    A reverted edit stays reverted when the run is started again with the same settings. Exit code: 0 done, 2 where a
    file was left alone because somebody has changed it.
    """
    from repair.batch import audit
    from repair.batch.journal import json_text, locked, opened, shown
    from repair.batch.revert import revert as take_back
    from repair.batch.revert import settle
    from repair.batch.storage import storage

    path = journal_of(out, journal)
    target = storage(out)
    wanted = audit.Filter(run=number, rule=rule, detector=detector, article=article, query=query)
    with locked(path), opened(path) as book:
        audit.check(book, wanted)
        if dry_run:
            for row in audit.edits(book, wanted):
                name = shown(row["path"]) + row["key"]
                click.echo(printable(f"{name}: {row['before']!r} <- {row['after']!r}"))
            return 0
        settle(book, target)
        rows = [(row["file"], row["path"], row["id"]) for row in audit.edits(book, wanted)]
        last = book.last_run()
        fields = tuple(msgspec.json.decode(last["settings"])["fields"])
        origin = storage(last["source"])
        filters = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not None}
        run = book.begin("revert", source=origin.name, target=target.name, settings=json_text(filters))
        done, left = take_back(book, origin if origin.is_there() else None, target, rows, run, fields, warn)
        book.end(run, f"{done} edits taken back, {left} files left alone")
    click.echo(f"edits taken back: {done:,}" + (f"; files left alone: {left:,}" if left else ""))
    return 2 if left else 0


@batch.command()
@with_journal
@click.option("--html", "page", type=FILE, metavar="FILE", help="A page with counts, fixes and what needs a person.")
@click.option("--worklist", type=FILE, metavar="FILE", help="What needs a person, as CSV.")
@click.option("--corrections", type=FILE, metavar="FILE", help="A drafted note for each article changed, as Markdown.")
def report(out: str, journal: Path | None, page: Path | None, worklist: Path | None, corrections: Path | None) -> int:
    """Write what was done to OUT for people: name at least one file."""
    from datetime import date

    from repair.batch import report as reports
    from repair.batch.journal import opened

    if not (page or worklist or corrections):
        raise click.UsageError("name a file: --html, --worklist or --corrections")
    with opened(journal_of(out, journal)) as book:
        if page:
            with text_file(page) as stream:
                reports.write_page(book, stream, printable(out))
        if worklist:
            with text_file(worklist) as stream:
                say(f"{worklist}: rows: {reports.write_worklist(book, stream):,}")
        if corrections:
            with text_file(corrections) as stream:
                say(f"{corrections}: notes: {reports.write_corrections(book, stream, date.today()):,}")
    return 0


@contextmanager
def text_file(path: Path) -> Iterator[TextIO]:
    """A text file that appears whole or not at all."""
    from repair.inputs import write_atomically

    with write_atomically(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", "replace", newline="")  # a name may be no text
        yield text
        text.detach()  # flushed; the file itself is still to be moved into place


def started(
    engine: Literal["local", "ray"], settings: Config, fields: tuple[str, ...], workers: int, address: str | None
) -> Local | Ray:
    """The engine that a person names."""
    if engine == "ray":
        from repair.batch.ray import Ray

        return Ray(settings, fields, workers, address)
    from repair.batch.local import Local

    if address is not None:
        raise click.UsageError("--address names a Ray cluster: say --engine ray")
    return Local(settings, fields, workers)


def journal_of(out: str, journal: Path | None) -> Path:
    """Where the journal of OUT lies."""
    if journal is not None:
        return journal.absolute()
    if REMOTE.match(out):
        raise click.UsageError(f"{out} is remote: name a file on this machine with --journal")
    folder = Path(out).absolute()
    return folder.with_name(f"{folder.name}.repair.sqlite")


def is_file(place: str) -> bool:
    """True for what is there, on this machine, and is no folder."""
    return not REMOTE.match(place) and Path(place).exists() and not Path(place).is_dir()


def apart(source: str, out: str, journal: Path) -> None:
    """Raises UsageError where IN and OUT lie in each other, or the journal in either."""
    places = [Path(place).resolve() for place in (source, out) if not REMOTE.match(place)]
    if REMOTE.match(source) and REMOTE.match(out):
        one, other = f"{source.rstrip('/')}/", f"{out.rstrip('/')}/"
        if one.startswith(other) or other.startswith(one):
            raise click.UsageError("IN and OUT lie in each other; name another folder for OUT")
    if len(places) == 2 and (places[0].is_relative_to(places[1]) or places[1].is_relative_to(places[0])):
        raise click.UsageError("IN and OUT lie in each other; name another folder for OUT")
    if any(journal.resolve().is_relative_to(place) for place in places):
        raise click.UsageError("the journal lies in IN or OUT; name a file elsewhere with --journal")


def plain(config: Config) -> dict[str, Any]:
    """The settings as JSON. Which cores do the work makes no difference to the result."""
    values = msgspec.to_builtins(config, enc_hook=str)
    return {name: value for name, value in values.items() if name not in ("threads", "fail_on")}


def settings_hash(config: Config, signature: str, fields: tuple[str, ...]) -> str:
    """Names all that the result for an article depends on, besides its bytes."""
    from repair.batch.journal import json_text

    style = config.house_style.read_bytes().hex() if config.house_style else ""
    known = json_text([READING, plain(config), signature, fields, style])
    return hashlib.sha256(known.encode("utf-8")).hexdigest()[:16]
