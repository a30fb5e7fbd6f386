"""The command line: arguments to one call, results to the chosen format. Nothing here knows about language.

A command is a click command in its own module, named in `COMMANDS` and imported when it is called.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from repair import __version__
from repair import help as layout
from repair import options as shared
from repair.cores import wait_quietly
from repair.errors import RepairError
from repair.registry import REPORTS, load

if TYPE_CHECKING:
    from repair.config import Config
    from repair.daemon.client import Repairs
    from repair.run import Inputs

OF_FINDINGS = ("sarif", "rdjson", "github")  # these show what was found, so they do not go with `fix`
DEBUG = "REPAIR_DEBUG"  # with a value in it a crash prints its traceback
COLLECTED = 50_000  # objects made until cycles are looked for: the many of tables and libraries stay to the end
LONGEST = 300  # characters shown of what an unexpected error says
INTERRUPTED, PIPE_CLOSED, TERMINATED = 130, 141, 143  # what a shell reports for SIGINT, SIGPIPE and SIGTERM

# Each with its line in `repair --help`, which then imports none of them.
COMMANDS = {
    "check": (
        "repair.cli:check",
        "List the garbled spans of texts, each with a reason and a fix where there is one.",
    ),
    "fix": ("repair.cli:fix", "Repair texts: print the result, show it as a diff, or write it back."),
    "setup": ("repair.setup:setup", "Fetch the base model once, check it and put it into the cache."),
    "serve": ("repair.serve.cli:serve", "Serve the editor's page, the JSON API and the LanguageTool API."),
    "ledger": ("repair.ledger.cli:ledger", "See what keeps coming back in an archive, and decide it once for all."),
    "lsp": ("repair.lsp.cli:lsp", "Serve an editor over standard input and output (language server)."),
    "batch": ("repair.batch.cli:batch", "Repair archives, with a journal from which all can be taken back."),
    "rules": ("repair.rules:rules", "See the rules and what is known of each; run the cases of house rules."),
    "licences": ("repair.licences:licences", "Print what is under which licence, and the texts."),
    "score": ("repair.score.cli:score", "Measure findings and repairs against what people marked and wrote."),
}


Factory = Callable[["Config"], "Repairs"]


class LazyGroup(shared.Commands):
    """A group that imports a command's module only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return cast(click.Command, load(COMMANDS[cmd_name][0])) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        layout.write(formatter, layout.COMMANDS, {name: (name, line) for name, (_, line) in COMMANDS.items()})


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Find and fix what machine translation did to English news.

    \b
      repair check article.txt         what is garbled, why, and a fix where there is one
      repair fix article.txt --diff    what would change; without --diff the repaired text
      repair serve                     the editor's desk, in a browser on this machine

    Exit code: 0 nothing found, 1 something found (--fail-on), 2 an error. Results go to standard output, all else to
    standard error.
    """


def main(argv: Sequence[str] | None = None, repairer: Factory | None = None) -> int:
    """Run one command and return its exit code. `repairer` makes what does the work, by default the real pipeline."""
    wait_quietly()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        with cli.make_context("repair", arguments, obj=repairer or _real_repairer) as context:
            code = cli.invoke(context)
            if sys.stdout is not None:
                sys.stdout.flush()
            return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        return _fail(f"{error.format_message().rstrip('.')} (see {_help_command(error)})")
    except RepairError as error:
        return _fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except OSError as error:
        _drop_output()
        return _fail(f"{error.filename or 'cannot write the output'}: {error.strerror or error}")


def entry() -> None:
    """The console script. A request to end is an orderly end: files are settled, servers that were started stop."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(TERMINATED))
    codes: list[int] = []
    atexit.register(_leave, codes)  # the first that is registered is the last that is done
    gc.set_threshold(COLLECTED)
    try:
        code = main(repairer=_repairer_apart)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # a panic in a library written in Rust is no Exception
        code = _crashed(error)
    codes.append(code)
    sys.exit(code)


def _leave(codes: Sequence[int]) -> None:
    """End with the code, where there is one. Taking apart what lies in memory would take most of a second."""
    with suppress(OSError, ValueError):  # what cannot be written Python itself will tell
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        for code in codes:
            os._exit(code)


def _real_repairer(config: Config) -> Repairs:
    from repair.pipeline import Repairer

    return Repairer(config)


def _repairer_apart(config: Config) -> Repairs:
    from repair.lm.apart import start

    processes = start(config)  # first of all, so that the model gets ready beside all else

    from repair.pipeline import Repairer

    if processes is None:
        return Repairer(config)
    from repair.lm.distant import Apart

    apart = Apart(*processes)
    atexit.register(apart.end)
    return Repairer(config, apart)


def _in_server(factory: Factory) -> Factory:
    from repair.daemon.client import Client

    return lambda config: Client(config, factory)


def _help_command(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context else 'repair'} --help"


def _fail(message: str) -> int:
    from repair.run import say

    say(message)
    return 2


def _crashed(error: BaseException) -> int:
    """A mistake in the program. Python would end with 1, which says that something was found."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    what = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]
    return _fail(f"stopped by a mistake in the program ({what}); for the traceback run it again with {DEBUG}=1")


def _drop_output() -> None:
    # What is still buffered would raise again when the interpreter ends.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def over_texts(command: Callable[..., int]) -> Callable[..., int]:
    """The arguments of every command that works on texts."""
    severities, formats = shared.Name(["minor", "major", "critical"]), shared.Name(REPORTS)
    return shared.decorated(
        command,
        [
            click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
            click.option("--format", "format_name", type=formats, help="Default: text; with --jsonl, jsonl."),
            click.option("--jsonl", is_flag=True, help="Inputs are JSON Lines, or tables (.tsv, .parquet)."),
            click.option("--text-field", default="text", show_default=True, help="The field that holds the text."),
            click.option("--id-field", default="id", show_default=True, help="The field handed back as id."),
            click.option(
                "--source-field", default="source", show_default=True, help="The field with its source, if any."
            ),
            click.option(
                "--source",
                type=shared.FILE,
                metavar="FILE",
                help="The text that it was translated from (docs/source.md).",
            ),
            click.option("--fail-on", type=severities, help="Exit with 1 from this severity on. Default: minor."),
            click.option("--exit-zero", is_flag=True, help="Exit with 0 instead of 1; errors still give 2."),
            click.option("--server", is_flag=True, help="Work in a background process that keeps the model."),
            *shared.SETTINGS,
        ],
    )


@click.command(cls=layout.GroupedCommand)
@over_texts
@click.option("--word-scores", is_flag=True, help="Add the probability of being garbled of every word; JSON only.")
@click.option(
    "--baseline", type=shared.FILE, metavar="FILE", help="Known findings: not shown, and they do not fail the run."
)
@click.option(
    "--write-baseline", type=shared.FILE, metavar="FILE", help="Print nothing: what is found now is known from now on."
)
@click.option(
    "--gate", type=float, metavar="N", help="Publish, or a person? At N false alarms per 1,000 words; see above."
)
@click.pass_obj
def check(
    factory: Factory,
    /,
    format_name: str | None,
    word_scores: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    gate: float | None,
    **options: Any,
) -> int:
    """List the garbled spans of texts, each with a reason and, where there is one, a fix.

    PATH is a file, a folder (all its files that are read; others are named) or - for standard input. A text that
    cannot be read is named on standard error, and the others go on. An empty text has no findings.

    --gate N decides for each text, in one line, "publish" or "needs a person". N is a budget of false alarms: only
    findings count that are so certain that news without any error, written by people, has at most N of them per 1,000
    words (measured on BBC articles and lines of newstest). A small N holds few texts back and lets more garble
    through; N = 1 stops about every second clean article of 700 words. A text with a finding that counts, and is at or
    above --fail-on, needs a person. Known findings (--baseline) do not count.

    Exit code: 0 nothing found, 1 findings at or above --fail-on, 2 an error.
    """
    from msgspec.structs import replace

    from repair.baseline import load_baseline
    from repair.publication import publication_gate
    from repair.run import Watcher, destination, record, say_on_terminal, show

    if write_baseline and (baseline or format_name or word_scores or gate is not None):
        raise click.UsageError("--write-baseline takes all findings and prints none; leave the other options out")
    if word_scores and format_name not in (None, "json", "jsonl"):
        raise click.UsageError("--word-scores needs --format json or jsonl")
    inputs, config = _inputs(options | {"baseline": baseline}), _config(options)
    format_name = format_name or ("jsonl" if inputs.jsonl or word_scores else "text")
    watcher = Watcher(config.fail_on, options["exit_zero"], tell_notes=format_name == "diff")
    known = load_baseline(baseline) if baseline else None
    judge = None if gate is None else publication_gate(gate, config)
    make = _in_server(factory) if options["server"] else factory
    repairer = make(replace(config, threshold=judge.lowest) if judge else config)
    results = inputs.results(lambda items: repairer.check_many(items, word_scores=word_scores))
    if write_baseline:
        record(watcher.watch(results), write_baseline)
        return 0
    results = known.hide(results) if known else results
    results = judge.decide(results) if judge else results
    with destination(None) as stream:
        show(watcher.watch(results), format_name, stream, inputs.single)
    if known and known.hidden:
        say_on_terminal(f"{known.hidden:,} known findings are not shown ({baseline})")
    return watcher.code


@click.command(cls=layout.GroupedCommand)
@over_texts
@shared.APPLY_AT
@click.option("--diff", is_flag=True, help="Show what changes; the same as --format diff.")
@click.option("--in-place", is_flag=True, help="Write the files back; prints only with --diff or --format.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE, whole or not at all.")
@click.option("--tracked-changes", is_flag=True, help="In Word documents; comments say what is left to a person.")
@click.pass_obj
def fix(
    factory: Factory,
    /,
    format_name: str | None,
    diff: bool,
    in_place: bool,
    output: Path | None,
    tracked_changes: bool,
    **options: Any,
) -> int:
    """Repair texts: print the result, show it as a diff, or write it back.

    PATH is a file, a folder (all its files that are read; others are named) or - for standard input. One text is
    printed repaired, and byte for byte as it was where nothing is repaired; for several say --in-place, --diff or
    --format jsonl. --in-place leaves a file alone that changed meanwhile.

    Exit code: 0 nothing is left to do, 1 findings at or above --fail-on are left without a repair (a person has
    to look: see `repair check`), 2 an error.
    """
    from dataclasses import replace

    from repair.run import Watcher, destination, print_output, show, write_back

    inputs = replace(_inputs(options), tracked=tracked_changes)
    if format_name in OF_FINDINGS:
        raise click.UsageError(f"--format {format_name} shows findings, not repairs: use it with repair check")
    if tracked_changes and inputs.single and not options["paths"][0].lower().endswith(".docx"):
        raise click.UsageError("--tracked-changes is for Word documents (.docx)")
    if diff and format_name not in (None, "diff"):
        raise click.UsageError(f"--diff and --format {format_name} ask for different things")
    if in_place and (inputs.jsonl or inputs.stdin or output):
        raise click.UsageError("--in-place rewrites files; it does not go with -, --jsonl or --output")
    quiet = in_place and format_name is None and not diff
    format_name = "diff" if diff else format_name or ("jsonl" if inputs.jsonl else "text")
    if format_name == "text" and not quiet and not inputs.single:
        raise click.UsageError("more than one text: say --in-place, --diff or --format jsonl")
    config = _config(options)
    watcher = Watcher(config.fail_on, options["exit_zero"], tell_notes=format_name in ("text", "diff"))
    with destination(output) as stream:
        make = _in_server(factory) if options["server"] else factory
        results = inputs.results(make(config).fix_many)
        results = watcher.watch(write_back(results, inputs.marked) if in_place else results)
        if quiet:
            deque(results, maxlen=0)
        elif format_name == "text":
            print_output(results, stream, inputs.marked)
        else:
            show(results, format_name, stream, inputs.single)
    return watcher.code


def _inputs(options: dict[str, Any]) -> Inputs:
    from repair.rows import Fields
    from repair.run import Inputs

    fields = Fields(options["text_field"], options["id_field"], options["source_field"])
    own = tuple(Path(path) for name in ("config", "house", "baseline") if (path := options.get(name)))
    inputs = Inputs(options["paths"], options["jsonl"], fields, options["source"], own)
    if inputs.source is not None and not inputs.single:
        raise click.UsageError("--source goes with one text; with --jsonl it stands in the field --source-field")
    return inputs


def _config(options: dict[str, Any]) -> Config:
    from repair.config import load_config, sent_to
    from repair.run import say

    settings = ("fail_on", "threshold", "apply_at", "detectors", "house_style", "house", "desk")
    models = ("no_model", "model", "detector_model", "corrector")
    config = load_config(options["config"], os.environ, {name: options.get(name) for name in settings + models})
    if address := sent_to(config):
        say(f"sentences with flagged places are sent to {address}")
    return config
