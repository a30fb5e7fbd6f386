"""A file as a person edits it: one text to read, and the file again after the edits, with its own markup.

    file = open_file("a.docx", data)        # FormatError where it cannot be read
    file.text                               # what a person reads and edits
    done = file.edited([Edit(Span(4, 13), "official")], tracked=True, comments=[Comment(Span(0, 3), "Who?")])
    done.data                               # the bytes of the new file
    done.left                               # the edits that have no way back to it, each with the reason

Where only the new text is known, `repair.edits.diff(file.text, new)` gives the edits. A person may change what nobody
else may, quotations and code among it, and words on both sides of a tag: the first of them takes the new wording.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from repair.edits import Edit, minimal
from repair.formats import NO_ARTICLE, OF_MANY, SAVE_AS, Format, format_name, format_of, refuse_unread, splice
from repair.formats.docx import Docx
from repair.formats.errors import FormatError
from repair.formats.lead import NOT_THE_SAME, back, harmless, reads_back
from repair.formats.view import BORDER, Part, Splice, Unmappable, View
from repair.text import Span

BETWEEN = "\n\n"  # the texts of a file


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said of a stretch of a text; `span` counts its code points."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The file after the edits. `left` are those that were not made, each with the reason."""

    data: bytes
    left: tuple[tuple[Edit, str], ...] = ()


class Joined:
    """The texts of an article, one after the other."""

    def __init__(self, parts: Sequence[Part]) -> None:
        texts = [part.view.text for part in parts]
        self.text = BETWEEN.join(texts)
        self.starts = list(accumulate((len(text) + len(BETWEEN) for text in texts), initial=0))

    def span(self, number: int, span: Span) -> Span:
        """Where a stretch of the text of this number stands."""
        return span.shift(self.starts[number])

    def place(self, span: Span) -> tuple[int, Span]:
        """The number of the text that holds `span`, and where in it. Raises Unmappable where it lies in none."""
        number = bisect_right(self.starts, span.start) - 1
        if number + 1 >= len(self.starts) or span.end > self.starts[number + 1] - len(BETWEEN):
            raise Unmappable(BORDER)
        return number, span.shift(-self.starts[number])


@dataclass(frozen=True, slots=True)
class _Way:
    """An edit, given as `edit`, on its way to the source."""

    edit: Edit
    part: int
    edits: tuple[Edit, ...]
    splices: tuple[Splice, ...]


@dataclass(frozen=True)
class File:
    """A file with its texts."""

    data: bytes
    format: Format
    parts: tuple[Part, ...]

    @cached_property
    def joined(self) -> Joined:
        return Joined(self.parts)

    @property
    def text(self) -> str:
        """All texts of the file."""
        return self.joined.text

    def edited(self, edits: Iterable[Edit], tracked: bool = False, comments: Iterable[Comment] = ()) -> Edited:
        """The file after edits of `text` that do not overlap; read again, it has the text that the edits make.

        `tracked`: as tracked changes by the author "repair", with the comments beside them; for Word documents only,
        FormatError for others. Without, comments are left out, and so are always those that lie in no one text.
        """
        if tracked and not isinstance(self.format, Docx):
            raise FormatError("only Word documents (.docx) have tracked changes")
        ways, left = self._ways(edits)
        if ways and not reads_back(self.format, self.data, self.parts, ways):
            kept = harmless(self.format, self.data, self.parts, ways)
            left += [(way.edit, NOT_THE_SAME) for way in ways if way not in kept]
            ways = kept
        splices = [one for way in ways for one in way.splices]
        if not tracked:
            return Edited(splice(self.format, self.data, splices), tuple(left))
        return Edited(self.tracked(splices, comments), tuple(left))

    def _ways(self, edits: Iterable[Edit]) -> tuple[list[_Way], list[tuple[Edit, str]]]:
        sources = self.format.sources(self.data)
        ways, left = [], []
        for edit in sorted(edits):
            try:
                number, span = self.joined.place(edit.span)
                part = self.parts[number]
                own = minimal(part.view.text, Edit(span, edit.text))
                found = [one for view in (part.view, *part.twins) for cut in own for one in _back(view, cut)]
            except Unmappable as error:
                left.append((edit, str(error)))
                continue
            source = sources[part.member]
            splices = (Splice(part.member, e.span.start, e.span.of(source), e.text) for e in found)
            ways.append(_Way(edit, number, own, tuple(splices)))
        return ways, left

    def tracked(self, splices: Sequence[Splice], comments: Iterable[Comment]) -> bytes:
        """The Word document with splices that fit it as tracked changes, and comments on `text`."""
        from repair.formats.tracked import Note, tracked

        notes = []
        for comment in comments:
            with suppress(Unmappable):
                number, span = self.joined.place(comment.span)
                part = self.parts[number]
                notes.append(Note(part.member, part.view.spread(span), comment.text))
        return tracked(self.data, splices, notes)


def _back(view: View, edit: Edit) -> Iterator[Edit]:
    """The edits of the source; a person's reach over markup and into what is locked."""
    try:
        yield back(view, edit)
    except Unmappable:
        yield from view.across(edit)


def open_file(name: str, data: bytes) -> File:
    """A file called `name`. Raises FormatError where it is broken, of a kind that is not read, or holds no text."""
    refuse_unread(name)
    kind = format_name(name) or "txt"
    reader = format_of(kind)
    parts = tuple(reader.read(data))
    if not parts and kind in OF_MANY:
        raise FormatError(f"{NO_ARTICLE}; {SAVE_AS}")
    return File(data, reader, parts)
