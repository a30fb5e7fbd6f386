"""Wordings from a model behind an OpenAI-compatible address: one that the newsroom runs, or rents.

It is asked about flagged spans only, several in a request, and each passage once. Whatever goes wrong costs its
proposals and is told in the report.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from repair.config import KEY, Served, served_at
from repair.correct.chat import Chat, Unanswered
from repair.correct.prompt import LONGEST, SCHEMA, Passage, messages, passage, read_answer
from repair.errors import ConfigError
from repair.text import Document, Span

SPANS = 8  # in one request
REMEMBERED = 2_000  # passages

Wordings = tuple[str, ...]


class ServedModel:
    """The model of one server: a source of wordings, which the corrector rates beside its own.

    Raises ConfigError for an address that may not be asked.
    """

    def __init__(self, settings: Served) -> None:
        address = served_at(settings)
        if address is None:
            raise ConfigError("corrector: no address; set url under [corrector], or --corrector URL")
        self.settings, self.address = settings, address
        self.chat = Chat(address, read_key(), settings.timeout)
        self._model = settings.model
        self._known: dict[Passage, tuple[Wordings, ...]] = {}
        self._notes: dict[str, None] = {}

    @property
    def name(self) -> str:
        """What to call the model: its name, or its address where that is not known yet."""
        return self._model or str(self.address)

    @property
    def signature(self) -> list[str]:
        """Which model, and where."""
        return [f"corrector:{self._model or 'unnamed'}@{self.address}"]

    @property
    def notice(self) -> tuple[str, ...]:
        """What everybody who reads a report has to know: that sentences leave this machine. Nothing where none do."""
        if self.address.local:
            return ()
        return (f"sentences with flagged places are sent to {self.address} ({self._model or 'its first model'})",)

    @property
    def model(self) -> str:
        """The model's name; the server is asked for it once. Raises Unanswered."""
        if self._model is None:
            served = self.chat.models()
            if not served:
                raise Unanswered("it names no model; set model under [corrector]")
            self._model = served[0]
        return self._model

    def notes(self) -> tuple[str, ...]:
        """The notice, and what went wrong since the last time."""
        told = (*self.notice, *self._notes)
        self._notes.clear()
        return told

    def wordings(self, document: Document, spans: Sequence[Span]) -> dict[int, Wordings]:
        """What may stand in each of these separate `spans`, by its number, best first. Where nothing is proposed the
        number is missing.
        """
        asked = list(passages(document, spans))
        left = self.settings.requests
        for some in together([one for one, _ in asked if one not in self._known]):
            if left == 0:
                self._notes[f"no more proposals from {self.name}: {self.settings.requests} requests were made"] = None
                break
            left -= 1
            if not self._ask(some):
                break
        found = {}
        for one, numbers in asked:
            for number, wordings in zip(numbers, self._known.get(one, ()), strict=False):
                if wordings:
                    found[number] = wordings
        return found

    def _ask(self, some: list[Passage]) -> bool:
        """Ask about some passages. False where the rest need not be asked about: the server does not answer."""
        try:
            reply = self.chat.ask(self.model, messages(some), SCHEMA)
        except Unanswered as error:
            self._notes[f"going on without proposals from {self.name}: {error}"] = None
            return False
        answer = read_answer(reply, some)
        if answer is None:
            self.chat.breaker.failed()
            self._notes[f"an answer of {self.name} could not be read and is left out"] = None
            return not self.chat.breaker.open
        self.chat.breaker.succeeded()
        rest = iter(answer)
        for one in some:
            while len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[one] = tuple(next(rest) for _ in one.old)
        return True


def read_key() -> str | None:
    """The key from the environment. Raises ConfigError where it cannot be one."""
    key = os.environ.get(KEY, "").strip()
    if not key.isascii() or not key.isprintable():
        raise ConfigError(f"{KEY}: no key; it has characters that no key has")
    return key or None


def passages(document: Document, spans: Sequence[Span]) -> Iterator[tuple[Passage, list[int]]]:
    """The passages to ask about, in order, with the numbers of their spans.

    Left out: what is protected, in no sentence or in one too long, an empty place.
    """
    by_sentence: dict[Span, list[int]] = {}
    for number in sorted(range(len(spans)), key=lambda i: spans[i]):
        span, sentence = spans[number], document.sentence_at(spans[number].start)
        if len(span) and sentence.covers(span) and len(sentence) <= LONGEST and not document.is_protected(span):
            by_sentence.setdefault(sentence, []).append(number)
    for sentence, numbers in by_sentence.items():
        for first in range(0, len(numbers), SPANS):
            some = numbers[first : first + SPANS]
            yield passage(document, sentence, [spans[i] for i in some]), some


def together(some: Sequence[Passage]) -> Iterator[list[Passage]]:
    """As many passages as one request takes."""
    batch: list[Passage] = []
    for one in dict.fromkeys(some):
        if batch and sum(len(other.old) for other in batch) + len(one.old) > SPANS:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch
