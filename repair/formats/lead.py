"""From repairs of texts to splices of the bytes they came from, with the proof that the format gives them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from repair.edits import Edit, apply
from repair.findings import Repair, Report
from repair.formats import Format, splice
from repair.formats.errors import FormatError
from repair.formats.view import Part, Splice, Unmappable, View, narrow

NOT_THE_SAME = "the format would not give the repaired text back: a person has to change it"
MOST = 200  # readings of an article to find the repairs that it would not give back


@dataclass(frozen=True, slots=True)
class Led:
    """A repair of the text numbered `part`, with its splices; `refused` says why there are none for a safe one."""

    part: int
    repair: Repair
    splices: tuple[Splice, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        return self.repair.edits


class Way(Protocol):
    """Edits of the text numbered `part`, and the splices that are to do them."""

    @property
    def part(self) -> int: ...
    @property
    def edits(self) -> tuple[Edit, ...]: ...
    @property
    def splices(self) -> tuple[Splice, ...]: ...


W = TypeVar("W", bound=Way)


def lead_back(reader: Format, data: bytes, parts: Sequence[Part], reports: Sequence[Report]) -> list[Led]:
    """Every repair of an article, sorted. Those that are applied have splices, and after all of these the article reads
    as its texts do after the edits, checked by reading it again."""
    planned = list(_planned(reader, data, parts, reports))
    wanted = [one for one in planned if one.splices]
    if not wanted or reads_back(reader, data, parts, wanted):
        return planned
    kept = set(map(id, harmless(reader, data, parts, wanted)))
    return [
        one if id(one) in kept or not one.splices else Led(one.part, one.repair, (), (NOT_THE_SAME,)) for one in planned
    ]


def harmless(reader: Format, data: bytes, parts: Sequence[Part], wanted: list[W]) -> list[W]:
    """Those with all of which the article still reads as it should: half by half, so that a few bad ones cost a
    few readings; what is not found out in `MOST` readings is left out."""
    kept: list[W] = []
    readings = 0
    waiting = [wanted]
    while waiting and readings < MOST:
        some = waiting.pop()
        readings += 1
        if reads_back(reader, data, parts, [*kept, *some]):
            kept += some
        elif len(some) > 1:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
    return kept


def _planned(reader: Format, data: bytes, parts: Sequence[Part], reports: Sequence[Report]) -> Iterator[Led]:
    sources = reader.sources(data) if any(report.applied for report in reports) else {}
    for number, (part, report) in enumerate(zip(parts, reports, strict=True)):
        every = [(repair, True) for repair in report.applied] + [(repair, False) for repair in report.not_applied]
        for repair, applied in sorted(every, key=lambda one: one[0].span):
            if not applied:
                yield Led(number, repair)
                continue
            try:
                edits = [back(view, edit) for view in (part.view, *part.twins) for edit in repair.edits]
            except Unmappable as error:
                yield Led(number, repair, (), (str(error),))
                continue
            source = sources[part.member]
            splices = tuple(Splice(part.member, e.span.start, e.span.of(source), e.text) for e in edits)
            yield Led(number, repair, splices)


def back(view: View, edit: Edit) -> Edit:
    """The edit of the source; where the whole edit has no way back, that of the characters that really change."""
    try:
        return view.back(edit)
    except Unmappable:
        return view.back(narrow(view.text, edit))


def reads_back(reader: Format, data: bytes, parts: Sequence[Part], wanted: Sequence[Way]) -> bool:
    """True where the article with these splices reads as the texts with these edits."""
    edits: list[list[Edit]] = [[] for _ in parts]
    for one in wanted:
        edits[one.part] += one.edits
    try:
        again = reader.read(splice(reader, data, [s for one in wanted for s in one.splices]))
        expected = [apply(part.view.text, mine) for part, mine in zip(parts, edits, strict=True)]
    except (FormatError, ValueError):
        return False
    return [(part.member, part.view.text) for part in again] == [
        (part.member, text) for part, text in zip(parts, expected, strict=True)
    ]
