"""The editor's page while a text is read: what it shows and says, and how the reading is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import requests
from page import (
    ARTICLE,
    answer_by_hand,
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


def test_a_clean_text_says_so(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page, "The talks begin on Monday. Two officials said so.")
    assert "2 of 2 sentences need nothing" in page.inner_text("#summary")
    assert page.locator(".card").count() == 0


def test_results_appear_while_a_long_text_is_read(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    page.evaluate(
        """() => {
          window.seen = [];
          const note = () => window.seen.push([document.querySelectorAll(".card").length, read.value]);
          new MutationObserver(note).observe(reading, { childList: true });
        }"""
    )
    check(page, f"{ARTICLE}\n\n" * 8)
    seen = page.evaluate("window.seen")
    shares = [share for _, share in seen if share]
    assert len(shares) > 8 and shares == sorted(shares)
    assert any(0 < count < page.locator(".card").count() for count, _ in seen)
    assert page.locator("#progress").is_hidden()


def test_the_look_under_way_is_named_and_nothing_is_called_sound_before_the_end(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit(address)
    answer_by_hand(page)
    page.fill("#text", ARTICLE)
    page.click("#check")
    start, report = stream()
    half = {"type": "findings", "read": len(ARTICLE) // 2, "findings": []}
    events = [half, *({"type": "progress", **step} for step in STEPS)]
    send(page, [start])
    shares = []
    for event, told in zip(events, TOLD, strict=True):
        send(page, [json.dumps(event) + "\n"])
        page.wait_for_selector(f"#reading:has-text('{told}')")
        shares.append(page.evaluate("read.value"))
        assert page.locator("#strip [data-state=clean]").count() == page.locator("#list .clean").count() == 0
    del shares[1]  # of the one ahead nobody knows how long it takes
    assert shares == sorted(shares) and shares[0] < 0.2 and shares[-1] < 1
    send(page, [report], last=True)
    read(page)
    assert page.locator("#strip [data-state=clean]").count() > 0


STEPS = (
    {"stage": "waiting", "done": 0, "total": 1},
    {"stage": "reading", "done": 0, "total": 1},
    {"stage": "looking", "done": 3, "total": 8},
    {"stage": "again", "done": 1, "total": 4},
)
TOLD = (
    "A first reading … 49 %",
    "1 article is ahead of yours",
    "first look",
    "second look, 3 of 8 doubtful places",
    "Reading again",
)


def test_reading_can_be_stopped_and_what_was_read_stays(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    request = {"json": {"text": ARTICLE}, "headers": {"Accept": "application/x-ndjson"}, "timeout": 60}
    lines = requests.post(f"{address}/api/fix", **request).text.splitlines(keepends=True)[:4]  # type: ignore[arg-type]
    page.evaluate(
        """(lines) => {
          window.fetch = async (_, { signal }) => new Response(new ReadableStream({
            start(stream) {
              stream.enqueue(new TextEncoder().encode(lines));
              signal.addEventListener("abort", () => stream.error(new DOMException("stopped", "AbortError")));
            },
          }));
        }""",
        "".join(lines),
    )
    page.fill("#text", ARTICLE)
    page.click("#check")
    page.wait_for_selector("#reading:has-text('51 %')")
    count(card(page), sum(len(json.loads(line).get("findings", [])) for line in lines))
    assert page.inner_text("#summary") == "9 findings so far"
    mark(page, "Sh.ba").click()
    page.keyboard.press("a")
    page.click("[data-do=stop]")
    status(page, "Stopped. What was read so far is shown.")
    page.wait_for_selector("#progress", state="hidden")
    assert downloaded(page, "downloadText") == ARTICLE.replace("(by Sh.ba", "(by the US")


def test_with_the_original_what_is_missing_is_written_in_and_numbers_are_looked_up_again(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit(address)
    page.click("details.original > summary")
    page.fill("#source", "Погибли 53 человека. Министр не подписал закон об этом в четверг вечером. Он ушёл.")
    check(page, "There 35 people died. The minister signed the law about this on Thursday evening. He left.")
    assert "The source has no such number; it has “53”" in page.inner_text("#list")
    page.locator(".card", has_text="Negation differs").click()
    page.fill(".card.current .own input", "never")
    page.click(".card.current .own button")
    status(page, "Accepted")
    page.locator("#article .sentence", has_text="35 people").dblclick()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text("There 53 people died.")
    page.keyboard.press("Enter")
    status(page, "nothing found")
    count(page.locator(".card", has_text="Number differs"), 0)
    assert downloaded(page, "downloadText") == (
        "There 53 people died. The minister never signed the law about this on Thursday evening. He left."
    )
