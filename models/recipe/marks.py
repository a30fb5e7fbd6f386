"""Real output and literal round trips with the places that a copy editor would change, as training examples.

The excerpts of `post-edits` carry their marks; those of `models/marks` are kept apart from their texts, as stand-off,
and are joined here with the lines of the sets they mark. Round trips of BBC articles are in no set: their paragraphs
are, and a row says at which words its lines differ from them. A line whose reference the split keeps for benchmarks
teaches nothing: its words have the label UNKNOWN and its places no wordings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from models.recipe.clean import paragraphs, read_jsonl
from repair.score.accepted import Place
from repair.score.split import is_dev, is_held
from repair.text import Span, words

UNKNOWN = -1.0
OWN = "m"  # what the ids of excerpts marked in this project begin with
TRAINING = ("real-train", "literal-train")
ROUND_TRIPS = "bbc-roundtrip"
STANDOFF = Path(__file__).parents[1] / "marks" / "marks.jsonl.gz"
AGAIN = STANDOFF.with_name(
    "again.jsonl.gz"
)  # some of the same excerpts, marked a second time without sight of the first


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
        """True for excerpts kept from the models, for the regressions that judge them: about one in eight of those
        marked here, by their first three lines, and one in twenty of the others.
        """
        return any(map(is_held, self.references[: 3 if self.id.startswith(OWN) else 1]))


def read_excerpts(path: Path) -> Iterator[Excerpt]:
    """The excerpts of one file of `post-edits`."""
    for row in read_jsonl(path):
        places = tuple(
            Place(Span(s["start"], s["end"]), tuple(s["fixes"] or ()), s["serious"])
            for s in sorted(row["spans"], key=lambda s: s["start"])
        )
        yield Excerpt(row["id"], row["set"], row["system"], row["kind"], row["text"], places, tuple(row["refs"]))


def line_hash(text: str) -> str:
    """What names a line of output in the stand-off marks."""
    return blake2b(text.strip().encode("utf-8"), digest_size=8).hexdigest()


def own_excerpts(data: Path, path: Path = STANDOFF) -> Iterator[Excerpt]:
    """The excerpts of the stand-off marks, joined with their lines. One of which a line is not found is left out."""
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in read_jsonl(path) if path.exists() else ():
        by_set[row["set"]].append(row)
    for name, rows in sorted(by_set.items()):
        if name == ROUND_TRIPS:
            yield from round_trips(data, rows)
            continue
        systems = {row["system"] for row in rows}
        known: dict[tuple[str, str], tuple[str, str]] = {}
        for line in read_jsonl(data / f"{name}.jsonl.gz"):
            reference = line.get("ref") or next(iter(line["refs"].values()))
            outputs = {**line["hyps"], "human": reference}
            for system in systems & outputs.keys():
                known[system, line_hash(outputs[system])] = (outputs[system].strip(), reference)
        for row in rows:
            found = [known.get((row["system"], hashed)) for hashed in row["lines"]]
            lines = [pair for pair in found if pair is not None]
            if len(lines) == len(found):
                yield joined(row, [text for text, _ in lines], [reference for _, reference in lines])


def round_trips(data: Path, rows: list[dict[str, Any]]) -> Iterator[Excerpt]:
    """The excerpts of round trips, made again from the paragraphs of articles that the split leaves to training."""
    known = {
        line_hash(paragraph): paragraph
        for article in read_jsonl(data / "clean-news" / "bbc-2225.jsonl.gz")
        if not is_dev(article["text"])
        for paragraph in paragraphs(article["text"])
    }
    for row in rows:
        originals = [known[hashed] for hashed in row["lines"] if hashed in known]
        if len(originals) == len(row["lines"]):
            lines = [differing(*pair) for pair in zip(originals, row["differences"], strict=True)]
            yield joined(row, lines, originals)


def differing(original: str, differences: list[tuple[int, int, str]]) -> str:
    """`original` with other words from its word `first` to before its word `last`, for each difference in order."""
    tokens = original.split()
    for first, last, text in reversed(differences):
        tokens[first:last] = text.split()
    return " ".join(tokens)


def joined(row: dict[str, Any], lines: list[str], references: list[str]) -> Excerpt:
    """A row of stand-off marks with its lines."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    places = tuple(
        Place(Span(start, end).shift(starts[number]), tuple(wordings), serious)
        for number, start, end, serious, wordings in row["places"]
    )
    return Excerpt(row["id"], row["set"], row["system"], row["kind"], "\n".join(lines), places, tuple(references))


def training_excerpts(data: Path) -> list[Excerpt]:
    """All marked excerpts that training may see."""
    given = [e for name in TRAINING for e in read_excerpts(data / "post-edits" / f"{name}.jsonl.gz")]
    return [*given, *own_excerpts(data)]


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
