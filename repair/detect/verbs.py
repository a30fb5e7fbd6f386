"""Rules for verb forms and words that cannot stand together: "did not went", "he have", "the of", "despite of"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.detect.articles import starts_clause
from repair.detect.inflection import is_base_verb, past_only
from repair.detect.rule import Hit, Page, Word, mark, rule  # noqa: F401 - mark is for the examples
from repair.detect.wording import DASHES, word_set
from repair.lexemes import forms, readings

DO = word_set("did does didn't doesn't don't do")
DID = word_set("did didn't")
MODALS = word_set("""can could will would shall should must may might cannot can't couldn't won't wouldn't shouldn't""")
ALWAYS_BARE = word_set("should must shouldn't wouldn't")
HAVE = word_set("has have had having")
PASSIVE = re.compile(r"\s+by\b")
AUXILIARIES = MODALS | HAVE | DO | word_set("is are was were be been being")


@rule("fluency/grammar", "minor", "A past form where the base form belongs.", score=0.9, fix_score=0.9)
def past_after_did(page: Page) -> Iterator[Hit]:
    """A past form follows "did not" ("did not went").

    Why: the past is told twice, as other languages do it; English tells it in "did". Before "by" it may be a passive
    that has lost its "was" instead, and a person has to look.

    Left alone: forms that are also a base form ("put", "need"), words between the two, and clauses that end in "did
    not", with the verb of the main clause behind them ("those who did not lost their homes").

    >>> mark(past_after_did, "He did not went and she didn't knew it.")
    "He did not [went|go] and she didn't [knew|know] it."
    >>> mark(past_after_did, "The shares did not acquired by the firm.")
    'The shares did not [acquired] by the firm.'
    >>> mark(past_after_did, "It did not cost what they did not need. Those who did not lost their homes.")
    'It did not cost what they did not need. Those who did not lost their homes.'
    """
    for _, verb, base in _past_forms(page, DID):
        yield Hit(verb.start, verb.end, None if PASSIVE.match(page.text, verb.end) else base)


@rule("fluency/grammar", "minor", "A past form where the base form belongs.", score=0.9, fix_score=0.6)
def past_after_do(page: Page) -> Iterator[Hit]:
    """A past form follows "does not" or a modal verb ("don't went", "would said").

    Why: these take the base form, unless the time is wrong ("do not confirmed" may have been "did not confirm").

    Left alone: what `past-after-did` leaves alone.

    >>> mark(past_after_do, "She must said it and they don't went home.")
    "She must [said] it and they don't [went|go] home."
    >>> mark(past_after_do, "The can opened, would-be spent, and as many as could went.")
    'The can opened, would-be spent, and as many as could went.'
    """
    for auxiliary, verb, base in _past_forms(page, (DO | MODALS) - DID):
        # After a modal verb a participle may have lost its "be" instead.
        tags = forms(base, "VERB")
        sure = auxiliary.low in DO or verb.low not in (tags.get("VBN") or tags.get("VBD", ()))
        yield Hit(verb.start, verb.end, base if sure else None)


def _past_forms(page: Page, auxiliaries: frozenset[str]) -> Iterator[tuple[Word, Word, str]]:
    """Each of the auxiliaries that has a past form after it, the form, and its base."""
    for i in page.places(auxiliaries):
        first, second = page.words[i], page.next_to(i)
        if second is None or _may_end_clause(page, i):
            continue
        if second.low == "not":
            verb = page.next_to(i, 2)
        elif first.low in DO and not first.low.endswith("n't"):
            continue
        else:
            verb = second
        if verb is None or not verb.text.islower() or (base := past_only(verb.low)) is None:
            continue
        if first.low in ("can", "will", "may", "might") and not first.text.islower():
            continue
        if verb is second and (
            "ADJ" in readings(verb.low) or "NOUN" in readings(verb.low) or first.low in ("can", "will")
        ):
            continue
        yield first, verb, base


RELATIVE = word_set("who which that")  # as the subject of the clause
OPENING_CLAUSE = word_set("what whatever whoever as than if when where while because why how")


def _may_end_clause(page: Page, i: int) -> bool:
    """True where the auxiliary stands in a subordinate clause that it may end, opened a few words before."""
    subject = page.next_to(i, -1)
    if subject is not None and subject.low in RELATIVE:
        return True
    for offset in range(-1, -7, -1):
        word = page.next_to(i, offset)
        if word is None or word.low in OPENING_CLAUSE:
            return word is not None
    return False


@rule("fluency/grammar", "minor", "A past tense where the participle belongs.", score=0.9, fix_score=0.85)
def past_after_have(page: Page) -> Iterator[Hit]:
    """A past tense follows "has", "have" or "had" ("has went").

    Why: the perfect takes the participle.

    Left alone: verbs whose past tense and participle are alike, or whose past tense is also a noun ("saw"), and
    regular forms beside an irregular participle ("has showed").

    >>> mark(past_after_have, "He has went home and they have not took it; it has showed.")
    'He has [went|gone] home and they have not [took|taken] it; it has showed.'
    >>> mark(past_after_have, "He has put up what they have had, had fell walking, had saw mills.")
    'He has put up what they have had, had fell walking, had saw mills.'
    """
    for i in page.places(HAVE):
        verb = page.next_to(i)
        if verb is not None and verb.low == "not":
            verb = page.next_to(i, 2)
        if verb is None or not verb.text.islower() or (base := past_only(verb.low)) is None:
            continue
        tags = forms(base, "VERB")
        participles = tags.get("VBN", ()) or tags.get("VBD", ())
        if verb.low == "got" or verb.low.endswith("ed") or participles[0].endswith("ed"):
            continue
        if verb.low not in participles and set(readings(verb.low)) == {"VERB"}:
            yield Hit(verb.start, verb.end, participles[0])


@rule("fluency/grammar", "minor", "“To” after a verb that takes the bare verb.", score=0.85, fix_score=0.85)
def to_after_modal(page: Page) -> Iterator[Hit]:
    """ "To" follows "must" or "should" before a verb ("must to leave").

    Why: these take the bare verb.

    Left alone: "do what you can to help", "the will to win" and every other modal that ends its own clause.

    >>> mark(to_after_modal, "They should to leave.")
    'They [should to|should] leave.'
    >>> mark(to_after_modal, "They did what they could to help; it is a must to see.")
    'They did what they could to help; it is a must to see.'
    """
    for i in page.places(ALWAYS_BARE):
        first, to, verb, before = page.words[i], page.next_to(i), page.next_to(i, 2), page.next_to(i, -1)
        if to is None or verb is None or to.low != "to" or not is_base_verb(verb.low):
            continue
        if before is None or before.low not in ("a", "it", "as"):
            yield Hit(first.start, to.end, first.text)


@rule("fluency/grammar", "minor", "Subject and verb do not agree.", score=0.85, fix_score=0.85)
def pronoun_verb(page: Page) -> Iterator[Hit]:
    """A pronoun and its verb differ in number ("he have", "they was").

    Why: agreement is lost when subject and verb are translated apart.

    Left alone: questions and inversions ("did he have"), wishes ("if he were"), "I" and "it", titles ("We Was
    Robbed"), and sentences that demand or set terms, where the subjunctive stands ("on condition he have no contact").

    >>> mark(pronoun_verb, "He have left, they was sorry; we has gone.")
    '[He have|He has] left, [they was|they were] sorry; [we has|we have] gone.'
    >>> mark(pronoun_verb, "Did he have time? If she were here, may they be. It is vital he have no contact.")
    'Did he have time? If she were here, may they be. It is vital he have no contact.'
    """
    for i in page.places(frozenset(AGREEMENT)):
        subject, verb, before = page.words[i], page.next_to(i), page.next_to(i, -1)
        if verb is None or not verb.text.islower() or (right := AGREEMENT[subject.low].get(verb.low)) is None:
            continue
        if before is not None and (before.low in BEFORE_INVERSION or before.low.endswith(("ing", "n't"))):
            continue
        if before is not None and past_only(before.low):
            continue
        if verb.low in ("have", "do") and _sets_terms(page, subject):
            continue
        yield Hit(subject.start, verb.end, f"{subject.text} {right}")


# Words after which a clause has its verb in the base form ("insisted that he leave", "a rule that she have").
TERMS = re.compile(
    r"(?i)\b(?:condition|provided|lest|vital|essential|important|importan\w+|imperative|crucial|critical|necess\w+"
    r"|mandatory|desirable|advisable|preferable|appropriate|fitting|urgent|better|best|so long|order(?:s|ed|ing)?"
    r"|rul(?:e|es|ed|ing)|(?:insist|demand|request|suggest|recommend|direct|ask|urge?|propos[ei]?|requir[ei]?|mov[ei]?"
    r"|plead|pray|prefer|stipulat[ei]?|mandat[ei]?|decre[ei]?|dictat[ei]?|beg|advis[ei]?|instruct|specify|specifi|intend"
    r"|desir[ei]?|wish|arrang[ei]?|agre[ei]?|decid[ei]?|command|necessitat[ei]?|determin[ei]?)\w{0,4})\b"
)


def _sets_terms(page: Page, subject: Word) -> bool:
    """True where the sentence, before the subject, has a word that a subjunctive can follow."""
    start = page.document.sentence_at(subject.start).start if page.document.sentences else 0
    return TERMS.search(page.text, start, subject.start) is not None


AGREEMENT = {
    "he": {"have": "has", "are": "is", "do": "does"},
    "she": {"have": "has", "are": "is", "do": "does"},
    "they": {"has": "have", "was": "were", "is": "are", "does": "do"},
    "we": {"has": "have", "was": "were", "is": "are", "does": "do"},
}
BEFORE_INVERSION = AUXILIARIES | word_set(
    """and or that lest if suggest suggests recommend insist demand demands let than who what how of as to whom"""
)


@rule("fluency/grammar", "major", "These words cannot stand together.", score=0.9, fix_score=0.0)
def clashing_words(page: Page) -> Iterator[Hit]:
    """Two function words stand together that no clause of English joins ("the of", "to for", "a the").

    Why: a word between them was lost, or one of them belongs to another translation of the same phrase.

    Left alone: names ("The Who", "Liu An was"), letters, Latin ("an a priori doubt"), what a dash joins ("the is–ought
    problem") and pairs that a clause can join ("used to for", "to and fro").

    >>> mark(clashing_words, "He went in to the at a meeting, the of war is a the end.")
    'He went in to [the at] a meeting, [the of] war is [a the] end.'
    >>> mark(clashing_words, "The Who and the in crowd, for and against, the to and fro. An was late; Liu An was not.")
    'The Who and the in crowd, for and against, the to and fro. An was late; Liu An was not.'
    >>> mark(clashing_words, "The a cappella group sang of the is–ought problem; the long a is not written.")
    'The a cappella group sang of the is–ought problem; the long a is not written.'
    """
    end = 0  # of the last hit: of three such words in a row the first two are told
    for i in sorted(page.places(frozenset(CLASHES))):
        first, second = page.words[i], page.next_to(i)
        if first.start < end:
            continue
        if second is not None and second.text.islower() and second.low in CLASHES[first.low]:
            if first.low == second.low or first.text.isupper() or _may_be_name(page, first):
                continue
            if _is_letter(page, i) or _is_latin(page, i + 1) or page.text[second.end : second.end + 1] in DASHES:
                continue
            end = second.end
            yield Hit(first.start, end)


def _may_be_name(page: Page, word: Word) -> bool:
    """True for a capital inside a sentence, and for "An" and "My" with one anywhere, which are names too."""
    return word.text[0].isupper() and (word.low in ("an", "my") or not starts_clause(page.text, word.start))


def _is_latin(page: Page, i: int) -> bool:
    """True where "a" begins words of another language."""
    after = page.next_to(i)
    return page.words[i].low == "a" and after is not None and after.low in AFTER_LATIN_A


def _is_letter(page: Page, i: int) -> bool:
    """True where "a" may be a letter: after a number, what is said of letters, or beside another single letter."""
    before, after = page.next_to(i, -1), page.next_to(i, 2)
    alone = before is not None and (before.text[-1].isdigit() or len(before.text) == 1 or before.low in OF_LETTERS)
    return page.words[i].low == "a" and (alone or (after is not None and len(after.text) == 1))


AFTER_LATIN_A = word_set("priori posteriori fortiori cappella capella la deux trois contrario")
OF_LETTERS = word_set("letter letters vowel short long capital")
AFTER_ARTICLE = word_set("of from with at by is are was were has have had and an the")
CLASHES = {
    "the": AFTER_ARTICLE | word_set("a his its their our my your this that these those into"),
    "a": word_set("the of with from by was were are has had his its their this"),
    "an": word_set("the a of with from by was were are is has had his its their this and"),
    "their": word_set("the of from with was were are"),
    "our": word_set("the of from with was were are"),
    "my": word_set("the of from with was were are"),
    "his": word_set("the"),
    "from": word_set("of"),
    "with": word_set("of"),
    "at": word_set("of"),
    "by": word_set("of"),
    "into": word_set("of"),
}

COMPARATIVES = "better|worse|bigger|smaller|easier|faster|stronger|weaker|cheaper"
FIXED = (
    (r"\b(despite) of(?= the| his| its| their| this| all| a\b)", r"\1"),
    (
        r"\b(discuss(?:ed|es|ing)?) about"
        r"(?= (?:it|them|him|her|this|that|these|those|his|their|its|our|how|what|whether|who|why)\b"
        r"| the (?!(?:\w+ )?(?:time|end|middle|start|beginning|turn|age|size|year|month|week|day)\b))",
        r"\1",
    ),
    (r"\b(each) others(?=[.,;]| (?:and|or|in|at|on|to|with|for|as|when|from|by)\b)", r"\1 other"),
    (r"\b(according) (?:with|by)(?= the| his| a\b)", r"\1 to"),
    (
        rf"\b(?:(?<=\ba )|(?<=\bmuch ))more (?=(?:{COMPARATIVES})\b)|\bmore (?=(?:{COMPARATIVES})(?: than\b|[.,;]))",
        "",
    ),
    (
        r"\bsince (?=(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:days|weeks|months|years)[.,;])",
        "for ",
    ),
    (r"\b(explain|describe|propose|suggest) (me|us|him|them)(?= (?:that|how|why|what|the|a)\b)", r"\1 to \2"),
    (r"\b(depend(?:s|ed|ing)?|relies|rely|relied) of\b", r"\1 on"),
)
WRONG = tuple((re.compile(pattern), fix) for pattern, fix in FIXED)


@rule("fluency/grammar", "minor", "This word does not take this complement.", score=0.9, fix_score=0.9)
def wrong_complement(page: Page) -> Iterator[Hit]:
    """A word with a complement that it never takes ("discuss about", "despite of", "more better").

    Why: the pattern of another language shows through.

    Left alone: the same words with the complement that they do take, and idioms ("in spite of").

    >>> mark(wrong_complement, "They discussed about it despite of the ban.")
    'They [discussed about|discussed] it [despite of|despite] the ban.'
    >>> mark(wrong_complement, "In spite of it, each other's plans were discussed about a year ago, about then.")
    "In spite of it, each other's plans were discussed about a year ago, about then."
    """
    for expression, fix in WRONG:
        for match in expression.finditer(page.text):
            yield Hit(*match.span(), match.expand(fix))


UNCOUNTED = re.compile(
    r"\b(information|equipment|furniture|knowledge|luggage|homework|software|hardware|baggage)s\b"
    r"(?=[.,;:)]| (?:and|or|in|on|of|to|with|for|as|from|by|about|that|which|is|are|was|were|has|have|had)\b)"
)


@rule("fluency/grammar", "minor", "This word has no plural.", score=0.95, fix_score=0.9)
def uncounted_plural(page: Page) -> Iterator[Hit]:
    """A word that is never counted has a plural ("informations").

    Why: other languages count what it names.

    Left alone: the same letters before another noun, as in names.

    >>> mark(uncounted_plural, "The informations about new softwares.")
    'The [informations|information] about new [softwares|software].'
    >>> mark(uncounted_plural, "The Softwares Company gave information on its software.")
    'The Softwares Company gave information on its software.'
    """
    for match in UNCOUNTED.finditer(page.text):
        yield Hit(*match.span(), match[1])
