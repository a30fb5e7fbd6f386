"""Fits the proofreader, the last of the regressions: would an editor write a wording that has been put in place?

Wordings are the likeliest one of each span that the second look confirms, in the held-back examples that the other
regressions were fitted on (`models.judge.train`, which runs first).

    python -m models.judge.proof --examples held.jsonl --minutes 15
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.infill.examples import widen
from models.judge.train import examples, fit, right_text
from repair.config import Config
from repair.correct.proof import proofs
from repair.edits import Edit
from repair.engine import Engine, weights
from repair.pipeline import Repairer
from repair.segment import read_document
from repair.text import Span, words

OPENS = 0.15  # from this probability on a span is confirmed, as in a garbled article


def wordings(engine: Engine, plain: Repairer, row: dict) -> Iterator[tuple[list[float], bool]]:
    """The vector of every wording that is put in place in an example, and whether it is right."""
    document = read_document(row["text"])
    scores = engine.read([document])[0]
    taken = sorted(finding.span for finding in plain.check(row["text"]).findings)
    doubts = engine.doubts(document, scores, taken)
    seen = engine.confirmed(document, doubts, engine.corrector.look(document, doubts), scores)
    best = [(finding, engine.corrector.likeliest(look, finding.score)[:1]) for finding, look in seen]
    tried = [(finding, scored) for finding, some in best for _, scored in some]
    groups = widen(words(document.text), [Edit(Span(start, end), new) for start, end, new in row["edits"]])
    proved = proofs(document, [Edit(finding.span, scored.text) for finding, scored in tried], engine.read)
    for (finding, scored), proof in zip(tried, proved, strict=True):
        right = right_text(document, finding.span, groups)
        yield proof.vector(scored.features, finding.score), scored.text == right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, required=True)
    parser.add_argument("--base", help="folder of another model of the same family")
    parser.add_argument("--minutes", type=float, default=15)
    args = parser.parse_args()
    engine = Engine(Config(threshold=OPENS, base=args.base))
    plain = Repairer(Config(no_model=True))
    data, right, kinds = [], [], []
    end = time.monotonic() + 60 * args.minutes
    for row in examples(args.examples, 1):
        if time.monotonic() > end:
            break
        if row["kind"] != "mqm":  # annotators mark, they do not rewrite
            for vector, is_right in wordings(engine, plain, row):
                data.append(vector)
                right.append(is_right)
                kinds.append(row["kind"])
    numbers, _ = fit("wordings in place", np.array(data), np.array(right), np.array(kinds))
    path = weights("judge") / "config.json"
    config = {**json.loads(path.read_text(encoding="utf-8")), "proof": numbers}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
