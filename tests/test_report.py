"""How results look: for people, for programs, for `patch`."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.text import Text

from repair.decide import Measured, decide
from repair.edits import Edit
from repair.evidence import LEAST, Counted, Evidence, Row
from repair.findings import Finding, Repair, Report, Safety, Suggestion
from repair.inputs import Failure
from repair.registry import REPORTS
from repair.report import Display, Result, renderer
from repair.report.diff import unified
from repair.segment import read_document
from repair.text import Span

SCHEMA = json.loads((Path(__file__).parent.parent / "repair/data/schema.json").read_text(encoding="utf-8"))
VALID = jsonschema.Draft202012Validator(SCHEMA)
TEXT = "The talks with SH.BA began . One officials said they went well. All is fine here.\n"
EARNED = Row(  # what a rule has to have done before its fixes are safe
    source="rules/test",
    mechanical=False,
    real=Counted(words=1000, edits=LEAST, right=LEAST),
    output=Counted(words=1000),
    clean={"own": Counted(words=1000)},
)
BAD = Failure("b.jsonl:3", "b.jsonl: line 3: not valid JSON", 7, 3)


def finding(text: str, start: int, end: int, fix: str | None, **changes: Any) -> Finding:
    suggestions = () if fix is None else (Suggestion(fix, 0.9),)
    found = Finding(Span(start, end), "fluency/grammar", "minor", 0.97, "This reads wrong.", "rules/test", suggestions)
    return replace(found, **changes)


def checked(text: str = TEXT, name: str = "a.txt", **changes: Any) -> Report:
    found = [finding(text, 26, 27, ""), finding(text, 29, 42, "One official", severity="major")]
    findings = (finding(text, 15, 20, None, severity="critical", category="accuracy/untranslated"), *found)
    return replace(Report(read_document(text, name), findings, "repair:test"), **changes)


def fixed() -> Report:
    report = checked()
    applied = Repair(Span(29, 42), report.findings[2:], (Edit(Span(41, 42), ""),), Safety.SAFE, (), 0.9)
    left = Repair(Span(26, 27), report.findings[1:2], (Edit(Span(26, 27), ""),), Safety.REVIEW, ("a reason",), 0.5)
    output = TEXT.replace("officials", "official")
    return replace(report, output=output, applied=(applied,), not_applied=(left,))


def judged(report: Report) -> Report:
    """The report of a check, with what could be repaired; the fixes of `rules/test` have been right often enough."""
    trust = Measured(evidence=Evidence({("rules/test", False): EARNED}))
    return replace(report, not_applied=tuple(decide(report.document, report.findings, trust)))


def shown(name: str, results: list[Result], **view: Any) -> str:
    return "".join(renderer(name)(results, Display(**view)))


def test_offsets_of_the_sample_are_what_the_tests_mean() -> None:
    assert [f.span.of(TEXT) for f in checked().findings] == ["SH.BA", " ", "One officials"]


def test_too_little_to_judge_is_not_called_sound() -> None:
    short = Report(read_document("All is well."), (), "s")
    assert "It is short" in shown("text", [short])
    assert "short" not in shown("text", [short, Report(read_document("All is well. " * 30), (), "s")])
    assert "short" not in shown("text", [checked()])


def test_every_format_can_be_loaded_and_shows_nothing_of_nothing() -> None:
    shows = {name: shown(name, []) for name in REPORTS}
    assert json.loads(shows.pop("sarif"))["runs"][0]["results"] == []
    assert json.loads(shows.pop("rdjson"))["diagnostics"] == []
    assert "No texts." in shows.pop("html")
    assert shows == {"text": "", "json": "[]\n", "jsonl": "", "diff": "", "github": ""}


def test_the_text_view_shows_sentence_span_reason_and_fix() -> None:
    text = shown("text", [judged(checked())])
    assert text.startswith("a.txt\n\nSure (2)\n  1:27  safe  minor  fluency/grammar  97% rules/test\n")
    assert (
        "  1:16  no fix  critical  accuracy/untranslated  97% rules/test\n    The talks with [SH.BA] began .\n" in text
    )
    assert "    [One officials] said they went well.\n    This reads wrong.\n    fix: One official\n" in text
    assert "began[ ]." in text
    assert "fix: remove it" in text
    assert text.endswith("\n3 findings (2 sure, 1 likely) in 2 of 3 sentences; 1 needs nothing.\n")
    assert "\x1b" not in text


def test_the_text_view_names_a_text_once_and_groups_by_certainty() -> None:
    text = "He said “the talks went good”. The end of end is coming. One officials left."
    spans = [text.index(words) for words in ("good", "end of", "coming", "One officials")]
    found = (
        finding(text, spans[0], spans[0] + 4, "well"),
        finding(text, spans[1], spans[1] + 6, "end", score=0.3, suggestions=(Suggestion("end", 0.1, guess=True),)),
        finding(text, spans[2], spans[2] + 6, "near", score=0.6, suggestions=(Suggestion("near", 0.2, guess=True),)),
        finding(text, spans[3], spans[3] + 13, "One official"),
    )
    shows = shown("text", [judged(Report(read_document(text, "a.txt"), found, "s"))])
    titles = ["Sure (1)", "In quotations (1)", "Likely garbled (1): choose or write", "Doubtful (1)"]
    assert [line for line in shows.splitlines() if line in titles] == titles
    assert shows.count("a.txt") == 1
    assert [line.split()[1] for line in shows.splitlines() if re.match(r"  \d", line)] == [
        "safe",
        "quotation",
        "review",
        "review",
    ]
    assert "fix: One official" in shows and "ideas: end" in shows  # a weak wording does not lead
    assert "1 sure, 1 in quotations, 1 likely, 1 doubtful" in shows


@given(st.text("ab ", max_size=300), st.integers(40, 100))
def test_no_word_is_broken(message: str, width: int) -> None:
    report = checked(findings=(finding(TEXT, 29, 42, None, message=message),))
    body = shown("text", [report], width=width).split("\n")[5:-3]
    assert " ".join(" ".join(body).split()) == " ".join(message.split())


def test_other_fixes_are_named_too() -> None:
    several = finding(TEXT, 29, 42, None, suggestions=tuple(Suggestion(t, 0.5) for t in ("a", "b", " c", "d")))
    assert "ideas: a, b, “ c”\n" in shown("text", [checked(findings=(several,))])
    likely = replace(several, suggestions=tuple(Suggestion(t, 0.6) for t in ("One official", "b", " c", "d")))
    assert "fix: One official (or b, “ c”)\n" in shown("text", [judged(checked(findings=(likely,)))])


def test_the_text_view_says_what_a_served_model_proposed() -> None:
    some = (Suggestion("One", 0.9, by="big"), Suggestion("An", 0.8), Suggestion("The", 0.7, by="big"))
    text = shown("text", [replace(checked(), findings=(finding(TEXT, 29, 42, None, suggestions=some),))])
    assert "\n    proposed by big: One, The\n" in text
    assert "proposed by" not in shown("text", [checked()])


def test_colour_marks_the_span_and_says_the_same() -> None:
    coloured = shown("text", [checked()], colour=True)
    assert "\x1b[1;7mSH.BA\x1b[0m" in coloured
    assert "    The talks with SH.BA began ." in Text.from_ansi(coloured).plain.splitlines()


def test_control_characters_in_a_text_do_not_reach_the_terminal() -> None:
    text = "One \x1b[31mred\x9b word teh end\x07."
    start = text.index("teh")
    report = Report(read_document(text, "x\x1b.txt"), (finding(text, start, start + 3, "the\x1b"),), "s")
    assert not {"\x1b", "\x9b", "\x07"} & set(shown("text", [report]))


def test_rich_markup_and_emoji_codes_in_a_text_are_shown_as_they_are() -> None:
    text = "[bold]A :smile: teh[/bold] end."
    start = text.index("teh")
    report = Report(read_document(text), (finding(text, start, start + 3, "the"),), "s")
    assert "  [bold]A :smile: [teh][/bold] end.\n" in shown("text", [report])


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 400), st.integers(40, 200))
def test_a_long_sentence_is_cut_to_a_line_around_the_span(before: int, after: int, length: int, width: int) -> None:
    text = "word " * before + "x" * length + " word" * after + "."
    found = finding(text, 5 * before, 5 * before + length, None)
    document = replace(read_document(""), text=text, sentences=(Span(0, len(text)),))
    line = shown("text", [Report(document, (found,), "s")], width=width).splitlines()[4]
    assert len(line) <= max(width, 60)
    assert "[x" in line or length == 0


def test_clean_texts_say_so_and_notes_are_told_once() -> None:
    one = Report(read_document("All is well. It is. " * 20, "a"), (), "s", notes=("LanguageTool is not here",))
    assert shown("text", [one]) == "note: LanguageTool is not here\nNo findings; 40 sentences checked.\n"
    assert shown("text", [one, one]).count("note:") == 1
    assert shown("text", [one, one]).endswith("No findings in 2 texts; 80 sentences checked.\n")
    assert shown("text", [Report(read_document(""), (), "s")]) == "No text to check.\n"


@pytest.mark.parametrize(
    "result",
    [
        checked(),
        checked(word_scores=(0.5, 0.0, 1.0), id=None),
        checked(notes=("LanguageTool is not here",), id={"any": ["thing"]}),
        fixed(),
        BAD,
        Failure("a.txt", "a.txt: not UTF-8"),
    ],
)
def test_the_json_keeps_to_the_schema(result: Result) -> None:
    (line,) = shown("jsonl", [result]).splitlines()
    VALID.validate(json.loads(line))
    assert json.loads(line) == result.to_json()
    assert json.loads(shown("json", [result], single=True)) == result.to_json()


@pytest.mark.parametrize("key", ["schema", "name", "id", "findings", "summary", "signature", "output", "applied"])
def test_the_schema_misses_what_is_missing(key: str) -> None:
    line = fixed().to_json()
    del line[key]
    assert not VALID.is_valid(line)


@pytest.mark.parametrize(
    "change",
    [{"schema": "repair/2"}, {"extra": 1}, {"word_scores": [2]}, {"signature": ""}, {"error": "x"}, {"summary": {}}],
)
def test_the_schema_refuses_what_is_wrong(change: dict[str, Any]) -> None:
    assert VALID.is_valid(checked().to_json())
    assert not VALID.is_valid(checked().to_json() | change)


def test_several_texts_are_a_json_list_failures_in_their_places() -> None:
    rows = json.loads(shown("json", [checked(), BAD, fixed()]))
    assert [sorted(row)[:1] for row in rows] == [["findings"], ["error"], ["applied"]]


def test_a_line_separator_in_a_text_does_not_break_the_line() -> None:
    text = "One\u2028two\nthree\r\n"
    assert shown("jsonl", [Report(read_document(text), (), "s", output=text)]).count("\n") == 1


def test_the_diff_of_a_fix_is_what_it_did_and_of_a_check_what_it_proposes() -> None:
    assert shown("diff", [fixed()]) == f"--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-{TEXT}+{fixed().output}"
    proposal = TEXT.replace("began .", "began.").replace("One officials", "One official")
    assert shown("diff", [checked(), BAD]).endswith(f"\n-{TEXT}+{proposal}")
    assert shown("diff", [checked(findings=())]) == ""


def test_overlapping_suggestions_are_not_both_proposed() -> None:
    both = (finding(TEXT, 29, 42, "One official"), finding(TEXT, 33, 42, "official"), finding(TEXT, 33, 33, "x"))
    assert shown("diff", [checked(findings=both)]).endswith(f"\n+{TEXT.replace('officials', 'official')}")


def test_the_diff_is_coloured_by_line() -> None:
    coloured = shown("diff", [fixed()], colour=True)
    assert f"\x1b[31m-{TEXT.rstrip()}\x1b[0m\n" in coloured
    assert coloured.startswith("\x1b[1m--- a.txt\x1b[0m\n")


LINES = st.lists(
    st.sampled_from(["one\n", "two\n", "\n", "three\r\n", "four", " \u2028x\x0c\n", "-- a\n", "\ufeff"]), max_size=12
).map("".join)


@settings(max_examples=40, deadline=None)
@example("one\ntwo", "one\nthree")
@example("a\n", "a")
@example("a", "a\n")
@given(LINES.filter(bool), LINES.filter(bool))
def test_the_diff_can_be_applied(before: str, after: str) -> None:
    name = "an article.txt"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(before.encode())
        if difference := "".join(unified(before, after, name)).encode():
            command = ["git", "apply", "-p0", "--whitespace=nowarn", "-"]
            subprocess.run(command, input=difference, cwd=folder, check=True, capture_output=True)
        assert Path(folder, name).read_bytes() == after.encode()
