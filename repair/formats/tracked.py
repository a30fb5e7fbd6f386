"""Tracked changes and comments in a Word document, by which a person sees, takes or refuses what was changed.

A run is split where something is changed: what was deleted stays in `w:del`, what is new stands in `w:ins` in the style
of the run (ECMA-376, part 1, 17.13.5), and every other byte of the document stays. No date is given: the same document
always becomes the same.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from repair.formats.comments import AUTHOR, Comments
from repair.formats.docx import MEMBERS, Docx
from repair.formats.errors import FormatError
from repair.formats.markup import encode_as
from repair.formats.packed import Make, open_zip, read_member, rewrite
from repair.formats.view import Splice
from repair.formats.wordxml import TAG, Names, numbers
from repair.formats.xmltext import Handler, decode_xml, scan
from repair.text import Span

MAIN = MEMBERS[0]
SAID = re.compile(r"comment(?:RangeStart|Reference)\s[^<>]*?id\s*=\s*[\"'](\d{1,9})[\"']")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no XML may hold these
MARKUP = re.compile(r"<[^<>]*>")
NOTE = re.compile(r"<(?:[\w.-]+:)?(footnote|endnote)\s(?:[^<>]*?[\s:])?id\s*=\s*[\"'](\d{1,9})[\"']")
REFERENCE = re.compile(r"<(?:[\w.-]+:)?(footnote|endnote)Reference\s(?:[^<>]*?[\s:])?id\s*=\s*[\"'](\d{1,9})[\"']")
PRESERVED = 'xml:space="preserve"'


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a stretch of a member's source; `span` counts the characters of the source."""

    member: str
    span: Span
    text: str


def tracked(data: bytes, splices: Sequence[Splice], comments: Sequence[Note] = ()) -> bytes:
    """The document with the splices as tracked changes, and the comments beside them; `data` itself without any.

    Comments have a place in the text of the document alone, as Word has none in text boxes and notes: what is said of
    these stands where they hang. Raises FormatError for what is no Word document, or where a splice does not fit it.
    """
    sources = Docx().sources(data)
    target = BytesIO()
    with open_zip(BytesIO(data)) as package:
        notes = Comments(package, Names.of(sources[MAIN]).address)
        last = max([0, *notes.numbers, *(number for source in sources.values() for number in numbers(source))])
        changed: dict[str, bytes] = {}
        for member, source in sources.items():
            mine = [splice for splice in splices if splice.member == member]
            said = [_hung(comment, sources) for comment in comments] if member == MAIN else []
            if mine or said:
                marking = _Marking(source, last, notes)
                encoding = decode_xml(read_member(package, member))[1]
                changed[member] = encode_as(marking.run(mine, said), encoding)
                last = marking.last
        changed |= notes.members()
    if not changed:
        return data

    def made(name: str) -> Make | None:
        return (lambda _: changed[name]) if name in changed else None

    rewrite(BytesIO(data), target, made, changed)
    return target.getvalue()


def _hung(comment: Note, sources: Mapping[str, str]) -> Note:
    """A comment on a note as one on the sign that leads to it, and others as they are."""
    if comment.member == MAIN:
        return comment
    source = sources[comment.member]
    kind, number = next(reversed(NOTE.findall(source, 0, comment.span.start)), ("", ""))
    sign = next((m for m in REFERENCE.finditer(sources[MAIN]) if m.groups() == (kind, number)), None)
    at = sign.start() if sign else 0
    return Note(MAIN, Span(at, at), _apart(kind or "note", comment.span.of(source), comment.text))


def _apart(where: str, xml: str, told: str) -> str:
    """What is said beside another text than the one that it is about."""
    words = html.unescape(MARKUP.sub("", xml))
    return f"In a {where}, “{words}”: {told}" if words else f"In a {where}: {told}"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text element: where it stands with its tags, what is in it, and how its run begins again."""

    span: Span
    inner: Span
    run: str
    boxed: bool


@dataclass(slots=True)
class _Texts:
    """Finds the text elements of a member, in order."""

    source: str
    names: Names
    found: list[_Text] = field(default_factory=list)
    open: list[tuple[str, int]] = field(default_factory=list)
    runs: list[list[str]] = field(default_factory=list)  # start tag and properties of those that are open
    boxes: int = 0

    def read(self) -> list[_Text]:
        handler = Handler(lambda name, _: self.start(name, handler.at), lambda name: self.end(name, handler.at))
        scan(self.source, handler)
        return self.found

    def start(self, name: str, at: int) -> None:
        self.open.append((name, at))
        self.boxes += name == "txbxContent"
        if name == "r":
            self.runs.append([self._tag(at), ""])

    def end(self, name: str, at: int) -> None:
        _, start = self.open.pop()
        parent = self.open[-1][0] if self.open else ""
        self.boxes -= name == "txbxContent"
        if name == "r":
            self.runs.pop()
        elif parent == "r" and name == "rPr":
            tag = self._tag(start)
            self.runs[-1][1] = tag if tag.endswith("/>") else self.source[start : at + len(self._tag(at))]
        elif parent == "r" and name == "t":
            self._text(start, at)

    def _text(self, start: int, at: int) -> None:
        """A text element between its tags. One of another namespace, or with CDATA or a comment inside, is left out."""
        tag = self._tag(start)
        if not tag.startswith(f"<{self.names.element}t") or tag.endswith("/>"):
            return
        inner = Span(start + len(tag), at)
        if "<" not in inner.of(self.source):
            span = Span(start, at + len(self._tag(at)))
            self.found.append(_Text(span, inner, "".join(self.runs[-1]), self.boxes > 0))

    def _tag(self, at: int) -> str:
        tag = TAG.match(self.source, at)
        return tag[0] if tag else ""


@dataclass(frozen=True, slots=True, order=True)
class _Mark:
    """What stands outside of runs: `xml` takes the place of `span`. Of those at one place the least `rank` is first: an
    end before a start, a start before a change."""

    span: Span
    rank: int
    xml: str


class _Marking:
    """One member, marked. `last` is the last number that is taken."""

    def __init__(self, source: str, last: int, notes: Comments) -> None:
        self.source, self.last, self.notes = source, last, notes
        self.names = Names.of(source)
        self.texts = _Texts(source, self.names).read()
        shown = (n for n, text in enumerate(self.texts) if text.inner.of(source).strip())
        self.free = [number for number in shown if not self.texts[number].boxed]

    def run(self, splices: Sequence[Splice], comments: Sequence[Note]) -> str:
        """The member's source. Raises FormatError where a splice has no place in it."""
        marks: dict[int, list[_Mark]] = defaultdict(list)
        for splice in sorted(splices):
            number = self._at(splice.edit.span)
            if number is None or splice.edit.span.of(self.source) != splice.before:
                raise FormatError(f"no text of it can be changed at character {splice.start}")
            marks[number].append(_Mark(splice.edit.span, 2, self._change(splice, self.texts[number].run)))
        edited = sorted(splice.edit.span for splice in splices)
        for comment in comments:
            for number, mark in self._comment(comment, edited):
                marks[number].append(mark)
        parts, at = [], 0
        for number in sorted(marks):
            text = self.texts[number]
            parts += [self.source[at : text.span.start], *self._split(text, sorted(marks[number]))]
            at = text.span.end
        return "".join([*parts, self.source[at:]])

    def _next(self) -> int:
        self.last += 1
        return self.last

    def _at(self, span: Span) -> int | None:
        """The number of the text that holds `span`."""
        number = bisect_right(self.texts, span.start, key=lambda text: text.inner.start) - 1
        return number if number >= 0 and span.end <= self.texts[number].inner.end else None

    def _change(self, splice: Splice, run: str) -> str:
        parts = []
        for name, text, content in (("del", "delText", splice.before), ("ins", "t", splice.after)):
            if content:
                opened = self.names.start(name, id=self._next(), author=AUTHOR)
                inside = f"{run}{self.names.text(text, content)}{self.names.end('r')}"
                parts.append(f"{opened}{inside}{self.names.end(name)}")
        return "".join(parts)

    def _comment(self, comment: Note, edited: Sequence[Span]) -> Iterator[tuple[int, _Mark]]:
        """Where a comment begins and ends; nothing where it has no place."""
        start, end = _around(comment.span, edited)
        first = self._at(Span(start, start))
        last = bisect_left(self.texts, end, key=lambda text: text.inner.start) - 1 if end > start else first
        text = comment.text
        if first is None or self.texts[first].boxed:
            if first is not None:
                text = _apart("text box", comment.span.of(self.source), text)
            first = last = self._before(start)
            start = end = self._end(first) if first is not None else 0
        if first is None or last is None or last < first or end > self.texts[last].inner.end or self.texts[last].boxed:
            return
        text = CONTROL.sub(" ", text)
        if any(self.notes.own.get(number) == text for number in self._said(first)):
            return  # by a former run
        number, names = self._next(), self.names
        self.notes.add(number, text)
        reference = f"{names.start('r')}{names.empty('commentReference', id=number)}{names.end('r')}"
        if start < end:
            yield first, _Mark(Span(start, start), 1, names.empty("commentRangeStart", id=number))
            reference = names.empty("commentRangeEnd", id=number) + reference
        yield last, _Mark(Span(end, end), 0, reference)

    def _before(self, at: int) -> int | None:
        """The last text outside of boxes that ends before `at`, or the first of all."""
        number = bisect_right(self.free, at, key=lambda one: self.texts[one].span.end)
        return self.free[max(number - 1, 0)] if self.free else None

    def _end(self, number: int) -> int:
        """Where the words of a text end."""
        inner = self.texts[number].inner
        return inner.start + len(inner.of(self.source).rstrip())

    def _said(self, number: int) -> list[int]:
        """The comments that begin before the run of this text, or stand after it."""
        before = self.texts[number - 1].span.end if number else 0
        after = self.texts[number + 1].span.start if number + 1 < len(self.texts) else len(self.source)
        return [int(one) for one in SAID.findall(self.source, before, after)]

    def _split(self, text: _Text, marks: Sequence[_Mark]) -> Iterator[str]:
        """What takes the place of a text: the marks outside of its run, what stays inside, and at the end the run open
        again, for what follows in it."""
        at, end = text.inner.start, text.inner.end
        if PRESERVED not in self.source[text.span.start : at]:  # Word drops white space at the ends
            inner = text.inner.of(self.source)
            at, end = at + len(inner) - len(inner.lstrip()), at + len(inner.rstrip())
        inside = True
        for mark in marks:
            if kept := self.source[at : mark.span.start]:
                yield text.run * (not inside) + self.names.text("t", kept)
                inside = True
            yield self.names.end("r") * inside + mark.xml
            at, inside = mark.span.end, False
        yield text.run + self.names.text("t", self.source[at:end])


def _around(span: Span, edited: Sequence[Span]) -> tuple[int, int]:
    """The ends of `span`, moved out of the edits that they lie in."""
    start, end = span.start, span.end
    for edit in edited:
        if edit.start < start < edit.end:
            start = edit.start
        if edit.start < end < edit.end:
            end = edit.end
    return start, end
