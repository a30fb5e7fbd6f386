"""Marked excerpts: as training examples, as benchmark items, and what puts a marked place right."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks.datasets import Item
from benchmarks.marked import marked_scores, tally
from benchmarks.peers import Answer, Flag
from models.infill.examples import one
from models.marks.collect import differences, standoff
from models.recipe.clean import paragraphs, read_jsonl
from models.recipe.marks import (
    ROUND_TRIPS,
    STANDOFF,
    UNKNOWN,
    Excerpt,
    differing,
    example,
    own_excerpts,
    training_excerpts,
)
from models.recipe.second import shown
from repair.edits import Edit
from repair.score.accepted import Place, put_right
from repair.score.spans import Mark
from repair.score.split import is_dev
from repair.text import Span

TEXT = "One officials said.\nHe met high diplomat in the talk."
PLACES = (
    Place(Span(4, 13), ("official",)),
    Place(Span(27, 40), ("the top diplomat", "a senior diplomat"), True),
    Place(Span(41, 43), ()),
)
TRAIN = next(text for text in (f"Reference {n}" for n in range(99)) if not is_dev(text))
DEV = next(text for text in (f"Reference {n}" for n in range(99)) if is_dev(text))


def excerpt(*references: str) -> Excerpt:
    return Excerpt("e1", "mt-ref/x", "sys", "weak", TEXT, PLACES, references)


def test_an_example_has_a_label_a_word_and_the_wordings_of_each_place() -> None:
    row = example(excerpt(TRAIN, TRAIN), 0, 2, " ")
    assert row["text"] == TEXT.replace("\n", " ")
    assert row["labels"] == [0, 1, 0, 0, 0, 1, 1, 1, 0, 0]
    assert row["serious"] == [0, 0, 0, 0, 0, 1, 1, 0, 0, 0]
    assert [row["text"][start:end] for start, end, _ in row["places"]] == ["officials", "high diplomat", "in"]
    assert row["places"][2][2] == []


def test_a_line_that_the_benchmarks_keep_teaches_nothing() -> None:
    row = example(excerpt(DEV, TRAIN), 0, 2, "\n")
    assert row["labels"][:3] == [UNKNOWN] * 3 and UNKNOWN not in row["labels"][3:]
    assert row["places"][0][2] == [] and row["places"][1][2] == ["the top diplomat", "a senior diplomat"]


def test_every_line_is_shown_once_a_draw() -> None:
    rng = random.Random(0)
    for _ in range(20):
        rows = list(shown(excerpt(TRAIN, TRAIN), rng))
        assert " ".join(" ".join(row["text"].split()) for row in rows) == " ".join(TEXT.split())


def test_what_nobody_can_put_right_is_never_asked_about() -> None:
    for seed in range(30):
        task = one("He met them in the talk.", [Edit(Span(7, 11), "her")], random.Random(seed), [Span(12, 14)])
        assert task is None or not any(span.overlaps(Span(11, 15)) for span in task.spans)


@pytest.mark.parametrize(
    ("edit", "right"),
    [
        (Edit(Span(4, 13), "official"), [4]),
        (Edit(Span(12, 13), ""), [4]),
        (Edit(Span(0, 18), "One official said"), [4]),
        (Edit(Span(27, 40), "a senior diplomat"), [27]),
        (Edit(Span(27, 31), "a senior"), [27]),
        (Edit(Span(27, 31), "senior"), []),  # half of it
        (Edit(Span(41, 43), "at"), []),  # nobody knows
        (Edit(Span(0, 13), "An official"), []),  # and something else besides
        (Edit(Span(14, 18), "told"), []),  # a sound place
    ],
)
def test_what_puts_a_place_right(edit: Edit, right: list[int]) -> None:
    assert [place.span.start for place in put_right(TEXT, PLACES, [edit])] == right


def test_marked_scores_count_flags_proposals_and_fixes() -> None:
    marks = tuple(Mark(p.span, "major" if p.serious else "minor") for p in PLACES)
    item = Item("e1", TEXT, "weak", marks=marks, fixes=tuple(p.wordings for p in PLACES))
    flags = (Flag(Span(4, 13), ("officer", "official")), Flag(Span(27, 31), ("a senior",)), Flag(Span(14, 18)))
    edits = (Edit(Span(27, 31), "a senior"), Edit(Span(14, 18), "told"))
    answer = Answer("", edits, tuple(Mark(flag.span) for flag in flags), flags=flags)
    counts = tally(item, answer)
    assert (counts.places.precision, counts.places.recall) == (2 / 3, 2 / 3)
    assert (counts.first.hit_gold, counts.three.hit_gold, counts.serious.recall) == (1, 2, 1)
    assert (counts.fixed.hit_gold, counts.edits.hit_gold, counts.edits.gold) == (1, 1, 2)
    scores = marked_scores([tally(item, answer)])
    assert scores["flags per 1,000 words"].value == pytest.approx(300)
    assert scores["edits accepted"].value == 0.5


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("The talks ended well.", "The talks ended well."),
        ("The talks ended well.", "Talks the ended good."),
        ("The talks ended well.", "And then the talks , the talks ended"),
        ("Ended.", ""),
    ],
)
def test_a_text_is_made_again_from_its_original_and_the_words_that_differ(original: str, text: str) -> None:
    assert differing(original, differences(original, text)) == text


def test_round_trips_keep_only_the_words_that_differ() -> None:
    assert differences("The talks in Rome ended well.", "Talks in Rome ended good .") == [
        (0, 2, "Talks"),
        (5, 6, "good ."),
    ]


def round_trip_set(folder: Path, article: str) -> Path:
    """A data folder with one BBC article, and in it the stand-off marks of an excerpt of its second paragraph."""
    news = folder / "clean-news"
    news.mkdir()
    (news / "bbc-2225.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": article}).encode()))
    excerpt: dict[str, Any] = {"id": "m1", "set": ROUND_TRIPS, "system": "sys", "kind": "rbmt"}
    excerpt |= {"lines": ["The speaks ended good."], "refs": ["The talks ended well."]}
    row = standoff(excerpt, {0: "The [[!speaks|talks]] ended [[good|well]]."})
    path = folder / "marks.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert "ended" not in path.read_text(encoding="utf-8")
    return path


def test_a_round_trip_is_joined_with_the_paragraph_it_was_made_from(tmp_path: Path) -> None:
    article = next(text for n in range(99) if not is_dev(text := f"Talks {n}\nThe talks ended well."))
    (found,) = own_excerpts(tmp_path, round_trip_set(tmp_path, article))
    assert (found.text, found.references) == ("The speaks ended good.", ("The talks ended well.",))
    assert found.places == (Place(Span(4, 10), ("talks",), True), Place(Span(17, 21), ("well",)))


def test_no_round_trip_is_joined_with_an_article_that_the_benchmarks_keep(tmp_path: Path) -> None:
    article = next(text for n in range(99) if is_dev(text := f"Talks {n}\nThe talks ended well."))
    assert not list(own_excerpts(tmp_path, round_trip_set(tmp_path, article)))


@pytest.mark.slow
def test_every_own_excerpt_finds_its_lines(data: Path) -> None:
    assert {e.id for e in own_excerpts(data)} == {row["id"] for row in read_jsonl(STANDOFF)}


@pytest.mark.slow
def test_no_round_trip_is_of_a_paragraph_that_the_benchmarks_keep(data: Path) -> None:
    kept = [row["text"] for row in read_jsonl(data / "clean-news" / "bbc-2225.jsonl.gz") if is_dev(row["text"])]
    made = {line for e in own_excerpts(data) if e.set == ROUND_TRIPS for line in e.references}
    assert made and made.isdisjoint(line for text in kept for line in paragraphs(text))


@pytest.mark.slow
def test_training_sees_no_dev_line_and_no_dev_excerpt(data: Path) -> None:
    dev = {line for entry in ("real-dev", "literal-dev") for line in dev_lines(data, entry)}
    for one_excerpt in training_excerpts(data):
        row = example(one_excerpt, 0, len(one_excerpt.lines), "\n")
        assert one_excerpt.text not in dev
        if one_excerpt.kind != "literal":
            kept = [reference for reference in one_excerpt.references if is_dev(reference)]
            assert bool(kept) == (UNKNOWN in row["labels"])


def dev_lines(data: Path, name: str) -> list[str]:
    from models.recipe.marks import read_excerpts

    return [e.text for e in read_excerpts(data / "post-edits" / f"{name}.jsonl.gz")]
