"""What became of the words between two wordings of a sentence: kept, said in other words, or nowhere to be found.

A repair of a calque puts the word that was meant for the one that was not: both share a translation, or a sense. A
word that comes or goes without such a link, or a link between two words of which each states a fact of its own
("charged" and "convicted"), is for a person to judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise, product

from repair.correct.pivots import connection
from repair.fact_classes import AIMED, BOUNDS, CLASSES, FOCUS, LINKS, PERIODS, PLACES, STATUS, TELLING, TENSES, WHICH
from repair.fact_words import (
    CERTAINTY,
    FUNCTION_WORDS,
    NEGATIONS,
    ORDINALS,
    PERSONS,
    QUANTIFIERS,
    SAYING,
    SCALES,
    UNITS,
    VAGUE,
    VALUES,
)
from repair.facts import Token, bases, is_date, is_name, known
from repair.lexemes import forms, readings
from repair.senses import derived, opposite, same_sense, sisters

LINK, SISTER_LINK = 2, 8  # languages and tables that must connect two words; more where both are kinds of one thing
ALIKE = 0.84  # letters shared by a misspelling and the word that was meant
BRITISH = ((r"is(?=e|a|i)", "iz"), (r"our", "or"), (r"tre\b", "ter"), (r"ll", "l"), (r"ogue\b", "og"))
BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "am", "got", "gets", "get"})
SKIPPED = frozenset({"the", "a", "an", "this", "last", "next", "some", "late", "early", "mid", "-", "same", "past"})
FIGURES = (UNITS, VALUES, VAGUE, SCALES, ORDINALS)
COUNTED = (NEGATIONS, QUANTIFIERS, CERTAINTY, SAYING, PERSONS)  # the gate counts these words itself

cited = "“{}”".format


class Relation(IntEnum):
    """What two words have to do with each other, for a sentence that had one and now has the other."""

    OPPOSED = 0
    OTHER_FACT = 1
    DOUBTFUL = 2  # linked, and yet each states a fact of its own
    NONE = 3
    LINKED = 4
    SAME = 5


def exchanges(gone: Iterable[str], come: Iterable[str], what: str = "", where: str = "") -> Iterator[str]:
    """Reasons where the facts `gone` stand no more and those in `come` stand now, as far as may be in pairs.

    >>> list(exchanges(["5"], ["6", "7"], "the number ")), list(exchanges(["by"], [], where=" here"))
    (['changes the number 5 to 6', 'adds the number 7'], ['drops by here'])
    """
    left, right = list(gone), list(come)
    for a, b in zip(left, right, strict=False):
        yield f"changes {what}{a} to {b}{where}"
    for a in left[len(right) :]:
        yield f"drops {what}{a}{where}"
    for b in right[len(left) :]:
        yield f"adds {what}{b}{where}"


def against(old: Sequence[Token], new: Sequence[Token]) -> tuple[list[str], list[str]]:
    """What speaks against the words of `new` as another wording of `old`: reasons to refuse, and to ask a person."""
    refused: list[str] = []
    unsure: list[str] = []
    before, after = _words(old), _words(new)
    gone, come = _less(before, old, new), _less(after, new, old)
    _pair_off(gone, come)
    alone = len(gone) == len(come) == 1
    for x, y in product(list(gone), list(come)):
        kind = relation(x, y)
        if kind < Relation.NONE and x in gone and y in come:
            sure = kind == Relation.OTHER_FACT or (kind == Relation.OPPOSED and alone)
            what = f"turns “{x}” into its opposite, “{y}”" if kind == Relation.OPPOSED else f"changes “{x}” to “{y}”"
            (refused if sure else unsure).append(what)
            gone.remove(x)
            come.remove(y)
    for x, y in zip(gone, come, strict=False):
        unsure.append(f"changes “{x}” to “{y}”, which may mean something else")
    for verb, left in (("drops", gone[len(come) :]), ("adds", come[len(gone) :])):
        for word in left:
            (refused if word in STATUS else unsure).append(f"{verb} “{word}”")
    refused += _which(old, new)
    unsure += [*_bounds(old, new), *_links(old, new), *_tenses(old, new), *_order(before, after), *_passives(old, new)]
    unsure += _small(old, new)
    return refused, unsure


def _words(items: Sequence[Token]) -> list[str]:
    """The words that tell something: no names, numbers, units and dates, which the gate compares itself."""
    return [x.low for i, x in enumerate(items) if x.kind == "word" and _tells(items, i)]


def _tells(items: Sequence[Token], i: int) -> bool:
    low = items[i].low
    if low in TELLING or low in STATUS:
        return not (low == "rather" and any(x.low == "than" for x in items[i + 1 : i + 2]))
    if low in FUNCTION_WORDS or "'" in low or any(low in table for table in FIGURES):
        return False
    return not (any(low in table for table in COUNTED) or is_date(items, i) or is_name(items, i))


def _less(words: Sequence[str], items: Sequence[Token], others: Sequence[Token]) -> list[str]:
    """Those of `words`, in order, that stand less often among `others` than among `items`, as a name or not."""
    lost = Counter(x.low for x in items) - Counter(x.low for x in others)
    result = []
    for word in reversed(words):
        if lost[word]:
            lost[word] -= 1
            result.append(word)
    return result[::-1]


def _pair_off(gone: list[str], come: list[str]) -> None:
    """Takes away, in place, the words that stand for each other, the surest pairs first."""
    for kind in (Relation.SAME, Relation.LINKED):
        for x in list(gone):
            for y in come:
                if relation(x, y) == kind:
                    gone.remove(x)
                    come.remove(y)
                    break


@lru_cache(maxsize=50_000)
def relation(one: str, other: str) -> Relation:
    """What two lower-case words have to do with each other.

    >>> relation("official", "officials").name, relation("eventually", "finally").name
    ('SAME', 'LINKED')
    >>> relation("acquitted", "convicted").name, relation("quick", "slow").name, relation("acquitted", "table").name
    ('OTHER_FACT', 'OPPOSED', 'NONE')
    """
    pairs = list(product(set(bases(one)), set(bases(other))))
    if any(x == y for x, y in pairs) or _spelling(one) == _spelling(other):
        return Relation.SAME
    linked = _mended(one, other) or any(_linked(x, y) for x, y in pairs)
    if any(_differ(x, y) for x, y in pairs):
        return Relation.DOUBTFUL if linked else Relation.OTHER_FACT
    if any(opposite(x, y) for x, y in pairs):
        return Relation.DOUBTFUL if linked else Relation.OPPOSED
    return Relation.LINKED if linked else Relation.NONE


def _spelling(word: str) -> str:
    """A word in one spelling for Britain and America.

    >>> _spelling("organisation") == _spelling("organization"), _spelling("centre") == _spelling("center")
    (True, True)
    """
    for british, american in BRITISH:
        word = re.sub(british, american, word)
    return word


def _mended(one: str, other: str) -> bool:
    """Is `one` no word and `other` one that it may be a misspelling of?"""
    if known(one) or not known(other) or one[0] != other[0]:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _linked(one: str, other: str) -> bool:
    """Do the lemmas share a sense, a root, or enough translations?"""
    if same_sense(one, other) or derived(one, other):
        return True
    if any(one in table and table[one] == table.get(other) for table in (STATUS, WHICH)):
        return True
    return connection(one, other) >= (SISTER_LINK if sisters(one, other) else LINK)


def _differ(one: str, other: str) -> bool:
    """Does each of the lemmas state another fact of one kind?"""
    tables = (STATUS, WHICH, *CLASSES)
    return any(one in table and other in table and table[one] != table[other] for table in tables)


def _which(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where "last month" becomes "this month"."""
    before, after = _chosen(old), _chosen(new)
    gone, come = list((before - after).elements()), list((after - before).elements())
    for a, b in zip(gone, come, strict=False):
        yield f"changes “{a}” to “{b}” before a time"


def _chosen(items: Sequence[Token]) -> Counter[str]:
    return Counter(WHICH[x.low] for x, y in pairwise(items) if x.low in WHICH and PERIODS & set(bases(y.low)))


def _bounds(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where a preposition before a time or an amount changes: "by Monday" is not "on Monday"."""
    before, after = _bounding(old), _bounding(new)
    gone, come = (map(cited, x.elements()) for x in (before - after, after - before))
    yield from exchanges(gone, come, where=" before a time or an amount")


def _bounding(items: Sequence[Token]) -> Counter[str]:
    found: Counter[str] = Counter()
    for i, item in enumerate(items):
        if item.low in BOUNDS:
            following = next((j for j in range(i + 1, len(items)) if items[j].low not in SKIPPED), None)
            if following is not None and following <= i + 3 and _measures(items, following):
                found[BOUNDS[item.low]] += 1
    return found


def _measures(items: Sequence[Token], i: int) -> bool:
    """Is token `i` a time or the beginning of an amount?"""
    item = items[i]
    if item.kind == "number" or item.low in VALUES or item.low in VAGUE or item.low in "$€£":
        return True
    return is_date(items, i) or not PERIODS.isdisjoint(bases(item.low))


def _links(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where another preposition says what is done to whom: "an attack on them" is not "an attack by them", and
    who left for a place did not leave it.
    """
    before, after = _linking(old), _linking(new)
    for (word, a), (other, b) in product(before - after, after - before):
        if word == other and not {a, b} <= PLACES and ("by" in (a, b) or _is_noun(word)):
            yield f"changes “{a}” to “{b}” after “{word}”"
    both = {x.low for x in old} & {x.low for x in new}
    for what, found in (("drops", before - after), ("adds", after - before)):
        for word, link in found:
            if word in both and not AIMED.get(link, frozenset()).isdisjoint(bases(word)):
                yield f"{what} “{link}” after “{word}”"


def _small(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons that lie in small words: "few" is not "a few", "longer than" is not "as long as", and a word such as
    "only" speaks of the one that it stands before.
    """
    before, after = _pairs(old), _pairs(new)
    for few in ("few", "little"):
        if before[few, ""] == after[few, ""] and before["a", few] != after["a", few]:
            yield f"changes “{few}” to “a {few}”, or back"
    than, as_ = (after[word, ""] - before[word, ""] for word in ("than", "as"))
    if than * as_ < 0:
        yield "changes “than” to “as”, or back"
    for focus, word in before - after:
        if focus in FOCUS and after[focus, ""] == before[focus, ""] and word and after[word, ""]:
            yield f"“{focus}” no longer stands before “{word}”"


def _pairs(items: Sequence[Token]) -> Counter[tuple[str, str]]:
    """How often each word stands, with "", and each two in a row."""
    return Counter([(x.low, "") for x in items] + [(x.low, y.low) for x, y in pairwise(items)])


def _is_noun(word: str) -> bool:
    found = readings(word)
    return "NOUN" in found and "ADJ" not in found


def _linking(items: Sequence[Token]) -> Counter[tuple[str, str]]:
    return Counter((x.low, y.low) for x, y in pairwise(items) if x.kind == "word" and y.low in LINKS)


def _tenses(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where what is becomes what was: "is" and "was", "says" and "said"."""
    before, after = (Counter(TENSES[key] for x in items if (key := _positive(x.low)) in TENSES) for items in (old, new))
    for a, b in zip((before - after).elements(), (after - before).elements(), strict=False):
        yield f"changes the time: “{a}” to “{b}”"
    for x, y in product(_alone(old, new), _alone(new, old)):
        if any(
            _is_form(one, lemma, "VBZ") and _is_form(two, lemma, "VBD")
            for one, two in ((x, y), (y, x))
            for lemma in bases(x)
        ):
            yield f"changes the time: “{x}” to “{y}”"


def _positive(word: str) -> str:
    return word.removesuffix("n't")


def _alone(items: Sequence[Token], others: Sequence[Token]) -> list[str]:
    """Words that the other text lacks and that no form of "be" or "have" stands before."""
    there = {x.low for x in others}
    helped = (None, *items)
    return [
        y.low
        for x, y in zip(helped, items, strict=False)
        if y.kind == "word" and y.low not in there and not (x and _positive(x.low) in TENSES)
    ]


def _is_form(word: str, lemma: str, tag: str) -> bool:
    return word in forms(lemma, "VERB").get(tag, ())


def _order(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Reasons where words that stay change places; adverbs may stand anywhere."""
    both = Counter(before) & Counter(after)
    kept = [[word for word in words if both[word] == 1 and set(readings(word)) != {"ADV"}] for words in (before, after)]
    if kept[0] != kept[1] and Counter(kept[0]) == Counter(kept[1]):
        yield "changes the order of the words"


def _passives(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where somebody who did something has it done to them: "was dismissed" is not "dismissed"."""
    before, after = _suffered(old), _suffered(new)
    every = [{x.low for x in items} for items in (old, new)]
    for word in (before - after) + (after - before):
        if all(word in words for words in every):
            yield f"changes who did it and to whom: “{word}”"


def _suffered(items: Sequence[Token]) -> Counter[str]:
    """Participles right after a form of "be", adverbs left out."""
    found: Counter[str] = Counter()
    be = False
    for item in items:
        if be and item.low.endswith(("ed", "en")) and any(x != item.low for x in readings(item.low).get("VERB", ())):
            found[item.low] += 1
        be = item.low in BE or (be and (set(readings(item.low)) == {"ADV"} or item.low == "not"))
    return found
