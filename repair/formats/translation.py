"""Files of translators, XLIFF 1.2 and 2 and TMX: the English targets or segments, each a text of its own.

The source of a translation is not read: it is what somebody else wrote. Tags inside a line (`<g>`, `<ph>`) are markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from repair.formats.markup import Builder
from repair.formats.view import Part
from repair.formats.xmltext import LANGUAGE, Handler, scan
from repair.text import vocabulary

TEXTS = vocabulary("target seg")
DECLARING = ("trgLang", "target-language")  # for a whole file of XLIFF
CODES = vocabulary("ph it bpt ept ut x bx ex")  # stand for markup; what is inside is code


def translation_parts(source: str) -> Iterator[Part]:
    """The English texts, in order."""
    reader = _Reader(source)
    scan(source, Handler(reader.start, reader.end, reader.text))
    for number, builder in enumerate(reader.texts, start=1):
        if (view := builder.view()).text.strip():
            yield Part(f"[{number}]", view)


@dataclass(slots=True)
class _Reader:
    source: str
    texts: list[Builder] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=lambda: [""])
    depth: int = 0  # of the elements from the one that holds the text that is being read
    codes: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        languages = [attributes[key] for key in (*DECLARING, LANGUAGE, "lang") if key in attributes]
        self.languages.append(languages[0] if languages else self.languages[-1])
        self.open.append(name)
        if self.depth:
            self.depth += 1
            if name in CODES and not self.codes:
                self.texts[-1].object_()
            self.codes += name in CODES
        elif name in TEXTS and "alt-trans" not in self.open and _is_english(self.languages[-1]):
            self.texts.append(Builder(self.source))
            self.depth = 1

    def end(self, name: str) -> None:
        self.open.pop()
        self.languages.pop()
        if self.depth:
            self.codes -= name in CODES
            self.depth -= 1

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        if self.depth and not self.codes:
            (self.texts[-1].literal if cdata else self.texts[-1].flow)(start, end, node)


def _is_english(language: str) -> bool:
    """
    >>> [_is_english(tag) for tag in ("en", "EN-us", "", "de")]
    [True, True, False, False]
    """
    return language.replace("_", "-").partition("-")[0].lower() == "en"
