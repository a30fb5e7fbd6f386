"""Gives findings their suggestions: candidates from knowledge and from the infilling adapter, ranked by one
reranker, and proofread in place.

"No change" is always a candidate: what stands in the text is scored like the rest, and a candidate has to beat it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import regex

from repair.american import respells
from repair.correct.candidates import Candidate, candidates
from repair.correct.pieces import asked
from repair.correct.proof import Proofreader, Read, proofs
from repair.correct.rerank import Features, Reranker
from repair.edits import Edit, apply
from repair.findings import Finding, Suggestion
from repair.lm.infill import Infiller, Piece
from repair.text import Document, Span

PICTURE = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]")
SHOWN = 3
LEAST = 0.005
PAIRED_WORDS = 3  # up to this many words in a span two are changed together
PAIRED = 20  # alternatives of each word that are then combined
PAIR_COST = 1.0  # nats


@dataclass(frozen=True, slots=True)
class Scored:
    """A wording of a finding's whole span with what the judges say of it."""

    text: str
    features: Features


@dataclass(frozen=True, slots=True)
class Look:
    """What the adapter makes of one span: its wordings, and in nats how likely no change is and how far the best other
    wording is ahead of that. The defaults are those of a span that cannot be asked about.
    """

    wordings: tuple[Scored, ...] = ()
    kept: float = -1.0
    lead: float = 0.0


class Corrector:
    """Looks at doubtful spans in their context and proposes replacements."""

    def __init__(self, infiller: Infiller, reranker: Reranker, proofreader: Proofreader) -> None:
        self.infiller, self.reranker, self.proofreader = infiller, reranker, proofreader

    def look(self, document: Document, findings: Sequence[Finding]) -> list[Look]:
        """A look for each finding, whose spans must not overlap; all pieces of the document are read together."""
        result = [Look()] * len(findings)
        order = sorted(range(len(findings)), key=lambda i: findings[i].span)
        questions: list[Piece] = []
        places: list[tuple[int, dict[str, Candidate]]] = []
        for piece, some in asked(document, [findings[i].span for i in order]):
            mine = [order[i] for i in some]
            known = [wordings(document, findings[i].span) for i in mine]
            spans = tuple(findings[i].span.shift(-piece.start) for i in mine)
            options = tuple(tuple((text, c.prior) for text, c in own.items()) for own in known)
            questions.append(Piece(piece.of(document.text), spans, options))
            places += zip(mine, known, strict=True)
        answers = [answer for piece in questions for answer in self.infiller.answers(piece)]
        for (i, known_here), answer in zip(places, answers, strict=True):
            result[i] = judged(findings[i].span.of(document.text), known_here, answer)
        return result

    def likeliest(self, look: Look, doubt: float) -> list[tuple[float, Scored]]:
        """The likeliest wordings of a span that is garbled with probability `doubt`, by the reranker."""
        rated = [(self.reranker.probability(scored.features, doubt), scored) for scored in look.wordings]
        return sorted(rated, key=lambda row: (row[0], row[1].text), reverse=True)[:SHOWN]

    def suggestions(
        self, document: Document, seen: Sequence[tuple[Finding, Look]], read: Read
    ) -> list[tuple[Suggestion, ...]]:
        """For each finding, whose spans must not overlap, its likeliest wordings, the first of them proofread."""
        rated = [self.likeliest(look, finding.score) for finding, look in seen]
        tried = [i for i, some in enumerate(rated) if some]
        edits = [Edit(seen[i][0].span, rated[i][0][1].text) for i in tried]
        for i, proof in zip(tried, proofs(document, edits, read), strict=True):
            first = rated[i][0][1]
            probability = self.proofreader.probability(first.features, seen[i][0].score, proof)
            rated[i] = sorted([(probability, first), *rated[i][1:]], key=lambda row: -row[0])
        return [tuple(Suggestion(s.text, rating) for rating, s in some if rating >= LEAST) for some in rated]

    @property
    def signature(self) -> list[str]:
        return [
            f"infill:{self.infiller.sha256[:8]}",
            f"reranker:{self.reranker.version}",
            f"proof:{self.proofreader.version}",
        ]


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
    return PICTURE.findall(old) != PICTURE.findall(text)


def judged(old: str, known: dict[str, Candidate], answer: dict[str, float]) -> Look:
    """Every wording that the adapter has read, compared with no change and with its best rival."""
    kept = answer[old]
    result = []
    for text, said in answer.items():
        if text == old or leaves_out(old, text) or respells(old, text) or redraws(old, text):
            continue
        rival = max(score for other, score in answer.items() if other != text)
        candidate = known.get(text)
        features = Features(
            said=said,
            gain=said - kept,
            lead=said - rival,
            kind=candidate.kind if candidate else "infill",
            prior=candidate.prior if candidate else 0.0,
            words=len(old.split()),
        )
        result.append(Scored(text, features))
    best = max((said for text, said in answer.items() if text != old), default=kept)
    return Look(tuple(result), kept, best - kept)
