"""The ledger as one self-contained page: bars by feed and month, and every cluster with its fixes and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import TextIO

from repair import __version__
from repair.ledger.clusters import Cluster

MOST_BARS = 24


def write_page(clusters: Sequence[Cluster], stream: TextIO, name: str, most: int) -> None:
    """The page about the archive called `name`. The bars count all clusters, of which the first `most` are listed."""
    from jinja2 import Environment, StrictUndefined

    from repair.report.html import LABELS

    source = files("repair.ledger").joinpath("ledger.html.j2").read_text(encoding="utf-8")
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(source)
    by_feed: Counter[str] = sum((one.feeds for one in clusters), Counter())
    by_month: Counter[str] = sum((one.months for one in clusters), Counter())
    page = template.render(
        name=name,
        clusters=clusters,
        most=most,
        feeds=by_feed.most_common(MOST_BARS),
        months=sorted(by_month.items())[-MOST_BARS:],
        labels=LABELS,
        version=__version__,
    )
    stream.write(page)
