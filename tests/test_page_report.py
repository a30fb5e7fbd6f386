"""The page of `repair batch report` in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archives import BAD, batch

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_a_long_name_does_not_push_the_page_out_of_view(browser: Browser, tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / ("f" * 240)).mkdir(parents=True)
    (source / ("f" * 240) / f"{'a' * 236}.txt").write_text(f"{BAD} They met SH.BA , Ministria said.\n")
    (source / f"{'b' * 235}.json").write_text("{")
    assert batch("run", source, tmp_path / "out") == 2
    page = tmp_path / "page.html"
    assert batch("report", tmp_path / "out", "--html", page) == 0
    shown = browser.new_page(viewport={"width": 1000, "height": 700})
    shown.goto(page.as_uri())
    wide = "[document.documentElement, ...document.querySelectorAll('.wide')]"
    assert shown.evaluate(f"{wide}.map(one => one.scrollWidth - one.clientWidth)") == [0] * (
        1 + shown.locator(".wide").count()
    )
    shown.close()
