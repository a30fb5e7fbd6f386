"""The judge of spans: a logistic regression over what the detector makes of a doubtful span and of its text.

`models/judge/config.json` holds the coefficients. What the corrector makes of a span was tried and told next to nothing
more, so spans are confirmed before the corrector reads anything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from repair.findings import Finding
from repair.lexemes import FUNCTION_WORDS, PUNCTUATION
from repair.regression import Regression, logit
from repair.text import Document, Span, inside_of

Kind = Literal["small", "name", "number", "other"]
KINDS: tuple[Kind, ...] = ("small", "name", "number")


@dataclass(frozen=True, slots=True)
class SpanFeatures:
    """What is known of one doubtful span of `words` words in a text of `length` words.

    `peak` and `mean` are the detector's probabilities in the span, `around` their mean outside it, and `serious` the
    largest probability in the span of misleading a reader.
    """

    peak: float
    mean: float
    around: float
    serious: float
    words: int
    length: int
    kind: Kind

    def vector(self) -> list[float]:
        """The numbers that the regression sees."""
        alone = math.log(min(max(self.length, 10), 400))
        return [
            logit(self.peak),
            logit(self.mean),
            logit(self.serious),
            min(self.words, 4),
            alone,
            alone * logit(self.peak),
            logit(self.around),
            *(float(self.kind == kind) for kind in KINDS),
        ]


def kind_of(parts: Sequence[str], opens_sentence: bool) -> Kind:
    """What a span's words look like: small grammatical words, a name in it, a figure in it, or other.

    >>> kind_of(["of", "the"], False), kind_of(["President", "said"], False), kind_of(["Will"], True)
    ('small', 'name', 'other')
    """
    if any(re.search(r"\d", part) for part in parts):
        return "number"
    if any(part[:1].isupper() for part in parts[opens_sentence:]):
        return "name"
    if all(part.lower() in FUNCTION_WORDS for part in parts):
        return "small"
    return "other"


def span_features(
    document: Document,
    doubt: Finding,
    every: Sequence[Span],
    scores: Sequence[float],
    serious: Sequence[float],
) -> SpanFeatures:
    """What the judge is told of a doubtful span of a text with `every` word and their two probabilities."""
    inside = inside_of(every, doubt.span)
    garbled = [scores[i] for i in inside]
    outside = len(every) - len(inside)
    first = every[inside[0]]
    opens_sentence = not document.text[document.sentence_at(first.start).start : first.start].strip()
    return SpanFeatures(
        peak=doubt.score,
        mean=sum(garbled) / len(garbled),
        around=(sum(scores) - sum(garbled)) / outside if outside else 0.0,
        serious=max(serious[i] for i in inside),
        words=len(inside),
        length=len(every),
        kind=kind_of([every[i].of(document.text).strip(PUNCTUATION) for i in inside], opens_sentence),
    )


class SpanJudge(Regression):
    """Knows for each doubtful span the probability that something in it is garbled."""

    def probability(self, features: SpanFeatures) -> float:
        """In [0, 1]."""
        return self.of(features.vector())
