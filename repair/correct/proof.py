"""Proofreading: the detector reads a text again with the likeliest wordings in place, and what it doubts then counts.

A wording that is right leaves nothing to doubt, in it or beside it. The likeliest wordings of all spans are put in
place together, so that one reading serves them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from repair.correct.rerank import Features
from repair.edits import Edit, apply, placed
from repair.regression import Regression, logit
from repair.segment import read_document
from repair.text import Document, inside_of, words

BESIDE = 3  # words on each side

Read = Callable[[Sequence[Document]], list[list[float]]]  # for each word the probability that it is garbled


@dataclass(frozen=True, slots=True)
class Proof:
    """The detector's largest probability in a wording that was put in place, and in the words beside it."""

    inside: float
    beside: float

    def vector(self, features: Features, doubt: float) -> list[float]:
        """The numbers that the regression sees: those of the reranker, and the two."""
        return [*features.vector(doubt), logit(self.inside), logit(self.beside)]


class Proofreader(Regression):
    """Knows for each wording that was put in place the probability that an editor would write it."""

    def probability(self, features: Features, doubt: float, proof: Proof) -> float:
        """In [0, 1]."""
        return self.of(proof.vector(features, doubt))


def proofs(document: Document, edits: Sequence[Edit], read: Read) -> list[Proof]:
    """A proof of each of `edits`, which must not overlap and none of which may put nothing but white space in place."""
    if not edits:
        return []
    again = read_document(apply(document.text, edits))
    every, scores = words(again.text), read([again])[0]
    return [proof(scores, inside_of(every, span)) for span in placed(edits)]


def proof(scores: Sequence[float], inside: Sequence[int]) -> Proof:
    """The proof of a wording that touches the words `inside`, of which there is at least one."""
    beside = [*scores[max(0, inside[0] - BESIDE) : inside[0]], *scores[inside[-1] + 1 : inside[-1] + 1 + BESIDE]]
    return Proof(max(scores[i] for i in inside), max(beside, default=0.0))
