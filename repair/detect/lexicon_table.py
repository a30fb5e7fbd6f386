"""The table behind the lexicon detector: rows read from `repair/data`, and a lookup by normal form.

Columns: form, languages, English name (as it stands mid-sentence, article included), grade, what it stands for or
looks like. A form in lower case matches any case; otherwise a single word matches in the case written.
Grades:

- `sure`: nothing in English looks like it; flagged everywhere.
- `likely`: flagged, except as part of a name, a gloss or a title; fixed unasked only where the document has more.
- `weak`: flagged only where the document has other signs of the same language, and never fixed unasked.
- `suffixed`: an English abbreviation, flagged only with another language's case ending ("NATO-s").
- `never`: looks foreign but is a name or a word in English copy; written down so that nobody adds it.
- `language`: no form of anything, but how English calls the language of this code.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

Grade = Literal["sure", "likely", "weak", "suffixed", "never", "language"]
DATA = Path(__file__).parent.parent / "data"
SEPARATORS = str.maketrans("-‐‑'’", "     ")


class TableRow(NamedTuple):
    """One line of a table file."""

    form: str
    languages: tuple[str, ...]
    english: str
    grade: Grade
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One foreign form. `english` has more than one name where only a person can choose."""

    form: str
    languages: frozenset[str]
    english: tuple[str, ...]
    grade: Grade
    note: str


class Table:
    """Lookup of entries: single words in their own case or any case, and phrases by their words in lower case."""

    def __init__(self, entries: list[Entry]) -> None:
        self.words: dict[str, Entry] = {}
        self.any_case: dict[str, Entry] = {}
        self.phrases: dict[str, Entry] = {}
        self.longest: dict[str, int] = {}
        for entry in entries:
            words = entry.form.translate(SEPARATORS).split()
            if len(words) > 1:
                self.phrases[" ".join(words).casefold()] = entry
                first = words[0].casefold()
                self.longest[first] = max(self.longest.get(first, 0), len(words))
            elif entry.form.islower():
                self.any_case[entry.form] = entry
            else:
                self.words[entry.form.replace(".", "")] = entry

    def word(self, letters: str) -> Entry | None:
        """The entry for one word, given without its dots."""
        return self.words.get(letters) or self.any_case.get(letters.casefold())


def read_rows(path: Path) -> list[TableRow]:
    """The rows of a table file. Raises ValueError for a line that is not a row: the package is damaged then."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        form, languages, english, grade, note = line.split("\t")
        if grade not in get_args(Grade):
            raise ValueError(f"{path.name}: {form!r} has the unknown grade {grade!r}")
        rows.append(TableRow(form, tuple(languages.split(",")), english, cast(Grade, grade), note))
    return rows


@cache
def load_table() -> Table:
    """The shipped table: organisations and abbreviations written for this project, countries from CLDR."""
    entries: dict[str, Entry] = {}
    for row in [*read_rows(DATA / "lexicon.tsv"), *read_rows(DATA / "countries.tsv")]:
        if row.grade in ("never", "language"):
            continue
        form = unicodedata.normalize("NFC", row.form)
        former = entries.get(form)
        english = (*former.english, row.english) if former else (row.english,)
        entries[form] = Entry(form, frozenset(row.languages), english, row.grade, row.note)
    return Table(list(entries.values()))


@cache
def language_names() -> dict[str, str]:
    """How English calls each language, by the code that rows have.

    >>> language_names()["sq"]
    'Albanian'
    """
    return {row.form: row.english for row in read_rows(DATA / "lexicon.tsv") if row.grade == "language"}


@cache
def country_names() -> frozenset[str]:
    """English names, of one word, of countries and continents that have no article."""
    return frozenset(row.english for row in read_rows(DATA / "countries.tsv") if row.english.isalpha())
