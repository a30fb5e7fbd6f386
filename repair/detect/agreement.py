"""Rules for number: "one officials", "many official", "one of the reason is"."""

from __future__ import annotations

from collections.abc import Iterator

from repair.detect.articles import like, starts_clause
from repair.detect.inflection import plural_of, singular_of
from repair.detect.rule import Hit, Page, Word, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.sounds import article_before
from repair.detect.wording import DETERMINERS, FUNCTION_WORDS, word_set
from repair.lexemes import readings

ONE = word_set("a an one this that another each every")
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


@rule("fluency/grammar", "minor", "A plural after a word that asks for a singular.", score=0.9, fix_score=0.75)
def plural_after_one(page: Page) -> Iterator[Hit]:
    """A plural noun follows a word that asks for a singular ("one officials said").

    Why: number is wrong; the reader cannot tell whether one or several are meant.

    Left alone: plurals that stand before another noun ("a sports car"), nouns alike in both numbers ("a series"),
    "no one", plural forms that are also verbs unless "a" comes first ("one wants", "that means"), and phrases that
    stand before a noun as a whole ("a heads of government meeting").

    >>> mark(plural_after_one, "“It is,” one officials said, as a officials of this countries said.")
    '“It is,” [one officials|one official] said, as [a officials|an official] of [this countries|these countries] said.'
    >>> mark(plural_after_one, "This means that one wants a sports car in every news series, no one officials met.")
    'This means that one wants a sports car in every news series, no one officials met.'
    >>> mark(plural_after_one, "A heads of government meeting is a weapons of mass destruction case.")
    'A heads of government meeting is a weapons of mass destruction case.'
    """
    for i in page.places(ONE):
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
        if first.low == "that" or ("VERB" in readings(noun.low) and first.low not in ("a", "an", "every")):
            continue
        fix: str | None
        if first.low == "this":
            fix = f"{like(first.text, 'these')} {noun.text}"
        elif first.low in ("a", "an"):
            fix = f"{like(first.text, article)} {singular}" if (article := article_before(singular)) else None
        else:
            fix = f"{first.text} {singular}"
        yield Hit(first.start, noun.end, fix)


def _heads_compound(page: Page, i: int) -> bool:
    """True where "of" and two bare nouns or more follow: the last one may be what the article belongs to."""
    of, first, second = page.next_to(i, 2), page.next_to(i, 3), page.next_to(i, 4)
    if of is None or of.low != "of" or first is None or second is None:
        return False
    return not {first.low, second.low} & (FUNCTION_WORDS | DETERMINERS)


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
