"""Numbers of the source that the translation has not, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from repair.facts import numbers, tokens
from repair.source.check import Both, Slip
from repair.source.figures import Figure, figures, plain

POWERS = (100, 1000, 10**4, 10**5, 10**6, 10**7, 10**8, 10**9, 10**12)
SMALL = 12  # whole numbers up to this one may be words on either side, months or hours
LONG = 3
SCORE = 0.9
# How many years the years of a calendar in use are ahead of or behind those of English.
CALENDARS = {"ne": (56, 57), "th": (543,), "km": (543,), "fa": (621, 622), "ps": (621, 622), "am": (7, 8)}


def numbers_differ(both: Both) -> Iterator[Slip]:
    """A figure in the translation that the source has not, where a figure of the source is missing.

    One of the two alone is no sign: the other text may say it in words.
    """
    missing, extra = unmet(both)
    if not missing:
        return
    for number, figure in enumerate(extra):
        theirs = missing[min(number, len(missing) - 1)]
        yield Slip(
            both.place(figure.span.start, figure.span.end),
            f"The source has no such number; it has “{theirs.text}”.",
            SCORE,
        )


def numbers_missing(both: Both) -> Iterator[Slip]:
    """A figure of three digits or more that the translation has not, in digits or words."""
    missing, extra = unmet(both)
    if extra:
        return
    for figure in missing:
        if len(figure.text) >= LONG and max(map(float, figure.values)) >= 100:
            yield Slip(both.near(figure.span.start), f"The source has “{figure.text}”, which is missing here.", SCORE)


def unmet(both: Both) -> tuple[list[Figure], list[Figure]]:
    """The larger and broken figures of the source that the translation has not, and the other way round."""
    there, here = list(figures(both.source)), list(figures(both.text))
    spoken = frozenset(numbers(tokens(both.text)))
    calendar = CALENDARS.get(both.aligned.language, ())
    missing = [figure for figure in there if not met(figure, here, spoken, calendar)]
    extra = [figure for figure in here if not met(figure, there, frozenset(), calendar)]
    return [f for f in missing if large(f)], [f for f in extra if large(f)]


def large(figure: Figure) -> bool:
    """Is it no number that the other text is likely to say in words?"""
    return max(map(float, figure.values)) > SMALL or all("." in value for value in figure.values)


def met(figure: Figure, others: Sequence[Figure], spoken: frozenset[str], calendar: Sequence[int] = ()) -> bool:
    """Is the figure among the others, or a number in words, as it is, with its scale written out, or as the year of
    another calendar?"""
    values = {other for one in others for other in one.values}
    values |= {value.removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th") for value in spoken}
    return any(alike(value, other, calendar) for value in figure.values for other in values)


def alike(one: str, other: str, calendar: Sequence[int] = ()) -> bool:
    """Do two numbers in digits say the same: with a scale, in hours of twelve, as a decade?

    >>> alike("1500", "1500000"), alike("20", "8"), alike("90", "1990"), alike("15", "51")
    (True, True, True, False)
    """
    if one == other:
        return True
    try:
        a, b = sorted((float(one), float(other)))
    except ValueError:
        return False
    if a and plain(b / a) in {str(power) for power in POWERS}:
        return True
    if (12 < b <= 24 and b - a == 12) or (a > 1000 and b - a in calendar):
        return True
    return 10 <= a < 100 and b >= 1000 and b % 100 == a
