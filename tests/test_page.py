"""The editor's page, driven in a real browser against a real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from lxml import html

from repair.edits import Edit, apply
from repair.segment import read_document
from repair.text import Span

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "repair/serve/page"
ARTICLE = (ROOT / "tests/article.txt").read_text(encoding="utf-8")
MISSING = "no browser to test the page with; run: make setup-browser"
STEP = 60_000  # milliseconds that a step may take on a machine with other work


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        pytest.fail(MISSING, pytrace=False)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or pytest.fail(MISSING, pytrace=False)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # the sandbox refuses the superuser
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh window. At the end: no error in it, and nothing was asked of anybody else."""
    opened: list[tuple[Page, str, list[str], list[str]]] = []

    def open_page(address: str, **options: Any) -> Page:
        context = browser.new_context(reduced_motion="reduce", accept_downloads=True, **options)
        page = context.new_page()
        page.set_default_timeout(STEP)
        asked: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(address)
        opened.append((page, address, asked, errors))
        return page

    yield open_page
    for page, address, asked, errors in opened:
        page.context.close()
        assert [url for url in asked if not url.startswith((address, "blob:"))] == []
        # the browser itself notes every answer that is an error
        assert [error for error in errors if not error.startswith("Failed to load resource")] == []


def check(page: Page, text: str = ARTICLE) -> None:
    page.fill("#text", text)
    page.click("#check")
    read(page)


def read(page: Page) -> None:
    """Waits until the whole text has been read."""
    page.wait_for_selector("#summary:has-text('decide')")


def status(page: Page, text: str) -> None:
    page.wait_for_selector(f"#status:has-text('{text}')")


def escape(page: Page, dialog: str) -> None:
    """Closes a dialog, which the browser does a moment after the key."""
    page.keyboard.press("Escape")
    page.wait_for_selector(dialog, state="hidden")


def count(locator: Any, number: int) -> None:
    """Waits until there are so many."""
    from playwright.sync_api import expect

    expect(locator).to_have_count(number, timeout=STEP)


def card(page: Page, status_name: str = "open") -> Any:
    return page.locator(f".card[data-status={status_name}]")


def mark(page: Page, text: str) -> Any:
    return page.locator("#article mark", has_text=re.compile(text))


def downloaded(page: Page, button: str) -> str:
    page.click("#downloads summary")
    with page.expect_download() as download:
        page.click(f"[data-do={button}]")
    return Path(download.value.path()).read_text(encoding="utf-8")


def fixed(address: str, text: str = ARTICLE) -> dict[str, Any]:
    answer = requests.post(f"{address}/api/fix", json={"text": text}, timeout=60)
    result: dict[str, Any] = answer.json()
    return result


def with_repairs(text: str, repairs: list[dict[str, Any]]) -> str:
    return apply(text, [Edit(Span(repair["start"], repair["end"]), repair["after"]) for repair in repairs])


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
    assert told and told.endswith("in Albanian. The paragraph has no final stop.")  # two sentences, not one
    quoted = page.locator(".card", has_text="Sh.ba and Russia")
    assert "quotation: for you to decide" in quoted.first.inner_text()


def test_decisions_are_what_is_downloaded(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page)
    report = fixed(address)
    repairs = {repair["before"]: repair for repair in report["applied"] + report["not_applied"]}

    mark(page, "Sh.ba").click()
    page.click(".card.current [data-do=accept]")
    status(page, "Accepted: “the US”. 10 to decide.")
    mark(page, "one officials").click()
    page.click(".card.current [data-do=reject]")
    status(page, "Rejected")
    assert downloaded(page, "downloadText") == with_repairs(ARTICLE, [repairs["Sh.ba"]])

    page.click("#accept-safe")
    status(page, "Accepted 5 safe fixes. 4 to decide.")
    safe = [repair for repair in report["applied"] if repair["before"] != "one officials"]
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
    assert [row.text_content() for row in marked.xpath("//tr/td[5]")].count("accepted") == 6
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
    page.keyboard.press("1")
    status(page, "Accepted: “the US”")
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


def test_single_keys_can_be_switched_off(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page)
    page.keyboard.press("?")
    page.uncheck("#single-keys")
    escape(page, "#help")
    page.keyboard.press("A")
    page.click("#accept-safe")
    status(page, "Accepted 6 safe fixes")  # by the click: the key had left them
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


def test_findings_are_grouped_as_asked(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page)
    assert "4 sentences need nothing" in page.inner_text("#list")
    page.select_option("#grouping", "category")
    titles = page.locator("#list h3").all_inner_texts()
    assert titles == ["Not translated", "Something is missing", "Grammar", "Spacing", "Punctuation"]
    assert "22 sentences need nothing" in page.inner_text("#list")


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
    assert page.inner_text("#summary") == "7 findings so far"
    mark(page, "Sh.ba").click()
    page.keyboard.press("a")
    page.click("[data-do=stop]")
    status(page, "Stopped. What was read so far is shown.")
    page.wait_for_selector("#progress", state="hidden")
    assert downloaded(page, "downloadText") == ARTICLE.replace("(by Sh.ba", "(by the US")


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
    "article.html": f"<title>x</title><p>{'</p><p>'.join(TEXT.replace('&', '&amp;').splitlines())}".encode(),
    "article.docx": word_document(TEXT),
}


@pytest.mark.parametrize("name", FILES)
def test_a_dropped_file_is_read(visit: Callable[..., Page], address: str, name: str) -> None:
    page = visit(address)
    drop(page, name, FILES[name])
    read(page)
    page.keyboard.press("A")
    status(page, "Accepted")
    newline = "\r\n" if name.endswith(".txt") else "\n"  # as it was
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
        ("a.pdf", b"%PDF", "cannot be read here"),
        ("a.docx", b"PK no", "not a sound Word document"),
        ("a.txt", b"caf\xe9", "not UTF-8"),
    ]:
        drop(page, name, data)
        page.wait_for_selector(f"[role=alert] >> text={told}")
    assert page.locator("#text").is_visible()


def test_leaving_undecided_work_is_asked_about(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page)
    page.keyboard.press("A")
    page.click("[data-do=fresh]")
    page.click("#leaving [value=stay]")
    page.wait_for_selector("#leaving", state="hidden")
    count(card(page, "accepted"), 6)
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
    page.wait_for_selector("[role=alert] >> text=The server does not answer")
    assert "the US." in page.input_value("#text")
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
            for button in page.locator("#downloads button").all():
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
