"""Rules for capitals that a name or a word made from a name has lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.names import names, words
from repair.detect.rule import Hit, Page, Word, mark, rule  # noqa: F401 - mark is for the examples
from repair.lexemes import readings
from repair.text import vocabulary

# Words with a capital that the table of names lacks: too seldom in print, or not in its dictionary. Those that are
# something else as well are in neither: china, chile, turkey, polish, march, may, august, swede, guinea, jersey.
MORE = vocabulary(
    "welsh slovenian kosovar azerbaijani uzbek bangladeshi afghan tunisian qatari argentinian argentine venezuelan"
    " peruvian bolivian muslim swedes norwegians estonians latvians lithuanians belarusians slovenians bulgarians"
    " serbs croats bosnians albanians macedonians armenians pakistanis afghans cubans australians jews muslims"
    " japan morocco brazil czechia venezuela peru bolivia ecuador islamists komsomol brexit"
)
# Parts also of the names of firms and offices in their own spelling: "air france", "mexico city".
COUNTRIES = vocabulary(
    "america europe africa asia britain england scotland ireland france germany italy spain portugal netherlands"
    " belgium austria switzerland sweden norway finland iceland denmark estonia latvia lithuania russia ukraine"
    " belarus poland czechia slovakia slovenia hungary romania bulgaria serbia croatia bosnia albania macedonia"
    " kosovo montenegro greece armenia azerbaijan kazakhstan uzbekistan japan korea taiwan vietnam thailand"
    " malaysia indonesia philippines india pakistan bangladesh afghanistan iran iraq syria lebanon israel"
    " palestine egypt libya tunisia algeria morocco ethiopia kenya nigeria ghana canada mexico cuba brazil"
    " argentina colombia venezuela peru bolivia ecuador australia singapore"
)
DAYS = vocabulary(
    "monday tuesday wednesday thursday friday saturday sunday january february april june july september october"
    " november december"
)
AMERICAN, KOREAN, AFRICAN = (
    vocabulary(forms) for forms in ("america american americans", "korea korean koreans", "africa african africans")
)
# Two words that make one name: both take the capital.
PAIRS = {
    "south": AMERICAN | AFRICAN | KOREAN,
    "north": AMERICAN | KOREAN,
    "central": AMERICAN,
    "latin": AMERICAN,
    "great": vocabulary("britain"),
    **{word: frozenset({"friday"}) for word in ("good", "black")},
    **{word: frozenset({"sunday"}) for word in ("easter", "palm")},
    "cyber": frozenset({"monday"}),
}
# Before a name: words of other languages, and what a longer name begins with ("banco de mexico", "air france").
FOREIGN = vocabulary("al d da das de del della der des di du el en et il la las le les los o un una und y")
FIRST = vocabulary("chicken east true west")
FIRST_OF_COUNTRY = vocabulary("air new statistics")
# After a name: things that a house may write small, and what a longer name ends with.
THINGS = vocabulary(
    "fries fry toast bread dressing kiss window windows door doors horn horns muffin muffins oven ovens courage"
    " cheese chard roll rolls bath baths delight roulette doll dolls coffee whispers ink rubber shepherd shepherds"
    " setter setters nut nuts heel heels wave standoff goose geese yogurt yoghurt salad waffle waffles wax mustard"
    " beans onion onions cuff cuffs bulldog bulldogs braid braids leather blinds hound hounds terrier terriers"
    " spaniel spaniels hat hats knot knots pickle pickles sprout sprouts wool"
)
LAST = vocabulary(
    "airlines airways brotherhood channel corp corporation gulf inc ltd ocean open post republic savings sea times"
    " tobacco"
)
LAST_OF = {
    "european": vocabulary("central commission community council court parliament union"),
    "african": vocabulary("union"),
    "islamic": vocabulary("jihad state"),
}
ADDRESS = re.compile(r"[@#/\\_=&~]|\.\w")
# Parts of the world, whose direction some houses write small ("north America"), but for the country.
DIRECTIONS = vocabulary("central east eastern north northern south southern west western")
PARTS_OF_WORLD = vocabulary("africa african america american asia asian atlantic australia europe european pacific")
DETERMINERS = vocabulary("a an another any each every his her its my our the their this that these those your")


@rule("fluency/spelling", "minor", "This word is written with a capital.", score=0.95, fix_score=0.95)
def lost_capital(page: Page) -> Iterator[Hit]:
    """A nationality, a country, a city, a day or a month begins with a small letter ("the italian mob", "on friday").

    Why: most languages write adjectives of nationality, days and months small; English does not. Some engines write
    every name small.

    Left alone: words that are also something else (china, turkey, polish, may, march), things that many write small
    ("french fries"), parts of longer names ("air france", "muslim brotherhood"), what stands after a word of another
    language or a capital, or in an address, a handle or a compound, and sentences without a capital at the start, whose
    writer leaves capitals out.

    >>> mark(lost_capital, "On good friday he met russian men and north koreans in quebec.")
    'On [good friday|Good Friday] he met [russian|Russian] men and [north koreans|North Koreans] in [quebec|Quebec].'
    >>> mark(lost_capital, "The Russian may march on, with fine china, french fries, radio.french and pro-russian.")
    'The Russian may march on, with fine china, french fries, radio.french and pro-russian.'
    >>> mark(lost_capital, "we went to france on monday and it was fine")
    'we went to france on monday and it was fine'
    """
    in_names = {i for first, name in _names(page) for i in range(first, first + len(name))}
    for i in page.places(MORE | words()):
        word, before = page.words[i], _before(page, i)
        if before is None or i in in_names or not all(w.text.islower() and w.text.isascii() for w in (before, word)):
            continue
        if _is_part(page, i, before) or ADDRESS.match(page.text, word.end) or not page.begins_with_capital(word.start):
            continue
        first = before if word.glued and word.low in PAIRS.get(before.low, ()) else word
        fix = re.sub(r"\w+", lambda part: part.group().capitalize(), page.text[first.start : word.end])
        yield Hit(first.start, word.end, fix)


def _before(page: Page, i: int) -> Word | None:
    """The word before word `i`, where only blanks lie between, or the comma of a list."""
    if i and page.text[page.words[i - 1].end : page.words[i].start] == ", ":
        return page.words[i - 1]
    return page.next_to(i, -1)


@rule("fluency/spelling", "minor", "A word of this name has lost its capital.", score=0.95, fix_score=0.95)
def name_half_small(page: Page) -> Iterator[Hit]:
    """A name of several words has a small letter where English writes a capital ("Czech republic", "united states").

    Why: in many languages only the first word of such a name has a capital, and some engines write all small.

    Left alone: names that print writes either way ("Supreme court", "northern Ireland", "north America"), parts of
    longer names, what need be no name ("the new Mexico coach", "the first bank of Japan", "a white house"),
    addresses, and sentences without a capital at the start.

    >>> mark(name_half_small, "The Czech republic and the united states met on the Black sea.")
    'The [Czech republic|Czech Republic] and the [united states|United States] met on the [Black sea|Black Sea].'
    >>> mark(name_half_small, "The Supreme court, the prime minister and their new Mexico coach saw a black sea-bird.")
    'The Supreme court, the prime minister and their new Mexico coach saw a black sea-bird.'
    >>> mark(name_half_small, "At the west end of the street, a white house had a red cross on its door.")
    'At the west end of the street, a white house had a red cross on its door.'
    >>> mark(name_half_small, "He wanted a united kingdom, the united states of mind, and left the united kingdom.")
    'He wanted a united kingdom, the united states of mind, and left the [united kingdom|United Kingdom].'
    """
    for i, name in _names(page):
        here = page.words[i : i + len(name)]
        before = page.next_to(i, -1)
        if not any(w.text[0].islower() and part[0].isupper() for w, part in zip(here, name, strict=True)):
            continue
        after = page.next_to(i + len(name) - 1)
        if all(w.text.islower() for w in here) and _is_phrase(name, before, after):
            continue
        if here[0].text.islower() and before and _is_longer(before, after):
            continue
        rest_is_capital = all(w.text[0].isupper() or part.islower() for w, part in zip(here[1:], name[1:], strict=True))
        if here[0].text.islower() and rest_is_capital and _is_free(name, before):
            continue
        start, end = here[0].start, here[-1].end
        in_address = ADDRESS.match(page.text, end) or ADDRESS.match(page.text, start - 1)
        if not in_address and page.begins_with_capital(start):
            yield Hit(start, end, " ".join(name))


def _is_phrase(name: tuple[str, ...], before: Word | None, after: Word | None) -> bool:
    """May the words, all small, be no name: "the west end", "a united kingdom", "the united states of mind"?"""
    if (before is not None and before.low in ("a", "an")) or (after is not None and after.text == "of"):
        return True
    known = words()
    return name[0] != "United" and all(readings(part.lower()) and part.lower() not in known for part in name)


def _is_longer(before: Word, after: Word | None) -> bool:
    """Is a name that begins small part of a longer one, or of words of another language?"""
    part = not before.text.islower() and before.low not in DETERMINERS
    return part or before.low in FOREIGN or before.low == "air" or (after is not None and after.low in LAST)


def _is_free(name: tuple[str, ...], before: Word | None) -> bool:
    """May the first word alone be small: "the new Mexico coach", "north America", "the first bank of Japan"?"""
    first, second = (part.lower() for part in name[:2])
    if first == "new":
        return before is not None and before.low in DETERMINERS
    if second == "of":
        return True
    if first not in DIRECTIONS:
        return False
    if first.endswith("ern"):  # of any land: "northern Ireland"
        return True
    return second in PARTS_OF_WORLD and (first, second[:6]) != ("south", "africa")


def _names(page: Page) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each name of several words of the table, in whatever letters: its first word's position, and it as printed."""
    known = names()
    for i in page.places(frozenset(known)):
        for name in known[page.words[i].low]:
            here = page.words[i : i + len(name)]
            if len(here) == len(name) and all(
                w.low == part.lower() and (w.glued or w is here[0]) for w, part in zip(here, name, strict=True)
            ):
                yield i, name
                break


def _is_part(page: Page, i: int, before: Word) -> bool:
    """Is the word part of a longer name, of words of another language or of the name of a thing?"""
    word, after = page.words[i].low, page.next_to(i)
    if before.low in FOREIGN | FIRST or (word in COUNTRIES and before.low in FIRST_OF_COUNTRY):
        return True
    if (before.low, word) == ("of", "america"):  # banks, corporations, states
        return True
    if after is None or word in DAYS:
        return False
    return after.low in THINGS | LAST | LAST_OF.get(word, frozenset()) or (word in COUNTRIES and after.low == "city")
