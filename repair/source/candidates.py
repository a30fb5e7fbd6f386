"""What may have been meant, by the source: the translations of its words that nothing in the sentence translates."""

from __future__ import annotations

import math
from collections.abc import Iterator

from repair.correct.pivots import TAGS
from repair.lexemes import inflected, readings
from repair.source.check import beside_span
from repair.source.translations import translations
from repair.text import Document, Span

SHARE = 0.08  # of the uses of a source word, from which a translation is tried
FIRST = 2.0  # nats: before all that is not from the source
MOST = 24


def meant(document: Document, place: Span) -> Iterator[tuple[str, float]]:
    """Wordings for the one word at `place`, inflected like it, each with its prior (nats); none without a source.

    Source words that stand where it stands come first.
    """
    both = beside_span(document, place)
    if both is None:
        return
    links, inside = both.links, both.inside(place)
    own = next((j for j, word in enumerate(links.own) if word.span.overlaps(inside)), None)
    if own is None:
        return
    # a word that something explains may still be the wrong sense: then what explains it has others
    chosen = [i for i, met in enumerate(links.met) if links.known[i] and (not met or i == links.by[own])]
    at = own / len(links.own)
    form, found = place.of(document.text).lower(), set[str]()
    for i in sorted(chosen, key=lambda i: abs(i / len(links.source) - at)):
        for lemma, share in translations(links.source[i].low, both.aligned.language).items():
            for text in like(lemma, form) if share >= SHARE else ():
                if text != form and text not in found and len(found) < MOST:
                    found.add(text)
                    near = abs(i / len(links.source) - at)
                    yield text, FIRST + 0.5 * math.log(share) - near


def like(lemma: str, form: str) -> tuple[str, ...]:
    """A lemma inflected as `form` is, in each way that it can be; the lemma itself where the two are no same part.

    >>> like("demand", "asked"), like("arrest", "detentions"), like("today", "asked")
    (('demanded',), ('arrests',), ('today',))
    """
    found = []
    for part, lemmas in readings(form).items():
        if part in TAGS and part in readings(lemma):
            tags = [tag for tag in TAGS[part] if any(inflected(one, tag) == form for one in lemmas)]
            found += [text for tag in tags if (text := inflected(lemma, tag))]
    return tuple(dict.fromkeys(found)) or (lemma,)
