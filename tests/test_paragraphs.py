"""Paragraphs: wrapped copy reads as if it were not wrapped, and lines that are paragraphs stay paragraphs."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair import Config, Repairer
from repair.flow import Flow, flowing
from repair.paragraphs import blocks, paragraphs, soft_breaks
from repair.segment import read_document
from repair.text import words

FIRST = (
    "The minister of health told a crowd of some 300 people in Paris on Monday that one officials had said “we are not "
    "there yet, but 2026 will be a good year for the Republic” when he met a delegation from Chad – or so she heard."
)
SECOND = (
    "The French were not impressed by what the President of the Commission in Brussels had to say about it at the "
    "meeting of 14 October, which took place behind closed doors in the Belgian capital, and 12 of them left."
)
REPAIRER = Repairer(Config(no_model=True))


def found(text: str) -> list[tuple[str, str]]:
    """What a check finds, white space aside."""
    report = REPAIRER.check(text)
    return [(f.source, " ".join(f.span.of(text).split())) for f in report.findings]


@pytest.mark.parametrize("width", [36, 45, 60, 72, 80, 100])
@pytest.mark.parametrize(("between", "indent"), [("\n\n", ""), ("\n", ""), ("\n", "    ")])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_wrapped_copy_is_read_as_if_it_were_not_wrapped(width: int, between: str, indent: str, end: str) -> None:
    wrapped = between.join(textwrap.fill(p, width, initial_indent=indent) for p in (FIRST, SECOND))
    wrapped = wrapped.replace("\n", end)
    assert [len(span.of(wrapped).split()) for span in paragraphs(wrapped)] == [len(FIRST.split()), len(SECOND.split())]
    assert found(wrapped) == found(f"{FIRST}\n{SECOND}") != []
    document = read_document(wrapped)
    quoted = [" ".join(span.of(wrapped).split()) for span in document.quotations]
    assert quoted == ["“we are not there yet, but 2026 will be a good year for the Republic”"]
    assert len(document.sentences) == 2


def test_a_repair_leaves_the_lines_as_they_are_wrapped() -> None:
    wrapped = textwrap.fill(FIRST.replace("one officials", "the the officials"), 60, initial_indent=" ").replace(
        "\n", "\r\n"
    )
    report = REPAIRER.fix(wrapped)
    assert report.output == wrapped.replace("the the", "the")
    assert report.document.text == wrapped


@pytest.mark.parametrize(
    "text",
    [
        "Talks to go on\nThe two sides met on Monday in Paris.\nThey will meet again.",
        "Arsenal 2 Chelsea 1 at Highbury on Saturday\nLeeds 0 Everton 0 at Elland Road on Sunday\nMillwall 1 Derby 1"
        " at The Den on Monday",
        "The shops sell what you need for the road:\n- bread and butter\n- a bottle of water that is cold\n- a map",
        "1. One officials came to the talks there\n2. Two officials came to the talks\n3. No one came to the talks",
        "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\nRough winds do shake the"
        " darling buds of May,\nAnd summer's lease hath all too short a date;",
        f"{FIRST}\n{SECOND}\n{FIRST}",
        "The talks about the border had gone on for two long days.\nthe ministers said that they would meet again.",
        "[12:30]: The minister has arrived at the palace\n[12:31]: The minister has left the palace by car",
        "| City of birth | Year of birth |\n| Paris in France | 1950 and later |\n| Rome in Italy | 1960 and later |",
    ],
)
def test_lines_that_are_paragraphs_stay_paragraphs(text: str) -> None:
    assert len(list(paragraphs(text))) == text.count("\n") + 1
    assert not soft_breaks(text)
    assert flowing(text).text == text


@pytest.mark.parametrize("end", ["made by Acme Inc.", "the ore etc.", "the firm said:", "he said “no.”", "they met"])
def test_a_small_letter_goes_on_after_what_ends_no_sentence(end: str) -> None:
    text = f"The talks about the border of the two countries and {end}\nthe others said that they would not."
    assert len(list(paragraphs(text))) == 1


def test_items_are_told_apart_though_they_are_wrapped() -> None:
    items = [textwrap.fill(f"- {p}", 60, subsequent_indent="  ") for p in (FIRST, SECOND)]
    assert [block.kind for block in blocks("\n".join(items))] == ["item", "item"]


def test_what_is_broken_after_a_hyphen_is_one_word() -> None:
    text = "The talks about a far-reaching cease-fire for the well-\nknown region went on in the capital of a neigh-\n"
    text += "bouring state, and the well-to-do from the north and\nthe south were there to see it."
    assert "well-known region" in flowing(text).text
    report = REPAIRER.check(text, word_scores=True)
    assert report.word_scores is not None and len(report.word_scores) == len(words(text))


PIECES = ["The talks went on ", "for 12 days ", "and\n", "\n\n", "  ", "“we", "will”\r\n", "- ", "end. ", "x" * 40]
PIECES += ["one officials ", "well-\n", "\u2028", "> ", "</p>\n"]
LINES = st.lists(st.sampled_from(PIECES), max_size=40)


@given(LINES.map("".join))
def test_places_lead_back(text: str) -> None:
    flow = flowing(text)
    assert "".join(flow.text.split()) == "".join("".join(text[a:b] for a, b in kept(flow)).split())
    for word in words(flow.text):
        assert flow.text[word.start] == text[flow.start(word.start)]
        assert flow.text[word.end - 1] == text[flow.end(word.end) - 1]
    report = REPAIRER.fix(text)
    assert report.document.text == text
    assert "".join(span.of(text) for span in report.document.sentences) == text


def kept(flow: Flow) -> list[tuple[int, int]]:
    """The ranges of the source that are not breaks."""
    ends = [*flow.of[1::2], len(flow.source)]
    return list(zip(flow.of[::2], ends, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Ministers weigh a second vote on the pension bill\n\nThe cabinet met on Sunday. No date was set.\n",
        "14:05 Rail strike enters third day\n\nTrains were cancelled across the north. Buses took over.\n",
        "A ferry leaves the port of Split in heavy rain\nPhotograph: Ana Kovac\n\nThe storm closed two roads.\n",
        "By Ruth Adeyemi in Lagos\n\nThe naira fell again on Friday. Traders blamed oil.\n",
    ],
)
def test_headings_captions_and_bylines_get_no_stop(text: str) -> None:
    assert REPAIRER.fix(text).output == text


@pytest.mark.parametrize(
    "text",
    [
        "The regulator fined the airline after a review of\n2019 complaints, and told it to pay all\nfares back.\n",
        "Voters in the valley chose between a farmer, a\nteacher and a priest. May the best win, the\nmayor said.\n",
        "Shares in the chipmaker rose 4% in early trade,\nbefore a fall to 112.50 at noon. Analysts had seen\nworse.\n",
    ],
)
def test_sound_copy_that_is_wrapped_is_left_alone(text: str) -> None:
    report = REPAIRER.fix(text)
    assert report.output == text and report.findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "“We was robbed of the\nFinal whistle, and one officials\nknows it,” the coach said.\n",
        "He wrote: “Them is the rules since\n1998, and a 80-year-old man\nwrote them.”\n",
        "“The high diplomat informed\nBrussels about the the plan,” she\nsaid.\n",
    ],
)
def test_a_quotation_over_wrapped_lines_keeps_its_words(text: str) -> None:
    assert REPAIRER.fix(text).output == text
