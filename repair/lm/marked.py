"""What the adapter reads and writes: a piece of text with its doubtful spans in brackets, then a question for each.

    It is [ his] far less [ future] with his views.
    It is [ his] =>  He was
    less [ future] =>  forthcoming

All questions share the text and none sees another, so one pass over the piece serves all its spans. Training and
inference share this file, so that they cannot drift apart. It works on tokens, so that a word is the same tokens with
and without brackets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from repair.text import Span

OPEN, CLOSE, ARROW, END = " [", " ]", " =>", "\n"
WORD_BEFORE = re.compile(r"\S+\s*$")


@dataclass(frozen=True, slots=True)
class Marked:
    """`tokens` of the piece with all its spans marked; a question per span; `leads`, the space before each span."""

    tokens: tuple[int, ...]
    questions: tuple[tuple[int, ...], ...]
    leads: tuple[str, ...]


class Marker:
    """Turns texts into tokens. `start` is the token that every text begins with."""

    def __init__(self, tokenizer: Any, start: int) -> None:
        self.tokenizer, self.start = tokenizer, start
        self.open, self.close, self.arrow = self.plain(OPEN), self.plain(CLOSE), self.plain(ARROW)
        (self.end,) = self.plain(END)

    def plain(self, text: str) -> tuple[int, ...]:
        return tuple(self.tokenizer(text, add_special_tokens=False)["input_ids"]) if text else ()

    def mark(self, text: str, spans: Sequence[Span]) -> Marked:
        """`text` with its sorted, separate `spans` marked. White space before a span belongs to what is asked for."""
        tokens: list[int] = [self.start]
        questions, leads = [], []
        position = 0
        for span in spans:
            begin = span.start - 1 if text[position : span.start].endswith(" ") else span.start
            inner = self.open + self.plain(text[begin : span.end]) + self.close
            tokens += self.plain(text[position:begin]) + inner
            before = WORD_BEFORE.search(text, 0, begin)
            at = before.start() if before else begin
            at -= at > 0 and text[at - 1] == " "
            questions.append((self.end, *self.plain(text[at:begin]), *inner, *self.arrow))
            leads.append(text[begin : span.start])
            position = span.end
        tokens += self.plain(text[position:])
        return Marked(tuple(tokens), tuple(questions), tuple(leads))

    def answers(self, lead: str, replacements: Sequence[str]) -> list[tuple[int, ...]]:
        """What the adapter is to write for a span, one for each of `replacements`; for "" nothing but the end mark."""
        texts = [lead + text if text else "" for text in replacements]
        return [(*tokens, self.end) for tokens in self.tokenizer(texts, add_special_tokens=False)["input_ids"]]
