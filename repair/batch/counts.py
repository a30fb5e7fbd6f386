"""What was found and repaired, by feed and by category.

A feed is the first folder of a path; a file that lies in none is a feed of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from repair.batch.journal import Journal, shown

COUNTS = """
select f.path, g.category, sum(g.repaired) as repaired, count(*) - sum(g.repaired) as left
from finding g join article a on a.id = g.article join file f on f.id = a.file
where f.status <> 'withdrawn' group by f.id, g.category"""
WORDS = """
select f.path, sum(a.words), count(*) from article a join file f on f.id = a.file
where f.status <> 'withdrawn' group by f.id"""


@dataclass(slots=True)
class Feed:
    """The counts of one feed. `categories` has, for each, findings repaired and left."""

    name: str
    articles: int
    words: int
    categories: dict[str, tuple[int, int]]

    @property
    def repaired(self) -> int:
        return sum(repaired for repaired, _ in self.categories.values())

    @property
    def left(self) -> int:
        return sum(left for _, left in self.categories.values())


def feed_of(path: str | bytes) -> str:
    """
    >>> feed_of("sport/2026/a.txt"), feed_of("wire.jsonl")
    ('sport', 'wire.jsonl')
    """
    return shown(path).partition("/")[0]


def feeds(journal: Journal) -> list[Feed]:
    """All feeds, those with most findings first."""
    found: dict[str, Feed] = {}
    for path, words, articles in journal.db.execute(WORDS):
        one = found.setdefault(feed_of(path), Feed(feed_of(path), 0, 0, {}))
        one.words += words
        one.articles += articles
    for path, category, repaired, left in journal.db.execute(COUNTS):
        categories = found[feed_of(path)].categories
        former = categories.get(category, (0, 0))
        categories[category] = (former[0] + repaired, former[1] + left)
    return sorted(found.values(), key=lambda feed: (-feed.repaired - feed.left, feed.name))


def by_category(some: Iterable[Feed]) -> dict[str, tuple[int, int]]:
    """Findings repaired and left of every category, those with most first."""
    repaired: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for feed in some:
        for category, (done, open_) in feed.categories.items():
            repaired[category] += done
            left[category] += open_
    every = sorted(repaired, key=lambda name: (-repaired[name] - left[name], name))
    return {name: (repaired[name], left[name]) for name in every}
