"""Lemmas and inflections of English words from lemminflect's dictionary, each looked up once; and the small words."""

from __future__ import annotations

from functools import lru_cache

from repair.text import vocabulary

PUNCTUATION = ".,;:!?\"'“”‘’()[]…–—-"
ARTICLES = ("a", "an", "the")
FUNCTION_WORDS = vocabulary(
    "a an the of to in on at for by with from about into over as than that and or but is are was were be been"
    " has have had he she it they we his her their its this these those"
)
KEPT = 100_000  # of each kind, a few megabytes


@lru_cache(maxsize=KEPT)
def readings(word: str) -> dict[str, tuple[str, ...]]:
    """Lemmas of a lower-case word by part of speech (`NOUN`, `VERB`, `ADJ`, `ADV`, ...); empty for unknown words.

    >>> readings("officials")
    {'NOUN': ('official',)}
    """
    # imported on the first need: it takes a quarter of a second, and `--help` has no word to look up
    from lemminflect import getAllLemmas

    found: dict[str, tuple[str, ...]] = getAllLemmas(word)
    return found


@lru_cache(maxsize=KEPT)
def forms(lemma: str, part: str) -> dict[str, tuple[str, ...]]:
    """Inflections of a lemma by tag (`NNS`, `VBD`, `VBN`, ...); `part` is `NOUN`, `VERB`, `ADJ` or `ADV`."""
    from lemminflect import getAllInflections

    found: dict[str, tuple[str, ...]] = getAllInflections(lemma, upos=part)
    return found


@lru_cache(maxsize=KEPT)
def inflected(lemma: str, tag: str) -> str | None:
    """The usual form of a lemma for a tag; None where the dictionary has none.

    The first form listed is the usual one; later ones make every mass noun its own plural.
    """
    if usual := _every_form(lemma).get(tag):
        return usual[0]
    from lemminflect import getInflection

    found: tuple[str, ...] = getInflection(lemma, tag, inflect_oov=False)  # it knows which tags stand in for others
    return found[0] if found else None


@lru_cache(maxsize=KEPT)
def _every_form(lemma: str) -> dict[str, tuple[str, ...]]:
    from lemminflect import getAllInflections

    found: dict[str, tuple[str, ...]] = getAllInflections(lemma)
    return found
