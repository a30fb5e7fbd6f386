"""Months, weekdays, and the money and measures beside a figure, where they differ from the source's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import regex

from repair.fact_words import UNITS
from repair.source.check import Both, Slip
from repair.source.figures import figures
from repair.source.words import latin, source_words

SCORE = 0.8
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ENGLISH = {name: name for name in (*MONTHS, *DAYS)}
ABBREVIATED = {
    "jan": 0,
    "feb": 1,
    "mar": 2,
    "apr": 3,
    "jun": 5,
    "jul": 6,
    "aug": 7,
    "sep": 8,
    "sept": 8,
    "oct": 9,
    "nov": 10,
    "dec": 11,
}
MONTH_SIGN = regex.compile(r"(\d{1,2})\s*月(?!球)")
SIGNS = {
    "%": "percent",
    "$": "dollar",
    "€": "euro",
    "£": "pound",
    "¥": "yen",
    "₽": "rouble",
    "₺": "lira",
    "°c": "celsius",
}
# How words for one measure begin in most languages, in Latin letters.
BEGIN = {
    "kilom": "kilometre",
    "dola": "dollar",
    "dolla": "dollar",
    "evro": "euro",
    "euro": "euro",
    "prots": "percent",
    "proce": "percent",
    "proze": "percent",
    "rubl": "rouble",
    "rubel": "rouble",
    "hekta": "hectare",
    "gekta": "hectare",
    "kilogr": "kilogram",
    "santim": "centimetre",
    "centim": "centimetre",
    "sentim": "centimetre",
    "millim": "millimetre",
    "milim": "millimetre",
}
SHORT = {
    "km": "kilometre",
    "kg": "kilogram",
    "cm": "centimetre",
    "mm": "millimetre",
    "ha": "hectare",
    "usd": "dollar",
    "eur": "euro",
}
# "300 de milioane de euro", "300 millions d'euros": a scale, and the small words that some languages put around it.
OF = r"(?:(?:de|di|do|od)\s+|d['’]\s*)?"
SCALE = (
    r"(?:(?i:thousand|billion|trillion|mln|bn|mio|mrd|млн|млрд|тыс|тис|mil|mld|mi\p{L}+|ми\p{L}+|ty?s\p{L}*)\b\.?\s*)?"
)
BESIDE = regex.compile(r"\s*" + OF + SCALE + OF + r"([%$€£¥₽₺]|°C|\p{L}[\p{L}\p{M}]*)")
BEFORE = regex.compile(r"([$€£¥₽₺])\s*\Z")


def date_differs(both: Both) -> Iterator[Slip]:
    """Another month or weekday than the source has, each side having one that the other has not."""
    theirs = dict(dates(both.source, both.aligned.language))
    ours = {}
    for match in regex.finditer(r"\p{Lu}\p{Ll}{2,}", both.text):
        low = match[0].lower()
        day = ENGLISH.get(low) or (MONTHS[ABBREVIATED[low]] if low in ABBREVIATED else None)
        if day:
            ours[day] = match.span()
    for kind in (MONTHS, DAYS):
        missing = [name for name in theirs if name in kind and name not in ours]
        extra = [name for name in ours if name in kind and name not in theirs]
        if len(missing) == len(extra) == 1:
            said = theirs[missing[0]]
            yield Slip(both.place(*ours[extra[0]]), f"The source has “{said}” here ({missing[0].capitalize()}).", SCORE)


def dates(source: str, language: str) -> Iterator[tuple[str, str]]:
    """English names of the months and weekdays in the source, with what stands there."""
    known = calendar(language)
    for match in MONTH_SIGN.finditer(source):
        if 1 <= int(match[1]) <= 12:
            yield MONTHS[int(match[1]) - 1], match[0]
    for word in source_words(source):
        name = next((known[word.low[:size]] for size in range(len(word.low), 2, -1) if word.low[:size] in known), None)
        if name and len(word.low) - next(size for size in range(len(word.low), 2, -1) if word.low[:size] in known) <= 4:
            yield name, word.text


@cache
def calendar(language: str) -> dict[str, str]:
    """Beginnings of a language's names of months and weekdays (CLDR), each with the English name; none of two names."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    result: dict[str, str | None] = {}
    for use in ("format", "stand-alone"):
        names = [(str(locale.months[use]["wide"][i + 1]), MONTHS[i]) for i in range(12)]
        names += [(str(locale.days[use]["wide"][i]), DAYS[i]) for i in range(7)]
        for foreign, name in names:
            low = foreign.casefold()
            for size in range(max(min(len(low), 4), len(low) - 2), len(low) + 1):
                former = result.setdefault(low[:size], name)
                if former != name:
                    result[low[:size]] = None
    return {begin: name for begin, name in result.items() if name and not begin[0].isdigit() and len(begin) > 2}


def unit_differs(both: Both) -> Iterator[Slip]:
    """Another money or measure beside a figure than beside the same figure in the source."""
    theirs: dict[str, dict[str, str]] = defaultdict(dict)
    for values, unit, said, _ in measured(both.source):
        for value in values:
            theirs[value][unit] = said
    for values, unit, _, span in measured(both.text):
        there = {unit: said for value in values if value in theirs for unit, said in theirs[value].items()}
        if there and unit not in there:
            yield Slip(both.place(*span), f"The source has “{next(iter(there.values()))}” here.", SCORE)


def measured(text: str) -> Iterator[tuple[frozenset[str], str, str, tuple[int, int]]]:
    """Values, unit, the unit as it is written, and its place, of each figure with a known unit beside it."""
    for figure in figures(text):
        after, before = BESIDE.match(text, figure.span.end), BEFORE.search(text[: figure.span.start])
        if before:
            yield figure.values, SIGNS[before[1]], before[1], before.span(1)
        elif after and (unit := unit_of(after[1])):
            yield figure.values, unit, after[1], after.span(1)


def unit_of(word: str) -> str | None:
    low = word.casefold()
    if low in SIGNS or low in SHORT:
        return SIGNS.get(low) or SHORT[low]
    if low in UNITS:
        return UNITS[low] if UNITS[low] in set(BEGIN.values()) | {"mile", "pound", "yen", "tonne"} else None
    plain = latin(word)
    return next((unit for begin, unit in BEGIN.items() if plain.startswith(begin)), None)
