"""The facts that a sentence states, in the order in which it states them: numbers, units, dates, names.

Written differently but meant alike is the same fact: 2,000 and "2000" and "two thousand", "per cent" and "%",
"Feb." and "February", "U.S." and "US". Nothing here compares two sentences; that is the gate's work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repair.fact_words import (
    AMBIGUOUS_DATES,
    DATES,
    DAYTIMES,
    FUNCTION_WORDS,
    LIMITS,
    NOT_A_NUMBER,
    ORDINALS,
    SCALES,
    SHORT_SCALES,
    TENS,
    UNITS,
    VAGUE,
    VALUES,
    VERBS_AFTER_NAMES,
    ordinal,
)
from repair.lexemes import readings
from repair.text import unescaped

NUMBER = r"\d+(?:[.,]\d+)*"
TOKEN = re.compile(
    rf"(?P<number>(?P<sign>(?<![\w.,)])[-−](?=\d))?(?P<digits>{NUMBER})(?P<th>[-‑]?(?:st|nd|rd|th)\b)?)"
    r"|(?P<dotted>(?<![^\W_])(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}(?![^\W_]))"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<mark>[^\w\s]|_)"
)
SPACED_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[ \u00a0\u2009\u202f]\d{3})+)(?![\d.,]?\d)")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
NEVER_NAMES = frozenset({"i", "i'm", "i've", "i'll", "i'd", "am", "pm", "a.m", "p.m"})
POSSESSIVE = re.compile(r"['’](?:s|S)?\Z")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark. `low` is its form for comparing: small letters, no possessive, no inner full stops."""

    text: str
    low: str
    kind: str
    initial: bool  # stands where any word would have a capital


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, with words that were said twice in a row ("the US the US") taken once."""
    clean = INVISIBLE.sub("", unicodedata.normalize("NFC", unescaped(text)))
    clean = SPACED_THOUSANDS.sub(lambda match: re.sub(r"\s", "", match[0]), clean)
    result: list[Token] = []
    initial = True
    for match in TOKEN.finditer(clean):
        word, kind = match[0], match.lastgroup or ""
        kind = "number" if match["number"] else kind
        low = POSSESSIVE.sub("", word).casefold().replace("’", "'") if kind == "word" else word
        if kind == "dotted":
            low = word.casefold().replace(".", "") if word.lower() not in ("a.m", "p.m") else word.lower()
        elif kind == "number":
            low = plain_number(match["digits"])
            low = ("-" if match["sign"] else "") + (ordinal(int(low)) if match["th"] and low.isdigit() else low)
        result.append(Token(word, low, kind, initial))
        initial = kind == "mark" and (word in '.!?:…“„«"‘' or (initial and word not in ",;)"))
    return unlooped(result)


def plain_number(digits: str) -> str:
    """A number without its thousands separators and with a decimal point.

    >>> plain_number("2,000"), plain_number("1,234.5"), plain_number("5,5"), plain_number("1.000")
    ('2000', '1234.5', '5.5', '1.000')
    """
    digits = "".join(str(unicodedata.digit(char, char)) for char in digits)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return digits.replace(",", "")
    return digits.replace(",", ".") if re.fullmatch(r"\d+,\d{1,2}", digits) else digits


def unlooped(items: list[Token]) -> list[Token]:
    """`items` with immediate repetitions of up to 16 tokens taken once; names alone and numbers stay as they are.

    >>> [token.text for token in unlooped(tokens("in the US in the US , Duran Duran , 10 10"))]
    ['in', 'the', 'US', ',', 'Duran', 'Duran', ',', '10', '10']
    """
    keys = [item.low for item in items]
    result: list[Token] = []
    i = 0
    while i < len(items):
        for length in range(1, min(16, (len(items) - i) // 2) + 1):
            if keys[i] != keys[i + length]:
                continue  # most are told apart by their first word
            if keys[i : i + length] == keys[i + length : i + 2 * length] and _is_loop(items[i : i + length]):
                i += length
                break
        else:
            result.append(items[i])
            i += 1
    return result


def _is_loop(phrase: Sequence[Token]) -> bool:
    plain = any(item.kind == "word" and item.text.islower() for item in phrase)
    return plain and phrase[0].kind == "word" and not any(item.kind == "number" for item in phrase)


def numbers(items: Sequence[Token]) -> list[str]:
    """Every number, in digits or words, as digits; ordinals as "21st"; vague ones ("dozens") stand as they are.

    >>> numbers(tokens("The 2,000 men and two hundred and fifty-one women took 1.5 million, on the twenty-first."))
    ['2000', '251', '1.5 million', '21st']
    """
    result: list[str] = []
    i = 0
    while i < len(items):
        value, used = _number_at(items, i)
        if used:
            result.append(value)
        i += max(used, 1)
    return result


def _number_at(items: Sequence[Token], i: int) -> tuple[str, int]:
    """The number that begins at token `i`, and how many tokens it takes: 0 where none begins."""
    item = items[i]
    if item.kind == "number":
        scale = items[i + 1].low if i + 1 < len(items) else ""
        scale = SHORT_SCALES.get(scale, scale)
        if scale in SCALES and item.low.isdigit():
            return str(int(item.low) * SCALES[scale]), 2
        return (f"{item.low} {scale}", 2) if scale in SCALES else (item.low, 1)
    if item.low == "one" and i and (items[i - 1].low in NOT_A_NUMBER or _next(items, i) == "another"):
        return "", 0
    if item.low in VAGUE:
        return item.low, 1
    if item.low in ORDINALS:
        return ORDINALS[item.low], 1
    if item.low in VALUES or item.low in SCALES:
        return _words_at(items, i)
    return "", 0


def _words_at(items: Sequence[Token], i: int) -> tuple[str, int]:
    total = group = 0
    start, counted = i, False
    while i < len(items):
        low = items[i].low
        if low in VALUES and (
            i == start or group % 100 == 0 or (group % 10 == 0 and group % 100 >= 20 > 9 >= VALUES[low])
        ):
            group += VALUES[low]
        elif low == "hundred":
            group = max(group, 1) * 100
        elif low in SCALES:
            total, group = total + max(group, 1) * SCALES[low], 0
        elif low in ORDINALS and i > start and group % 10 == 0 and items[i - 1].low in ("-", "‑"):
            group, counted = group + int(ORDINALS[low][:-2]), True
            i += 1
            break
        elif not (low in ("-", "‑", "and") and i > start and _goes_on(items, i)):
            break
        i += 1
    value = total + group
    return ordinal(value) if counted else str(value), i - start


def _goes_on(items: Sequence[Token], i: int) -> bool:
    """Does the number go on after the hyphen ("fifty-one") or the "and" ("two hundred and one")?"""
    before, after = items[i - 1].low, _next(items, i)
    if items[i].low == "and":
        return before in SCALES and after in VALUES
    return (before in TENS and (after in VALUES or after in ORDINALS)) or after in SCALES


def _next(items: Sequence[Token], i: int) -> str:
    return items[i + 1].low if i + 1 < len(items) else ""


def units(items: Sequence[Token]) -> list[str]:
    """Money, measures and spans of time; "per cent" and "%" are one."""
    result = []
    for before, item in zip((None, *items), items, strict=False):
        if item.low == "cent" and before is not None and before.low == "per":
            result.append("percent")
        elif item.low in UNITS:
            result.append(UNITS[item.low])
    return result


def limits(items: Sequence[Token]) -> list[str]:
    """How exact each number is that says so: "about 50", "over 50", "at least 50"; "more than" is "over".

    >>> limits(tokens("At least 50 of more than 90, some 20, and up to 3"))
    ['at least', 'over', 'about', 'up to']
    """
    result = []
    for i, item in enumerate(items):
        if item.kind == "number" or item.low in VALUES or item.low in VAGUE or item.low in ("$", "€", "£"):
            pair = " ".join(x.low for x in items[max(i - 2, 0) : i])
            found = LIMITS.get(pair) or LIMITS.get(pair.rpartition(" ")[2])
            if found:
                result.append(found)
    return result


def dates(items: Sequence[Token]) -> list[str]:
    """Months, weekdays and times of day."""
    return [DATES.get(item.low, item.low) for i, item in enumerate(items) if is_date(items, i)]


def is_date(items: Sequence[Token], i: int) -> bool:
    """Is token `i` a month, a weekday or a time of day? "May" and "Jan" must not begin a sentence without a number."""
    item = items[i]
    if item.low in AMBIGUOUS_DATES:
        numbered = any(x.kind == "number" for x in items[max(i - 2, 0) : i + 3])
        return item.text[0].isupper() and (numbered or not item.initial)
    if item.low in DATES:
        return item.text[0].isupper() or len(item.low) > 5
    return item.low in DAYTIMES


def names(items: Sequence[Token]) -> list[Token]:
    """Capitalised words that are names, parts of names or acronyms; months and weekdays are dates instead."""
    return [item for i, item in enumerate(items) if is_name(items, i)]


def is_name(items: Sequence[Token], i: int) -> bool:
    """A capital is enough, but where every word has one: there the word must be unknown, or stand like a name."""
    item = items[i]
    if item.kind not in ("word", "dotted") or item.low in NEVER_NAMES:
        return False
    if not any(char.isupper() for char in item.text) or is_date(items, i):
        return False
    if sum(char.isupper() for char in item.text) > 1:
        return True
    if item.low.split("'")[0] in FUNCTION_WORDS and item.low not in ("may", "will"):
        return False
    if not item.initial or not known(item.low):
        return True
    following = items[i + 1] if i + 1 < len(items) else None
    if following is None or following.kind != "word" or is_plural(item.low):
        return False
    if following.text[0].isupper() or following.low in VERBS_AFTER_NAMES or POSSESSIVE.search(item.text):
        return True
    return following.low.endswith("ed") and "VERB" in readings(following.low)


def known(word: str) -> bool:
    """Is the lower-case `word` an ordinary English word?"""
    return word in FUNCTION_WORDS or bool(readings(word.split("'")[0]))


def is_plural(word: str) -> bool:
    """Can the lower-case `word` be a plural noun?"""
    return any(lemma != word for lemma in readings(word).get("NOUN", ()))


def bases(word: str) -> Iterator[str]:
    """The lower-case `word` and every lemma that it may be a form of."""
    yield word
    for group in readings(word).values():
        yield from group
