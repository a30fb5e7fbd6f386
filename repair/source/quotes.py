"""Quotation marks that are opened in the source and not in the translation."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from repair.source.check import Both, Slip
from repair.source.words import source_words, unspaced

QUOTED = regex.compile(
    r"„([^„”“\"]+)[”“\"]|«([^«»]+)»|“([^“”]+)”|\"([^\"]+)\"|「([^「」]+)」|『([^『』]+)』|»([^«»]+)«"
)
MARK = regex.compile(r"[\"“”„«»]|(?<!\p{L})[‘’']|[‘’'](?!\p{L})")
WORDS, SIGNS = 4, 12  # in fewer words or signs of a script without spaces a name or a title is quoted, not speech
SCORE = 0.8
SHOWN = 80


def quotation_lost(both: Both) -> Iterator[Slip]:
    """The source quotes several words and the translation has no quotation mark at all."""
    if not both.text.strip() or MARK.search(both.text) is not None:
        return
    for quoted in QUOTED.finditer(both.source):
        inside = next(filter(None, quoted.groups()))
        if len(list(source_words(inside))) >= WORDS or (unspaced(inside) and len(inside) >= SIGNS):
            words = " ".join(quoted[0].split())
            yield Slip(both.near(quoted.start()), f"Quoted in the source, not here: {words[:SHOWN]}", SCORE)
            return
