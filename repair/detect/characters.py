"""Rules for characters that do not belong: other scripts, broken encodings, marks of models, lost letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ftfy
import regex

from repair.correct.pivots import frequency
from repair.detect.inflection import is_word
from repair.detect.rule import Hit, Page, mark, rule  # noqa: F401 - mark is for the examples
from repair.text import ESCAPED, unescaped

FOREIGN = regex.compile(
    r"[\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}"
    r"\p{Georgian}\p{Armenian}\p{Ethiopic}\p{Bengali}\p{Sinhala}\p{Khmer}\p{Tamil}]++"
    r"(?:[ \u00a0]?[\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}"
    r"\p{Thai}\p{Georgian}\p{Armenian}\p{Ethiopic}\p{Bengali}\p{Sinhala}\p{Khmer}\p{Tamil}])*+"
)
LOOKALIKES = str.maketrans("АВЕКМНОРСТХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXaeopcyxijsABEZHIKMNOPTYXo")
MIXED = regex.compile(r"\b(?=\w*\p{Latin})(?=\w*[\p{Cyrillic}\p{Greek}])[\p{Latin}\p{Cyrillic}\p{Greek}]{2,60}+\b")
NON_ASCII = re.compile(
    r"(?<![A-Za-z])[A-Za-z]*+[^\x00-\x7f]++(?:[^\x00-\x7f]++|[A-Za-z€™]{1,3}+(?=[^\x00-\x7f]))*+[A-Za-z]*+"
)
RESIDUE = re.compile(
    r"@(?P<mark>[-/,.:])@|(?<!\w)\w++@@(?=\s|$)|▁(?: |\w*+)|</?(?:unk|s|pad|eos|bos|mask)>"
    r"|\[(?:UNK|PAD|MASK|CLS|SEP)\]|⁇|<0x[0-9A-F]{2}>"
    r"|&amp;?\s?(?:quot|apos|lt|gt|amp|nbsp|#\d{2,4}) ?;|&(?:quot|apos|#39|#34|nbsp) ;"
    r"|\b_?(?:unk|UNK)_\w*|\ufffd++"
)

APOSTROPHE = re.compile(r"(?<=[a-z])(['’])S\b(?!['’.])|(?<=[a-z])[`´](?=(?:s|t|re|ve|ll|m|d)\b)")
ACCENT_OPENS = re.compile(r"(?<!\w)[`´]")
LOST = re.compile(r"(?<![\w/?=&.-])([A-Za-z]{2,20})\?([a-z]{1,20})\b(?![=&?/])")


@rule("fluency/spelling", "minor", "Letters of another script inside a word.", score=0.97, fix_score=0.95)
def mixed_script(page: Page) -> Iterator[Hit]:
    """Cyrillic or Greek letters stand inside a Latin word.

    Why: the word looks right and cannot be found, sorted or spelled; the letters came over from the source.

    Left alone: words all in one script, and single Greek letters as symbols ("β", "µm"). Where letters that look alike
    give no word ("YuВАО" is "YuVAO"), there is no fix.

    >>> mark(mixed_script, "The Сhinese and the Kиev talks with YuВАО.")
    'The [Сhinese|Chinese] and the [Kиev] talks with [YuВАО].'
    >>> mark(mixed_script, "A 5 µm film of β carotene, β-blockers and TNFα.")
    'A 5 µm film of β carotene, β-blockers and TNFα.'
    """
    for match in MIXED.finditer(page.text):
        word = match.group()
        if regex.fullmatch(r"µ?\p{Latin}+[α-ωΑ-Ωµ]?|[α-ωµΔΩ]\p{Latin}+", word):
            continue
        plain = word.translate(LOOKALIKES)
        known = plain.isascii() and (is_word(plain) or frequency(plain.lower()) > 0)
        yield Hit(match.start(), match.end(), plain if known else None, trusted=known)


@rule("accuracy/untranslated", "major", "Untranslated words in another script.", score=0.9, fix_score=0.0)
def foreign_script(page: Page) -> Iterator[Hit]:
    """Words in another script stand in English text.

    Why: they were left untranslated.

    Left alone: names given in their own script in brackets or quotation marks, single Greek letters, and texts that
    are not mostly Latin.

    >>> mark(foreign_script, "Officials met in Москва on Monday.")
    'Officials met in [Москва] on Monday.'
    >>> mark(foreign_script, "The Moscow (Москва) talks, the word “мир”, and β decay.")
    'The Moscow (Москва) talks, the word “мир”, and β decay.'
    """
    matches = list(FOREIGN.finditer(page.text))
    if sum(len(m.group()) for m in matches) * 4 > len(page.text):
        return
    for match in matches:
        start, end = match.span()
        around = page.text[start - 1 : start] + page.text[end : end + 1]
        if any(c.isalpha() or c in "([（“\"‘'«/" for c in around) or (
            end - start == 1 and "Ͱ" <= page.text[start] <= "Ͽ"
        ):
            continue
        plain = match.group().translate(LOOKALIKES) if end - start == 1 else ""
        yield Hit(start, end, plain, trusted=True) if plain.isascii() and plain else Hit(start, end)


@rule("fluency/spelling", "minor", "Text read in the wrong encoding.", score=0.95, fix_score=0.95)
def broken_encoding(page: Page) -> Iterator[Hit]:
    """Characters show text read in the wrong encoding ("cafÃ©", "itâ€™s").

    Why: the letters are noise; ftfy knows the encodings that make it and undoes them.

    Left alone: accents, quotation marks and currency signs that are what they seem to be.

    >>> mark(broken_encoding, "The cafÃ© in Paris, itâ€™s closed.")
    'The [cafÃ©|café] in Paris, [itâ€™s|it’s] closed.'
    >>> mark(broken_encoding, "The café in São Paulo, it’s £5 – or €6.")
    'The café in São Paulo, it’s £5 – or €6.'
    """
    if page.text.isascii():
        return
    for match in NON_ASCII.finditer(page.text):
        word = match.group()
        if len(word) <= 200 and (fixed := ftfy.fix_encoding(word)) != word:
            yield Hit(*match.span(), fixed, trusted=True)


@rule("fluency/spelling", "major", "A mark that a machine left behind.", score=0.95, fix_score=0.9)
def model_residue(page: Page) -> Iterator[Hit]:
    """Marks of a tokeniser, an unknown word or doubly escaped markup ("@-@", "▁", "⁇", "[UNK]").

    Why: they belong to the machine; where they stand for an unknown word, that word is lost.

    Left alone: addresses, handles, and markup that the page itself may need.

    >>> mark(model_residue, "a full @-@ scale war, ▁and the [UNK] of ⁇ said well-@-@ known")
    'a full[ @-@ |-]scale war, [▁and|and] the [[UNK]] of [⁇] said well-[@-@ |]known'
    >>> mark(model_residue, "Write to desk@example.org or @desk.")
    'Write to desk@example.org or @desk.'
    """
    text = page.text
    taken = 0  # a space between two marks belongs to the first
    for match in RESIDUE.finditer(text):
        start, end = match.span()
        if sign := match["mark"]:
            start -= start > taken and text[start - 1] == " "
            end += text[end : end + 1] == " "
            yield Hit(start, end, "" if text[start - 1 : start] == sign else sign, trusted=True)
        elif match.group()[0] == "▁":
            yield Hit(start, end, match.group()[1:].strip(), trusted=True)
        else:
            yield Hit(start, end)
        taken = end


@rule("fluency/spelling", "major", "A letter of this word was lost.", score=0.9, fix_score=0.6)
def lost_letter(page: Page) -> Iterator[Hit]:
    """A question mark stands inside a word ("Ciar?n"): a letter that could not be written was lost.

    Why: the name is misspelt and cannot be found. Where the text has it whole elsewhere, that is the fix.

    Left alone: two words with a lost space between them ("built?how"), addresses and code.

    >>> mark(lost_letter, "Ciar?n Kelly said so. Ciarán Kelly is from Jard?n de la Uni?n.")
    '[Ciar?n|Ciarán] Kelly said so. Ciarán Kelly is from [Jard?n] de la [Uni?n].'
    >>> mark(lost_letter, "Why was it built?how did they? See a?b=c and x?y.")
    'Why was it built?how did they? See a?b=c and x?y.'
    """
    for match in LOST.finditer(page.text):
        if is_word(match[1]) and is_word(match[2]):
            continue
        whole = re.search(rf"\b{re.escape(match[1])}[^\W\d_a-zA-Z]{re.escape(match[2])}\b", page.text)
        yield Hit(*match.span(), whole.group() if whole else None)


@rule("fluency/spelling", "minor", "A mark written as markup writes it.", score=0.95, fix_score=0.95)
def escaped_mark(page: Page) -> Iterator[Hit]:
    """An apostrophe or quotation mark is written as a reference of markup ("the bank&#39;s").

    Why: what was escaped for a page was translated as text, and the reader sees the reference.

    Left alone: texts with tags, where references are right and protected; other references ("AT&amp;T"); code.

    >>> mark(escaped_mark, "The &quot;plan&quot; failed.")
    'The [&quot;|"]plan[&quot;|"] failed.'
    >>> mark(escaped_mark, "AT&amp;T &copy; 2020")
    'AT&amp;T &copy; 2020'
    """
    for match in ESCAPED.finditer(page.text):
        yield Hit(*match.span(), unescaped(match[0]), trusted=True)


@rule(
    "fluency/spelling",
    "minor",
    "Not the apostrophe, or not the letter after it, that English has.",
    score=0.95,
    fix_score=0.95,
)
def odd_apostrophe(page: Page) -> Iterator[Hit]:
    """The ending after an apostrophe has a capital ("Nigeria'S"), or its apostrophe is an accent ("the party`s").

    Why: systems that restore capitals take the ending for a word; keyboards and encodings confuse the two marks.

    Left alone: words in capitals, code between accents, transliterated names ("Sana`a").

    >>> mark(odd_apostrophe, "Nigeria'S first plane; the party`s leader couldn`t come.")
    "Nigeria['S|'s] first plane; the party[`|']s leader couldn[`|']t come."
    >>> mark(odd_apostrophe, "NIGERIA'S PLANE; in Sana`a; an 'S' and `s` and `let`s`; O'S.")
    "NIGERIA'S PLANE; in Sana`a; an 'S' and `s` and `let`s`; O'S."
    """
    for paragraph in page.paragraphs:
        code = ACCENT_OPENS.search(page.text, paragraph.start, paragraph.end)
        for match in APOSTROPHE.finditer(page.text, paragraph.start, paragraph.end):
            if sign := match[1]:
                yield Hit(*match.span(), f"{sign}s", trusted=True)
            elif code is None:
                yield Hit(*match.span(), "'", trusted=True)
