"""The infilling adapter at work: what may stand in the marked spans of a text, and how likely each wording is.

The adapter (LoRA, Hu et al. 2021) is merged once into a copy of the base model's layers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from repair.lm.adapter import checked, merged
from repair.lm.marked import Marker
from repair.lm.model import LanguageModel
from repair.lm.tree import Tree, TreeReader
from repair.text import Span

WIDTH = 8  # given wordings of a span that are followed at a time
BEAMS = 3  # wordings of its own that the adapter follows at a time
LONGEST = 10  # tokens of such a wording
HOPELESS = 3.5  # nats behind the best finished wording; what is further back is not followed
BATCH_TOKENS = 1600
ROWS = 256  # places whose vocabulary is looked at together


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` with sorted, separate `spans` in it, and for each (wording, prior in nats) pairs that others propose."""

    text: str
    spans: tuple[Span, ...]
    options: tuple[tuple[tuple[str, float], ...], ...]


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
    """Scores wordings of marked spans and proposes some. Raises ModelError for missing or damaged weights."""

    def __init__(self, lm: LanguageModel, folder: Path) -> None:
        adapter, self.sha256 = checked(folder, "adapter")
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.lm = lm
        self.marker = Marker(lm.tokenizer, lm.start)
        self.model = merged(lm.model, adapter, config["scale"])

    def answers(self, pieces: Sequence[Piece]) -> list[list[dict[str, float]]]:
        """For each span of each piece the log-probability (nats) of what stands there, of the best options, and of
        the adapter's own wordings; an empty one stands for leaving the span out.
        """
        result: list[list[dict[str, float]]] = [[] for _ in pieces]
        for some in batches(pieces):
            for i, asked in zip(some, self._batch([pieces[i] for i in some]), strict=True):
                result[i] = [one.done for one in asked]
        return result

    @torch.inference_mode()
    def _batch(self, pieces: list[Piece]) -> list[list[Asked]]:
        trees: list[Tree] = []
        asked: list[list[Asked]] = []
        for piece in pieces:
            tree, questions = self._plant(piece)
            trees.append(tree)
            asked.append(questions)
        reader = TreeReader(self.model, trees, self.lm.start)
        read = dict(placed(reader.read(), [0] * len(trees)))
        everyone = [(row, one) for row, some in enumerate(asked) for one in some]
        firsts = self._log_probs([read[row, one.place] for row, one in everyone])
        for (_, one), first in zip(everyone, firsts, strict=True):
            root = [Wording((), one.place, 0.0, one.given), Wording((), one.place, 0.0, None)]
            self._follow(one, [(wording, first) for wording in root])
        while any(one.live for _, one in everyone):
            before = [len(tree.tokens) for tree in trees]
            moved = [(row, one, wording) for row, one in everyone for wording in step(trees[row], one)]
            read = dict(placed(reader.read(), before))
            rows = self._log_probs([read[row, wording.place] for row, _, wording in moved])
            found: dict[int, list[tuple[Wording, torch.Tensor]]] = {}
            for (_, one, wording), row_probs in zip(moved, rows, strict=True):
                found.setdefault(id(one), []).append((wording, row_probs))
            for _, one in everyone:
                self._follow(one, found.get(id(one), []))
        return asked

    def _plant(self, piece: Piece) -> tuple[Tree, list[Asked]]:
        """The piece's tree with its questions. What stands in a span is always among its options."""
        marked = self.marker.mark(piece.text, piece.spans)
        tree = Tree()
        root = tree.add(-1, marked.tokens)
        questions = []
        for span, question, lead, options in zip(
            piece.spans, marked.questions, marked.leads, piece.options, strict=True
        ):
            given = Branch()
            tried = ((span.of(piece.text), math.inf), *options)
            for (text, prior), tokens in zip(tried, self.marker.answers(lead, [t for t, _ in tried]), strict=True):
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

    def _log_probs(self, states: list[torch.Tensor]) -> Iterator[torch.Tensor]:
        """Log-probabilities of the next token [vocabulary] after each state, a few at a time in memory."""
        for start in range(0, len(states), ROWS):
            logits = self.lm.model.lm_head(torch.stack(states[start : start + ROWS]))
            yield from logits.float().log_softmax(-1).cpu()


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


def placed(states: Sequence[torch.Tensor], before: Sequence[int]) -> Iterator[tuple[tuple[int, int], torch.Tensor]]:
    """((row, place), state) of all tokens just read; `before` is how many each row's tree had."""
    for row, (some, start) in enumerate(zip(states, before, strict=True)):
        for i, state in enumerate(some):
            yield (row, start + i), state


def batches(pieces: Sequence[Piece]) -> Iterator[list[int]]:
    """Numbers of pieces of like length that are read together."""
    some: list[int] = []
    for i in sorted(range(len(pieces)), key=lambda i: len(pieces[i].text)):
        if some and (len(some) + 1) * len(pieces[i].text) > 4 * BATCH_TOKENS:
            yield some
            some = []
        some.append(i)
    if some:
        yield some
