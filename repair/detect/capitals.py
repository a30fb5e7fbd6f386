"""Rules for capitals that a name or a word made from a name has lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.rule import Hit, Page, Word, mark, rule  # noqa: F401 - mark is for the examples
from repair.text import vocabulary

# Words that English writes with a capital wherever they stand. Those that are something else as well are not here:
# china, chile, turkey, jordan, polish, march, may, august, swede, guinea, jersey, georgia, mali, danish.
PEOPLES = vocabulary(
    "american european african asian british english scottish welsh irish french german italian spanish"
    " portuguese dutch belgian austrian swiss swedish norwegian finnish icelandic estonian latvian lithuanian"
    " russian ukrainian belarusian czech slovak slovenian hungarian romanian bulgarian serbian croatian bosnian"
    " albanian macedonian kosovar greek turkish armenian azerbaijani kazakh uzbek chinese japanese korean"
    " taiwanese vietnamese thai malaysian indonesian filipino indian pakistani bangladeshi afghan iranian iraqi"
    " syrian lebanese israeli palestinian egyptian libyan tunisian algerian moroccan saudi yemeni qatari kuwaiti"
    " ethiopian kenyan nigerian ghanaian canadian mexican cuban brazilian argentinian argentine chilean colombian"
    " venezuelan peruvian bolivian australian jewish muslim islamic hindu buddhist"
)
PLURALS = vocabulary(
    "americans europeans africans asians germans italians austrians swedes norwegians finns estonians latvians"
    " lithuanians russians ukrainians belarusians czechs slovaks slovenians hungarians romanians bulgarians serbs"
    " croats bosnians albanians macedonians greeks turks armenians koreans indonesians indians pakistanis afghans"
    " iranians iraqis syrians israelis palestinians egyptians libyans canadians mexicans cubans brazilians"
    " australians jews muslims hindus arabs"
)
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
NAMES = PEOPLES | PLURALS | COUNTRIES | DAYS
AMERICAN, KOREAN, AFRICAN = (
    vocabulary(words) for words in ("america american americans", "korea korean koreans", "africa african africans")
)
# Two words that make one name: both take the capital.
PAIRS = {
    "south": AMERICAN | AFRICAN | KOREAN,
    "north": AMERICAN | KOREAN,
    "central": AMERICAN,
    "latin": AMERICAN,
    "great": vocabulary("britain"),
}
# Before a name: words of other languages, and what a longer name begins with ("banco de mexico", "air france").
FOREIGN = vocabulary("al d da das de del della der des di du el en et il la las le les los o un una und y")
FIRST = vocabulary("east true west")
FIRST_OF_COUNTRY = vocabulary("air new statistics")
# After a name: things that a house may write small, and what a longer name ends with.
THINGS = vocabulary(
    "fries fry toast bread dressing kiss window windows door doors horn horns muffin muffins oven ovens courage"
    " cheese chard roll rolls bath baths delight roulette doll dolls coffee whispers ink rubber shepherd shepherds"
    " setter setters nut nuts heel heels wave standoff goose geese yogurt yoghurt salad waffle waffles wax mustard"
    " beans onion onions cuff cuffs bulldog bulldogs braid braids leather blinds hound hounds terrier terriers"
    " spaniel spaniels"
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


@rule("fluency/spelling", "minor", "This word is written with a capital.", score=0.95, fix_score=0.95)
def lost_capital(page: Page) -> Iterator[Hit]:
    """A nationality, a country, a day or a month begins with a small letter ("the italian mob", "on friday").

    Why: most languages write adjectives of nationality, days and months small; English does not.

    Left alone: words that are also something else (china, turkey, polish, may, march), things that many write small
    ("french fries"), parts of longer names ("air france", "muslim brotherhood"), what stands after a word of another
    language or a capital, or in an address, a handle or a compound, and sentences without a capital at the start, whose
    writer leaves capitals out.

    >>> mark(lost_capital, "He met russian leaders of south american states in israel on friday.")
    'He met [russian|Russian] leaders of [south american|South American] states in [israel|Israel] on [friday|Friday].'
    >>> mark(lost_capital, "The Russian may march on, with fine china, french fries, radio.french and pro-russian.")
    'The Russian may march on, with fine china, french fries, radio.french and pro-russian.'
    >>> mark(lost_capital, "we went to france on monday and it was fine")
    'we went to france on monday and it was fine'
    """
    for i in page.places(NAMES):
        word, before = page.words[i], page.next_to(i, -1)
        if before is None or not all(w.text.islower() and w.text.isascii() for w in (before, word)):
            continue
        if _is_part(page, i, before) or ADDRESS.match(page.text, word.end) or not _has_capital(page, word.start):
            continue
        first = before if word.low in PAIRS.get(before.low, ()) else word
        fix = re.sub(r"\w+", lambda part: part.group().capitalize(), page.text[first.start : word.end])
        yield Hit(first.start, word.end, fix)


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


def _has_capital(page: Page, offset: int) -> bool:
    """Does the sentence at `offset` begin with a capital?"""
    sentence = page.document.sentence_at(offset)
    return bool(re.match(r"\W*[A-Z\d]", page.text[sentence.start : sentence.start + 40]))
