"""The editor's page, driven in a real browser against a real server: findings and decisions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html
from page import (
    ARTICLE,
    REPORT,
    answer_with,
    card,
    check,
    count,
    downloaded,
    escape,
    fixed,
    mark,
    read,
    status,
    stream,
    with_repairs,
)

from repair.segment import read_document
from repair.text import Span

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_article_is_shown_with_everything_the_server_found(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page)
    report = fixed(address)
    assert page.locator(".card").count() == len(report["findings"])
    assert {f["text"].strip() for f in report["findings"]} <= {
        text.strip() for text in page.locator("#article mark").all_text_contents()
    }
    sentences = read_document(ARTICLE).sentences
    needing = {s for s in sentences for f in report["findings"] if s.overlaps(Span(f["start"], f["end"]))}
    clean = len(sentences) - len(needing)
    assert f"{clean} of {len(sentences)} sentences need nothing" in page.inner_text("#summary")
    assert page.locator("#strip [data-state=clean]").count() == clean
    assert "".join(page.locator("#article p").all_text_contents()) == ARTICLE.replace("\n", "")
    assert any("“moment once" in text for text in page.locator("#article .quoted").all_text_contents())
    told = mark(page, "SH.BA").get_attribute("title")
    assert told and "in Albanian." in told
    quoted = page.locator("[data-group=quotation] .card", has_text="Sh.ba and Russia")
    assert "quotation" in quoted.first.inner_text()


def test_decisions_are_what_is_downloaded(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    repairs = {repair["before"]: repair for repair in REPORT["applied"] + REPORT["not_applied"]}

    mark(page, "Sh.ba").click()
    page.click(".card.current [data-do=accept]")
    status(page, "Accepted: “the US”. 20 to decide.")
    mark(page, "one officials").click()
    page.click(".card.current [data-do=reject]")
    status(page, "Rejected")
    assert downloaded(page, "downloadText") == with_repairs(ARTICLE, [repairs["Sh.ba"]])

    page.click("#accept-safe")
    status(page, "Accepted 8 safe fixes. 11 to decide.")
    safe = [repair for repair in REPORT["applied"] if repair["before"] != "one officials"]
    everything = with_repairs(ARTICLE, [repairs["Sh.ba"], *safe])
    assert downloaded(page, "downloadText") == everything

    for _ in range(3):
        page.click("#undo")
    assert page.is_disabled("#undo")
    assert downloaded(page, "downloadText") == ARTICLE
    for _ in range(3):
        page.click("#redo")
    assert page.is_disabled("#redo")
    assert downloaded(page, "downloadText") == everything

    marked = html.fromstring(downloaded(page, "downloadReport"))
    assert [row.text_content() for row in marked.xpath("//tr/td[5]")].count("accepted") == 9
    assert "␣." in [cell.text_content() for cell in marked.xpath("//tr/td[2]")]
    for gone in marked.xpath("//article//del | //article//sup"):
        gone.drop_tree()
    assert [p.text_content() for p in marked.xpath("//article/p")] == [
        line.rstrip() for line in everything.split("\n") if line
    ]
    assert marked.xpath("//@src | //@href") == []


def test_accepting_all_safe_gives_what_fix_gives(visit: Callable[..., Page], address: str) -> None:
    text = f"🙂 The talks 👩‍🔬 with SH.BA . One 🙂 officials said.\r\n\r\n{ARTICLE}"
    page = visit(address)
    check(page, text)
    page.keyboard.press("A")
    status(page, "Accepted")
    assert downloaded(page, "downloadText") == fixed(address, text.replace("\r\n", "\n"))["output"]


def test_everything_by_keyboard_alone(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    answer_with(page, stream())
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "text":
            break
    page.keyboard.insert_text(ARTICLE)
    page.keyboard.press("Control+Enter")
    read(page)

    page.keyboard.press("j")
    focused = "document.activeElement.closest('.card').dataset.key"
    first = page.evaluate(focused)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    assert page.evaluate(focused) == first
    page.keyboard.press("e")
    page.keyboard.insert_text("Full-scale")
    page.keyboard.press("Enter")
    status(page, "Accepted: “Full-scale”")
    assert page.evaluate(focused) != first  # it went on to the next
    page.keyboard.press("r")
    status(page, "Rejected")
    page.keyboard.press("r")
    page.keyboard.press("1")
    status(page, "Accepted: “one official”")
    page.keyboard.press("u")
    status(page, "Undone")
    page.keyboard.press("Shift+U")
    status(page, "Done again")
    page.keyboard.press("Shift+A")
    status(page, "safe fixes")
    page.keyboard.press("?")
    page.wait_for_selector("#help")
    page.keyboard.press("j")  # no command while the help is open
    escape(page, "#help")
    page.keyboard.press("b")
    assert page.locator("#compare ins", has_text="Full").is_visible()
    page.keyboard.press("b")

    page.focus("[data-do=copy]")
    page.keyboard.press("Enter")
    status(page, "copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Full-scale occupation" in copied and "SH.BA" not in copied


def test_single_keys_can_be_switched_off(visit: Callable[..., Page], serve: Callable[..., str]) -> None:
    page = visit(serve(drafts=False))
    answer_with(page, stream())
    check(page)
    page.keyboard.press("?")
    page.uncheck("#single-keys")
    escape(page, "#help")
    page.keyboard.press("A")
    page.click("#accept-safe")
    status(page, "Accepted 9 safe fixes")  # by the click: the key had left them
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert stored == '[{"repair.single-keys":"off"},{}]'  # and nothing of the text


def test_own_wording_where_there_is_no_fix(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page)
    mark(page, "Will").click()
    page.keyboard.press("a")
    status(page, "write your own wording")
    page.keyboard.insert_text("It will")
    page.keyboard.press("Enter")
    status(page, "Accepted")
    assert "\nIt will underline the lack" in downloaded(page, "downloadText")


@pytest.mark.parametrize(("answer", "told"), [(404, "until you close this page"), (200, "Ignored from now on")])
def test_ignoring_holds_for_the_next_check(visit: Callable[..., Page], address: str, answer: int, told: str) -> None:
    page = visit(address)
    sent: list[Any] = []

    def keep(route: Any) -> None:
        sent.append(route.request.post_data_json)
        route.fulfill(status=answer, json={})

    page.route("**/api/ignore", keep)
    check(page)
    mark(page, "Sh.ba").click()
    page.keyboard.press("i")
    page.click("#ignoring button.primary")
    status(page, told)
    assert sent == [{"kind": "word", "value": "Sh.ba"}]
    count(card(page, "ignored"), 2)  # SH.BA too
    mark(page, "one officials").click()
    page.keyboard.press("r")
    page.click("[data-do=edit]")
    assert page.input_value("#text") == ARTICLE
    page.click("#check")
    read(page)
    count(card(page, "ignored"), 2)
    count(card(page, "rejected"), 1)  # what was said before needs no second word


def test_the_customers_article_is_decided_in_fifteen_keys(visit: Callable[..., Page], address: str) -> None:
    """The table in docs/desk.md: all but pasting, accepting the sure ones and copying are decisions."""
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    answer_with(page, stream())
    page.evaluate("text => navigator.clipboard.writeText(text)", ARTICLE)
    page.focus("#text")
    page.keyboard.press("Control+V")
    read(page)
    page.keyboard.press("A")
    decisions = 0
    while page.locator(".card.current[data-status=open]").count():
        page.keyboard.press("r")
        decisions += 1
    page.keyboard.press("Enter")
    status(page, "copied")
    assert decisions == 12


def test_the_end_is_summed_up_and_leads_out(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    answer_with(page, stream())
    check(page)
    assert page.locator("#end").is_hidden()
    page.keyboard.press("A")
    for _ in range(12):
        page.keyboard.press("r")
    told = page.inner_text("#end p")
    assert told == "All is decided. 9 accepted, 12 rejected; 18 doubtful places left as they are."
    page.keyboard.press("Enter")  # the focus is on it
    status(page, "copied")
    assert "Trump’s top diplomat" in page.evaluate("navigator.clipboard.readText()")
    page.click("#end [data-do=lookAtDoubtful]")
    assert "speeding" in page.inner_text(".card.current")
    page.keyboard.press("u")
    assert page.locator("#end").is_hidden()


def test_only_changed_paragraphs_are_compared_where_asked(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    page.keyboard.press("A")
    page.keyboard.press("b")
    rows = page.locator("#rows [role=row]:visible")
    every = rows.count()
    page.check("#changed-only")
    assert 2 < rows.count() < every
    assert rows.count() == 1 + page.locator("#rows .changed").count()


def test_checking_starts_when_an_article_is_pasted(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", "One officials said.")
    page.focus("#text")
    page.keyboard.press("Control+V")
    assert page.locator("#desk").is_hidden()  # a scrap may be gone on with
    page.evaluate("text => navigator.clipboard.writeText(text)", ARTICLE)
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+V")
    read(page)
    assert page.locator(".card").count() == len(fixed(address)["findings"])


INFORMED = (
    "Two officials informed about the talks spoke. A person informed about the plan agreed.\n"
    "Informed about the deal, the minister left. “Sources informed about it wept,” said an aide "
    "informed about the case.\n"
)


def told(page: Page, text: str, words: str, score: float = 0.6) -> None:
    """Answers as a server would that finds these words everywhere."""
    places = [match.span() for match in re.finditer(words, text, re.IGNORECASE)]
    idea = {"text": "close to", "score": 0.1}
    same = {"category": "style/unidiomatic", "severity": "minor", "score": score, "message": "Odd.", "source": "lm"}
    findings = [{"start": a, "end": b, "text": text[a:b], **same, "suggestions": [idea]} for a, b in places]
    answer_with(page, stream({**REPORT, "findings": findings, "applied": [], "not_applied": []}, text))


def test_the_same_words_are_decided_once(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    told(page, INFORMED, "informed about")
    check(page, INFORMED)
    mark(page, "informed about").first.click()
    assert "Same in 3 other places" in page.inner_text(".card.current")  # the one in a quotation is another matter
    page.keyboard.press("s")
    status(page, "Decide about this one first")
    page.keyboard.insert_text("familiar with")
    page.keyboard.press("Enter")
    status(page, "The same words stand in 3 other places: s decides there too.")
    page.keyboard.press("s")
    status(page, "Accepted “familiar with” in 4 places. 1 to decide.")
    text = downloaded(page, "downloadText")
    assert text.count("familiar with") == 3 and "\nFamiliar with the deal" in text and "“Sources informed about" in text
    page.keyboard.press("u")  # all the others at once
    assert downloaded(page, "downloadText").count("amiliar with") == 1
    page.keyboard.press("u")
    assert downloaded(page, "downloadText") == INFORMED


def test_one_key_takes_a_likely_fix_everywhere(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    mark(page, "informed about").first.click()
    page.keyboard.press("s")
    status(page, "Accepted “briefed on” in 2 places.")
    assert downloaded(page, "downloadText").count("briefed on") == 2
    mark(page, "crazy").click()
    page.keyboard.press("r")
    page.keyboard.press("s")
    status(page, "marked in no other place")
