"""Rules for numbers, dates and ordinals written the way of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.inflection import plural_of
from repair.detect.rule import Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.lexemes import readings

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
MEASURES = (
    r"per ?cent|thousand|million|billion|trillion|degrees|k?m|k?g|cm|mm|(?:kilo|centi|milli)?met(?:re|er)s?"
    r"|kilo(?:gram)?s?|tonn?es|tons|lit(?:re|er)s|miles|hectares|points|euros?|dollars|crowns|hours|minutes|seconds"
)
DOTS = re.compile(r"(?<![\w.,/-])\d{1,3}(?:\.\d{3}){2,4}(?![\w,/-]|\.\w)")
BLANKS = re.compile(
    r"(?<![\w.,/:+-])(?<!\d[ \u00a0])[1-9]\d{0,2}(?:[ \u00a0]\d{3}){1,3}(?=[ \u00a0][a-z]{3,}|[.,;)](?:\s|$)|$)"
)
COMMA = re.compile(
    rf"(?<![\w.,/-])(\d{{1,3}}),(\d{{1,2}})"
    rf"(?=(?:[ \u00a0](?:and|to|-|–)[ \u00a0]\d{{1,3}},\d{{1,2}})?(?:\s?%|[ \u00a0](?:{MEASURES})\b))"
)
# Before it no amount stands: a telephone number, or a day that is a number of its own.
NO_AMOUNT = re.compile(
    rf"(?i)(?:\b(?:tel|phone|number|nr|no|fax|mobile|on|acn|vat|isbn|iban|code|call(?:ing)?)[.:]?[ \u00a0]?"
    rf"|\)[ \u00a0]?|\d[ \u00a0]\(?|\b(?:{MONTHS})[ \u00a0])\Z"
)
NEXT_WORD = re.compile(r"[ \u00a0]([a-z]+)")
ROMANCE = re.compile(r"[ \u00a0]?%[ \u00a0](?:de|du|des|della|del|delle|dos|das)\b")
DAY_STOP = re.compile(
    rf"(?:(?<=\bon )|(?<=\bthe )|(?<=\bof )|(?<=\buntil )|(?<=\bfrom )|(?<=\bsince )|(?<=\band )|(?<=\bto )|(?<=\bby )"
    rf"|(?<=day, )|^)(0?[1-9]|[12]\d|3[01])\. (?=(?:{MONTHS})\b)",
    re.M,
)
AFTER_TIME = r"(?: ?[ap]\.?m\b| o['’]clock| local time| GMT| Beijing time| noon| hours\b| in the \w+ing\b| on the \d)"
BEFORE_TIME = r"(?:at|from|until|till|by|around|about|between|before|after|since|starts|starting)[ ](?:about |around )?"
DATE = r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d\d-\d\d"
NO_HEADING = r"(?![\d:%]|[.,]\d| (?:per ?cent|people)\b)"  # what is counted shows that a heading or clause ended
TIME = re.compile(
    rf"(?P<at>\b{BEFORE_TIME}|(?:{DATE})(?: -)? )?(?<![\d:.,])(?P<time>(?:[01]?\d|2[0-4]): [0-5]\d(?:: [0-5]\d)?)"
    rf"{NO_HEADING}(?P<end>{AFTER_TIME})?"
)
SCORE = re.compile(
    r"(?<=\()\d{1,3}: \d{1,3}(?=\))"
    r"|\b(?:score|scored|won|lost|win|loss|victory|defeat|lead|leading|draw|drew|ended|result|beat)"
    rf"(?: (?:of|with|by|at|to|in|the|a|match|game|set))*+ (?P<score>\d{{1,3}}: \d{{1,3}}){NO_HEADING}"
)
SIGN = re.compile(
    r"(?<![\d\\\w$€£])(?<!\d )(?:(?:US|HK|NZ) ?|[ACS])?[$€£] (?=\d)(?!\d[\d.,]* ?[$€£])|(?<=\d) %(?![\w%(])"
)
UNIT = re.compile(r"(?<![\w.,$€£-])\d[\d.,]*(?=(?:UAH|USD|EUR|GBP|RUB|PLN|CZK|HUF|TRY|CHF|SEK|NOK|DKK)\b)")
ORDINAL = re.compile(r"(?<![\w.,/-])(?<!\d:)(\d{1,3})(-?)(st|nd|rd|th)\b(?![-–/]\w)")


@rule("locale/format", "minor", "Number format of another language.", score=0.9, fix_score=0.6)
def number_format(page: Page) -> Iterator[Hit]:
    """Thousands are grouped the way of another language ("1.234.567", "9 000 cases").

    Why: English groups them with commas; read literally a stop changes the value.

    Left alone: one full stop ("2.000" may be a decimal), addresses, dates, versions, telephone numbers, numbers beside
    a fraction, after a month ("July 6 100 men came") or before a singular noun ("a 850 000 engine").

    >>> mark(number_format, "It has 1.234.567 people or 9 000 people.")
    'It has [1.234.567|1,234,567] people or [9 000|9,000] people.'
    >>> mark(number_format, "It rose to 2.000 from 192.168.0.1 in version 1.2.3; a 850 000 engine.")
    'It rose to 2.000 from 192.168.0.1 in version 1.2.3; a 850 000 engine.'
    >>> mark(number_format, "Call 0845 505 505 or phone 555 111, 15 737s at 104-5/8 105, on July 6 100 men came.")
    'Call 0845 505 505 or phone 555 111, 15 737s at 104-5/8 105, on July 6 100 men came.'
    """
    text = page.text
    for match in DOTS.finditer(text):
        yield Hit(*match.span(), match.group().replace(".", ","))
    for match in BLANKS.finditer(text):
        noun = NEXT_WORD.match(text, match.end())
        if (
            not NO_AMOUNT.search(text, max(match.start() - 12, 0), match.start())
            and not page.is_table(match.start())
            and (noun is None or plural_of(noun[1]) is None)
        ):
            yield Hit(*match.span(), re.sub(r"\s", ",", match.group()))


@rule("locale/format", "minor", "A comma where English has a decimal point.", score=0.95, fix_score=0.9)
def decimal_comma(page: Page) -> Iterator[Hit]:
    """A comma stands before decimals, in front of a measure ("12,5 percent").

    Why: English marks decimals with a point; a comma before one or two digits is no English number at all.

    Left alone: groups of three ("1,000 percent"), commas with a blank, numbers without a measure, lines in French.

    >>> mark(decimal_comma, "It is up 12,5 percent, 0,6 to 0,9% of 2,4 million.")
    'It is up [12,5|12.5] percent, [0,6|0.6] to [0,9|0.9]% of [2,4|2.4] million.'
    >>> mark(decimal_comma, "It rose 1,000 percent and by 3, 5 percent to pages 4,5; 91,5% de prêts.")
    'It rose 1,000 percent and by 3, 5 percent to pages 4,5; 91,5% de prêts.'
    """
    for match in COMMA.finditer(page.text):
        if not ROMANCE.match(page.text, match.end()):
            yield Hit(*match.span(), f"{match[1]}.{match[2]}")


@rule("locale/format", "minor", "A stop after the day of a date.", score=0.9, fix_score=0.6)
def day_stop(page: Page) -> Iterator[Hit]:
    """A stop stands after the day of a date ("on 28. June").

    Why: other languages mark ordinals with a stop; in English it ends the sentence.

    Left alone: a sentence that ends with a number before one that begins with a month.

    >>> mark(day_stop, "He left on 28. June and came back by 1. May 2018.")
    'He left on [28. |28 ]June and came back by [1. |1 ]May 2018.'
    >>> mark(day_stop, "The index rose 28. June was better. They were 31. May told them so.")
    'The index rose 28. June was better. They were 31. May told them so.'
    """
    for match in DAY_STOP.finditer(page.text):
        yield Hit(*match.span(), match[1] + " ")


@rule("fluency/spelling", "minor", "The ending does not fit the number.", score=0.9, fix_score=0.6)
def ordinal_ending(page: Page) -> Iterator[Hit]:
    """An ordinal has the ending of another number, or one set off with a hyphen ("31th", "112-th").

    Why: the ending follows the last word of the number as it is spoken: thirty-first. Where another ending than "th"
    stands there ("23nd"), either may be wrong, the ending or the number.

    Left alone: endings that fit, eleventh to thirteenth among them, compounds ("5-year") and scores, which have none
    ("the 3:1th").

    >>> mark(ordinal_ending, "The 31th and the 112-th, the 23th and the 3th of the 11st.")
    'The [31th|31st] and the [112-th|112th], the [23th|23rd] and the [3th|3rd] of the [11st|11th].'
    >>> mark(ordinal_ending, "The 31st, 112th, 13th, 22nd, 3rd and 100th; a 5-year plan; after the 3:1th.")
    'The 31st, 112th, 13th, 22nd, 3rd and 100th; a 5-year plan; after the 3:1th.'
    """
    for match in ORDINAL.finditer(page.text):
        digits, hyphen, ending = match.groups()
        teen = digits[-2:] in ("11", "12", "13")
        right = "th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th")
        if hyphen or ending != right:
            yield Hit(*match.span(), digits + right, trusted=ending in (right, "th"))


@rule("fluency/spacing", "minor", "Space inside a time or a score.", score=0.95, fix_score=0.95)
def spaced_time(page: Page) -> Iterator[Hit]:
    """A space stands behind the colon of a time or a score ("at 6: 30", "won 3: 2").

    Why: translation takes the colon for the one that ends a clause.

    Left alone: figures after a heading or a clause ("Group 5: 30 people", "It shut at 9: 15 customers left"), verses,
    ratios set with two spaces.

    >>> mark(spaced_time, "At 6: 30 a.m. they won 3: 2 (2: 1) on 27/08/2020 - 10: 00.")
    'At 6:[ |]30 a.m. they won 3:[ |]2 (2:[ |]1) on 27/08/2020 - 10:[ |]00.'
    >>> mark(spaced_time, "In 2011: 17 percent; Group 5: 30 men; John 3: 16; at 3 : 2; shut at 9: 15 customers left.")
    'In 2011: 17 percent; Group 5: 30 men; John 3: 16; at 3 : 2; shut at 9: 15 customers left.'
    """
    text = page.text
    hits = []
    for match in TIME.finditer(text):
        if match["end"] or (match["at"] and not _counts(text, match.end())):
            hits += [at for at in range(*match.span("time")) if text[at] == " "]
    for match in SCORE.finditer(text):
        if _counts(text, match.end()):
            continue
        start = match.start("score") if match["score"] else match.start()
        hits.append(text.index(" ", start))
    for at in sorted(set(hits)):
        yield Hit(at, at + 1, "", trusted=True)


def _counts(text: str, end: int) -> bool:
    """Does a plural stand after the number that ends there, which it then counts?"""
    noun = NEXT_WORD.match(text, end)
    return noun is not None and any(lemma != noun[1] for lemma in readings(noun[1]).get("NOUN", ()))


@rule(
    "fluency/spacing", "minor", "A space beside a sign or unit that English sets otherwise.", score=0.9, fix_score=0.9
)
def sign_spacing(page: Page) -> Iterator[Hit]:
    """A space stands between a number and its currency or percent sign ("$ 15", "80 %"), or none before a currency.

    Why: other languages set it there; English does not. The codes of currencies are words of their own ("800 UAH").

    Left alone: hard spaces, which somebody chose; formulas, tables, and "£27million", which is a house style.

    >>> mark(sign_spacing, "It costs $ 15 or US$ 20, 80 % more, or 800UAH.")
    'It costs [$ |$]15 or [US$ |US$]20, 80[ %|%] more, or [800|800 ]UAH.'
    >>> mark(sign_spacing, "It costs $15, £27million, 20 € 5 times; let $ 5 $ be 80\\u00a0% of 5 %d and A4USD.")
    'It costs $15, £27million, 20 € 5 times; let $ 5 $ be 80\\xa0% of 5 %d and A4USD.'
    """
    text = page.text
    for match in SIGN.finditer(text):
        if not page.is_table(match.start()):
            yield Hit(*match.span(), match[0].replace(" ", ""), trusted=True)
    for match in UNIT.finditer(text):
        yield Hit(*match.span(), match[0] + " ", trusted=True)
