"""What can be wrong with one article; the run goes on."""

from __future__ import annotations

from repair.errors import RepairError


class FormatError(RepairError):
    """One article or one file cannot be read. The message is the reason alone: whoever lists it names the article."""
