"""Somebody else's words: quotations in every style of marks, and what is quoted without marks.

Without marks are dialogue after a dash, transcripts, quoting markup and titles; broken marks are read cautiously.
Nobody may rewrite what somebody said, so doubt goes one way only: text that may lie between marks counts as quoted.
Apostrophes are left alone. What only the reader of a file knows (`<q>`, a style) comes as marks of the document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from repair.paragraphs import FINAL, paragraphs
from repair.text import Span, merged, vocabulary

MARK = re.compile(r"``|''|[“”„‟\"«»‹›＂〝〞]")
OPENING = frozenset("“„«‹〝") | {"``"}
CLOSING = frozenset("”»›〞") | {"''"}
# An apostrophe-like mark that may open a quotation: nothing but space, brackets, dashes or a double mark before it.
SINGLE_OPEN = re.compile(r"(?<![^\s(\[{“„\"«—–-])[‘‚'](?=[\w\[(“\"…$£€])(?!\d\ds?\b)(?!(?i:em|til|tis|twas|cause|n)\b)")
SINGLE_CLOSE = re.compile(r"(?<=[^\s(\[{‘'])[’'‘](?!\w)")
POSSESSIVE = re.compile(r"(?<=[sxzSXZ])[’']\s++[a-z]")
SURE_CLOSE = re.compile(r"(?<=[^\s(\[{‘'sxzSXZ])[’'‘](?!\w)")  # no possessive of a plural
SURE = re.compile("|".join(mark.pattern for mark in (MARK, SINGLE_OPEN, SURE_CLOSE)))
DOUBT = 1000  # characters that a lone or doubtful mark may put in quotation


SAYING = r"(?:said|says|asked|asks|replied|replies|answered|answers|added|adds|told|shouted|cried|whispered|wrote)"
DIALOGUE = re.compile(
    r"\s*+(?:[—–―]\s?(?=[^\W\d_])"  # a dash that a list of short items would have too; both are left to a person
    rf"|-\s(?=[^\n]{{0,300}}?[,?!.]\s(?:{SAYING}|(?:he|she|they|I|we|[Tt]he\s\w+|[A-Z][\w.’'-]*+)\s{SAYING})\b))"
)
QUESTION = re.compile(r"\s*+(?P<name>[QA]|Question|Answer)\s?[:.](?=\s)")
SURE_LABELS = ("Q:", "A:", "Question:", "Answer:")
LABEL = re.compile(r"\s*+(?P<name>[A-Z][\w.’'-]*+(?:\s[A-Z][\w.’'-]*+){0,4}+)(?:\s\([^()\n]{1,60}\))?:(?=\s)")
QUOTED_LINE = re.compile(r"^[ ]{0,3}>[^\n\r]*+", re.MULTILINE)
QUOTING = re.compile(r"<(?P<end>/)?(?P<name>q|blockquote)\b[^<>]*+>", re.IGNORECASE)
SET_OFF = re.compile(
    r"(?<![\w*])(?P<mark>\*{1,3}|_{1,3})(?=[A-Z])(?P<marked>[^*_\n]{2,120}?)(?<=\S)(?P=mark)(?![\w*])"
    r"|<(?P<tag>i|em|cite)>(?P<tagged>[^<>]{2,120})</(?P=tag)>"
)
CAPITALISED = re.compile(r"[A-Z][\w’'-]*+(?:\s(?:(?:of|the|and|a|an|to|in|for|on)\s){0,2}[A-Z][\w’'-]*+)++")
SMALL_WORDS = vocabulary(
    "We You He She They It Was Were Is Are Has Have Had Do Does Did Be Been Not My Your Our His Their This These Those"
    " With From What Who Whom Whose How When Where Why Can Me Us Them"
)


def quotation_spans(text: str, protected: Sequence[Span] = (), among: Iterable[Span] | None = None) -> tuple[Span, ...]:
    """The quotations of `text` with their marks; sorted, disjoint. Marks inside `protected` ranges do not count.

    A quotation that is not closed in its paragraph runs to the paragraph's end, as in speech of several paragraphs; to
    the closing mark where that is the next mark of all. `among` are the paragraphs, where they are known.

    >>> text = "‘It’s the officials’ view,’ she said of “a 'big' deal”, in ’24."
    >>> [span.of(text) for span in quotation_spans(text)]
    ['‘It’s the officials’ view,’', "“a 'big' deal”"]
    """
    every = list(paragraphs(text) if among is None else among)
    spans: list[Span] = []
    for paragraph in every:
        spans += _double(text, paragraph, protected)
    spans += _left_open(text, every, spans)
    for stretch in _stretches(text, every):
        spans += _single(text, stretch, protected)
    spans += _spoken(text, every)
    spans += _elements(text)
    spans += (Span(*match.span()) for match in QUOTED_LINE.finditer(text))
    spans += _titles(text, every)
    return merged(spans)


def marks(text: str) -> list[str]:
    """The marks in some words that open or close a quotation, as far as they can be told from apostrophes.

    >>> marks("the ‘enemy’ of “the officials’ party"), marks("it's the officials' party")
    (['‘', '’', '“'], [])
    """
    return SURE.findall(text)


def _left_open(text: str, every: Sequence[Span], quoted: Sequence[Span]) -> Iterator[Span]:
    """What stands between a quotation that its paragraph leaves open and the paragraph that closes it."""
    ends, starts = {paragraph.end for paragraph in every}, {paragraph.start for paragraph in every}
    for before, after in pairwise(quoted):
        if (
            before.end in ends
            and after.start in starts
            and before.end < after.start <= before.end + 2 * DOUBT
            and MARK.match(text, before.start)
            and not MARK.match(text, after.start)
        ):
            yield Span(before.end, after.start)


def _stretches(text: str, every: Sequence[Span]) -> Iterator[Span]:
    """The paragraphs, with the next line where one ends inside a sentence: it may be wrapped, if nobody can tell."""
    start = 0
    for paragraph, following in pairwise([*every, Span(len(text), len(text))]):
        tail = text[max(paragraph.end - 12, paragraph.start) : paragraph.end]
        broken = tail.count("\n") == 1 and FINAL.search(tail) is None
        if not broken or following.start - start > 2 * DOUBT:
            yield Span(start, paragraph.end)
            start = paragraph.end
    if start < len(text):
        yield Span(start, len(text))


def _spoken(text: str, every: Sequence[Span]) -> Iterator[Span]:
    """Paragraphs of dialogue and of transcripts. A speaker's name counts where names are given again and again."""
    labels = [QUESTION.match(text, s.start, s.end) or LABEL.match(text, s.start, s.end) for s in every]
    names = Counter(match["name"] for match in labels if match)
    last: Span | None = None
    for span, label in zip(every, labels, strict=True):
        if DIALOGUE.match(text, span.start, span.end):
            yield span
        elif label and (names[label["name"]] > 1 or label[0].strip() in SURE_LABELS):
            # an answer may have paragraphs without a name: up to the next name they are the speaker's
            near = last is not None and span.start - last.end <= 2 * DOUBT
            yield Span(last.end if last is not None and near else span.start, span.end)
            last = span


def _elements(text: str) -> Iterator[Span]:
    """What stands in quoting elements of markup."""
    depth, start = 0, 0
    for match in QUOTING.finditer(text):
        if not match["end"]:
            start = start if depth else match.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield Span(start, match.end())


def _titles(text: str, every: Sequence[Span]) -> Iterator[Span]:
    """Titles of works: set off by markup, or capitals throughout with a small word among them ("We Was Robbed")."""
    for match in SET_OFF.finditer(text):
        inside = (match["marked"] or match["tagged"]).split()
        if len(inside) > 1 and sum(word[0].isupper() for word in inside) * 2 > len(inside):
            yield Span(*match.span())
    for paragraph in every:
        body = paragraph.of(text)
        if sum(word[:1].isupper() for word in body.split()) * 2 > len(body.split()):
            continue  # a headline
        for match in CAPITALISED.finditer(text, paragraph.start, paragraph.end):
            if len(inner := match[0].split()) > 2 and not SMALL_WORDS.isdisjoint(inner[1:]):
                yield Span(*match.span())


def _inside(offset: int, ranges: Sequence[Span]) -> bool:
    index = bisect_right(ranges, offset, key=lambda span: span.start) - 1
    return index >= 0 and offset < ranges[index].end


def _direction(text: str, mark: re.Match[str], paragraph: Span, depth: int) -> tuple[bool, bool]:
    """Does the mark open, and is that in doubt? The spaces around it are better witnesses than its shape."""
    before = text[mark.start() - 1] if mark.start() > paragraph.start else " "
    after = text[mark.end()] if mark.end() < paragraph.end else " "
    free_before = before.isspace() or before in "([{—–-‘'“„\"«/>"
    free_after = after.isspace() or after in ")]}.,;:!?…—–-’'”\"»/<"
    if free_before and not free_after:
        return True, False
    if free_after and not free_before:
        return False, False
    if mark[0] in OPENING and not (depth and after.isspace()):
        return True, depth > 0
    if mark[0] in CLOSING:
        return False, depth == 0
    return depth == 0, True


def _double(text: str, paragraph: Span, protected: Sequence[Span]) -> Iterator[Span]:
    start, depth, end, doubtful = paragraph.start, 0, paragraph.start, False
    for mark in MARK.finditer(text, paragraph.start, paragraph.end):
        if _inside(mark.start(), protected):
            continue
        if mark[0] == '"' and depth == 0 and text[mark.start() - 1 : mark.start()].isdigit() and mark.start():
            continue  # inches
        opens, doubt = _direction(text, mark, paragraph, depth)
        doubtful |= doubt
        if opens:
            if depth == 0:
                start = _rejoin(text, end, mark.start()) if doubtful and end > paragraph.start else mark.start()
            # Speech of several paragraphs opens again at each; run together in one line it does so after a stop.
            if depth == 0 or text[max(mark.start() - 3, 0) : mark.start()].rstrip()[-1:] not in ".!?…":
                depth += 1
            continue
        if depth == 0:
            # A closing mark without an opening one: the opening one was lost somewhere before.
            yield Span(max(end, mark.start() - DOUBT), mark.end())
        elif depth == 1:
            yield Span(_rejoin(text, end, start) if doubtful and end > paragraph.start else start, mark.end())
            doubtful = False
        depth = max(depth - 1, 0)
        end = mark.end()
    if depth:
        yield Span(start, paragraph.end)


def _rejoin(text: str, end: int, start: int) -> int:
    """Where a doubtful quotation begins: at the end of the one before, if only a few words stand between."""
    between = text[end:start]
    return end if len(between) <= DOUBT and not re.search(r"[.!?;:]", between) else start


def _single(text: str, paragraph: Span, protected: Sequence[Span]) -> Iterator[Span]:
    position = paragraph.start
    while mark := SINGLE_OPEN.search(text, position, paragraph.end):
        position = mark.end()
        if _inside(mark.start(), protected):
            continue
        following = SINGLE_OPEN.search(text, mark.end(), min(paragraph.end, mark.end() + 2 * DOUBT))
        stop = following.start() if following else min(paragraph.end, mark.end() + 2 * DOUBT)
        possible = None
        for close in SINGLE_CLOSE.finditer(text, mark.end(), stop):
            possible = close
            if not POSSESSIVE.match(text, close.start()):
                break
        if possible is not None:
            position = possible.end()
            yield Span(mark.start(), possible.end())
