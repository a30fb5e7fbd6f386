"""Twice the text takes twice the time: no text, however garbled or odd, holds a machine up.

Processor time is compared, not time on the clock, and with room: eight times the text may take 24 times as long, where
anything that grows with the square takes sixty-four.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from lsprotocol.types import Position, PositionEncodingKind

from repair.articles import of_files
from repair.config import Config, Ignore
from repair.findings import Finding, Repair, Report
from repair.formats import FormatName, format_of
from repair.formats.postedit import File
from repair.found import add
from repair.ignore import Ignored
from repair.inputs import Item
from repair.lsp.answers import diagnostics, quick_fixes
from repair.lsp.positions import Positions
from repair.pipeline import Repairer
from repair.report import Display, renderer
from repair.rounds import left
from repair.text import LineIndex, Span, meets

SIZE = 6_000  # characters
DOUBLED = 3
ROOM = 3.0
TEXTS = {
    "a finding a word": "one officials . ",
    "clean": "The minister said on Monday that the talks would go on for a week. ",
    "untranslated names": "SH.BA and BE met NATO in the OKB . ",
    "quotations": '“It is so” , he said . ‘No’ she said , and "left" . ',
    "loops": "he said that he said that he said that they went , and 🙂 ",
    "lines": "One officials said that the the talks were a 80 -year-old idea ,, he he said .\n",
    "no stops": "the leaders of this countries met informed about it and the of ",
    "marks": "“ ” ( ) [ ] ' \" , ; ",
    "tags": "<p>One officials</p> <b>said .</b> &amp; ",
    "opened": "<a “ ( <!-- ` [a]( ",
    "no spaces": "The minister,who left,said “no”and went.He slept(Reuters).",
}

MARKUP: dict[str, tuple[FormatName, str]] = {  # many locks, many edits, many nodes, deep nesting
    "paragraphs": ("html", "<p>x , y</p>"),
    "quoted paragraphs": ("html", "<blockquote>x , y</blockquote>"),
    "quotations in a line": ("html", "<p>He <q>x , y</q> , we</p>"),
    "code in a line": ("html", "<p>One <code>x , y</code> , we</p>"),
    "items": ("html", "<li>x , y"),
    "items in items": ("html", "<ul><li>x , y"),
    "quotations in quotations": ("html", "<blockquote>x , y"),
    "ends of nothing": ("html", "<b>x , y.</i></p>"),
    "languages": ("html", "<p lang=de>Der Mann , der</p><p>One man , who</p>"),
    "pictures": ("html", "<p>One <img src=x> , two</p>"),
    "quoted lines": ("md", "> x , y\n"),
    "paragraphs of code": ("md", "a `x` , y\n\n"),
    "cues": ("subtitles", "1\n00:00:01,000 --> 00:00:02,000\nx , y\n\n"),
}


@pytest.fixture(scope="module")
def plain() -> Repairer:
    repairer = Repairer(Config(no_model=True))
    repairer.fix("One officials said.")  # so that all is loaded
    return repairer


def text(kind: str, size: int) -> str:
    return (TEXTS[kind] * (size // len(TEXTS[kind]) + 1))[:size]


def seconds(work: Callable[[], object]) -> float:
    """Of the processor."""
    began = time.process_time()
    work()
    return time.process_time() - began


def assert_linear(work: Callable[[int], Callable[[], object]], size: int = SIZE) -> None:
    """`work(size)` makes what is to be done for a text of that size. Of two long runs the quicker counts; the
    short one is run once, for what is remembered of it would make it too quick.
    """
    short, long = work(size), work(size << DOUBLED)
    least = 0.02  # less than this says nothing
    most = ROOM * (1 << DOUBLED) * max(seconds(short), least)
    taken = seconds(long)
    assert taken <= most or seconds(long) <= most, (most, taken)


@pytest.mark.parametrize("kind", TEXTS)
def test_checking(plain: Repairer, kind: str) -> None:
    assert_linear(lambda size: lambda: plain.check(text(kind, size)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", TEXTS)
def test_fixing(plain: Repairer, kind: str) -> None:
    assert_linear(lambda size: lambda: plain.fix(text(kind, size)), SIZE // 2)


@pytest.mark.parametrize("kind", MARKUP)
def test_files_with_markup(plain: Repairer, kind: str) -> None:
    name, piece = MARKUP[kind]

    def work(size: int) -> Callable[[], object]:
        data, reader = (piece * (size // len(piece) + 1)).encode(), format_of(name)

        def read_and_fix() -> object:
            file = File(data, reader, tuple(reader.read(data)))
            return list(of_files(plain.fix_many)([Item("", file=file)]))

        return read_and_fix

    assert_linear(work, SIZE // 4)


@pytest.fixture(scope="module")
def reports(plain: Repairer) -> dict[int, Report]:
    return {size: plain.fix(text("no spaces", size)) for size in (SIZE // 2 << doubled for doubled in range(4))}


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "diff", "html", "sarif", "rdjson", "github"])
def test_reporting(reports: dict[int, Report], form: str) -> None:
    assert_linear(lambda size: lambda: list(renderer(form)([reports[size]], Display())), SIZE // 2)


def test_ignoring(plain: Repairer) -> None:
    ignore = Ignore(words=("one",), names=("two",), patterns=(r"of+icials \. one", "^x"), rules=("lexicon",))

    def work(size: int) -> Callable[[], object]:
        report = plain.check(text("a finding a word", size))
        ignored = Ignored(report.document, ignore)
        return lambda: sum(finding in ignored for finding in report.findings)

    assert_linear(work)


@pytest.fixture(scope="module")
def long_line(plain: Repairer) -> Report:
    short = plain.check("One officials said.")
    diagnostics(short, Positions(short.document.text, PositionEncodingKind.Utf16))  # so that all is loaded
    return plain.check("🙂 é " + text("a finding a word", 110_000))


@pytest.mark.parametrize("encoding", [PositionEncodingKind.Utf16, PositionEncodingKind.Utf8])
def test_an_editor_is_answered_about_one_long_line(long_line: Report, encoding: PositionEncodingKind) -> None:
    began = time.process_time()
    places = Positions(long_line.document.text, encoding)
    shown = diagnostics(long_line, places)
    fixes = list(quick_fixes(long_line, Span(0, 30), "file:///a.txt", places))
    assert time.process_time() - began < 4  # it was more than six
    assert len(shown) == len(long_line.findings) > 12_500 and fixes
    assert [places.offset(d.range.start) for d in shown] == [finding.span.start for finding in long_line.findings]


@pytest.mark.parametrize("line", ["", "a🙂bé", "ééé", "🙂🙂"])
@pytest.mark.parametrize(
    ("encoding", "codec", "unit"),
    [
        (PositionEncodingKind.Utf8, "utf-8", 1),
        (PositionEncodingKind.Utf16, "utf-16-le", 2),
        (PositionEncodingKind.Utf32, "utf-32-le", 4),
    ],
)
def test_columns_are_those_of_the_encoding(line: str, encoding: PositionEncodingKind, codec: str, unit: int) -> None:
    text = f"é🙂\r\n{line}\nnext"
    places, index, start = Positions(text, encoding), LineIndex(text), text.index("\n") + 1
    for i in range(len(line) + 1):
        column = len(line[:i].encode(codec)) // unit
        assert places.position(start + i) == Position(1, column)
        assert places.offset(Position(1, column)) == start + i
        if unit < 4:
            assert (index.utf8_column if unit == 1 else index.utf16_column)(start + i) == (1, column)
    assert places.offset(Position(1, 99)) == start + len(line)


@pytest.mark.parametrize(
    "spans",
    [
        [(0, 3), (2, 4), (4, 6), (6, 6), (5, 9)],
        [(3, 3), (3, 3), (2, 3), (3, 4), (4, 4)],
        [(0, 9), (1, 2), (9, 9), (10, 12), (8, 11)],
        [(5, 5), (0, 5), (6, 8), (5, 6), (8, 8), (9, 9)],
    ],
)
def test_the_findings_kept_are_those_that_clash_with_none_before(
    plain: Repairer, spans: Sequence[tuple[int, int]]
) -> None:
    model = plain.check("One officials said.").findings[0]
    kept: list[Span] = []
    findings: list[Finding] = []
    for start, end in spans:
        span = Span(start, end)
        if not any(meets(span, other) for other in kept):
            kept.append(span)
        add(findings, replace(model, span=span))
    assert [finding.span for finding in findings] == sorted(kept)


def test_repairs_that_others_have_taken_in_are_not_left(plain: Repairer) -> None:
    model = plain.fix("The talks began .").applied[0]

    def at(*spans: tuple[int, int]) -> list[Repair]:
        return [replace(model, span=Span(*span)) for span in spans]

    assert left(at((0, 3), (4, 6), (6, 8), (8, 8), (9, 9)), at((2, 5), (8, 8))) == tuple(at((6, 8), (9, 9)))
