"""Translated texts, with marks and accepted wordings or without, and which edits do what an accepted wording does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from benchmarks.datasets import read_rows
from models.recipe.marks import own_excerpts
from repair.edits import Edit, apply, diff
from repair.findings import Repair
from repair.score.accepted import Place
from repair.score.split import is_dev
from repair.text import Span, meets

POST_EDITS = ("real-train", "literal-train", "real-dev", "literal-dev")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its marked places."""

    set: str
    text: str
    places: tuple[Place, ...]


def read_marked(path: Path) -> Iterator[Marked]:
    """The texts of a file in the form of `post-edits`; `fixes` of a span may hold null, or be it."""
    for row in read_rows(path):
        places = tuple(
            Place(Span(s["start"], s["end"]), tuple(fix for fix in s["fixes"] or () if fix is not None))
            for s in row["spans"]
        )
        yield Marked(path.name.removesuffix(".jsonl.gz"), row["text"], places)


def marked_texts(data: Path) -> list[Marked]:
    """The marked texts that are there: the sets of `post-edits`, and this project's own marks."""
    texts = [text for name in POST_EDITS for text in read_marked(data / "post-edits" / f"{name}.jsonl.gz")]
    return texts + [Marked("own marks", excerpt.text, excerpt.places) for excerpt in own_excerpts(data)]


def outputs(data: Path, others: bool = False) -> Iterator[str]:
    """One system's output of each line that the split does not keep as dev, always the same; nothing is marked.

    `others`: what all the other systems made of these lines instead, wordings that several have taken once.
    """
    folders = ("mt-ref/**/*.jsonl.gz", "wmt21-news/*.jsonl.gz", "wmt22-general/*.jsonl.gz")
    for path in sorted(path for folder in folders for path in data.glob(folder)):
        for number, row in enumerate(read_rows(path)):
            reference = row.get("ref") or next(iter(row["refs"].values()))
            systems = sorted(name for name, output in row["hyps"].items() if output.strip())
            if systems and not is_dev(reference):
                chosen = row["hyps"][systems[crc32(f"{path.name}/{number}".encode()) // 5 % len(systems)]].strip()
                every = dict.fromkeys(row["hyps"][name].strip() for name in systems)
                yield from (text for text in every if text != chosen) if others else (chosen,)


def is_placed(span: Span, places: tuple[Place, ...]) -> bool:
    return any(meets(span, place.span) for place in places)


def is_right(text: str, repair: Repair, places: tuple[Place, ...]) -> bool:
    """Does the repair do what an accepted wording does? The texts around are compared as they read once repaired; a
    repair may also make a part of the edits that an accepted wording makes.
    """
    return any(
        _does_what(text, repair.edits, Edit(place.span, wording))
        for place in places
        if meets(repair.span, place.span)
        for wording in place.wordings
    )


def _does_what(text: str, edits: tuple[Edit, ...], accepted: Edit) -> bool:
    start = min(accepted.span.start, *(edit.span.start for edit in edits))
    end = max(accepted.span.end, *(edit.span.end for edit in edits))
    here = text[start:end]
    wanted = apply(here, [_moved(accepted, -start)])
    mine = [_moved(edit, -start) for edit in edits]
    return apply(here, mine) == wanted or set(mine) <= set(diff(here, wanted))


def _moved(edit: Edit, by: int) -> Edit:
    return Edit(edit.span.shift(by), edit.text)
