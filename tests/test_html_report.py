"""The HTML report: a page of its own, with all that comes from outside escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair import report
from repair.cli import main
from repair.findings import Category, Finding, Report, Suggestion
from repair.inputs import Failure
from repair.paragraphs import paragraphs
from repair.pipeline import Repairer
from repair.report import Display, renderer
from repair.report.html import LABELS, cut, marks_of, page_of
from repair.segment import read_document
from repair.text import Span

ARTICLE = Path(__file__).parent / "article.txt"


pytestmark = pytest.mark.usefixtures("folder")


def found(text: str, start: int, end: int, *fixes: str, message: str = "Reads wrong.") -> Finding:
    suggestions = tuple(Suggestion(fix, 0.9) for fix in fixes)
    return Finding(Span(start, end), "fluency/grammar", "minor", 0.9, message, "rules/x", suggestions)


def page(*results: Report | Failure) -> str:
    return "".join(renderer("html")(results, Display()))


def article_of(html: str) -> str:
    """The text as the page shows it, without tags; notes in superscript left out."""
    body = html.partition("<article>")[2].partition("</article>")[0]
    return unescape(re.sub(r"<sup>.*?</sup>|<[^>]*>", "", body))


def test_the_page_shows_the_text_the_fix_and_the_reason(plain: Repairer) -> None:
    html = page(plain.check("He held talks with SH.BA on Monday.\n", "a.txt"))
    assert "1 finding in 1 of 1 sentence; 0 need nothing." in html
    assert '<mark class="accuracy major sure">SH.BA</mark>' in html
    assert '<span class="was">SH.BA</span> → <span class="is">the US</span>' in html
    assert "“SH.BA” is “the US” in Albanian." in html and "<ins>the US" not in html
    assert article_of(html).strip() == "He held talks with SH.BA on Monday."


def test_the_page_of_a_fix_shows_what_changed_and_what_is_left_and_why(plain: Repairer) -> None:
    text = "He held talks with SH.BA on Monday. “We trust SH.BA,” he said.\n"
    html = page(plain.fix(text, "a.txt"))
    assert "<del>SH.BA</del><ins>the US</ins>" in html and "1 fixed, 1 left for a person." in html
    assert '<mark class="accuracy major sure quoted">SH.BA</mark>' in html
    assert "inside a quotation: what was said is not rewritten unasked." in html
    assert re.findall("<h3>(.*)</h3>", html) == ["Sure (1)", "In quotations (1)"]


def test_a_weak_wording_is_an_idea_and_its_mark_is_faint() -> None:
    text = "The end of the end is near.\n"
    weak = replace(found(text, 4, 7, "start"), score=0.2, suggestions=(Suggestion("start", 0.1),))
    html = page(Report(read_document(text, "a.txt"), (weak,), "s"))
    assert "<h3>Doubtful (1)</h3>" in html and 'doubtful">end</mark>' in html
    assert "– ideas: " in html and "→" not in html


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
    assert "<ins>the US</ins>" in Path("o.html").read_text(encoding="utf-8")


def test_the_desk_has_the_same_words_for_every_kind_of_garble() -> None:
    script = (Path(report.__file__).parent.parent / "serve/page/items.js").read_text(encoding="utf-8")
    table = script.partition("LABELS = {")[2].partition("};")[0]
    assert list(dict(re.findall('"(.+)": "(.+)",', table)).items()) == list(LABELS.items())
    assert set(LABELS) == set(get_args(Category))
