"""A translated text beside its source: which sentences are translations of which.

Paragraphs are aligned first and sentences inside them. What language the source is in is recognised from all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from repair.facts import numbers, tokens
from repair.paragraphs import blocks
from repair.source.align import Unit, align
from repair.source.figures import figures
from repair.source.translations import lemma, table, translations
from repair.source.words import WORD, density, heard, latin, source_words
from repair.text import Document, Span

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# A stop, what closes after it, and white space; stops of scripts without spaces need none.
STOP = regex.compile(r"(?:[.!?…।؟።]+[\"'”’»“)\]]*\s+|[。！？]+[」』”）]*\s*)")
ABBREVIATED = regex.compile(r"(?:^|[\s(])(?:\p{L}|\p{Lu}\p{L}|[\p{L}]{1,4}\.\p{L}{1,3}|\d{1,2})\.\s+\Z")
LONG_NAME = 4
TRIED, LEAST_LIKELY, SURE_LENGTH = (
    4,
    1e-6,
    300,
)  # languages, their probability, characters of a source that is no few words
LEAST_LENGTH = 60  # characters of a source whose language can be told
WRITTEN = {"wuu": "zh", "yue": "zh"}  # languages whose news is written in another
FAR = 4  # times longer or shorter than the text: no source of it
FEW, MOST_ALONE = 6, 0.4  # pairs, and the share of those with one side


@dataclass(frozen=True, slots=True)
class Pair:
    """Some sentences of the source and of the text that are translations of each other; one side may be empty.

    `span` is the place in the text, `source` that in the source; `words`, here and there, are what they say.
    """

    source: Span
    span: Span


@dataclass(frozen=True, slots=True)
class Aligned:
    """A text's source, its language (a tag of two letters, or nothing) and the pairs, in the order of the text."""

    source: str
    language: str
    pairs: tuple[Pair, ...]


def aligned(document: Document) -> Aligned | None:
    """The document's sentences beside those of its source; None where it has none, or one that can't be it."""
    known = _beside(document)
    return None if known is None or trouble(known, document.text) else known


def left_aside(document: Document) -> tuple[str, ...]:
    """What a report tells of a source that is not used. A few words under that name are an agency's, and no source."""
    known = _beside(document) if len(document.source.strip()) >= LEAST_LENGTH // 2 else None
    reason = trouble(known, document.text) if known else ""
    return (f"the source {reason}; it was not used",) if reason else ()


def trouble(known: Aligned, text: str) -> str:
    """Why this can't be the source of `text`; nothing where it can."""
    there, here = length(known.source), len(text.strip())
    if known.language == "en" and there >= LEAST_LENGTH:
        return "is in English"
    if not here or max(there, here) > FAR * min(there, here) + LEAST_LENGTH:
        return f"is much {'longer' if there > here else 'shorter'} than the text"
    alone = sum(not len(pair.source) or not len(pair.span) for pair in known.pairs)
    if len(known.pairs) >= FEW and alone > MOST_ALONE * len(known.pairs):
        return "has hardly a sentence that the text translates"
    return ""


def _beside(document: Document) -> Aligned | None:
    if not document.source.strip():
        return None
    return _aligned(document.text, document.source, document.sentences, tuple(b.span for b in document.blocks))


@lru_cache(maxsize=64)
def _aligned(text: str, source: str, sentences: tuple[Span, ...], paragraphs: tuple[Span, ...]) -> Aligned:
    language = language_of(source)
    theirs = [block.span for block in blocks(source) if block.span.of(source).strip()]
    ours = [span for span in paragraphs if span.of(text).strip()] or [Span(0, len(text))]
    pairs: list[Pair] = []
    beads = align([source_unit(span.of(source), language) for span in theirs], [unit(span.of(text)) for span in ours])
    for bead in beads:
        there = [part for span in theirs[slice(*bead.source)] for part in source_sentences(source, span)]
        here = [
            part
            for span in ours[slice(*bead.target)]
            for part in sentences
            if span.covers(Span(part.start, part.start)) and part.start < span.end and part.of(text).strip()
        ]
        pairs += _inside(text, source, language, there, here)
    return Aligned(source, language, tuple(_placed(pairs, text)))


def _inside(text: str, source: str, language: str, there: Sequence[Span], here: Sequence[Span]) -> Iterator[Pair]:
    beads = align([source_unit(s.of(source), language) for s in there], [unit(s.of(text)) for s in here])
    for bead in beads:
        yield Pair(_joined(there, bead.source), _joined(here, bead.target))


def _joined(parts: Sequence[Span], some: tuple[int, int]) -> Span:
    chosen = parts[slice(*some)]
    if chosen:
        return Span(chosen[0].start, chosen[-1].end)
    place = parts[some[0] - 1].end if some[0] else parts[0].start if parts else 0
    return Span(place, place)


def _placed(pairs: Sequence[Pair], text: str) -> Iterator[Pair]:
    """Pairs with an empty side in the text moved to the end of what stands before them."""
    end = 0
    for pair in pairs:
        if len(pair.span):
            end = pair.span.start + len(pair.span.of(text).rstrip())
            yield pair
        else:
            yield Pair(pair.source, Span(end, end))


def source_sentences(source: str, paragraph: Span) -> list[Span]:
    """The sentences of a paragraph of any language, without the white space between them.

    >>> [span.of("Он ушёл. Т. е. домой!") for span in source_sentences("Он ушёл. Т. е. домой!", Span(0, 21))]
    ['Он ушёл.', 'Т. е. домой!']
    """
    borders = [paragraph.start]
    for match in STOP.finditer(source, paragraph.start, paragraph.end):
        following = source[match.end() : match.end() + 1]
        if following.islower() or ABBREVIATED.search(source[max(paragraph.start, match.end() - 12) : match.end()]):
            continue
        borders.append(match.end())
    spans = [Span(start, end) for start, end in pairwise(dict.fromkeys([*borders, paragraph.end]))]
    return [stripped(source, span) for span in spans if span.of(source).strip()]


def stripped(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    inside = span.of(text)
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip()))


def unit(english: str) -> Unit:
    found = {f"#{number}" for number in numbers(tokens(english))}
    for match in WORD.finditer(english):
        found.add(lemma(match[0].lower()))
        if match[0][0].isupper() and len(match[0]) >= LONG_NAME:
            found.add(_sound(match[0]))
    return Unit(len(english.strip()), frozenset(found))


def source_unit(source: str, language: str) -> Unit:
    found = {f"#{value}" for figure in figures(source) for value in figure.values}
    for word in source_words(source):
        known = translations(word.low, language)
        found.update(list(known)[:2])
        if len(word.low) >= LONG_NAME and (word.capital or not known):
            found.add(_sound(word.text))
    return Unit(length(source), frozenset(found))


def length(source: str) -> float:
    """How many characters of English a piece of source makes one expect."""
    return len(source.strip()) * density(source)


def _sound(word: str) -> str:
    return "~" + heard(latin(word))[:LONG_NAME]


@lru_cache(maxsize=1024)
def language_of(source: str) -> str:
    """The tag of the language that `source` is in. Of a few words the identifier is not sure: then the language is the
    one, of those it thinks likely, whose dictionary has most of them. Where the likeliest has no dictionary, another
    takes its place only with half of the words."""
    ranked = [(WRITTEN.get(language, str(language)), likely) for language, likely in _identifier().rank(source)[:TRIED]]
    first, likely = ranked[0][0], [language for language, probability in ranked if probability >= LEAST_LIKELY]
    if len(source) >= SURE_LENGTH or len(likely) < 2:
        return first
    words = [word.low for word in source_words(source)]
    found = {language: sum(word in table(language) for word in words) for language in likely}
    best = max(found, key=lambda language: found[language])
    return best if table(first) or 2 * found[best] >= len(words) else first


@cache
def _identifier() -> LanguageIdentifier:
    # deferred: it takes a moment to load, and most texts come without a source
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
