"""The language model at work: it reads and looks twice, and its corrector proposes.

Detector and corrector share the embeddings and the vocabulary of one base model; the judges of the second look are
regressions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from repair import senses
from repair.config import Config, corrector_name
from repair.correct import Corrector, corrector, pivots
from repair.correct.infilling import over
from repair.detect.lm import LMDetector
from repair.findings import Finding
from repair.judges.fitted import read_fitted, shipped
from repair.judges.look import SecondLook
from repair.lm.answers import AnyReader
from repair.lm.base import base_folder
from repair.lm.origin import check_origin, origin
from repair.text import Document, Span, touches, words
from repair.trained import WEIGHTS, weights

if TYPE_CHECKING:
    from repair.lm.distant import Apart
    from repair.lm.model import LanguageModel, Pretrained

LOOK = "judge.json"  # the second look of a detector that the user has named


class Engine:
    """Loads the weights once, or asks the processes `apart`. Raises ModelError for what is missing or damaged."""

    def __init__(self, config: Config, apart: Apart | None = None) -> None:
        folder = base_folder(config)
        base = origin(folder)
        for name in WEIGHTS:  # each was trained on one base model and means nothing on another
            check_origin(base, folder, weights(name))
        self.reader: AnyReader
        self.corrector: Corrector
        own = None
        if apart:
            for table in (pivots.table, senses.table):  # wanted later on, when the processes wait for this one
                table()
            self.reader, self.corrector = apart.reader, over(apart.infiller, config)
        else:
            from repair.lm.named import named_folder, named_reader  # deferred, as all that needs torch
            from repair.lm.reader import Reader

            lm = base_model(config)
            own = named_folder(config.detector_model) if config.detector_model else None
            self.reader = named_reader(own, config) if own else Reader(lm, weights("detector"))
            self.corrector = corrector(corrector_name(config))(config, lm)
        self.detector = LMDetector(self.reader)
        fitted = read_fitted(own / LOOK) if own and (own / LOOK).is_file() else shipped()
        self.second_look = SecondLook(fitted.spans, fitted.thresholds.opening(config.threshold))
        self.apply_from = fitted.thresholds.apply  # the probability from which a wording of the model may be safe
        self._base, self._judge = base.sha256, fitted.spans.version

    @property
    def signature(self) -> list[str]:
        """Base model, numbers, weights and corrector."""
        own = [f"base:{self._base[:12]}", f"numbers:{self.reader.numbers}"]
        own += [f"detector:{self.reader.sha256[:8]}", f"judge:{self._judge}"]
        return [*own, *self.corrector.signature]

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
        return self.second_look.confirm(document, doubts, scores, self.detector.serious(document))


def base_model(config: Config) -> LanguageModel:
    """The base model, to be read with."""
    from repair.lm.model import LanguageModel

    return LanguageModel(base_folder(config), config.device, config.dtype, config.threads)


def pretrained(config: Config) -> Pretrained:
    """The base model alone, as transformers has it."""
    from repair.lm.model import Pretrained

    return Pretrained(base_folder(config), config.device, config.dtype, config.threads)
