"""The registry, the hand-marked spans and the split."""

import gzip
import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from benchmarks.datasets import (
    DATASETS,
    SAMPLE,
    Item,
    dataset,
    load_annotated,
    load_clean,
    load_outputs,
    load_post_edits,
)
from repair.edits import apply
from repair.errors import InputError
from repair.findings import SEVERITIES, Category
from repair.score.split import is_calibration, is_dev

SPANS = json.loads(SAMPLE.read_text(encoding="utf-8"))


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def dev_text(start: str) -> str:
    """A text that the split keeps as dev."""
    return next(text for text in (f"{start} {n}" for n in range(1000)) if is_dev(text))


def train_text(start: str) -> str:
    return next(text for text in (f"{start} {n}" for n in range(1000)) if not is_dev(text))


def test_sample_spans_are_sorted_apart_and_inside_the_text() -> None:
    end = 0
    for span in SPANS["spans"]:
        assert end <= span["start"] < span["end"] <= SPANS["characters"]
        assert len(span["text"]) == span["end"] - span["start"]
        assert span["severity"] in SEVERITIES
        assert span["category"] in get_args(Category)
        end = span["end"]


def test_every_sample_fix_changes_its_span() -> None:
    for span in SPANS["spans"]:
        assert span["fixes"] and len(set(span["fixes"])) == len(span["fixes"])
        assert span["text"] not in span["fixes"]


def test_sample_spans_fit_the_article(data: Path) -> None:
    (item,) = dataset("sample").items(data)
    assert len(item.text) == SPANS["characters"]
    for mark, span in zip(item.marks or (), SPANS["spans"], strict=True):
        assert mark.span.of(item.text) == span["text"]


def test_split_ignores_case_spacing_and_punctuation() -> None:
    assert is_dev("The talks ended .") == is_dev("the talks  ended.")
    share = sum(is_dev(f"sentence number {n}") for n in range(5000)) / 5000
    assert 0.08 < share < 0.12


def test_thresholds_are_chosen_on_half_of_the_dev_side(tmp_path: Path) -> None:
    texts = [f"sentence number {n}" for n in range(5000)]
    dev, chosen = [t for t in texts if is_dev(t)], [t for t in texts if is_calibration(t)]
    assert set(chosen) < set(dev) and 0.4 < len(chosen) / len(dev) < 0.6
    items = load_clean(write(tmp_path / "a.jsonl.gz", [{"text": text} for text in texts]))
    assert {item.text for item in items} == set(dev) - set(chosen)


def test_outputs_keep_the_dev_side_only(tmp_path: Path) -> None:
    kept, left = dev_text("It rained"), train_text("It snowed")
    rows = [{"id": str(n), "refs": {"A": ref}, "hyps": {"x": "out", "y": ""}} for n, ref in enumerate((kept, left))]
    items = list(load_outputs(write(tmp_path / "a.jsonl.gz", rows)))
    assert items == [Item("0/x", "out", "x", (kept,))]


def test_no_reference_is_on_both_sides(data: Path) -> None:
    """What a trainer may read (`not is_dev`) and what is benchmarked never share a reference, across files too."""
    from models.recipe.clean import read_jsonl

    benchmarked = set()
    for entry in DATASETS:
        if entry.kind == "reference":
            benchmarked |= {ref for item in entry.items(data) for ref in item.references}
    assert benchmarked and all(is_dev(ref) for ref in benchmarked)
    row = next(iter(read_jsonl(next((data / "wmt21-news").glob("ha-en*")))))
    assert is_dev(row["refs"]["A"]) == (row["refs"]["A"] in benchmarked)


def test_post_edits_are_detokenised_with_their_tags(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "mt_tok": "He go home .",
        "pe_tok": "He goes home now .",
        "word_tags": ".B..",
        "gap_tags": "...B.",
    }
    (item,) = load_post_edits(write(tmp_path / "et-en.jsonl.gz", [row]))
    assert (item.text, item.references, item.group) == ("He go home.", ("He goes home now.",), "et-en")
    assert [mark.span.of(item.text) for mark in item.marks or ()] == ["go", "."]


def test_gap_at_the_end_marks_the_last_word(tmp_path: Path) -> None:
    row = {"id": "a", "mt_tok": "He went", "pe_tok": "He went home", "word_tags": "..", "gap_tags": "..B"}
    (item,) = load_post_edits(write(tmp_path / "et-en.jsonl.gz", [row]))
    assert [mark.span.of(item.text) for mark in item.marks or ()] == ["went"]


def test_annotators_of_one_output_are_gathered(tmp_path: Path) -> None:
    doc = dev_text("paper.")
    base: dict[str, Any] = {"doc": doc, "seg": "1", "mt": "A flat fell.", "src": ""}
    rows: list[dict[str, Any]] = [
        {**base, "system": "hyp.a", "rater": "r2", "spans": [{"start": 2, "end": 6, "severity": "major"}]},
        {**base, "system": "hyp.b", "rater": "r1", "spans": []},
        {**base, "system": "ref.A", "rater": "r3", "spans": []},
        {**base, "doc": train_text("paper."), "system": "hyp.a", "rater": "r1", "spans": []},
    ]
    (item,) = load_annotated(write(tmp_path / "news2021.jsonl.gz", rows))
    assert item.marks == () and len(item.raters) == 2


def test_missing_and_damaged_sets_say_where_to_get_them(tmp_path: Path) -> None:
    entry = dataset("clean/bbc")
    with pytest.raises(InputError, match=r"clean/bbc: no file .*; get it from http://mlg\.ucd\.ie.*--data"):
        entry.items(tmp_path)
    path = write(tmp_path / "clean-news/bbc-2225.jsonl.gz", [])
    with pytest.raises(InputError, match=r"clean/bbc: no dev line"):
        entry.items(tmp_path)
    with pytest.raises(InputError, match=r"clean/bbc: .* sha256"):
        entry.verify(tmp_path)
    path.write_bytes(gzip.compress(b'{"text": "x"}\n{"text"'))
    with pytest.raises(InputError, match=r"bbc-2225\.jsonl\.gz:2: not JSON"):
        entry.items(tmp_path)


def test_unknown_set_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"unknown set 'wmt99'; there is .*sample, mlqe-pe/dev"):
        dataset("wmt99")


def test_choice_is_stable_and_quick_is_part_of_full(tmp_path: Path) -> None:
    rows = [{"text": text} for text in (dev_text(f"Text {n},") for n in range(90)) if not is_calibration(text)]
    write(tmp_path / "clean-news/bbc-2225.jsonl.gz", rows)
    entry = replace(dataset("clean/bbc"), quick=5, full=30)
    quick, full = entry.items(tmp_path, quick=True), entry.items(tmp_path)
    assert len(quick) == 5 and len(full) == 30 and set(quick) <= set(full)


@pytest.mark.slow
def test_files_are_the_ones_the_results_rest_on(data: Path) -> None:
    for entry in DATASETS:
        entry.verify(data)


@pytest.mark.slow
def test_nothing_measured_is_trained_on(data: Path) -> None:
    """What the trainers' own readers yield, against every benchmarked reference, post-edit, clean line and MQM text."""
    from models.recipe.clean import articles
    from models.recipe.real import annotated, post_edits

    measured = set()
    for entry in DATASETS:
        for item in entry.every(data):
            texts = item.references or (item.text,)
            measured |= {key for text in texts if len(key := letters(text)) > 20}  # "Why?" recurs by itself
    trained = {letters(line) for article in articles(data) for line in article.paragraphs}
    rng = random.Random(0)
    trained |= {letters(apply(example.text, example.edits)) for example in post_edits(data, rng, 10**9)}
    trained |= {letters(example.text) for example in annotated(data, rng, 10**9)}
    assert len(measured) > 5_000 and len(trained) > 100_000
    assert not measured & trained
