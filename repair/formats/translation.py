"""Files of translators, XLIFF 1.2 and 2 and TMX: the English targets or segments, each a text of its own.

What stands in another language in the same unit goes with each as its original: it is read beside it and never
changed. Tags inside a line (`<g>`, `<ph>`) are markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from repair.formats.elements import NOT_TRANSLATED
from repair.formats.markup import Builder, Context
from repair.formats.texts import Texts
from repair.formats.view import Part
from repair.formats.xmltext import LANGUAGE
from repair.text import vocabulary

TEXTS = vocabulary("target seg")
UNITS = vocabulary("trans-unit segment tu")  # hold a text and its translations
DECLARING = ("trgLang", "target-language")  # for a whole file of XLIFF
CODES = vocabulary("ph it bpt ept ut x bx ex")  # stand for markup; what is inside is code


def translation_parts(source: str) -> Iterator[Part]:
    """The English texts, in order."""
    reader = _Translation(source)
    reader.read()
    for number, (builder, unit) in enumerate(reader.texts, start=1):
        if (view := builder.view()).text.strip():
            original = reader.originals.get(unit)
            yield Part(f"[{number}]", replace(view, original=original.view().text.strip() if original else ""))


class _Translation(Texts):
    declaring = (*DECLARING, LANGUAGE, "lang")

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.texts: list[tuple[Builder, int]] = []  # each with the number of its unit
        self.originals: dict[int, Builder] = {}  # the first of each unit
        self.unit = 0
        self.codes = 0

    def begin(self, name: str, attributes: dict[str, str]) -> Builder | None:
        self.unit += name in UNITS
        if name not in TEXTS | {"source"} or "alt-trans" in self.open:
            return None
        builder = Builder(self.source)
        if name in TEXTS and _is_english(self.languages[-1]):
            self.texts.append((builder, self.unit))
        elif name in ("source", "seg"):
            self.originals.setdefault(self.unit, builder)
        else:
            return None
        return builder

    def starts_inside(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in CODES and not self.codes:
            self.builder.object_()
        self.codes += name in CODES

    def ends_inside(self, name: str) -> None:
        self.codes -= name in CODES

    def put(self, start: int, end: int, node: int, cdata: bool) -> None:
        if not self.codes:
            self.builder.context = Context(locked=NOT_TRANSLATED if self.kept[-1] else "")
            super().put(start, end, node, cdata)


def _is_english(language: str) -> bool:
    """
    >>> [_is_english(tag) for tag in ("en", "EN-us", "", "de")]
    [True, True, False, False]
    """
    return language.replace("_", "-").partition("-")[0].lower() == "en"
