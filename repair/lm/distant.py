"""Models that are read with in other processes (`repair.lm.apart`), seen from here."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from repair.errors import ModelError
from repair.lm.adapter import adapter_hash
from repair.lm.answers import Answer, Inquiry, Reading
from repair.trained import weights

REMEMBERED = 256  # windows, and groups of pieces that were asked about
GONE = "a process that reads with the model ended (out of memory?); try REPAIR_THREADS=1, or --no-model"


class Apart:
    """The processes behind the `connections`, each answering one question at a time. `first` started the others."""

    def __init__(self, first: int, connections: Sequence[Connection]) -> None:
        self._first, self._connections, self.threads = first, connections, len(connections)
        self._asked = False
        self._free: SimpleQueue[Connection] = SimpleQueue()
        for connection in connections:
            self._free.put(connection)
        self.reader, self.infiller = DistantReader(self), DistantInfiller(self)

    def ask(self, call: str, *given: object) -> Any:
        """The answer of whichever process is free first. Raises what is raised there, ModelError where it has ended."""
        self._asked = True
        connection = self._free.get()
        try:
            connection.send((call, given))
            right, answer = connection.recv()
        except (EOFError, OSError):
            raise ModelError(GONE) from None
        finally:
            self._free.put(connection)
        if not right:
            raise answer
        return answer

    def end(self) -> None:
        """Returns when they have ended. Those that nobody has asked may still be getting ready: they are stopped."""
        if not self._asked:
            os.kill(self._first, signal.SIGKILL)
        for connection in self._connections:
            connection.close()
        with suppress(ChildProcessError):
            os.waitpid(self._first, 0)


class DistantReader:
    """The detector's model."""

    def __init__(self, apart: Apart) -> None:
        self.threads, self._apart = apart.threads, apart
        self.sha256, _ = adapter_hash(weights("detector"))
        self.read = lru_cache(REMEMBERED)(self._read)

    def _read(self, text: str) -> Reading:
        reading: Reading = self._apart.ask("read", text)
        return reading

    @cached_property
    def numbers(self) -> str:
        return str(self._apart.ask("numbers"))


class DistantInfiller:
    """The corrector's model."""

    def __init__(self, apart: Apart) -> None:
        self.threads, self._apart = apart.threads, apart
        self.sha256, _ = adapter_hash(weights("infill"))
        self._remembered = lru_cache(REMEMBERED)(self._answer)

    def answer(self, inquiries: Sequence[Inquiry]) -> tuple[Answer, ...]:
        return self._remembered(tuple(inquiries))

    def _answer(self, inquiries: tuple[Inquiry, ...]) -> tuple[Answer, ...]:
        answers: tuple[Answer, ...] = self._apart.ask("answer", inquiries)
        return answers
