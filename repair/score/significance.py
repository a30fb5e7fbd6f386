"""Corpus scores with sacrebleu, and whether a difference to do-nothing could be chance.

BLEU, chrF2, TER, their signatures, the paired bootstrap and approximate randomisation are all sacrebleu's own, with
one correction: sacrebleu counts a drawn difference only if it is strictly larger than the real one, so that a single
changed segment, or none, comes out as highly significant. Of k changed segments there are 2^k ways to share them out,
two of which are at least as uneven as the real one: no p-value here is below 2^(1-k).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sacrebleu.metrics.base import Metric
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER
from sacrebleu.significance import PairedTest, Result

from repair.score.counts import SAMPLES, Estimate

METRICS: dict[str, Callable[[], Metric]] = {"BLEU": BLEU, "chrF2": CHRF, "TER": TER}  # of a corpus, in points
BASELINE = "do-nothing"
TRIALS = 10_000  # of approximate randomisation, sacrebleu's default


@dataclass(frozen=True, slots=True)
class CorpusScore:
    """One metric of one system. The p-values compare it with do-nothing and are None for do-nothing itself."""

    estimate: Estimate
    bootstrap_p: float | None
    randomisation_p: float | None
    signature: str


def corpus_scores(
    original: Sequence[str], systems: Mapping[str, Sequence[str]], references: Sequence[Sequence[str]]
) -> dict[str, dict[str, CorpusScore]]:
    """Every metric of METRICS by system, do-nothing (the unchanged `original`) first.

    `references` holds one list of texts for each reference translation. Every list has one text a segment.
    """
    named: list[tuple[str, Sequence[str]]] = [(BASELINE, original), *systems.items()]
    metrics = {metric: make() for metric, make in METRICS.items()}
    signatures, drawn = PairedTest(named, metrics, references, test_type="bs", n_samples=SAMPLES)()
    _, shuffled = PairedTest(named, metrics, references, test_type="ar", n_samples=TRIALS)()
    result: dict[str, dict[str, CorpusScore]] = {}
    for index, (name, output) in enumerate(named):
        changed = sum(old != new for old, new in zip(original, output, strict=True))
        least = min(1.0, 2.0 ** (1 - changed))
        result[name] = {
            metric: _score(drawn[metric][index], shuffled[metric][index], least, str(signatures[metric]), len(original))
            for metric in metrics
        }
    return result


def _score(drawn: str | Result, shuffled: str | Result, least: float, signature: str, n: int) -> CorpusScore:
    assert isinstance(drawn, Result) and isinstance(shuffled, Result)  # only the first column holds names
    assert drawn.mean is not None and drawn.ci is not None  # the bootstrap always gives both
    mean, ci = float(drawn.mean), float(drawn.ci)  # numpy's single precision would not go into JSON
    around = Estimate(drawn.score, mean - ci, mean + ci, n)
    bootstrap, randomisation = (None if p is None else max(p, least) for p in (drawn.p_value, shuffled.p_value))
    return CorpusScore(around, bootstrap, randomisation, signature)
