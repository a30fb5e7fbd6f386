"""What an editor does on the page, for tests that drive it in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from repair.config import Config
from repair.edits import Edit, apply
from repair.pipeline import Repairer
from repair.segment import read_document
from repair.serve.levels import Levels
from repair.text import Span

if TYPE_CHECKING:
    from playwright.sync_api import Page


ROOT = Path(__file__).parents[1]
PAGE = ROOT / "repair/serve/page"
STEP = 60_000  # milliseconds that a step may take on a machine with other work
ARTICLE = (ROOT / "tests/article.txt").read_text(encoding="utf-8")
# What a server with the language model has said of the article.
REPORT: dict[str, Any] = json.loads((ROOT / "tests/article-report.json").read_text(encoding="utf-8"))


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


def stream(report: dict[str, Any] = REPORT, text: str = ARTICLE, previews: Sequence[dict[str, Any]] = ()) -> list[str]:
    """The lines in which a server answers with `report`; `previews` are the events between the first and the last."""
    read = read_document(text)
    ranges = {
        "sentences": [[s.start, s.end] for s in read.sentences],
        "quotations": [[q.start, q.end] for q in read.quotations],
    }
    levels = Levels(Repairer(Config(no_model=True))).of(text, loaded=True)
    start = {"type": "start", "length": len(text), **ranges, "certainties": levels}
    return [json.dumps(event) + "\n" for event in (start, *previews, {"type": "report", **report})]


def answer_with(page: Page, lines: Sequence[str]) -> None:
    """From now on every check on the page is answered with these lines."""
    page.route("**/api/fix", lambda route: route.fulfill(content_type="application/x-ndjson", body="".join(lines)))


def answer_by_hand(page: Page) -> None:
    """From now on a check is answered with what `send` sends, when it sends it."""
    page.evaluate(
        """() => {
          const real = window.fetch;
          window.fetch = async (path, options) => {
            if (path !== "/api/fix") return real(path, options);
            return new Response(new ReadableStream({
              start(stream) {
                window.answer = stream;
                document.body.dataset.asked = "";
                options.signal.addEventListener("abort", () => stream.error(new DOMException("stopped", "AbortError")));
              },
            }));
          };
        }"""
    )


def send(page: Page, lines: Sequence[str], last: bool = False) -> None:
    """Sends lines, once they are asked for; the `last` end the answer."""
    page.wait_for_selector("body[data-asked]")
    page.evaluate(
        """([lines, last]) => {
          answer.enqueue(new TextEncoder().encode(lines));
          if (last) answer.close();
        }""",
        ["".join(lines), last],
    )
