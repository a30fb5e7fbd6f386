"""The infilling adapter at work: what may stand in the marked spans of a text, and how likely each wording is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import torch

from repair.lm.adapter import adapter_hash
from repair.lm.marked import Marker
from repair.lm.model import LanguageModel
from repair.lm.tree import Tree, TreeReader
from repair.patience import still_wanted
from repair.text import Span

WIDTH = 8  # given wordings of a span that are followed at a time
BEAMS = 3  # wordings of its own that the adapter follows at a time
LONGEST = 10  # tokens of such a wording
HOPELESS = 3.5  # nats behind the best finished wording; what is further back is not followed
REMEMBERED = 256  # pieces
ROWS = 256  # places whose vocabulary is looked at together


Options = Sequence[tuple[str, float]]  # wordings that others propose for a span, each with its prior in nats


class Branch:
    """Given wordings that begin with the same tokens: what may follow, which wording ends here, their best prior."""

    __slots__ = ("ends", "next", "prior")

    def __init__(self) -> None:
        self.next: dict[int, Branch] = {}
        self.ends: str | None = None
        self.prior = -math.inf

    def add(self, tokens: Sequence[int], text: str, prior: float) -> None:
        self.prior = max(self.prior, prior)
        if tokens:
            self.next.setdefault(tokens[0], Branch()).add(tokens[1:], text, prior)
        else:
            self.ends = text


@dataclass(slots=True)
class Wording:
    """A wording on its way: its tokens, the place of what has been read of it, its log-probability.

    `branch` is where it stands among the given wordings, None for the adapter's own.
    """

    tokens: tuple[int, ...]
    place: int
    score: float
    branch: Branch | None

    @property
    def hope(self) -> float:
        return self.score + (self.branch.prior if self.branch else 0.0)


@dataclass(slots=True)
class Asked:
    """One question: the place of its last token, what is tried, and what is finished, with log-probabilities."""

    place: int
    lead: str
    given: Branch
    live: list[Wording] = field(default_factory=list)
    done: dict[str, float] = field(default_factory=dict)


class Infiller:
    """Scores wordings of marked spans and proposes some. Raises ModelError for missing or damaged weights.

    Pieces are read one by one: what is read together shares rounding errors, and answers must not depend on company.
    """

    def __init__(self, lm: LanguageModel, folder: Path) -> None:
        self.sha256, _ = adapter_hash(folder)
        self.lm, self.model = lm, lm.adapted(folder)
        self.marker = Marker(lm.tokenizer, lm.start)
        # of a text that is read again after a few changes most pieces are the same
        self._asked = lru_cache(REMEMBERED)(self._ask)

    def ask(self, text: str, spans: Sequence[Span]) -> Inquiry:
        """An inquiry about sorted, separate `spans` of `text`."""
        return self._asked(text, tuple(spans))

    def _ask(self, text: str, spans: tuple[Span, ...]) -> Inquiry:
        return Inquiry(self, text, spans)

    def log_probs(self, states: list[torch.Tensor]) -> Iterator[torch.Tensor]:
        """Log-probabilities of the next token [vocabulary] after each state, a few at a time in memory."""
        for start in range(0, len(states), ROWS):
            logits = self.lm.logits(torch.stack(states[start : start + ROWS]))
            yield from logits.float().log_softmax(-1).cpu()


class Inquiry:
    """One piece of text and its spans under question."""

    def __init__(self, infiller: Infiller, text: str, spans: tuple[Span, ...]) -> None:
        self.infiller, self.text, self.spans = infiller, text, spans
        self._answers: dict[tuple[tuple[tuple[str, float], ...], ...], tuple[dict[str, float], ...]] = {}

    def follow(self, options: Sequence[Options]) -> tuple[dict[str, float], ...]:
        """For each span the log-probability (nats) of what stands there, of the best of its `options`, and of the
        adapter's own wordings; an empty one stands for leaving the span out.
        """
        key = tuple(map(tuple, options))
        if key not in self._answers:
            self._answers[key] = self._read(options)
        return self._answers[key]

    @torch.inference_mode()
    def _read(self, options: Sequence[Options]) -> tuple[dict[str, float], ...]:
        tree, questions = self._plant(options)
        reader = TreeReader(self.infiller.model, tree)
        states = reader.read()
        firsts = self.infiller.log_probs([states[one.place] for one in questions])
        for one, first in zip(questions, firsts, strict=True):
            root = [Wording((), one.place, 0.0, one.given), Wording((), one.place, 0.0, None)]
            self._follow(one, [(wording, first) for wording in root])
        while any(one.live for one in questions):
            still_wanted()
            before = len(tree.tokens)
            moved = [step(tree, one) for one in questions]
            states = reader.read()
            rows = self.infiller.log_probs([states[wording.place - before] for some in moved for wording in some])
            for one, some in zip(questions, moved, strict=True):
                self._follow(one, [(wording, next(rows)) for wording in some])
        return tuple(one.done for one in questions)

    def _plant(self, options: Sequence[Options]) -> tuple[Tree, list[Asked]]:
        """The piece's tree with its questions. What stands in a span is always among its options."""
        marked = self.infiller.marker.mark(self.text, self.spans)
        tree = Tree()
        root = tree.add(-1, marked.tokens)
        questions = []
        for span, question, lead, some in zip(self.spans, marked.questions, marked.leads, options, strict=True):
            given = Branch()
            tried = ((span.of(self.text), math.inf), *some)
            answers = self.infiller.marker.answers(lead, [text for text, _ in tried])
            for (text, prior), tokens in zip(tried, answers, strict=True):
                given.add(tokens, text, prior)
            questions.append(Asked(tree.add(root, question), lead, given))
        return tree, questions

    def _follow(self, one: Asked, read: list[tuple[Wording, torch.Tensor]]) -> None:
        """Put the best next tokens in place of the wordings just read: those given, and the adapter's own (a beam)."""
        given, own = [], []
        for wording, row in read:
            if wording.branch is None:
                best = row.topk(BEAMS)
                for score, token in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                    if token != self.infiller.marker.end:
                        own.append(longer(wording, token, score, None))
                    else:
                        text = self.infiller.lm.tokenizer.decode(wording.tokens).removeprefix(one.lead)
                        one.done.setdefault(text, wording.score + score)
                continue
            for token, branch in wording.branch.next.items():
                score = float(row[token])
                if branch.ends is not None:
                    one.done[branch.ends] = wording.score + score
                else:
                    given.append(longer(wording, token, score, branch))
        scores = [*one.done.values(), *(wording.score for wording in given + own)]
        least = max(scores, default=0.0) - HOPELESS
        given = [wording for wording in given if wording.hope > least]
        own = [wording for wording in own if wording.score > least and len(wording.tokens) < LONGEST]
        one.live = [
            *sorted(given, key=lambda wording: -wording.hope)[:WIDTH],
            *sorted(own, key=lambda wording: -wording.score)[:BEAMS],
        ]


def longer(wording: Wording, token: int, score: float, branch: Branch | None) -> Wording:
    return Wording((*wording.tokens, token), wording.place, wording.score + score, branch)


def step(tree: Tree, one: Asked) -> list[Wording]:
    """Hang the last token of every live wording into the tree, so that it is read next."""
    seen: dict[tuple[int, int], int] = {}  # wordings that begin alike share their tokens
    for wording in one.live:
        key = (wording.place, wording.tokens[-1])
        if key not in seen:
            seen[key] = tree.add(wording.place, wording.tokens[-1:])
        wording.place = seen[key]
    return list(one.live)
