"""What a rule is, and the view of a document that rules share.

A rule is a function from a `Page` to `Hit`s whose docstring says what it finds, why that is a defect and what is left
alone, with examples. The decorator `rule` says how bad the defect is and how often the rule is right, and registers it:
nothing else need name it. Nothing here knows a particular rule.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from repair.findings import Category, Finding, Severity, Suggestion
from repair.segment import read_document
from repair.text import Document, Span

BLANK = r"[^\S\r\n]"  # white space inside a line; for use in rules' expressions
WORD = re.compile(r"\w++(?:[’'‑-]\w++)*+")
LINE = re.compile(r"[^\r\n]++")
CAPITAL = re.compile(r"\W*[A-Z\d]")


class Word(NamedTuple):
    """A word with its hyphens and apostrophes. `glued`: nothing but blanks stands between it and the word before."""

    start: int
    end: int
    text: str
    low: str
    glued: bool


class Hit(NamedTuple):
    """A defect at `[start, end)`. `fix` replaces all of it, `""` deletes it, None leaves it to a person.

    `trusted` is for mechanical fixes that no editor would refuse.
    """

    start: int
    end: int
    fix: str | None = None
    trusted: bool = False


class Page:
    """A document as the rules see it; every part is made when the first rule asks for it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text

    @cached_property
    def words(self) -> list[Word]:
        words = []
        end = 0
        for match in WORD.finditer(self.text):
            start, text = match.start(), match.group()
            gap = self.text[end:start]
            words.append(Word(start, match.end(), text, text.lower().replace("’", "'"), gap.strip(" \t\u00a0") == ""))
            end = match.end()
        return words

    @cached_property
    def index(self) -> dict[str, list[int]]:
        """Where each word, lower-cased, stands in `words`."""
        index: dict[str, list[int]] = {}
        for i, word in enumerate(self.words):
            index.setdefault(word.low, []).append(i)
        return index

    @cached_property
    def paragraphs(self) -> list[Span]:
        """The lines that hold text, without the white space around them."""
        spans = []
        for match in LINE.finditer(self.text):
            line = match.group()
            if body := line.strip():
                start = match.start() + len(line) - len(line.lstrip())
                spans.append(Span(start, start + len(body)))
        return spans

    def is_table(self, offset: int) -> bool:
        """True where the line at `offset` is set in columns with runs of blanks."""
        line = self.paragraphs[bisect_right(self.paragraphs, offset, key=lambda p: p.start) - 1]
        return line.start in self._tables

    @cached_property
    def _tables(self) -> frozenset[int]:
        return frozenset(p.start for p in self.paragraphs if "   " in p.of(self.text))

    def places(self, lows: frozenset[str]) -> Iterator[int]:
        """Positions in `words` of any of the lower-case words `lows`, word by word."""
        for low in lows & self.index.keys():
            yield from self.index[low]

    def begins_with_capital(self, offset: int) -> bool:
        """Does the sentence at `offset` begin with a capital or a figure?"""
        start = self.document.sentence_at(offset).start
        return CAPITAL.match(self.text[start : start + 40]) is not None

    def next_to(self, i: int, offset: int = 1) -> Word | None:
        """The word `offset` after word `i` (before it, if negative) where only blanks lie between; else None."""
        step = 1 if offset > 0 else -1
        for j in range(i + step, i + offset + step, step):
            if not 0 <= j < len(self.words) or not self.words[max(j, j - step)].glued:
                return None
        return self.words[i + offset]


Find = Callable[[Page], Iterator[Hit]]


REGISTERED: dict[str, Rule] = {}  # by id, in the order of the families' imports


def rule(
    category: Category, severity: Severity, message: str, *, score: float, fix_score: float
) -> Callable[[Find], Find]:
    """Registers a function as a rule; the arguments are those of `Rule`. Raises ValueError for a name given twice."""

    def register(find: Find) -> Find:
        made = Rule(find, category, severity, score, fix_score, message)
        if made.id in REGISTERED:
            raise ValueError(f"two rules are called {made.id}; rename {find.__module__}.{find.__name__}")
        REGISTERED[made.id] = made
        return find

    return register


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with what is known about it.

    `score` is the share of its flags that are real defects, `fix_score` the share of its fixes that an editor would
    take: estimates, from reading the flags on native and machine-translated news; `message` is shown to the editor.
    """

    find: Find
    category: Category
    severity: Severity
    score: float
    fix_score: float
    message: str

    @property
    def id(self) -> str:
        return "rules/" + self.find.__name__.replace("_", "-")

    def findings(self, page: Page) -> Iterator[Finding]:
        """The rule's findings on a page, outside its protected ranges."""
        for hit in self.find(page):
            span = Span(hit.start, hit.end)
            if page.document.is_protected(span):
                continue
            fixes = () if hit.fix is None else (Suggestion(hit.fix, self.fix_score, hit.trusted),)
            yield Finding(span, self.category, self.severity, self.score, self.message, self.id, fixes)


def mark(find: Find, text: str) -> str:
    """`text` with each hit as `[old|new]`, or `[old]` where the rule has no fix: for examples and tests."""
    parts = []
    position = 0
    for hit in sorted(find(Page(read_document(text)))):
        fix = "" if hit.fix is None else "|" + hit.fix
        parts += [text[position : hit.start], f"[{text[hit.start : hit.end]}{fix}]"]
        position = hit.end
    return "".join([*parts, text[position:]])
