"""The editor's page, driven in a real browser against a real server: findings and decisions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import requests
from lxml import html
from page import (
    ARTICLE,
    REPORT,
    answer_by_hand,
    answer_with,
    card,
    check,
    count,
    downloaded,
    escape,
    fixed,
    mark,
    read,
    send,
    status,
    stream,
    with_repairs,
)

from repair.segment import read_document
from repair.text import Span

if TYPE_CHECKING:
    from playwright.sync_api import Page


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
    assert told and "in Albanian." in told
    quoted = page.locator("[data-group=quotation] .card", has_text="Sh.ba and Russia")
    assert "quotation" in quoted.first.inner_text()


def test_decisions_are_what_is_downloaded(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    repairs = {repair["before"]: repair for repair in REPORT["applied"] + REPORT["not_applied"]}

    mark(page, "Sh.ba").click()
    page.click(".card.current [data-do=accept]")
    status(page, "Accepted: “the US”. 20 to decide.")
    mark(page, "one officials").click()
    page.click(".card.current [data-do=reject]")
    status(page, "Rejected")
    assert downloaded(page, "downloadText") == with_repairs(ARTICLE, [repairs["Sh.ba"]])

    page.click("#accept-safe")
    status(page, "Accepted 8 safe fixes. 11 to decide.")
    safe = [repair for repair in REPORT["applied"] if repair["before"] != "one officials"]
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
    assert [row.text_content() for row in marked.xpath("//tr/td[5]")].count("accepted") == 9
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
    answer_with(page, stream())
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
    page.keyboard.press("r")
    page.keyboard.press("1")
    status(page, "Accepted: “one official”")
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


def test_single_keys_can_be_switched_off(visit: Callable[..., Page], serve: Callable[..., str]) -> None:
    page = visit(serve(drafts=False))
    answer_with(page, stream())
    check(page)
    page.keyboard.press("?")
    page.uncheck("#single-keys")
    escape(page, "#help")
    page.keyboard.press("A")
    page.click("#accept-safe")
    status(page, "Accepted 9 safe fixes")  # by the click: the key had left them
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


def test_the_customers_article_is_decided_in_fifteen_keys(visit: Callable[..., Page], address: str) -> None:
    """The table in docs/desk.md: all but pasting, accepting the sure ones and copying are decisions."""
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    answer_with(page, stream())
    page.evaluate("text => navigator.clipboard.writeText(text)", ARTICLE)
    page.focus("#text")
    page.keyboard.press("Control+V")
    read(page)
    page.keyboard.press("A")
    decisions = 0
    while page.locator(".card.current[data-status=open]").count():
        page.keyboard.press("r")
        decisions += 1
    page.keyboard.press("Enter")
    status(page, "copied")
    assert decisions == 12


def test_the_end_is_summed_up_and_leads_out(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    answer_with(page, stream())
    check(page)
    assert page.locator("#end").is_hidden()
    page.keyboard.press("A")
    for _ in range(12):
        page.keyboard.press("r")
    told = page.inner_text("#end p")
    assert told == "All is decided. 9 accepted, 12 rejected; 18 doubtful places left as they are."
    page.keyboard.press("Enter")  # the focus is on it
    status(page, "copied")
    assert "Trump’s top diplomat" in page.evaluate("navigator.clipboard.readText()")
    page.click("#end [data-do=lookAtDoubtful]")
    assert "speeding" in page.inner_text(".card.current")
    page.keyboard.press("u")
    assert page.locator("#end").is_hidden()


def test_only_changed_paragraphs_are_compared_where_asked(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    page.keyboard.press("A")
    page.keyboard.press("b")
    rows = page.locator("#rows [role=row]:visible")
    every = rows.count()
    page.check("#changed-only")
    assert 2 < rows.count() < every
    assert rows.count() == 1 + page.locator("#rows .changed").count()


def test_checking_starts_when_an_article_is_pasted(visit: Callable[..., Page], address: str) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", "One officials said.")
    page.focus("#text")
    page.keyboard.press("Control+V")
    assert page.locator("#desk").is_hidden()  # a scrap may be gone on with
    page.evaluate("text => navigator.clipboard.writeText(text)", ARTICLE)
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+V")
    read(page)
    assert page.locator(".card").count() == len(fixed(address)["findings"])


INFORMED = (
    "Two officials informed about the talks spoke. A person informed about the plan agreed.\n"
    "Informed about the deal, the minister left. “Sources informed about it wept,” said an aide "
    "informed about the case.\n"
)


def told(page: Page, text: str, words: str, score: float = 0.6) -> None:
    """Answers as a server would that finds these words everywhere."""
    places = [match.span() for match in re.finditer(words, text, re.IGNORECASE)]
    idea = {"text": "close to", "score": 0.1}
    same = {"category": "style/unidiomatic", "severity": "minor", "score": score, "message": "Odd.", "source": "lm"}
    findings = [{"start": a, "end": b, "text": text[a:b], **same, "suggestions": [idea]} for a, b in places]
    answer_with(page, stream({**REPORT, "findings": findings, "applied": [], "not_applied": []}, text))


def test_the_same_words_are_decided_once(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    told(page, INFORMED, "informed about")
    check(page, INFORMED)
    mark(page, "informed about").first.click()
    assert "Same in 3 other places" in page.inner_text(".card.current")  # the one in a quotation is another matter
    page.keyboard.press("s")
    status(page, "Decide about this one first")
    page.keyboard.insert_text("familiar with")
    page.keyboard.press("Enter")
    status(page, "The same words stand in 3 other places: s decides there too.")
    page.keyboard.press("s")
    status(page, "Accepted “familiar with” in 4 places. 1 to decide.")
    text = downloaded(page, "downloadText")
    assert text.count("familiar with") == 3 and "\nFamiliar with the deal" in text and "“Sources informed about" in text
    page.keyboard.press("u")  # all the others at once
    assert downloaded(page, "downloadText").count("amiliar with") == 1
    page.keyboard.press("u")
    assert downloaded(page, "downloadText") == INFORMED


def test_one_key_takes_a_likely_fix_everywhere(visit: Callable[..., Page], address: str) -> None:
    page = visit(address)
    answer_with(page, stream())
    check(page)
    mark(page, "informed about").first.click()
    page.keyboard.press("s")
    status(page, "Accepted “briefed on” in 2 places.")
    assert downloaded(page, "downloadText").count("briefed on") == 2
    mark(page, "crazy").click()
    page.keyboard.press("r")
    page.keyboard.press("s")
    status(page, "marked in no other place")


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
