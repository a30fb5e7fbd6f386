"""Sentences that were left out, added or left in the language of the source."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from repair.facts import known
from repair.source.check import Both, Slip
from repair.source.links import NAME
from repair.source.translations import entry
from repair.source.words import WORD, likeness, source_words, unspaced

LEAST, WORDS = 25, 4  # characters and words: shorter ones are captions, datelines, what else comes and goes
ROOM = 0.8  # length of a pair with its neighbours, for what their sources make one expect, from which all may be there
FULL = {False: 1.25, True: 1.6}  # the same for what may be added; of a script without spaces less can be expected
SHORT, LONG = 0.4, 2.6  # length of a translation for one character of the source, beyond which something is amiss
LEAST_LENGTH = 60
LONE = 4  # letters of a word that is no particle, initial or unit
USUAL = 0.3  # share of a word's uses in which it is translated so
FOREIGN = regex.compile(r"[^\p{Latin}\p{Common}\p{Inherited}]")
SHOWN = 80
SCORE = 0.8


def sentence_left_out(both: Both) -> Iterator[Slip]:
    """A sentence of the source has none in the translation, or one so short that much of it can't be there."""
    text, expected = both.text.strip(), both.expected
    if not text:
        if expected >= LEAST and len(list(source_words(both.source))) >= WORDS and both.room < ROOM:
            yield Slip(both.pair.span, f"A sentence of the source is missing here: “{shown(both.source)}”", SCORE)
    elif expected >= LEAST_LENGTH and len(text) < SHORT * expected and both.room < ROOM:
        end = len(both.text.rstrip())
        yield Slip(both.place(end, end), f"Much of the source is missing here: “{shown(both.source)}”", SCORE)


def sentence_added(both: Both) -> Iterator[Slip]:
    """A sentence of the translation has none in the source, or one that can't say that much."""
    length = len(both.text.strip())
    if not both.source.strip():
        if length >= LEAST and len(both.text.split()) >= WORDS and both.room > FULL[unspaced(both.aligned.source)]:
            yield Slip(both.place(*inner(both.text)), "The source has no such sentence.", SCORE)
    elif (
        length >= 2 * LEAST_LENGTH and both.expected * LONG < length and both.room > FULL[unspaced(both.aligned.source)]
    ):
        yield Slip(both.place(*inner(both.text)), f"The source says less here: “{shown(both.source)}”", SCORE)


def left_untranslated(both: Both) -> Iterator[Slip]:
    """Words of the source that stand in the translation as they are: in another script, or no English word and one that
    the dictionary translates otherwise. A loan word or a term is in no dictionary, or translated by itself."""
    theirs = {word.low for word in source_words(both.source) if not word.capital}
    for match in WORD.finditer(both.text):
        low = match[0].casefold()
        if match[0][0].isupper() or len(low) < LONE or low not in theirs or known(low):
            continue
        table = entry(low, both.aligned.language)
        best = next(iter(table), "")
        if FOREIGN.search(low) is not None:
            yield Slip(both.place(*match.span()), "Left as it stands in the source.", SCORE)
        elif table.get(best, 0.0) >= USUAL and all(likeness(low, word) < NAME for word in table):
            yield Slip(both.place(*match.span()), f"Left as it stands in the source; it often means “{best}”.", SCORE)


def inner(text: str) -> tuple[int, int]:
    """Where the text begins and ends without the white space around it."""
    return len(text) - len(text.lstrip()), len(text.rstrip())


def shown(source: str) -> str:
    text = " ".join(source.split())
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + "…"
