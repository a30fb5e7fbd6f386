"""The editor's hour: keys, decisions and seconds on the page from pasting an article to copying it decided.

A script does on the page, in Chromium, what an editor would: `one by one` accepts the safe fixes and decides about
every other finding; `by certainty` accepts the sure ones, decides about each of the likely ones, about the same words
once, and leaves the doubtful ones folded. A fix that leads is accepted, anything else rejected: what an editor would
write costs the same keys on both ways, and is not counted. Both work on the same answer of the server.

    python -m benchmarks.desk [--no-model] [FILE]
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from benchmarks.load import keep, server
from benchmarks.results import FOLDER, Line
from benchmarks.speed import machine
from repair import __version__

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

WAYS = ("one by one", "by certainty")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []  # the sandbox refuses the superuser
LONG = 3_600_000  # milliseconds
OPEN = ".card.current[data-status=open]"


def chromium() -> str | None:
    """The system's browser; None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@dataclass(slots=True)
class Hour:
    """What it took: keys, decisions, and seconds until the report was there and from then on."""

    keys: int = 0
    decisions: int = 0
    waited: float = 0.0
    worked: float = 0.0


def run(page: Page, text: str, way: str) -> Hour:
    """Work on `text`, on the page as it opens."""
    hour, began = Hour(), time.perf_counter()

    def press(key: str) -> None:
        page.keyboard.press(key)
        hour.keys += 1

    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.focus("#text")
    press("Control+V")
    page.wait_for_selector("#summary:has-text('decide')")
    hour.waited = time.perf_counter() - began
    began = time.perf_counter()
    if page.is_enabled("#accept-safe"):
        press("A")
    if way == "one by one":
        page.select_option("#grouping", "sentence")
        page.click("#list .card[data-status=open] .head >> nth=0")
    while page.locator(OPEN).count():
        same = way == "by certainty" and page.locator(f"{OPEN} .same").count() > 0
        press("a" if page.locator(f"{OPEN} .primary").count() else "r")
        hour.decisions += 1
        if same:
            press("s")
    press("Enter")  # the button that copies has the focus
    page.wait_for_selector("#status:has-text('copied')")
    hour.worked = time.perf_counter() - began
    return hour


def opened(browser: Browser, address: str) -> Page:
    """The page in a fresh window."""
    page = browser.new_context(permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce").new_page()
    page.set_default_timeout(LONG)
    page.goto(address)
    return page


def answers(page: Page, body: str) -> list[Response]:
    """Has every check answered with `body`, where there is one; else the answers that will have been heard."""
    heard: list[Response] = []
    if body:
        page.route("**/api/fix", lambda route: route.fulfill(content_type="application/x-ndjson", body=body))
    else:
        page.on("response", lambda one: heard.append(one) if one.url.endswith("/api/fix") else None)
    return heard


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True), default=Path("tests/article.txt"))
@click.option("--no-model", is_flag=True, help="Serve rules and lexicon only.")
@click.option("--answer", type=click.Path(path_type=Path, exists=True), help="Answer with these recorded lines.")
@click.option("--out", type=click.Path(path_type=Path), default=FOLDER / "desk.jsonl", help="The result file.")
def main(file: Path, no_model: bool, answer: Path | None, out: Path) -> None:
    """Work on an article both ways and tell what it took."""
    from playwright.sync_api import sync_playwright

    text = file.read_text(encoding="utf-8")
    hours: dict[str, Hour] = {}
    body = answer.read_text(encoding="utf-8") if answer else ""
    with server(no_model or answer is not None) as host, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for way in WAYS:
            page = opened(browser, f"http://{host}")
            heard = answers(page, body)
            hours[way] = run(page, text, way)
            # asked again, which the server remembers: the browser does not keep what came in pieces
            body = body or page.request.fetch(heard[0].request).text()
        browser.close()
    case, signature = f"{file.name}{', rules and lexicon' if no_model else ''}", f"{machine()}|repair:{__version__}"
    lines = [
        Line(case, way, metric, round(value, 2), None, None, len(text.split()), signature)
        for way, hour in hours.items()
        for metric, value in (
            ("keys", hour.keys),
            ("decisions", hour.decisions),
            ("seconds besides the server's", hour.worked),
        )
    ]
    Console().print("\n".join(f"{line.peer:14} {line.metric:30} {line.value:8.1f}" for line in lines))
    keep(lines, out)


if __name__ == "__main__":
    main()
