"""The stand-in for a large model: right as often as it is told to be, wrong in plausible ways, and counted truly."""

from __future__ import annotations

import random

import pytest

from benchmarks.served import PLACES, Heard, Simulated, Worth, placed, serving, unmarked
from models.recipe.marks import Excerpt
from models.recipe.simulated import MOST, Pool, accepted, offer
from repair.config import Served
from repair.correct.chat import FAILURES
from repair.edits import Edit
from repair.findings import Finding, Repair, Report, Safety, Suggestion
from repair.score.accepted import Place, put_right
from repair.segment import read_document
from repair.text import Span

LINES = [f"He met the high{n} diplomat in Oslo & left. Then he informed about it, man {n} said." for n in range(30)]


def excerpt(number: int) -> Excerpt:
    text = LINES[number]
    start, second = text.index("high"), text.index("informed about it")
    places = (
        Place(Span(start, start + len(f"high{number}")), ("top", "senior")),
        Place(Span(second, second + 17), ("told them about it",)),
    )
    return Excerpt(f"e{number}", "set", "system", "weak", text, places, (text,))


EXCERPTS = [excerpt(number) for number in range(30)]


def text_span(text: str, part: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


POOL = Pool([*((one.text, one.places) for one in EXCERPTS), ("a quick talk", [Place(Span(0, 1), ("some",))])])


def test_what_is_accepted_for_a_span_is_told_by_the_places_in_it() -> None:
    one = EXCERPTS[0]
    start = one.places[0].span.start
    assert accepted(one.text, Span(start - 4, start + 5), one.places) == ["the top", "the senior"]
    assert accepted(one.text, Span(start, start + 2), one.places) == [], "no fix stays inside a part of the place"
    assert accepted(one.text, Span(0, 2), one.places) == []
    both = accepted(one.text, Span(start, one.places[1].span.end), one.places)
    assert both[0].startswith("top") and both[0].endswith("told them about it")
    assert len(put_right(one.text, one.places, [Edit(Span(start, one.places[1].span.end), both[0])])) == 2


@pytest.mark.parametrize("skill", [0.0, 0.2, 0.8, 1.0])
def test_it_is_right_as_often_as_told(skill: float) -> None:
    rng = random.Random(1)
    right = ["top", "senior"]
    said = [offer(rng, skill, right, "high", lambda: "some", ["tall", "top"]) for _ in range(2000)]
    assert sum(some[0] in right for some in said) / 2000 == pytest.approx(skill, abs=0.03)
    assert all(1 <= len(some) <= MOST and "high" not in some for some in said)
    wrong = [some[0] for some in said if some[0] not in right]
    if wrong:
        assert wrong.count("tall") / len(wrong) == pytest.approx(0.5, abs=0.06), "half are the small model's own"
    left = [offer(rng, skill, [], "high", lambda: "some", []) for _ in range(2000)]
    assert sum(some == () for some in left) / 2000 == pytest.approx(skill, abs=0.03)


def test_a_wrong_wording_from_elsewhere_is_never_an_accepted_one() -> None:
    rng = random.Random(2)
    assert all(POOL.wrong(rng, "high", ["top"]) in ("senior", "some") for _ in range(50))


@pytest.mark.parametrize(("skill", "share"), [(1.0, 1.0), (0.0, 0.0), (0.5, 0.5)])
def test_the_real_client_hears_what_it_says(skill: float, share: float) -> None:
    simulated = Simulated(EXCERPTS, POOL, {}, skill)
    outcome = Worth()
    with serving(simulated.answer) as url:
        served = Heard(Served(url=url, model="simulated"))
        for one in EXCERPTS:
            document, spans = read_document(one.text), [place.span for place in one.places]
            served.wordings(document, spans)
            findings = [
                Finding(
                    span,
                    "style/unidiomatic",
                    "minor",
                    0.9,
                    "why",
                    "lm",
                    tuple(Suggestion(text, 0.5) for text in served.offered[one.text, span]),
                )
                for span in spans
            ]
            outcome.see(one, Report(document, tuple(findings), ""), served.offered)
    assert served.notes() == ()
    assert sum(outcome.right) / len(outcome.right) == pytest.approx(share, abs=0.15) and len(outcome.right) == 60
    assert all(outcome.reach) and sum(outcome.first) == sum(outcome.right)
    assert not any(outcome.fixed) and not any(outcome.asked), "nothing was decided"


def test_answers_that_cannot_be_read_are_counted_and_requests_not_made_are_not() -> None:
    said = iter(['{"answers": []}', *["What a nice text!"] * 9])
    with serving(lambda shown: next(said)) as url:
        heard, outcome = Heard(Served(url=url, model="talkative")), Worth()
        for one in EXCERPTS[:9]:
            heard.wordings(read_document(one.text), [place.span for place in one.places[:1]])
    assert heard.read == [True, *[False] * FAILURES], "then it is left in peace"
    outcome.read += heard.read
    (line,) = outcome.lines("talkative", "s")
    assert (line.metric, line.value, line.n) == ("answers that could be read", 0.25, 4)


def test_without_a_model_the_gate_alone_is_measured() -> None:
    text = "He met the high diplomat in Oslo. They spoke of it in 2011."
    places = (Place(Span(11, 15), ("top",)), Place(text_span(text, "2011"), ("2012",)))
    one = Excerpt("e", "set", "system", "weak", text, places, (text,))
    with serving(Simulated([one], POOL, {}, 1.0).answer) as url:
        lines = placed([one], Heard(Served(url=url, model="simulated")), "m")
    found = {line.metric: line.value for line in lines}
    assert found["its first wording right"] == 1.0
    assert found["right wordings shown first"] == 0.5, "the gate lets no figure be changed, were it right"
    assert {line.set for line in lines} == {PLACES}
    assert not found.keys() & {"first proposal accepted", "wrong wordings applied at review"}, "these want a score"


def test_what_is_applied_is_counted() -> None:
    one, outcome = EXCERPTS[0], Worth()
    span = one.places[0].span
    finding = Finding(span, "style/unidiomatic", "minor", 0.9, "why", "lm", (Suggestion("tall", 0.5, by="m"),))
    for safety in (Safety.SAFE, Safety.REVIEW, Safety.REJECTED):
        made = Repair(span, (finding,), (Edit(span, "tall"),), safety, (), 0.5)
        report = Report(read_document(one.text), (finding,), "", not_applied=(made,))
        outcome.see(one, report, {(one.text, span): ("tall",)})
    assert outcome.fixed == [True, False, False] and outcome.asked == [True, True, False]
    assert outcome.right == [False] * 3 and outcome.shown == [True, True, False], "what is refused leads nowhere"
    rows = {line.metric: line.value for line in outcome.lines("m", "s")}
    assert rows["wrong wordings applied by fix"] == pytest.approx(1 / 3, abs=1e-6)


def test_marks_are_taken_off_again() -> None:
    text, spans = unmarked('A &lt;b&gt; <keep>c</keep> <span id="2">d e</span>')
    assert text == "A <b> c d e" and spans == {2: Span(8, 11)}
