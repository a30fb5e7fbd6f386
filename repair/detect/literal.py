"""Rules for words that were translated one by one where English has another word in this company: "a high diplomat"."""

from __future__ import annotations

from collections.abc import Iterator

from repair.detect.rule import Hit, Page, Word, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.wording import FUNCTION_WORDS, word_set
from repair.lexemes import readings

RANKED = word_set(
    """diplomat diplomats politician politicians generals officer officers manager managers aide aides adviser advisers
    advisor advisors envoy envoys functionary functionaries prosecutor prosecutors cleric clerics minister ministers
    commander commanders ambassador ambassadors dignitary dignitaries bureaucrat bureaucrats lawmaker lawmakers
    executive executives"""
)
DEGREE = word_set("how so too as very that quite rather this")


@rule(
    "accuracy/mistranslation",
    "major",
    "“High” for rank: a literal translation; English says “senior” or “top”.",
    score=0.9,
    fix_score=0.8,
)
def high_rank(page: Page) -> Iterator[Hit]:
    """Somebody of rank is called "high" ("a high diplomat"): English says "senior", or "top" for the one at the top.

    Why: in many languages one word serves for height and for rank.

    Left alone: titles and offices ("high commissioner", "high priest"), "high officials", which English has too, and
    "high" that belongs to a noun further on ("high executive pay").

    >>> mark(high_rank, "A high diplomat met Trump’s high diplomat and high officers of the army.")
    'A [high|senior] diplomat met Trump’s [high|top] diplomat and [high|senior] officers of the army.'
    >>> mark(high_rank, "High officials saw the high commissioner on high executive pay; how high ministers aim.")
    'High officials saw the high commissioner on high executive pay; how high ministers aim.'
    """
    for i in page.places(word_set("high")):
        high, noun, before = page.words[i], page.next_to(i), page.next_to(i, -1)
        if noun is None or noun.low not in RANKED or not noun.text.islower() or high.text.isupper():
            continue
        if (before is not None and before.low in DEGREE) or not _ends_here(page.next_to(i, 2)):
            continue
        owned = before is not None and before.low.endswith(("'s", "s'")) and not noun.low.endswith("s")
        better = "top" if owned else "senior"
        yield Hit(high.start, high.end, better.capitalize() if high.text[0].isupper() else better)


BRIEFED = word_set("official officials diplomat diplomats")
SOURCES = word_set("source sources person people") | BRIEFED
COUNTED = word_set("two three four five six seven eight nine ten several some many other more")
KEPT = word_set("keep keeps kept keeping have get make want inform")
THEIRS = word_set("the this that these those his her its their them it")


@rule(
    "style/unidiomatic",
    "minor",
    "A literal translation: sources are familiar with a matter, officials briefed on it.",
    score=0.85,
    fix_score=0.8,
)
def informed_source(page: Page) -> Iterator[Hit]:
    """Somebody who talks to the press is "informed about" the matter: English has people familiar with it, and
    officials briefed on it.

    Why: the participle was translated, not the phrase.

    Left alone: "to keep people informed about", people who are not counted, and "informed of".

    >>> mark(informed_source, "Two people informed about the talks and an official informed on them agreed.")
    'Two people [informed about|familiar with] the talks and an official [informed on|briefed on] them agreed.'
    >>> mark(informed_source, "We keep officials informed about the plan; are people informed about the risk of it?")
    'We keep officials informed about the plan; are people informed about the risk of it?'
    """
    for i in page.places(word_set("informed")):
        who, word, link, what = (page.next_to(i, -1), page.words[i], page.next_to(i), page.next_to(i, 2))
        if who is None or link is None or what is None or link.low not in ("about", "on", "for"):
            continue
        before = page.next_to(i, -2)
        counted = before is not None and before.low in COUNTED
        if who.low not in SOURCES or what.low not in THEIRS or (before is not None and before.low in KEPT):
            continue
        if who.low == "people" and not counted:
            continue
        yield Hit(word.start, link.end, "briefed on" if who.low in BRIEFED else "familiar with")


def _ends_here(after: Word | None) -> bool:
    """True where the noun before does not lean on a further one."""
    return after is None or after.low in FUNCTION_WORDS or "NOUN" not in readings(after.low)
