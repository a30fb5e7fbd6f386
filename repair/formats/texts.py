"""What readers of XML with many texts in it have in common.

They keep the elements that are open, the language that each declares, and how deep inside of a text the reading is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from repair.formats.markup import Builder
from repair.formats.xmltext import LANGUAGE, Handler, scan


class Texts(ABC):
    """Reads a document; `declaring` are the attributes that name a language, the first of them first."""

    declaring: tuple[str, ...] = (LANGUAGE,)

    def __init__(self, source: str) -> None:
        self.source = source
        self.open: list[str] = []
        self.languages = [""]
        self.kept = [False]  # is it declared that nobody translates what is inside?
        self.depth = 0  # of the elements from the one that holds the text that is being read
        self.builder = Builder(source)

    def read(self) -> None:
        """Goes through the document. Raises FormatError where it is broken."""
        scan(self.source, Handler(self.start, self.end, self.text))

    @abstractmethod
    def begin(self, name: str, attributes: dict[str, str]) -> Builder | None:
        """Where the text of an element goes that starts outside of any; None where it holds none."""

    @abstractmethod
    def starts_inside(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element starts inside of a text."""

    @abstractmethod
    def ends_inside(self, name: str) -> None:
        """An element inside of a text, or the one that holds it, ends."""

    def put(self, start: int, end: int, node: int, cdata: bool) -> None:
        """Characters of a text."""
        (self.builder.literal if cdata else self.builder.flow)(start, end, node)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        declared = next((attributes[key] for key in self.declaring if key in attributes), self.languages[-1])
        self.languages.append(declared)
        translate = attributes.get("translate", "no" if attributes.get("mtype") == "protected" else "")
        self.kept.append(translate == "no" if translate else self.kept[-1])
        if self.depth:
            self.depth += 1
            self.starts_inside(name, attributes)
        elif builder := self.begin(name, attributes):
            self.builder = builder
            self.depth = 1
        self.open.append(name)

    def end(self, name: str) -> None:
        self.open.pop()
        self.languages.pop()
        self.kept.pop()
        if self.depth:
            self.ends_inside(name)
            self.depth -= 1

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        if self.depth:
            self.put(start, end, node, cdata)
