"""The judge of spans beside their source: does anything in it explain these words?

A logistic regression over the probability without the source and what the links of the sentence tell
(`data/source_judge.json`, fitted by `models/judge/source.py`).
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from repair.regression import Fit, Regression, logit
from repair.source.check import beside_span
from repair.source.links import Links
from repair.source.pairs import length
from repair.source.translations import is_learnt
from repair.text import Document, Span

TABLE = Path(str(files("repair"))) / "data" / "source_judge.json"


@cache
def regression() -> Regression:
    """The fitted regression, read once."""
    fit = msgspec.json.decode(TABLE.read_bytes(), type=Fit)
    return Regression(fit.coefficients, fit.intercept)


def with_source(document: Document, span: Span, judged: float) -> float:
    """The probability that `span` is garbled, in [0, 1], from that without the source; the same where none is used.

    Other dictionaries than learnt ones lack so many words that the regression, fitted with those, takes sound spans for
    unexplained.
    """
    beside = beside_span(document, span)
    if beside is None or not is_learnt(beside.aligned.language):
        return judged
    return regression().of(vector(beside.links, beside.inside(span), beside.source, beside.text, judged))


def vector(known: Links, span: Span, source: str, text: str, judged: float) -> list[float]:
    """The numbers that the regression sees. `span` lies in `text`, the translation of `source`."""
    own = [j for j, word in enumerate(known.own) if word.span.overlaps(span) and not word.small]
    told = [known.explained[j] for j in own]
    listed = sum(known.known)
    unmet = sum(not met for met, here in zip(known.met, known.known, strict=True) if here)
    orphans = unmet / listed if listed else 0.5
    content = [share for word, share in zip(known.own, known.explained, strict=True) if not word.small]
    coverage = listed / max(len(known.source), 1)
    nothing = float(bool(told) and min(told) == 0)
    return [
        logit(judged),
        min(told) if told else 0.0,
        nothing,
        float(bool(told)),
        orphans,
        sum(not share for share in content) / max(len(content), 1),
        coverage,
        abs(math.log(max(len(text.strip()), 1) / max(length(source), 1.0))),
        coverage * nothing,
        orphans * nothing,
    ]
