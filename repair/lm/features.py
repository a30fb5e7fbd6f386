"""What the frozen base model thinks of every word: the input of the detector's head.

One forward pass gives, for each whitespace-separated word, the hidden states of four layers at its last token and
a few numbers: how surprising the word was, how open the place was, and how much better the best dictionary pivot would
have fitted (its first token, read off the same pass).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from repair.lm.model import LanguageModel, padded
from repair.text import Span, words

LAYERS = (6, 14, 22, 30)
SCALARS = ("surprisal", "highest surprisal", "entropy", "pivot gain", "pivot mass", "tokens", "opens paragraph")
MAX_TOKENS = 640  # a window's length; longer ones are cut, and words beyond get no features
NO_PIVOT = -10.0
BATCH_TOKENS = 2000
ROWS = 128  # positions whose vocabulary is looked at together: 25 MB


@dataclass(frozen=True, slots=True)
class Reading:
    """Features of one window, float32, on the CPU: `states` [words, layers * hidden], `scalars` [words, SCALARS]."""

    words: tuple[Span, ...]
    states: torch.Tensor
    scalars: torch.Tensor


def read(lm: LanguageModel, texts: list[str]) -> list[Reading]:
    """Features for each of `texts`. Only words that lie within MAX_TOKENS tokens are returned.

    Texts are batched with those of the same padded length, so that a reading does not depend on the other texts.
    """
    encoded = [lm.encode(text)[:MAX_TOKENS] for text in texts]
    groups: dict[int, list[int]] = {}
    for i, tokens in enumerate(encoded):
        groups.setdefault(padded(len(tokens)), []).append(i)
    readings: dict[int, Reading] = {}
    for length, members in sorted(groups.items()):
        most = max(1, BATCH_TOKENS // length)
        for start in range(0, len(members), most):
            some = members[start : start + most]
            read_some = read_batch(lm, [texts[i] for i in some], [encoded[i] for i in some])
            readings.update(zip(some, read_some, strict=True))
    return [readings[i] for i in range(len(texts))]


@torch.inference_mode()
def read_batch(lm: LanguageModel, texts: list[str], encoded: list[list[tuple[int, int, int]]]) -> list[Reading]:
    """Features of texts of one padded length."""
    ids, mask = lm.pad([[token for token, _, _ in tokens] for tokens in encoded])
    states = lm.model.model(
        input_ids=ids, attention_mask=mask, output_hidden_states=True, use_cache=False
    ).hidden_states
    return [
        one_reading(lm, text, tokens, [states[layer][row] for layer in LAYERS], states[-1][row])
        for row, (text, tokens) in enumerate(zip(texts, encoded, strict=True))
    ]


def one_reading(
    lm: LanguageModel, text: str, tokens: list[tuple[int, int, int]], states: list[torch.Tensor], top: torch.Tensor
) -> Reading:
    """Features of one text from its layers' `states` and the `top` one, each [tokens, hidden]."""
    spans, members = align(text, tokens)
    targets = torch.tensor([token for token, _, _ in tokens[1:]], device=top.device)
    surprisal, entropy = torch.zeros(len(targets)), torch.zeros(len(targets))
    pivot = [(NO_PIVOT, NO_PIVOT)] * len(spans)
    begins = {own[0] - 1: i for i, own in enumerate(members)}  # the position that predicts a word's first token
    for start in range(0, len(targets), ROWS):
        some = slice(start, min(start + ROWS, len(targets)))
        log_probs = lm.model.lm_head(top[some]).float().log_softmax(-1)
        surprisal[some] = -log_probs.gather(1, targets[some, None])[:, 0].cpu()
        for row in range(some.start, some.stop):
            if row in begins:
                i = begins[row]
                pivot[i] = pivot_gain(lm, spans[i].of(text), log_probs[row - start], members[i], tokens)
        entropy[some] = -log_probs.exp().mul_(log_probs).sum(-1).cpu()
    scalars = torch.zeros(len(spans), len(SCALARS))
    for i, (span, own) in enumerate(zip(spans, members, strict=True)):
        part = surprisal[[t - 1 for t in own]]
        opens = span.start == 0 or "\n" in text[max(0, span.start - 2) : span.start]
        scalars[i] = torch.tensor([part.sum(), part.max(), entropy[own[0] - 1], *pivot[i], len(own), float(opens)])
    last = torch.tensor([own[-1] for own in members], device=top.device)
    joined = torch.cat([layer[last] for layer in states], dim=-1) if spans else torch.zeros(0, len(LAYERS) * lm.hidden)
    return Reading(tuple(spans), joined.float().cpu(), scalars)


def align(text: str, tokens: list[tuple[int, int, int]]) -> tuple[list[Span], list[list[int]]]:
    """The words of `text` that have tokens, and the positions of each word's tokens (position 0 is the start mark)."""
    every = words(text)
    members: list[list[int]] = [[] for _ in every]
    at = 0
    for position, (_, start, end) in enumerate(tokens):
        if position == 0 or not text[start:end].strip():
            continue
        while at < len(every) - 1 and every[at].end <= end - 1:
            at += 1
        members[at].append(position)
    # a cut window may end in the middle of a word: the word is then left to the next window
    kept = [i for i, own in enumerate(members) if own and (len(tokens) < MAX_TOKENS or tokens[-1][2] > every[i].end)]
    return [every[i] for i in kept], [members[i] for i in kept]


def pivot_gain(
    lm: LanguageModel, word: str, before: torch.Tensor, own: list[int], tokens: list[tuple[int, int, int]]
) -> tuple[float, float]:
    """In nats: by how much the best pivot beats the word (first tokens), and the log of all pivots' mass."""
    form = word.strip(".,;:!?\"'“”‘’()[]").lower()
    if not form.isalpha() or not word[:1].isalpha():
        return NO_PIVOT, NO_PIVOT
    found = lm.first_tokens(form, word[0].isupper())
    own_token = tokens[own[0]][0]
    firsts = [(token, weight) for token, weight in found if token != own_token]
    if not firsts:
        return NO_PIVOT, NO_PIVOT
    scores = before[[token for token, _ in firsts]]
    weights = torch.tensor([weight for _, weight in firsts], device=scores.device)
    gain = (scores + weights).max() - before[own_token]
    return max(float(gain), NO_PIVOT), max(float(scores.logsumexp(0)), NO_PIVOT)
