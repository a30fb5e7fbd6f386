"""The language model as a detector: every word's probability of being garbled, and spans where it is not low.

The detector's model reads windows of whole sentences with some text before them (`repair.lm.reader`). Doubtful words
that stand side by side make one span, for a second look (`repair.judges`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from repair.american import is_american
from repair.findings import Category, Finding
from repair.judges.thresholds import Bounds, Threshold
from repair.lexemes import FUNCTION_WORDS, PUNCTUATION
from repair.lm.answers import AnyReader, Reading
from repair.lm.threads import side_by_side
from repair.patience import still_wanted
from repair.text import Document, Span, touches, words

NEW_WORDS = 240  # judged in one window
CONTEXT_WORDS = 60  # read before them and judged with them, but not reported again
SPREAD = 0.55  # a neighbour belongs to the same span from this share of the peak's probability
LONGEST = 8  # words of a span
DOUBT = Threshold(Bounds(0.2, 0.2), Bounds(0.1, 0.2))  # from here on a word gets a second look


@dataclass(frozen=True, slots=True)
class Window:
    """Words `first` to `last` (exclusive) of a text are judged; reading begins at word `context`."""

    context: int
    first: int
    last: int
    text: str


class LMDetector:
    """Finds spans that the language model doubts."""

    name = "lm"

    def __init__(self, reader: AnyReader) -> None:
        self.reader = reader

    def read(self, document: Document) -> list[float]:
        """For every whitespace-separated word the probability that it is garbled.

        A run of more than 600 tokens without a space is no word of prose and gets 0.
        """
        return self._scores(document, lambda reading: reading.garbled)

    def serious(self, document: Document) -> list[float]:
        """For every word the probability that it is garbled so that a reader stumbles or is misled.

        Costs next to nothing where the document has just been read.
        """
        return self._scores(document, lambda reading: reading.serious)

    def _scores(self, document: Document, of: Callable[[Reading], Sequence[float]]) -> list[float]:
        every = words(document.text)
        scores = [0.0] * len(every)
        windows = list(split(document, every))
        while windows:
            readings = side_by_side(self._read, windows, self.reader.threads)
            left: list[Window] = []
            for window, reading in zip(windows, readings, strict=True):
                enter(scores, window, every, reading.words, of(reading))
                left += unread(document.text, window, every, len(reading.words))
            windows = left
        return scores

    def _read(self, window: Window) -> Reading:
        still_wanted()
        return self.reader.read(window.text)

    def doubts(self, document: Document, scores: Sequence[float], taken: Sequence[Span] = ()) -> list[Finding]:
        """Spans around words that it doubts, sorted, none overlapping, each with its peak's probability.

        Most are sound: the second look decides which are findings.

        Words that touch one of the sorted `taken` spans are left to the detector that took them; American spellings
        are left alone.
        """
        every = words(document.text)
        garbled = [
            0.0 if touches(word, taken) or is_american(word.of(document.text).strip(PUNCTUATION)) else score
            for word, score in zip(every, scores, strict=True)
        ]
        result = []
        for first, last in peaks(document, every, garbled, DOUBT.of(scores)):
            span = trim(document.text, Span(every[first].start, every[last].end))
            if len(span) and not touches(span, document.protected):
                category, message = describe(span.of(document.text))
                result.append(Finding(span, category, "minor", max(garbled[first : last + 1]), message, "lm"))
        return result


def split(document: Document, every: Sequence[Span]) -> Iterator[Window]:
    """Windows of whole sentences where they fit, at most NEW_WORDS new words each."""
    starts = {span.start for span in document.sentences}
    borders = [i for i, word in enumerate(every) if word.start in starts]
    first = 0
    while first < len(every):
        last = min(first + NEW_WORDS, len(every))
        if last < len(every):
            before = bisect_right(borders, last) - 1
            last = borders[before] if before >= 0 and borders[before] > first else last
        context = max(0, first - CONTEXT_WORDS)
        after = bisect_left(borders, context)
        context = borders[after] if after < len(borders) and borders[after] < first else context
        text = document.text[every[context].start : every[last - 1].end]
        yield Window(context, first, last, text)
        first = last


def enter(
    scores: list[float], window: Window, every: Sequence[Span], read: Sequence[Span], judged: Sequence[float]
) -> None:
    """Note what was `judged` of those words `read` that are new in a window."""
    index = {every[i].start: i for i in range(window.context, window.last)}
    for span, score in zip(read, judged, strict=True):
        word = index[every[window.context].start + span.start]
        if word >= window.first:
            scores[word] = score


def unread(text: str, window: Window, every: Sequence[Span], count: int) -> Iterator[Window]:
    """The words of a window that did not fit into its tokens, as a window of their own; one that never fits is left."""
    start = window.context + count
    if start < window.last:
        start = max(start, window.first) + (count == 0)
        if start < window.last:
            span = Span(every[start].start, every[window.last - 1].end)
            yield Window(start, start, window.last, span.of(text))


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
    """The span without punctuation at its ends; what is all punctuation stays whole.

    >>> trim("“Sits - (now)", Span(0, 13)), trim("'' '' ''", Span(0, 8))
    (Span(start=1, end=12), Span(start=0, end=8))
    """
    start, end = span.start, span.end
    while start < end and (text[start] in PUNCTUATION or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in PUNCTUATION or text[end - 1].isspace()):
        end -= 1
    return Span(start, end) if start < end else span


def describe(garbled: str) -> tuple[Category, str]:
    """The likeliest MQM category of a span of which nothing more is known, and what to tell an editor.

    >>> describe("заявив у понеділок")[0], describe("São Paulo μ")[0]
    ('accuracy/untranslated', 'style/unidiomatic')
    """
    letters = [char for char in garbled if char.isalpha()]
    if sum(char >= "\u0250" for char in letters) * 2 > len(letters):  # mostly no Latin ones
        return "accuracy/untranslated", "This is not English."
    parts = [part.strip(PUNCTUATION).lower() for part in garbled.split()]
    words = "this word" if len(parts) == 1 else "these words"
    if all(part in FUNCTION_WORDS for part in parts):
        return "fluency/grammar", f"The model doubts {words}."
    return "accuracy/mistranslation" if len(parts) == 1 else "style/unidiomatic", f"The model doubts {words}."
