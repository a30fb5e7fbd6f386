"""Rules for the ends of sentences: a start that was lost, a final stop that was lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from repair.detect.inflection import PLURAL_IN_FORM, is_base_verb, is_word
from repair.detect.rule import Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.wording import word_set
from repair.lexemes import forms, readings
from repair.paragraphs import STOPPED
from repair.text import Span

PROSE = 10  # words that make a line a paragraph of running text
REPORT = 6  # paragraphs that make a text a report, whose style for stops can be seen
BODY = 3  # lines before it may be headline, standfirst and caption
ENDS = re.compile(r"[.!?…:;][”\"’'»)\]“ ]{0,4}$|[—–-]$")
CREDIT = re.compile(
    r"(?i)(?:additional |further )?(?:reporting|editing|writing|photograph\w*|photo|source|read more|by|copyright"
    r"|edited|written|translated|compiled)\b"
)
LAST_WORD = re.compile(r"(?<![.!?…] )(?<![.!?…][”\"] )(?<!\^)\b[^\W_]+\Z")
SAID = re.compile(r"\b(?:said|says|say|told|added|asks|asked|warned|noted|stated|announced|according to)\b")
UNFINISHED = word_set(
    "the a an of to and or but with for from by at in on that which who is are was were be has have had"
)
MODALS = word_set("will would can could must should might")  # May is a month and a name
REPORTING = word_set(
    "stated said added noted announced declared emphasized emphasised stressed believes considers thinks"
)
BE_HAVE = {"is": "VBN VBG", "are": "VBN VBG", "was": "VBN VBG", "were": "VBN VBG", "has": "VBN", "have": "VBN"}
SMALL = re.compile(r"[\"“‘']?(?P<word>[a-z]{2,})(?=[ ,])")

SMALL_INSIDE = re.compile(r"\b(?P<last>[a-z]{3,})(?P<stop>[.!?]) (?P<next>[a-z]+)(?= [a-z])")
SHORTENED = word_set("etc approx incl vol ext max min est dept")
STARTERS = word_set("the it he she they we this these there")
ASKING = word_set("how what why where who when is are do does can")
QUESTION = re.compile(r"[^.!?\n]*\?")
RELATIVES = word_set("also who whose which that")
MOST_SMALL = 3  # one line in so many may begin small where small beginnings are slips
FIRST_WORD = re.compile(r"[A-Za-z]++(?= )")
NAME_PARTICLES = word_set("de van von der den al el la le du da di bin ibn ap")


@rule("accuracy/omission", "major", "The subject of this sentence is missing.", score=0.8, fix_score=0.0)
def lost_subject(page: Page) -> Iterator[Hit]:
    """A sentence in running text begins with a finite verb and asks nothing ("Will underline the lack of ...").

    Why: the subject was dropped, as the source language allows; English needs it.

    Left alone: questions, inversions ("Had they gone"), orders, names ("Will Smith", and "Will" alone where the text
    has it as a name; "May"), quoted speech, headlines and other short lines.

    >>> text = "The talks begin on Monday in Paris after a long week of talks.\\n"
    >>> mark(lost_subject, text + "Will underline the lack of a European contribution to the talks, it says.")[63:]
    '[Will] underline the lack of a European contribution to the talks, it says.'
    >>> mark(lost_subject, text + "Stated that the lack of a European contribution to the talks will go on.")[63:]
    '[Stated] that the lack of a European contribution to the talks will go on.'
    >>> mark(lost_subject, text + "Will this do for the whole of Europe and its allies? Will Smith said so.")[63:]
    'Will this do for the whole of Europe and its allies? Will Smith said so.'
    """
    for sentence, first, words in _openings(page):
        text = sentence.of(page.text).rstrip()
        if "?" in text or len(words) < 5 or not words[1].islower() or words[1] in PLURAL_IN_FORM:
            continue
        verb = words[2] if words[1] in ("not", "also", "be") else words[1]
        low = first.of(page.text).lower()
        if _is_name(page, first.of(page.text)):
            continue
        if low in REPORTING and words[1] == "that" and words[2].strip(",.") not in ("way", "is", "was", "much"):
            lost = True
        elif low in MODALS and first.of(page.text)[0].isupper():
            lost = words[1] == "be" or (is_base_verb(verb) and not {"ADV", "ADJ"} & readings(verb).keys())
        else:
            lost = low in BE_HAVE and _is_form(verb, BE_HAVE[low].split()) and "NOUN" not in readings(verb)
        if lost and not page.document.is_quoted(first):
            yield Hit(first.start, first.end)


def _is_name(page: Page, word: str) -> bool:
    """True where the text has the word with a capital inside a sentence."""
    return re.search(rf"[a-z,] {re.escape(word)}\b", page.text) is not None


def _is_form(word: str, tags: list[str]) -> bool:
    return any(
        word in forms(lemma, "VERB").get(tag, ()) for lemma in readings(word).get("VERB", ()) for tag in tags
    ) and "ADJ" not in readings(word)


def _openings(page: Page) -> Iterator[tuple[Span, Span, list[str]]]:
    """Each sentence of running text with the span of its first word and its first words."""
    prose = [p for p in page.paragraphs if _is_prose(page, p)]
    index = 0
    for sentence in page.document.sentences:
        while index < len(prose) and prose[index].end <= sentence.start:
            index += 1
        if index == len(prose) or sentence.start < prose[index].start:
            continue
        if match := FIRST_WORD.match(page.text, sentence.start):
            words = page.text[sentence.start : min(sentence.end, sentence.start + 200)].split()[:6]
            yield sentence, Span(*match.span()), words


def _is_prose(page: Page, paragraph: Span) -> bool:
    body = paragraph.of(page.text)
    return bool(ENDS.search(body[-6:])) and len(body.split(None, PROSE)) > PROSE


@rule("fluency/spelling", "minor", "The sentence begins with a small letter.", score=0.9, fix_score=0.9)
def small_start(page: Page) -> Iterator[Hit]:
    """A line, or a sentence in a line, begins with a small letter after one that ended with a full stop.

    Why: an engine translates line by line, and what it takes for a part of a sentence begins small; or the words before
    were lost: then there is no fix. Inside a line only words that begin a sentence and not the rest of one are looked
    at ("the", "it", "how").

    Left alone: first lines (a list or a cut text may begin so), names that begin small, abbreviations before ("Inc.",
    "etc."), words said twice, items after a dash, lines that are wrapped, texts that begin many lines small, as chats
    and lists do.

    >>> first = "The talks went on for hours and days in Paris, they said.\\n"
    >>> mark(small_start, first + "the end of it is not in sight, and they may take a year.")[58:]
    '[the|The] end of it is not in sight, and they may take a year.'
    >>> mark(small_start, "The castle was sold. it had cost a million. Why was it built? how was it built?")
    'The castle was sold. [it|It] had cost a million. Why was it built? [how|How] was it built?'
    >>> mark(small_start, first + "eBay would sell ties, hats etc. the next day. Why? is what they asked.")[58:]
    'eBay would sell ties, hats etc. the next day. Why? is what they asked.'
    """
    yield from _small_lines(page)
    for match in SMALL_INSIDE.finditer(page.text):
        starters = STARTERS if match["stop"] == "." else STARTERS | ASKING
        next_words = " ".join(page.text[match.end() : match.end() + 40].split()[:2])
        asked = SAID.search(next_words) is not None  # "Why? he then asked"
        asked |= match["next"] in ASKING and QUESTION.match(page.text, match.end()) is None  # "Why? is what he asked"
        ends = match["last"] not in SHORTENED and is_word(match["last"])
        if match["next"] in starters and ends and not asked and page.begins_with_capital(match.start()):
            yield Hit(match.start("next"), match.end(), match["next"].capitalize())


def _small_lines(page: Page) -> Iterator[Hit]:
    lines = page.paragraphs
    small = sum(page.text[line.start].islower() for line in lines)
    if small > max(1, len(lines) // MOST_SMALL):
        return
    for former, line in pairwise(lines):
        match = SMALL.match(page.text, line.start)
        above, body = former.of(page.text), line.of(page.text)
        if match is None or not STOPPED.search(above[-12:]) or len(above.split(None, 3)) < 4:
            continue
        word = match["word"]
        if not ENDS.search(body[-6:]) or len(body.split(None, 2)) < 3:
            continue
        if word not in NAME_PARTICLES and is_word(word) and body[match.end() - line.start :].split()[0].lower() != word:
            yield Hit(match.start("word"), match.end("word"), word.capitalize() if _is_whole(word, body) else None)


def _is_whole(word: str, body: str) -> bool:
    """False where words are lost before `word`, mostly the subject: "also called for", "writes that", "who had"."""
    found, following = readings(word), body.split(None, 2)[1]
    if word in RELATIVES or ("ADV" in found and "VERB" in readings(following) and not is_base_verb(following)):
        return False
    if "VERB" not in found or word.endswith("ing"):
        return True
    return "NOUN" in found and (is_base_verb(word) or following == "of")


@rule("fluency/punctuation", "minor", "The paragraph has no final stop.", score=0.7, fix_score=0.6)
def missing_stop(page: Page) -> Iterator[Hit]:
    """One paragraph of a report ends without a stop, where all the others of its length have one.

    Why: the stop was lost, often with what stood before it. For review only: many lines are meant to have none.

    Left alone: the first lines (headline and standfirst), bylines, captions and credits, lists, lines before a list or
    a quotation, short texts, and texts with a second such line: that is their style.

    >>> stops = "The leaders of the two countries met on Monday for talks in Paris.\\n" * 3
    >>> mark(missing_stop, stops + "They said that the talks about security would go on for a week\\n" + stops)[201:271]
    'They said that the talks about security would go on for a [week|week.]'
    >>> mark(missing_stop, stops + "Additional reporting by Ann Smith and Leila Abboud in Paris and in London")[201:]
    'Additional reporting by Ann Smith and Leila Abboud in Paris and in London'
    """
    lines = page.paragraphs
    without = [i for i, p in enumerate(lines) if _is_long(page, p) and not ENDS.search(p.of(page.text)[-6:])]
    if len(without) != 1 or without[0] < BODY or sum(_is_long(page, p) for p in lines) < REPORT:
        return
    paragraph = lines[without[0]]
    body = paragraph.of(page.text)
    following = lines[without[0] + 1 :][:1]
    if following and not _begins_anew(following[0].of(page.text)[0]):
        return
    last = LAST_WORD.search(body[-40:])
    if last is None or last.group().lower() in UNFINISHED or page.is_table(paragraph.start) or not body[0].isupper():
        return
    if SAID.search(body) and _is_prose(page, lines[without[0] - 1]):
        yield Hit(paragraph.end - len(last.group()), paragraph.end, last.group() + ".")


def _is_long(page: Page, paragraph: Span) -> bool:
    body = paragraph.of(page.text)
    is_prose = page.document.block_at(paragraph.start).kind == "paragraph"  # no heading, cell, item or caption
    return is_prose and len(body.split(None, PROSE)) > PROSE and not CREDIT.match(body)


def _begins_anew(first: str) -> bool:
    """False where the next line seems to continue this one or to be an item of a list."""
    return first.isupper() or first in "“\"‘'"
