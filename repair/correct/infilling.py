"""Our own corrector: wordings from many sources, each rated with the probability that an editor takes it.

They come from knowledge (`candidates`), from the infilling adapter, and from a served model where there is one.

"No change" is always a candidate: what stands in the text is scored like the rest, and a candidate has to beat it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, product
from typing import TYPE_CHECKING

import regex

from repair.american import respells
from repair.config import Config
from repair.correct.candidates import Candidate, candidates
from repair.correct.pieces import asked, pieces
from repair.correct.reasons import LIKELY, reason
from repair.correct.served import ServedModel
from repair.edits import Edit, apply
from repair.findings import SHOWN, Finding, Suggestion
from repair.judges.fitted import shipped
from repair.judges.wordings import Features, InOrder, ServedJudge, WordingJudge
from repair.lexemes import FUNCTION_WORDS, PUNCTUATION
from repair.lm.answers import AnyInfiller, Inquiry, Options
from repair.lm.threads import side_by_side
from repair.progress import tell
from repair.quotations import marks
from repair.text import Document, Span
from repair.trained import weights

if TYPE_CHECKING:
    from repair.lm.model import LanguageModel

PICTURE = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]")
LEAST = 0.005
PAIRED_WORDS = 3  # up to this many words in a span two are changed together
PAIRED = 20  # alternatives of each word that are then combined
PAIR_COST = 1.0  # nats
TOGETHER = 4  # pieces of a text that are read together, and read again together where one of them has changed


Offers = Mapping[int, tuple[str, ...]]  # wordings of a served model, by the number of the finding


@dataclass(frozen=True, slots=True)
class Scored:
    """A wording of a finding's whole span with what the judges say of it."""

    text: str
    features: Features


class InfillingCorrector:
    """Looks at doubtful spans in their context and proposes replacements. `served` offers more, which `served_judge`
    rates; it may be put in and taken out.
    """

    calibrated = True

    def __init__(
        self,
        infiller: AnyInfiller,
        judge: WordingJudge,
        served_judge: ServedJudge | InOrder | None = None,
        served: ServedModel | None = None,
    ) -> None:
        self.infiller, self.judge, self.served_judge = infiller, judge, served_judge or InOrder()
        self.served = served

    @property
    def signature(self) -> list[str]:
        """The weights; then the served model, whose name may be learnt late, and how its wordings are rated."""
        own = [f"infill:{self.infiller.sha256[:8]}", f"wordings:{self.judge.version}"]
        return own + ([*self.served.signature, f"served-look:{self.served_judge.version}"] if self.served else [])

    def notes(self) -> tuple[str, ...]:
        """What there is to tell of the served model."""
        return self.served.notes() if self.served else ()

    def propose(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """The findings, which must not overlap; those without a suggestion get some, where there are any."""
        silent = [finding for finding in findings if not finding.suggestions]
        offers = self.served.wordings(document, [finding.span for finding in silent]) if self.served else {}
        model = self.served.name if self.served else ""
        tell("looking", 0, len(silent))
        wordings: dict[int, tuple[Scored, ...]] = {}
        for some in self.ask(document, silent, offers):
            wordings |= some
            tell("looking", len(wordings), len(silent))
        told = [finding for finding in findings if finding.suggestions]
        for number, finding in enumerate(silent):
            suggestions = self.suggestions(wordings.get(number, ()), finding.score, model)
            told.append(explained(document, replace(finding, suggestions=suggestions)))
        return told

    def ask(
        self, document: Document, findings: Sequence[Finding], offers: Offers | None = None
    ) -> Iterator[dict[int, tuple[Scored, ...]]]:
        """The wordings of each finding by its number, some pieces of the text at a time. The spans must not overlap.

        Among them are those that a served model offers, which are read whatever is thought of them. A finding that
        cannot be asked about is in none.
        """
        order = sorted(range(len(findings)), key=lambda i: findings[i].span)
        spans = [findings[i].span for i in order]
        offered = [(offers or {}).get(i, ()) for i in order]
        group = {piece: number // TOGETHER for number, piece in enumerate(pieces(document))}
        parted = [list(some) for _, some in groupby(asked(document, spans), key=lambda one: group[one[0]])]

        def read(some: Sequence[tuple[Span, Sequence[int]]]) -> dict[int, tuple[Scored, ...]]:
            return self._read(document, spans, offered, some)

        for found in side_by_side(read, parted, self.infiller.threads):
            yield {order[number]: known for number, known in found.items()}

    def _read(
        self,
        document: Document,
        spans: Sequence[Span],
        offered: Sequence[tuple[str, ...]],
        some: Sequence[tuple[Span, Sequence[int]]],
    ) -> dict[int, tuple[Scored, ...]]:
        """The wordings of the spans in some pieces, each with the numbers of its spans."""
        known = {number: wordings(document, spans[number]) for _, numbers in some for number in numbers}
        inquiries = [
            Inquiry(
                piece.of(document.text),
                tuple(spans[number].shift(-piece.start) for number in numbers),
                tuple(options(known[number], offered[number]) for number in numbers),
            )
            for piece, numbers in some
        ]
        found = {}
        for (_, numbers), answer in zip(some, self.infiller.answer(inquiries), strict=True):
            for number, said in zip(numbers, answer, strict=True):
                found[number] = scored(spans[number].of(document.text), known[number], said, offered[number])
        return found

    def suggestions(self, wordings: Sequence[Scored], doubt: float, model: str = "") -> tuple[Suggestion, ...]:
        """The likeliest wordings of a span that is garbled with probability `doubt`, best first. `model` is the name of
        the served one that has offered some.
        """
        rated = [(self._probability(one.features, doubt), one.text, one.features.rank) for one in wordings]
        best = sorted(rated, reverse=True)[:SHOWN]
        return tuple(
            Suggestion(text, rating, guess=True, by=model if rank else "")
            for rating, text, rank in best
            if rating >= LEAST
        )

    def _probability(self, features: Features, doubt: float) -> float:
        judge = self.served_judge if features.rank else self.judge
        return judge.probability(features, doubt)


def make(config: Config, lm: LanguageModel) -> InfillingCorrector:
    """With the weights trained here. Raises ModelError, ConfigError."""
    from repair.lm.infill import Infiller  # deferred: torch

    return over(Infiller(lm, weights("infill")), config)


def over(infiller: AnyInfiller, config: Config) -> InfillingCorrector:
    """With the shipped judges, and the served model where one is named. Raises ModelError, ConfigError."""
    fitted = shipped()
    served = ServedModel(config.corrector) if config.corrector.url else None
    return InfillingCorrector(infiller, fitted.wordings, fitted.served_wordings, served)


def explained(document: Document, finding: Finding) -> Finding:
    """A finding of the model with what its likeliest wording tells of the reason."""
    if finding.category == "accuracy/untranslated":
        return finding
    best = finding.suggestions[0] if finding.source == "lm" and finding.suggestions else None
    known = reason(finding.span.of(document.text), best.text) if best and best.score >= LIKELY else None
    return replace(finding, category=known[0], message=known[1]) if known else finding


def wordings(document: Document, span: Span) -> dict[str, Candidate]:
    """What the whole span would read with one word changed, or two where it is short; with where that comes from."""
    single = list(candidates(document, span))
    changes: list[tuple[list[Edit], str, float]] = [([Edit(c.span, c.text)], c.kind, c.prior) for c in single]
    if len(span.of(document.text).split()) <= PAIRED_WORDS:
        best: dict[Span, list[Candidate]] = defaultdict(list)
        for candidate in sorted(single, key=lambda c: -c.prior):
            if len(best[candidate.span]) < PAIRED:
                best[candidate.span].append(candidate)
        for one, other in combinations(best, 2):
            for a, b in product(best[one], best[other]):
                changes.append(([Edit(one, a.text), Edit(other, b.text)], "pair", a.prior + b.prior - PAIR_COST))
    result: dict[str, Candidate] = {}
    for edits, kind, prior in changes:
        text = apply(span.of(document.text), [Edit(e.span.shift(-span.start), e.text) for e in edits])
        if text not in result or prior > result[text].prior:
            result[text] = Candidate(span, text, kind, prior)
    return result


def options(known: Mapping[str, Candidate], offered: Sequence[str]) -> Options:
    """What the adapter is to follow: what is offered in any case, then what is known."""
    rest = ((text, one.prior) for text, one in known.items() if text not in offered)
    return (*((text, math.inf) for text in offered), *rest)


def leaves_out(old: str, text: str) -> bool:
    """True where `text` is all gone, or `old` with several of its words left out and nothing put in their place.

    Such a wording is not proposed: it reads well, and too often it leaves out a fact.

    >>> leaves_out("After their success, after the", "After the"), leaves_out("audience present", "audience")
    (True, False)
    """
    words = old.casefold().split()
    rest = iter(words)
    left = text.casefold().split()
    return not text.strip() or (len(words) - len(left) > 1 and all(word in rest for word in left))


def redraws(old: str, text: str) -> bool:
    """True where `text` has other emoji than `old`, or one of them taken apart: no picture is a slip of a translator.

    >>> redraws("thanks 🙏🏽🙏🏽", "thank you 🙏🏽🙏"), redraws("thanks 🙏🏽", "thank you 🙏🏽")
    (True, False)
    """
    return bool(PICTURE.findall(old) != PICTURE.findall(text))


def requotes(old: str, text: str) -> bool:
    """True where `text` opens or closes quotations that `old` does not, or the other way round: what was said by whom
    is a fact, and half a pair of marks is no wording.

    >>> requotes("opponent", "enemy”"), requotes("the opponent” of", "the enemy” of")
    (True, False)
    """
    return marks(old) != marks(text)


def scored(
    old: str, known: Mapping[str, Candidate], answer: Mapping[str, float], served: Sequence[str] = ()
) -> tuple[Scored, ...]:
    """Every wording that the adapter has read, compared with no change and with its best rival. `served` are those of a
    served model, best first.
    """
    kept = answer[old]
    result = []
    before = Counter(old.casefold().split())
    for text, said in answer.items():
        if text == old or leaves_out(old, text) or respells(old, text) or redraws(old, text) or requotes(old, text):
            continue
        after = Counter(text.casefold().split())
        added, dropped = after - before, before - after
        rival = max(score for other, score in answer.items() if other != text)
        candidate = known.get(text)
        features = Features(
            said=said,
            gain=said - kept,
            lead=said - rival,
            kind=candidate.kind if candidate else "infill",
            prior=candidate.prior if candidate else 0.0,
            words=before.total(),
            added=added.total(),
            dropped=dropped.total(),
            small=all(word.strip(PUNCTUATION) in FUNCTION_WORDS for word in added + dropped),
            rank=served.index(text) + 1 if text in served else 0,
        )
        result.append(Scored(text, features))
    return tuple(result)
