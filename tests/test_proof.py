"""Proofreading: wordings are put in place, all at once, and the detector's doubts about each are noted."""

from collections.abc import Sequence

from repair.correct.proof import Proof, Proofreader, proofs
from repair.correct.rerank import Features
from repair.edits import Edit
from repair.engine import second_look, weights
from repair.segment import read_document
from repair.text import Document, Span

TEXT = "It is far less future with his views. They sits, and he goes."
EDITS = [Edit(Span(38, 47), "They sit"), Edit(Span(15, 21), "open and frank")]  # in the order of the detectors


class Doubts:
    """Says of some words that they are garbled, and remembers what it was given to read."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, documents: Sequence[Document]) -> list[list[float]]:
        (document,) = documents
        self.texts.append(document.text)
        known = {"sits,": 0.9, "less": 0.4, "frank": 0.3, "his": 0.2, "goes.": 0.7}
        return [[known.get(word, 0.0) for word in document.text.split()]]


def test_all_wordings_are_read_in_place_at_once_with_the_words_beside_them() -> None:
    read = Doubts()
    found = proofs(read_document(TEXT), EDITS, read)
    assert read.texts == ["It is far less open and frank with his views. They sit, and he goes."]
    assert found == [Proof(0.0, 0.7), Proof(0.3, 0.4)]


def test_nothing_is_read_where_nothing_is_tried() -> None:
    read = Doubts()
    assert proofs(read_document(TEXT), [], read) == [] and not read.texts


def test_the_fitted_proofreader_minds_doubts() -> None:
    fitted = second_look(weights("judge")).proof
    proofreader = Proofreader(fitted.coefficients, fitted.intercept)
    features = Features(said=-1.0, gain=2.0, lead=0.5, kind="pivot", prior=0.7, words=1)
    good, bad = (proofreader.probability(features, 0.9, Proof(doubt, 0.02)) for doubt in (0.01, 0.9))
    assert good > bad
