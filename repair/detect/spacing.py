"""Rules for spaces that translation systems and their tokenisers left in the wrong place, and for doubled marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.inflection import is_word, singular_of
from repair.detect.rule import BLANK, Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.straight import SAYS
from repair.detect.wording import FUNCTION_WORDS, word_set
from repair.lexemes import readings

BEFORE_MARK = re.compile(rf"(?<=\S){BLANK}++[.,;:!?](?=[\s\"”’')\]]|$)", re.M)
AFTER_OPENING = re.compile(rf"(?<![\w.,!?€])“{BLANK}++(?=\w)|[(\[]{BLANK}++(?=\w)")
BEFORE_CLOSING = re.compile(rf"(?<=[\w.,!?…%]){BLANK}++([)\]”])")
GLUED_MARK = re.compile(
    r"(?<=[a-z]{2})(?<!&quot)(?<!&apos)[,;](?=[A-Za-z]{2}|I\b|(?:i\.e|e\.g)\.)"
    r"|(?<=[a-z]{2})\.(?!(?:Ru|Com|Net|Org|Info|Eu|Tv|Ua)\b)(?=[A-Z][a-z]+\b[^.]|I\b)"
    r"|(?<=\d)\.(?=[A-Z][a-z]+ )|(?<=[a-z]{2})[?!](?=[A-Z]?[a-z]{2,}\b(?![=&?/]))"
)
INITIAL = re.compile(r"(?<![\w.@/&-])[A-Z]\.(?=([A-Z][^\W\d_A-Z]{3,})\b(?!\.\w))")
SPACED_INITIAL = re.compile(r"(?<![\w.])[A-Z]\. ([A-Z][^\W\d_A-Z]{3,})\b")
GLUED_CLOSING = re.compile(r"(?<=[\w.,!?])”(?=[A-Za-z]{2})")
GLUED_OPENING = re.compile(r"(?<=[a-z]{2})“(?=\w)")
GLUED_BRACKET = re.compile(r"(?<=[a-z]{3})\((?![IVX]+\))(?=[A-Z][A-Za-z]|[a-z]+ [a-z])")
HYPHEN = re.compile(r"(?<![\w-])([A-Za-z]{2,15}+)(?: -|- )([A-Za-z]{2,15}+)\b(?!-)")
DOUBLED = re.compile(
    r"(?<=[\w”\")]),,+|(?<=\w)(?<!quot)(?<!apos)(?:,\.|;;+|;[.,]|::+|:[.,;]|\?\.)(?=\s|$)|(?<=[a-z]{2})\.\.(?=\s+[A-Z“]|\s*$)",
    re.M,
)
DOUBLED_AT_QUOTE = re.compile(r"(?<=[a-z]{2})([.,])([”\"]) ?[.,](?=\s|$)", re.M)
STOPPED_QUOTE = re.compile(r"[.,][”\"]\Z")

APART = re.compile(
    rf"(?<=[^\W\d_]){BLANK}['’]{BLANK}?(?=s(?= (?:[a-z]|[A-Z][a-z])))|(?<=n){BLANK}['’]{BLANK}?(?=t )"
    rf"|(?<=[^\W\d_]){BLANK}['’]{BLANK}?(?=(?:re|ve|ll) [a-z])"
)
MOUTH = re.compile(r"['’]D\b|['’]?[)\]]+| [)\]]|['’][(\[]| - [()\[\]]")

SHORTENED = word_set(
    "i you he she it we they who that there here what where when how let don didn doesn isn aren wasn weren won wouldn "
    "couldn shouldn hasn haven hadn can mustn needn ain"
)
LAST_WORD = re.compile(r"[A-Za-z]+\Z")
NEXT_WORD = re.compile(r"[A-Za-z]+")

FIRST_PARTS = word_set(
    """full long short high low self well non pre post ex anti mid co semi multi cross pro counter"""
)
LAST_PARTS = word_set(
    """scale term range level old year time based led backed owned made run style wide minded free like related
    friendly profile speed quality class century party government elect state"""
)
MEASURES = word_set("time term range level year class century party state quality speed")  # "parts- time"
NUMBERS = word_set("one two three four five six seven eight nine ten first second third fourth fifth half part medium")
SUSPENDED = word_set("and or to but nor versus as than")
STARTERS = word_set(
    """the it in this that these those they he she we you and but or so if at on as for with from by after before when
    while because however there here his her its our their my your what who how why where not no perhaps although some
    many most then now also according to"""
)
PEOPLE = re.compile(
    "[A-Z][a-z]+(?:ian|ean|ish|ese)|French|German|Dutch|Greek|Czech|American|Israeli|Iraqi|Pakistani|Afghan"
)
SMALL = FUNCTION_WORDS | SUSPENDED
DOMAINS = word_set("in it at no is to so be as my me us")  # after a name: "amazon.in"
APART_COMPOUND = re.compile(
    r"(?<![\w-])(?<!\w - )"
    r"(?:(?P<count>\d{1,3}|[A-Za-z]{2,15}) - (?P<time>year|month|week|day|hour|minute) - (?P<old>old|long)\b"
    r"|(?P<covid>C(?:OVID|ovid))(?: - | -|- )19\b"
    r"|(?P<first>[A-Za-z]{2,15}) - (?P<last>[A-Za-z]{2,15}))(?![\w-])(?! -)"
)
CANNOT = re.compile(r"\b([Cc]an) not\b(?!,? (?:only|just|merely|simply|but|so much|always|help but)\b)")
BRACKET = re.compile(r"\((?!:)|\)")  # but for "(:"
NEAR = 300  # characters before a closing bracket in which its opening one is looked for


@rule("fluency/spacing", "minor", "Space before a punctuation mark.", score=0.97, fix_score=0.97)
def space_before_punctuation(page: Page) -> Iterator[Hit]:
    """A space stands before a full stop, comma, semicolon, colon, question or exclamation mark.

    Why: English sets these marks tight; the space is left over from tokenised output.

    Left alone: spaced ellipses, scores and ratios, marks glued to what follows (".NET"), emoticons, marks after a
    dash, a slash or a colon, and a second stop after a quotation.

    >>> mark(space_before_punctuation, "in comments broadcast on Sunday .")
    'in comments broadcast on Sunday[ .|.]'
    >>> mark(space_before_punctuation, "He won 3 : 2 . . . with .NET")
    'He won 3 : 2 . . . with .NET'
    >>> mark(space_before_punctuation, 'He said "Go." . It parodies news — . Tags : : : : and ./ .')
    'He said "Go." . It parodies news — . Tags : : : : and ./ .'
    >>> mark(space_before_punctuation, "Thanks :) We (or so we thought ;) won :') and : ) so on (all of us :).")
    "Thanks :) We (or so we thought[ ;|;]) won :') and : ) so on (all of us[ :|:])."
    >>> mark(space_before_punctuation, "So sad :'( today, well : - ) and (thanks :)) but (to all :) .")
    "So sad :'( today, well : - ) and (thanks :)) but (to all[ :|:])[ .|.]"
    """
    text = page.text
    for match in BEFORE_MARK.finditer(text):
        start, end = match.span()
        sign = text[end - 1]
        if text[start - 1] in ".…–—/:" or (text[start - 1] == "-" and text[start - 2 : start - 1].isspace()):
            continue
        if sign in ".," and STOPPED_QUOTE.search(text, max(start - 2, 0), start):
            continue  # one mark too many: `double_punctuation`
        if text[end : end + 2] in (" .", " :") or text[end : end + 1] == ".":
            continue
        if sign in ":;" and _is_emoticon(text, end):
            continue
        if text[start - 1].isdigit() and sign == ":" and text[end + 1 : end + 2].isdigit():
            continue
        yield Hit(start, end, sign, trusted=True)


def _closes(text: str, match: re.Match[str]) -> bool:
    """Does a mark that a word follows end a quotation: is one open, or is it said what somebody said? Finns and Swedes
    open quotations with it.
    """
    opened, closed = (text.rfind(sign, text.rfind("\n", 0, match.start()) + 1, match.start()) for sign in "“”")
    return opened > closed or (text[match.start() - 1] in ",!?" and SAYS.match(text, match.end()) is not None)


def _is_emoticon(text: str, end: int) -> bool:
    """True where the colon or semicolon before `end` is a pair of eyes: a mouth follows that closes no bracket."""
    mouth = MOUTH.match(text, end)
    if mouth is None:
        return False
    last = mouth[0][-1]
    if last in "([D" or " - " in mouth[0]:
        return True
    opening, closing = "()" if last == ")" else "[]"
    depth = 0
    for position in range(text.rfind("\n", 0, end) + 1, end):
        if text[position] == opening and text[position - 1 : position] not in tuple(":;-'’"):
            depth += 1
        elif text[position] == closing:
            depth = max(depth - 1, 0)
    return mouth[0].count(closing) > depth


def _is_mouth(text: str, match: re.Match[str]) -> bool:
    """Is a closing bracket the mouth of an emoticon: after eyes, or before them where no bracket is open?"""
    if text[match.start() - 1] in ":;":
        return True
    line = text[max(match.start() - NEAR, 0) : match.start()].rpartition("\n")[2]
    is_open = BRACKET.findall(line)[-1:] == ["("]
    return not is_open and text[match.end() : match.end() + 1] == ":"


@rule("fluency/spacing", "minor", "Space inside brackets or quotation marks.", score=0.97, fix_score=0.97)
def space_inside_pair(page: Page) -> Iterator[Hit]:
    """A space stands just inside brackets or typographic quotation marks.

    Why: the marks belong to the words that they enclose.

    Left alone: empty brackets, tables, straight quotation marks (`space-inside-quotes` pairs those first), and a
    closing mark before a word where no quotation is open: it may open one.

    >>> mark(space_inside_pair, "He said ( in Paris ) that “ all is well ”.")
    'He said [( |(]in Paris[ )|)] that [“ |“]all is well[ ”|”].'
    >>> mark(space_inside_pair, "So sad ): today (: and ( in brackets ): all.")
    'So sad ): today (: and [( |(]in brackets[ )|)]: all.'
    >>> mark(space_inside_pair, "Tick ( ) for yes. He called ”our plan” a plan. It works, ”said Ann.")
    'Tick ( ) for yes. He called ”our plan” a plan. It works,[ ”|” ]said Ann.'
    """
    text = page.text
    for match in AFTER_OPENING.finditer(text):
        start, end = match.span()
        if text[start - 1 : start] in tuple(":;-") or text[start - 2 : start] in (":'", ":’", ";'"):
            continue  # a sad emoticon
        lost = text[start - 1 : start].isalnum() and start > 0
        if not page.is_table(start):
            yield Hit(start, end, " " * lost + text[start], trusted=True)
    for match in BEFORE_CLOSING.finditer(text):
        if match[1] == ")" and _is_mouth(text, match):
            continue
        if not page.is_table(match.start()):
            lost = text[match.end() : match.end() + 1].isalnum()
            if lost and match[1] == "”" and not _closes(text, match):
                continue
            yield Hit(*match.span(), match[1] + " " * lost, trusted=True)


@rule("fluency/spacing", "minor", "A space is missing here.", score=0.95, fix_score=0.95)
def lost_space(page: Page) -> Iterator[Hit]:
    """No space after a comma, semicolon or full stop, or between a word and a quotation mark or bracket.

    Why: the words run into each other; translation joins segments without putting the space back.

    Left alone: numbers, one-letter abbreviations, web addresses, names with a stop in them ("Arch.Design"), optional
    endings such as "rate(s)", charges such as "iron(III)"; an initial, unless the text has several, or
    one with its space.

    >>> mark(lost_space, "The minister,who left,said “no”and went home.He slept(Reuters).")
    'The minister[,|, ]who left[,|, ]said “no[”|” ]and went home[.|. ]He slept[(| (]Reuters).'
    >>> mark(lost_space, "It is in Hindi.It is what to do?And online,I pay 165.And so on.")
    'It is in Hindi[.|. ]It is what to do[?|? ]And online[,|, ]I pay 165[.|. ]And so on.'
    >>> mark(lost_space, "B.Aitimova met N.Sultanov.")
    '[B.|B. ]Aitimova met [N.|N. ]Sultanov.'
    >>> mark(lost_space, "Booking.com, Node.js, an M.Tech, J.League, Gazeta.Ru, amazon.In, x?y=z, notes.Txt, B.Young.")
    'Booking.com, Node.js, an M.Tech, J.League, Gazeta.Ru, amazon.In, x?y=z, notes.Txt, B.Young.'
    >>> mark(lost_space, "The U.S.A. spent 1,000 on Ph.D students(s) and on iron(III) at example.com.")
    'The U.S.A. spent 1,000 on Ph.D students(s) and on iron(III) at example.com.'
    """
    text = page.text
    for match in GLUED_MARK.finditer(text):
        sign = match.group()
        left = LAST_WORD.search(text[max(match.start() - 30, 0) : match.start()])
        right = NEXT_WORD.match(text, match.end())
        known = left is not None and right is not None and is_word(left.group()) and is_word(right.group())
        if sign in ",;":
            yield Hit(*match.span(), sign + " ", trusted=known)
        elif "." not in text[max(match.start() - 20, 0) : match.start()].rpartition(" ")[2] and right is not None:
            if _begins(text, left.group() if left else "", right, sign):
                yield Hit(*match.span(), sign + " ", trusted=True)
            elif sign == "." and known and left is not None and not left.group().istitle():
                yield Hit(*match.span(), sign + " ")
    for match in _initials(page):
        yield Hit(*match.span(), match.group() + " ", trusted=True)
    for match in GLUED_CLOSING.finditer(text):
        start = match.start()
        if text.rfind("“", max(start - 2000, 0), start) > text.rfind("”", max(start - 2000, 0), start):
            yield Hit(*match.span(), "” ", trusted=True)
    for expression in (GLUED_OPENING, GLUED_BRACKET):
        for match in expression.finditer(text):
            yield Hit(*match.span(), " " + match.group(), trusted=True)


def _begins(text: str, left: str, right: re.Match[str], sign: str) -> bool:
    """Does a sentence surely begin after a mark that nothing follows: is `right` a word that sentences begin with, or a
    common one with more of its sentence, and is `left`, what stands before the mark, no part of an address?
    """
    low = right.group().lower()
    if low in STARTERS:
        if low in DOMAINS:
            following = NEXT_WORD.match(text, right.end() + 1)
            named = left.istitle() or not is_word(left)
            if following is None or following[0] in ("and", "or") or (named and following[0] not in FUNCTION_WORDS):
                return False
        return (sign == "." or len(low) > 1) and text[right.end() : right.end() + 1] in (" ", ",")
    plain = left.islower() and is_word(left) and is_word(low)
    return (
        sign == "." and plain and len(left) > 2 and re.match(r" [a-z]", text[right.end() : right.end() + 2]) is not None
    )


def _initials(page: Page) -> list[re.Match[str]]:
    """Initials that lack their space, where the text shows that these are initials."""
    text = page.text
    found = [m for m in INITIAL.finditer(text) if not is_word(m[1]) and m[1] not in ("Tech", "Pharm")]
    found = [m for m in found if not page.is_table(m.start())]
    if len({m[0] + m[1] for m in found}) > 1:
        return found
    spaced = found and any(not is_word(m[1]) for m in SPACED_INITIAL.finditer(text))
    return found if spaced else []


@rule("fluency/spacing", "minor", "Space beside the hyphen of a compound.", score=0.9, fix_score=0.9)
def hyphen_spacing(page: Page) -> Iterator[Hit]:
    """A space stands beside the hyphen of a compound ("full -scale", "ex- minister", "76 - year - old").

    Why: the compound falls apart; translation and its tokenisers split it.

    Left alone: suspended hyphens ("two- and three-year"), dashes, clipped ones ("three parts- time, money"), and words
    that do not usually build compounds. With spaces on both sides it may be a dash: only ages, COVID-19, two
    nationalities, and what the text has as a compound elsewhere are compounds then.

    >>> mark(hyphen_spacing, "the full -scale war and a long- term plan")
    'the [full -scale|full-scale] war and a [long- term|long-term] plan'
    >>> mark(hyphen_spacing, "a short- to medium-term plan, pre- and post-war, the court -that of Paris- said")
    'a short- to medium-term plan, pre- and post-war, the court -that of Paris- said'
    >>> mark(hyphen_spacing, "a 76 - year - old with COVID - 19, the Russian - Ukrainian war")
    'a [76 - year - old|76-year-old] with [COVID - 19|COVID-19], the [Russian - Ukrainian|Russian-Ukrainian] war'
    >>> mark(hyphen_spacing, "a low - rise house beside a low-rise one")
    'a [low - rise|low-rise] house beside a low-rise one'
    >>> mark(hyphen_spacing, "It was low - rise or fall. A year - old or new. French - English and German - rules.")
    'It was low - rise or fall. A year - old or new. French - English and German - rules.'
    """
    for match in HYPHEN.finditer(page.text):
        first, last = match[1].lower(), match[2].lower()
        if last in FUNCTION_WORDS or first in SUSPENDED or singular_of(first) is not None:
            continue
        fits = last in LAST_PARTS and (last not in MEASURES or first in NUMBERS or first in FIRST_PARTS)
        if (first in FIRST_PARTS and first != "so") or fits:
            yield Hit(*match.span(), f"{match[1]}-{match[2]}", trusted=first in FIRST_PARTS and last in LAST_PARTS)
    for match in APART_COMPOUND.finditer(page.text):
        parts = [part for part in match.groups() if part]
        whole = "-".join([match["covid"], "19"] if match["covid"] else parts)
        noun = NEXT_WORD.match(page.text, match.end() + 1)
        peoples = all(map(PEOPLE.fullmatch, parts)) and noun is not None and noun[0] not in SMALL
        if match["first"] is None or peoples or whole.lower() in page.index:
            yield Hit(*match.span(), whole, trusted=match["first"] is None)


@rule("fluency/spacing", "minor", "Space beside an apostrophe.", score=0.95, fix_score=0.95)
def spaced_apostrophe(page: Page) -> Iterator[Hit]:
    """A space stands beside the apostrophe of a possessive or a short form ("Singapore ' s", "didn 't").

    Why: English sets it tight; tokenised output sets it apart.

    Left alone: plural possessives ("the officials' s"), quotations that begin with one letter, years ("'90s"), and
    what stands after an article, a preposition or an adverb, where an owner was lost ("most of 's rays").

    >>> mark(spaced_apostrophe, "Singapore ' s garden, Serena ’ s lungs; it didn ' t and they 're late.")
    "Singapore[ ' |']s garden, Serena[ ’ |’]s lungs; it didn[ ' |']t and they[ '|']re late."
    >>> mark(spaced_apostrophe, "The '90s, the word 's' and the letters 's, t' stand for ' t' and 'steel'.")
    "The '90s, the word 's' and the letters 's, t' stand for ' t' and 'steel'."
    """
    for match in APART.finditer(page.text):
        owner = LAST_WORD.search(page.text, max(match.start() - 30, 0), match.start())
        if owner is not None and owner[0].lower() not in SHORTENED and _owns_nothing(owner[0].lower()):
            continue
        yield Hit(*match.span(), match.group().strip(), trusted=True)


def _owns_nothing(word: str) -> bool:
    return word in FUNCTION_WORDS or set(readings(word)) == {"ADV"}


@rule("fluency/spacing", "minor", "“Cannot” is one word.", score=0.9, fix_score=0.9)
def split_cannot(page: Page) -> Iterator[Hit]:
    """ "Can not" stands in two words.

    Why: English writes it in one; systems that work word by word make two.

    Left alone: "can not only", "can not just" and the like, where "not" belongs to what follows.

    >>> mark(split_cannot, "The state can not invest.")
    'The state [can not|cannot] invest.'
    >>> mark(split_cannot, "It can not only sing, it can not just dance, it can, not surprisingly, talk.")
    'It can not only sing, it can not just dance, it can, not surprisingly, talk.'
    """
    for match in CANNOT.finditer(page.text):
        yield Hit(*match.span(), match[1] + "not", trusted=True)


@rule("fluency/punctuation", "minor", "Two punctuation marks where one belongs.", score=0.9, fix_score=0.85)
def double_punctuation(page: Page) -> Iterator[Hit]:
    """Two marks stand where one belongs (",,", ",.", "..", ".”.").

    Why: one of them is left over from joined segments.

    Left alone: ellipses, "?!", marks after abbreviations ("Inc.,"), and exclamation marks in names.

    >>> mark(double_punctuation, "He left,, they said,. So he said.. “Gone.”. “Never,” , he said.")
    'He left[,,|,] they said[,.|.] So he said[..|.] “Gone[.”.|.”] “Never[,” ,|,”] he said.'
    >>> mark(double_punctuation, "What?! Acme Inc., he said... (Yahoo!, too)")
    'What?! Acme Inc., he said... (Yahoo!, too)'
    """
    for match in DOUBLED.finditer(page.text):
        marks = match.group()
        same = len(set(marks)) == 1
        yield Hit(*match.span(), marks[0] if same or marks[0] in "?!" else marks[-1], trusted=same and marks[0] == ",")
    for match in DOUBLED_AT_QUOTE.finditer(page.text):
        yield Hit(*match.span(), match[1] + match[2])
