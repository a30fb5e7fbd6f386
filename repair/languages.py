"""Passages in another language: what a file declares, and paragraphs that are plainly not English.

Nothing of them is English prose to repair. A paragraph is taken for another language only where it has hardly a common
English word, reads in running small letters like a sentence, and the identifier is sure: English with foreign words in
it, however garbled, and lists of names stay English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from repair.correct.pivots import frequency
from repair.paragraphs import blocks
from repair.text import Foreign, Marks, Span, merged, touches, vocabulary

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
# Words that are common in English and in no other language that is written with these letters.
ENGLISH = vocabulary(
    "the of and to that with for from is are were has have had been being which this these those by their its it they"
    " he she his not be will would could should said says about after before when where who what there than then more"
    " other into over under between because while during against through also its we you our your if but or as at"
)
LEAST_WORDS = 8  # of a paragraph that is judged by itself
MOST_ENGLISH = 0.08  # of its words; of English prose it is a third
LEAST_SMALL = 0.5  # of the words of a sentence that begin small, where the script has small letters
LONG = 4  # letters: shorter words are common to many languages
LEAST_KNOWN = 0.7  # of the long words that begin small: in English news all but a few are known, elsewhere half at most
NOT_ENGLISH = 0.001  # is the probability of English; which of two near languages it is may be less sure
MOSTLY = 0.8  # of a text's words in one other language: then its short paragraphs are in it too


def with_foreign(text: str, marks: Marks) -> Marks:
    """`marks` with the paragraphs that are plainly in another language, besides those declared to be.

    >>> text = "The minister said so.\\nDer Minister sagte am Montag, dass die Gespräche bald beginnen werden."
    >>> [one.language for one in with_foreign(text, Marks()).foreign]
    ['de']
    """
    declared = merged(one.span for one in marks.foreign)
    rest = [block.span for block in marks.blocks or blocks(text) if not touches(block.span, declared)]
    found = [*marks.foreign, *_recognised(text, rest)]
    return replace(marks, foreign=tuple(sorted(found))) if len(found) > len(marks.foreign) else marks


def left_alone(foreign: Sequence[Foreign]) -> tuple[str, ...]:
    """What a report tells of the passages, by language.

    >>> left_alone((Foreign(Span(0, 3), "de"), Foreign(Span(5, 9), "de-at"), Foreign(Span(9, 10), "nl")))
    ('2 passages in German left alone', '1 passage in Dutch left alone')
    """
    counts = Counter(_name(one.language) for one in foreign)
    return tuple(f"{n:,} passage{'s' * (n > 1)} in {name} left alone" for name, n in counts.items())


@cache
def _name(tag: str) -> str:
    from babel import Locale, UnknownLocaleError

    language = re.split("[-_]", tag)[0]
    try:
        return Locale.parse(language).english_name or language
    except (UnknownLocaleError, ValueError):
        return language


def _recognised(text: str, paragraphs: Sequence[Span]) -> Iterator[Foreign]:
    """Passages of whole paragraphs, those side by side in one language as one."""
    words = [WORD.findall(span.of(text)) for span in paragraphs]
    known = [_language(span.of(text), some) for span, some in zip(paragraphs, words, strict=True)]
    if not any(known):
        return
    of_all = Counter[str]()
    for language, some in zip(known, words, strict=True):
        of_all[language] += len(some)
    of_all.pop("", None)
    language, most = of_all.most_common(1)[0]
    if most >= MOSTLY * sum(map(len, words)):
        short = ["" if any(map(_english, some)) else language for some in words]
        known = [here or there for here, there in zip(known, short, strict=True)]
    for name, group in groupby(zip(known, paragraphs, strict=True), key=lambda pair: pair[0]):
        spans = [span for _, span in group]
        if name:
            yield Foreign(Span(spans[0].start, spans[-1].end), name)


def _language(paragraph: str, words: Sequence[str]) -> str:
    """The language of a paragraph where it is surely not English; else nothing."""
    if not words or sum(map(_english, words)) > MOST_ENGLISH * len(words):
        return ""
    letters = "".join(words)
    latin = sum(char < "\u0250" for char in letters) * 2 > len(letters)
    if not latin and len(letters) >= 4 * LEAST_WORDS:
        return str(_identifier().classify(paragraph)[0])
    if len(words) < LEAST_WORDS or sum(word[0].islower() for word in words) < LEAST_SMALL * len(words):
        return ""
    long = [word for word in words if len(word) >= LONG and word[0].islower()]
    if long and sum(frequency(word) > 0 for word in long) >= LEAST_KNOWN * len(long):
        return ""  # the identifier need not be loaded, which takes 0.6 s and 76 MB
    ranked = _identifier().rank(paragraph)
    return str(ranked[0][0]) if dict(ranked)["en"] <= NOT_ENGLISH else ""


def _english(word: str) -> bool:
    return word.lower() in ENGLISH


@cache
def _identifier() -> LanguageIdentifier:
    # deferred: it takes a moment to load, and most texts are English throughout
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
