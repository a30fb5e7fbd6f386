"""What stands between a text and its publication: the HTML page, known findings, the gate and the hooks."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.cli import main
from repair.config import Config
from repair.findings import Finding, Report, Suggestion
from repair.inputs import Failure
from repair.pipeline import Repairer
from repair.report import View, renderer
from repair.report.html import cut, marks_of, page_of
from repair.segment import read_document
from repair.text import Span, paragraphs

ARTICLE = Path(__file__).parent / "article.txt"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def plain() -> Repairer:
    return Repairer(Config(no_model=True))


def found(text: str, start: int, end: int, *fixes: str, message: str = "Reads wrong.") -> Finding:
    suggestions = tuple(Suggestion(fix, 0.9) for fix in fixes)
    return Finding(Span(start, end), "fluency/grammar", "minor", 0.9, message, "rules/x", suggestions)


def page(*results: Report | Failure) -> str:
    return "".join(renderer("html")(results, View()))


def article_of(html: str) -> str:
    """The text as the page shows it, without tags; notes in superscript left out."""
    body = html.partition("<article>")[2].partition("</article>")[0]
    return unescape(re.sub(r"<sup>.*?</sup>|<[^>]*>", "", body))


def test_the_page_shows_the_text_the_fix_and_the_reason(plain: Repairer) -> None:
    html = page(plain.check("He held talks with SH.BA on Monday.\n", "a.txt"))
    assert "1 finding in 1 of 1 sentence; 0 need nothing." in html
    assert '<mark class="accuracy major">SH.BA</mark>' in html
    assert '<span class="was">SH.BA</span> → <span class="is">the US</span>' in html
    assert "“SH.BA” is “the US” in Albanian." in html and "<ins>the US" not in html
    assert article_of(html).strip() == "He held talks with SH.BA on Monday."


def test_the_page_of_a_fix_shows_what_changed_and_what_is_left_and_why(plain: Repairer) -> None:
    text = "He held talks with SH.BA on Monday. “We trust SH.BA,” he said.\n"
    html = page(plain.fix(text, "a.txt"))
    assert "<del>SH.BA</del><ins>the US</ins>" in html and "1 fixed, 1 left for a person." in html
    assert '<mark class="accuracy major quoted">SH.BA</mark>' in html
    assert "inside a quotation: what was said is not rewritten unasked." in html


HOSTILE = "<script>alert(\"1\")</script> & 'x' </title></style><!-- {{ 7 * 7 }} {% raw %}"


def test_everything_from_outside_is_escaped() -> None:
    text = f"He said {HOSTILE} it.\n"
    finding = found(text, 8, 8 + len(HOSTILE), HOSTILE, message=HOSTILE)
    report = Report(read_document(text, HOSTILE), (finding,), HOSTILE, notes=(HOSTILE,))
    html = page(report, Failure(HOSTILE, HOSTILE))
    assert html.count("<script") == 0 and html.count("</title>") == html.count("</style>") == 1
    assert "<!-- " not in html and "{{ 7 * 7 }}" in html
    assert unescape(html).count(HOSTILE) >= 7  # the text, was, fix, message, note, two names, the failure
    assert HOSTILE in article_of(html).replace("\n", "")  # some of it ends a paragraph


def test_the_page_needs_nothing_from_elsewhere(plain: Repairer) -> None:
    html = page(plain.fix(ARTICLE.read_text(encoding="utf-8"), "a.txt"))
    assert not re.search(r"\b(?:src|srcset|action)=|url\(|@import|https?:|<link|<script", html)
    assert "default-src 'none'" in html
    assert all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', html))
    assert set(re.findall(r'href="#([^"]*)"', html)) == set(re.findall(r' id="([^"]*)"', html))


def test_nothing_found_and_nothing_read_are_said(plain: Repairer) -> None:
    assert "No findings in 2 sentences." in page(plain.check("All is well. It is.\n"))
    html = page(Failure("b.txt", "b.txt: not UTF-8"))
    assert "Not read: b.txt: not UTF-8" in html and "1 text could not be read" in html
    assert "No texts." in page()


def test_a_missing_word_is_shown_at_its_place() -> None:
    text = "He went home\n\nShe too\n"
    report = Report(read_document(text), tuple(found(text, at, at, "x") for at in (0, 12, 14, len(text))), "s")
    shown = article_of(page(report))
    assert shown.split() == ["‸He", "went", "home‸", "‸She", "too", "‸"]


@given(st.text("ab .\n\r“”<&\u00e9🙂"), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=4))
@settings(deadline=None, max_examples=150)
def test_every_character_is_shown_once_whatever_is_marked(text: str, places: list[tuple[int, int]]) -> None:
    spans = sorted({Span(min(a, len(text)), min(a + n, len(text))) for a, n in places})
    report = Report(read_document(text), tuple(found(text, s.start, s.end) for s in spans), "s")
    marks = marks_of(report)
    shown = ["".join(piece.text for piece in cut(report, marks, p)) for p in paragraphs(text)]
    for paragraph, pieces in zip(paragraphs(text), shown, strict=True):
        whole = paragraph.of(text)
        assert whole.startswith(pieces) and not whole[len(pieces) :].strip()
    assert "".join("".join(piece.text for piece in row) for row in page_of(report).paragraphs) == "".join(shown)


def test_the_commands_write_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--no-model", "--format", "html", str(ARTICLE)]) == 1
    assert "<mark class=" in capsys.readouterr().out
    assert main(["fix", "--no-model", "--exit-zero", "--format", "html", "--output", "o.html", str(ARTICLE)]) == 0
    assert "<ins>one official</ins>" in Path("o.html").read_text(encoding="utf-8")


GARBLED = "He held talks with SH.BA on Monday.\n"


def check(*arguments: str) -> int:
    return main(["check", "--no-model", *arguments])


def test_known_findings_neither_fail_the_run_nor_show(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    assert check("a.txt", "--write-baseline", "known.json") == 0
    out, err = capsys.readouterr()
    assert out == "" and "findings known from now on: 1 (texts: 1)" in err
    assert check("a.txt", "--baseline", "known.json") == 0
    assert "No findings" in capsys.readouterr().out
    assert check("a.txt", "--baseline", "known.json", "--format", "jsonl") == 0
    assert '"findings": []' in capsys.readouterr().out


def test_a_known_finding_stays_known_when_it_moves_and_its_twin_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    check("a.txt", "--write-baseline", "known.json")
    Path("a.txt").rename("b.txt")
    Path("b.txt").write_text("A new paragraph.\n\n" + GARBLED, encoding="utf-8")
    assert check("b.txt", "--baseline", "known.json") == 0
    capsys.readouterr()
    Path("b.txt").write_text(GARBLED + "\n" + GARBLED, encoding="utf-8")
    assert check("b.txt", "--baseline", "known.json") == 1
    assert "b.txt:3:20" in capsys.readouterr().out  # the second of the two
    Path("c.txt").write_text(GARBLED, encoding="utf-8")
    Path("b.txt").write_text(GARBLED, encoding="utf-8")
    assert check("b.txt", "c.txt", "--baseline", "known.json") == 1
    out = capsys.readouterr().out
    assert "c.txt:1:20" in out and "b.txt" not in out


def test_a_baseline_counts_what_is_alike_in_several_texts(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.txt", "b.txt"):
        Path(name).write_text(GARBLED, encoding="utf-8")
    assert check(".", "--write-baseline", "known.json") == 0
    assert check(".", "--baseline", "known.json") == 0
    Path("c.txt").write_text(GARBLED, encoding="utf-8")
    assert check(".", "--baseline", "known.json") == 1
    lines = Path("known.json").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3 and '"count":2,"text":"SH.BA"' in lines[1]


@pytest.mark.parametrize("content", [None, "", "[]", '{"schema": "repair-baseline/2", "findings": []}', "\xff"])
def test_a_baseline_that_cannot_be_used_is_one_line(content: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    if content is not None:
        Path("known.json").write_bytes(content.encode("latin-1"))
    assert check("a.txt", "--baseline", "known.json") == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith("repair: known.json: ") and "repair check --write-baseline known.json" in err


def test_no_baseline_is_written_of_half_the_texts(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(GARBLED, encoding="utf-8")
    assert check("a.txt", "missing.txt", "--write-baseline", "known.json") == 2
    assert not Path("known.json").exists() and "1 of the texts could not be read" in capsys.readouterr().err
    assert check("a.txt", "--write-baseline", "known.json", "--baseline", "known.json") == 2
    assert "takes all findings" in capsys.readouterr().err
