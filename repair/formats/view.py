"""Where the characters of a text stand in the file that they come from, and edits on their way back there.

A `View` is a text for the detectors together with a map to its source: the characters of a file, a JSON string inside
it, HTML inside that. What is added between paragraphs, or stands for markup, has no place in the source; an edit that
touches it, or that crosses from one text node into another, has no way back and raises `Unmappable`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, pairwise

import msgspec

from repair.edits import Edit, apply
from repair.text import BOM, Block, Foreign, Marks, Span, merged, touches


class Unmappable(Exception):
    """The edit cannot be carried out in the source; the message is the reason that a person reads."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """`text[start:end]` is read from `source[at:to]`: character by character where both are of one length, else whole.

    `node` numbers the text node that it belongs to.
    """

    start: int
    end: int
    at: int
    to: int
    node: int

    def reach(self, offset: int, whole: int) -> int:
        """The source offset of a text offset; `whole` where the fragment is read as a whole."""
        return self.at + offset - self.start if self.to - self.at == self.end - self.start else whole

    def place(self, offset: int) -> int:
        """The source offset of a text offset from `start` to `end`."""
        if offset == self.start:
            return self.at
        if offset == self.end:
            return self.to
        if self.to - self.at != self.end - self.start:
            raise Unmappable("it would change a part of a character reference")
        return self.at + offset - self.start


@dataclass(frozen=True, slots=True)
class Lock:
    """A range of the text that nobody changes, and why."""

    span: Span
    reason: str


CODE = "inside code"
OTHER_LANGUAGE = "inside a passage in another language"
QUOTED = "inside a quotation: what was said is not rewritten unasked"
BORDER = "it would change the border of a paragraph"


def identity(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class View:
    """A text and its map. `escape` writes new text as the source writes text; `outer` is the view that the source of
    this one is the text of; `blocks` are the paragraphs, `foreign` what is declared to be in other languages,
    `original` what the text was translated from, where the file has it."""

    text: str
    fragments: tuple[Fragment, ...]
    locks: tuple[Lock, ...] = ()
    escape: Callable[[str], str] = identity
    outer: View | None = None
    blocks: tuple[Block, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    original: str = ""
    _reach: tuple[int, ...] = field(init=False, repr=False, compare=False)  # how far the locks up to each one go

    def __post_init__(self) -> None:
        locks = tuple(sorted(self.locks, key=lambda lock: lock.span))
        object.__setattr__(self, "locks", locks)
        object.__setattr__(self, "_reach", tuple(accumulate((lock.span.end for lock in locks), max)))

    @property
    def marks(self) -> Marks:
        """What the detectors are told of the text."""
        told = {OTHER_LANGUAGE, QUOTED}
        return Marks(
            self.blocks,
            merged(lock.span for lock in self.locks if lock.reason == QUOTED),
            merged(lock.span for lock in self.locks if lock.reason not in told),
            self.foreign,
            self.original,
        )

    def back(self, edit: Edit) -> Edit:
        """The edit of the outermost source that does what `edit` does to this text. Raises Unmappable."""
        for lock in self._near(edit.span):
            if touches(edit.span, (lock.span,)):
                raise Unmappable(lock.reason)
        first, last = self._ends(edit.span)
        own = Edit(Span(first.place(edit.span.start), last.place(edit.span.end)), self.escape(edit.text))
        return self.outer.back(own) if self.outer else own

    def across(self, edit: Edit) -> list[Edit]:
        """The edits of the outermost source that do what a person wants, over markup and locks: one for each text node,
        the first with the new text. Raises Unmappable where no text stands there; whether what comes of it reads as it
        should is for the caller to see."""
        if not len(edit.span):
            number = bisect_left(self.fragments, edit.span.start, key=lambda s: s.end)
            row = [s for s in self.fragments[number : number + 1] if s.start <= edit.span.start]
        else:
            first = bisect_right(self.fragments, edit.span.start, key=lambda s: s.end)
            row = list(self.fragments[first : bisect_left(self.fragments, edit.span.end, key=lambda s: s.start)])
        if not row:
            raise Unmappable(BORDER)
        edits = []
        text = self.escape(edit.text)
        for _, some in groupby(row, key=lambda s: s.node):
            node = list(some)
            start, end = max(edit.span.start, node[0].start), min(edit.span.end, node[-1].end)
            edits.append(Edit(Span(node[0].place(start), node[-1].place(end)), text))
            text = ""
        return [one for own in edits for one in self.outer.across(own)] if self.outer else edits

    def _near(self, span: Span) -> Iterator[Lock]:
        """The locks that `span` may touch or stand beside, the last of them first: of all the locks of a long file it
        looks at a few."""
        for i in range(bisect_right(self.locks, span.end, key=lambda lock: lock.span.start) - 1, -1, -1):
            if self._reach[i] < span.start:
                return
            if self.locks[i].span.end >= span.start:
                yield self.locks[i]

    def spread(self, span: Span) -> Span:
        """Where in the outermost source the characters of `span` stand, with the markup between them."""
        begin = bisect_right(self.fragments, span.start, key=lambda s: s.end)
        end = bisect_left(self.fragments, max(span.end, span.start + 1), key=lambda s: s.start)
        if not self.fragments:
            return Span(0, 0)
        first = self.fragments[min(begin, len(self.fragments) - 1)]
        last = self.fragments[max(end - 1, 0)]
        start = first.reach(max(span.start, first.start), first.at)
        stop = last.reach(min(span.end, last.end), last.to)
        own = Span(min(start, stop), max(start, stop)) if len(span) else Span(start, start)
        return self.outer.spread(own) if self.outer else own

    def _ends(self, span: Span) -> tuple[Fragment, Fragment]:
        """The fragments that hold the ends of `span`; both belong to one node, with nothing missing between."""
        if len(span):
            begin = bisect_right(self.fragments, span.start, key=lambda s: s.end)
            end = bisect_left(self.fragments, span.end, key=lambda s: s.start)
        else:
            begin = self._place(span.start)
            end = min(begin + 1, len(self.fragments))
        row = self.fragments[begin:end]
        if not row or row[0].start > span.start or row[-1].end < span.end:
            raise Unmappable(BORDER)
        for one, other in pairwise(row):
            if one.node != other.node:
                raise Unmappable("it crosses markup: a person has to choose what the markup should cover")
            if one.end != other.start or one.to != other.at:
                raise Unmappable("it would change what stands between two paragraphs")
        return row[0], row[-1]

    def _place(self, offset: int) -> int:
        """The fragment that takes an insertion: what stands before it, and where that is locked what comes after."""
        before = bisect_left(self.fragments, offset, key=lambda s: s.end)
        near = list(self._near(Span(offset, offset)))
        locked = next((lock for lock in near if lock.span.end == offset), None)
        if locked is None:
            return before
        after = bisect_left(self.fragments, offset, key=lambda s: s.start)
        while after < len(self.fragments) and self.fragments[after].end == offset:
            after += 1  # an empty one
        inside = before < len(self.fragments) and self.fragments[before].end > offset
        begins = after < len(self.fragments) and self.fragments[after].start == offset
        if (not begins and not inside) or any(lock.span.start == offset for lock in near):
            raise Unmappable(locked.reason)
        return after if begins else before


def whole(source: str, locks: Iterable[Lock] = (), blocks: Iterable[Block] = ()) -> View:
    """The view of a plain text: every character stands where it stands. A byte-order mark is none of them."""
    text = source.removeprefix(BOM)
    at = len(source) - len(text)
    fragments = (Fragment(0, len(text), at, len(source), 0),) if text else ()
    return View(text, fragments, tuple(locks), blocks=tuple(blocks))


def narrow(text: str, edit: Edit) -> Edit:
    """`edit` without the characters that stay at its ends, which may lie beyond markup.

    >>> narrow("full -scale", Edit(Span(0, 11), "full-scale"))
    Edit(span=Span(start=4, end=5), text='')
    """
    before, after = edit.span.of(text), edit.text
    most = min(len(before), len(after))
    head = next((i for i in range(most) if before[i] != after[i]), most)
    tail = next((i for i in range(most - head) if before[-1 - i] != after[-1 - i]), most - head)
    return Edit(Span(edit.span.start + head, edit.span.end - tail), after[head : len(after) - tail])


@dataclass(frozen=True, slots=True)
class Part:
    """One text of an article. `name` says which (a field, or nothing where there is one); `member` names the file
    inside a package (DOCX) whose characters are the source. `twins` hold the same text again, for other programs: what
    is changed in one is changed in all."""

    name: str
    view: View
    member: str = ""
    twins: tuple[View, ...] = ()


class Splice(msgspec.Struct, frozen=True, order=True):
    """One change of a source, in its code points: `before` stood at `start`, `after` takes its place."""

    member: str
    start: int
    before: str
    after: str

    @property
    def edit(self) -> Edit:
        return Edit(Span(self.start, self.start + len(self.before)), self.after)


def carry_out(source: str, splices: Sequence[Splice]) -> str:
    """`source` with the splices done. Raises ValueError where it does not hold what they replace."""
    for splice in splices:
        if splice.edit.span.of(source) != splice.before:
            raise ValueError(f"at character {splice.start} there is not {splice.before[:40]!r}")
    return apply(source, (splice.edit for splice in splices))


def undo(done: Iterable[Splice], wanted: Iterable[Splice]) -> list[Splice]:
    """Splices of the changed source that take back `wanted`, of all that were `done` to it.

    >>> done = [Splice("", 0, "a", "an"), Splice("", 8, "SH.BA", "the US")]
    >>> undo(done, done[1:])
    [Splice(member='', start=9, before='the US', after='SH.BA')]
    """
    back = set(wanted)
    result: list[Splice] = []
    member, shift = "", 0
    for splice in sorted(done):
        if splice.member != member:
            member, shift = splice.member, 0
        if splice in back:
            undone = Splice(member, splice.start + shift, splice.after, splice.before)
            former = result[-1] if result else None
            if former and former.member == member and former.start + len(former.before) == undone.start:
                # two deletions side by side have the same place now
                result.pop()
                undone = Splice(member, former.start, former.before + undone.before, former.after + undone.after)
            result.append(undone)
        shift += len(splice.after) - len(splice.before)
    return result
