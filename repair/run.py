"""One command over many texts: read, work, show, and count what decides the exit code.

A text that fails is named on standard error and the others go on. Results are shown as they come, so memory stays
flat however many there are.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from repair.articles import of_files
from repair.baseline import Recorder
from repair.beside import beside, read_source
from repair.errors import InputError, OutputError
from repair.findings import SEVERITIES, Finding, Report, Severity
from repair.inputs import (
    STDIN,
    Failure,
    Item,
    find_texts,
    read_texts,
    run_in_order,
    write_atomically,
)
from repair.report import Display, Result, renderer
from repair.report.progress import track
from repair.rows import USUAL, Fields, read_rows
from repair.text import BOM, encode

Work = Callable[[Iterable[Item]], Iterator[Report]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the command names: files, folders, `-`; with `jsonl` each holds a text a line or row."""

    paths: tuple[str, ...]
    jsonl: bool = False
    fields: Fields = USUAL
    source: Path | None = None
    own: tuple[Path, ...] = ()  # the command's own files, which are no texts in a folder either
    tracked: bool = False  # Word documents are fixed by tracked changes
    marked: set[str] = field(default_factory=set)  # those read so far that begin with a byte-order mark

    @property
    def single(self) -> bool:
        """True where exactly one text is meant, so that one result is expected."""
        return not self.jsonl and len(self.paths) == 1 and not Path(self.paths[0]).is_dir()

    @property
    def stdin(self) -> bool:
        return STDIN in self.paths

    def results(self, work: Work) -> Iterator[Result]:
        """What `work` makes of every text, failures in their places."""
        found, stdin = find_texts(self.paths, self.jsonl, self.own), _stdin()
        if self.jsonl:
            return track(run_in_order(read_rows(found, stdin, self.fields), work), None)
        texts: Iterable[Item | Failure] = read_texts(found, stdin, self.marked)
        if self.source is not None:
            texts = _beside(texts, read_source(self.source, stdin))
        return track(run_in_order(texts, of_files(work, self.tracked)), len(found))


@dataclass(slots=True)
class Watcher:
    """Sees every result pass, says on standard error what went wrong, and knows the exit code at the end.

    `tell_notes`: the format has no place for a report's notes, so a person at a terminal is told here.
    """

    fail_on: Severity
    exit_zero: bool = False
    tell_notes: bool = False
    failed: bool = False
    found: bool = False
    told: set[str] = field(default_factory=set)

    def watch(self, results: Iterable[Result]) -> Iterator[Result]:
        for result in results:
            if isinstance(result, Failure):
                self.failed = True
                say(result.message)
            else:
                self._count(result)
            yield result

    def _count(self, report: Report) -> None:
        if not report.document.text.strip():
            say(f"{report.document.name}: the text is empty; there is nothing to check")
        least = SEVERITIES.index(self.fail_on)
        self.found = self.found or any(SEVERITIES.index(f.severity) >= least for f in left(report))
        if self.tell_notes and sys.stderr.isatty():
            for note in report.notes:
                if note not in self.told:
                    say(note)
                self.told.add(note)

    @property
    def code(self) -> int:
        """2 where something failed, 1 where something is left to do, else 0."""
        return 2 if self.failed else int(self.found and not self.exit_zero)


def _beside(texts: Iterable[Item | Failure], source: str) -> Iterator[Item | Failure]:
    for one in texts:
        try:
            yield one if isinstance(one, Failure) else beside(one, source)
        except InputError as error:
            yield Failure(one.name, str(error))


def left(report: Report) -> list[Finding]:
    """The findings that no applied repair took care of; for a check, all of them."""
    done = {finding for repair in report.applied for finding in repair.findings}
    return [finding for finding in report.findings if finding not in done]


def show(results: Iterable[Result], format_name: str, stream: BinaryIO, single: bool) -> None:
    """Write the results to `stream` in the format, each as soon as it is there."""
    for piece in renderer(format_name)(results, _display(stream, single)):
        # A file name need not be text; what cannot be written of it becomes a question mark.
        stream.write(piece.encode("utf-8", "replace"))
        stream.flush()


def record(results: Iterable[Result], path: Path) -> None:
    """Write what was found as the baseline `path`, and say so. Raises InputError where a text failed."""
    recorder = Recorder()
    for result in results:
        recorder.add(result)
    recorder.write(path)
    say(f"{path}: findings known from now on: {recorder.findings:,} (texts: {recorder.texts:,})")


def print_output(results: Iterable[Result], stream: BinaryIO, marked: Collection[str] = ()) -> None:
    """Write the repaired text, byte for byte. A text that failed ends the command with nothing written."""
    for result in results:
        if isinstance(result, Failure):
            raise click.exceptions.Exit(2)
        stream.write(files(result, marked)[1])
        stream.flush()


def write_back(results: Iterable[Result], marked: Collection[str] = ()) -> Iterator[Result]:
    """Put every repaired text where it was read; one that cannot be written becomes a Failure."""
    for result in results:
        before, after = (b"", b"") if isinstance(result, Failure) else files(result, marked)
        if isinstance(result, Failure) or before == after:
            yield result
            continue
        name = result.document.name
        try:
            with write_atomically(Path(name), expected=before) as stream:
                stream.write(after)
        except OutputError as error:
            yield Failure(name, str(error), result.id)
        else:
            yield result


def repaired(report: Report) -> str:
    """The output of a fix."""
    if report.output is None:
        raise AssertionError("this report is of a check, not of a fix")
    return report.output


def files(report: Report, marked: Collection[str] = ()) -> tuple[bytes, bytes]:
    """The bytes of the file that was fixed, before and after. Names in `marked` begin with a byte-order mark."""
    mark = BOM if report.document.name in marked else ""
    return report.files or (encode(mark + report.document.text), encode(mark + repaired(report)))


@contextmanager
def destination(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears whole at the end or not at all."""
    if output is None:
        if sys.stdout is None:
            raise OutputError("standard output is closed; name a file with --output")
        yield sys.stdout.buffer
        return
    with write_atomically(output) as stream:
        yield stream


def say(message: str) -> None:
    """One line on standard error, whatever a file is called or a library says."""
    with suppress(BrokenPipeError):
        click.echo(f"repair: {' '.join(message.split())}", err=True)


def say_on_terminal(message: str) -> None:
    """One line on standard error for a person who looks on; scripts are spared it."""
    if sys.stderr.isatty():
        say(message)


def _stdin() -> BinaryIO:
    return BytesIO() if sys.stdin is None else sys.stdin.buffer


def _display(stream: BinaryIO, single: bool) -> Display:
    terminal = stream.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Display(colour, shutil.get_terminal_size().columns if terminal else 100, single)
