"""Makes the training examples from `--data` and the round trips, as JSON Lines in random order.

python -m models.recipe.make --data DIR --roundtrips roundtrips*.jsonl --out examples.jsonl --held held.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from models.recipe.clean import articles
from models.recipe.consensus import judged_output
from models.recipe.damage import damage, draw_rates
from models.recipe.example import Example, label_words, undo_spans
from models.recipe.real import annotated, close_references, post_edits
from repair.edits import Edit

MAX_WORDS = 330  # what fits one window of the language model
DRAWS = {"bbc": 6, "newstest": 3, "reuters": 3}  # how often each article is damaged, each time differently


def synthetic(data: Path, round_trips: list[Path], rng: random.Random) -> Iterator[Example]:
    """Clean articles, damaged paragraph by paragraph at the article's own rates; long ones are cut in pieces."""
    damaged = [
        {row["clean"]: row["damaged"] for row in map(json.loads, path.open(encoding="utf-8"))} for path in round_trips
    ]
    for article in articles(data):
        for piece in [piece for _ in range(DRAWS[article.source]) for piece in pieces(article.paragraphs)]:
            rates = draw_rates(rng)
            trips = rng.choice(damaged)
            joint = rng.choice(("\n", "\n\n", " ")) if article.source == "newstest" else "\n"
            text = ""
            edits: list[Edit] = []
            for paragraph in piece:
                text += joint if text else ""
                broken, undo = damage(paragraph, trips.get(paragraph), rates, rng)
                edits += [Edit(edit.span.shift(len(text)), edit.text) for edit in undo]
                text += broken
            kind = f"{article.source}-{'damaged' if edits else 'clean'}"
            yield Example(kind, text, label_words(text, undo_spans(text, edits)), tuple(edits), article.held)


def single_lines(data: Path, rng: random.Random, most: int) -> Iterator[Example]:
    """Clean lines alone, without an article around them.

    All real output comes line by line; without these the head takes any short text for machine translation.
    """
    lines = [(line, a.held) for a in articles(data, seed=2, reuters=500) for line in a.paragraphs]
    for line, held in rng.sample(lines, most):
        yield Example("line-clean", line, label_words(line, ()), (), held)


def pieces(paragraphs: tuple[str, ...]) -> Iterator[list[str]]:
    """Runs of paragraphs of at most MAX_WORDS words together."""
    piece: list[str] = []
    words = 0
    for paragraph in paragraphs:
        length = len(paragraph.split())
        if piece and words + length > MAX_WORDS:
            yield piece
            piece, words = [], 0
        piece.append(paragraph)
        words += length
    if piece:
        yield piece


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--roundtrips", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held", type=Path, required=True, help="where the examples go that no model is to see")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    examples = [
        *synthetic(args.data, args.roundtrips, rng),
        *post_edits(args.data, rng, per_pair=7000),
        *annotated(args.data, rng, most=15_000),
        *close_references(args.data, rng, per_file=1000),
        *single_lines(args.data, rng, most=60_000),
        *judged_output(args.data, rng, most_words=5_000_000),
    ]
    rng.shuffle(examples)
    count: Counter[str] = Counter()
    words: Counter[str] = Counter()
    bad: defaultdict[str, float] = defaultdict(float)  # labels may lie between 0 and 1
    with args.out.open("w", encoding="utf-8") as out, args.held.open("w", encoding="utf-8") as held:
        for example in examples:
            count[example.kind] += 1
            words[example.kind] += len(example.labels)
            bad[example.kind] += sum(example.labels)
            edits = [[edit.span.start, edit.span.end, edit.text] for edit in example.edits]
            row = {"kind": example.kind, "text": example.text, "labels": example.labels, "edits": edits}
            (held if example.held else out).write(json.dumps(row, ensure_ascii=False) + "\n")
    for kind in sorted(count):
        print(f"{kind:20} {count[kind]:7} examples {words[kind]:9} words {bad[kind] / max(words[kind], 1):.3f} garbled")


if __name__ == "__main__":
    main()
