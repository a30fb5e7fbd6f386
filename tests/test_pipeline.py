"""The stages together, without the language model: order, safety, ignoring, reading again."""

from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.config import Config, Ignore
from repair.decide import remembered
from repair.findings import Finding, Safety
from repair.gate import Ruling, ruling
from repair.inputs import Item
from repair.pipeline import Repairer
from repair.text import Document, Span

ARTICLE = (Path(__file__).parent / "article.txt").read_text(encoding="utf-8")
CLEAN = "The minister met her counterpart in Vienna on Monday. They agreed to meet again in two weeks.\n"


def test_clean_text_is_left_as_it_is(plain: Repairer) -> None:
    report = plain.fix(CLEAN)
    assert report.findings == () and report.applied == () and report.output == CLEAN


def test_the_article_loses_its_mechanical_garble(plain: Repairer) -> None:
    report = plain.fix(ARTICLE, name="article.txt")
    assert report.output is not None
    for garble in ("full -scale", "Sunday .", "talks with SH.BA"):
        assert garble in ARTICLE and garble not in report.output
    assert "talks with the US" in report.output


@pytest.mark.parametrize("garble", ["a 80-year-old", "one officials"])
def test_the_article_loses_what_is_certainly_wrong(plain: Repairer, garble: str) -> None:
    assert garble in ARTICLE and garble not in (plain.fix(ARTICLE, name="article.txt").output or "")


def test_a_rule_wrong_too_often_or_seen_too_seldom_only_proposes(plain: Repairer) -> None:
    report = plain.fix(ARTICLE, name="article.txt")
    found = [repair for repair in report.not_applied if repair.findings[0].source == "rules/high-rank"]
    assert {(repair.safety, repair.after(ARTICLE)) for repair in found} == {(Safety.REVIEW, "top")}


def test_quoted_speech_is_flagged_and_not_rewritten(plain: Repairer) -> None:
    text = "“We spoke with SH.BA about it,” the minister said on Monday.\n"
    report = plain.fix(text)
    assert [finding.span.of(text) for finding in report.findings] == ["SH.BA"]
    assert report.output == text
    assert report.not_applied[0].safety is Safety.REVIEW


def test_review_repairs_are_applied_when_asked_for() -> None:
    text = "“We spoke with SH.BA about it,” the minister said on Monday.\n"
    report = Repairer(Config(no_model=True, apply_at="review")).fix(text)
    assert report.output == "“We spoke with the US about it,” the minister said on Monday.\n"


@pytest.mark.parametrize(
    "ignore",
    [
        Ignore(names=("SH.BA",)),
        Ignore(words=("sh.ba",)),
        Ignore(patterns=(r"with SH\.\w+",)),
        Ignore(rules=("lexicon",)),
    ],
)
def test_what_is_ignored_is_neither_reported_nor_changed(ignore: Ignore) -> None:
    text = "The minister held talks with SH.BA on Monday.\n"
    report = Repairer(Config(no_model=True, ignore=ignore)).fix(text)
    assert report.findings == () and report.output == text


def test_an_inline_mark_protects_its_line(plain: Repairer) -> None:
    text = "He held talks with SH.BA. <!-- repair: ignore -->\nShe held talks with SH.BA on Monday.\n"
    report = plain.fix(text)
    assert report.output == "He held talks with SH.BA. <!-- repair: ignore -->\nShe held talks with the US on Monday.\n"


def test_a_batch_gives_the_same_as_one_by_one(plain: Repairer) -> None:
    texts = [ARTICLE, CLEAN, "", *ARTICLE.split("\n")] * 2
    together = [report.to_json() for report in plain.fix_many(Item(text) for text in texts)]
    assert together == [plain.fix(text).to_json() for text in texts]


def test_a_check_asks_the_gate_about_nothing_that_nobody_looks_at(
    plain: Repairer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(before: str, after: str, *, trusted: bool = False) -> Ruling:
        asked.append(before)
        return ruling(before, after, trusted=trusted)

    remembered.cache_clear()
    monkeypatch.setattr("repair.decide.ruling", counted)
    report = plain.check("He met a officials .\n")
    assert report.findings and asked == []
    assert [repair.safety for repair in report.not_applied] == [Safety.REVIEW, Safety.SAFE]
    assert len(asked) == len(report.not_applied) == 2
    repeated = plain.check("He met a officials .\n" * 200)
    assert len(repeated.not_applied) == 400 and len(asked) < 10, "what was ruled before is not ruled again"


class Silent:
    """A language model's engine that finds nothing and counts its readings."""

    apply_from = 1.0
    signature = ("engine:silent",)
    corrector = SimpleNamespace(calibrated=True, notes=tuple, propose=lambda document, findings: findings)

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(self, document: Document) -> list[float]:
        self.read_texts.append(document.text)
        return [0.0] * len(document.text.split())

    def doubts(self, document: Document, scores: list[float], taken: list[Span]) -> list[Finding]:
        return []

    def look_twice(self, document: Document, doubts: list[Finding], scores: list[float]) -> list[Finding]:
        return doubts


@pytest.mark.parametrize(("at", "readings"), [("safe", 1), ("review", 2)])
def test_the_model_reads_again_only_where_a_repair_of_its_own_could_be_applied(
    at: Literal["safe", "review"], readings: int
) -> None:
    repairer, engine = Repairer(Config(apply_at=at)), Silent()
    repairer.tools.__dict__["engine"] = engine
    assert repairer.fix(ARTICLE).output == Repairer(Config(no_model=True, apply_at=at)).fix(ARTICLE).output
    assert len(engine.read_texts) == readings
    repairer.fix(CLEAN)
    assert len(engine.read_texts) == readings + 1, "where nothing was repaired there is one reading"


def test_every_word_has_a_score(plain: Repairer) -> None:
    report = plain.check(ARTICLE, word_scores=True)
    assert report.word_scores is not None and len(report.word_scores) == len(ARTICLE.split())
    flagged = [word for word, score in zip(ARTICLE.split(), report.word_scores, strict=True) if score > 0.5]
    assert "SH.BA" in flagged and len(flagged) < 30


def test_the_threshold_drops_findings_below_it(plain: Repairer) -> None:
    strict = Repairer(Config(no_model=True, threshold=0.98)).check(ARTICLE)
    assert 0 < len(strict.findings) < len(plain.check(ARTICLE).findings)
    assert all(finding.score >= 0.98 for finding in strict.findings)


def test_two_rules_on_one_place_give_one_finding(plain: Repairer) -> None:
    report = plain.fix("(\x850")
    assert len({f.span for f in report.findings}) == len(report.findings)


GARBLE = ["one officials said", " ,", " .", "a 80-year-old", "SH.BA", "the the", " full -scale"]
PIECES = st.sampled_from([*GARBLE, "“", "”", "\n", " He", " talks with ", "."])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join))
def test_fixing_twice_changes_nothing_more(plain: Repairer, text: str) -> None:
    once = plain.fix(text)
    assert once.output is not None
    assert plain.fix(once.output).output == once.output
    assert [f.span for f in once.findings] == sorted(f.span for f in once.findings)
