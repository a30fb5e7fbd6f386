"""Rules for articles: "a 80-year-old", "an European", "the Serbia"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from repair.detect.inflection import singular_of
from repair.detect.lexicon_table import country_names
from repair.detect.rule import Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.sounds import article_before
from repair.detect.wording import DETERMINERS, FUNCTION_WORDS, word_set
from repair.lexemes import readings

BLOCK = re.compile(r"<(?:p|li|h[1-6]|td|th|dd|div|blockquote)(?:\s[^<>]*)?>\Z")  # of HTML
# English has an article with these, or they are rivers, states and people too.
WITH_ARTICLE = word_set(
    "Ukraine Sudan Lebanon Yemen Congo Gambia Niger Jordan Georgia Chad Argentina Vatican Netherlands"
)
TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen)\. \Z")
GOES_ON = re.compile(r"[.;:](?=\s|$)| (?:has|have|is|are|was|were|will|said|would)\b")


@rule("fluency/grammar", "minor", "The article does not fit the number or initials.", score=0.97, fix_score=0.97)
def article_before_number(page: Page) -> Iterator[Hit]:
    """ "A" stands before a number or initials that begin with a vowel as they are spoken, or "an" before others.

    Why: the article follows the sound of the next word; it was left behind when that word was replaced.

    Left alone: numbers that are read in two ways ("1,100"), initials that may be read as a word ("a NATO"), and
    numbers that need no article at all ("a 8% of them", "a 80 people", "weighed a 11.5 kg").

    >>> mark(article_before_number, "A 80-year-old with a MP, for an 50 pound fine and a 8.5 percent rise.")
    '[A|An] 80-year-old with [a|an] MP, for [an|a] 50 pound fine and [a|an] 8.5 percent rise.'
    >>> mark(article_before_number, "An 11-year-old, a UN envoy, an FBI agent, a NATO plan, a 8% of them, a 80 people.")
    'An 11-year-old, a UN envoy, an FBI agent, a NATO plan, a 8% of them, a 80 people.'
    """
    for start, article, right, following in _wrong_articles(page):
        if not _is_spoken(following.text) or _lost_letter(page.text, start, article):
            continue
        if not (following.text[0].isdigit() and _counts_many(page, following)):
            yield Hit(start, start + len(article), like(article, right), trusted=True)


@rule("fluency/grammar", "minor", "The article does not fit the next sound.", score=0.97, fix_score=0.97)
def article_form(page: Page) -> Iterator[Hit]:
    """ "A" stands before a vowel sound, or "an" before a consonant sound.

    Why: the article follows the sound of the next word; it was left behind when that word was replaced. "A" before
    what a noun phrase can begin with is sure; "an" may be a German preposition, and other words need another mending.

    Left alone: words whose sound is not known for sure or is heard in two ways ("an historic"), "A" as a letter or a
    grade, "An" as a name, numbers and initials (`article_before_number`).

    >>> mark(article_form, "A idea of an European town came a hour after an unanimous vote.")
    '[A|An] idea of [an|a] European town came [a|an] hour after [an|a] unanimous vote.'
    >>> mark(article_form, "An idea, a one-off, an historic deal, Ms. A added, and plan A is.")
    'An idea, a one-off, an historic deal, Ms. A added, and plan A is.'
    """
    for start, article, right, following in _wrong_articles(page):
        if not (_is_spoken(following.text) or _lost_letter(page.text, start, article)):
            sure = right == "an" and _begins_phrase(page, following) and not _ends_phrase(page.text, start)
            yield Hit(start, start + len(article), like(article, right), trusted=sure)


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
        if _lost_letter(page.text, start, article):
            yield Hit(start, start + 2, right)


class Next(NamedTuple):
    """What follows an article, and where it ends."""

    text: str
    end: int


def _wrong_articles(page: Page) -> Iterator[tuple[int, str, str, Next]]:
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
            yield match.start(1), article, right, Next(following, match.end(2))


def _is_spoken(following: str) -> bool:
    """True for numbers and initials, which are spoken by rule."""
    return following[0].isdigit() or (following.isupper() and not following.isdigit())


def _counts_many(page: Page, number: Next) -> bool:
    """True where the number tells a share or how many, so that the article is left over ("a 8% of", "a 80 people")."""
    if number.text[-1] == "," or any(x.match(page.text, number.end) for x in (MORE_OR_SHARE, NO_NOUN)):
        return True
    noun = NEXT_WORD.match(page.text, number.end)
    return noun is not None and (noun[1] in ("people", "men", "women") or singular_of(noun[1]) is not None)


def _begins_phrase(page: Page, word: Next) -> bool:
    """True where a noun phrase can begin with the word: a noun, an adjective, a participle, an adverb before these."""
    low, after = word.text.lower(), NEXT_WORD.match(page.text, word.end)
    found = readings(low)
    if low in FUNCTION_WORDS or "NOUN" in found or not found:
        return low not in FUNCTION_WORDS
    if after is None or after[1].lower() in FUNCTION_WORDS:
        return "ADJ" in found and page.text[word.end : word.end + 1] in ("-", ",", "”", '"')
    following = readings(after[1].lower())
    head = not following or after[1][0].isupper() or bool({"NOUN", "ADJ"} & following.keys())
    if found.keys() <= {"ADV"}:
        return "ADJ" in following or after[1].endswith(("ed", "en", "ing"))
    return head and ("ADJ" in found or low.endswith(("ed", "ing")))


def _ends_phrase(text: str, start: int) -> bool:
    """True after an adjective or a determiner, which no article follows ("entire a industry")."""
    last = LAST_WORD.search(text, max(start - 30, 0), start)
    if last is None:
        return False
    low = last[0].lower()
    return low in DETERMINERS or (set(readings(low)) == {"ADJ"} and low not in FUNCTION_WORDS)


ARTICLE = re.compile(
    r"(?<![\w.'’/&;-])([Aa]n?)[ \u00a0][“\"‘'(]?"
    r"([A-Za-z](?=-[A-Za-z\d])|[A-Za-z]{2,}+(?![\w’'&/]|\.\w)|\d[\d,]*+(?![\w:/]))"
)
NEXT_WORD = re.compile(r"[ \u00a0]([A-Za-z]+)")
NO_NOUN = re.compile(
    r"(?:\.\d+)?(?: ?%| per ?cent| pct)?(?: (?:kg|km|cm|mm|m|g)\b)?"
    r"(?:[.;:!?)\"”’]++(?:\s|$)|$|-\d| (?:and|or|of|in|on|at|to|for|from|with|by|than|as)\b)"
)
MORE_OR_SHARE = re.compile(r"[ \u00a0]\d|(?:\.\d+)?(?: ?%| per ?cent| pct)? of\b")
LAST_WORD = re.compile(r"[^\W\d_]+(?=[ \u00a0]?\Z)")
NEVER_AFTER_ARTICLE = word_set("a an and as at are is in if it of on or us am i o e u up about he his")


def _lost_letter(text: str, start: int, article: str) -> bool:
    """True where the article may be an "and" that lost a letter: an "an" not after a verb, preposition or the like."""
    if article != "an":
        return False
    last = LAST_WORD.search(text, max(start - 30, 0), start)
    if last is None:
        return bool(text[max(start - 30, 0) : start].strip())
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
    if TITLE.search(text, max(start - 6, 0), start):
        return False  # "Ms. A": initials of a name
    if before == "" or before[-1] in '\n“"' or (before[-1] == " " and before[0] in '.!?”"'):
        return True
    return before[-1] == ">" and BLOCK.search(text, max(start - 200, 0), start) is not None


def like(old: str, new: str) -> str:
    """`new` with a capital where `old` has one."""
    return new.capitalize() if old[:1].isupper() else new
