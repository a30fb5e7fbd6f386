"""The language model at work: one base model whose embeddings and vocabulary the detector and the corrector share.

`models/judge/config.json` holds the regressions of the second look and the thresholds calibrated with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import msgspec

from repair.config import Config
from repair.correct.corrector import Corrector, Look
from repair.correct.proof import Proofreader
from repair.correct.rerank import Reranker
from repair.correct.rewriting import RewritingCorrector
from repair.detect.judge import Evidence, Judge, kind_of
from repair.detect.lm import PUNCTUATION, Bounds, LMDetector, Threshold
from repair.errors import ModelError
from repair.findings import Finding, Severity, Suggestion
from repair.lm.base import resolve
from repair.lm.infill import Infiller
from repair.lm.model import LanguageModel
from repair.lm.reader import Reader
from repair.text import Document, Span, inside_of, words


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Probabilities chosen on held-back data.

    Findings open at `article` or `line` in a text that reads like clean copy, at `garbled_article` or `garbled_line`
    in one that is garbled throughout; a suggestion is applied from `apply`.
    """

    article: float
    line: float
    garbled_article: float
    garbled_line: float
    apply: float

    @property
    def opens(self) -> Threshold:
        return Threshold(Bounds(self.article, self.line), Bounds(self.garbled_article, self.garbled_line))


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """A regression's numbers."""

    coefficients: list[float]
    intercept: float


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """What `models/judge/config.json` holds."""

    span: Fit
    wording: Fit
    proof: Fit
    thresholds: Settings


class Engine:
    """Loads the weights once. Raises ModelError for what is missing or damaged."""

    def __init__(self, config: Config) -> None:
        lm = base_model(config)
        infiller = Infiller(lm, weights("infill"))  # before the reader, which takes the layers for itself
        reader = Reader(lm, weights("detector"))
        self.detector = LMDetector(reader)
        fitted = second_look(weights("judge"))
        self.judge = Judge(fitted.span.coefficients, fitted.span.intercept)
        self.settings = fitted.thresholds
        self.threshold = self.settings.opens
        if config.threshold is not None:
            same = Bounds(config.threshold, config.threshold)
            self.threshold = Threshold(same, same)
        reranker = Reranker(fitted.wording.coefficients, fitted.wording.intercept)
        proofreader = Proofreader(fitted.proof.coefficients, fitted.proof.intercept)
        self.corrector = Corrector(infiller, reranker, proofreader)
        self.rewriting = rewriting(config)
        self.signature = [f"base:{lm.name}", f"detector:{reader.sha256[:8]}", f"judge:{self.judge.version}"]
        self.signature += self.rewriting.signature if self.rewriting else self.corrector.signature

    def read(self, documents: Sequence[Document]) -> list[list[float]]:
        """For every word of every document the probability that it is garbled."""
        return self.detector.read(documents)

    def doubts(self, document: Document, scores: Sequence[float], taken: Sequence[Span]) -> list[Finding]:
        """Spans for a second look, outside the sorted spans that other detectors have taken."""
        return self.detector.doubts(document, scores, taken)

    def look(
        self,
        documents: Sequence[Document],
        found: list[list[Finding]],
        doubts: list[list[Finding]],
        read: list[list[float]],
    ) -> None:
        """The second look, in place: doubts that are likely enough join `found`; what has no suggestion gets some.

        Leaves `found` unsorted.
        """
        for document, findings, own, scores in zip(documents, found, doubts, read, strict=True):
            silent = [finding for finding in findings if not finding.suggestions]
            looks = self.corrector.look(document, [*silent, *own])
            seen = list(zip(silent, looks, strict=False))  # looks at doubts come after those at silent findings
            seen += self.confirmed(document, own, looks[len(silent) :], scores)
            told = zip(seen, self._suggestions(document, seen), strict=True)
            findings[:] = [finding for finding in findings if finding.suggestions]
            findings += [replace(finding, suggestions=suggestions) for (finding, _), suggestions in told]
        if self.rewriting:
            self.rewriting.propose(documents, found)

    def confirmed(
        self, document: Document, doubts: list[Finding], looks: list[Look], scores: Sequence[float]
    ) -> Iterator[tuple[Finding, Look]]:
        """The doubts that are likely enough, with their final probability, and what was seen of them."""
        every = words(document.text)
        opens = self.threshold.of(scores)
        insides = [inside_of(every, doubt.span) for doubt in doubts]
        judged = [
            self.judge.probability(evidence(document, doubt, look, every, inside, scores))
            for doubt, look, inside in zip(doubts, looks, insides, strict=True)
        ]
        for doubt, look, score in zip(doubts, looks, judged, strict=True):
            if score >= opens:
                severity: Severity = "major" if score >= 0.9 else "minor"
                yield replace(doubt, score=score, severity=severity), look

    def _suggestions(self, document: Document, seen: list[tuple[Finding, Look]]) -> list[tuple[Suggestion, ...]]:
        """The adapter's for each finding, unless the user has named another corrector."""
        if self.rewriting:
            return [()] * len(seen)
        return self.corrector.suggestions(document, seen, self.detector.read)


def base_model(config: Config) -> LanguageModel:
    """The base model alone."""
    base = resolve(Path(config.base) if config.base else None)
    return LanguageModel(base, config.device, config.dtype, config.threads)


def evidence(
    document: Document,
    finding: Finding,
    look: Look,
    every: Sequence[Span],
    inside: Sequence[int],
    scores: Sequence[float],
) -> Evidence:
    """What the judge is told of a doubtful span; `inside` are the numbers of its words among `every` word."""
    garbled = [scores[i] for i in inside]
    outside = len(every) - len(inside)
    first = every[inside[0]]
    opens_sentence = not document.text[document.sentence_at(first.start).start : first.start].strip()
    return Evidence(
        peak=finding.score,
        mean=sum(garbled) / len(garbled),
        around=(sum(scores) - sum(garbled)) / outside if outside else 0.0,
        kept=look.kept,
        lead=look.lead,
        words=len(inside),
        length=len(every),
        kind=kind_of([every[i].of(document.text).strip(PUNCTUATION) for i in inside], opens_sentence),
    )


def second_look(folder: Path) -> Fitted:
    """The regressions in `folder`. Raises ModelError where they are unreadable."""
    path = folder / "config.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Fitted)
    except (OSError, msgspec.MsgspecError) as error:
        raise ModelError(f"{path}: cannot be used ({error}); reinstall mt-repair") from None


def rewriting(config: Config) -> RewritingCorrector | None:
    """The user's encoder-decoder, where one is named."""
    if config.model is None:
        return None
    from repair.lm.seq2seq import Rewriter

    return RewritingCorrector(Rewriter(config.model, config.device))


def weights(name: str) -> Path:
    """The folder of weights trained here: inside the installed package, or `models/` of a source checkout."""
    for folder in (Path(str(files("repair"))) / "weights" / name, Path(__file__).parent.parent / "models" / name):
        if (folder / "config.json").is_file():
            return folder
    raise ModelError(f"the trained weights '{name}' are missing; reinstall mt-repair, or use --no-model")
