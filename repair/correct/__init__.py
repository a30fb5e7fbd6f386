"""Correctors: each proposes replacements for a flagged span and changes nothing.

To add one, write a class like `Corrector` with a `make` in its own module and name it in `CORRECTORS` of
`repair.registry`, with the setting that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, cast

from repair.registry import CORRECTORS, load

if TYPE_CHECKING:
    from repair.config import Config
    from repair.findings import Finding
    from repair.lm.model import LanguageModel
    from repair.text import Document


class Corrector(Protocol):
    """`calibrated` is true where its probabilities are fitted: then what is likely enough may be applied unasked."""

    calibrated: bool

    @property
    def signature(self) -> list[str]:
        """Which weights or which model propose; asked for anew for each report, as some learn it late."""
        ...

    def propose(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """The findings, which must not overlap; those without a suggestion get some, where there are any."""
        ...

    def notes(self) -> tuple[str, ...]:
        """What the next report has to tell."""
        ...


# What a corrector's module has. It may read with the base model that the detector reads with.
Make = Callable[["Config", "LanguageModel"], Corrector]


def corrector(name: str) -> Make:
    """The maker of one of CORRECTORS. Its module is imported now."""
    return cast(Make, load(CORRECTORS[name][0]))
