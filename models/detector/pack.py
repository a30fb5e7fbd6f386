"""Turns the training examples into arrays for `models.detector.train`.

python -m models.detector.pack --examples examples.jsonl --out detector.npz
"""

from __future__ import annotations

import argparse
import fileinput
import json
from itertools import islice
from pathlib import Path
from typing import Any

from models.packed import save
from repair.lm.base import resolve
from repair.lm.model import START
from repair.lm.reader import MAX_TOKENS, align

CHUNK = 2000
OUTSIDE, FIRST, NEXT = 0, 1, 2  # a token is in no word, opens one, continues one
UNKNOWN = 255  # a label that teaches nothing; others are 200 times the probability
# how often a text of a kind is read in one round: real errors are few, and annotated ones fewer
REPEAT = {"mqm": 2}
LEFT_OUT = {"reference"}  # a paraphrase is no error; `consensus` has the same texts with better labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, nargs="+", required=True)
    parser.add_argument("--base", type=Path, help="folder of another model of the same family")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(resolve(args.base))
    rows: dict[str, list[Any]] = {"tokens": [], "places": [], "labels": [], "serious": [], "repeat": []}
    with fileinput.input(args.examples, encoding="utf-8") as lines:
        while some := [json.loads(line) for line in islice(lines, CHUNK)]:
            some = [row for row in some if row["kind"] not in LEFT_OUT]
            encoded = tokenizer([row["text"] for row in some], add_special_tokens=False, return_offsets_mapping=True)
            for row, ids, offsets in zip(some, encoded["input_ids"], encoded["offset_mapping"], strict=True):
                tokens = [(tokenizer.convert_tokens_to_ids(START), 0, 0)]
                tokens += [(token, start, end) for token, (start, end) in zip(ids, offsets, strict=True)]
                spans, members = align(row["text"], tokens[:MAX_TOKENS])
                if not spans:
                    continue
                rows["tokens"].append([token for token, _, _ in tokens[:MAX_TOKENS]])
                places = [OUTSIDE] * len(rows["tokens"][-1])
                for own in members:
                    places[own[0] : own[-1] + 1] = [FIRST] + [NEXT] * (own[-1] - own[0])
                rows["places"].append(places)
                rows["labels"].append([packed(label) for label in row["labels"][: len(spans)]])
                serious = row.get("serious") or [0.0 if label == 0 else -1.0 for label in row["labels"]]
                rows["serious"].append([packed(label) for label in serious[: len(spans)]])
                rows["repeat"].append([REPEAT.get(row["kind"], 1)])
    types = {"tokens": "uint16", "places": "uint8", "labels": "uint8", "serious": "uint8", "repeat": "uint8"}
    save(args.out, rows, types)
    print(f"{len(rows['tokens'])} texts, {sum(map(len, rows['tokens']))} tokens, {sum(map(len, rows['labels']))} words")


def packed(label: float) -> int:
    return UNKNOWN if label < 0 else round(200 * label)


if __name__ == "__main__":
    main()
