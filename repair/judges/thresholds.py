"""From which probability on something is done, by how long a text is and how garbled it looks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LINE_WORDS, ARTICLE_WORDS = 40, 250  # up to here a line, from here an article


def share_of_article(count: int) -> float:
    """How much a text of `count` words is like an article: 0 up to 40 words, 1 from 250, by the logarithm between."""
    return min(math.log(max(count, LINE_WORDS) / LINE_WORDS) / math.log(ARTICLE_WORDS / LINE_WORDS), 1.0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which probability in [0, 1] something is done: `article` in a long text, `line` in one alone.

    A line alone has no context that could show what is usual in it, so it takes more to flag a word there.
    """

    article: float
    line: float

    def opens(self, count: int) -> float:
        """The threshold for a text of `count` words.

        >>> Bounds(0.25, 0.65).opens(10), round(Bounds(0.25, 0.65).opens(100), 2), Bounds(0.25, 0.65).opens(900)
        (0.65, 0.45, 0.25)
        """
        return self.line + (self.article - self.line) * share_of_article(count)


CLEAN_MEAN, GARBLED_MEAN = Bounds(0.02, 0.15), Bounds(0.08, 0.4)  # of 12 clean articles no mean reaches 0.01


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which probability something is done: in a text that reads like clean copy, and in one garbled throughout.

    One garbled sentence makes the next likelier to be garbled too, and who reads bad copy minds a false alarm less.
    """

    clean: Bounds
    garbled: Bounds

    def of(self, scores: Sequence[float]) -> float:
        """The threshold in a text whose words have these probabilities.

        >>> threshold = Threshold(Bounds(0.3, 0.8), Bounds(0.2, 0.4))
        >>> round(threshold.of([0.0] * 300), 2), round(threshold.of([0.08] * 300), 2), round(threshold.of([0.5] * 9), 2)
        (0.3, 0.2, 0.4)
        """
        share = looks_garbled(scores)
        return (1 - share) * self.clean.opens(len(scores)) + share * self.garbled.opens(len(scores))


def looks_garbled(scores: Sequence[float]) -> float:
    """Where a text stands by the mean of its words' probabilities: 0 like clean copy, 1 garbled throughout."""
    count = len(scores)
    low, high = CLEAN_MEAN.opens(count), GARBLED_MEAN.opens(count)
    return min(max((sum(scores) / max(count, 1) - low) / (high - low), 0.0), 1.0)
