"""How doubtful words become spans: the threshold moves with the text, and American spellings are let be."""

import pytest

from repair.detect.lm import LMDetector
from repair.judges.thresholds import Bounds, Threshold, looks_garbled, share_of_article
from repair.segment import read_document
from repair.text import words

TEXT = "The defense ministry said the talks were eventually moving. " * 8


def doubted(text: str, scores: list[float]) -> list[str]:
    document = read_document(text)
    detector = LMDetector(reader=None)  # type: ignore[arg-type]  # nothing is read: the scores are given
    return [finding.span.of(text) for finding in detector.doubts(document, scores)]


def test_a_word_above_the_threshold_is_doubted_and_an_american_spelling_is_not() -> None:
    scores = [0.9 if word.of(TEXT) in ("defense", "eventually") else 0.0 for word in words(TEXT)]
    assert doubted(TEXT, scores) == ["eventually"] * 8


def test_an_american_spelling_joins_no_span() -> None:
    text = "The strong defense ministry. " * 20
    scores = [0.9 if word.of(text) in ("strong", "defense") else 0.0 for word in words(text)]
    assert set(doubted(text, scores)) == {"strong"}


@pytest.mark.parametrize(("count", "share"), [(0, 0), (1, 0), (40, 0), (100, 0.5), (250, 1), (9000, 1)])
def test_how_much_a_text_is_like_an_article(count: int, share: float) -> None:
    assert share_of_article(count) == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize(
    ("mean", "count", "due"), [(0.0, 300, 0.0), (0.05, 300, 0.5), (0.3, 300, 1.0), (0.15, 12, 0.0)]
)
def test_how_garbled_a_text_looks(mean: float, count: int, due: float) -> None:
    assert looks_garbled([mean] * count) == pytest.approx(due)


def test_no_words_look_clean() -> None:
    assert looks_garbled([]) == 0.0
    assert Threshold(Bounds(0.3, 0.8), Bounds(0.1, 0.2)).of([]) == pytest.approx(0.8)


def test_the_same_doubt_opens_a_finding_in_garbled_copy_only() -> None:
    some = [0.12] + [0.0] * 299
    garbled = [0.12, *[0.0] * 9, *[0.2] * 150, *[0.0] * 140]
    text = " ".join(f"word{'a' * (i % 7)}" for i in range(300))
    assert doubted(text, some) == []
    assert text.split()[0] in doubted(text, garbled)
