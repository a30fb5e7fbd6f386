"""Singular, plural and verb forms of English words, where there is no doubt about them."""

from __future__ import annotations

from repair.detect.wording import FUNCTION_WORDS, word_set
from repair.lexemes import forms, readings

# Nouns in news far more often than the verbs and adjectives that the dictionary also lists.
NOUNS = word_set(
    """case citizen civilian commander country day diplomat doctor expert father fighter game group hour house
    individual investor lawyer leader man manager member minister minute month mother native officer official
    participant partner party patient person player point politician problem relative representative resident
    security soldier student teacher thing time victim voter week witness woman worker year"""
)
# Singular and plural alike, or not counted, or measured ("a two metre wall", "five pound").
NOT_COUNTED = word_set(
    """aircraft bit billion cod couple craft crore deer dozen few fish foot fruit half headquarters hundred inch kilo
    lakh least less little lot majority many metre meter mile million minority more most much number offspring
    other others pair pence people percent percentage plenty police pound quarter range score series sheep sort
    species staff stone third thousand ton tonne total trillion type variety youth kind dollar euro yen rand won
    yuan baht"""
)
PLURAL_IN_FORM = word_set(
    """barracks crossroads gallows headquarters means news series shambles species works thanks mathematics physics
    politics economics data media people police odds premises outskirts pence algae bacteria"""
)


def is_word(word: str) -> bool:
    """True where the dictionary or the list of function words has `word`, in small letters or not."""
    low = word.lower()
    return low in FUNCTION_WORDS or bool(readings(low))


def singular_of(word: str) -> str | None:
    """The singular where `word` can only be a plural noun (or a verb); None for all others.

    >>> singular_of("officials"), singular_of("women"), singular_of("news"), singular_of("means")
    ('official', 'woman', None, None)
    """
    lemmas = readings(word).get("NOUN", ())
    if len(lemmas) != 1 or lemmas[0] == word or word in PLURAL_IN_FORM or "ADJ" in readings(word):
        return None
    return lemmas[0] if word in forms(lemmas[0], "NOUN").get("NNS", ()) else None


def plural_of(word: str) -> str | None:
    """The plural where `word` is a singular noun that is counted and hardly anything else; None for all others.

    >>> plural_of("official"), plural_of("country"), plural_of("percent"), plural_of("work"), plural_of("aircraft")
    ('officials', 'countries', None, None, None)
    """
    found = readings(word)
    if (
        word in NOT_COUNTED
        or word.endswith("ible")
        or found.get("NOUN", ()) != (word,)
        or (set(found) != {"NOUN"} and word not in NOUNS)
    ):
        return None
    plurals = forms(word, "NOUN").get("NNS", ())
    others = [plural for plural in plurals if plural != word]
    return others[0] if len(others) == 1 and (len(plurals) == 1 or word in NOUNS) else None


def past_only(word: str) -> str | None:
    """The base form where `word` can only be a past tense or past participle ("went", "wanted"); else None.

    >>> past_only("went"), past_only("wanted"), past_only("put"), past_only("need")
    ('go', 'want', None, None)
    """
    lemmas = readings(word).get("VERB", ())
    if len(lemmas) != 1 or lemmas[0] == word or "AUX" in readings(word):
        return None
    tags = forms(lemmas[0], "VERB")
    past = word in tags.get("VBD", ()) or word in tags.get("VBN", ())
    return lemmas[0] if past and word not in tags.get("VB", ()) + tags.get("VBP", ()) else None


def is_base_verb(word: str) -> bool:
    """True where `word` may be a verb's base form."""
    return word in readings(word).get("VERB", ())
