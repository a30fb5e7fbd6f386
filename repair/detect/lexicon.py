"""Finds names of countries and organisations that were left in the language the news came from ("SH.BA", "OTAN").

What it flags: a form from the table (see `lexicon_table`), with dots, odd case and case endings ("Sh.ba", "OKB-së").
Why: an English reader cannot know it. Left alone: forms inside a longer name ("Deportivo España SA"), after a foreign
particle ("Banco de España"), alone in quotation marks or markup, beside "/", "@", "#" or a digit, a gloss
after the English name ("NATO (OTAN)"), and a name that is spoken of ("the country is called Shqipëri").

>>> from repair.text import Document, Span
>>> def show(text):
...     finding, = LexiconDetector().find(Document("", text)) or (None,)
...     return finding and (finding.span.of(text), [s.text for s in finding.suggestions])
>>> show("Peskov spoke of talks with SH.BA")
('SH.BA', ['the US'])
>>> show("The Banco de España raised its rate. In SHBA-së the country is called Shqipëri by its people.")[0]
'SHBA-së'
>>> show("To BE or not to be.")
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repair.detect.inflection import is_word
from repair.detect.lexicon_table import Entry, Table, language_names, load_table
from repair.detect.wording import DETERMINERS, FUNCTION_WORDS, TITLES, fit, word_set
from repair.findings import Finding, Suggestion
from repair.house_style import HouseStyle, load_house_style
from repair.patience import still_wanted
from repair.text import Document, Span

if TYPE_CHECKING:
    from repair.config import Config
    from repair.detect.house import House

LETTERS = r"(?:[^\W\d_][\u0300-\u036f]*)+"
RUN = re.compile(rf"{LETTERS}(?:\.{LETTERS})*")
# What Balkan, Turkish, Hungarian and Finnish copy ties to an abbreviation; English ties "-led" and "'s".
SUFFIX = re.compile(
    r"(?:[-‐‑–](?:së|ës|ja|je|ve|vë|it|in|në|të|s|a|u|om|em|ov|та|то|т|ban|ben|nak|nek|hoz|val|vel|ba|be|tól|ból|ra|t)"
    r"|[’'](?:nin|nın|nun|nün|ye|ya|yi|yı|de|da|den|dan|te|ta|ten|tan|li|lı|deki|daki|in|ın|un|a|e|i|ı|u)"
    r"|:(?:n|ssa|ssä|sta|stä|lle|lla|llä|aan|hin|han|ta|tä))(?!\w)"
)
# After an English abbreviation these can be a word behind a dash ("the EU-it is enough").
ENGLISH_ENDINGS = frozenset(("it", "in", "be", "a", "te", "e"))
GAP = re.compile(r"[ \u00a0]|[ \u00a0]?[-‐‑'’]")
SPACED_DOT = re.compile(r"\.[ \u00a0]")
PARTICLES = word_set(
    """de del della dello di da dal do du des la le les el los las lo van von der die das den dem et y e und w na v u za
    en dans nach aus im zur per para pour por con com für dhe në të së și din og och az Le La Les El Los Las
    Die Das Der Il"""
)
FORMER = re.compile(r"([^\W\d_][\w.]*)[ \u00a0-]\Z")
LATTER = re.compile(r"[ \u00a0-]([^\W\d_]\w*)")
ELIDED = re.compile(r"\b[dlDL][’']\Z")
FIRM = re.compile(r"\)[ \u00a0][^\W\d_a-z]")
# A mark, a word in lower case, a number or a capitalised word: what can stand after the dot of an abbreviation.
AFTER_DOT = re.compile(r"[,;:)\]-]|[’'](?=\w)|[ \u00a0](?:[a-z\d–—-]|(?P<capital>[^\W\d_][\w’'-]*))")
OPENING, CLOSING = "“\"'‘«„*_<", "”\"'’»*_>“"
LANGUAGE = "|".join(map(re.escape, language_names().values()))
# "(Spanish: República Dominicana)", "the Albanian for SHBA": the foreign form is what is spoken of.
GLOSS = re.compile(
    rf"\b(?:{LANGUAGE})"
    r"(?:(?: name| word| abbreviation)?[:,]|[ -](?:name|word|abbreviation|for|called)) \Z"
    r"|\(\w+\.?: ?\Z"
)
# "The country is called Shqipëri by its people", "the placename Suomi": a name that is spoken of.
SPOKEN_OF = re.compile(
    r"\b(?:(?:re)?named|call(?:s|ed|ing)?(?: it(?:self)?| them(?:selves)?| (?:the|their|its) country)?"
    r"|known (?:\w+ )?as|(?:place)?names?|words?|terms?|spelling) \Z"
)
GLOSS_AFTER = re.compile(rf",? in (?:{LANGUAGE})\b")
# The full name that makes a weak abbreviation in brackets behind it plain: "European Union (BE)".
SPELLED_OUT = {
    "the US": "United States", "the UK": "United Kingdom", "the UN": "United Nations", "the EU": "European Union",
    "the IMF": "International Monetary Fund", "the ECB": "European Central Bank", "the WHO": "World Health Organi",
    "the WTO": "World Trade Organi", "the OAS": "Organization of American States", "the ICC": "Criminal Court",
    "the Council of Europe": "Council of Europe", "the European Commission": "European Commission",
    "the UAE": "United Arab Emirates", "the European Court of Human Rights": "Court of Human Rights",
}  # fmt: skip
# What letters in brackets, or after "or", stand for: "the Home Builders Association (SHBA)".
FULL_NAME = re.compile(r"((?:[^\W\d_][\w’'-]*[ \u00a0]+){2,8})\(([A-Z]{3,6})\)")
LINE = 300  # characters on either side of a form that tell whether its line is in capitals
SCORES = {"sure": 0.99, "likely": 0.9, "weak": 0.6, "suffixed": 0.95}
ALONE = 0.6  # of its score has a suggestion for an abbreviation that nothing else in the text explains


@dataclass(frozen=True, slots=True)
class Match:
    """A table form found in a text; `span` takes in its case ending and no full stop."""

    entry: Entry
    span: Span
    suffix: str

    @property
    def is_plain(self) -> bool:
        """True where the form alone is enough to flag it."""
        return self.entry.grade == "sure" or bool(self.suffix)


def make(config: Config, house: House | None) -> LexiconDetector:
    """With the names as the settings' house style writes them, else the house rules."""
    if config.house_style:
        return LexiconDetector(load_house_style(config.house_style))
    return LexiconDetector(house.rules.short_names if house else None)


class LexiconDetector:
    """Detector of untranslated names of countries and organisations. See the module for what it leaves alone."""

    name = "lexicon"

    def __init__(self, house_style: HouseStyle | None = None) -> None:
        self.house_style = house_style or HouseStyle()
        self.table: Table = load_table()

    def find(self, document: Document) -> list[Finding]:
        """Findings in the order of the text."""
        text = document.text
        matches = [
            match
            for match in (_with_own_dot(document, found) for found in find_matches(text, self.table))
            if not document.is_protected(match.span) and not _is_left_alone(text, match)
        ]
        others = _otherwise_named(text) if matches else frozenset()
        matches = [match for match in matches if match.span.of(text) not in others]
        findings = []
        strong = list(dict.fromkeys(m.entry for m in matches if m.is_plain or m.entry.grade == "likely"))
        for match in matches:
            still_wanted()
            evidence = _has_evidence(text, match, strong)
            if match.entry.grade != "weak" or match.suffix or evidence:
                findings.append(self._finding(document, match, evidence))
        return findings

    def _finding(self, document: Document, match: Match, evidence: bool) -> Finding:
        text, entry = document.text, match.entry
        starts_sentence = _starts_sentence(document, match.span)
        wordings = [fit(text, match.span, self._in_style(name), starts_sentence) for name in entry.english]
        trusted = (
            len(wordings) == 1
            and wordings[0].certain
            and (match.is_plain or (entry.grade == "likely" and evidence))
            and _reads_as_english(text, match, starts_sentence)
        )  # fmt: skip
        texts = [_without_double_stop(text, w.span, t) for w in wordings for t in w.texts]
        score = SCORES[entry.grade]
        # Letters can stand for something else ("OKB" is a crypto token too): alone in a text they are for a person.
        sure = 1.0 if evidence or match.is_plain or not entry.form.isupper() else ALONE
        return Finding(
            span=wordings[0].span,
            category="accuracy/untranslated",
            severity="major",
            score=score,
            message=_message(text, match),
            source=self.name,
            suggestions=tuple(
                Suggestion(t, sure * score / (i + 1), trusted) for i, t in enumerate(dict.fromkeys(texts))
            ),
        )

    def _in_style(self, name: str) -> str:
        bare = name.removeprefix("the ")
        return name[: len(name) - len(bare)] + self.house_style.write(bare)


def find_matches(text: str, table: Table) -> Iterator[Match]:
    """Every form of the table in `text`, the longest at each place, without judging its surroundings."""
    runs = list(RUN.finditer(text))
    words = [unicodedata.normalize("NFC", run[0]) if not run[0].isascii() else run[0] for run in runs]
    done = 0
    for i, word in enumerate(words):
        if i < done:
            continue
        found = _phrase(text, runs, words, i, table) or _spaced_abbreviation(text, runs, words, i, table)
        entry, last = found or (table.word(word.replace(".", "")), i)
        if entry is None:
            continue
        end = runs[last].end()
        suffix = SUFFIX.match(text, end)
        if suffix and entry.grade == "suffixed" and suffix[0][1:] in ENGLISH_ENDINGS:
            suffix = None
        if suffix:
            end = suffix.end()
        elif entry.grade == "suffixed":
            continue
        done = last + 1
        yield Match(entry, Span(runs[i].start(), end), suffix[0] if suffix else "")


def _phrase(text: str, runs: list[re.Match[str]], words: list[str], i: int, table: Table) -> tuple[Entry, int] | None:
    longest = table.longest.get(words[i].casefold(), 0)
    if not longest or not words[i][0].isupper():
        return None
    last = i
    while last + 1 < min(i + longest, len(runs)) and GAP.fullmatch(text, runs[last].end(), runs[last + 1].start()):
        last += 1
    for end in range(last, i, -1):
        entry = table.phrases.get(" ".join(words[i : end + 1]).casefold())
        if entry:
            return entry, end
    return None


def _spaced_abbreviation(
    text: str, runs: list[re.Match[str]], words: list[str], i: int, table: Table
) -> tuple[Entry, int] | None:
    """An abbreviation with a space behind each dot: "EE. UU.", "S. H. B. A."."""
    last, letters, best = i, words[i], None
    while len(words[last]) <= 2 and words[last].isupper() and last + 1 < len(runs) and last < i + 3:
        if not SPACED_DOT.fullmatch(text, runs[last].end(), runs[last + 1].start()):
            break
        last += 1
        letters += words[last]
        entry = table.word(letters) if len(words[last]) <= 2 and words[last].isupper() else None
        best = (entry, last) if entry else best
    return best


def _with_own_dot(document: Document, match: Match) -> Match:
    """Takes in the last dot of "EE.UU." where it cannot be the sentence's full stop."""
    text, end = document.text, match.span.end
    if match.suffix or "." not in match.span.of(text) or text[end : end + 1] != ".":
        return match
    latter = AFTER_DOT.match(text, end + 1)
    if not latter or (latter["capital"] and latter["capital"] not in TITLES):
        return match
    return Match(match.entry, Span(match.span.start, end + 1), "")


def _is_left_alone(text: str, match: Match) -> bool:
    """True where the surroundings say that this is no slip: a link, a name, a title, a gloss."""
    before, after = text[max(match.span.start - 80, 0) : match.span.start], text[match.span.end : match.span.end + 40]
    if before[-1:] in tuple("@#_\\0123456789") or after[:1] in tuple("@_\\0123456789"):
        return True
    english = [name.removeprefix("the ") for name in match.entry.english]
    if before.endswith(tuple(f"{name} (" for name in english)):
        return True
    if GLOSS.search(before) or GLOSS_AFTER.match(after) or _is_in_foreign_text(before, after):
        return True
    if not match.entry.form.isupper() and SPOKEN_OF.search(before):
        return True
    if match.is_plain:
        return False
    if before[-1:] == "/" or after[:1] == "/" or ELIDED.search(before) or FIRM.match(after):
        return True
    if before[-1:] in tuple(OPENING) and after[:1] in tuple(CLOSING):
        return True
    if match.entry.grade == "weak" and _line_is_capitals(text, match.span):
        return True
    return _in_name(before, after)


def _otherwise_named(text: str) -> frozenset[str]:
    """Abbreviations of which the text itself says that they stand for English words: "Home Builders Society (HBS)".

    >>> sorted(_otherwise_named("The Spokane Home Builders Association (SHBA), the Organisation du Traité Nord (OTN)"))
    ['SHBA']
    """
    found = set()
    for match in FULL_NAME.finditer(text):
        name, letters = [word for word in match[1].split() if word[0].isupper()], match[2]
        name = name[-len(letters) :]
        if "".join(word[0] for word in name) == letters and sum(map(is_word, name)) > len(name) / 2:
            found.add(letters)
    return frozenset(found)


def _is_in_foreign_text(before: str, after: str) -> bool:
    """True beside Greek or Cyrillic words: a whole sentence was left, and one name put right would not mend it."""
    return bool(re.search(r"[\u0370-\u03ff\u0400-\u052f]\W{1,3}\Z", before)) or bool(
        re.match(r"\W{1,3}[\u0370-\u03ff\u0400-\u052f]", after)
    )


def _in_name(before: str, after: str) -> bool:
    """True beside a capitalised word that is no title, or a particle of another language."""
    former, latter = FORMER.search(before), LATTER.match(after)
    if former and (former[1] in PARTICLES or (former[1][0].isupper() and former[1].lower() not in FUNCTION_WORDS)):
        return True
    return latter is not None and (latter[1] in PARTICLES or (latter[1][0].isupper() and latter[1] not in TITLES))


def _reads_as_english(text: str, match: Match, starts_sentence: bool) -> bool:
    """True where the name alone mends the place: no foreign particle beside it, not the word that is spoken of.

    A case ending can stand for a preposition ("OKB-së" is "of the UN"), so one must be there already.
    """
    before, after = text[max(match.span.start - 40, 0) : match.span.start], text[match.span.end : match.span.end + 40]
    former, latter = FORMER.search(before), LATTER.match(after)
    if (former and former[1] in PARTICLES) or (latter and latter[1] in PARTICLES):
        return False
    if before[-1:] in tuple(OPENING) and after[:1] in tuple(CLOSING):
        return False
    if match.entry.grade == "likely" and latter and after[0] == "-":
        return False  # half of a foreign compound: "Salomonen-inseln"
    return not match.suffix or starts_sentence or bool(former and former[1].lower() in FUNCTION_WORDS | DETERMINERS)


def _line_is_capitals(text: str, span: Span) -> bool:
    before, after = text[max(span.start - LINE, 0) : span.start], text[span.end : span.end + LINE]
    line = before.rpartition("\n")[2] + span.of(text) + after.partition("\n")[0]
    letters = [c for c in line if c.isalpha()]
    return sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _has_evidence(text: str, match: Match, strong: list[Entry]) -> bool:
    """Does anything else show the language: another, `strong` form of it, or the English name before the bracket?"""
    for other in strong:
        shared = other.languages & match.entry.languages or other.grade == "suffixed"
        if other.form != match.entry.form and shared:
            return True
    if text[match.span.start - 1 : match.span.start] != "(":
        return False
    before = text[max(0, match.span.start - 50) : match.span.start]
    return any(SPELLED_OUT.get(name, "\0").lower() in before.lower() for name in match.entry.english)


def _starts_sentence(document: Document, span: Span) -> bool:
    start = document.sentence_at(span.start).start if document.sentences else 0
    return not any(c.isalnum() for c in document.text[start : span.start])


def _without_double_stop(text: str, span: Span, suggestion: str) -> str:
    """ "U.S." before a full stop keeps one dot."""
    return suggestion[:-1] if suggestion.endswith(".") and text[span.end : span.end + 1] == "." else suggestion


def _message(text: str, match: Match) -> str:
    entry = match.entry
    form = f"“{match.span.of(text)}”"
    english = " or ".join(f"“{name}”" for name in entry.english)
    names = sorted(name for code, name in language_names().items() if code in entry.languages)
    if not names:
        return f"{form} is {english} with another language's case ending."
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:3])}{' and others' if len(names) > 3 else ''}"
    return f"{form} is {english} in {listed}."
