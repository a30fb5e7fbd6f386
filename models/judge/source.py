"""Fits the second look with a source on post-edited output: is a doubtful span garbled, seen beside its source?

Lines are those of `mlqe-pe/train` that no model and no dictionary has seen (`is_held`). A span is garbled if it touches
a BAD word. What the source adds is which spans are garbled, not how many: the intercept is moved so that as many open
as without it.

    python -m models.judge.source --data DIR
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.recipe.tokenised import detokenise
from repair.config import Config
from repair.engine import Engine
from repair.judges.source import TABLE, vector
from repair.judges.spans import span_features
from repair.score.spans import Mark
from repair.score.split import is_held
from repair.score.words import bad_words
from repair.segment import read_document
from repair.source.check import beside_span
from repair.text import Document, Marks, inside_of, words

LANGUAGES = ("ro", "et", "ru", "ne", "si")
LIMIT = 150  # lines of each


@dataclass(frozen=True, slots=True)
class Case:
    """A doubtful span: its vector, whether it is garbled, its probability without the source, and where spans open."""

    vector: list[float]
    garbled: bool
    judged: float
    opens: float


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The held lines of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if is_held(detokenise(row["pe_tok"].split())[0]):
                yield row


def plain(tokens: str) -> str:
    """Source text without the blanks that its tokenisation put before stops and inside figures."""
    return re.sub(r" ([.,;:!?।])", r"\1", re.sub(r"(\d) ([.,]) (?=\d)", r"\1\2", tokens))


def read(row: dict[str, Any]) -> tuple[Document, list[bool]]:
    """The translation with its source, and which of its words are BAD; a BAD gap marks the word after it."""
    text, spans = detokenise(row["mt_tok"].split())
    marks = [Mark(s) for s, w, g in zip(spans, row["word_tags"], row["gap_tags"], strict=False) if "B" in (w, g)]
    if row["gap_tags"].endswith("B"):
        marks.append(Mark(spans[-1]))
    return read_document(text, marks=Marks(source=plain(row["src_tok"]))), bad_words(text, marks)


def cases(engine: Engine, document: Document, bad: Sequence[bool]) -> Iterator[Case]:
    """The doubtful spans of a line."""
    scores = engine.read(document)
    every, serious = words(document.text), engine.detector.serious(document)
    for doubt in engine.doubts(document, scores, []):
        judged = engine.second_look.judge.probability(span_features(document, doubt, every, scores, serious))
        both = beside_span(document, doubt.span)
        if both is not None:
            numbers = vector(both.links, both.inside(doubt.span), both.source, both.text, judged)
            garbled = any(bad[i] for i in inside_of(every, doubt.span))
            yield Case(numbers, garbled, judged, engine.second_look.threshold.of(scores))


def fit(found: Sequence[Case]) -> dict[str, Any]:
    """The numbers of the regression."""
    data, garbled = np.array([one.vector for one in found]), np.array([one.garbled for one in found])
    model = LogisticRegression(max_iter=3000).fit(data, garbled)
    opens = np.array([one.opens for one in found])
    without = sum(one.judged >= one.opens for one in found)
    # each span opens at its own threshold: the distance to it, in log-odds, is what the intercept can make up for
    distance = np.sort(model.decision_function(data) - np.log(opens / (1 - opens)))[::-1]
    moved = float(model.intercept_[0] - distance[without - 1])
    return {"coefficients": [round(float(c), 4) for c in model.coef_[0]], "intercept": round(moved, 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=LIMIT)
    args = parser.parse_args()
    engine = Engine(Config())
    found: list[Case] = []
    for language in LANGUAGES:
        for row in list(lines(args.data / f"mlqe-pe/train/{language}-en.jsonl.gz"))[: args.limit]:
            document, bad = read(row)
            found += cases(engine, document, bad)
        print(language, len(found), flush=True)
    TABLE.write_text(json.dumps(fit(found)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
