"""Fits the two regressions of the second look: is a doubtful span garbled, and which wording puts it right?

Spans are what the detector doubts in examples that no model has seen, with the rules and the lexicon at work first,
as in use. A span is garbled if one of its words is; a wording is right if the span then reads exactly as the original
or the post-edit.

    python -m models.judge.train --examples held.jsonl --minutes 15
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from models.infill.examples import widen
from repair.config import Config
from repair.correct.corrector import Corrector, Look
from repair.correct.proof import Proofreader
from repair.correct.rerank import Reranker
from repair.detect.lm import LMDetector
from repair.edits import Edit, apply
from repair.engine import evidence, weights
from repair.findings import Finding
from repair.lm.base import resolve
from repair.lm.infill import Infiller
from repair.lm.model import LanguageModel
from repair.lm.reader import Reader
from repair.pipeline import Repairer
from repair.segment import read_document
from repair.text import Document, Span, inside_of, words

BATCH = 16
# of the examples of a kind that are read: clean ones hold few doubts, and outputs judged by their company say of many
# words that nothing is known of them
SHARES = {
    "bbc-clean": 0.5,
    "newstest-clean": 0.3,
    "reuters-clean": 0.3,
    "line-clean": 0.15,
    "consensus": 0.0,
    "reference": 0.3,
}


def examples(path: Path, seed: int) -> Iterator[dict]:
    """Some of the rows of the kinds that have labels for every word."""
    rng = random.Random(seed)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if rng.random() < SHARES.get(row["kind"], 1.0):
                yield row


def right_text(document: Document, span: Span, groups: list[tuple[Span, list[Edit]]]) -> str | None:
    """What the span should read; None where that cannot be told from inside the span."""
    touched = [(whole, edits) for whole, edits in groups if whole.overlaps(span)]
    edits = [edit for _, some in touched for edit in some]
    if not touched or not all(span.covers(edit.span) for edit in edits):
        return None
    return apply(span.of(document.text), [Edit(edit.span.shift(-span.start), edit.text) for edit in edits])


class Collector:
    """A vector and a truth for every doubtful span, and for every wording of it with the span's number."""

    def __init__(self) -> None:
        self.spans: list[list[float]] = []
        self.garbled: list[bool] = []
        self.kinds: list[str] = []
        self.wordings: list[tuple[int, Look, int]] = []
        self.right: list[bool] = []

    def add(self, row: dict, document: Document, found: list[Finding], looks: list[Look], scores: list[float]) -> None:
        every = words(document.text)
        edits = [Edit(Span(start, end), new) for start, end, new in row["edits"]]
        groups = widen(every, edits)
        for finding, look in zip(found, looks, strict=True):
            inside = inside_of(every, finding.span)
            number = len(self.spans)
            self.spans.append(evidence(document, finding, look, every, inside, scores).vector())
            self.garbled.append(any(row["labels"][i] >= 0.5 for i in inside))
            self.kinds.append(row["kind"])
            if row["kind"] != "mqm":  # annotators mark, they do not rewrite
                right = right_text(document, finding.span, groups)
                for i, one in enumerate(look.wordings):
                    self.wordings.append((number, look, i))
                    self.right.append(one.text == right)


def collect(detector: LMDetector, corrector: Corrector, rows: Iterator[dict], minutes: float) -> Collector:
    plain = Repairer(Config(no_model=True))
    seen = Collector()
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end and (some := list(islice(rows, BATCH))):
        documents = [read_document(row["text"]) for row in some]
        read = detector.read(documents)
        taken = [sorted(f.span for f in plain.check(row["text"]).findings) for row in some]
        found = [detector.doubts(d, r, t) for d, r, t in zip(documents, read, taken, strict=True)]
        looks = [corrector.look(document, some) for document, some in zip(documents, found, strict=True)]
        for parts in zip(some, documents, found, looks, read, strict=True):
            seen.add(*parts)
    return seen


def fit(what: str, data: np.ndarray, truth: np.ndarray, kinds: np.ndarray) -> tuple[dict, np.ndarray]:
    """Numbers of a regression fitted on all, after a report of how one fitted on three quarters does on the rest; and
    out-of-sample probabilities for all (four folds, by place in the file).
    """
    folds = np.arange(len(truth)) * 4 // len(truth)
    fitted = np.zeros(len(truth))
    for fold in range(4):
        model = LogisticRegression(max_iter=3000).fit(data[folds != fold], truth[folds != fold])
        fitted[folds == fold] = model.predict_proba(data[folds == fold])[:, 1]
    print(
        f"{what}: {len(truth)}, {truth.mean():.3f} true; cross-validated AUC {roc_auc_score(truth, fitted):.3f}, "
        f"average precision {average_precision_score(truth, fitted):.3f}"
    )
    for low in np.arange(0, 1, 0.1):
        chosen = (fitted >= low) & (fitted < low + 0.1)
        if chosen.any():
            print(f"  {low:.1f} to {low + 0.1:.1f}: {chosen.sum():6} of which {truth[chosen].mean():.2f} true")
    for kind in sorted(set(kinds)):
        mine = kinds == kind
        if 0 < truth[mine].sum() < mine.sum():
            auc = roc_auc_score(truth[mine], fitted[mine])
            print(f"  {kind}: {mine.sum()}, {truth[mine].mean():.2f} true, AUC {auc:.3f}")
    final = LogisticRegression(max_iter=3000).fit(data, truth)
    numbers = {
        "coefficients": [round(float(c), 4) for c in final.coef_[0]],
        "intercept": round(float(final.intercept_[0]), 4),
    }
    return numbers, fitted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder of another model of the same family")
    parser.add_argument("--detector", type=Path, default=weights("detector"))
    parser.add_argument("--infill", type=Path, default=weights("infill"))
    parser.add_argument("--out", type=Path, default=Path("models/judge"))
    parser.add_argument("--minutes", type=float, default=15)
    args = parser.parse_args()
    lm = LanguageModel(resolve(args.base))
    infiller = Infiller(lm, args.infill)  # before the reader, which takes the layers
    corrector = Corrector(infiller, Reranker([], 0.0), Proofreader([], 0.0))
    rows = examples(args.examples, 1)
    seen = collect(LMDetector(Reader(lm, args.detector)), corrector, rows, args.minutes)
    kinds = np.array(seen.kinds)
    span, doubt = fit("spans", np.array(seen.spans), np.array(seen.garbled), kinds)
    data = np.array([look.wordings[i].features.vector(float(doubt[n])) for n, look, i in seen.wordings])
    wording, _ = fit("wordings", data, np.array(seen.right), kinds[[n for n, _, _ in seen.wordings]])
    path = args.out / "config.json"
    former = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    thresholds = former.get(
        "thresholds", dict.fromkeys(("article", "line", "garbled_article", "garbled_line", "apply"), 0.5)
    )
    proof = former.get("proof", {"coefficients": [], "intercept": 0.0})  # for models.judge.proof to fit
    config = {"span": span, "wording": wording, "proof": proof, "thresholds": thresholds, "spans": len(kinds)}
    args.out.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
