"""From text to Document: sentences, quotations, and the ranges that nobody may touch.

Sentences tile the text exactly; every scan is linear in its length. Nothing here judges what a sentence says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from repair.paragraphs import blocks, tiled
from repair.protect import protected_spans
from repair.quotations import quotation_spans
from repair.text import Document, Marks, Span, merged, vocabulary

MAX_CHARACTERS = 8000
MAX_WORDS = 1000

# A full stop after one of these never ends a sentence: a name or a number follows.
TITLES = vocabulary(
    "mr mrs ms messrs mx dr prof gen lt col maj capt cpt sgt cpl pvt cmdr adm brig gov sen rep rev hon pres supt insp"
    " sr st ste mt ft msgr mgr fr br amb atty dist asst assoc vs v cf viz eg ie fig figs eq art arts vol pp ed eds no"
    " nos nr approx ca est op min max tel ext"
)
# After one of these it ends the sentence only where the next word is one that sentences often begin with.
ABBREVIATIONS = vocabulary(
    "inc corp co ltd plc llc bros jr jnr snr phd esq dept univ assn intl natl govt jan feb mar apr jun jul aug sep sept"
    " oct nov dec mon tue tues wed thu thur thurs fri ala ariz ark calif colo conn del fla ga ill ind kan ky md mich"
    " minn miss mont neb nev okla ore pa penn tenn tex va vt wash wis wyo ave blvd rd mln bln al"
)
# Words that a number follows; elsewhere they are ordinary words.
BEFORE_NUMBER = vocabulary("no nos nr art arts vol pp p fig figs eq op min max ed est ca tel ext")
MONTHS = vocabulary("jan feb mar apr jun jul aug sep sept oct nov dec")
STARTERS = vocabulary(
    "a about according after all also although among an and another any as at because before both but by despite during"
    " each either even every few following for from given he her here his how however i if in instead it its last later"
    " many meanwhile more moreover most much my neither nevertheless next no nor not now of on once one only or other"
    " others our over people perhaps she since so some still such than thanks that the their then there therefore these"
    " they this those though through thus to today together tomorrow two under unless until we what when where whether"
    " which while who why with within without yesterday yet you your"
)
TIME_ZONES = vocabulary("Eastern Central Mountain Pacific Greenwich Moscow Beijing GMT UTC BST CET EST EDT ET PT")
NAMES_WITH_MARKS = vocabulary("yahoo jeopardy yum oklahoma joomla wham panic chips guess jeb hamilton mamma")
SAYING = r"(?:said|says|asked|asks|wrote|writes|added|adds|replied|told|shouted|wondered|exclaimed|tweeted|joked|cried)"

# Stops, what closes after them, and the space; a mark that stands alone after a space ("talks . “") closes too.
STOP = re.compile(
    r"(?P<stop>[.!?…]++)(?P<close>(?:[)\]}\"'”’»›“*_]|\[\d{1,3}\])*+)"
    r"(?P<late>(?:[ \u00a0][\"“”»’'](?=\s|\Z))?)(?P<gap>\s*+)"
)
OPENERS = re.compile(r"[(\[{\"'“”‘«„*_¿¡#>•]*+")
WORD_BEFORE = re.compile(r"(?:[^\W_]+\.)*[^\W_]+\Z")
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
SPEAKER = re.compile(rf"(?:[A-Z][\w.!’'-]*\s+){{1,4}}{SAYING}\b")


def read_document(text: str, name: str = "", marks: Marks | None = None) -> Document:
    """`text` with its sentences, blocks, protected ranges and quotations marked; `marks` are what is known of it
    besides. Never fails: any text is a document."""
    marks = marks or Marks()
    here = tiled(marks.blocks, len(text)) or blocks(text)
    paragraphs = [block.span for block in here]
    kept = filter(len, (*marks.locked, *(one.span for one in marks.foreign)))
    protected = merged((*protected_spans(text), *kept))
    set_off = merged(filter(len, marks.quoted))
    return Document(
        name=name,
        text=text,
        sentences=sentence_spans(text, protected, paragraphs),
        protected=protected,
        quotations=merged((*quotation_spans(text, protected, paragraphs), *set_off)),
        blocks=here,
        foreign=marks.foreign,
        source=marks.source,
        set_off=set_off,
    )


def sentence_spans(
    text: str, protected: Sequence[Span] = (), paragraphs: Iterable[Span] | None = None
) -> tuple[Span, ...]:
    """The sentences of `text`, each beginning where the former ends; none for an empty text.

    White space belongs to the sentence before it, and the end of a paragraph ends a sentence; `paragraphs` are given
    where they are known. No sentence is longer than MAX_CHARACTERS or MAX_WORDS: what is longer is cut at a space.
    A border inside one of the sorted `protected` ranges counts only at a new line.

    >>> text = "Mr. Smith of the U.S. left at 5 p.m. on Monday. “Why?” Yahoo! asked. No. 10 was silent..."
    >>> [span.of(text) for span in sentence_spans(text)]
    ['Mr. Smith of the U.S. left at 5 p.m. on Monday. ', '“Why?” Yahoo! asked. ', 'No. 10 was silent...']
    """
    spans: list[Span] = []
    start = 0
    for paragraph in (block.span for block in blocks(text)) if paragraphs is None else paragraphs:
        for border in (*_unprotected(_borders(text, paragraph), protected), paragraph.end):
            if border > start:
                spans += _cut(text, Span(start, border))
                start = border
    return tuple(spans)


def _unprotected(borders: Iterable[int], protected: Sequence[Span]) -> Iterator[int]:
    for border in borders:
        index = bisect_right(protected, border, key=lambda span: span.start) - 1
        if index < 0 or not protected[index].start < border < protected[index].end:
            yield border


def _borders(text: str, paragraph: Span) -> Iterator[int]:
    """Offsets inside `paragraph` where a new sentence begins."""
    for match in STOP.finditer(text, paragraph.start, paragraph.end):
        if match.end() < paragraph.end and _ends_sentence(text, match, paragraph):
            yield match.end()


def _ends_sentence(text: str, match: re.Match[str], paragraph: Span) -> bool:
    following = text[match.end() : match.end() + 80]
    opened = OPENERS.match(following)
    rest = following[opened.end() :] if opened else following
    first = rest[:1]
    found = WORD.match(rest)
    starter = found is not None and first.isupper() and _base(found[0]) in STARTERS
    before = WORD_BEFORE.search(text[max(paragraph.start, match.start() - 24) : match.start()])
    word = before[0] if before else ""
    if not match["gap"]:
        # "the talks.The officials": only where both sides are plain words.
        return match["stop"] == "." and starter and len(word) > 2 and word.islower() and word not in TITLES
    if not first or first.islower() or first in ",;:.!?)…":
        return False
    if first in "-–—":
        tail = rest.lstrip("-–— \u00a0")
        return not match["close"] and bool(tail) and not tail[0].islower()
    quoted_end = any(mark in "\"'”’»“" for mark in match["close"] + match["late"])
    if quoted_end and SPEAKER.match(rest):
        return False
    if match["stop"] != "." or match["close"] or match["late"]:
        return starter or _base(word) not in NAMES_WITH_MARKS or match["stop"] not in "!?" or bool(match["close"])
    return _full_stop_ends(word, found[0] if found else first, starter, opened is not None and opened.end() > 0)


def _full_stop_ends(word: str, following: str, starter: bool, opened: bool) -> bool:
    """Is a bare full stop after `word` the end of the sentence, or part of an abbreviation?"""
    lower = word.lower()
    number = following[:1].isdigit()
    if not word:
        return True
    if lower in BEFORE_NUMBER:
        return not number and (word.islower() or starter)
    if lower in TITLES:
        return False
    if lower in ("a.m", "p.m", "etc"):
        return following not in TIME_ZONES
    if lower in MONTHS and number:
        return False
    if "." in word and all(len(part) == 1 for part in word.split(".")):
        return starter or opened
    if len(word) == 1 and word.isupper():
        return starter
    if lower in ABBREVIATIONS and word[0].isupper():
        return starter or opened
    return True


def _base(word: str) -> str:
    return re.split("[’']", word.lower(), maxsplit=1)[0]


def _cut(text: str, span: Span) -> Iterator[Span]:
    """`span` itself, or where it is too long, pieces of it cut after white space (anywhere, failing that)."""
    start = span.start
    while (limit := _limit(text, start, span.end)) < span.end:
        end = limit
        while end > start and not text[end - 1].isspace():
            end -= 1
        end = end if end > start else limit
        yield Span(start, end)
        start = end
    yield Span(start, span.end)


def _limit(text: str, start: int, end: int) -> int:
    """How far a piece that begins at `start` may reach."""
    reach = min(end, start + MAX_CHARACTERS)
    if reach - start <= 2 * MAX_WORDS:
        return reach
    words = islice(re.compile(r"\S++\s*+").finditer(text, start, reach), MAX_WORDS - 1, MAX_WORDS)
    return next((word.end() for word in words), reach)
