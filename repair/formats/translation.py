"""Files of translators, XLIFF 1.2 and 2 and TMX: the English targets or segments, each a text of its own.

What stands in another language in the same unit goes with each as its original: it is read beside it and never
changed. Tags inside a line (`<g>`, `<ph>`) are markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from repair.formats.markup import Builder
from repair.formats.view import Part
from repair.formats.xmltext import LANGUAGE, Handler, scan
from repair.text import vocabulary

TEXTS = vocabulary("target seg")
UNITS = vocabulary("trans-unit segment tu")  # hold a text and its translations
DECLARING = ("trgLang", "target-language")  # for a whole file of XLIFF
CODES = vocabulary("ph it bpt ept ut x bx ex")  # stand for markup; what is inside is code


def translation_parts(source: str) -> Iterator[Part]:
    """The English texts, in order."""
    reader = _Reader(source)
    scan(source, Handler(reader.start, reader.end, reader.text))
    for number, (builder, unit) in enumerate(zip(reader.texts, reader.units, strict=True), start=1):
        if (view := builder.view()).text.strip():
            original = reader.originals.get(unit)
            yield Part(f"[{number}]", replace(view, original=original.view().text.strip() if original else ""))


@dataclass(slots=True)
class _Reader:
    source: str
    texts: list[Builder] = field(default_factory=list)
    units: list[int] = field(default_factory=list)  # of each text
    originals: dict[int, Builder] = field(default_factory=dict)  # the first of each unit
    unit: int = 0
    put: Builder | None = None  # where what is read goes
    open: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=lambda: [""])
    depth: int = 0  # of the elements from the one that holds the text that is being read
    codes: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        languages = [attributes[key] for key in (*DECLARING, LANGUAGE, "lang") if key in attributes]
        self.languages.append(languages[0] if languages else self.languages[-1])
        self.open.append(name)
        self.unit += name in UNITS
        if self.put is not None:
            self.depth += 1
            if name in CODES and not self.codes:
                self.put.object_()
            self.codes += name in CODES
        elif "alt-trans" in self.open:
            return
        elif name in TEXTS and _is_english(self.languages[-1]):
            self.texts.append(self._begin())
            self.units.append(self.unit)
        elif name in ("source", "seg"):
            self.originals.setdefault(self.unit, self._begin())

    def _begin(self) -> Builder:
        self.put, self.depth = Builder(self.source), 1
        return self.put

    def end(self, name: str) -> None:
        self.open.pop()
        self.languages.pop()
        if self.put is not None:
            self.codes -= name in CODES
            self.depth -= 1
            self.put = self.put if self.depth else None

    def text(self, start: int, end: int, node: int, cdata: bool) -> None:
        if self.put is not None and not self.codes:
            (self.put.literal if cdata else self.put.flow)(start, end, node)


def _is_english(language: str) -> bool:
    """
    >>> [_is_english(tag) for tag in ("en", "EN-us", "", "de")]
    [True, True, False, False]
    """
    return language.replace("_", "-").partition("-")[0].lower() == "en"
