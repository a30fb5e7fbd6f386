"""The figures of a source text: what is written in digits, with every value that it may have in English.

Nothing is known of how a language writes thousands and decimals, so "1.000" is 1000 and 1; a scale word or sign after a
figure is known for some scripts and by the CLDR.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from repair.text import Span

NUMBER = regex.compile(
    r"(?<![\p{Latin}\p{Cyrillic}\p{Greek}\p{Nd}])\p{Nd}+(?:[.,٫٬'’]\p{Nd}+|[ \u00a0\u2009\u202f]\p{Nd}{3}(?!\p{Nd}))*"
)
SCALES = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12, "千": 1000, "百": 100, "十": 10}
SCALED = regex.compile(r"[万萬億亿兆千百十]+")
YEAR = 4  # digits
GROUPED = regex.compile(r"\d{1,3}(?:[.,'’ \u00a0\u2009\u202f٬]\d{2,3})+")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in digits. `values` are the ways in which English may write it, in plain digits."""

    span: Span
    text: str
    values: frozenset[str]


def figures(text: str) -> Iterator[Figure]:
    """Every number in digits of any script.

    >>> [sorted(figure.values) for figure in figures("В 2015 г. 1.500,5 и २५")]
    [['2015'], ['1500.5'], ['25']]
    """
    for match in NUMBER.finditer(text):
        digits = "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in match[0])
        values = set(readings(digits))
        scale = SCALED.match(text, match.end())
        if scale:
            factor = 1
            for sign in scale[0]:
                factor *= SCALES[sign]
            values |= {plain(float(value) * factor) for value in values}
        yield Figure(Span(*match.span()), match[0], frozenset(values))


def readings(digits: str) -> Iterator[str]:
    """What digits with stops, commas and blanks may mean.

    >>> list(readings("1.000")), list(readings("1 234,5")), list(readings("05"))
    (['1000', '1'], ['1234.5'], ['5'])
    """
    marks = [c for c in digits if not c.isdigit()]
    if not marks:
        yield plain(float(digits)) if len(digits) < 16 else digits
        return
    whole = "".join(c for c in digits if c.isdigit())
    last = max(digits.rfind(mark) for mark in set(marks))
    parts = regex.split(r"\D", digits)
    if GROUPED.fullmatch(digits) and (len(set(marks)) == 1):
        yield plain(float(whole))
    if marks.count(marks[-1]) == 1 and marks[-1] in ".,٫":
        head = "".join(c for c in digits[:last] if c.isdigit())
        yield plain(float(f"{head}.{digits[last + 1 :]}"))
        if len(parts) == 2 and YEAR in map(len, parts):  # "1986,2001", "11,2012": two figures without a blank
            yield from (plain(float(part)) for part in parts)
    elif len(parts) > 2 and not GROUPED.fullmatch(digits):  # a date or a version: its parts
        yield from (plain(float(part)) for part in parts)


def plain(value: float) -> str:
    """A value without needless zeros.

    >>> plain(1000.0), plain(1.50)
    ('1000', '1.5')
    """
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")
