"""The language model as a detector: every word's probability of being garbled, and spans where it is not low.

The frozen base reads windows of whole sentences with some text before them; the head judges the words of a window
together. Doubtful words that stand side by side make one span, for a second look (`repair.detect.judge`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repair.findings import Category, Finding
from repair.lm.features import SCALARS, Reading, read
from repair.lm.head import Head, probabilities
from repair.lm.model import LanguageModel
from repair.text import Document, Span, touches, vocabulary, words

NEW_WORDS = 240  # judged in one window
CONTEXT_WORDS = 60  # read before them and judged with them, but not reported again
LINE_WORDS, ARTICLE_WORDS = 40, 250
SPREAD = 0.55  # a neighbour belongs to the same span from this share of the peak's probability
LONGEST = 8  # words of a span
GAIN = SCALARS.index("pivot gain")
PUNCTUATION = ".,;:!?\"'“”‘’()[]…–—-"
FUNCTION_WORDS = vocabulary(
    "a an the of to in on at for by with from about into over as than that and or but is are was were be been"
    " has have had he she it they we his her their its this these those"
)


@dataclass(frozen=True, slots=True)
class Scores:
    """For every word of a document: the probability of being `garbled`, and by how many nats a pivot `gains` on it."""

    garbled: list[float]
    gains: list[float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which probability in [0, 1] a word opens a finding: `article` in a long text, `line` in one alone.

    A line alone has no context that could show the head what is usual in it, so it takes more to flag a word there.
    """

    article: float
    line: float

    def opens(self, count: int) -> float:
        """The threshold for a text of `count` words: `line` up to 40, `article` from 250, by the logarithm between.

        >>> Bounds(0.25, 0.65).opens(10), round(Bounds(0.25, 0.65).opens(100), 2), Bounds(0.25, 0.65).opens(900)
        (0.65, 0.45, 0.25)
        """
        share = math.log(max(count, LINE_WORDS) / LINE_WORDS) / math.log(ARTICLE_WORDS / LINE_WORDS)
        return self.line + (self.article - self.line) * min(share, 1.0)


DOUBT = Bounds(0.08, 0.23)  # from here on a word gets a second look


@dataclass(frozen=True, slots=True)
class Window:
    """Words `first` to `last` (exclusive) of document `document` are judged; reading begins at word `context`."""

    document: int
    context: int
    first: int
    last: int
    text: str


class LMDetector:
    """Finds spans that the head of the language model doubts."""

    name = "lm"

    def __init__(self, lm: LanguageModel, head: Head) -> None:
        self.lm, self.head = lm, head

    def read(self, documents: Sequence[Document]) -> list[Scores]:
        """What the head and the base model make of every whitespace-separated word of every document.

        A run of more than 600 tokens without a space is no word of prose and gets 0.
        """
        spans = [words(document.text) for document in documents]
        result = [Scores([0.0] * len(row), [0.0] * len(row)) for row in spans]
        windows = [w for i, document in enumerate(documents) for w in split(i, document, spans[i])]
        while windows:
            rest: list[Window] = []
            for window, reading in zip(windows, read(self.lm, [window.text for window in windows]), strict=True):
                every = spans[window.document]
                enter(result[window.document], window, every, reading, probabilities(self.head, reading))
                rest += unread(documents[window.document].text, window, every, len(reading.words))
            windows = rest
        return result

    def doubts(self, document: Document, scores: Scores, taken: Sequence[Span] = ()) -> list[Finding]:
        """Spans around words that the head doubts, sorted, none overlapping, each with its peak's probability.

        Most are sound: the second look decides which are findings.

        Words that touch one of the sorted `taken` spans are left to the detector that took them.
        """
        every = words(document.text)
        garbled = [0.0 if touches(word, taken) else score for word, score in zip(every, scores.garbled, strict=True)]
        result = []
        for first, last in peaks(document, every, garbled, DOUBT.opens(len(every))):
            span = trim(document.text, Span(every[first].start, every[last].end))
            if len(span) and not touches(span, document.protected):
                category, message = describe(span.of(document.text))
                result.append(Finding(span, category, "minor", max(garbled[first : last + 1]), message, "lm"))
        return result


def split(number: int, document: Document, every: Sequence[Span]) -> Iterator[Window]:
    """Windows of whole sentences where they fit, at most NEW_WORDS new words each."""
    starts = {span.start for span in document.sentences}
    borders = [i for i, word in enumerate(every) if word.start in starts]
    first = 0
    while first < len(every):
        last = min(first + NEW_WORDS, len(every))
        if last < len(every):
            inside = [border for border in borders if first < border <= last]
            last = inside[-1] if inside else last
        context = max(0, first - CONTEXT_WORDS)
        context = next((border for border in borders if context <= border < first), context)
        text = document.text[every[context].start : every[last - 1].end]
        yield Window(number, context, first, last, text)
        first = last


def enter(scores: Scores, window: Window, every: Sequence[Span], reading: Reading, garbled: Sequence[float]) -> None:
    """Note what was read of the new words of a window."""
    gains = reading.scalars[:, GAIN].tolist()
    index = {every[i].start: i for i in range(window.context, window.last)}
    for span, score, gain in zip(reading.words, garbled, gains, strict=True):
        word = index[every[window.context].start + span.start]
        if word >= window.first:
            scores.garbled[word], scores.gains[word] = score, gain


def unread(text: str, window: Window, every: Sequence[Span], count: int) -> Iterator[Window]:
    """The words of a window that did not fit into its tokens, as a window of their own; one that never fits is left."""
    start = window.context + count
    if start < window.last:
        start = max(start, window.first) + (count == 0)
        if start < window.last:
            span = Span(every[start].start, every[window.last - 1].end)
            yield Window(window.document, start, start, window.last, span.of(text))


def peaks(document: Document, every: Sequence[Span], scores: Sequence[float], doubt: float) -> list[tuple[int, int]]:
    """First and last word of each span: a peak, likeliest first, with neighbours of its sentence that come close."""
    taken: set[int] = set()
    result = []
    for peak in sorted((i for i, score in enumerate(scores) if score >= doubt), key=lambda i: (-scores[i], i)):
        if peak in taken:
            continue
        sentence = document.sentence_at(every[peak].start)
        first = last = peak
        least = SPREAD * scores[peak]
        while first - 1 not in taken and last - first < LONGEST and joins(every, scores, first - 1, sentence, least):
            first -= 1
        while last + 1 not in taken and last - first < LONGEST and joins(every, scores, last + 1, sentence, least):
            last += 1
        taken.update(range(first, last + 1))
        result.append((first, last))
    return sorted(result)


def joins(every: Sequence[Span], scores: Sequence[float], i: int, sentence: Span, least: float) -> bool:
    return 0 <= i < len(every) and scores[i] >= least and sentence.covers(every[i])


def trim(text: str, span: Span) -> Span:
    """The span without punctuation at its ends; a word that is all punctuation stays whole."""
    start, end = span.start, span.end
    while start < end and text[start] in PUNCTUATION:
        start += 1
    while end > start and text[end - 1] in PUNCTUATION:
        end -= 1
    return Span(start, end) if start < end else span


def describe(garbled: str) -> tuple[Category, str]:
    """The likeliest MQM category of a span that the model found, and what to tell an editor."""
    parts = [part.strip(PUNCTUATION).lower() for part in garbled.split()]
    if all(part in FUNCTION_WORDS for part in parts):
        return "fluency/grammar", "This small word does not fit here."
    if len(parts) == 1:
        return (
            "accuracy/mistranslation",
            "This word does not fit here; a literal translation may have picked the wrong sense.",
        )
    return "style/unidiomatic", "This does not read like English; it may have been translated word for word."
