"""Known findings: what a text or an archive held when somebody decided to live with it, kept in a file of JSON.

A finding is known by its fingerprint, which does not depend on its line or its file, and as often as it was there: the
same garble a second time is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from repair.errors import ConfigError, InputError
from repair.findings import Finding, Report
from repair.inputs import Failure, write_atomically
from repair.report.fingerprint import fingerprints
from repair.text import encodable


class KnownFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Findings that look alike: how many, and of the first its text, its source and the file it was in, for people."""

    fingerprint: str
    count: Annotated[int, msgspec.Meta(ge=1)]
    text: str
    source: str
    name: str


class BaselineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the file holds."""

    schema: Literal["repair-baseline/1"] = "repair-baseline/1"
    findings: list[KnownFinding]


@dataclass(slots=True)
class Baseline:
    """Findings that a run does not tell of. `left` counts those not met yet, by fingerprint; `hidden` those met."""

    left: Counter[str]
    hidden: int = 0

    def hide(self, results: Iterable[Report | Failure]) -> Iterator[Report | Failure]:
        """The results without what is known."""
        for result in results:
            yield result if isinstance(result, Failure) else replace(result, findings=tuple(self._new(result)))

    def _new(self, report: Report) -> Iterator[Finding]:
        for finding, name in zip(report.findings, fingerprints(report), strict=True):
            if self.left[name]:
                self.left[name] -= 1
                self.hidden += 1
            else:
                yield finding


def load_baseline(path: Path) -> Baseline:
    """The baseline in `path`. Raises ConfigError where there is none or it cannot be used."""
    again = f"write it with: repair check --write-baseline {path} PATH..."
    try:
        content = msgspec.json.decode(path.read_bytes(), type=BaselineFile)
    except OSError as error:
        raise ConfigError(f"{path}: cannot read the baseline ({error.strerror}); {again}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: this is no baseline ({error}); {again}") from None
    counts: Counter[str] = Counter()
    for entry in content.findings:
        counts[entry.fingerprint] += entry.count
    return Baseline(counts)


@dataclass(slots=True)
class Recorder:
    """Collects the findings of a run, to write them as a baseline."""

    entries: dict[str, KnownFinding] = field(default_factory=dict)
    texts: int = 0
    failed: int = 0

    @property
    def findings(self) -> int:
        return sum(entry.count for entry in self.entries.values())

    def add(self, result: Report | Failure) -> None:
        if isinstance(result, Failure):
            self.failed += 1
            return
        self.texts += 1
        document = result.document
        name = encodable(document.name)  # a file name need not be text
        for finding, key in zip(result.findings, fingerprints(result), strict=True):
            first = KnownFinding(
                fingerprint=key,
                count=1,
                text=finding.span.of(document.text),
                source=finding.source,
                name=name,
            )
            known = self.entries.get(key)
            self.entries[key] = msgspec.structs.replace(known, count=known.count + 1) if known else first

    def write(self, path: Path) -> None:
        """One line a finding, so that changes of the file are easy to read.

        Raises InputError where a text failed: what is in it would come as new; OutputError where `path` cannot be
        written. Either way a file that is there stays as it was.
        """
        if self.failed:
            raise InputError(f"{path}: not written, since {self.failed} of the texts could not be read")
        lines = ",\n".join(msgspec.json.encode(entry).decode() for entry in self.entries.values())
        body = f'{{"schema": "repair-baseline/1", "findings": [\n{lines}\n]}}\n'
        with write_atomically(path) as stream:
            stream.write(body.encode())
