"""The language model at work: one base model whose embeddings and vocabulary the detector and the corrector share.

`models/judge/config.json` holds the regressions of the second look and the thresholds calibrated with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import msgspec

from repair.config import Config
from repair.correct.corrector import Corrector, Scored
from repair.correct.reasons import LIKELY, reason
from repair.correct.rerank import InOrder, Reranker, ServedReranker
from repair.correct.rewriting import RewritingCorrector
from repair.correct.served import ServedCorrector
from repair.detect.judge import Evidence, Judge, kind_of
from repair.detect.lm import Bounds, LMDetector, Threshold
from repair.errors import ModelError
from repair.findings import Finding, Severity, Suggestion
from repair.lexemes import PUNCTUATION
from repair.lm.base import resolve
from repair.lm.infill import Infiller
from repair.lm.model import LanguageModel, Pretrained
from repair.lm.named import LOOK, named_folder, named_reader
from repair.lm.origin import check_origin, origin
from repair.lm.reader import Reader
from repair.progress import tell
from repair.source.judge import with_source
from repair.text import Document, Span, inside_of, words

WEIGHTS = ("detector", "infill", "judge")
SERIOUS = 0.5  # from this probability on a finding is a major one


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
    """What `models/judge/config.json` holds; `served` only once it was fitted to these weights."""

    span: Fit
    wording: Fit
    thresholds: Settings
    served: Fit | None = None

    @property
    def served_look(self) -> ServedReranker | InOrder:
        """What rates the wordings of a served model."""
        return ServedReranker(self.served.coefficients, self.served.intercept) if self.served else InOrder()


class Engine:
    """Loads the weights once. Raises ModelError for what is missing or damaged."""

    def __init__(self, config: Config) -> None:
        folder = base_folder(config)
        base = origin(folder)
        for name in WEIGHTS:
            check_origin(base, folder, weights(name))
        lm = base_model(config)
        named = named_folder(config.detector_model) if config.detector_model else None
        infiller = Infiller(lm, weights("infill"))
        reader = Reader(lm, weights("detector")) if named is None else named_reader(named, config)
        self.detector = LMDetector(reader)
        fitted = second_look(weights("judge") / "config.json")
        own = second_look(named / LOOK) if named and (named / LOOK).is_file() else fitted
        self.judge = Judge(own.span.coefficients, own.span.intercept)
        self.settings = own.thresholds
        self.threshold = self.settings.opens
        if config.threshold is not None:
            same = Bounds(config.threshold, config.threshold)
            self.threshold = Threshold(same, same)
        reranker = Reranker(fitted.wording.coefficients, fitted.wording.intercept)
        self.served = ServedCorrector(config.corrector) if config.corrector.url else None
        self.corrector = Corrector(infiller, reranker, fitted.served_look)
        self.rewriting = rewriting(config)
        self.signature = [f"base:{base.sha256[:12]}", f"detector:{reader.sha256[:8]}", f"judge:{self.judge.version}"]
        self.signature += self.rewriting.signature if self.rewriting else self.corrector.signature

    @property
    def served_signature(self) -> list[str]:
        """The served model, whose name may be learnt late, and how its wordings are rated; nothing without one."""
        return [*self.served.signature, f"served-look:{self.corrector.served.version}"] if self.served else []

    def read(self, document: Document) -> list[float]:
        """For every word the probability that it is garbled."""
        return self.detector.read(document)

    def doubts(self, document: Document, scores: Sequence[float], taken: Sequence[Span]) -> list[Finding]:
        """Spans for a second look, outside the sorted spans that other detectors have taken."""
        return self.detector.doubts(document, scores, taken)

    def look(
        self, document: Document, found: Sequence[Finding], doubts: Sequence[Finding], scores: Sequence[float]
    ) -> list[Finding]:
        """The second look: `found` and the doubts that are likely enough; what has no suggestion gets some.

        In no order.
        """
        silent = [finding for finding in found if not finding.suggestions]
        told = [
            explained(document, replace(finding, suggestions=self._suggestions(finding, wordings)))
            for finding, wordings in self.seen(document, silent, doubts, scores)
        ]
        result = [*(finding for finding in found if finding.suggestions), *told]
        return self.rewriting.propose(document, result) if self.rewriting else result

    def seen(
        self, document: Document, silent: Sequence[Finding], doubts: Sequence[Finding], scores: Sequence[float]
    ) -> list[tuple[Finding, tuple[Scored, ...]]]:
        """Findings that want a wording, each with those that the corrector knows: the `silent` ones, and the doubts
        that are likely enough, with their final probability and severity. Of other doubts the corrector reads nothing.
        """
        wanted = [*silent, *self.confirmed(document, doubts, scores)]
        wordings: dict[int, tuple[Scored, ...]] = {}
        offers = self.served.wordings(document, [finding.span for finding in wanted]) if self.served else {}
        for questions in self.corrector.ask(document, wanted):
            tell("looking", len(wordings), len(wanted))
            wordings |= questions.follow(offers)
        return [(finding, wordings.get(number, ())) for number, finding in enumerate(wanted)]

    def confirmed(self, document: Document, doubts: Sequence[Finding], scores: Sequence[float]) -> list[Finding]:
        """The doubts that are likely enough to be findings."""
        if not doubts:
            return []
        every, serious, opens = words(document.text), self.detector.serious(document), self.threshold.of(scores)
        found = []
        for doubt in doubts:
            known = evidence(document, doubt, every, scores, serious)
            score = with_source(document, doubt.span, self.judge.probability(known))
            if score >= opens:
                severity: Severity = "major" if known.serious >= SERIOUS else "minor"
                found.append(replace(doubt, score=score, severity=severity))
        return found

    def _suggestions(self, finding: Finding, wordings: Sequence[Scored]) -> tuple[Suggestion, ...]:
        """The adapter's for a finding, unless the user has named another corrector."""
        model = self.served.name if self.served else ""
        return () if self.rewriting else self.corrector.suggestions(wordings, finding.score, model)


def explained(document: Document, finding: Finding) -> Finding:
    """A finding of the model with what its likeliest wording tells of the reason."""
    if finding.category == "accuracy/untranslated":
        return finding
    best = finding.suggestions[0] if finding.source == "lm" and finding.suggestions else None
    known = reason(finding.span.of(document.text), best.text) if best and best.score >= LIKELY else None
    return replace(finding, category=known[0], message=known[1]) if known else finding


def base_model(config: Config) -> LanguageModel:
    """The base model, to be read with."""
    return LanguageModel(base_folder(config), config.device, config.dtype, config.threads)


def pretrained(config: Config) -> Pretrained:
    """The base model alone, as transformers has it."""
    return Pretrained(base_folder(config), config.device, config.dtype, config.threads)


def base_folder(config: Config) -> Path:
    """Where the base model lies."""
    return resolve(Path(config.base) if config.base else None)


def evidence(
    document: Document,
    finding: Finding,
    every: Sequence[Span],
    scores: Sequence[float],
    serious: Sequence[float],
) -> Evidence:
    """What the judge is told of a doubtful span of a text with `every` word and their two probabilities."""
    inside = inside_of(every, finding.span)
    garbled = [scores[i] for i in inside]
    outside = len(every) - len(inside)
    first = every[inside[0]]
    opens_sentence = not document.text[document.sentence_at(first.start).start : first.start].strip()
    return Evidence(
        peak=finding.score,
        mean=sum(garbled) / len(garbled),
        around=(sum(scores) - sum(garbled)) / outside if outside else 0.0,
        serious=max(serious[i] for i in inside),
        words=len(inside),
        length=len(every),
        kind=kind_of([every[i].of(document.text).strip(PUNCTUATION) for i in inside], opens_sentence),
    )


def second_look(path: Path) -> Fitted:
    """The regressions in a file. Raises ModelError where they are unreadable."""
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
