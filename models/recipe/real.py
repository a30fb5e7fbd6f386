"""Real machine translation with its errors marked: post-edits, annotators' spans, and close reference translations."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from models.recipe.clean import read_jsonl
from models.recipe.example import Example, label_words
from models.recipe.tokenised import detokenise
from repair.edits import Edit, diff
from repair.score.split import is_dev, is_held
from repair.text import Span, words

NEWS = ("ro-en", "et-en", "ru-en", "ne-en", "si-en")


def post_edits(data: Path, rng: random.Random, per_pair: int) -> Iterator[Example]:
    """`mlqe-pe` training sentences: labels from the word and gap tags, edits from the post-edit."""
    for pair in NEWS:
        dev = {row["pe_tok"] for row in read_jsonl(data / "mlqe-pe" / "dev" / f"{pair}.jsonl.gz")}
        rows = [
            row
            for row in read_jsonl(data / "mlqe-pe" / "train" / f"{pair}.jsonl.gz")
            if row["pe_tok"] not in dev and not is_dev(row["pe_tok"])
        ]
        for row in rng.sample(rows, min(per_pair, len(rows))):
            text, spans = detokenise(row["mt_tok"].split())
            fixed, _ = detokenise(row["pe_tok"].split())
            # a tag on a gap says that words are missing there: the word after it takes the blame, as in WMT22
            bad = [
                span
                for span, word, gap in zip(spans, row["word_tags"], row["gap_tags"], strict=False)
                if word == "B" or gap == "B"
            ]
            yield Example(f"mlqe-{pair}", text, label_words(text, bad), diff(text, fixed), is_held(row["pe_tok"]))


def annotated(data: Path, rng: random.Random, most: int) -> Iterator[Example]:
    """`mqm-zh-en`: annotators' spans; where several read one output the label is the share that marked the word."""
    groups: dict[str, list[list[Span]]] = defaultdict(list)
    held: dict[str, bool] = {}
    for name in ("news2021", "ted2021"):
        for row in read_jsonl(data / "mqm-zh-en" / f"{name}.jsonl.gz"):
            # by document: all outputs of one article on one side; the references are by people
            if is_dev(row["doc"]) or row["system"].startswith("ref"):
                continue
            text = row["mt"]
            held[text] = is_held(row["doc"])
            groups[text].append(
                [Span(s["start"], s["end"]) for s in row["spans"] if 0 <= s["start"] < s["end"] <= len(text)]
            )
    for text in rng.sample(sorted(groups), min(most, len(groups))):
        votes = [label_words(text, spans) for spans in groups[text]]
        yield Example("mqm", text, tuple(sum(vote) / len(votes) for vote in zip(*votes, strict=True)), (), held[text])


def close_references(data: Path, rng: random.Random, per_file: int) -> Iterator[Example]:
    """Outputs of `mt-ref` and the WMT news sets that differ from their reference in a few words only."""
    for path in sorted(
        [
            *(data / "mt-ref").rglob("*.jsonl.gz"),
            *(data / "wmt21-news").glob("*.gz"),
            *(data / "wmt22-general").glob("*.gz"),
        ]
    ):
        pairs = []
        for row in read_jsonl(path):
            reference = row.get("ref") or next(iter(row["refs"].values()))
            if is_dev(reference) or not row["hyps"]:
                continue
            for system in rng.sample(sorted(row["hyps"]), min(4, len(row["hyps"]))):
                output = row["hyps"][system].strip()
                if close(output, reference):
                    pairs.append((output, reference))
        for output, reference in rng.sample(pairs, min(per_file, len(pairs))):
            edits = diff(output, reference)
            yield Example("reference", output, label_words(output, places(output, edits)), edits, is_held(reference))


def close(output: str, reference: str) -> bool:
    """True where at least 78 words in 100 stand in both, in order, and something differs."""
    ours, theirs = output.split(), reference.split()
    if not 5 <= len(ours) <= 60 or output == reference:
        return False
    if (Counter(ours) & Counter(theirs)).total() < 0.39 * (len(ours) + len(theirs)):  # cannot reach it: saves a look
        return False
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= 0.78


def places(text: str, edits: tuple[Edit, ...]) -> list[Span]:
    """What each edit touches; something missing is blamed on the word after it."""
    every = words(text)
    result = []
    for edit in edits:
        if edit.span.of(text).strip():
            result.append(edit.span)
        elif edit.text.strip():
            result += [word for word in every if word.end > edit.span.start][:1]
    return result
