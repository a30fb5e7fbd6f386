"""Fits the regressions of the second look on marked real output: is a doubtful span garbled, and would an editor take a
wording?

Excerpts are those that no model has seen (`Excerpt.held`), each whole and line by line, with the rules and the lexicon
at work first, as in use. A span is garbled if it touches a marked place; a wording is right if it leaves an accepted
one there (`repair.score.accepted`).

    python -m models.judge.train --data DIR
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from models.recipe.clean import articles
from models.recipe.marks import Excerpt, example, training_excerpts
from repair.config import Config
from repair.correct.infilling import InfillingCorrector
from repair.detect.lm import LMDetector
from repair.edits import Edit, minimal
from repair.findings import Finding
from repair.judges.spans import SpanJudge, span_features
from repair.judges.wordings import WordingJudge
from repair.lm.base import resolve
from repair.lm.infill import Infiller
from repair.lm.model import LanguageModel
from repair.lm.origin import origin
from repair.lm.reader import Reader
from repair.pipeline import Repairer
from repair.score.accepted import Place, put_right
from repair.segment import read_document
from repair.text import Document, Span, touches, words
from repair.trained import weights

CLEAN = 0.6  # words of clean copy for each of marked ones
FOLLOWED = 0.5  # spans this likely to be garbled have their wordings rated


@dataclass(frozen=True, slots=True)
class Case:
    """A document with its marked places, and what was made of its doubtful spans."""

    kind: str
    document: Document
    places: tuple[Place, ...]
    doubts: list[Finding]
    vectors: list[list[float]]

    @property
    def garbled(self) -> list[bool]:
        spans = [place.span for place in self.places]
        return [touches(doubt.span, spans) for doubt in self.doubts]


@dataclass(slots=True)
class Rated:
    """A vector and a truth for every wording, and the kind of text that it stands in."""

    vectors: list[list[float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


def texts(data: Path, rng: random.Random) -> Iterator[tuple[str, str, tuple[Place, ...]]]:
    """Kind, text and places of held excerpts, whole and as lone lines, and of held clean copy, which has no places."""
    held = [excerpt for excerpt in training_excerpts(data) if excerpt.held]
    count = 0
    for excerpt in held:
        for row in [example(excerpt, 0, len(excerpt.lines), "\n"), *lines(excerpt, rng)]:
            if min(row["labels"], default=0) < 0:
                continue  # holds a line that benchmarks keep
            places = tuple(Place(Span(start, end), tuple(w)) for start, end, w in row["places"])
            count += len(row["labels"])
            yield row["kind"], row["text"], places
    left = int(CLEAN * count)
    clean = [article for article in articles(data) if article.held]
    while left > 0:
        article = rng.choice(clean)
        text = "\n".join(article.paragraphs)
        left -= len(words(text))
        yield f"clean-{article.source}", text, ()


def lines(excerpt: Excerpt, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Half of the lines, each alone."""
    for number in range(len(excerpt.lines)):
        if rng.random() < 0.5:
            yield example(excerpt, number, number + 1, "\n")


def looked(detector: LMDetector, plain: Repairer, row: tuple[str, str, tuple[Place, ...]]) -> Case:
    """What the judge is told of every doubtful span of a text."""
    kind, text, places = row
    document = read_document(text)
    scores = detector.read(document)
    taken = sorted(finding.span for finding in plain.check(text).findings)
    doubts = detector.doubts(document, scores, taken)
    every, serious = words(text), detector.serious(document)
    vectors = [span_features(document, doubt, every, scores, serious).vector() for doubt in doubts]
    return Case(kind, document, places, doubts, vectors)


def rate(corrector: InfillingCorrector, judge: SpanJudge, case: Case, rated: Rated) -> None:
    """Add every wording of the spans that the judge finds likely enough."""
    likely = [judge.of(vector) for vector in case.vectors]
    chosen = [number for number, score in enumerate(likely) if score >= FOLLOWED]
    asked = [case.doubts[number] for number in chosen]
    text = case.document.text
    for some in corrector.ask(case.document, asked):
        for number, wordings in some.items():
            for one in wordings:
                change = minimal(text, Edit(asked[number].span, one.text))
                rated.vectors.append(one.features.vector(likely[chosen[number]]))
                rated.right.append(bool(put_right(text, case.places, change)))
                rated.kinds.append(case.kind)


def fit(what: str, vectors: Sequence[list[float]], truth: Sequence[bool], kinds: Sequence[str]) -> dict[str, Any]:
    """Numbers of a regression fitted on all, after a report of how those fitted on four fifths do on the rest."""
    data, true, named = np.array(vectors), np.array(truth), np.array(kinds)
    folds = np.arange(len(true)) * 5 // len(true)
    fitted = np.zeros(len(true))
    for fold in range(5):
        model = LogisticRegression(max_iter=3000).fit(data[folds != fold], true[folds != fold])
        fitted[folds == fold] = model.predict_proba(data[folds == fold])[:, 1]
    print(
        f"{what}: {len(true)}, {true.mean():.3f} true; cross-validated AUC {roc_auc_score(true, fitted):.3f}, "
        f"average precision {average_precision_score(true, fitted):.3f}"
    )
    for low in np.arange(0, 1, 0.1):
        chosen = (fitted >= low) & (fitted < low + 0.1)
        if chosen.any():
            print(f"  {low:.1f} to {low + 0.1:.1f}: {chosen.sum():6} of which {true[chosen].mean():.2f} true")
    for kind in sorted(set(kinds)):
        mine = named == kind
        if 0 < true[mine].sum() < mine.sum():
            auc = roc_auc_score(true[mine], fitted[mine])
            print(f"  {kind}: {mine.sum()}, {true[mine].mean():.2f} true, AUC {auc:.3f}")
    final = LogisticRegression(max_iter=3000).fit(data, true)
    return {
        "coefficients": [round(float(c), 4) for c in final.coef_[0]],
        "intercept": round(float(final.intercept_[0]), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder of another model of the same family")
    parser.add_argument("--detector", type=Path, default=weights("detector"))
    parser.add_argument("--infill", type=Path, default=weights("infill"))
    parser.add_argument("--out", type=Path, default=Path("models/judge"))
    parser.add_argument("--minutes", type=float, default=30, help="for rating wordings, at most")
    args = parser.parse_args()
    folder = resolve(args.base)
    lm = LanguageModel(folder)
    infiller = Infiller(lm, args.infill)
    corrector = InfillingCorrector(infiller, WordingJudge([], 0.0))
    detector, plain = LMDetector(Reader(lm, args.detector)), Repairer(Config(no_model=True))
    cases = [looked(detector, plain, row) for row in texts(args.data, random.Random(1))]
    vectors = [vector for case in cases for vector in case.vectors]
    garbled = [truth for case in cases for truth in case.garbled]
    span = fit("spans", vectors, garbled, [case.kind for case in cases for _ in case.doubts])
    judge, rated = SpanJudge(span["coefficients"], span["intercept"]), Rated()
    end = time.monotonic() + 60 * args.minutes
    for case in random.Random(2).sample(cases, len(cases)):
        if time.monotonic() < end:
            rate(corrector, judge, case, rated)
    wording = fit("wordings", rated.vectors, rated.right, rated.kinds)
    path = args.out / "config.json"
    former = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    thresholds = former.get(
        "thresholds", dict.fromkeys(("article", "line", "garbled_article", "garbled_line", "apply"), 0.5)
    )
    base = msgspec.to_builtins(origin(folder))
    config = {"base": base, "span": span, "wording": wording, "thresholds": thresholds, "spans": len(garbled)}
    args.out.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
