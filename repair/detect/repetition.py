"""Rules for words and phrases that a translation model said again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from repair.detect.rule import Hit, Page, Rule, mark  # noqa: F401 - mark is for the examples
from repair.detect.wording import word_set
from repair.lexemes import readings

FUNCTION = word_set(
    """the of a an to and with from for by at or but their his its this these those our is are was were be been has
    have he they we who which between about into than as in on not will would"""
)
# One of the two goes, whatever the sentence; after the others a clause may end ("the house he lived in in 2004").
SURE = word_set("the of a an and their his its these those our")
LEGITIMATE = word_set(
    """again bye blah boo bora bye cha chop dum extra far go ha had hear hey hush knock later long more much never
    new no now off oh out over please pom really right same so sing still tap that there tuk tut very walla well
    win yes"""
)
LONGEST = 40  # words in the longest phrase that is looked for
TWICE = 6  # a phrase of so many words is a loop when it comes twice in a row; shorter ones when it comes three times
TWO_SENTENCES = 8  # the same where a sentence ends between the two


def doubled_word(page: Page) -> Iterator[Hit]:
    """The same word stands twice in a row ("the the", "said said").

    Why: one of the two is left over.

    Left alone: words that double for emphasis or by grammar ("very very", "had had", "that that"), names
    ("Bora Bora"), and doubles across a mark.

    >>> mark(doubled_word, "He saw the the end of of it, and people people said so.")
    'He saw [the the|the] end [of of|of] it, and [people people|people] said so.'
    >>> mark(doubled_word, "He had had that that was very, very long long ago in Bora Bora. It was, was it?")
    'He had had that that was very, very long long ago in Bora Bora. It was, was it?'
    """
    words = page.words
    for i in range(1, len(words)):
        first, second = words[i - 1], words[i]
        if second.low != first.low or not second.glued or first.text[1:] != second.text[1:]:
            continue
        if (i > 1 and words[i - 2].low == first.low) or (i + 1 < len(words) and words[i + 1].low == first.low):
            continue  # three and more are a loop
        if (
            not second.text.islower()
            or not first.text[0].isalpha()
            or not (first.low in FUNCTION or _is_plain(first.low))
        ):
            continue
        yield Hit(first.start, second.end, first.text, trusted=first.low in SURE)


def _is_plain(word: str) -> bool:
    """True for content words that nobody doubles for emphasis."""
    found = readings(word)
    return len(word) >= 4 and bool(found) and not {"ADJ", "ADV"} & found.keys() and word not in LEGITIMATE


def repetition_loop(page: Page) -> Iterator[Hit]:
    """A phrase comes again and again without a break ("I'm sorry to hear that, but I'm sorry to hear that, but").

    Why: the model was caught in a loop; the copies say nothing, and what should stand there is lost.

    Left alone: single words repeated with commas ("location, location, location"), short chants said twice, digits.

    >>> mark(repetition_loop, "I am sorry to hear that, but I am sorry to hear that, but he left.")
    'I am sorry to hear that, but[ I am sorry to hear that, but|] he left.'
    >>> mark(repetition_loop, "Location, location, location! Let's go, let's go. No, no, no.")
    "Location, location, location! Let's go, let's go. No, no, no."
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
        yield Hit(words[start + period - 1].end, words[end - 1].end, "")


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
    """False for chants, titles ("Spend Spend Spend") and a sentence that takes up the end of the one before."""
    words = page.words[start:end]
    if page.is_table(words[0].start):
        return False
    if end - start == 2 * period and period < TWO_SENTENCES:
        return not any(mark in page.text[words[0].start : words[-1].end] for mark in ".!?\n")
    if period >= TWICE or end - start >= 12:
        return True
    if all(word.text.istitle() for word in words) or (
        period <= 2 and any(word.low in LEGITIMATE for word in words[:period])
    ):
        return False
    return all(word.glued for word in words[1:])


RULES = (
    Rule(doubled_word, "fluency/repetition", "minor", 0.9, 0.9, "The same word twice."),
    Rule(repetition_loop, "fluency/repetition", "major", 0.9, 0.6, "The same phrase again and again."),
)
