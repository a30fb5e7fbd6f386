"""The comments of a Word document, in the parts of the package that hold them and lead to them."""

from __future__ import annotations

import html
import re
import zipfile

from repair.formats.errors import FormatError
from repair.formats.markup import encode_as, escape
from repair.formats.packed import read_member
from repair.formats.wordxml import TAG, Names, numbers, put_in
from repair.formats.xmltext import Handler, decode_xml, scan

AUTHOR, INITIALS = "repair", "r"
FOLDER, TYPES, RELATIONS = "word/", "[Content_Types].xml", "word/_rels/document.xml.rels"
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NO_RELATIONS = f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
TARGET = re.compile(r"\sTarget\s*=\s*[\"']([^\"']+)[\"']")
LEADING = re.compile(r"<[^<>]*/comments[\"'][^<>]*>")  # the relation to comments


class Comments:
    """Takes comments in; `members` are the parts of the package with them. `address` is the namespace of its document.

    Raises FormatError where the package does not lead to comments that it has.
    """

    def __init__(self, package: zipfile.ZipFile, address: str) -> None:
        self._package = package
        self._there = set(package.namelist())
        relations = self._read(RELATIONS, NO_RELATIONS)[0]
        leading = LEADING.search(relations)
        target = TARGET.search(leading[0]) if leading else None
        self._known = target is not None
        self._name = _path(target[1]) if target else self._free()
        if self._known and self._name not in self._there:
            raise FormatError(f"its comments, {self._name}, are missing")
        self._relation = STRICT if address.startswith("http://purl.oclc.org/") else RELATION
        self._source, self._encoding = self._read(self._name, f'{HEAD}<w:comments xmlns:w="{address}"/>')
        self._names = Names.of(self._source)
        self._added = ""
        self.numbers = numbers(self._source)
        self.own = _own(self._source)  # what was said before, by number

    def add(self, number: int, text: str) -> None:
        """A comment of one paragraph, known by `number` in the document."""
        names = self._names
        words = names.text("t", escape(text))
        inside = f"{names.start('p')}{names.start('r')}{words}{names.end('r')}{names.end('p')}"
        opened = names.start("comment", id=number, author=AUTHOR, initials=INITIALS)
        self._added += f"{opened}{inside}{names.end('comment')}"

    def members(self) -> dict[str, bytes]:
        """The parts that change or are new; none where no comment came."""
        if not self._added:
            return {}
        made = {self._name: encode_as(put_in(self._source, self._added), self._encoding)}
        if not self._known:
            target = self._name.removeprefix(FOLDER)
            leading = f'Relationship Id="repairComments" Type="{self._relation}" Target="{target}"'
            made[RELATIONS] = self._with(RELATIONS, leading, NO_RELATIONS)
            made[TYPES] = self._with(TYPES, f'Override PartName="/{self._name}" ContentType="{CONTENT}"')
        return made

    def _with(self, name: str, element: str, otherwise: str = "") -> bytes:
        """A part with this element, in the namespace of its root, as the last thing in it."""
        source, encoding = self._read(name, otherwise)
        root = TAG.search(source)
        prefix = f"{root[1]}:" if root and root[1] else ""
        return encode_as(put_in(source, f"<{prefix}{element}/>"), encoding)

    def _read(self, name: str, otherwise: str = "") -> tuple[str, str]:
        """A part and its encoding."""
        return decode_xml(read_member(self._package, name)) if name in self._there else (otherwise, "utf-8")

    def _free(self) -> str:
        names = (f"{FOLDER}comments{number}.xml" for number in ("", *range(2, 1000)))
        return next(name for name in names if name not in self._there)


def _own(source: str) -> dict[int, str]:
    """The comments by `AUTHOR`."""
    found: dict[int, str] = {}
    number = [-1]

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "comment":
            told = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
            number[0] = int(told.get("id", -1)) if told.get("author") == AUTHOR else -1

    def text(start: int, end: int, node: int, cdata: bool) -> None:
        if number[0] >= 0:
            found[number[0]] = found.get(number[0], "") + html.unescape(source[start:end])

    scan(source, Handler(start, lambda name: None, text))
    return found


def _path(target: str) -> str:
    """A relation's target as the name of a member.

    >>> _path("comments.xml"), _path("/word/comments.xml")
    ('word/comments.xml', 'word/comments.xml')
    """
    return target.removeprefix("/") if target.startswith("/") else f"{FOLDER}{target}"
