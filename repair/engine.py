"""The language model at work: it reads, looks twice and proposes.

Detector and corrector share the embeddings and the vocabulary of one base model; the judges of the second look are
regressions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from repair.config import Config
from repair.correct.corrector import Corrector, Scored
from repair.correct.reasons import LIKELY, reason
from repair.correct.rewriting import RewritingCorrector
from repair.correct.served import ServedCorrector
from repair.detect.lm import Bounds, LMDetector, Threshold
from repair.errors import ModelError
from repair.findings import Finding, Severity
from repair.judges.fitted import Settings, read_fitted
from repair.judges.spans import evidence
from repair.lm.base import resolve
from repair.lm.infill import Infiller
from repair.lm.model import LanguageModel, Pretrained
from repair.lm.named import LOOK, named_folder, named_reader
from repair.lm.origin import check_origin, origin
from repair.lm.reader import Reader
from repair.progress import tell
from repair.source.judge import with_source
from repair.text import Document, Span, touches, words

WEIGHTS = ("detector", "infill", "judge")
SERIOUS = 0.5  # from this probability on a finding is a major one


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
        fitted = read_fitted(weights("judge") / "config.json")
        own = read_fitted(named / LOOK) if named and (named / LOOK).is_file() else fitted
        self.judge, self.settings = own.spans, own.thresholds
        self.threshold = threshold(self.settings, config.threshold)
        self.served = ServedCorrector(config.corrector) if config.corrector.url else None
        self.corrector = Corrector(infiller, fitted.wordings, fitted.served_wordings)
        self.rewriting = rewriting(config)
        self.signature = [f"base:{base.sha256[:12]}", f"detector:{reader.sha256[:8]}", f"judge:{self.judge.version}"]
        self.signature += self.rewriting.signature if self.rewriting else self.corrector.signature

    @property
    def served_signature(self) -> list[str]:
        """The served model, whose name may be learnt late, and how its wordings are rated; nothing without one."""
        return [*self.served.signature, f"served-look:{self.corrector.served.version}"] if self.served else []

    def read(self, document: Document) -> list[float]:
        """For every word the probability that it is garbled; all 0 where nothing of the text may be flagged, as in one
        of another language, which is not read.
        """
        every = words(document.text)
        if all(touches(word, document.protected) for word in every):
            return [0.0] * len(every)
        return self.detector.read(document)

    def doubts(self, document: Document, scores: Sequence[float], taken: Sequence[Span]) -> list[Finding]:
        """Spans for a second look, outside the sorted spans that other detectors have taken."""
        return self.detector.doubts(document, scores, taken)

    def look_twice(self, document: Document, doubts: Sequence[Finding], scores: Sequence[float]) -> list[Finding]:
        """The doubts that are likely enough to be findings, with their final probability and severity."""
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

    def propose(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """The findings, which must not overlap; those without a suggestion get some, where the corrector has any."""
        if self.rewriting:
            return self.rewriting.propose(document, findings)
        silent = [finding for finding in findings if not finding.suggestions]
        offers = self.served.wordings(document, [finding.span for finding in silent]) if self.served else {}
        model = self.served.name if self.served else ""
        tell("looking", 0, len(silent))
        wordings: dict[int, tuple[Scored, ...]] = {}
        for some in self.corrector.ask(document, silent, offers):
            wordings |= some
            tell("looking", len(wordings), len(silent))
        told = [finding for finding in findings if finding.suggestions]
        for number, finding in enumerate(silent):
            suggestions = self.corrector.suggestions(wordings.get(number, ()), finding.score, model)
            told.append(explained(document, replace(finding, suggestions=suggestions)))
        return told


def threshold(settings: Settings, own: float | None) -> Threshold:
    """From which probability on a doubt is a finding; `own` is the user's word for all texts."""
    if own is not None:
        return Threshold(Bounds(own, own), Bounds(own, own))
    clean, garbled = Bounds(settings.article, settings.line), Bounds(settings.garbled_article, settings.garbled_line)
    return Threshold(clean, garbled)


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
