"""Rules for number: "one officials", "many official", "one of the reason is"."""

from __future__ import annotations

from collections.abc import Iterator

from repair.detect.articles import like, starts_clause
from repair.detect.inflection import past_only, plural_of, singular_of
from repair.detect.rule import Hit, Page, Word, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.sounds import article_before
from repair.detect.wording import DETERMINERS, FUNCTION_WORDS, word_set
from repair.lexemes import readings

ONE = word_set("one each every either neither")
ARTICLES = word_set("a an this another")
FIGURES = word_set("hundreds thousands millions billions trillions dozens")  # "one hundreds of barrels": another slip
SEVERAL = word_set(
    """these those many several numerous various two three four five six seven eight nine ten eleven twelve"""
)
COUNTED = word_set("two three four five six seven eight nine ten eleven twelve")
SAID = word_set("""is are was were has have had said says told will would could must should""")
AFTER_PLURAL = SAID | word_set(
    """of in on at by from with to about after before during since until against between who which whose because when
    while and or but for as"""
)
AFTER_SINGULAR = SAID | word_set(
    """of in at by from with after before during since until against between who which whose because when while"""
)
ONE_OF = word_set("the these those its his her their our my your")
COLLECTIVE = word_set(
    """audience band board cabinet cast class clan club committee commission community company council couple crew
    crowd delegation duo electorate faculty family few firm five foursome four gang generation government group
    jury lot majority media military minority nation network one opposition other pack pair panel pantheon party
    population press public quartet quintet rest section series set sort squad string team ten three trio two type
    staff youth country city house world army"""
)

APOSTROPHES = ("'", "’", "&#39;", "&apos;", "&rsquo;", "&#8217;")


@rule("fluency/grammar", "minor", "A plural after a word that asks for a singular.", score=0.95, fix_score=0.9)
def plural_after_one(page: Page) -> Iterator[Hit]:
    """A plural noun follows "one", "each", "every" or the like ("one officials said").

    Why: number is wrong, and it is the noun that has it wrong: nobody writes "one" by mistake.

    Left alone: plurals that stand before another noun, nouns alike in both numbers ("every series"), "no one", plural
    forms that are also verbs unless "every" comes first ("one wants"), and figures ("one hundreds of barrels").

    >>> mark(plural_after_one, "“It is,” one officials said; every countries of both.")
    '“It is,” [one officials|one official] said; [every countries|every country] of both.'
    >>> mark(plural_after_one, "One wants each news series, no one officials met, one hundreds of them.")
    'One wants each news series, no one officials met, one hundreds of them.'
    """
    for first, noun, singular in _plurals_after(page, ONE):
        if noun.low not in FIGURES:
            yield Hit(first.start, noun.end, f"{first.text} {singular}")


@rule("fluency/grammar", "minor", "A plural after an article or “this”.", score=0.9, fix_score=0.6)
def plural_after_article(page: Page) -> Iterator[Hit]:
    """A plural noun follows "a", "an", "this" or "another" ("a officials", "this countries").

    Why: number is wrong; the reader cannot tell whether one or several are meant ("another teachers": other teachers,
    or one more?), so that the fix is a guess or there is none.

    Left alone: plurals that stand before another noun ("a sports car"), nouns alike in both numbers ("a series"),
    plural forms that are also verbs ("this means"), "that", which mostly opens a clause ("that women are"), and phrases
    that stand before a noun as a whole ("a heads of government meeting", "a ladies in waiting group").

    >>> mark(plural_after_article, "It was said by a officials of this countries.")
    'It was said by [a officials|an official] of [this countries|these countries].'
    >>> mark(plural_after_article, "This means a sports car, a heads of government meeting; we know that women are.")
    'This means a sports car, a heads of government meeting; we know that women are.'
    """
    for first, noun, singular in _plurals_after(page, ARTICLES):
        fix: str | None = None
        if first.low == "this":
            fix = f"{like(first.text, 'these')} {noun.text}"
        elif first.low in ("a", "an") and (article := article_before(singular)):
            fix = f"{like(first.text, article)} {singular}"
        yield Hit(first.start, noun.end, fix)


def _plurals_after(page: Page, determiners: frozenset[str]) -> Iterator[tuple[Word, Word, str]]:
    """Each of the determiners that has a plural noun after it, the noun, and its singular."""
    for i in page.places(determiners):
        first, noun = page.words[i], page.next_to(i)
        if noun is None or not noun.text.islower() or (singular := singular_of(noun.low)) is None:
            continue
        after = page.next_to(i, 2)
        if (after is not None and after.low not in AFTER_SINGULAR) or page.text.startswith(APOSTROPHES, noun.end):
            continue
        if (first.text[0].isupper() and not starts_clause(page.text, first.start)) or noun.low == "others":
            continue
        if page.text[noun.end : noun.end + 1] == "," or _heads_compound(page, i):
            continue
        before = page.next_to(i, -1)
        if before is not None and before.low in ("no", "number", "than", "all", "not", "so", "and"):
            continue
        if "VERB" not in readings(noun.low) or first.low in ("a", "an", "every"):
            yield first, noun, singular


def _heads_compound(page: Page, i: int) -> bool:
    """True where a preposition and two bare nouns or more follow: the article may belong to the last one."""
    link, first, second = page.next_to(i, 2), page.next_to(i, 3), page.next_to(i, 4)
    if link is None or link.low not in ("of", "in", "at", "for") or first is None or second is None:
        return False
    if {first.low, second.low} & (FUNCTION_WORDS | DETERMINERS) or first.text[0].isupper():
        return False
    return "NOUN" in readings(second.low) and past_only(second.low) is None


@rule("fluency/grammar", "minor", "A singular after a word that asks for a plural.", score=0.8, fix_score=0.8)
def singular_after_many(page: Page) -> Iterator[Hit]:
    """A singular noun follows a word that asks for a plural ("many official said", "these country are").

    Why: number is wrong.

    Left alone: singulars that stand before another noun or adjective ("two police officers"), measures ("two metre"),
    nouns alike in both numbers, number words that belong to a name ("Channel Four documentary").

    >>> mark(singular_after_many, "Two official said that these country were many problem of ours.")
    '[Two official|Two officials] said that [these country|these countries] were [many problem|many problems] of ours.'
    >>> mark(singular_after_many, "Many official papers, two million of them, a World War Two veteran of three metre.")
    'Many official papers, two million of them, a World War Two veteran of three metre.'
    """
    for i in page.places(SEVERAL):
        first, noun, after = page.words[i], page.next_to(i), page.next_to(i, 2)
        if noun is None or not noun.text.islower() or (plural := plural_of(noun.low)) is None:
            continue
        if (after is None and not _ends_clause(page.text, noun)) or (
            after is not None and after.low not in AFTER_PLURAL
        ):
            continue
        if (after is not None and after.low in ("and", "or", "to")) or page.text[noun.end : noun.end + 1] == ",":
            continue
        if not _counts_openly(page, i):
            continue
        if first.low in COUNTED and (not _counts(page, i) or (after is None and noun.low in PERIODS)):
            continue
        if "ADJ" in readings(noun.low) and (after is None or after.low not in SAID | {"of", "who"}):
            continue
        yield Hit(first.start, noun.end, f"{first.text} {plural}")


def _counts_openly(page: Page, i: int) -> bool:
    """False where the word is part of a name ("Group of Five pact") or itself described ("an especially numerous")."""
    before = page.next_to(i, -1)
    return before is None or (page.words[i].text.islower() and not before.low.endswith("ly"))


@rule("fluency/grammar", "minor", "“One of” asks for a plural.", score=0.85, fix_score=0.85)
def one_of_singular(page: Page) -> Iterator[Hit]:
    """A singular noun follows "one of the" ("one of the reason is").

    Why: "one of" takes a group, so the noun is a plural.

    Left alone: nouns for groups ("one of the family"), singulars before another noun, possessives.

    >>> mark(one_of_singular, "One of the reason is that one of his official left.")
    'One of [the reason|the reasons] is that one of his official left.'
    >>> mark(one_of_singular, "One of the family is one of the country's best, one of the team of two.")
    "One of the family is one of the country's best, one of the team of two."
    """
    for i in page.places(ONE_OF):
        one, of, noun, after = (page.next_to(i, k) for k in (-2, -1, 1, 2))
        if one is None or of is None or noun is None or after is None or one.low != "one" or of.low != "of":
            continue
        if noun.low in COLLECTIVE or not noun.text.islower() or after.low not in SAID | {"who", "which", "why"}:
            continue
        plural = plural_of(noun.low) or ("reasons" if noun.low == "reason" else None)
        if plural is not None and "ADJ" not in readings(noun.low):
            first = page.words[i]
            yield Hit(first.start, noun.end, f"{first.text} {plural}")


def _ends_clause(text: str, word: Word) -> bool:
    return text[word.end : word.end + 1] in ("", ".", ",", ";", "?", "\n", "\r")


def _counts(page: Page, i: int) -> bool:
    """True where the number word counts what follows and is no part of a name or a numbered thing."""
    before = page.next_to(i, -1)
    if before is None:
        return True
    return before.text.islower() and before.low in BEFORE_COUNT


PERIODS = word_set("year month week day hour minute")
BEFORE_COUNT = word_set("""the of in by for with and from after at least to that were are is about killed other said""")
