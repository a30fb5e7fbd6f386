"""The editor's page in a real browser: writing in the article itself, a sentence at a time."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from page import (
    ARTICLE,
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

from repair.edits import Edit, apply
from repair.text import Span

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Request

LACK = "Will underline the lack of European contribution"


def sentence(page: Page, words: str) -> Locator:
    return page.locator("#article .sentence", has_text=words).first


def rewrite(page: Page, words: str, new: str) -> None:
    """Puts `new` in the place of the sentence with these words, and leaves the field open."""
    sentence(page, words).dblclick()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(new)


def asked(page: Page) -> list[dict[str, Any]]:
    """What is sent to be read from now on."""
    sent: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/fix"):
            sent.append(dict(request.post_data_json or {}))

    page.on("request", note)
    return sent


def changed_words(request: dict[str, Any]) -> list[str]:
    return [request["text"][start:end].strip() for start, end in request["changed"]]


def test_a_sentence_is_written_anew_in_its_place_and_read_again_alone(visit: Callable[..., Page], address: str) -> None:
    text = f"🙂 It rains.\n{ARTICLE}"
    page = visit(address)
    check(page, text)
    page.keyboard.press("A")
    status(page, "Accepted")
    decided = downloaded(page, "downloadText")
    accepted, findings = card(page, "accepted").count(), page.locator(".card").count()
    sent = asked(page)
    rewrite(page, LACK, "It shows a lack of SH.BA .")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "textbox"
    page.keyboard.press("Enter")
    status(page, "What you changed was read again: 2 findings")
    assert [changed_words(one) for one in sent] == [["It shows a lack of SH.BA ."]]
    count(card(page, "accepted"), accepted)
    count(page.locator(".card"), findings + 1)  # one of the old words is gone, two are new
    marks = page.locator("#article .sentence:has-text('It shows') mark").all()  # one is cut where the new words end
    assert len({one.get_attribute("data-key") for one in marks}) == 2
    page.keyboard.press("A")
    status(page, "Accepted 2 safe fixes")
    old = next(line for line in text.split("\n") if line.startswith("Will underline"))
    assert downloaded(page, "downloadText") == decided.replace(old, "It shows a lack of the US.")
    page.keyboard.press("b")
    assert page.locator("#rows .changed del", has_text="Will underline").is_visible()
    page.keyboard.press("b")
    for _ in range(2):
        page.keyboard.press("u")
    status(page, "Undone")
    assert downloaded(page, "downloadText") == decided
    for _ in range(2):
        page.keyboard.press("U")
    assert downloaded(page, "downloadText") == decided.replace(old, "It shows a lack of the US.")


def test_what_was_decided_about_words_that_stay_stays(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    for words in ("Sh.ba", "Insure", "crazy"):
        mark(page, f"^{words}").first.click()
        page.keyboard.press("r" if words == "crazy" else "1")
        status(page, "Rejected" if words == "crazy" else "Accepted")
    page.unroute("**/api/fix")
    said = "that crazy is this moving"
    sentence(page, said).dblclick()
    words = page.inner_text("[contenteditable]")
    assert words.startswith("“Secure that crazy")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(words.replace("is this moving", "this is"))
    page.keyboard.press("Enter")
    status(page, "read again")
    count(card(page, "accepted"), 2)
    count(card(page, "rejected"), 1)
    assert "“Secure that crazy this is,” said" in downloaded(page, "downloadText")
    mark(page, "Secure").click()
    page.keyboard.press("d")  # open again: the words before the decision come back
    assert "“Insure that crazy this is,” said" in downloaded(page, "downloadText")


@pytest.mark.parametrize("leave", ["Escape", "click", "Alt+ArrowDown", "copy"])
def test_leaving_the_sentence_takes_what_was_written(visit: Callable[..., Page], address: str, leave: str) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    check(page)
    rewrite(page, LACK, "A jar, a rake and dust.")  # letters that are keys elsewhere
    assert page.locator(".card:not([data-status=open])").count() == 0
    if leave == "click":
        page.click("#summary")
    elif leave == "copy":
        page.click("[data-do=copy]")
        page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('A jar, a rake'))")
    else:
        page.keyboard.press(leave)
    if leave == "Alt+ArrowDown":  # and goes on to the next
        assert page.inner_text("[contenteditable]").startswith("“This is the beginning")
        page.keyboard.press("Escape")
    page.wait_for_selector("[contenteditable]", state="detached")
    assert "\nA jar, a rake and dust.\n" in downloaded(page, "downloadText")


def test_nothing_is_sent_and_nothing_to_undo_where_nothing_was_written(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit(address)
    check(page)
    sent = asked(page)
    mark(page, "one officials").click()
    page.keyboard.press("E")
    assert "one officials" in page.inner_text("[contenteditable]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[contenteditable]", state="detached")
    assert page.is_disabled("#undo") and sent == []
    page.keyboard.press("j")  # keys are keys again
    assert page.evaluate("document.activeElement.className") == "head"


def test_what_arrives_meanwhile_leaves_the_sentence_alone(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_by_hand(page)
    page.fill("#text", ARTICLE)
    page.click("#check")
    start, report = stream()
    send(page, [start])
    rewrite(page, LACK, "It shows a l")
    field = page.query_selector("[contenteditable]")
    assert field
    send(page, [report], last=True)
    read(page)
    page.keyboard.type("ack.")
    assert field.evaluate("field => field === document.activeElement && field.textContent") == "It shows a lack."
    page.evaluate("delete document.body.dataset.asked")
    page.keyboard.press("Enter")
    send(page, [json.dumps({"type": "error", "error": "too many texts at a time"}) + "\n"], last=True)
    page.wait_for_selector("[role=alert] >> text=too many texts")
    assert "\nIt shows a lack.\n" in downloaded(page, "downloadText")
    assert page.locator("#strip [data-state=unread]").count() == 1  # and it does not look read
    assert page.locator("#end").is_hidden()


def test_a_lost_server_is_asked_again_for_all_that_was_changed(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page)
    page.route("**/api/fix", lambda route: route.abort())
    for words, new in ((LACK, "It shows a lack of SH.BA ."), ("told Financial Times", "He told us.")):
        rewrite(page, words, new)
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert] >> text=The server does not answer")
    page.unroute("**/api/fix")
    sent = asked(page)
    page.click("[role=alert] [data-do=retry]")
    status(page, "What you changed was read again")
    (request,) = sent
    assert changed_words(request) == ["It shows a lack of SH.BA .", "He told us."]
    assert page.locator("#strip [data-state=unread]").count() == 0


def test_a_reload_brings_back_what_was_being_written(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    page.on("dialog", lambda dialog: dialog.accept())
    check(page)
    page.keyboard.press("A")
    rewrite(page, LACK, "It shows a lack of SH.BA .")
    sent = asked(page)
    page.reload()
    status(page, "What you changed was read again: 2 findings")
    assert [changed_words(one) for one in sent] == [["It shows a lack of SH.BA ."]]
    assert "\nIt shows a lack of SH.BA .\n" in downloaded(page, "downloadText")
    page.keyboard.press("u")
    page.keyboard.press("u")
    assert downloaded(page, "downloadText") == ARTICLE


def test_edits_of_edits_are_edits_of_the_original(visit: Callable[..., Page], address: str) -> None:
    """`composed` in edits.js against doing one after the other."""
    page, chance = visit(address), random.Random(5)
    for _ in range(40):
        text = original = "".join(chance.choices("abc ", k=30))
        steps: list[dict[str, Any]] = []
        for _ in range(6):
            start, end = sorted(chance.choices(range(len(text) + 1), k=2))
            steps.append({"start": start, "end": min(end, start + 5), "text": "XYZ"[: chance.randrange(4)]})
            text = text[:start] + steps[-1]["text"] + text[steps[-1]["end"] :]
        edits = page.evaluate(
            """async ([original, steps]) => {
              const { carriedOut, composed } = await import("/static/edits.js");
              return steps.reduce((edits, step) => composed(edits, carriedOut(original, edits), step), []);
            }""",
            [original, steps],
        )
        assert apply(original, [Edit(Span(e["start"], e["end"]), e["text"]) for e in edits]) == text
        assert all(a["end"] < b["start"] for a, b in pairwise(edits))
