"""One thread that holds the model and does the work, and the bounded room in which requests wait for it.

A text whose request has gone or is too late is dropped unread; one that was begun is given up.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from repair.findings import Report
from repair.inputs import Item
from repair.patience import wanted_while
from repair.pipeline import Repairer
from repair.progress import Step, told_to

LAST = 2.0  # seconds at the end for a text whose request has been given up


class Busy(Exception):
    """Every place is taken; come again later."""


@dataclass(frozen=True, slots=True)
class Job:
    """One text and what to do with it. `apply_at` None is as configured; `word_scores` goes with a check."""

    item: Item
    action: Literal["check", "fix"] = "check"
    word_scores: bool = False
    apply_at: Literal["safe", "review"] | None = None


class Awaited(Future[Report]):
    """A report to come. Nobody waits for it from the moment that it is cancelled, begun or not."""

    given_up = False

    def cancel(self) -> bool:
        self.given_up = True
        return super().cancel()


Waiting = tuple[Job, Awaited]


class Queue:
    """Gives every submitted job its report, first come first served.

    `places` is how many requests may be inside at a time. `watch` is told of every text that is begun.
    Once everything is loaded `loaded` is called, `ready` is set, and `notes` say what had to be left out. Where loading
    fails, `failure` says why, `failed` is called, and every job gets that error.
    """

    def __init__(self, repairer: Repairer, places: int, watch: Callable[[], None]) -> None:
        self.repairer, self.places, self._watch = repairer, places, watch
        self.inside = 0
        self.ready = threading.Event()
        self.failure: Exception | None = None
        self.failed: Callable[[], None] = lambda: None
        self.notes: tuple[str, ...] = ()
        self.loaded: Callable[[], None] = lambda: None
        self.step: Step | None = None  # how far the work at hand has come
        self._waiting: deque[Waiting] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._since: float | None = None  # when the work at hand began
        self._thread = threading.Thread(target=self._run, name="repair", daemon=True)

    def start(self) -> None:
        """Begin to load; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """Stop once nothing waits. Called when all requests are answered, so that nobody waits for what is left."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(LAST)

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one request, from its first job to its last. Raises Busy where none is free."""
        if self.full:
            raise Busy
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    @property
    def full(self) -> bool:
        """True where the next request is refused."""
        return self.inside >= self.places

    @property
    def idle(self) -> bool:
        """True where nobody else waits."""
        return self.inside <= 1

    def at_it(self) -> float:
        """For how many seconds the text that is being worked on has been."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    @property
    def alive(self) -> bool:
        """False once nothing will be worked on any more."""
        return self._thread.is_alive()

    def ahead(self, future: Future[Report]) -> int:
        """How many texts come before one that waits."""
        with self._changed:
            places = [place for place, (_, one) in enumerate(self._waiting) if one is future]
            return places[0] + 1 if places else 0

    def submit(self, job: Job) -> Future[Report]:
        """The report of `job`, in time; cancel it where nobody waits for it any more."""
        future = Awaited()
        with self._changed:
            self._waiting.append((job, future))
            self._changed.notify()
        return future

    def _run(self) -> None:
        try:
            self.notes = self.repairer.fix("One sentence, so that all is loaded.").notes
            self.loaded()
        except Exception as error:
            self.failure = error
            self.failed()
        else:
            self.ready.set()
        while one := self._next():
            self._watch()
            self._since = time.monotonic()
            self.step = None
            with told_to(self._note):
                self._answer(*one)
            self._since = None

    def _note(self, step: Step) -> None:
        self.step = step

    def _next(self) -> Waiting | None:
        """The next job, begun; None once the queue is closed and nobody waits."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return None
                job, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                return job, future

    def _answer(self, job: Job, future: Awaited) -> None:
        try:
            if self.failure:
                raise self.failure
            with wanted_while(lambda: not future.given_up):
                report = self._work(job)
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(report)

    def _work(self, job: Job) -> Report:
        if job.action == "check":
            return next(self.repairer.check_many([job.item], job.word_scores))
        repairer = self.repairer.applying(job.apply_at) if job.apply_at else self.repairer
        return next(repairer.fix_many([job.item]))
