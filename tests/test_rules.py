"""The rules as a whole: their table, their documentation, protected ranges, speed. Single rules: doctests and cases."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repair.detect.rule import Page, Rule
from repair.detect.rules import RULES, RulesDetector
from repair.edits import Edit, apply
from repair.errors import ConfigError
from repair.findings import Finding
from repair.segment import read_document
from repair.text import Document, Span

GARBLED = (
    "Two official said on Monday , “ one officials” met the the a 80-year-old.. They has went to https://a.org/x,.y\n"
)
PIECES = (
    *(" ", "\u00a0", "\n", "“", "”", '"', "(", ")", ",", ".", "..", "?", "-", "- ", " -", "@@", "@-@", "▁", "&", "<s>"),
    *(
        "a ",
        "an ",
        "the ",
        "one ",
        "of ",
        "two ",
        "has ",
        "went ",
        "He ",
        "official ",
        "officials ",
        "х",
        "é",
        "â€™",
        "12,5%",
        "9 000 ",
        "„",
        "«",
        "``",
        " ' s ",
        "31th ",
        "on 3. May ",
        "the Serbia",
        "a?b",
        ":)",
    ),
)


def find(text: str) -> list[Finding]:
    return RulesDetector().find(read_document(text))


def test_ids_are_unique_and_well_formed() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"rules/[a-z]+(-[a-z]+)*", i) for i in ids)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_documentation_has_its_parts(rule: Rule) -> None:
    doc = rule.find.__doc__ or ""
    parts = [doc.find(part) for part in ("Why: ", "Left alone: ", ">>> mark(")]
    assert all(position > 0 for position in parts) and parts == sorted(parts)
    assert doc.count(">>> mark(") >= 2, "one example that is flagged, one that is left alone"
    assert 0.5 < rule.score <= 1 and 0 <= rule.fix_score <= rule.score


def test_suggestions_replace_the_whole_span() -> None:
    text = "Two official said on Monday , that a 80-year-old met the the press."
    edits = [Edit(f.span, f.suggestions[0].text) for f in find(text)]
    assert apply(text, edits) == "Two officials said on Monday, that an 80-year-old met the press."


def test_only_mechanical_fixes_are_trusted() -> None:
    trusted = {f.source for f in find(GARBLED) if any(s.trusted for s in f.suggestions)}
    assert trusted == {
        "rules/space-before-punctuation",
        "rules/space-inside-pair",
        "rules/doubled-word",
        "rules/article-before-number",
    }


def test_protected_ranges_have_no_findings() -> None:
    text = "See `the the` at https://example.org/a,,b , he said."
    assert [f.source for f in find(text)] == ["rules/space-before-punctuation"]


def test_disabled_rules_do_not_run() -> None:
    document = read_document("He saw the the end .")
    assert [f.source for f in RulesDetector().find(document)] == [
        "rules/doubled-word",
        "rules/space-before-punctuation",
    ]
    detector = RulesDetector(disabled=["rules/doubled-word"])
    assert [f.source for f in detector.find(document)] == ["rules/space-before-punctuation"]


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no such rule: rules/dubbled-word; the rules are rules/"):
        RulesDetector(disabled=["rules/dubbled-word"])


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60).map("".join))
def test_any_text_is_answered_with_spans_inside_it(text: str) -> None:
    document = read_document(text)
    for finding in RulesDetector().find(document):
        assert 0 <= finding.span.start < finding.span.end <= len(text)
        assert not document.is_protected(finding.span)
        assert all(s.text != finding.span.of(text) for s in finding.suggestions)


@example(next(rule for rule in RULES if rule.id == "rules/clashing-words"), "?an a the ")
@example(next(rule for rule in RULES if rule.id == "rules/model-residue"), "He ▁ @-@")
@given(st.sampled_from(RULES), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_a_rule_never_reports_overlapping_hits(rule: Rule, text: str) -> None:
    spans = sorted((h.start, h.end) for h in rule.find(Page(read_document(text))))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


ADVERSARIAL = {
    "spaces": " " * 1_000_000,
    "spaces after a word": "a" + " " * 1_000_000 + "b",
    "quotes": '"' * 500_000 + "“" * 250_000 + "”" * 250_000,
    "spaced quotes": '" ' * 250_000 + "“ " * 250_000,
    "brackets": "( " * 500_000,
    "one long word": "é" + "a" * 1_000_000,
    "marks": "a" + ",." * 250_000 + "?" * 250_000 + ":" * 250_000,
    "hyphens": "a -" * 300_000,
    "tokeniser marks": "▁" * 300_000 + "@@" * 300_000 + "&amp;" * 100_000,
    "accents": "aé" * 500_000,
    "scripts": "aж" * 250_000 + "ж " * 250_000,
    "numbers": "1.234" * 200_000,
    "lines": "\n" * 500_000 + "a\n" * 250_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", ADVERSARIAL.values(), ids=ADVERSARIAL.keys())
def test_a_megabyte_of_anything_takes_each_rule_seconds_at_most(text: str) -> None:
    page = Page(Document(name="", text=text, sentences=(Span(0, len(text)),)))
    assert len(page.words) >= 0 and len(page.paragraphs) >= 0
    for rule in RULES:
        start = time.process_time()
        sum(1 for _ in rule.find(page))
        assert time.process_time() - start < 10, rule.id


def test_marks_of_models_are_no_markup() -> None:
    text = "The <unk> minister said <b>this</b>."
    assert [finding.span.of(text) for finding in find(text)] == ["<unk>"]
