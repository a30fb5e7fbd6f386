"""The benchmark's own parts: fates of marked spans, harm, the second opinion on facts, tables and the page."""

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import article, run, scatter, table
from benchmarks.datasets import Item
from benchmarks.detection import ceiling, detection
from benchmarks.facts import changed_facts, count_changed
from benchmarks.harm import harm
from benchmarks.peers import Answer, Flag
from benchmarks.pieces import cut, cut_marks
from benchmarks.repair import gain_by_quality
from benchmarks.report import by_sentence, coloured, side_by_side
from benchmarks.results import Line, read, update, write
from benchmarks.sample import fate, is_offered, sample_scores
from benchmarks.speed import of_length, peak_memory, process
from repair.edits import Edit, apply, diff
from repair.errors import InputError, RepairError
from repair.score.repairs import compare_repairs
from repair.score.spans import Mark
from repair.text import Span


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("one official said so", "fixed"),
        ("one officials said so", "untouched"),
        ("one officer said so", "changed"),
        ("one official told us so", "fixed"),  # what happens beside the span is counted elsewhere
        ("one officials told us so", "untouched"),
        ("one of the officials said so", "untouched"),
    ],
)
def test_fate_of_a_marked_span(new: str, expected: str) -> None:
    old = "one officials said so"
    assert fate(old, Span(4, 13), diff(old, new), ["official"]) == expected


def test_fate_sees_space_and_insertions_at_the_border() -> None:
    assert fate("on Sunday .", Span(9, 10), [Edit(Span(9, 10), "")], [""]) == "fixed"
    assert fate("and NATO will", Span(4, 8), [Edit(Span(8, 8), ",")], ["NATO,"]) == "fixed"
    assert (
        fate("with SH.BA", Span(5, 10), [Edit(Span(5, 10), "the US"), Edit(Span(10, 10), ".")], ["the US."]) == "fixed"
    )


def test_the_walk_tells_fixes_proposals_and_misses(tmp_path: Path) -> None:
    text = "one officials said so in SH.BA ."
    marks = tuple(Mark(Span(*place)) for place in ((0, 3), (4, 13), (22, 24), (30, 31)))
    item = Item("a", text, marks=marks, fixes=(("one",), ("official",), ("by",), ("",)))
    flags = (Flag(Span(0, 13), ("one official", "an official")), Flag(Span(22, 24)), Flag(Span(25, 30), ("the US",)))
    edits = (Edit(Span(12, 13), ""),)
    found = article.walk(item, Answer(apply(text, edits), edits, tuple(Mark(f.span) for f in flags), flags=flags), "s")
    article.write(found, tmp_path / "article.json")
    assert article.read(tmp_path / "article.json") == found
    assert table.article(found).splitlines()[2:] == [
        "| `one` | `one` | `one officials` → `one official` |",
        "| `officials` | `official` | **fixed**: `one officials` → `one official` |",
        "| `in` | `by` | `in` → no fix |",
        "| `␣` | `` | missed |",
        "",
        "Flagged besides: `SH.BA`",
    ]
    with pytest.raises(InputError, match="no walk through the article"):
        article.read(tmp_path / "none.json")


def test_sample_scores_count_flags_and_edits_outside() -> None:
    item = Item("a", "one officials said so", marks=(Mark(Span(4, 13)),), fixes=(("official",),))
    edits = (Edit(Span(12, 13), ""), Edit(Span(19, 21), "that"))
    answer = Answer(apply(item.text, edits), edits, (Mark(Span(4, 13)), Mark(Span(19, 21))))
    scores = sample_scores(item, answer)
    assert scores["spans fixed"].value == scores["spans flagged"].value == 1
    assert scores["flags on garble"].value == scores["edits outside garble"].value == 0.5
    assert "flags on garble" not in sample_scores(item, Answer(item.text))


WIDER, INSIDE = Span(0, 18), Span(12, 13)


@pytest.mark.parametrize(
    ("flags", "first", "third"),
    [
        ([Flag(Span(4, 13), ("official",))], True, True),
        ([Flag(Span(4, 13), ("officer", "clerk", "official"))], False, True),
        ([Flag(Span(4, 13), ("officer", "clerk", "man", "official"))], False, False),
        ([Flag(WIDER, ("one official told",))], True, True),  # what happens beside the span is counted elsewhere
        ([Flag(WIDER, ("some officials said",))], False, False),
        ([Flag(INSIDE, ("",))], True, True),
        ([Flag(INSIDE, ("",)), Flag(Span(4, 13), ("officer",))], True, True),  # an editor takes one of the two
        ([Flag(INSIDE, ("x",)), Flag(Span(4, 13), ("officer",))], False, False),  # never both at once
        ([Flag(Span(14, 18), ("official",))], False, False),
        ([Flag(Span(4, 13))], False, False),
        ([], False, False),
    ],
)
def test_a_span_is_offered_its_fix(flags: list[Flag], first: bool, third: bool) -> None:
    item = Item("a", "one officials said", marks=(Mark(Span(4, 13)),), fixes=(("official",),))
    scores = sample_scores(item, Answer(item.text, flags=tuple(flags)))
    assert scores["spans fixed"].value == 0  # a proposal counts whether it was applied or not
    assert scores["spans fixed by first proposal"].value == first
    assert scores["spans fixed by one of three"].value == third


def test_two_flags_put_one_span_right_together() -> None:
    text, span, fixes = "high diplomat of Trump said", Span(0, 22), ["Trump’s top diplomat"]
    flags = [Flag(Span(0, 4), ("top", "Trump’s top")), Flag(Span(13, 22), ("",))]
    assert not is_offered(text, span, flags, fixes, 1)
    assert is_offered(text, span, flags, fixes, 2)
    assert not is_offered(text, span, flags[:1], fixes, 2)


def test_a_peer_without_proposals_has_no_score_for_them() -> None:
    item = Item("a", "one officials said", marks=(Mark(Span(4, 13)),), fixes=(("official",),))
    assert not {name for name in sample_scores(item, Answer(item.text)) if "proposal" in name or "three" in name}


@pytest.mark.parametrize(
    ("before", "after", "facts"),
    [
        ("He met Merkel.", "He met Macron.", ["name: -merkel", "name: +macron"]),
        ("They did not agree.", "They did agree.", ["denial: -not"]),
        ("It cost $5.4bn.", "It cost $54bn.", ["number: -5.4", "number: +54"]),
        ("Sales rose 3%.", "Sales rose 3.", ["sign: -%"]),
        ("Two died on Friday.", "Three died on Friday.", ["number word: -two", "number word: +three"]),
        ('He said "we will go".', 'He said "we may go".', ['quotation: -"wewillgo"', 'quotation: +"wemaygo"']),
        ("The talks ended .", "The talks ended.", []),
        ("A war begun.", "The war began.", []),
    ],
)
def test_changed_facts(before: str, after: str, facts: list[str]) -> None:
    assert [f for f in changed_facts(before, after) if not f.startswith("number word: -third")] == facts


def test_a_fact_put_in_place_of_another_counts_once() -> None:
    assert count_changed("He met Merkel.", "He met Macron.") == 1
    assert count_changed("same", "same") == 0


def test_harm_rates() -> None:
    items = [Item("a", "It rained in Paris. It was cold."), Item("b", "Ten men left.")]
    answers = [Answer("It rained in Rome. It was cold.", marks=(Mark(Span(13, 18)),)), Answer("Ten men left.")]
    result = harm(items, answers)
    assert result.scores["edits per 1,000 words"].value == pytest.approx(1000 / 10)
    assert result.scores["flags per 1,000 words"].value == pytest.approx(1000 / 10)
    assert result.scores["facts changed per 1,000 words"].value == pytest.approx(1000 / 10)
    assert result.scores["sentences touched"].value == pytest.approx(1 / 3)
    (change,) = result.changes
    assert (change.old, change.new, change.facts) == ("Paris", "Rome", ("name: -paris", "name: +rome"))


MARKS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=4)


@given(MARKS)
def test_cutting_keeps_every_marked_character(places: list[tuple[int, int]]) -> None:
    text = "It rained. Then it snowed. Cold!"
    marks = [Mark(Span(start, min(start + size, len(text)))) for start, size in places]
    borders = [Span(0, 11), Span(11, 27), Span(27, 32)]
    pieces = cut_marks(borders, marks)
    covered = {
        border.start + i
        for border, inside in zip(borders, pieces, strict=True)
        for mark in inside
        for i in range(mark.span.start, mark.span.end)
    }
    assert covered == {i for mark in marks for i in range(mark.span.start, mark.span.end)}


def test_cutting_shares_out_word_scores() -> None:
    first, second = cut("It rained. Then it snowed.", [Mark(Span(3, 9))], [0.1, 0.9, 0.2, 0.3, 0.4])
    assert (first.word_scores, second.word_scores) == ((0.1, 0.9), (0.2, 0.3, 0.4))
    assert first.marks[0].span == Span(3, 9) and second.marks == ()


def test_detection_counts_sentences() -> None:
    item = Item("a", "It rained. Then it snowed.", marks=(Mark(Span(3, 9)),))
    result = detection([item], [Answer(item.text, marks=(Mark(Span(3, 9)),))])
    assert result.scores["character F1"].value == 1 and result.scores["character F1"].n == 2


def test_the_ceiling_needs_two_raters() -> None:
    marks = (Mark(Span(0, 2)),)
    assert ceiling([Item("a", "ab cd", raters=(marks,))]) is None
    agreed = ceiling([Item("a", "ab cd", raters=(marks, ()))])
    assert agreed is not None and agreed.scores["character F1"].value == 0


def test_gain_is_grouped_by_system() -> None:
    items = [Item(str(n), "a b", group) for n, group in enumerate(["x", "y", "x"])]
    rows = compare_repairs(["a b"] * 3, ["a b", "a c", "a b"], [["a b", "a c", "a b"]])
    gains = gain_by_quality(items, rows)
    assert [(g.group, g.ter, g.gain.value) for g in gains] == [("x", 0, 0), ("y", 50, 50)]


LINE = Line("sample", "repair", "spans fixed", 0.25, 0.1, 0.4, 48, "signed")


def test_result_lines_survive_a_round_trip(tmp_path: Path) -> None:
    write([LINE], tmp_path / "r.jsonl")
    assert read(tmp_path / "r.jsonl") == [LINE]


def test_a_part_of_the_results_is_measured_anew_and_the_rest_stays(tmp_path: Path) -> None:
    first = [replace(LINE, peer="Harper", value=1.0), replace(LINE, value=2.0)]
    write(first, tmp_path / "all.jsonl")
    update([replace(LINE, value=3.0), replace(LINE, metric="flags on garble", value=4.0)], tmp_path / "all.jsonl")
    assert [one.value for one in read(tmp_path / "all.jsonl")] == [1.0, 3.0, 4.0]
    update(first, tmp_path / "new.jsonl")
    assert read(tmp_path / "new.jsonl") == first


def test_damaged_results_name_the_line(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"r\.jsonl:1: not a result line"):
        read(tmp_path / "r.jsonl")
    with pytest.raises(InputError, match=r"nothing\.jsonl: no results yet"):
        read(tmp_path / "nothing.jsonl")


def test_the_table_is_written_between_its_markers() -> None:
    place = "top\n<!-- results:begin -->\nold\n<!-- results:end -->\nend\n"
    made = table.insert(place, table.markdown([LINE]), "README.md")
    assert made.startswith("top\n") and made.endswith("\nend\n") and "old" not in made
    assert "| sample | spans fixed | 48 | 25 % [10, 40] |" in made
    with pytest.raises(InputError, match=r"README\.md: no place for the table"):
        table.insert("nothing here", "", "README.md")


def by_column(made: str) -> list[dict[str, str]]:
    """The rows of a table in Markdown."""
    head, _, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in made.splitlines())
    return [dict(zip(head, row, strict=True)) for row in body]


def test_the_short_table_has_some_rows_and_columns_of_the_long_one() -> None:
    every, short = (by_column(table.TABLES[name]()) for name in ("results", "short"))
    assert 3 < len(short) < len(every) and len(short[0]) < len(every[0])
    assert all(any(row.items() <= other.items() for other in every) for row in short)


def test_every_table_has_its_page() -> None:
    assert {name for names in table.PAGES.values() for name in names} == table.TABLES.keys()


def test_pages_that_differ_are_told_and_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- short:begin -->\n<!-- short:end -->\n", encoding="utf-8")
    assert CliRunner().invoke(table.main, [str(page), "--check"]).exit_code == 1
    assert CliRunner().invoke(table.main, [str(page)]).exit_code == 0
    assert CliRunner().invoke(table.main, [str(page), "--check"]).exit_code == 0


@pytest.mark.parametrize(("path", "names"), table.PAGES.items(), ids=lambda item: getattr(item, "name", ""))
def test_the_tables_are_those_of_the_committed_results(path: Path, names: tuple[str, ...]) -> None:
    document = path.read_text(encoding="utf-8")
    assert table.fill(document, path.name) == document
    assert all(f"<!-- {name}:begin -->" in document for name in names)


@pytest.mark.parametrize(("path", "made"), table.WHOLE.items(), ids=lambda item: getattr(item, "name", ""))
def test_what_is_written_as_a_whole_is_current(path: Path, made: Callable[[], str]) -> None:
    assert path.read_text(encoding="utf-8") == made()


def test_the_plot_has_a_point_for_each_tool_that_was_measured() -> None:
    lines = [
        Line(data, peer, metric, value, 0.25, 0.75, 9, "")
        for data in (scatter.DATA, "sample")
        for peer, metric, value in (
            ("repair", scatter.RECALL, 0.0),
            ("repair", scatter.PRECISION, 1.0),
            ("Harper", scatter.RECALL, 0.5),
            ("nobody", scatter.RECALL, 0.5),
            ("nobody", scatter.PRECISION, 0.5),
        )
    ]
    plot = ElementTree.fromstring(scatter.drawing(lines))
    (point,) = plot.findall(".//{*}circle")
    assert (point.attrib["cx"], point.attrib["cy"]) == (f"{scatter.LEFT:.1f}", f"{scatter.TOP:.1f}")
    assert [text.text for text in plot.findall(".//{*}text")][-1] == "repair"


def test_a_file_without_a_place_for_a_table_is_told() -> None:
    with pytest.raises(InputError, match=r"x\.md: no place for a table"):
        table.fill("nothing here", "x.md")


def test_examples_are_coloured_and_escaped() -> None:
    pair = side_by_side("a <b> c", "a <x> c", [Span(3, 4)], [Mark(Span(0, 1))])
    assert pair.left == '<span class="flag">a</span> &lt;<span class="gold"><del>b</del></span>&gt; c'
    assert pair.right == "a &lt;<ins>x</ins>&gt; c"
    assert coloured("", {}) == ""


TAG = re.compile(r"</?(?:del|ins)>")


def test_the_article_is_shown_whole_even_where_an_edit_joins_sentences() -> None:
    text = "It rained. Then it snowed. Cold."
    edits = (Edit(Span(9, 16), "; then "),)
    pairs = by_sentence(Item("a", text), Answer(apply(text, edits), edits))
    assert "".join(TAG.sub("", pair.left) for pair in pairs) == text
    assert "".join(TAG.sub("", pair.right) for pair in pairs) == apply(text, edits)


def test_texts_of_a_given_length() -> None:
    assert len(of_length(["one two three", "four"], 10).split()) == 10


def test_a_whole_run_writes_lines_and_page(data: Path, tmp_path: Path) -> None:
    out, page = tmp_path / "lines.jsonl", tmp_path / "report.html"
    options = ["--data", str(data), "--quick", "--sets", "sample", "--sets", "clean/bbc", "--peers", "Harper"]
    result = CliRunner().invoke(run.main, [*options, "--out", str(out), "--report", str(page)])
    assert result.exit_code == 0, result.output
    lines = read(out)
    assert {line.metric for line in lines} >= {
        "spans fixed",
        "spans fixed by one of three",
        "word MCC",
        "edits per 1,000 words",
    }
    assert all("harper-py" in line.signature and "sha256" in line.signature for line in lines)
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") == html.count("</svg>") == 4  # two of them of the speed that is committed
    assert not re.search(r"(?:src|href)=[\"'](?!#)", html)  # nothing is fetched: images and styles are inside


def test_a_missing_set_ends_the_run_with_its_source(tmp_path: Path) -> None:
    result = CliRunner().invoke(run.main, ["--data", str(tmp_path), "--sets", "sample", "--peers", "do-nothing"])
    assert result.exit_code == 2 and "sample: no file" in result.output


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_the_memory_of_a_process_that_another_starts_is_counted() -> None:
    holds = "import time; held = bytearray(100 << 20); time.sleep(1.5)"
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holds!r}])"
    assert peak_memory(["-c", starts]) > 100


def test_what_a_process_takes_is_counted() -> None:
    idle, busy = process(["-c", "pass"]), process(["-c", "sum(range(20_000_000))"])
    assert busy.processor > idle.processor > 0 and busy.seconds > 0
    with pytest.raises(RepairError, match="exit code 3"):
        process(["-c", "raise SystemExit(3)"])
