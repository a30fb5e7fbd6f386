"""The daemon itself: one repairer, asked by one connection at a time, until nobody has asked for some minutes.

What comes over the socket is pickled, which only this user's own programs can send: folder and socket are closed to all
others, and who connects is asked for by the kernel.
"""

from __future__ import annotations

import os
import pickle
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from filelock import FileLock

from repair.cores import wait_quietly
from repair.errors import RepairError
from repair.findings import Report
from repair.patience import GivenUp, wanted_while

IDLE = 300.0  # seconds
LOOK_AFTER = 1.0  # seconds from one look at the time to the next

Answer = Report | RepairError | str  # a report, why there is none for any such text, or what went wrong here


class Daemon:
    """Listens at `path` with what `make` makes, which has `check_many` and `fix_many`; `idle` is in seconds."""

    def __init__(self, path: Path, make: Callable[[], Any], idle: float = IDLE) -> None:
        self.path, self.idle = path, idle
        self._make = make
        self._made: Any = None
        self._working = threading.Lock()
        self._inside: set[threading.Thread] = set()
        self._last = time.monotonic()

    def run(self) -> None:
        """Serves until nobody asks any more; at once back where another daemon listens there already."""
        with FileLock(self.path.with_suffix(".lock")):
            if listens(self.path):
                return
            self.path.unlink(missing_ok=True)
            before = os.umask(0o177)
            listening = socket.socket(socket.AF_UNIX)
            try:
                listening.bind(str(self.path))
            finally:
                os.umask(before)
            listening.listen()
        with listening:
            listening.settimeout(min(LOOK_AFTER, self.idle))
            while self._inside or time.monotonic() - self._last < self.idle:
                self._accept(listening)
            # who comes from now on finds nobody and starts another; who has come before is served
            self.path.unlink(missing_ok=True)
            listening.settimeout(0)
            while self._accept(listening):
                pass
        for thread in list(self._inside):
            thread.join()

    def _accept(self, listening: socket.socket) -> bool:
        """True where somebody came."""
        try:
            client, _ = listening.accept()
        except OSError:
            return False
        if not is_own(client):
            client.close()
            return True
        client.setblocking(True)
        thread = threading.Thread(target=self._serve, args=(Connection(client.detach()),))
        self._inside.add(thread)
        thread.start()
        return True

    def _serve(self, connection: Connection) -> None:
        try:
            with connection, suppress(OSError, EOFError, pickle.PickleError):
                while True:
                    item, action, word_scores = connection.recv()
                    answer = self._answer(connection, item, action, word_scores)
                    if answer is not None:
                        connection.send(answer)
        finally:
            self._last = time.monotonic()
            self._inside.discard(threading.current_thread())

    def _answer(self, connection: Connection, item: Any, action: str, word_scores: bool) -> Answer | None:
        """None where nobody waits for it any more: who waits is silent, so what comes is the end of the connection."""
        try:
            with self._working, wanted_while(lambda: not connection.poll()):
                self._made = self._made or self._make()
                many = self._made.fix_many([item]) if action == "fix" else self._made.check_many([item], word_scores)
                report: Report = next(many)
                return replace(report, not_applied=tuple(report.not_applied))  # what is decided late cannot be sent
        except GivenUp:
            return None
        except RepairError as error:
            return error
        except Exception as error:
            return f"a mistake in the program ({type(error).__name__})"


def listens(path: Path) -> bool:
    """True where somebody listens at the socket."""
    with socket.socket(socket.AF_UNIX) as asking:
        return asking.connect_ex(str(path)) == 0


def is_own(client: socket.socket) -> bool:
    """True where a program of this user is at the other end, as far as the system can tell."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return bool(user == os.getuid())


def main() -> None:
    """The process that a client starts: the socket's path is its argument, the settings come in pickled."""
    wait_quietly()
    config = pickle.load(sys.stdin.buffer)

    def make() -> Any:
        from repair.pipeline import Repairer

        return Repairer(config)

    Daemon(Path(sys.argv[1]), make).run()


if __name__ == "__main__":
    main()
