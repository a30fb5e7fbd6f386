"""The one split between training and dev data.

The same sentences recur in many test sets, so what decides is the reference text itself, never the file it came from.
"""

from __future__ import annotations

import re
from hashlib import blake2b

DEV_SHARE = 10  # one text in ten
OTHER = re.compile(r"[\W_]+")  # all but letters and digits


def is_dev(reference: str) -> bool:
    """True where `reference` (a reference translation, post-edit or clean article) is kept for benchmarks.

    Case, spacing and punctuation do not count, so that a detokenised copy falls on the same side.

    >>> is_dev("The talks ended .") == is_dev("the talks ended.")
    True
    """
    return _number(reference) % DEV_SHARE == 0


def is_calibration(reference: str) -> bool:
    """True for the half of the dev side on which thresholds may be chosen; only the other half is measured."""
    return is_dev(reference) and _number(reference) // DEV_SHARE % 2 == 0


def is_held(reference: str) -> bool:
    """True for one text in twenty of the training side: kept from the models, for the regressions that judge them."""
    return not is_dev(reference) and _number(reference) // DEV_SHARE % 20 == 7


def _number(text: str) -> int:
    normal = OTHER.sub("", text.casefold())
    return int.from_bytes(blake2b(normal.encode("utf-8"), digest_size=8).digest(), "big")
