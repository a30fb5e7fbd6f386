"""What HTML, NITF and DOCX have in common: a text that flows through nodes, built piece by piece with its map."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, pairwise

from repair.formats.errors import FormatError
from repair.formats.view import OTHER_LANGUAGE, QUOTED, Fragment, Lock, View
from repair.text import BOM, OBJECT, Block, Foreign, Kind, Span

# Words with single spaces between them, white space that shows as one space, and character references.
PIECE = re.compile(r"(?P<space>[ \t\r\n\f]+)|(?P<entity>&#?\w{1,32};?)|[^ \t\r\n\f&]+(?: [^ \t\r\n\f&]+)*+|&")
WORD = re.compile(r"(?P<space>[ \t\r\n\f]+)|[^ \t\r\n\f]+")
NOT_FOREIGN = frozenset(("", "en", "eng", "english", "und", "mul", "x"))  # "zxx", no language, is no English
MARKED = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
UNMARKED = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}  # markup in UTF-16 without the mark
KEPT = re.compile(r"(?P<entity>&#?\w{1,32};)|[^&]+|&")


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for the text that is being put in: the kind of its block, what is declared of its language (a tag in
    small letters), whether it is quoted, and why it is locked."""

    kind: Kind = "paragraph"
    language: str = ""
    quoted: bool = False
    locked: str = ""

    def inside(
        self, kind: Kind | None = None, language: str | None = None, locked: str = "", quoted: bool = False
    ) -> Context:
        """The context of an element in this one that declares these."""
        return Context(
            kind or self.kind,
            self.language if language is None else language.strip().lower(),
            self.quoted or quoted,
            locked or self.locked,
        )

    @property
    def reasons(self) -> Iterator[str]:
        """Why nobody changes the text; none where it is for repair."""
        if self.locked:
            yield self.locked
        if self.quoted:
            yield QUOTED
        if is_foreign(self.language):
            yield OTHER_LANGUAGE


def _has(reason: str, context: Context) -> bool:
    return reason in context.reasons


def kinds_of(table: Mapping[Kind, str]) -> dict[str, Kind]:
    """The kind of each element, from a table of their names by kind.

    >>> kinds_of({"cell": "td th"})
    {'td': 'cell', 'th': 'cell'}
    """
    return {name: kind for kind, names in table.items() for name in names.split()}


def in_context(view: View, context: Context) -> View:
    """The view of a plain text all of which is in this context."""
    everything = Span(0, len(view.text))
    foreign = (Foreign(everything, context.language),) if is_foreign(context.language) else ()
    blocks = (Block(everything, context.kind),) if context.kind != "paragraph" else ()
    return replace(
        view, locks=tuple(Lock(everything, reason) for reason in context.reasons), blocks=blocks, foreign=foreign
    )


def is_foreign(language: str) -> bool:
    """True for the tag of a language that is not English; what is undetermined or mixed is read.

    >>> [is_foreign(tag) for tag in ("", "en-gb", "und", "x-default", "de", "pt-br", "english")]
    [False, False, False, False, True, True, False]
    """
    return re.split("[-_]", language)[0] not in NOT_FOREIGN


class Builder:
    """Takes the pieces of a source in order and gives the view of their text. `context` holds for what comes next."""

    def __init__(self, source: str, context: Context | None = None) -> None:
        self.source = source
        self.context = context or Context()
        self._blocks: list[tuple[int, Kind]] = []
        self._runs: list[tuple[Span, Context]] = []
        self._object = False  # stands before the next text of the block
        self._texts: list[str] = []
        self._fragments: list[Fragment] = []
        self._length = 0
        self._last = ""  # the last character
        self._glue = ""  # the break that the next text begins with

    def flow(self, start: int, end: int, node: int) -> None:
        """Text as it flows on a page: any white space shows as one space, none at the ends of a block."""
        start += not start and self.source.startswith(BOM)
        for match in PIECE.finditer(self.source, start, end):
            if match["space"]:
                self._space(*match.span(), node)
            elif match["entity"]:
                self._put(html.unescape(match[0]), *match.span(), node)
            else:
                self._put(match[0], *match.span(), node)

    def keep(self, start: int, end: int, node: int) -> None:
        """Text whose white space counts; a line end in it shows as a space."""
        for match in KEPT.finditer(self.source, start, end):
            text = html.unescape(match[0]) if match["entity"] else match[0]
            self._put(re.sub(r"[\t\r\n]", " ", text), *match.span(), node)

    def literal(self, start: int, end: int, node: int) -> None:
        """Flowing text without character references (CDATA)."""
        for match in WORD.finditer(self.source, start, end):
            if match["space"]:
                self._space(*match.span(), node)
            else:
                self._put(match[0], *match.span(), node)

    def sign(self, text: str) -> None:
        """Text that an element stands for (a tab, a line break): it has no place in the source."""
        self._put(text, 0, 0, -1)

    def object_(self) -> None:
        """Something in a line that is no text: a picture, a button, a formula. One alone in its block is left out."""
        if self._length and not self._glue and self._last != "\n":
            self._put(OBJECT, 0, 0, -1)
        else:
            self._object = True

    @property
    def length(self) -> int:
        """How many characters have been put in."""
        return self._length

    def break_(self, glue: str) -> None:
        """The end of a block, or of a line in one. White space before it does not show."""
        self._object = False
        if self._last == " " and self._fragments and self._fragments[-1].node >= 0:
            self._drop_space()
        if self._length and len(glue) > len(self._glue):
            self._glue = glue

    def view(self) -> View:
        """The view of what has been put in; `escape` is that of markup."""
        self.break_("")
        text = "".join(self._texts)
        starts = [*self._blocks, (len(text), "paragraph")]
        blocks = tuple(Block(Span(start, end), kind) for (start, kind), (end, _) in pairwise(starts) if start < end)
        locks = tuple(sorted(self._locks(), key=lambda lock: (lock.span, lock.reason)))
        foreign = tuple(
            Foreign(span, run.language)
            for span, run in self._stretches(lambda c: c.language)
            if is_foreign(run.language)
        )
        return View(text, tuple(self._fragments), locks, escape, None, blocks, foreign)

    def _locks(self) -> Iterator[Lock]:
        for reason in dict.fromkeys(reason for _, context in self._runs for reason in context.reasons):
            for span, context in self._stretches(partial(_has, reason)):
                if reason in context.reasons:
                    yield Lock(span, reason)

    def _stretches(self, key: Callable[[Context], object]) -> Iterator[tuple[Span, Context]]:
        """The runs, those side by side put together that have the same `key`."""
        for _, some in groupby(self._runs, key=lambda run: key(run[1])):
            row = list(some)
            yield Span(row[0][0].start, min(row[-1][0].end, self._length)), row[0][1]

    def _put(self, text: str, at: int, to: int, node: int) -> None:
        text = text or "\ufffd"  # a reference to a character that is none
        if self._glue:
            self._texts.append(self._glue)
            self._length += len(self._glue)
            self._glue = ""
            self._last = "\n"
        if self._object:
            self._object = False
            self._put(OBJECT, 0, 0, -1)
        if not self._length or self._last == "\n":
            self._blocks.append((self._length, self.context.kind))
        self._run(len(text))
        if node >= 0:
            self._fragments.append(Fragment(self._length, self._length + len(text), at, to, node))
        self._texts.append(text)
        self._length += len(text)
        self._last = text[-1:]

    def _run(self, length: int) -> None:
        span = Span(self._length, self._length + length)
        if self._runs and self._runs[-1][1] == self.context:
            span = Span(self._runs.pop()[0].start, span.end)
        self._runs.append((span, self.context))

    def _space(self, at: int, to: int, node: int) -> None:
        if self._length and not self._glue and self._last not in (" ", "\n", ""):
            self._put(" ", at, to, node)

    def _drop_space(self) -> None:
        fragment = self._fragments.pop()
        if len(self._texts[-1]) > 1:
            at = fragment.to - 1 if fragment.to - fragment.at == fragment.end - fragment.start else fragment.to
            self._fragments.append(Fragment(fragment.start, fragment.end - 1, fragment.at, at, fragment.node))
        self._texts[-1] = self._texts[-1][:-1]
        self._length -= 1
        self._last = ""


def escape(text: str) -> str:
    """`text` as markup writes it.

    >>> escape("R&D <b>")
    'R&amp;D &lt;b&gt;'
    """
    return html.escape(text, quote=False)


def decode_as(data: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    """The text, with its byte-order mark, and the first encoding that gives these very bytes back; UTF-16 is
    known by its mark, or by the first sign of markup, before all that is declared. Raises FormatError where none
    does."""
    marked = (MARKED | UNMARKED).get(data[:2])
    known = (marked, *encodings) if marked else encodings
    for encoding in known:
        try:
            text = data.decode(encoding)
            if text.encode(encoding) == data:
                return text, encoding
        except (LookupError, UnicodeError):
            continue
    raise FormatError(f"not in the encoding it declares ({known[0]}); save it as UTF-8")


def encode_as(text: str, encoding: str) -> bytes:
    """The bytes of markup; what the encoding lacks becomes a character reference."""
    return text.encode(encoding, "xmlcharrefreplace")
