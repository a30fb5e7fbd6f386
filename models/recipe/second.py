"""Makes the examples of the second stage of training: marked real output, with clean copy and damage beside it.

Every draw shows each marked excerpt once, whole, in runs of lines or line by line, and as much clean copy, so that the
model reads both as articles and as lone lines. Nothing here shows a reference to the model.

    python -m models.recipe.second --data DIR --draws 4 --out second.jsonl --held held.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from models.recipe.clean import Article, articles, read_jsonl
from models.recipe.damage import damage, draw_rates
from models.recipe.example import Example, label_words, undo_spans
from models.recipe.make import pieces
from models.recipe.marks import Excerpt, example, training_excerpts
from models.recipe.real import NEWS, post_edits
from repair.edits import Edit
from repair.score.split import is_dev
from repair.text import Span, words

WHOLE, RUNS = 0.5, 0.25  # shares of excerpts shown whole and in runs; the rest line by line
JOINTS = ("\n", "\n", "\n", " ", "\n\n")
# words of each kind beside the marked ones, as a multiple of these
BESIDE = {"bbc": 0.25, "reuters": 0.05, "newstest": 0.3, "damaged": 0.2, "mlqe": 0.15}
TOKENISED = 0.5  # share of `mlqe-pe` sentences shown with spaces before their punctuation, as that set prints them


def shown(excerpt: Excerpt, rng: random.Random) -> Iterator[dict[str, Any]]:
    """One excerpt as examples that together hold each of its lines once."""
    count, draw = len(excerpt.lines), rng.random()
    borders = [0, count]
    if draw > WHOLE + RUNS:
        borders = list(range(count + 1))
    elif draw > WHOLE and count > 2:
        borders = sorted({0, count, *rng.sample(range(1, count), min(2, count - 1))})
    joint = rng.choice(JOINTS)
    for first, last in pairwise(borders):
        yield example(excerpt, first, last, joint)


def clean(some: list[Article], most: int, rng: random.Random) -> Iterator[Example]:
    """About `most` words of untouched copy; newstest lines stand in runs or alone, as they are drawn there."""
    while most > 0:
        article = rng.choice(some)
        for piece in pieces(article.paragraphs):
            text = (rng.choice(JOINTS) if article.source == "newstest" else "\n").join(piece)
            most -= len(text.split())
            yield Example(f"{article.source}-clean", text, label_words(text, ()), (), False)


def damaged(some: list[Article], most: int, rng: random.Random) -> Iterator[Example]:
    """About `most` words of clean copy with calques and slips, each piece at rates of its own."""
    while most > 0:
        article = rng.choice(some)
        for piece in pieces(article.paragraphs):
            rates, text, edits = draw_rates(rng), "", []
            for paragraph in piece:
                text += "\n" if text else ""
                broken, undo = damage(paragraph, None, rates, rng)
                edits += [Edit(edit.span.shift(len(text)), edit.text) for edit in undo]
                text += broken
            most -= len(text.split())
            kind = f"{article.source}-{'damaged' if edits else 'clean'}"
            yield Example(kind, text, label_words(text, undo_spans(text, edits)), tuple(edits), False)


def tokenised(data: Path, most: int, rng: random.Random) -> Iterator[Example]:
    """`mlqe-pe` training sentences as that set prints them, about `most` words."""
    for pair in NEWS:
        dev = {row["pe_tok"] for row in read_jsonl(data / "mlqe-pe" / "dev" / f"{pair}.jsonl.gz")}
        rows = list(read_jsonl(data / "mlqe-pe" / "train" / f"{pair}.jsonl.gz"))
        left = most // len(NEWS)
        for row in rng.sample(rows, len(rows)):
            if left > 0 and row["pe_tok"] not in dev and not is_dev(row["pe_tok"]):
                text = row["mt_tok"].strip()
                tags = zip(words(text), row["word_tags"], row["gap_tags"], strict=False)
                bad: list[Span] = [span for span, word, gap in tags if "B" in (word, gap)]
                left -= len(words(text))
                yield Example("mlqe-tokenised", text, label_words(text, bad), (), False)


def draw(data: Path, marked: list[Excerpt], some: list[Article], rng: random.Random) -> Iterator[dict[str, Any]]:
    """One draw: every marked excerpt, and what stands beside it."""
    count = sum(len(excerpt.text.split()) for excerpt in marked)
    by_source: dict[str, list[Article]] = {}
    for article in some:
        by_source.setdefault(article.source, []).append(article)
    for excerpt in marked:
        yield from shown(excerpt, rng)
    mlqe = int(BESIDE["mlqe"] * count)
    beside = [
        *(e for source, mine in by_source.items() for e in clean(mine, int(BESIDE[source] * count), rng)),
        *damaged(by_source["bbc"] + by_source["newstest"], int(BESIDE["damaged"] * count), rng),
        *tokenised(data, int(TOKENISED * mlqe), rng),
        *post_edits(data, rng, per_pair=int((1 - TOKENISED) * mlqe / len(NEWS) / 20)),
    ]
    yield from (row(e) for e in beside if not e.held)


def row(example: Example) -> dict[str, Any]:
    edits = [[edit.span.start, edit.span.end, edit.text] for edit in example.edits]
    return {"kind": example.kind, "text": example.text, "labels": example.labels, "edits": edits}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    marked = [excerpt for excerpt in training_excerpts(args.data) if not excerpt.held]
    some = [article for article in articles(args.data) if not article.held]
    rows = [one for _ in range(args.draws) for one in draw(args.data, marked, some, rng)]
    rng.shuffle(rows)
    write(args.out, rows)
    count: Counter[str] = Counter()
    for one in rows:
        count[one["kind"]] += len(one["labels"])
    print(*(f"{kind:20} {words:9} words" for kind, words in sorted(count.items())), sep="\n")


if __name__ == "__main__":
    main()
