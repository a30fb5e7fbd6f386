"""A rule for names that kept a case ending of the language they were translated from: "Vučića", "Kurtijem"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.correct.pivots import frequency
from repair.detect.inflection import is_word
from repair.detect.lexicon import PARTICLES
from repair.detect.names import words
from repair.detect.rule import Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.wording import FUNCTION_WORDS
from repair.lexemes import readings

LEAST = 4  # letters of a bare name; shorter ones have too many look-alikes
# By what a bare name ends with ("" is a consonant): what its cases have there instead, in Slavic languages, Albanian,
# Lithuanian and Greek.
CASES = {
    "": "om em ovi ovo ovou ovu ovým ovih owi owie ów it ut",
    "i": "ijem ija iju ijev ijevo ijeva ijevi it in",
    "o": "om ovi",
    "a": "ou oy oj ës ën ovi",
    "as": "o ui ą",
    "is": "io iui į",
    "us": "aus ui ų",
    "akis": "aki",
    "idis": "idi",
}
# The same for endings that other names have too: "Roberta" beside "Robert".
UNSURE = {"": "a u in", "a": "y u", "ko": "ka ku kom"}
TURKISH = re.compile(r"(\w+)['’](?:n?[iıuü]n|y?[aeiıuü]|[dt][ae]n?|y?l[ae]|[dt][ae]ki)")
OWNER = re.compile(r"['’]n?[iıuü]n\Z|(?:ijev[oai]|ovo)\Z")
CONSONANT = re.compile(r"[^\W\d_aeiouyáéíóúýěůıöüäëėãõåøæAEIOUY]\Z")
# With an "a" a woman of that family, or a word of Spanish
FAMILY = re.compile(r"(?:[oe]v|[iy]n|[aá]n|sk|ich)\Z")
POSSESSIVE = re.compile(r"['’]s?\Z")
Places = dict[str, list[int]]  # by name, where it stands in the words of a page


@rule(
    "accuracy/untranslated",
    "minor",
    "A name with the case ending of another language; elsewhere the text has it without.",
    score=0.9,
    fix_score=0.8,
)
def declined_name(page: Page) -> Iterator[Hit]:
    """A name stands in a case of another language ("Kurtijem", "Vučića") where the text has the bare name as well.

    Why: a translator that does not know a name copies it as it stands, with its ending.

    Left alone: names and words that English print has, what may be another person's name ("Petrova", "Roberta"), names
    after a word of another language, and forms whose bare name the text does not have.

    >>> mark(declined_name, "Kurti and Vučić met. Talks with Kurtijem failed; for Vučića, as Vučić said, all is over.")
    'Kurti and Vučić met. Talks with [Kurtijem|Kurti] failed; for [Vučića|Vučić], as Vučić said, all is over.'
    >>> mark(declined_name, "Yaycı spoke. Yaycı'nın speech was long.")
    "Yaycı spoke. [Yaycı'nın|Yaycı's] speech was long."
    >>> mark(declined_name, "Petrov met Petrova, Robert Roberta and Pakistan the Pakistanis. Vučića was there.")
    'Petrov met Petrova, Robert Roberta and Pakistan the Pakistanis. Vučića was there.'
    """
    places: Places = {}
    for i, word in enumerate(page.words):
        if word.text[0].isupper():
            places.setdefault(POSSESSIVE.sub("", word.text), []).append(i)
    for name, here in places.items():
        bare = _bare(page, name, places)
        if bare is None:
            continue
        for i in here:
            word = page.words[i]
            yield Hit(word.start, word.end, bare + ("'s" if _owns(page, i, name) else ""))


def _owns(page: Page, i: int, name: str) -> bool:
    """Does the form at word `i` surely own what stands after it?"""
    if page.words[i].text != name:
        return True  # "Lamb'in's mind"
    after = page.next_to(i)
    if after is None or not after.text.islower() or after.low in FUNCTION_WORDS:
        return False
    return bool(OWNER.search(name)) and "NOUN" in readings(after.low)


def _bare(page: Page, name: str, places: Places) -> str | None:
    """The name of which `name` is a case; None where it is no case, or may be none."""
    if (
        len(name) <= LEAST
        or _is_known(name)
        or any(page.words[i].text.islower() for i in page.index.get(name.lower(), ()))
    ):
        return None
    if found := TURKISH.fullmatch(name):
        return found[1] if found[1] in places and len(found[1]) >= LEAST else None
    if any(_is_inside(page, i) for i in places[name]):
        return None
    for bare in _candidates(name, CASES):
        if _is_name(page, bare, places):
            return _bare(page, bare, places) or bare
    for bare in _candidates(name, UNSURE):
        if _is_name(page, bare, places) and _is_one_person(page, name, bare, places):
            return _bare(page, bare, places) or bare
    return None


def _is_inside(page: Page, i: int) -> bool:
    """Does word `i` stand inside a longer name ("Bell Atlanticom Systems") or after a word of another language?"""
    before, after = page.next_to(i, -1), page.next_to(i)
    if before is None:
        return False
    return before.text in PARTICLES or (before.text[0].isupper() and after is not None and after.text[0].isupper())


def _candidates(name: str, cases: dict[str, str]) -> Iterator[str]:
    for end, endings in cases.items():
        for ending in endings.split():
            bare = name.removesuffix(ending) + end
            if name.endswith(ending) and len(bare) >= LEAST and (end or CONSONANT.search(bare)):
                yield bare


def _is_known(name: str) -> bool:
    """Is it a name or a word that English print has?"""
    low = name.lower()
    return low in words() or frequency(low) > 0 or is_word(low)


def _is_name(page: Page, bare: str, places: Places) -> bool:
    """Is `bare` a name in the text, and no country or people, whose forms English makes itself?"""
    if bare not in places or bare.lower() in words():
        return False
    before = (page.next_to(i, -1) for i in places[bare])
    return not is_word(bare.lower()) or any(word is not None and word.text.islower() for word in before)


def _is_one_person(page: Page, name: str, bare: str, places: Places) -> bool:
    """Is `name` no other person's: seldomer than `bare`, and not beside a first or last name that `bare` lacks?"""
    if (name.endswith("a") and FAMILY.search(bare)) or len(places[bare]) <= len(places[name]):
        return False
    first_names = {word.text[:LEAST] for i in places[bare] if (word := page.next_to(i, -1))}
    for i in places[name]:
        before, after = page.next_to(i, -1), page.next_to(i)
        if after is not None and after.text[0].isupper():
            return False
        if before is None or not before.text[0].isupper() or is_word(before.low):
            continue
        if before.text[:LEAST] not in first_names:
            return False
    return True
