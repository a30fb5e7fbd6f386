"""Rules for words and phrases that a translation model said again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from repair.detect.inflection import is_word
from repair.detect.rule import WORD, Hit, Page, Word, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.wording import FUNCTION_WORDS, word_set
from repair.lexemes import readings

# No clause of English ends in one of these and goes on with the same: one of the two is left over.
NEVER_TWICE = word_set("the of a an and or than their his its my your our these those")
# These can end a clause ("the law it was built by by chance", "what she was was kind"), though they seldom do.
SELDOM_TWICE = word_set(
    """to with from by at but as this was were be been has have they he we who which between into not are would
    could should"""
)
# In a clause with one of these the verb can be followed by that of the main clause ("those who know know").
OPENING_CLAUSE = word_set("who whom what whatever which that those whoever where when how why as than if there")
LEGITIMATE = word_set(
    """again beep blah boo bora bye cha chop chum daddy dum extra far go goody great ha had hear hey hush knock later
    long mama more much mummy never new night no now off oh out over papa please pom really right same sing so still tap
    that there tick tuk tut very walla well win yes"""
)
# These can begin the object of what is a noun and a verb: "on the show show that", "television shows shows this".
BEGINS_OBJECT = word_set(
    """that this these those the a an how what why where whether no his her its their our my your him them it us me
    more"""
)
LAST_WORD = re.compile(r"\b(?:if|when|whenever|whether|although|though|unless|because|since) \Z")
CLOSED = re.compile(r"[.,!?]?[”\"’'»]")
LONGEST = 40  # words in the longest phrase that is looked for
TWICE = 6  # a phrase of so many words is a loop when it comes twice in a row; shorter ones when it comes three times
TWO_SENTENCES = 8  # the same where a sentence ends between the two


@rule("fluency/repetition", "minor", "The same word twice.", score=0.9, fix_score=0.9)
def doubled_word(page: Page) -> Iterator[Hit]:
    """The same word stands twice in a row ("the the", "said said").

    Why: one of the two is left over.

    Left alone: words that double for emphasis or by grammar ("very very", "had had", "in in", "those who know know"),
    names ("Bora Bora"), a noun and its verb ("on the show show that"), and doubles across a mark.

    >>> mark(doubled_word, "He saw the the end of of it, and people people said so.")
    'He saw [the the|the] end [of of|of] it, and [people people|people] said so.'
    >>> mark(doubled_word, "He had had that that was long long ago in Bora Bora. The polls on the show show that.")
    'He had had that that was long long ago in Bora Bora. The polls on the show show that.'
    """
    for first, second in _doubles(page):
        low = first.low
        if low in NEVER_TWICE or (
            _is_plain(low) and not ("VERB" in readings(low) and _may_be_verb(page, first, second))
        ):
            yield Hit(first.start, second.end, first.text, trusted=low in NEVER_TWICE)


@rule("fluency/repetition", "minor", "The same word twice.", score=0.8, fix_score=0.6)
def doubled_small_word(page: Page) -> Iterator[Hit]:
    """A small word stands twice in a row where a clause could end between the two, but hardly does ("to to").

    Why: one of the two is left over.

    Left alone: the words that often meet so ("in in Phoenix", "waited for for years", "is is"), and verbs in a clause
    that can end there ("what they were were lies").

    >>> mark(doubled_small_word, "He went to to Paris and they was was sorry.")
    'He went [to to|to] Paris and they [was was|was] sorry.'
    >>> mark(doubled_small_word, "He turned himself in in Phoenix. All that they were were lies; what it is is a test.")
    'He turned himself in in Phoenix. All that they were were lies; what it is is a test.'
    """
    for first, second in _doubles(page):
        if first.low in SELDOM_TWICE and not _in_clause(page, first):
            yield Hit(first.start, second.end, first.text)


def _doubles(page: Page) -> Iterator[tuple[Word, Word]]:
    """Neighbours alike, in small letters but for the first one's capital; three and more in a row are a loop."""
    words = page.words
    for i in range(1, len(words)):
        first, second = words[i - 1], words[i]
        if second.low != first.low or not second.glued or first.text[1:] != second.text[1:]:
            continue
        if (i > 1 and words[i - 2].low == first.low) or (i + 1 < len(words) and words[i + 1].low == first.low):
            continue
        if second.text.islower() and first.text[0].isalpha():
            yield first, second


def _may_be_verb(page: Page, first: Word, second: Word) -> bool:
    """May the second of two be the verb of a main clause, after a subordinate one or before an object?"""
    following = WORD.match(page.text, second.end + 1)
    return _in_clause(page, first) or (
        "NOUN" in readings(first.low) and following is not None and following[0].lower() in BEGINS_OBJECT
    )


def _in_clause(page: Page, word: Word) -> bool:
    """True where a word before it in the sentence opens a subordinate clause."""
    start = page.document.sentence_at(word.start).start if page.document.sentences else 0
    return any(match[0].lower() in OPENING_CLAUSE for match in WORD.finditer(page.text, start, word.start))


def _is_plain(word: str) -> bool:
    """True for content words that nobody doubles for emphasis."""
    found = readings(word)
    small = word in LEGITIMATE or word in SELDOM_TWICE or word in FUNCTION_WORDS
    return len(word) >= 4 and bool(found) and not {"ADJ", "ADV"} & found.keys() and not small


@rule("fluency/repetition", "major", "The same phrase again and again.", score=0.9, fix_score=0.6)
def repetition_loop(page: Page) -> Iterator[Hit]:
    """A phrase comes again and again without a break ("I'm sorry to hear that, but I'm sorry to hear that, but").

    Why: the model was caught in a loop; the copies say nothing, and what should stand there is lost.

    Left alone: single words repeated with commas ("location, location, location"), chants in quotation marks, digits,
    and what is said twice by rights (names, figures, headlines).

    >>> mark(repetition_loop, "I am sorry to hear that, but I am sorry to hear that, but he left.")
    'I am sorry to hear that, but[ I am sorry to hear that, but|] he left.'
    >>> mark(repetition_loop, "Let's go, let's go. If the boat leans to the left, the boat leans to the left.")
    "Let's go, let's go. If the boat leans to the left, the boat leans to the left."
    >>> mark(repetition_loop, "“Build the wall build the wall build the wall,” they sang. “Caveat caveat caveat.”")
    '“Build the wall build the wall build the wall,” they sang. “Caveat caveat caveat.”'
    """
    words = page.words
    if len(words) < 3:
        return
    numbers: dict[str, int] = {}
    ids = np.fromiter((numbers.setdefault(w.low, len(numbers)) for w in words), dtype=np.int64, count=len(words))
    end_of_last = 0
    loops = sorted(_loops(ids), key=lambda loop: (loop[0], -loop[1]))
    for start, end, period in loops:
        body = words[start : start + period]
        if start < end_of_last or not any(w.text.isalpha() and len(w.text) > 1 for w in body):
            continue
        if not _is_loop(page, start, end, period):
            continue
        end_of_last = end
        spoken = any(is_word(w.low) for w in body)  # what is no word may be sung ("olé olé olé")
        yield Hit(words[start + period - 1].end, words[end - 1].end, "" if spoken else None)


def _loops(ids: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Iterator[tuple[int, int, int]]:
    """Start, end and period, in words, of each run that repeats itself often enough."""
    for period in range(1, min(LONGEST, len(ids) - 1) + 1):
        same = np.concatenate(([False], ids[period:] == ids[:-period], [False]))
        borders = np.flatnonzero(same[1:] != same[:-1])
        for begin, stop in zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True):
            copies = 1 + (stop - begin) // period
            if copies >= (2 if period >= TWICE else 3):
                yield begin, begin + copies * period, period


def _is_loop(page: Page, start: int, end: int, period: int) -> bool:
    """False for chants, titles ("Spend Spend Spend") and what people say twice on purpose."""
    words = page.words[start:end]
    if page.is_table(words[0].start) or _is_chant(page, start, end, period):
        return False
    if end - start == 2 * period:
        return _is_double(page, start, period)
    if period >= TWICE or end - start >= 12:
        return True
    if all(word.text.istitle() for word in words) or (
        period <= 2 and any(word.low in LEGITIMATE for word in words[:period])
    ):
        return False
    return all(word.glued for word in words[1:])


def _is_chant(page: Page, start: int, end: int, period: int) -> bool:
    """True for a few words that begin or end a quotation ("“Caveat caveat caveat,” he said"), and some more that are
    all of it ("“No justice, no peace! No justice, no peace!”").
    """
    first, last = page.words[start], page.words[end - 1]
    opens = page.text[first.start - 1 : first.start] in tuple("“\"‘'«")
    closes = bool(CLOSED.match(page.text, last.end))
    if period > TWICE // 2 or end - start > 12:
        return opens and closes and period < TWICE
    return opens or closes


def _is_double(page: Page, start: int, period: int) -> bool:
    """True where a phrase said twice was said twice by mistake.

    A name, figures, a repeated line (a headline as the first words of the text) and a clause that ends as the main
    clause does ("who thinks so is unfit for office is unfit for office") are none. Where a mark that ends a sentence or
    opens a bracket stands in it, it must be a whole sentence that is said twice.
    """
    words = page.words[start : start + 2 * period]
    text = page.text[words[0].start : words[-1].end]
    body = words[:period]
    if "\n" in text or sum(not word.text.islower() for word in body) * 2 >= period:
        return False
    if "," in text and any(word.text.isdigit() for word in body):
        return False
    if "VERB" in readings(body[0].low) and _in_clause(page, words[0]):
        return False
    if LAST_WORD.search(page.text[max(words[0].start - 12, 0) : words[0].start].lower()):
        return False  # "if it is so, it is so"
    if not set(text) & set(".!?;:("):
        return True
    opens = page.text[: words[0].start].rstrip(" “\"‘'«")[-1:] in ("", *".!?:\n")
    closes = page.text[words[-1].end : words[-1].end + 1] in (*'.!?,”"’',)
    return period >= TWO_SENTENCES and opens and closes
