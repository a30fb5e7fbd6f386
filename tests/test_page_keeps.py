"""The editor's page in a real browser: nothing that was typed or decided is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from page import (
    ARTICLE,
    REPORT,
    answer_by_hand,
    answer_with,
    card,
    check,
    count,
    downloaded,
    mark,
    read,
    send,
    status,
    stream,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page


def preview() -> dict[str, Any]:
    """All that the report finds and a place that it does not."""
    start = ARTICLE.index("crisis talks")
    early = {**REPORT["findings"][0], "start": start, "end": start + 6, "text": "crisis"}
    return {"type": "findings", "read": len(ARTICLE), "findings": [early, *REPORT["findings"]]}


def begin(page: Page) -> str:
    """Starts a check whose report has not come yet; gives the line with it."""
    answer_by_hand(page)
    page.fill("#text", ARTICLE)
    page.click("#check")
    start, found, report = stream(previews=[preview()])
    send(page, [start, found])
    page.wait_for_selector("#article mark >> text=crisis")
    return report


def write(page: Page, place: str, text: str) -> None:
    mark(page, place).first.click()
    page.keyboard.press("e")
    page.keyboard.insert_text(text)


def test_a_report_that_arrives_leaves_the_card_alone_in_which_somebody_writes(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit(address)
    report = begin(page)
    write(page, "crisis", "r")
    field = page.locator(".card.current .own input").element_handle()
    assert field
    send(page, [report], last=True)
    read(page)
    page.keyboard.type("are")  # each letter would decide about something
    assert field.evaluate("field => field.isConnected && field === document.activeElement && field.value") == "rare"
    assert page.locator("#list .card:not([data-status=open])").count() == 0
    page.keyboard.press("Enter")
    status(page, "Accepted: “rare”")
    count(card(page, "accepted"), 1)
    assert page.locator("[data-group]").count() == 4  # what was held back is drawn now
    assert "rare talks in Ukraine" in downloaded(page, "downloadText")


def test_what_was_held_back_is_drawn_when_the_field_is_left(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    report = begin(page)
    write(page, "crisis", "rare")
    send(page, [report], last=True)
    read(page)
    assert page.locator("[data-group=sure]").count() == 0
    page.click(".card.current [data-do=reject]")  # the click still hits
    status(page, "Rejected")
    count(page.locator("[data-group=sure]"), 1)
    mark(page, "crisis").first.click()
    page.keyboard.press("d")
    assert page.input_value(".card.current .own input") == "rare"


def test_accept_takes_what_was_typed(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    write(page, "high", "chief")
    page.click(".card.current [data-do=accept]")
    status(page, "Accepted: “chief”.")
    write(page, "crazy", "madness")
    mark(page, "setting").click()  # to look at something else
    mark(page, "crazy").click()
    assert page.input_value(".card.current .own input") == "madness"
    page.keyboard.press("a")
    status(page, "Accepted: “madness”.")
    text = downloaded(page, "downloadText")
    assert "Trump’s chief diplomat" in text and "Insure that madness is" in text


def test_trying_again_keeps_what_was_decided(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    begin(page)
    mark(page, "Sh.ba").click()
    page.keyboard.press("a")
    mark(page, "^men$").click()
    page.keyboard.press("r")
    write(page, "crisis", "urgent")
    page.evaluate("answer.error(new Error('gone')), delete document.body.dataset.asked")
    page.wait_for_selector("[role=alert] >> text=The server does not answer")
    page.click("[role=alert] [data-do=retry]")
    send(page, stream(), last=True)
    read(page)
    count(card(page, "accepted"), 1)
    assert "by the US and Russia" in downloaded(page, "downloadText")
    mark(page, "crisis").first.click()
    assert page.input_value(".card.current .own input") == "urgent"
    page.keyboard.press("u")
    page.keyboard.press("u")
    status(page, "Undone")
    assert downloaded(page, "downloadText") == ARTICLE


def test_editing_the_text_has_a_way_back(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    page.keyboard.press("A")
    status(page, "Accepted")
    page.click("[data-do=edit]")
    assert "Trump’s top diplomat" in page.input_value("#text")
    page.click("#back")
    count(card(page, "accepted"), 9)
    page.click("[data-do=edit]")
    page.fill("#text", page.input_value("#text") + " More.")
    page.click("#back")
    page.click("#returning [value=no]")
    assert page.input_value("#text").endswith(" More.")
    page.click("#check")
    page.wait_for_selector("#checking >> text=9 accepted changes will be part of the text")
    page.click("#checking [value=no]")
    page.click("#back")
    page.click("#returning [value=yes]")
    count(card(page, "accepted"), 9)
    page.click("#undo")
    assert downloaded(page, "downloadText") == ARTICLE


def test_a_reload_brings_all_back(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    page.on("dialog", lambda dialog: dialog.accept())
    answer_with(page, stream())
    check(page)
    page.keyboard.press("A")
    mark(page, "^men$").click()
    page.keyboard.press("r")
    write(page, "crazy", "madness")
    assert "this tab remembers it" in (page.text_content("#privacy") or "")
    page.reload()
    status(page, "What was on this page before is back.")
    count(card(page, "accepted"), 9)
    mark(page, "crazy").click()
    assert page.input_value(".card.current .own input") == "madness"
    page.keyboard.press("u")
    page.keyboard.press("u")
    assert downloaded(page, "downloadText") == ARTICLE
    page.click("[data-do=fresh]")
    page.reload()
    page.wait_for_selector("#privacy:has-text('this tab remembers it')")
    assert page.input_value("#text") == "" and page.locator("#desk").is_hidden()


def test_a_reload_in_the_middle_checks_again_and_keeps_what_was_decided(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit(address)
    page.on("dialog", lambda dialog: dialog.accept())
    begin(page)
    write(page, "crazy", "madness")
    page.keyboard.press("Enter")
    answer_with(page, stream())
    page.reload()
    read(page)
    count(card(page, "accepted"), 1)


def test_nothing_is_kept_where_the_server_wants_it_so(visit: Callable[..., Page], serve: Callable[..., str]) -> None:
    page = visit(serve(drafts=False))
    page.on("dialog", lambda dialog: dialog.accept())
    check(page)
    page.keyboard.press("A")
    status(page, "Accepted")
    page.reload()
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage])") == "[{},{}]"
    assert page.input_value("#text") == ""
