"""The gate: why an edit must not be applied. It only refuses or doubts; it never proposes.

What a sentence states must be the same before and after: numbers, units, dates, names, negation, how sure it is, who
says it, what is quoted. Spacing, punctuation, articles, agreement and one word for another of the same meaning pass.
What surely changes a fact is refused; what the gate can't place is for a person. `facts` finds what a sentence states,
`meaning` compares the words that are left; here the two sentences are set side by side.
A gate that refuses too much costs a repair; one that passes too much costs the reader's trust.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

from repair.fact_words import (
    BEFORE_VERBS,
    CERTAINTY,
    COUNTING,
    FUNCTION_WORDS,
    NEGATIONS,
    OFFICES,
    OPPOSITES,
    PERSONS,
    PLURAL_VERBS,
    PREFIXES,
    QUANTIFIERS,
    SAYING,
    SINGULAR_VERBS,
)
from repair.facts import Token, bases, dates, known, limits, names, numbers, tokens, units
from repair.lexemes import readings
from repair.meaning import against, cited, exchanges
from repair.quotations import MARK, quotation_spans

Opcode = tuple[str, int, int, int, int]

MARKS, QUOTATION = "adds or removes a quotation mark", "changes the words of a quotation"
SPEECH = frozenset({MARKS, QUOTATION})  # reasons that ask for a person; all others state that a fact changes
WORDS = re.compile(r"\w+")
APOSTROPHES = ("'", "’")
MOST_WORDS = 3  # content words that a repair may take away or add in sum


@dataclass(frozen=True, slots=True)
class Ruling:
    """Three answers: `refused` says which facts change, else `unsure` what a person has to look at, else it passes."""

    refused: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """All that speaks against the change; empty where it passes."""
        return (*self.refused, *self.unsure)


def ruling(before: str, after: str, *, trusted: bool = False) -> Ruling:
    """What the gate says to a change of a sentence from `before` to `after`.

    `trusted` is for a mechanical repair whose rule vouches for it, such as an abbreviation translated by a table:
    it may change names, quotations and length. Numbers, negation and all else are checked as ever.

    >>> ruling("Some 80 soldiers was not paid .", "Some 80 soldiers were not paid.")
    Ruling(refused=(), unsure=())
    >>> ruling("Some 80 soldiers were not paid.", "Some 90 soldiers were paid.").refused
    ('changes the number 80 to 90', 'drops the negation “not”')
    >>> ruling("The board met again.", "The board met.")
    Ruling(refused=(), unsure=('drops “again”',))
    >>> ruling("Talks with SH.BA", "Talks with the US").refused
    ('changes the name “SH.BA” to “US”',)
    >>> ruling("Talks with SH.BA", "Talks with the US", trusted=True).reasons
    ()
    """
    if before == after:
        return Ruling()
    old, new = tokens(before), tokens(after)
    reasons = [*_sequence("number", numbers(old), numbers(new))]
    if "".join(before.split()) == "".join(after.split()):  # spaces alone change, which can join or part these two
        return Ruling((*reasons, *_counted("the negation ", NEGATIONS, old, new)))
    reasons += _sequence("unit", units(old), units(new))
    reasons += _sequence("limit", limits(old), limits(new), cited)
    reasons += _sequence("date or time", dates(old), dates(new), str.capitalize)
    if not trusted:
        reasons += _names(old, new)
        reasons += _quotations(before, after)
    for label, table in (("the negation ", NEGATIONS), ("", QUANTIFIERS), ("", CERTAINTY), ("", SAYING)):
        reasons += _counted(label, table, old, new)
    reasons += _persons(old, new)
    reasons += _moved_negation(old, new)
    reasons += _speakers(old, new)
    aligned = _align(old, new)
    reasons += _opposites(aligned, old, new)
    reasons += _plurals(aligned, old, new)
    if not trusted:
        reasons += _capitals(aligned, old, new)
        reasons += _length(old, new)
    refused = [reason for reason in reasons if reason not in SPEECH]
    unsure = [reason for reason in reasons if reason in SPEECH]
    if not trusted:
        other_fact, other_word = against(old, new)
        refused += other_fact
        unsure += other_word
    return Ruling(tuple(dict.fromkeys(refused)), tuple(dict.fromkeys(unsure)))


def _sequence(what: str, old: Sequence[str], new: Sequence[str], show: Callable[[str], str] = str) -> Iterator[str]:
    """Reasons where two sequences of facts differ."""
    if list(old) == list(new):
        return
    gone, come = list((Counter(old) - Counter(new)).elements()), list((Counter(new) - Counter(old)).elements())
    if not gone and not come:
        yield f"changes the order of the {what}s"
    yield from exchanges(map(show, gone), map(show, come), f"the {what} ")


def _names(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where other names stand, or stand in another order, but for "Trump's envoy" and "envoy of Trump"."""
    before, after = names(old), names(new)
    shown = {token.low: f"“{token.text}”" for token in (*before, *after)}
    keys_before, keys_after = [x.low for x in before], [x.low for x in after]
    # A name may gain its capital, or stand where every word has one; an office may lose its capital
    small_before, small_after = _common(old, before), _common(new, after)
    keys_before = _without(keys_before, keys_after, small_after - small_before)
    keys_after = _without(keys_after, keys_before, small_before - small_after)
    if Counter(keys_before) == Counter(keys_after) and keys_before != keys_after:
        turned = (_owners(old) & _owned_of(new)) | (_owners(new) & _owned_of(old))
        keys_before = [key for key in keys_before if key not in turned]
        keys_after = [key for key in keys_after if key not in turned]
    yield from _sequence("name", keys_before, keys_after, lambda key: shown.get(key, key))


def _common(items: Sequence[Token], there: Sequence[Token]) -> Counter[str]:
    """How often each word occurs without being a name."""
    return Counter(x.low for x in items) - Counter(x.low for x in there)


def _without(keys: Sequence[str], others: Sequence[str], gained: Counter[str]) -> list[str]:
    """`keys` less those that the other text has `gained` in place of the name."""
    excess = Counter(keys) - Counter(others)
    result = []
    for key in keys:
        if excess[key] and gained[key]:
            excess[key] -= 1
            gained[key] -= 1
        else:
            result.append(key)
    return result


def _case_matters(a: Token, b: Token) -> bool:
    """Of one word in two spellings, before and after: do its capitals change what it may name?"""
    capitals_a, capitals_b = (sum(map(str.isupper, x.text)) for x in (a, b))
    if a.initial and b.initial and capitals_a > capitals_b == 0:
        return True
    if a.initial or b.initial:
        return max(capitals_a, capitals_b) > 1 and a.low in FUNCTION_WORDS and min(capitals_a, capitals_b) < 2
    if capitals_b > capitals_a:
        return a.low in FUNCTION_WORDS and a.low != "i"
    if a.low in OFFICES or (capitals_a == 1 and a.low in FUNCTION_WORDS):
        return False
    return capitals_b < capitals_a and capitals_b == 0


def _owners(items: Sequence[Token]) -> set[str]:
    """Names that own something: "Trump's envoy"."""
    return {x.low for x in items if x.text[0].isupper() and re.search(r"['’]s?\Z", x.text)}


def _owned_of(items: Sequence[Token]) -> set[str]:
    """Names that own something in the other way: "envoy of Trump"."""
    return {
        x.low
        for i, x in enumerate(items)
        if x.text[0].isupper() and any(before.low == "of" for before in items[max(i - 2, 0) : i])
    }


def _quotations(before: str, after: str) -> Iterator[str]:
    """Reasons where a quotation mark comes or goes, or a word between two of them changes."""
    if len(MARK.findall(before)) != len(MARK.findall(after)):
        yield MARKS
        return
    old, new = ([WORDS.findall(span.of(text)) for span in quotation_spans(text)] for text in (before, after))
    if old != new:
        yield QUOTATION


def _classed(table: dict[str, str], items: Sequence[Token]) -> list[str]:
    """The classes of `table` in the order in which they occur, each form as what it stands for.

    >>> _classed(NEGATIONS, tokens("He can't say, nor will he, and no one asked."))
    ['not', 'not', 'nobody']
    >>> _classed(CERTAINTY, tokens("They won't go in May but he'll stay, and others may."))
    ['will', 'will', 'may']
    """
    result = []
    for i, item in enumerate(items):
        key = item.low
        if key.endswith("n't") and key not in table:
            if key == "won't" and "will" in table:
                result.append("will")
            base = key[:-3]
            if base in table:
                result.append(table[base])
            key = "n't"
        elif key == "no" and i + 1 < len(items) and items[i + 1].low == "one":
            key = "no-one"
        elif key == "nor" and "not" in table and not any(x.low == "neither" for x in items):
            key = "not"
        elif key == "may" and item.text == "May" and not item.initial:
            continue
        elif key.endswith("'ll"):
            key = "will"
        if key in table:
            result.append(table[key])
    return result


def _counted(label: str, table: dict[str, str], old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where words of `table` are added, dropped or exchanged for those of another class."""
    before, after = Counter(_classed(table, old)), Counter(_classed(table, new))
    short, long = _compared(new) - _compared(old), _compared(old) - _compared(new)
    gone, come = (map(cited, x.elements()) for x in (before - after - short, after - before - long))
    yield from exchanges(gone, come, label)


def _compared(items: Sequence[Token]) -> Counter[str]:
    """How often a word's own form says "more" or "most": "cheaper", "cheapest"."""
    ends = ((x.low, ending) for x in items for ending in ("er", "est") if x.low.endswith(ending))
    return Counter(
        "more" if ending == "er" else "most" for low, ending in ends if {*readings(low).get("ADJ", ())} - {low}
    )


def _persons(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where a pronoun of one person ("he", "his") is added, dropped or put for one of another."""
    before, after = (Counter(PERSONS[key] for key in _person_words(items)) for items in (old, new))
    for a in before - after:
        for b in after - before:
            yield f"changes the person: “{a}” to “{b}”"
    if not after - before or not before - after:
        for b in after - before:
            yield f"adds the person “{b}”"
        for a in before - after:
            yield f"drops the person “{a}”"


def _person_words(items: Sequence[Token]) -> Iterator[str]:
    """The pronouns as PERSONS has them; "US" is a country."""
    for item in items:
        word = re.split("['’]", item.text)[0]
        key = "I" if word == "I" else item.low.split("'")[0]
        if key in PERSONS and not (key == "us" and item.text != "us" and not item.initial):
            yield key


def _moved_negation(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where a negation stays in the sentence but no longer stands near what it negated."""
    before, after = list(_negated(old)), list(_negated(new))
    if len(before) == len(after) and any(a and b and not a & b for a, b in zip(before, after, strict=True)):
        yield "moves the negation"


def _negated(items: Sequence[Token]) -> Iterator[set[str]]:
    """For each negation the base forms of the words beside it."""
    for i, item in enumerate(items):
        if item.low in NEGATIONS or item.low.endswith("n't"):
            yield {
                base
                for x in items[max(i - 1, 0) : i + 3]
                if x.kind == "word" and x is not item
                for base in bases(x.low)
            }


def _speakers(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where somebody else says it: "rebels said" for "officials said", but not "official" for "officials"."""
    before, after = list(_speaking(old)), list(_speaking(new))
    if len(before) == len(after):
        for a, b in zip(before, after, strict=True):
            if a != b and not set(bases(a)) & set(bases(b)):
                yield f"changes who says it: “{a}” to “{b}”"


def _speaking(items: Sequence[Token]) -> Iterator[str]:
    """The noun right before each verb of saying, or right after one that follows a mark (“…,” said officials)."""
    for i, item in enumerate(items):
        if item.low not in SAYING or not i:
            continue
        place = i - 1 if items[i - 1].kind == "word" else i + 1
        subject = items[place].low if place < len(items) else ""
        if subject and subject not in FUNCTION_WORDS and "NOUN" in readings(subject):
            yield subject


def _align(old: Sequence[Token], new: Sequence[Token]) -> list[Opcode]:
    """What became of which tokens, as SequenceMatcher's opcodes; only the part that differs is matched."""
    before, after = [x.low for x in old], [x.low for x in new]
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if before[-1 - i] != after[-1 - i]), rest)
    matcher = SequenceMatcher(None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False)
    return [
        ("equal", 0, head, 0, head),
        *((tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in matcher.get_opcodes()),
        ("equal", len(before) - tail, len(before), len(after) - tail, len(after)),
    ]


def _capitals(aligned: Sequence[Opcode], old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where a word stays but its capitals change what it names ("US" and "us")."""
    for tag, a, b, c, d in aligned:
        if tag == "equal":
            for x, y in zip(old[a:b], new[c:d], strict=True):
                if x.text != y.text and _case_matters(x, y):
                    yield f"changes “{x.text}” to “{y.text}”, which may name something else"


def _opposites(aligned: Sequence[Opcode], old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where a word becomes its opposite: of the list, or by a prefix ("legal" and "illegal")."""
    for tag, a, b, c, d in aligned:
        if tag == "replace":
            for x, y in product(old[a:b], new[c:d]):
                if x.kind == y.kind == "word" and _opposed(x.low, y.low):
                    yield f"turns “{x.text}” into its opposite, “{y.text}”"


def _opposed(a: str, b: str) -> bool:
    """Are two lower-case words opposites?

    >>> _opposed("illegal", "legal"), _opposed("hopeful", "hopeless"), _opposed("legal", "legally")
    (True, True, False)
    """
    if any((base, other) in OPPOSITES for base in bases(a) for other in bases(b)):
        return True
    short, long = sorted((a, b), key=len)
    if short not in FUNCTION_WORDS and known(short) and any(long == prefix + short for prefix in PREFIXES):
        return True
    return any(x[-4:] == "less" and y == f"{x[:-4]}ful" for x, y in ((a, b), (b, a)))


def _plurals(aligned: Sequence[Opcode], old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where one becomes several, or several one, and no numeral, article or verb asks for it."""
    for tag, a, b, c, d in aligned:
        left = [i for i in range(a, b) if old[i].text not in APOSTROPHES]
        right = [j for j in range(c, d) if new[j].text not in APOSTROPHES]
        if tag != "replace" or len(left) != len(right):
            continue
        for i, j in zip(left, right, strict=True):
            x, y = old[i], new[j]
            asked = _asked_for(old, i, y) or _asked_for(new, j, y)
            if _flipped(x.low, y.low) and not _verb_like(old, i) and not asked:
                yield f"changes “{x.text}” to “{y.text}”: one or several?"


def _flipped(a: str, b: str) -> bool:
    """Are two lower-case words the singular and the plural of one noun?"""
    return a != b and bool({*readings(a).get("NOUN", ())} & {*readings(b).get("NOUN", ())})


def _verb_like(items: Sequence[Token], i: int) -> bool:
    """Is token `i` a verb rather than a noun, as far as the word before it tells?"""
    if "VERB" not in readings(items[i].low) or not i:
        return False
    before = items[i - 1]
    if before.low in FUNCTION_WORDS:
        return before.low in BEFORE_VERBS
    return before.text[0].isupper() or "NOUN" in readings(before.low)


def _asked_for(items: Sequence[Token], i: int, result: Token) -> bool:
    """Does a word before the noun, or the verb after it, settle how many there are?"""
    if any(x.kind == "number" or x.low in COUNTING for x in items[max(i - 4, 0) : i]):
        return True
    following = items[i + 1].low if i + 1 < len(items) else ""
    plural = any(lemma != result.low for lemma in readings(result.low).get("NOUN", ()))
    return following in (PLURAL_VERBS if plural else SINGULAR_VERBS)


def _length(old: Sequence[Token], new: Sequence[Token]) -> Iterator[str]:
    """Reasons where many more words that say something go than come, or the other way round."""
    gone, come = _content(old) - _content(new), _content(new) - _content(old)
    if len(gone) - len(come) > MOST_WORDS:
        yield f"drops {len(gone) - len(come)} words without replacing them"
    if len(come) - len(gone) > MOST_WORDS:
        yield f"adds {len(come) - len(gone)} words that were not there"


def _content(items: Sequence[Token]) -> set[str]:
    """The words that say something; grammatical ones do not."""
    return {item.low for item in items if item.kind in ("word", "dotted") and item.low not in FUNCTION_WORDS}
