"""The editor's page in a real browser: files, what goes wrong, small screens and screen readers."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from page import (
    ARTICLE,
    PAGE,
    answer_by_hand,
    answer_with,
    card,
    check,
    count,
    escape,
    fixed,
    mark,
    read,
    send,
    status,
    stream,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page


def word_document(text: str) -> bytes:
    from docx import Document

    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def drop(page: Page, name: str, data: bytes) -> None:
    page.evaluate(
        """([name, bytes]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
          for (const kind of ["dragenter", "dragover", "drop"])
            document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [name, list(data)],
    )


TEXT = "Talks with SH.BA go on.\nOne officials said “no” & left."
FILES = {
    "article.txt": TEXT.replace("\n", "\r\n").encode(),
    "article.md": TEXT.encode(),
    "article.html": f"<p>{'</p><p>'.join(TEXT.replace('&', '&amp;').splitlines())}".encode(),
    "article.docx": word_document(TEXT),
}


@pytest.mark.parametrize("name", FILES)
def test_a_dropped_file_is_read(visit: Callable[..., Page], address: str, name: str) -> None:
    page = visit(address)
    drop(page, name, FILES[name])
    read(page)
    page.keyboard.press("A")
    status(page, "Accepted")
    newline = {"article.txt": "\r\n", "article.md": "\n"}.get(name, "\n\n")  # as it was, or between paragraphs
    page.click("#downloads summary")
    with page.expect_download() as download:
        page.click("[data-do=downloadText]")
    assert download.value.suggested_filename == "article-repaired.txt"
    written = Path(download.value.path()).read_bytes().decode()
    assert written == fixed(address, TEXT)["output"].replace("\n", newline) != TEXT


def test_another_article_loses_the_name_of_the_file(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    page.route("**/api/fix", lambda route: route.abort())
    drop(page, "wire.txt", FILES["article.txt"])
    page.wait_for_selector("[role=alert] >> text=The server does not answer")
    page.unroute("**/api/fix")
    page.click("#text")
    page.keyboard.press("Control+A")
    page.dispatch_event("#text", "paste")
    check(page)
    page.click("#downloads summary")
    with page.expect_download() as download:
        page.click("[data-do=downloadText]")
    assert download.value.suggested_filename == "article-repaired.txt"


def test_what_cannot_be_read_is_refused_in_words(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    for name, data, told in [
        ("a.pdf", b"%PDF", "this kind of file is not read"),
        ("a.docx", b"PK no", "not a sound Word document"),
        ("a.txt", b"caf\xe9", "not UTF-8"),
    ]:
        drop(page, name, data)
        page.wait_for_selector(f"[role=alert] >> text={told}")
    assert page.locator("#text").is_visible()


def test_leaving_undecided_work_is_asked_about(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    page.keyboard.press("A")
    page.click("[data-do=fresh]")
    page.click("#leaving [value=stay]")
    page.wait_for_selector("#leaving", state="hidden")
    count(card(page, "accepted"), 9)
    page.click("[data-do=fresh]")
    page.click("#leaving [value=leave]")
    page.wait_for_selector("#text")  # a dialog tells what was answered a moment after it has closed
    assert page.input_value("#text") == ""


def test_a_server_that_stops_loses_nothing(visit: Callable[..., Page]) -> None:
    def start(port: str) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "repair", "serve", "--no-model", "--port", port]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert process.stderr
        found = re.search(r"http://[\d.]+:(\d+)", process.stderr.readline())
        assert found
        return process, found[0]

    first, address = start("0")
    try:
        page = visit(address)
        check(page)
        page.keyboard.press("A")
        page.click("[data-do=edit]")
    finally:
        first.terminate()
        first.communicate(timeout=30)
    page.click("#check")
    page.click("#checking [value=yes]")
    page.wait_for_selector("[role=alert] >> text=The server does not answer")
    assert "talks with the US\n" in page.input_value("#text")
    again, _ = start(address.rpartition(":")[2])
    try:
        page.click("[role=alert] [data-do=retry]")
        read(page)
        assert page.locator("[role=alert] p").count() == 0
    finally:
        again.terminate()
        again.communicate(timeout=30)


def test_too_long_a_text_is_refused_in_words(visit: Callable[..., Page], serve: Callable[..., str]) -> None:
    page = visit(serve(max_body=2000))
    page.fill("#text", ARTICLE)
    page.click("#check")
    page.wait_for_selector("[role=alert] >> text=longer than 2,000 bytes")
    assert page.locator("[data-do=retry]").count() == 0  # the same text would be refused again


def test_a_busy_server_is_asked_again(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    refusals = [503, 503]

    def refuse(route: Any) -> None:
        if refusals:
            route.fulfill(status=refusals.pop(), headers={"Retry-After": "1"}, json={"error": "busy"})
        else:
            route.continue_()

    page.route("**/api/fix", refuse)
    page.evaluate(
        """() => {
          window.said = [];
          const note = () => window.said.push(document.getElementById("status").textContent);
          new MutationObserver(note).observe(document.getElementById("status"), { childList: true });
        }"""
    )
    check(page)
    said = page.evaluate("window.said")  # it does not stand there for long
    assert [f"The server is busy: trying again in 1 second, {left} tries left." for left in (4, 3)] == said[1:3]
    page.unroute("**/api/fix")
    page.route("**/api/fix", lambda route: route.fulfill(status=503, headers={"Retry-After": "0.1"}, json={}))
    page.click("[data-do=edit]")
    page.click("#check")
    page.wait_for_selector("[role=alert] >> text=still busy")


def test_a_token_is_asked_for(visit: Callable[..., Page], serve: Callable[..., str]) -> None:
    page = visit(serve(token="s3cret"))
    page.fill("#text", ARTICLE)
    page.click("#check")
    page.fill("#token", "s3cret")
    page.keyboard.press("Enter")
    read(page)


def screens(page: Page) -> Iterator[str]:
    """Leads through every screen of the page."""
    yield "writing"
    check(page)
    yield "review"
    mark(page, "Sh.ba").click()
    page.keyboard.press("A")
    yield "a finding"
    page.keyboard.press("b")
    yield "before and after"
    page.keyboard.press("b")
    page.click("#downloads summary")
    yield "downloads"
    page.keyboard.press("?")
    page.wait_for_selector("#help")
    yield "help"
    escape(page, "#help")


def test_a_phone_needs_no_sideways_scrolling(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, viewport={"width": 360, "height": 740}, has_touch=True)
    for screen in screens(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, screen
        if screen == "downloads":
            for button in page.locator("#downloads button:visible").all():
                box = button.bounding_box()
                assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
                foot = [box["x"] + box["width"] / 2, box["y"] + box["height"] - 2]
                assert button.evaluate("(it, at) => it.contains(document.elementFromPoint(...at))", foot)  # seen
        if screen == "a finding":  # its buttons stand at the bottom, the mark above them
            accept = page.locator(".card.current [data-do=accept]").bounding_box()
            current = page.locator("mark[data-current]").bounding_box()
            sheet = page.locator(".card.current").bounding_box()
            assert accept and current and sheet
            assert accept["y"] + accept["height"] <= 740
            assert current["y"] + current["height"] <= sheet["y"]


@pytest.mark.parametrize(
    ("width", "height"), [(390, 844), (720, 450), (1440, 900)]
)  # the second: letters twice as large
def test_no_mark_that_is_gone_to_lies_under_anything(
    visit: Callable[..., Page], address: str, width: int, height: int
) -> None:
    page = visit(address, viewport={"width": width, "height": height})
    answer_with(page, stream())
    check(page)
    page.focus("#level")
    for _ in range(20):
        page.keyboard.press("j")
        covered = page.evaluate(
            """() => {
              const mark = document.querySelector("mark[data-current]");
              const seen = ({ left, top, width, height }) =>
                mark.contains(document.elementFromPoint(left + width / 2, top + height / 2));
              return [...mark.getClientRects()].filter((box) => !seen(box)).length;
            }"""
        )
        assert covered == 0, page.inner_text("mark[data-current]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_sheet_leads_on_back_and_away_and_fingers_hit(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, viewport={"width": 390, "height": 844}, has_touch=True)
    answer_with(page, stream())
    check(page)
    mark(page, "^high$").click()
    page.click(".current [aria-label='Next finding']")
    assert "scale" in page.inner_text(".card.current .line")
    page.click(".current [aria-label='Previous finding']")
    assert "high" in page.inner_text(".card.current .line")
    for button in page.locator("button:visible, summary:visible, select:visible, .current input").all():
        box = button.bounding_box()
        assert box and min(box["width"], box["height"]) >= 44, button.inner_text()
    page.click(".current [data-do=close]")
    assert page.locator(".card.current").count() == 0


def test_a_lost_server_is_told_where_it_is_seen(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, viewport={"width": 390, "height": 844})
    answer_by_hand(page)
    page.fill("#text", ARTICLE)
    page.click("#check")
    start, _ = stream()
    send(page, [start])
    page.mouse.wheel(0, 5000)
    page.evaluate("answer.error(new Error('gone'))")
    status(page, "The server does not answer")
    box = page.locator("#status").bounding_box()
    assert box and 0 <= box["y"] < 844


def test_a_removed_space_does_not_look_like_a_hyphen(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page, "The full -scale war.")
    gap = page.locator(".card .line del")
    assert gap.inner_text() == "␣"
    assert gap.evaluate("gap => getComputedStyle(gap).textDecorationLine") == "none"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_serious_to_say(visit: Callable[..., Page], address: str, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(address, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    axe = Axe()
    for screen in screens(page):
        violations = axe.run(page).response["violations"]
        found = [(v["id"], node["html"][:200], node["failureSummary"]) for v in violations for node in v["nodes"]]
        assert found == [], screen


def test_the_page_is_small_and_brings_no_inline_code() -> None:
    for file in PAGE.iterdir():
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) < (450 if file.suffix == ".css" else 300), file.name
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("https a browser", ""), file.name
    index = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", index)
