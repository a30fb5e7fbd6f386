"""Fits an English name into the place of a foreign one: its article, `a` or `an` before it, and its capital.

"talks with SH.BA" needs "the US", "SH.BA president" and "the SH.BA" need "US". Where the grammar is not plain from the
words around, both readings are given and `certain` is False.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from repair.lexemes import readings
from repair.text import Span


def word_set(words: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(words.split())


DETERMINERS = word_set(
    "the this that these those its their his her our your my whose any each every some no both another either"
)
# Words that begin a new part of the sentence: a name before one of them is not an attribute.
FUNCTION_WORDS = word_set(
    """a about above according across after again against all along also although am among an and another are around as
    at away back be because been before behind being below beneath beside besides between beyond but by can cannot
    could despite did do does doing done down during each either else even ever every except few for from had has have
    having he hence her here him his how however i if in including inside instead into is it its just last least less
    like many may me meanwhile might more most much must my near neither never next no nor not now of off on once one
    only onto or other our out outside over own past per perhaps rather regarding same seen she should since so some
    still such than that the their them then there therefore these they this those though through throughout thus till
    to today together tomorrow too toward towards under unlike until unto up upon us very via was we were what when
    where whether which while who whom whose why will with within without would yesterday yet you your
    able unable ready responsible willing unwilling likely unlikely due aware keen free alone too both"""
)
DASHES = frozenset("-–—")
TITLES = word_set(
    """Administration Agency Air Ambassador Ambassadors Armed Army Assembly Assistant Attorney Bank Board Central
    Charter Commissioner Congress Constitution Convention Coordinator Council Court Defence Defense Department
    Deputy Dollar
    Embassy Envoy Executive Federal First Foreign Forces General Government High House Intelligence Interior Justice
    Marines Minister Mission National Navy Office Parliament Peacekeeping Permanent
    President Presidential Prime
    Resolution Secretary Security Senate Senator Senators Special State Supreme Treasury Vice"""
)
NEXT_WORD = re.compile(r"[ \u00a0]([^\W\d_][\w’'-]*)")
NUMBER_AFTER = re.compile(r"[ \u00a0]\d")
NOT_BLANK = re.compile(r"\S")
LAST_WORDS = re.compile(r"(?:([^\W\d_][\w’'-]*)[ \u00a0]+)?([^\W\d_][\w’'-]*)[ \u00a0]\Z")
PLACE_BEFORE = re.compile(r"[^\W\d_a-z]\w*, \Z")
LIST_AFTER = re.compile(r" \w|, (?:and|or)\b")
HEADLINE = 400  # characters at the most
JOINERS = "-‐‑–—/"
SPOKEN_AS_WORDS = frozenset({"NATO", "FIFA", "UEFA", "UNESCO", "UNICEF", "OPEC", "EULEX"})


@dataclass(frozen=True, slots=True)
class Wording:
    """What to put in place of `span`, best first; `certain` is False where a person should choose."""

    span: Span
    texts: tuple[str, ...]
    certain: bool


def fit(text: str, span: Span, name: str, starts_sentence: bool) -> Wording:
    """How `name` ("the US", "Germany") stands in place of `span`, which is widened by a wrong `a` or `an` before it.

    >>> fit("by Sh.ba and Russia", Span(3, 8), "the US", False).texts
    ('the US',)
    >>> fit("an SHBA president said", Span(3, 7), "the US", False)
    Wording(span=Span(start=0, end=7), texts=('a US',), certain=True)
    """
    bare = name.removeprefix("the ")
    former = LAST_WORDS.search(text, max(0, span.start - 60), span.start)
    if former and former[2].lower() in ("a", "an"):
        return _with_indefinite(span, former, bare)
    if bare == name:
        reading = _attributive(text, span)
        return Wording(span, (name,), reading is False)
    texts, certain = _choose(text, span, bare, former)
    if starts_sentence:
        texts = tuple(t[0].upper() + t[1:] for t in texts)
    return Wording(span, texts, certain)


def _choose(text: str, span: Span, bare: str, former: re.Match[str] | None) -> tuple[tuple[str, ...], bool]:
    """The bare name, the name with its article, or both with the likelier first."""
    full = f"the {bare}"
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    if (before and before in JOINERS) or (after and after in JOINERS):
        return (bare,), True
    if before in ("(", "[") and after in (")", "]"):
        return (bare,), True
    if former and _has_determiner(former):
        return (bare,), True
    attributive = _attributive(text, span)
    if attributive:
        return (bare,), True
    if attributive is None:
        return (bare, full), False
    if PLACE_BEFORE.search(text, max(0, span.start - 40), span.start) and not LIST_AFTER.match(text, span.end):
        return (bare, full), False  # "Ohio, SHBA" has none, the end of a list has one
    if span.start < HEADLINE and "\n" not in text[: span.start] and _is_headline(text):
        return (bare, full), False
    return (full,), True


def _has_determiner(former: re.Match[str]) -> bool:
    """True after "the" and its like, after a possessive, and after both with an adjective between."""
    second, first = former[1], former[2]
    if first.lower() in DETERMINERS or re.search(r"(?:[’']s|s[’'])\Z", first):
        return True
    return bool(second) and second.lower() in DETERMINERS and "ADJ" in readings(first.lower())


def _attributive(text: str, span: Span) -> bool | None:
    """Does the name modify the noun after it ("SHBA president")? None where the words do not tell."""
    match = NEXT_WORD.match(text, span.end)
    if not match:
        return None if NUMBER_AFTER.match(text, span.end) else False
    word = match[1]
    if word[0].isupper():
        return True if word in TITLES else None
    if word in FUNCTION_WORDS:
        return False
    classes = readings(word)
    if not classes or "ADV" in classes:
        return None if not classes or "NOUN" in classes or "ADJ" in classes else False
    if "VERB" not in classes:
        return True
    if "NOUN" not in classes:
        return False
    return None if word.endswith(("s", "ing", "ed")) else True


def _is_headline(text: str) -> bool:
    """True where the first line is a headline: short, without a final mark, and with a text below it."""
    first, newline, _ = text[:HEADLINE].partition("\n")
    followed = bool(newline) and NOT_BLANK.search(text, len(first)) is not None
    return followed and len(first.split()) <= 15 and first.rstrip()[-1:] not in set('.!?…:”"')


def _with_indefinite(span: Span, former: re.Match[str], bare: str) -> Wording:
    article = former[2]
    right = "an" if _sounds_like_vowel(bare) else "a"
    if right == article.lower():
        return Wording(span, (bare,), True)
    if article[0].isupper():
        right = right.capitalize()
    return Wording(Span(former.start(2), span.end), (f"{right} {bare}",), True)


def _sounds_like_vowel(name: str) -> bool:
    word = re.split(r"[ -]", name.replace(".", ""))[0]
    if word.isupper() and word not in SPOKEN_AS_WORDS:
        return word[0] in "AEFHILMNORSX"
    return (word[0] in "AEIOÅ" and not word.startswith("Eu")) or bool(re.match(r"Uz", word))
