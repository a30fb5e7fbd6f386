"""Real output and literal round trips with the places that a copy editor would change, as training examples.

The excerpts of `post-edits` carry their marks; those of `models/marks` are kept apart from their texts, as stand-off,
and are joined here with the lines of the sets they mark. A line whose reference the split keeps for benchmarks teaches
nothing: its words have the label UNKNOWN and its places no wordings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.recipe.clean import read_jsonl
from repair.score.accepted import Place
from repair.score.split import is_dev, is_held
from repair.text import Span, words

UNKNOWN = -1.0
TRAINING = ("real-train", "literal-train")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Consecutive lines of one system's output, joined by line breaks, with its sorted, separate `places`.

    `kind` is what made it: rbmt, smt, weak, strong, human or literal. `references` has one text a line.
    """

    id: str
    set: str
    system: str
    kind: str
    text: str
    places: tuple[Place, ...]
    references: tuple[str, ...]

    @property
    def lines(self) -> list[Span]:
        """The lines, without their breaks."""
        spans, start = [], 0
        for line in self.text.split("\n"):
            spans.append(Span(start, start + len(line)))
            start += len(line) + 1
        return spans

    @property
    def held(self) -> bool:
        """True for excerpts kept from the models, for the regressions that judge them."""
        return is_held(self.references[0])


def read_excerpts(path: Path) -> Iterator[Excerpt]:
    """The excerpts of one file of `post-edits`."""
    for row in read_jsonl(path):
        places = tuple(
            Place(Span(s["start"], s["end"]), tuple(s["fixes"] or ()), s["serious"])
            for s in sorted(row["spans"], key=lambda s: s["start"])
        )
        yield Excerpt(row["id"], row["set"], row["system"], row["kind"], row["text"], places, tuple(row["refs"]))


def training_excerpts(data: Path) -> list[Excerpt]:
    """All marked excerpts that training may see."""
    return [e for name in TRAINING for e in read_excerpts(data / "post-edits" / f"{name}.jsonl.gz")]


def example(excerpt: Excerpt, first: int, last: int, joint: str) -> dict[str, Any]:
    """Lines `first` to `last` (exclusive) of an excerpt as an example of `models.recipe.make`, joined by `joint`.

    Beside the labels it has `serious`, the same for places that mislead a reader, and `places`: start, end and accepted
    wordings of each place.
    """
    text, labels, serious, places = "", [], [], []
    for number in range(first, last):
        line = excerpt.lines[number]
        text += joint if text else ""
        shift = len(text) - line.start
        text += line.of(excerpt.text)
        mine = [place for place in excerpt.places if line.covers(place.span)]
        unknown = excerpt.kind != "literal" and is_dev(excerpt.references[number])
        for word in words(line.of(excerpt.text)):
            found = [place for place in mine if place.span.overlaps(word.shift(line.start))]
            labels.append(UNKNOWN if unknown else float(bool(found)))
            serious.append(UNKNOWN if unknown else float(any(place.serious for place in found)))
        for place in mine:
            wordings = [] if unknown else list(place.wordings)
            places.append([place.span.start + shift, place.span.end + shift, wordings])
    kind = f"marks-{excerpt.kind}"
    return {"kind": kind, "text": text, "labels": labels, "serious": serious, "edits": [], "places": places}
