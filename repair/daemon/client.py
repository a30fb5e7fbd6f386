"""Hands texts to the daemon, starting it where there is none; works by itself where that fails."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from repair.config import Config
from repair.daemon.address import settled, socket_of
from repair.errors import RepairError, UnavailableError
from repair.findings import Report
from repair.inputs import Item
from repair.run import say

if TYPE_CHECKING:
    from repair.daemon.process import Answer

STARTING = 30.0  # seconds until it has to listen
LOOK_AFTER = 0.05  # seconds from one look to the next


class NoAnswer(Exception):
    """The daemon could not do it."""


class Unreachable(NoAnswer):
    """There is no daemon to be had."""


FAILURES = (NoAnswer, OSError, EOFError, pickle.PickleError, AttributeError, ImportError)


class Repairs(Protocol):
    """What is needed of `repair.pipeline.Repairer`."""

    def check_many(self, items: Iterable[Item], word_scores: bool = False) -> Iterator[Report]: ...
    def fix_many(self, items: Iterable[Item]) -> Iterator[Report]: ...


class Client:
    """Checks and fixes as `make(config)` does, in the daemon where there is one to be had."""

    def __init__(self, config: Config, make: Callable[[Config], Repairs]) -> None:
        self.config, self._make = settled(config), make

    def check_many(self, items: Iterable[Item], word_scores: bool = False) -> Iterator[Report]:
        """As the repairer's."""
        return self._work(items, "check", word_scores)

    def fix_many(self, items: Iterable[Item]) -> Iterator[Report]:
        """As the repairer's."""
        return self._work(items, "fix", False)

    def _work(self, items: Iterable[Item], action: str, word_scores: bool) -> Iterator[Report]:
        rest = iter(items)
        with ExitStack() as stack:
            asked: Connection | None = None
            for item in rest:
                try:
                    asked = asked or stack.enter_context(connection(self.config))
                    yield ask(asked, (item, action, word_scores))
                except FAILURES as error:
                    say(f"working without the server: {one_line(error)}")
                    break
            else:
                return
        own = self._make(self.config)
        left = chain([item], rest)
        yield from own.fix_many(left) if action == "fix" else own.check_many(left, word_scores)


def ask(connection: Connection, question: tuple[Item, str, bool]) -> Report:
    """The daemon's report. Raises the error that the work ended with, and one of FAILURES where it has none to give."""
    connection.send(question)
    answer: Answer = connection.recv()
    if isinstance(answer, Report):
        return answer
    raise answer if isinstance(answer, RepairError) else NoAnswer(answer)


def connection(config: Config) -> Connection:
    """One to the daemon of these settings, which is started where need be. Raises Unreachable."""
    if not hasattr(socket, "AF_UNIX"):
        raise Unreachable("this system has no sockets for it")
    if "languagetool" in config.detectors:
        raise Unreachable("LanguageTool is a server of its own")
    try:
        path = socket_of(config)
    except UnavailableError as error:
        raise Unreachable(str(error)) from None
    with suppress(OSError):
        return connected(path)
    started = start(config, path)
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        with suppress(OSError):
            return connected(path)
        if started.poll() not in (None, 0):  # 0: another one was quicker
            raise Unreachable(f"it ended with exit code {started.returncode}")
        time.sleep(LOOK_AFTER)
    raise Unreachable(f"it did not start within {STARTING:g} seconds")


def connected(path: Path) -> Connection:
    """A connection to what listens there. Raises OSError."""
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(str(path))
    except OSError:
        made.close()
        raise
    return Connection(made.detach())


def start(config: Config, path: Path) -> subprocess.Popen[bytes]:
    """A daemon of its own session, which outlives this program. Raises Unreachable."""
    command = [sys.executable, "-m", "repair.daemon.process", str(path)]
    place: dict[str, Any] = {} if config.model else {"cwd": "/"}
    package = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])}
    try:
        made = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
            **place,
        )
        assert made.stdin is not None
        with made.stdin as stream:
            stream.write(pickle.dumps(config))
    except OSError as error:
        raise Unreachable(f"it cannot be started ({error.strerror})") from None
    return made


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or "it ended before it had answered"
