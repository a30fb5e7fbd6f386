"""The list of findings on the editor's page: what leads, what is folded, and what a level shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from page import (
    answer_with,
    check,
    count,
    mark,
    status,
    stream,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page


def titles(page: Page) -> list[str]:
    return [title.split("Accept")[0].strip() for title in page.locator("#list h3").all_inner_texts()]


def test_findings_are_grouped_as_asked(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    check(page)
    assert titles(page) == ["Sure", "In quotations", "Likely garbled: choose or write"]
    page.select_option("#grouping", "sentence")
    assert "4 sentences need nothing" in page.inner_text("#list")
    page.select_option("#grouping", "category")
    expected = ["Wrong meaning", "Not translated", "Something is missing", "Grammar", "Spacing", "Punctuation"]
    assert titles(page) == [*expected, "Not how English puts it"]
    assert "19 sentences need nothing" in page.inner_text("#list")
    page.focus("#list .head >> nth=0")
    page.keyboard.press("j")
    focused = "[...document.querySelectorAll('.card')].indexOf(document.activeElement.closest('.card'))"
    seen = []
    for _ in range(page.locator(".card").count() - 1):
        seen.append(page.evaluate(focused))
        page.keyboard.press("j")
    assert seen == sorted(seen)  # the keys follow the list


def test_certainty_leads(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, viewport={"width": 1280, "height": 900})
    answer_with(page, stream())
    check(page)
    assert titles(page) == ["Sure", "In quotations", "Likely garbled: choose or write", "Doubtful (18)"]
    assert page.locator("[data-group=sure] .card").count() == 9
    first = page.locator(".card").first
    assert "current" in (first.get_attribute("class") or "") and "sure" in first.inner_text()
    count(page.locator(".card"), 21)  # the doubtful ones are folded
    assert "21 to decide18 doubtful" in page.inner_text("#summary").replace("\n", "")
    page.keyboard.press("A")
    status(page, "Accepted 9 safe fixes. 12 to decide.")
    for _ in range(12):
        page.keyboard.press("r")
    status(page, "All are decided but 18 doubtful ones.")
    mark(page, "enemy").click()  # in the text a doubtful one can be asked for
    count(page.locator(".card"), 39)
    assert "doubtful" in page.inner_text(".card.current")


def test_a_fix_leads_only_where_it_is_likely_right(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    mark(page, "high").click()
    assert page.locator(".card.current .line del").inner_text() == "high"
    assert page.locator(".card.current .primary").inner_text().startswith("Accept")
    mark(page, "crazy").click()
    current = page.locator(".card.current")
    assert current.locator(".line del, .line ins, .primary").count() == 0
    field, ideas = current.locator(".own").bounding_box(), current.locator(".choices").bounding_box()
    assert field and ideas and field["y"] < ideas["y"]
    page.keyboard.press("a")
    status(page, "choose an idea by its number, or write your own wording")
    page.keyboard.press("Escape")
    page.locator(".card.current .choice").first.click()
    status(page, "Accepted: “terrorism”.")


def test_the_level_thins_list_marks_and_strip_alike(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    marks = page.locator("#article mark")
    open_stripes = page.locator("#strip [data-state=open], #strip [data-state=doubtful]")
    everything = marks.count(), open_stripes.count()
    assert page.get_attribute("#level", "aria-valuetext") == ("everything: about 0.2 false alarms per 1,000 words")
    page.focus("#level")
    page.keyboard.press("ArrowLeft")
    likely = marks.count(), open_stripes.count()
    assert titles(page)[-1] == "Likely garbled: choose or write"
    assert "18 not shown" in page.inner_text("#summary")
    page.keyboard.press("ArrowLeft")
    sure = marks.count(), open_stripes.count()
    assert everything > likely > sure and everything[1] > likely[1] > sure[1] > 0
    words = set(page.locator("[data-group] .card .tag:last-child").all_inner_texts())
    assert words == {"sure"}
    page.keyboard.press("j")  # single keys go on working, arrows are the slider's
    assert page.evaluate("document.activeElement.className") == "head"
