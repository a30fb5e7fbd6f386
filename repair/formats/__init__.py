"""Formats of one article: its bytes to texts with their maps, and changed sources back to bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Protocol

from repair.formats.errors import FormatError
from repair.formats.view import Part, Splice, carry_out
from repair.registry import load

FormatName = str  # one of FORMATS; journals of archives keep it
# Where its reader is, and by which endings of a file's name it is known. A new one is a module and a line here.
FORMATS: dict[FormatName, tuple[str, str]] = {
    "txt": ("repair.formats.plain:Plain", ".txt .text"),
    "md": ("repair.formats.markdown:Markdown", ".md .markdown"),
    "html": ("repair.formats.html:Html", ".html .htm .xhtml"),
    "ninjs": ("repair.formats.jsontext:Ninjs", ".json"),
    "nitf": ("repair.formats.xmltext:Nitf", ".xml .nitf .rss .rdf .atom .xlf .xliff .tmx"),
    "docx": ("repair.formats.docx:Docx", ".docx"),
    "odt": ("repair.formats.odt:Odt", ".odt"),
    "subtitles": ("repair.formats.subtitles:Subtitles", ".srt .vtt"),
    "icml": ("repair.formats.icml:Icml", ".icml"),
    "fields": ("repair.formats.jsontext:JsonFields", ""),
}
SUFFIXES = {suffix: name for name, (_, suffixes) in FORMATS.items() for suffix in suffixes.split()}

# Known, and not read: taken for plain text they would be damaged.
UNREAD = frozenset((".doc", ".fodt", ".rtf", ".pdf"))
OF_MANY = frozenset(("ninjs", "nitf"))  # whose names, .json and .xml, say nothing of what is inside
NO_ARTICLE = "no article of a kind that is read"
SAVE_AS = "save the text as .txt, .md, .html or .docx"
NO_TEXT = frozenset(("image", "audio", "video", "font"))  # kinds of files that no article is in
BINARY = "application/octet-stream"
OF_PAGES = frozenset(  # what lies beside articles: parts of pages, sums, programs and their settings
    (".css", ".js", ".mjs", ".map", ".sqlite", ".lock", ".md5", ".sha256", ".py", ".sh", ".toml", ".ini", ".cfg")
)


class Format(Protocol):
    """All raise FormatError where the article is broken."""

    def read(self, data: bytes) -> list[Part]:
        """The texts of an article; none where it holds nothing that is read."""
        ...

    def sources(self, data: bytes) -> dict[str, str]:
        """What the maps of the parts lead to, by member: for most formats one, the characters of the file."""
        ...

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        """The article with these sources in the place of its own."""
        ...


def refuse_unread(name: str) -> None:
    """Raises FormatError for a file whose name says that it is of a kind that is not read."""
    if PurePosixPath(name).suffix.lower() in UNREAD:
        raise FormatError(f"this kind of file is not read; {SAVE_AS}")


def may_hold_text(name: str) -> bool:
    """True for a file that may be an article, as far as its name tells: neither a picture nor the like.

    >>> [may_hold_text(name) for name in ("a.pdf", "a.wire", "a.JPG", "a.bin", "a.css")]
    [True, True, False, False, False]
    """
    suffix = PurePosixPath(name).suffix.lower()
    kind = guess_type(f"a{suffix}")[0] or ""
    return suffix not in OF_PAGES and kind != BINARY and kind.partition("/")[0] not in NO_TEXT


LOCK = "~$"  # how Word names the few bytes that lie beside a document while it is open


def is_hidden(name: str) -> bool:
    """True for a file that stands for nothing: hidden, or beside a document that is open.

    >>> [is_hidden(name) for name in ("in/.a.txt", "~$a.docx", "a.txt")]
    [True, True, False]
    """
    return PurePosixPath(name).name.startswith((".", LOCK))


def format_name(name: str) -> FormatName | None:
    """The format of a file of this name; None for one that holds no text."""
    return SUFFIXES.get(PurePosixPath(name).suffix.lower())


@cache
def format_of(name: FormatName, fields: tuple[str, ...] = ("text",)) -> Format:
    """The reader and writer of a format; `fields` are those of a JSON object that hold texts."""
    make = load(FORMATS[name][0])
    reader: Format = make(fields) if name == "fields" else make()
    return reader


def splice(reader: Format, data: bytes, splices: Sequence[Splice]) -> bytes:
    """The article with the splices done, and `data` itself without any. Raises FormatError where they do not fit it."""
    if not splices:
        return data
    by_member: dict[str, list[Splice]] = defaultdict(list)
    for one in splices:
        by_member[one.member].append(one)
    sources = reader.sources(data)
    try:
        return reader.write(data, sources | {m: carry_out(sources[m], some) for m, some in by_member.items()})
    except (KeyError, ValueError) as error:
        raise FormatError(f"it is not what was read before: {error}") from None
