"""How often each source of edits was right: what `safe` rests on, loaded from `data/evidence.json`.

`python -m benchmarks.evidence` measures it. A source is a rule, the lexicon or a LanguageTool rule; its mechanical
fixes (a space before a comma) are counted apart from its others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from repair.errors import ModelError

TABLE = Path(str(files("repair"))) / "data" / "evidence.json"
SURE, LEAST = 0.95, 20  # the share that must be right, and of how many at least
SELDOM = 0.85  # the share that must be right of a mechanical source that was seen less often
WRONG_ON_CLEAN = 3.0  # edits in a million words of clean copy that may be wrong


class Judged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Edits that somebody who did not write the rule has read in their sentence."""

    right: int = 0
    wrong: int = 0

    @property
    def number(self) -> int:
        return self.right + self.wrong

    @property
    def share(self) -> float:
        """The share that was right; 0 where none was read."""
        return self.right / max(self.number, 1)


class Counted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of one kind of text: findings (`hits`), those on a marked place (`placed`), edits that the gate lets pass, edits
    that do what an accepted wording does (`right`), and what was read by eye of the other edits.
    """

    words: int
    hits: int = 0
    placed: int = 0
    edits: int = 0
    right: int = 0
    judged: Judged = Judged()

    @property
    def good(self) -> float:
        """Edits that are right; of those that no accepted wording bears out, as many as among the ones read by eye."""
        return self.right + (self.edits - self.right) * self.judged.share


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The evidence for one source: in translations with marks, in translations without, in sets of clean copy."""

    source: str
    mechanical: bool
    real: Counted
    output: Counted
    clean: dict[str, Counted]

    @property
    def clean_hits(self) -> float:
        """Findings in a million words of clean copy."""
        return per_million(sum(c.hits for c in self.clean.values()), self.clean.values())

    @property
    def clean_wrong(self) -> float:
        """Edits in a million words of clean copy that are wrong: all that nobody has read and found right."""
        return per_million(sum(c.edits - c.good for c in self.clean.values()), self.clean.values())

    @property
    def known(self) -> int:
        """Edits of translations with a mark, or read by eye."""
        return self.real.edits + self.output.judged.number

    @property
    def share(self) -> float:
        """The share of the known edits that is right."""
        return (self.real.good + self.output.judged.right) / max(self.known, 1)

    @property
    def is_safe(self) -> bool:
        """May its edits be applied without a person?

        A mechanical one needs no hits in translations, but most of those that it has must be right.
        """
        if not self.clean or self.clean_wrong > WRONG_ON_CLEAN:
            return False
        if self.known >= LEAST:
            return self.share >= SURE
        return self.mechanical and (self.share >= SELDOM or not self.known)


def per_million(number: float, counted: Iterable[Counted]) -> float:
    return 1e6 * number / max(sum(c.words for c in counted), 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known, by source and whether the fix is mechanical."""

    rows: dict[tuple[str, bool], Row]

    def is_safe(self, source: str, mechanical: bool) -> bool:
        """May a fix of this kind be applied without a person? What was never measured may not."""
        row = self.rows.get((source, mechanical))
        return row is not None and row.is_safe


class EvidenceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `data/evidence.json` holds: the version that was measured, when, on which sets, and a row a source.

    `again` has, by source, those of the edits read by eye that a second reader drew anew and read.
    """

    version: str
    date: str
    sets: list[str]
    rows: list[Row]
    again: dict[str, Judged] = {}


def read_file(path: Path = TABLE) -> EvidenceFile:
    """The file of evidence. Raises ModelError where it is missing or damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=EvidenceFile)
    except (OSError, msgspec.MsgspecError) as error:
        raise ModelError(f"{path}: cannot be used ({error}); reinstall mt-repair") from None


@cache
def load_evidence() -> Evidence:
    """The package's own evidence."""
    return Evidence({(row.source, row.mechanical): row for row in read_file().rows})


def sure_from(scored: Iterable[tuple[float, bool]]) -> float:
    """The lowest score from which on at least 95 of 100, and at least 20, were right; 1 where there is none.

    >>> sure_from([(0.9, True)] * 20 + [(0.5, False)] * 2 + [(0.5, True)])
    0.9
    >>> sure_from([(0.9, True)] * 19), sure_from([(0.9, True), (0.9, False)] * 20)
    (1.0, 1.0)
    """
    best, right, number = 1.0, 0, 0
    ordered = sorted(scored, reverse=True)
    for i, (score, was_right) in enumerate(ordered):
        right, number = right + was_right, number + 1
        last_of_score = i + 1 == len(ordered) or ordered[i + 1][0] < score
        if last_of_score and number >= LEAST and right >= SURE * number:
            best = score
    return best
