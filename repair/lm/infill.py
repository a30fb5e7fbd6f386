"""The infilling adapter at work: what may stand in the marked spans of a text, and how likely each wording is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import torch
from torch.nn import functional

from repair.lm.adapter import adapter_hash
from repair.lm.answers import Answer, Inquiry
from repair.lm.marked import Marker
from repair.lm.model import LanguageModel
from repair.lm.tree import Tree, TreeReader
from repair.patience import still_wanted

WIDTH = 4  # given wordings of a span that are followed at a time
BEAMS = 3  # wordings of its own that the adapter follows at a time
LONGEST = 12  # tokens of such a wording
HOPELESS = 3.5  # nats behind the best finished wording; what is further back is not followed
REMEMBERED = 64  # groups of pieces that were asked about together
ROWS = 64  # places whose vocabulary is looked at together: of 256, 125 MB are in use at a time
STEP = 16  # their number is made a multiple of this


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
class Hypothesis:
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
    """One question: `chain`, the places of its last token and of those of what stands there, `kept`, that is read with
    it; what is tried, and what is finished, with log-probabilities.
    """

    chain: tuple[int, ...]
    kept: tuple[int, ...]
    lead: str
    given: Branch
    live: list[Hypothesis] = field(default_factory=list)
    done: dict[str, float] = field(default_factory=dict)

    @property
    def places(self) -> list[int]:
        """Where the live hypotheses stand in the tree; those that begin alike share a place."""
        return list(dict.fromkeys(hypothesis.place for hypothesis in self.live))


class Infiller:
    """Scores wordings of marked spans and proposes some. Raises ModelError for missing or damaged weights."""

    def __init__(self, lm: LanguageModel, folder: Path) -> None:
        self.sha256, _ = adapter_hash(folder)
        self.lm, self.model, self.threads = lm, lm.adapted(folder), lm.threads
        self.marker = Marker(lm.tokenizer, lm.start)
        self._remembered = lru_cache(REMEMBERED)(self._read)  # a text is often read again

    def answer(self, inquiries: Sequence[Inquiry]) -> tuple[Answer, ...]:
        """For each span of each inquiry the log-probability (nats) of what stands there, of the best of its options,
        and of the adapter's own wordings; an empty one stands for leaving the span out.

        All are read together, and what is read together shares rounding errors: they must be of one text, so that
        answers do not depend on company.
        """
        return self._remembered(tuple(inquiries))

    @torch.inference_mode()
    def _read(self, inquiries: tuple[Inquiry, ...]) -> tuple[Answer, ...]:
        trees: list[Tree] = [Tree() for _ in inquiries]
        asked = [self._plant(tree, inquiry) for tree, inquiry in zip(trees, inquiries, strict=True)]
        every = [(number, one) for number, some in enumerate(asked) for one in some]
        reader = TreeReader(self.model, trees)
        states = reader.read()
        rows = self._log_probs([states[number][place] for number, one in every for place in one.chain])
        for (_, one), old in zip(every, (span.of(i.text) for i in inquiries for span in i.spans), strict=True):
            first, *rest = (next(rows) for _ in one.chain)
            one.done[old] = sum(float(row[token]) for row, token in zip((first, *rest), one.kept, strict=True))
            roots = [Hypothesis((), one.chain[0], 0.0, branch) for branch in (one.given, None)]
            self._follow(one, [(root, first) for root in roots])
        while any(one.live for _, one in every):
            still_wanted()
            before = [len(tree.tokens) for tree in trees]
            for number, one in every:
                step(trees[number], one)
            states = reader.read()
            rows = self._log_probs([states[n][place - before[n]] for n, one in every for place in one.places])
            for _, one in every:
                read = {place: next(rows) for place in one.places}
                self._follow(one, [(hypothesis, read[hypothesis.place]) for hypothesis in one.live])
        return tuple(tuple(one.done for one in some) for some in asked)

    def _log_probs(self, states: list[torch.Tensor]) -> Iterator[torch.Tensor]:
        """Log-probabilities of the next token [vocabulary] after each state, a few at a time in memory."""
        for start in range(0, len(states), ROWS):
            some = torch.stack(states[start : start + ROWS])
            # in bfloat16 torch compiles and keeps a product for every number of rows: so there are few numbers
            logits = self.lm.logits(functional.pad(some, (0, 0, 0, -len(some) % STEP)))[: len(some)]
            yield from logits.float().log_softmax(-1).cpu()

    def _plant(self, tree: Tree, inquiry: Inquiry) -> list[Asked]:
        """The questions of an inquiry, hung into its tree with what stands in their spans."""
        marked = self.marker.mark(inquiry.text, inquiry.spans)
        root = tree.add(-1, marked.tokens)
        asked = []
        for span, question, lead, some in zip(
            inquiry.spans, marked.questions, marked.leads, inquiry.options, strict=True
        ):
            old, given = span.of(inquiry.text), Branch()
            tried = [(text, prior) for text, prior in some if text != old]
            kept, *answers = self.marker.answers(lead, [old, *(text for text, _ in tried)])
            for (text, prior), tokens in zip(tried, answers, strict=True):
                given.add(tokens, text, prior)
            place = tree.add(root, question)
            tree.add(place, kept[:-1])
            asked.append(Asked(tuple(range(place, len(tree.tokens))), kept, lead, given))
        return asked

    def _follow(self, one: Asked, read: list[tuple[Hypothesis, torch.Tensor]]) -> None:
        """Put the best next tokens in place of the wordings just read: those given, and the adapter's own (a beam)."""
        given, own = [], []
        for wording, row in read:
            if wording.branch is None:
                best = row.topk(BEAMS)
                for score, token in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                    if token != self.marker.end:
                        own.append(longer(wording, token, score, None))
                    else:
                        text = self.lm.tokenizer.decode(wording.tokens).removeprefix(one.lead)
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


def longer(wording: Hypothesis, token: int, score: float, branch: Branch | None) -> Hypothesis:
    return Hypothesis((*wording.tokens, token), wording.place, wording.score + score, branch)


def step(tree: Tree, one: Asked) -> None:
    """Hang the last token of every live hypothesis into the tree, so that it is read next."""
    seen: dict[tuple[int, int], int] = {}  # those that begin alike share their tokens
    for hypothesis in one.live:
        key = (hypothesis.place, hypothesis.tokens[-1])
        if key not in seen:
            seen[key] = tree.add(hypothesis.place, hypothesis.tokens[-1:])
        hypothesis.place = seen[key]
