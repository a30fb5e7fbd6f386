"""What is known of why a span is garbled, from what its likeliest wording changes: a category and a message.

The wording may be wrong and the reason still right: where a preposition is put for another, it is the preposition that
is doubted. Where no wording is likely, nothing is known but that the model doubts the words.
"""

from __future__ import annotations

import re

from repair.correct.candidates import PREPOSITIONS
from repair.correct.pivots import pivots
from repair.findings import Category
from repair.lexemes import ARTICLES, FUNCTION_WORDS, PUNCTUATION, readings

LIKELY = 0.1  # a wording less likely than this says nothing about the reason
Reason = tuple[Category, str]
POSSESSIVE = re.compile(r"[’']s?$")


def reason(old: str, new: str) -> Reason | None:
    """Why `old` is doubted, seen from the wording `new`; None where the two tell nothing.

    >>> reason("high", "top")[0], reason("informed about", "informed on")[1]
    ('accuracy/mistranslation', 'Another preposition is usual here: “on” for “about”.')
    >>> reason("envoy of Trump", "Trump’s envoy")[1]
    'The words stand in the order of another language.'
    """
    before, after = plain(old), plain(new)
    lost, gained = rest(before, after), rest(after, before)
    if not lost and not gained:
        return _same_words(old, new, before, after)
    if not lost:
        return _missing(gained)
    if not gained:
        return _too_many(lost)
    if "of" in lost and rest([POSSESSIVE.sub("", word) for word in after], before) == []:
        return "style/unidiomatic", "The words stand in the order of another language."
    if len(lost) == len(gained) == 1:
        return _one_for_another(lost[0], gained[0])
    if all(word in FUNCTION_WORDS for word in lost + gained):
        return "fluency/grammar", "These small words do not go together in English."
    return None


def plain(text: str) -> list[str]:
    """The words in lower case without the punctuation around them."""
    return [word for part in text.split() if (word := part.strip(PUNCTUATION).lower())]


def rest(words: list[str], others: list[str]) -> list[str]:
    """The words that `others` lack, each as often as it is lacking."""
    left = list(others)
    result = []
    for word in words:
        if word in left:
            left.remove(word)
        else:
            result.append(word)
    return result


def _same_words(old: str, new: str, before: list[str], after: list[str]) -> Reason | None:
    if before != after:
        return "style/unidiomatic", "The words stand in the order of another language."
    if old.casefold() == new.casefold():
        return "fluency/spelling", "English does not write this with these capitals."
    return "fluency/punctuation", "The punctuation is not that of English."


def _missing(gained: list[str]) -> Reason:
    what = "An article" if set(gained) <= set(ARTICLES) else "A preposition" if gained[0] in PREPOSITIONS else "A word"
    return "fluency/grammar", f"{what} seems to be missing: “{' '.join(gained)}”."


def _too_many(lost: list[str]) -> Reason:
    what = "article" if set(lost) <= set(ARTICLES) else "preposition" if lost[0] in PREPOSITIONS else "word"
    return "fluency/grammar", f"English would do without this {what}: “{' '.join(lost)}”."


def _one_for_another(old: str, new: str) -> Reason | None:
    if old in PREPOSITIONS and new in PREPOSITIONS:
        return "fluency/grammar", f"Another preposition is usual here: “{new}” for “{old}”."
    if old in ARTICLES and new in ARTICLES:
        return "fluency/grammar", f"Another article fits here: “{new}” for “{old}”."
    ours, theirs = readings(old), readings(new)
    if any(set(lemmas) & set(theirs.get(part, ())) for part, lemmas in ours.items()):
        return "fluency/grammar", f"Another form of this word fits here: “{new}” for “{old}”."
    count = next((pivot.count for pivot in pivots(old) if pivot.word == new), 0)
    if count:
        languages = "another language" if count == 1 else f"{count} other languages"
        return (
            "accuracy/mistranslation",
            f"“{old}” and “{new}” are one word in {languages}: this may be the wrong sense.",
        )
    if old in FUNCTION_WORDS and new in FUNCTION_WORDS:
        return "fluency/grammar", f"Another small word fits here: “{new}” for “{old}”."
    if ours and theirs and not set(ours) & set(theirs):
        names = {"NOUN": "a noun", "VERB": "a verb", "ADJ": "an adjective", "ADV": "an adverb"}
        expected = next((names[part] for part in theirs if part in names), None)
        if expected:
            return "fluency/grammar", f"One expects {expected} here, such as “{new}”."
    return None
