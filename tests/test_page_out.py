"""The editor's page in a real browser: a file goes out again with the changes, in its own form."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from docx import Document
from lxml import etree
from page import ARTICLE, REPORT, answer_with, card, check, count, mark, read, status, stream
from test_page_files import drop, word_document
from test_page_writing import LACK, rewrite

if TYPE_CHECKING:
    from playwright.sync_api import Page

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LINE_ENDS = re.compile(r"\n+")
PARAGRAPHS = LINE_ENDS.sub("\n\n", ARTICLE)  # as a Word document is read


def reported() -> dict[str, Any]:
    """The report on the article, for its text in paragraphs."""

    def moved(node: Any) -> Any:
        if isinstance(node, list):
            return [moved(one) for one in node]
        if not isinstance(node, dict):
            return node
        result = {key: moved(value) for key, value in node.items()}
        if "start" in node:
            result |= {side: len(LINE_ENDS.sub("\n\n", ARTICLE[: node[side]])) for side in ("start", "end")}
        return result

    report: dict[str, Any] = moved(REPORT)
    return report


def saved(page: Page, button: str) -> tuple[str, bytes]:
    page.click("#downloads summary")
    with page.expect_download() as download:
        page.click(f"#downloads button:has-text('{button}')")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def texts(document: bytes, *names: str) -> list[str]:
    """The texts of the elements with these names in a Word document."""
    root = etree.fromstring(ZipFile(BytesIO(document)).read("word/document.xml"))
    return ["".join(node.itertext()) for node in root.iter(*(f"{W}{name}" for name in names))]


def paragraphs(document: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(document)).paragraphs]


def test_a_word_document_comes_back_with_tracked_changes_and_comments(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream(reported(), PARAGRAPHS))
    drop(page, "article.docx", word_document(ARTICLE))
    read(page)
    page.keyboard.press("A")
    mark(page, "Sh.ba").click()
    page.keyboard.press("a")
    mark(page, "crazy").click()
    page.keyboard.press("r")
    page.unroute("**/api/fix")
    rewrite(page, LACK, "It shows how little Europe contributes.")
    page.keyboard.press("Enter")
    status(page, "read again")
    accepted = card(page, "accepted").count()
    name, tracked = saved(page, "With tracked changes")
    assert name == "article-tracked.docx"
    status(page, "The file is downloaded")
    root = etree.fromstring(ZipFile(BytesIO(tracked)).read("word/document.xml"))
    authors = {node.get(f"{W}author") for node in root.iter(f"{W}ins", f"{W}del")}
    assert authors == {"repair"} and len(texts(tracked, "ins")) >= accepted - 4  # some only take out
    assert "Sh.ba" in texts(tracked, "del") and "the US" in texts(tracked, "ins")
    comments = etree.fromstring(ZipFile(BytesIO(tracked)).read("word/comments.xml"))
    said = ["".join(one.itertext()) for one in comments]
    assert len(said) == card(page, "open").count() + 18  # and the doubtful ones, which are folded
    assert any("Perhaps: “deployment”" in one for one in said)
    assert not any("terrorism" in one for one in said)  # that was decided
    assert {one.get(f"{W}author") for one in comments} == {"repair"}

    name, repaired = saved(page, "The file, repaired")
    assert name == "article-repaired.docx"
    page.click("#downloads summary")
    with page.expect_download() as download:
        page.click("[data-do=downloadText]")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert [one for one in paragraphs(repaired) if one] == text.split("\n\n")
    assert texts(repaired, "ins", "del") == []


HTML = b"""<!doctype html><title>Talks</title>
<h1 class="big">The talks</h1>
<p>One <i>officials</i> said &amp; left the full -scale talks .</p>
<blockquote>They met with SH.BA .</blockquote>
<!-- end --><script>var a = " .";</script>
"""
MARKDOWN = b"# The *talks*\n\n- One **officials** said `a .` and left [the talks](https://example.org/a) .\n"


def test_html_keeps_its_markup(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    drop(page, "a.html", HTML)
    read(page)
    assert "<" not in page.inner_text("#article")
    assert page.locator("#article .quoted", has_text="They met").count()  # its file says so
    page.keyboard.press("A")
    status(page, "Accepted")
    rewrite(page, "The talks", "The long talks")
    page.keyboard.press("Enter")
    status(page, "read again")
    name, data = saved(page, "The file, repaired")
    assert name == "a-repaired.html"
    fixed = HTML.replace(b"full -scale talks .", b"full-scale talks.").replace(b"officials</i>", b"official</i>")
    assert data == fixed.replace(b">The talks", b">The long talks")
    assert page.locator("#as-tracked").is_hidden()


def test_markdown_keeps_its_markup_also_when_the_whole_text_was_edited(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit(address)
    drop(page, "a.md", MARKDOWN)
    read(page)
    page.keyboard.press("A")
    page.click("[data-do=edit]")
    page.fill("#text", page.input_value("#text").replace("and left", "and soon left"))
    page.click("#check")
    page.click("#checking [value=yes]")
    read(page)
    _, data = saved(page, "The file, repaired")
    assert data == MARKDOWN.replace(b") .", b").").replace(b"and left", b"and soon left")


def test_a_reload_keeps_the_file_and_pasting_another_article_drops_it(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    page.on("dialog", lambda dialog: dialog.accept())
    drop(page, "a.md", MARKDOWN)
    read(page)
    page.keyboard.press("A")
    page.reload()
    status(page, "is back")
    _, data = saved(page, "The file, repaired")
    assert data == MARKDOWN.replace(b") .", b").")
    page.click("[data-do=fresh]")
    check(page)
    page.click("#downloads summary")
    assert page.locator("#as-file").is_hidden()


def test_what_the_file_cannot_take_is_told(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    drop(page, "a.md", MARKDOWN)
    read(page)
    page.keyboard.press("A")
    left = [{"start": 0, "end": 1, "text": "new", "reason": "it is not there"}]
    page.route("**/api/document/edited", lambda route: route.fulfill(json={"data": "", "left": left}))
    saved(page, "The file, repaired")
    page.wait_for_selector("[role=alert] >> text=1 change could not be put into the file: “new” (it is not there).")
    page.click("[data-do=fresh]")
    page.wait_for_selector("#leaving")  # not all of it is saved


def test_offsets_are_those_of_the_file(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    drop(page, "a.html", "<p>🙂 It <b>rained</b>.</p>\n<p>🙂 One 🙂 officials said SH.BA .</p>".encode())
    read(page)
    page.keyboard.press("A")
    rewrite(page, "It rained", "🙂 It poured.")
    page.keyboard.press("Enter")
    status(page, "read again")
    count(card(page, "accepted"), 2)
    _, data = saved(page, "The file, repaired")
    assert re.fullmatch("<p>🙂 It <b>poured</b>.</p>\n<p>🙂 One 🙂 officials said the US.</p>", data.decode())
