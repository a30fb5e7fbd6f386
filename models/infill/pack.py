"""Turns the training examples into arrays for `models.infill.train`.

python -m models.infill.pack --examples examples.jsonl --out infill.npz
"""

from __future__ import annotations

import argparse
import random
from itertools import chain
from pathlib import Path
from typing import Any

from models.infill.examples import Exercise, exercises
from models.packed import save
from repair.lm.base import resolve
from repair.lm.marked import Marker
from repair.lm.model import START

LONGEST = 448
ANSWER = 128  # added to the number of the question in `parts`: this token is to be written


def row(marker: Marker, exercise: Exercise) -> tuple[list[int], list[int]]:
    """Tokens of the piece and of every question with its answer; and for each token 0 or its question's number."""
    marked = marker.mark(exercise.text, exercise.spans)
    tokens, parts = list(marked.tokens), [0] * len(marked.tokens)
    for number, (question, lead, new) in enumerate(
        zip(marked.questions, marked.leads, exercise.answers, strict=True), 1
    ):
        (answer,) = marker.answers(lead, [new])
        tokens += [*question, *answer]
        parts += [number] * len(question) + [number + ANSWER] * len(answer)
    return tokens, parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, nargs="+", required=True)
    parser.add_argument("--base", type=Path, help="folder of another model of the same family")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(resolve(args.base))
    marker = Marker(tokenizer, tokenizer.convert_tokens_to_ids(START))
    rows: dict[str, list[Any]] = {"tokens": [], "parts": []}
    for exercise in chain.from_iterable(exercises(path, random.Random(1)) for path in args.examples):
        tokens, parts = row(marker, exercise)
        if len(tokens) <= LONGEST:
            rows["tokens"].append(tokens)
            rows["parts"].append(parts)
    save(args.out, rows, {"tokens": "uint16", "parts": "uint8"})
    answers = sum(part > ANSWER for parts in rows["parts"] for part in parts)
    print(f"{len(rows['tokens'])} pieces, {sum(map(len, rows['tokens']))} tokens, {answers} of them answers")


if __name__ == "__main__":
    main()
