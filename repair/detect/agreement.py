"""Rules for number and articles: "one officials", "many official", "a 80-year-old"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.inflection import plural_of, singular_of
from repair.detect.rule import Hit, Page, Rule, Word, mark  # noqa: F401 - mark is for the examples
from repair.detect.wording import word_set
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

BLOCK = re.compile(r"<(?:p|li|h[1-6]|td|th|dd|div|blockquote)(?:\s[^<>]*)?>\Z")  # of HTML


def plural_after_one(page: Page) -> Iterator[Hit]:
    """A plural noun follows a word that asks for a singular ("one officials said").

    Why: number is wrong; the reader cannot tell whether one or several are meant.

    Left alone: plurals that stand before another noun ("a sports car"), nouns alike in both numbers ("a series"),
    "no one", plural forms that are also verbs unless "a" comes first ("one wants", "that means").

    >>> mark(plural_after_one, "“It is,” one officials said, as a officials of this countries said.")
    '“It is,” [one officials|one official] said, as [a officials|an official] of [this countries|these countries] said.'
    >>> mark(plural_after_one, "This means that one wants a sports car in every news series, no one officials met.")
    'This means that one wants a sports car in every news series, no one officials met.'
    """
    for i in page.places(ONE):
        first, noun = page.words[i], page.next_to(i)
        if noun is None or not noun.text.islower() or (singular := singular_of(noun.low)) is None:
            continue
        after = page.next_to(i, 2)
        if (after is not None and after.low not in AFTER_SINGULAR) or page.text[noun.end : noun.end + 1] in ("'", "’"):
            continue
        if (first.text[0].isupper() and not _starts_clause(page.text, first.start)) or noun.low == "others":
            continue
        before = page.next_to(i, -1)
        if before is not None and before.low in ("no", "number", "than", "all", "not", "so", "and"):
            continue
        if first.low == "that" or ("VERB" in readings(noun.low) and first.low not in ("a", "an", "every")):
            continue
        if first.low == "this":
            fix = f"{_like(first.text, 'these')} {noun.text}"
        elif first.low in ("a", "an"):
            fix = f"{_like(first.text, _article(singular) or 'a')} {singular}"
        else:
            fix = f"{first.text} {singular}"
        yield Hit(first.start, noun.end, fix)


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
        if after is not None and after.low in ("and", "or", "to") and noun.low != "year":
            continue
        if first.low in COUNTED and (not _counts(page, i) or (after is None and noun.low in PERIODS)):
            continue
        if "ADJ" in readings(noun.low) and (after is None or after.low not in SAID | {"of", "who"}):
            continue
        yield Hit(first.start, noun.end, f"{first.text} {plural}")


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


def article_form(page: Page) -> Iterator[Hit]:
    """ "A" stands before a vowel sound, or "an" before a consonant sound, numbers and initials included.

    Why: the article follows the sound of the next word; it was left behind when that word was replaced.

    Left alone: "an historic", initials that may be read as a word ("a NATO"), "A" as a letter or a grade,
    words that are spoken in two ways.

    >>> mark(article_form, "A 80-year-old in an European town met a MP and a hour later an 100-year-old.")
    '[A|An] 80-year-old in [an|a] European town met [a|an] MP and [a|an] hour later [an|a] 100-year-old.'
    >>> mark(article_form, "An 11-year-old, a UN envoy, a one-off, an FBI agent, an historic deal and plan A is.")
    'An 11-year-old, a UN envoy, a one-off, an FBI agent, an historic deal and plan A is.'
    """
    text = page.text
    for match in ARTICLE.finditer(text):
        article, following = match[1], match[2]
        if article[0] == "A" and not _starts_clause(text, match.start(1)):
            continue
        if article == "An" and following.istitle():
            continue  # the name
        if following in NEVER_AFTER_ARTICLE or singular_of(following.lower()) is not None:
            continue
        right = _article(following)
        if right is not None and right != article.lower():
            garbled = set(readings(following.lower())) == {"VERB"}  # "a acquires": another word was lost
            yield Hit(match.start(1), match.end(1), _like(article, right), trusted=not garbled)


ARTICLE = re.compile(r"(?<![\w.'’/&-])([Aa]n?)[ \u00a0][“\"‘'(]?([A-Za-z]++(?![\w’'&/]|\.\w)|\d[\d,]*+(?![\w:/]))")
NEVER_AFTER_ARTICLE = word_set("a an and as at are is in if it of on or us am i o e u up about he his")
CONSONANT_SOUND = re.compile(
    r"(?:one|once|ones|oneness|uni(?!n|m|d)\w*|us[aeu]\w*|using|ut[ei]\w*|utopia\w*|ubiquit\w*|ukulele|ukrain\w*|ugand\w*"
    r"|urugua\w*|utah|uran\w*|urin\w*|urolog\w*|euro\w*|eu[clpst]\w*|eugen\w*|ewe|u)$"
)
EITHER = re.compile(
    r"(?:h(?:istor|otel|ero|yster|orri|abit|erb|ilari|omage|allucin|armon|ispan|umbl|egemon|ypo|ypn)\w*|herb\w*|ew\w*|oui\w*|oua\w*"
    r"|y\w*|eu\w*|u[rst]\w?|uni[nmd]\w*|um|uh|ah|eh|oh|sat|urdu|ural\w*)$"
)
SILENT_H = re.compile(r"(?:hour|honest|hono[u]?r|heir)\w*$")
INITIALS_WITH_VOWEL_SOUND = frozenset("AEFHILMNORSX")
SPELLED = word_set(
    """FBI HIV MI5 MRI NGO SUV MEP IMF IOC IAEA EU ECB ITV IBM AI AGM EEC HIV LGBT NBA RAF RUC SAS SOS"""
)


def _article(following: str) -> str | None:
    """The article before a word, number or initials; None where both are heard or nobody can tell."""
    if following[0].isdigit():
        return _article_of_number(following.replace(",", ""))
    if len(following) > 1 and following.isupper():
        return _article_of_initials(following)
    if len(following) == 1 or not following[1:].islower() or following.startswith("X"):
        return None
    low = following.lower()
    if not set(low) & set("aeiouy"):
        return None
    if CONSONANT_SOUND.match(low):
        return "a"
    if SILENT_H.match(low):
        return "an"
    if EITHER.match(low) or (following[0] in "UO" and low not in readings(low) and not readings(low)):
        return "an" if low.startswith(("unin", "unim", "unid")) else None
    return "an" if low[0] in "aeiou" else "a"


def _article_of_number(digits: str) -> str | None:
    """Eight, eleven and eighteen begin with a vowel; four digits may be read in two ways.

    >>> [_article_of_number(n) for n in ("80", "11", "18000", "1800", "110", "7")]
    ['an', 'an', 'an', None, 'a', 'a']
    """
    if len(digits) == 4:
        return "an" if digits[0] == "8" else None
    leads = digits[:2] in ("11", "18") and len(digits) % 3 == 2
    return "an" if digits[0] == "8" or leads else "a"


def _article_of_initials(initials: str) -> str | None:
    """By the name of the first letter, where the initials cannot be read as a word."""
    if initials in SPELLED or not set(initials) & set("AEIOUY"):
        return "an" if initials[0] in INITIALS_WITH_VOWEL_SOUND else "a"
    return "a" if initials[0] in "BCDGJKPQTVWZ" else None


def _starts_clause(text: str, start: int) -> bool:
    """True where a capital A can only be the article: where a line or block begins, after a stop or a quote."""
    before = text[max(start - 2, 0) : start]
    if before == "" or before[-1] in '\n“"' or (before[-1] == " " and before[0] in '.!?”"'):
        return True
    return before[-1] == ">" and BLOCK.search(text, max(start - 200, 0), start) is not None


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


def _like(old: str, new: str) -> str:
    """`new` with a capital where `old` has one."""
    return new.capitalize() if old[:1].isupper() else new


RULES = (
    Rule(plural_after_one, "fluency/grammar", "minor", 0.9, 0.75, "A plural after a word that asks for a singular."),
    Rule(singular_after_many, "fluency/grammar", "minor", 0.8, 0.8, "A singular after a word that asks for a plural."),
    Rule(one_of_singular, "fluency/grammar", "minor", 0.85, 0.85, "“One of” asks for a plural."),
    Rule(article_form, "fluency/grammar", "minor", 0.97, 0.97, "The article does not fit the next sound."),
)
