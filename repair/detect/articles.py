"""Rules for articles: "a 80-year-old", "an European", "the Serbia"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.inflection import singular_of
from repair.detect.lexicon_table import country_names
from repair.detect.rule import Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.sounds import article_before
from repair.detect.wording import FUNCTION_WORDS, word_set
from repair.lexemes import readings

BLOCK = re.compile(r"<(?:p|li|h[1-6]|td|th|dd|div|blockquote)(?:\s[^<>]*)?>\Z")  # of HTML
# English has an article with these, or they are rivers, states and people too.
WITH_ARTICLE = word_set(
    "Ukraine Sudan Lebanon Yemen Congo Gambia Niger Jordan Georgia Chad Argentina Vatican Netherlands"
)
GOES_ON = re.compile(r"[.;:](?=\s|$)| (?:has|have|is|are|was|were|will|said|would)\b")


@rule("fluency/grammar", "minor", "The article does not fit the next sound.", score=0.97, fix_score=0.97)
def article_form(page: Page) -> Iterator[Hit]:
    """ "A" stands before a vowel sound, or "an" before a consonant sound, numbers and initials included.

    Why: the article follows the sound of the next word; it was left behind when that word was replaced.

    Left alone: words whose sound is not known for sure or is heard in two ways ("an historic"), initials that may be
    read as a word ("a NATO"), "A" as a letter or a grade, "An" as a name.

    >>> mark(article_form, "A 80-year-old in an European town met a MP and a hour after an 100-year-old.")
    '[A|An] 80-year-old in [an|a] European town met [a|an] MP and [a|an] hour after [an|a] 100-year-old.'
    >>> mark(article_form, "An 11-year-old, a UN envoy, a one-off, an FBI agent, an historic deal and plan A is.")
    'An 11-year-old, a UN envoy, a one-off, an FBI agent, an historic deal and plan A is.'
    """
    for start, article, right, following in _wrong_articles(page):
        if article != "an" or not _may_be_and(page.text[max(start - 30, 0) : start]):
            garbled = set(readings(following.lower())) == {"VERB"}  # "a acquires": another word was lost
            yield Hit(start, start + len(article), like(article, right), trusted=not garbled)


@rule("fluency/grammar", "minor", "A wrong article, or “and” with a letter lost.", score=0.9, fix_score=0.6)
def article_or_and(page: Page) -> Iterator[Hit]:
    """ "An" stands before a consonant sound, after a noun or a mark: a wrong article, or "and" with a letter lost.

    Why: one of the two it must be; which, only a person can tell.

    Left alone: whatever `article-form` leaves alone, and "an" after a verb or a preposition, which is the article.

    >>> mark(article_or_and, "A long an healthy life was cut short by freedom an corruption.")
    'A long [an|a] healthy life was cut short by freedom [an|a] corruption.'
    >>> mark(article_or_and, "It was a long and an easy life with an healthy man, an hour a day.")
    'It was a long and an easy life with an healthy man, an hour a day.'
    """
    for start, article, right, _ in _wrong_articles(page):
        if article == "an" and _may_be_and(page.text[max(start - 30, 0) : start]):
            yield Hit(start, start + 2, right)


def _wrong_articles(page: Page) -> Iterator[tuple[int, str, str, str]]:
    """Where each article stands that does not fit, the article, the right one, and what follows."""
    text = page.text
    for match in ARTICLE.finditer(text):
        article, following = match[1], match[2]
        if article[0] == "A" and (not starts_clause(text, match.start(1)) or _is_name(article, following)):
            continue
        if following in NEVER_AFTER_ARTICLE or singular_of(following.lower()) is not None:
            continue
        right = article_before(following.replace(",", ""))
        if right is not None and right != article.lower():
            yield match.start(1), article, right, following


ARTICLE = re.compile(
    r"(?<![\w.'’/&;-])([Aa]n?)[ \u00a0][“\"‘'(]?"
    r"([A-Za-z](?=-[A-Za-z\d])|[A-Za-z]{2,}+(?![\w’'&/]|\.\w)|\d[\d,]*+(?![\w:/]))"
)
LAST_WORD = re.compile(r"[^\W\d_]+(?=[ \u00a0]?\Z)")
NEVER_AFTER_ARTICLE = word_set("a an and as at are is in if it of on or us am i o e u up about he his")


def _may_be_and(before: str) -> bool:
    """True where the "an" may be an "and" that lost a letter: not after a verb, preposition or the like."""
    last = LAST_WORD.search(before)
    if last is None:
        return bool(before.strip())
    found = readings(last[0].lower())
    return last[0].lower() not in FUNCTION_WORDS and ("VERB" not in found or "ADJ" in found)


def _is_name(article: str, following: str) -> bool:
    """True where "An" may be a name: before another name, a finite verb or a function word ("An told reporters")."""
    if article != "An":
        return False
    found = readings(following.lower())
    return following.istitle() or following in FUNCTION_WORDS or "VERB" in found or not found


@rule("fluency/grammar", "minor", "This country takes no article.", score=0.9, fix_score=0.6)
def article_before_country(page: Page) -> Iterator[Hit]:
    """A country that takes no article has one ("the Serbia").

    Why: in many languages countries have articles.

    Left alone: countries that have it in English too, and names that something else follows, which the article may
    belong to ("the Russia of today", "the Serbia coach", "the Iraq and Afghanistan wars").

    >>> mark(article_before_country, "The Serbia is ready for talks with the US and the Albania.")
    '[The Serbia|Serbia] is ready for talks with the US and [the Albania|Albania].'
    >>> mark(article_before_country, "The Russia of today, the Iraq and Afghanistan wars, the Lebanon.")
    'The Russia of today, the Iraq and Afghanistan wars, the Lebanon.'
    """
    for i in page.places(word_set("the")):
        article, name = page.words[i], page.next_to(i)
        if name is None or name.text not in country_names() or name.text in WITH_ARTICLE or article.text.isupper():
            continue
        if GOES_ON.match(page.text, name.end):
            yield Hit(article.start, name.end, name.text)


def starts_clause(text: str, start: int) -> bool:
    """True where a capital A can only be the article: where a line or block begins, after a stop or a quote."""
    before = text[max(start - 2, 0) : start]
    if before == "" or before[-1] in '\n“"' or (before[-1] == " " and before[0] in '.!?”"'):
        return True
    return before[-1] == ">" and BLOCK.search(text, max(start - 200, 0), start) is not None


def like(old: str, new: str) -> str:
    """`new` with a capital where `old` has one."""
    return new.capitalize() if old[:1].isupper() else new
