"""Recurring garble, read from the journal of an archive: one cluster for each phrase, in any letter case and spacing.

A feed is the first folder of a path. When an article was seen is the last date in its path (`wire/2026-11-03/a.txt`,
`20261103.jsonl`, `2026.zip!2026-11-03/a.txt`), and where there is none the day of the run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import msgspec

from repair.batch.counts import feed_of
from repair.batch.journal import Journal, shown
from repair.errors import InputError, closest

EXAMPLES = 3
DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12]\d|3[01])(?!\d)")
FINDINGS = """
select f.path, a.key, r.started, g.text, g.context, g.category, g.source, g.suggestions, g.repaired,
       (select e.before || char(0) || e.after from edit e where e.article = g.article and e.part = g.part and e.applied
        and e.reverted_by is null and e.start <= g.start and g.end <= e.end limit 1) as fix
from finding g join article a on a.id = g.article join file f on f.id = a.file join run r on r.id = a.run
order by f.id, a.id, g.part, g.start"""


@dataclass(slots=True)
class Cluster:
    """One phrase as it was first met, and all that is known of it.

    `fixes` are the edits that stand, (before, after); `offered` the first suggestions of what was left for a person.
    """

    text: str
    category: str
    sources: Counter[str] = field(default_factory=Counter)
    feeds: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    fixes: Counter[tuple[str, str]] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)  # article, context
    first: date = date.max
    last: date = date.min

    @property
    def count(self) -> int:
        return sum(self.feeds.values())

    @property
    def left(self) -> int:
        """Findings that no edit took care of."""
        return self.count - sum(self.fixes.values())


def clusters(journal: Journal, least: int = 2) -> list[Cluster]:
    """Phrases found `least` times or more, the most frequent first. What has no letter or digit in it is left out."""
    found: dict[str, Cluster] = {}
    for row in journal.db.execute(FINDINGS):
        key = key_of(row["text"])
        if any(char.isalnum() for char in key):
            one = found.setdefault(key, Cluster(" ".join(row["text"].split()), row["category"]))
            path = shown(row["path"])
            day = date_in(f"{path}{row['key']}") or date.fromisoformat(row["started"][:10])
            one.sources[row["source"]] += 1
            one.feeds[feed_of(path)] += 1
            one.months[f"{day:%Y-%m}"] += 1
            one.first, one.last = min(one.first, day), max(one.last, day)
            if row["fix"] is not None:
                before, _, after = row["fix"].partition("\0")
                one.fixes[before, after] += 1
            elif suggestions := msgspec.json.decode(row["suggestions"]):
                one.offered[suggestions[0]] += 1
            if len(one.examples) < EXAMPLES and row["context"] not in [context for _, context in one.examples]:
                one.examples.append((f"{path}{row['key']}", row["context"]))
    chosen = [one for one in found.values() if one.count >= least]
    return sorted(chosen, key=lambda one: (-one.count, one.text))


def cluster_of(journal: Journal, phrase: str) -> Cluster:
    """All that is known of one phrase. Raises InputError where it was never found."""
    found = {key_of(one.text): one for one in clusters(journal, 1)}
    if key_of(phrase) not in found:
        meant = closest(phrase, (one.text for one in found.values()))
        told = f"did you mean {meant!r}?" if meant else "see `repair ledger show`"
        raise InputError(f"{phrase!r} was never found in this archive; {told}")
    return found[key_of(phrase)]


def key_of(text: str) -> str:
    """
    >>> key_of("Informed  About\\nthe")
    'informed about the'
    """
    return " ".join(text.split()).casefold()


def date_in(path: str) -> date | None:
    """The last date in a path.

    >>> date_in("wire/2026/11/03/a.txt"), date_in("20261103-2.jsonl")
    (datetime.date(2026, 11, 3), datetime.date(2026, 11, 3))
    >>> date_in("a/12345678901.txt"), date_in("2026-02-31")
    (None, None)
    """
    for match in reversed(list(DATE.finditer(path))):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None


def told(one: Cluster) -> Iterator[str]:
    """A cluster in lines for a terminal."""
    feeds = "feed" if len(one.feeds) == 1 else "feeds"
    yield f"{one.text}: {one.count:,} times in {len(one.feeds):,} {feeds}, first seen {one.first}, last {one.last}"
    yield f"  {one.category}; {', '.join(source for source, _ in one.sources.most_common(3))}"
    for (before, after), times in one.fixes.most_common(3):
        yield f"  fixed {times:,} times: “{before}” to “{after}”"
    if one.left:
        offered = "; ".join(f"“{text}” ({times:,})" for text, times in one.offered.most_common(3))
        yield f"  left {one.left:,} times" + (f", offered {offered}" if offered else "")
    for article, context in one.examples:
        yield f"  {article}: {context}"
