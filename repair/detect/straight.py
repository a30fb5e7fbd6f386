"""Rules for straight quotation marks, which do not show their direction, and for what follows a quotation.

The count of the marks in a paragraph tells what a mark does: the first opens, the second closes. The spaces beside
it tell it too. Where the two disagree a space went astray, or a mark was lost; what stands around the mark says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from repair.detect.rule import BLANK, Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.wording import DASHES, FUNCTION_WORDS, word_set
from repair.text import Span

MARK = re.compile('"')
BLANKS = " \t\u00a0"
SAYING = (
    r"(?:said|says|say|added|adds|noted|notes|stressed|stresses|explained|explains|recalled|recalls|concluded|concludes"
    r"|emphasi[sz]e[ds]|stated|states|continued|continues|declared|declares|admitted|admits|warned|warns|argued|argues"
    r"|insisted|insists|asked|asks|replied|replies|commented|confirmed|told|wrote|writes|thinks|believes|announced|complained)"
)
NAME = r"[A-Z]\w*+\.?(?:[ ’'-][A-Z]\w*+\.?){0,3}+"
WHO = rf"(?:he|she|they|I|we|{NAME}|the (?:statement|message|report|minister|president|official|spokesman|spokeswoman))"
SAYS = re.compile(
    rf"(?P<verb>{SAYING})\b(?! (?:to be|to have|that)\b)|{WHO},? (?:also |then |later )?(?P<after>{SAYING}|reads?)\b"
)
ENDS = re.compile(
    r"[.,:;]|\s*$|\s(?:in|on|at|to|during|after|before|about|when|while|with|as|yesterday|today|[A-Z]\w+)\b"
)
SAID_BEFORE = re.compile(rf"\b(?:{SAYING}|that|asked|reads?|called|answered|is|was),?\Z")
DASHED = re.compile(
    rf"(?<=[\w)%])(?P<inside>[.,]?){BLANK}?(?P<mark>[\"”])(?P<outside>,?){BLANK}?[-–—]{BLANK}?(?=[^\W\d])"
    rf"|(?<=[!?…])(?P<kept>[\"”]),?{BLANK}?[-–—]{BLANK}?(?=[^\W\d])"
)
RUN = re.compile("\"{2,9}|''\"|\"''")
SINGLE_AT_END = re.compile(rf"(?<=[.!?…]){BLANK}'(?={BLANK}*+$)", re.M)
LAST_WORD = re.compile(r"[^\W\d_]+\Z")
# No quotation ends after one of these, and none of the words quoted for their sense begins with one.
BEFORE_OPENING = word_set("of the a an in to by for with and or at from on as than called named about into")
PLAIN = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,3}")


def can_open(before: str, after: str) -> bool:
    """Do the characters beside a mark let it open? Both are empty at the borders of a paragraph."""
    return (before in BLANKS or before in "([—–-") and after not in BLANKS + ".,;:!?)]"


class Straight(NamedTuple):
    """A straight mark, its place among those of its paragraph, and what its paragraph and the spaces beside it say."""

    at: int
    number: int
    of: int
    before: str
    after: str

    @property
    def paired(self) -> bool:
        return self.of % 2 == 0

    @property
    def closes(self) -> bool:
        """By the count; it is worth little where the marks do not pair up."""
        return self.number % 2 == 1

    @property
    def looks_open(self) -> bool:
        return can_open(self.before, self.after)

    @property
    def looks_closed(self) -> bool:
        return self.before not in BLANKS + "([" and (self.after in BLANKS or self.after in ".,;:!?)]")


def straight_marks(page: Page) -> Iterator[list[Straight]]:
    """The straight marks of each paragraph that has any; `before` and `after` are empty at its borders."""
    text = page.text
    for paragraph in page.paragraphs:
        places = [m.start() for m in MARK.finditer(text, paragraph.start, paragraph.end)]
        if places:
            yield [
                Straight(
                    at,
                    number,
                    len(places),
                    text[at - 1] if at > paragraph.start else "",
                    text[at + 1] if at + 1 < paragraph.end else "",
                )
                for number, at in enumerate(places)
            ]


@rule("fluency/spacing", "minor", "Space inside quotation marks.", score=0.95, fix_score=0.95)
def space_inside_quotes(page: Page) -> Iterator[Hit]:
    """A space stands just inside a pair of straight quotation marks, or before a mark that ends its paragraph.

    Why: the marks belong to the words that they enclose; tokenised output sets them apart. A mark at the end of a
    paragraph, or right before a comma or a stop, can't open a quotation.

    Left alone: paragraphs whose straight marks do not pair up, since nobody can tell openers from closers there, but
    for a mark after a stop at the paragraph's end; inches; marks that are themselves spoken of.

    >>> mark(space_inside_quotes, 'The film " The Captain " was a hit.')
    'The film [" |"]The Captain[ "|"] was a hit.'
    >>> mark(space_inside_quotes, 'I hope that the war will end soon. "')
    'I hope that the war will end soon.[ "|"]'
    >>> mark(space_inside_quotes, 'He left "Sochi ", then "Minsk ".')
    'He left "Sochi[ "|"], then "Minsk[ "|"].'
    >>> mark(space_inside_quotes, 'A 12" single, a "hit", a screen of 12 "')
    'A 12" single, a "hit", a screen of 12 "'
    """
    text = page.text
    for marks in straight_marks(page):
        closers = {one.at for one in marks if _must_close(text, one)}
        for at in sorted(closers):
            yield Hit(at - 1, at + 1, '"', trusted=True)
        pairs = list(zip(marks[::2], marks[1::2], strict=False))
        if len(marks) % 2 or any(a.after == '"' or b.after == '"' or not _stands_free(a, b) for a, b in pairs):
            continue
        for a, b in pairs:
            if a.after in BLANKS and a.after and text[a.at + 2 : a.at + 3].isalnum():
                lost = a.before in ".,:" and a.before != ""
                yield Hit(a.at, a.at + 2, " " * lost + '"', trusted=not lost)
            dashed = DASHES & set(text[b.at + 1 : b.at + 4])  # `dash_after_quotation` sets these
            if (
                b.before in BLANKS
                and not dashed
                and b.at - a.at > 3
                and not text[b.at - 2].isspace()
                and b.at not in closers
            ):
                yield Hit(b.at - 1, b.at + 1, '"', trusted=True)
    for match in SINGLE_AT_END.finditer(text):
        yield Hit(*match.span(), "'", trusted=True)


def _stands_free(a: Straight, b: Straight) -> bool:
    """True where no word touches the pair of marks from outside."""
    return not a.before.isalnum() and not b.after.isalnum()


def _must_close(text: str, one: Straight) -> bool:
    """True for a mark with one blank before it where none can open: at the end of its paragraph or before a mark."""
    if one.before not in BLANKS or not one.before or one.at < 2:
        return False
    last = text[one.at - 2]
    if one.after == "":
        return last in ".!?…" or (one.paired and last not in ':"([' and not (last.isspace() or last.isdigit()))
    following = text[one.at + 2 : one.at + 3]
    return (
        one.after in ".,;!?)"
        and not DASHES & set(text[one.at + 1 : one.at + 4])
        and not following.isalnum()
        and one.paired
        and one.closes
        and (last.isalnum() or last in ".,!?)%")
    )


@rule(
    "fluency/punctuation",
    "minor",
    "The space stands on the wrong side of the quotation mark.",
    score=0.9,
    fix_score=0.9,
)
def misplaced_quote(page: Page) -> Iterator[Hit]:
    """A straight mark that ends a quotation has its space before it, or one that begins it has it behind, or none.

    Why: translation sets the space by the word, not by the mark: `these changes, "Zelensky said`, `the number of"
    fined" firms`. The count of the marks, the comma, and who speaks after it say what the mark does.

    Left alone: quotations within quotations, marks that open after "said", paragraphs that only lost a mark, lines
    that begin inside a quotation, inches.

    >>> mark(misplaced_quote, '"You see the price of these changes, "Zelensky said.')
    '"You see the price of these changes,[ "|" ]Zelensky said.'
    >>> mark(misplaced_quote, 'That is above "average,"Kolat noted, the number of" fined" firms, who" ordered "this.')
    'That is above "average,["|" ]Kolat noted, the number of[" | "]fined" firms, who[" | "]ordered[ "|" ]this.'
    >>> mark(misplaced_quote, '"We call it "freedom" here," she said, "she said so." He said, "he said nothing".')
    '"We call it "freedom" here," she said, "she said so." He said, "he said nothing".'
    >>> mark(misplaced_quote, 'of our life," he said. "And so on')
    'of our life," he said. "And so on'
    """
    taken = 0
    for hit in _misplaced(page):
        if hit.start >= taken:
            taken = hit.end
            yield hit


def _misplaced(page: Page) -> Iterator[Hit]:
    text = page.text
    for marks in straight_marks(page):
        depth = 0  # of the quotations that are open, as the spaces tell
        for one, following in zip(marks, [*marks[1:], None], strict=True):
            if one.looks_open and _is_spoken(text, one, depth):
                yield Hit(one.at - 1, one.at + 1, '" ', trusted=True)
                depth = max(depth - 1, 0)
            elif one.after.isalpha() and one.before in ".,!?" and one.before and _closes_glued(text, one, depth):
                yield Hit(one.at, one.at + 1, '" ', trusted=True)
                depth = max(depth - 1, 0)
            elif one.looks_closed and one.after in BLANKS and not one.closes and _must_open(text, one, depth):
                yield Hit(one.at, one.at + 2, ' "', trusted=True)
                depth += 1
            elif following is not None and not depth and _is_turned(text, one, following):
                yield Hit(one.at, one.at + 2, ' "', trusted=True)
                yield Hit(following.at - 1, following.at + 1, '" ', trusted=True)
            else:
                depth = max(depth + one.looks_open - one.looks_closed, 0)


def _is_spoken(text: str, one: Straight, depth: int) -> bool:
    """Does the mark that looks as if it opened stand between what was said and who says it?"""
    if one.before not in BLANKS or one.at < 2 or text[one.at - 2] not in ",!?" or (one.paired and not one.closes):
        return False
    said = SAYS.match(text, one.at + 1)
    if said is None or text[one.at - 3] in '"”' or SAID_BEFORE.search(text, max(one.at - 16, 0), one.at - 1):
        return False
    return depth > 0 or ENDS.match(text, said.end()) is not None


def _closes_glued(text: str, one: Straight, depth: int) -> bool:
    """Does a mark without any space close, after a comma or stop?"""
    return one.closes and depth > 0 if one.paired else SAYS.match(text, one.at + 1) is not None


def _must_open(text: str, one: Straight, depth: int) -> bool:
    """Does the mark that looks as if it closed stand after a colon, or a word that no quotation ends with?"""
    if depth or not text[one.at + 2 : one.at + 3].isalnum():
        return False
    word = LAST_WORD.search(text, max(one.at - 10, 0), one.at)
    return one.before == ":" or (word is not None and word[0] in BEFORE_OPENING and one.paired)


def _is_turned(text: str, one: Straight, following: Straight) -> bool:
    """Do the two marks enclose a few plain words, with both spaces inside, in the middle of a sentence?"""
    inner = text[one.at + 2 : following.at - 1]
    return (
        one.paired
        and not one.closes
        and one.before.isalpha()
        and one.after == following.before == " "
        and following.after.isalpha()
        and PLAIN.fullmatch(inner) is not None
        and not {w.lower() for w in inner.split()} & FUNCTION_WORDS
        and re.search(rf"\b{SAYING}\b", inner) is None
    )


@rule("fluency/punctuation", "minor", "Several quotation marks where one belongs.", score=0.9, fix_score=0.9)
def doubled_quote(page: Page) -> Iterator[Hit]:
    """Two or more straight marks stand where one belongs (`""Troy"".`, `a lie.\"\"\"`).

    Why: tables and programs double the marks of what they quote. Only where the marks of the paragraph open and
    close in turn once each run is taken for one.

    Left alone: quotations within quotations that end together, and empty ones.

    >>> mark(doubled_quote, 'A show called ""Troy"". "That is a lie.\"\"\"')
    'A show called [""|"]Troy[""|"]. "That is a lie.["\""|"]'
    >>> mark(doubled_quote, 'He said, "That was my trial, "Ann."" The field holds "".')
    'He said, "That was my trial, "Ann."" The field holds "".'
    """
    text = page.text
    for paragraph in page.paragraphs:
        runs = list(RUN.finditer(text, paragraph.start, paragraph.end))
        if not runs:
            continue
        places = sorted([m.span() for m in runs] + _single_marks(text, paragraph.start, paragraph.end))
        if (
            all(_fits(text, span, number % 2 == 1, paragraph) for number, span in enumerate(places))
            and not len(places) % 2
        ):
            for run in runs:
                yield Hit(*run.span(), '"', trusted=True)


def _single_marks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The straight marks that belong to no run."""
    alone = RUN.sub(lambda run: " " * len(run[0]), text[start:end])
    return [(start + m.start(), start + m.end()) for m in MARK.finditer(alone)]


def _fits(text: str, span: tuple[int, int], closes: bool, paragraph: Span) -> bool:
    """Do the spaces beside a mark or a run say that it closes, or that it opens?"""
    before = text[span[0] - 1] if span[0] > paragraph.start else ""
    after = text[span[1]] if span[1] < paragraph.end else ""
    return before not in BLANKS + "([" and not after.isalnum() if closes else can_open(before, after)


@rule("fluency/punctuation", "minor", "A dash between a quotation and who says it.", score=0.9, fix_score=0.85)
def dash_after_quotation(page: Page) -> Iterator[Hit]:
    """A dash stands between a quotation and who says it ("results," - said).

    Why: Slavic languages set it there; English has a comma inside the marks and nothing else. The fix sets it, or
    leaves the question or exclamation mark that is there.

    Left alone: dashes after titles and single words ("the “Titanic” - said to be safe"), and before anything but a verb
    of saying and its subject.

    >>> mark(dash_after_quotation, '"We have no doubts about the results," - said Anna. “Why?” – she asked.')
    '"We have no doubts about the results[," - |," ]said Anna. “Why?[” – |” ]she asked.'
    >>> mark(dash_after_quotation, 'The "Titanic" - said to be safe - sank. “Go” - he wrote in May. “Why?” – in vain.')
    'The "Titanic" - said to be safe - sank. “Go” - he wrote in May. “Why?” – in vain.'
    """
    text = page.text
    for match in DASHED.finditer(text):
        said = SAYS.match(text, match.end())
        if said is None or text.startswith(("I ", "we ", "We "), match.end()):
            continue  # in dialogue after dashes somebody else goes on
        if sign := match["kept"]:
            yield Hit(*match.span(), sign + " ", trusted=True)
            continue
        sign = match["mark"]
        comma = bool(match["inside"] or match["outside"])
        opening = text.rfind("“" if sign == "”" else '"', max(match.start() - 1000, 0), match.start())
        words = (
            text[opening + 1 : match.start()].split()
            if opening >= 0 and "\n" not in text[opening : match.start()]
            else []
        )
        if comma or len(words) > 2:
            yield Hit(*match.span(), f",{sign} ", trusted=comma or said["verb"] is not None)
