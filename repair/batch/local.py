"""The engine of one machine: worker processes, each with its own repairer, on a core of its own.

The weights are mapped into memory, so the workers share them; on Linux they share torch and the tables too.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import Protocol

import msgspec

from repair.batch.work import Outcome, Task, Worker
from repair.config import Config
from repair.cores import wait_quietly
from repair.errors import UnavailableError
from repair.lm.lean import leave_out_unused

PRELOAD = "repair.batch.preload"
TORCH = "repair.lm.preload"
AHEAD = 2  # batches waiting for each worker
DIED = "a worker process ended while it read this article (out of memory?)"


class Workers(Protocol):
    """Has batches of articles worked on."""

    def signature(self) -> str:
        """That of the repairer: version, settings, weights."""
        ...

    def run(self, batches: Iterable[list[Task]]) -> Iterator[list[Outcome]]:
        """The outcomes of each batch, as they come; takes few batches ahead, so any number may follow."""
        ...


class Local:
    """`workers` processes. One that dies takes no more with it than the article that it died of."""

    def __init__(self, config: Config, fields: tuple[str, ...], workers: int) -> None:
        self.workers = workers
        self._arguments = (on_one_core(config), fields)
        self._pool: ProcessPoolExecutor | None = None
        self._others = set(multiprocessing.active_children())

    def __enter__(self) -> Local:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:  # nobody waits for what they are at
            for worker in set(multiprocessing.active_children()) - self._others:
                worker.terminate()
        self._stop()

    def signature(self) -> str:
        try:
            return self._started().submit(_signature).result()
        except BrokenProcessPool:
            raise UnavailableError(
                "a worker process ended while it started (out of memory?); try fewer --workers"
            ) from None

    def run(self, batches: Iterable[list[Task]]) -> Iterator[list[Outcome]]:
        source = iter(batches)
        pending: dict[Future[list[Outcome]], list[Task]] = {}
        more = True
        while more or pending:
            while more and len(pending) < AHEAD * self.workers:
                batch = next(source, None)
                if batch is None:
                    more = False
                else:
                    pending[self._started().submit(_work, batch)] = batch
            if not pending:
                return
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    outcomes = future.result()
                except BrokenProcessPool:
                    suspects = [task for batch in pending.values() for task in batch]
                    pending.clear()
                    yield from self._one_by_one(suspects)
                    break
                del pending[future]
                yield outcomes

    def _one_by_one(self, tasks: Iterable[Task]) -> Iterator[list[Outcome]]:
        """Each article alone, to see which one is the end of its worker."""
        self._stop()
        for task in tasks:
            try:
                yield self._started().submit(_work, [task]).result()
            except BrokenProcessPool:
                self._stop()
                yield [Outcome(task.file, task.key, broken=DIED)]

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.workers, self._context(), _start, self._arguments)
        return self._pool

    def _context(self) -> BaseContext:
        """Workers come from a fresh process, never from this one: its threads would not survive a fork."""
        if self.workers == 1 or sys.platform != "linux":  # elsewhere a fork is not safe once torch is imported
            return multiprocessing.get_context("spawn")
        context = multiprocessing.get_context("forkserver")
        config, _ = self._arguments
        context.set_forkserver_preload([PRELOAD] if config.no_model else [PRELOAD, TORCH])
        return context

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._pool = None


def on_one_core(config: Config) -> Config:
    """The settings of a worker: one thread, where nobody wants more. Articles go side by side better than the parts of
    one, and an article's result does not depend on how many workers there are.
    """
    return config if config.threads is not None else msgspec.structs.replace(config, threads=1)


_settings: tuple[Config, tuple[str, ...]]
_worker: Worker | None = None


def _start(config: Config, fields: tuple[str, ...]) -> None:
    """In a fresh worker process."""
    global _settings
    wait_quietly()
    if not config.no_model:
        leave_out_unused()
    gc.freeze()  # what is shared stays so: the collector would write to all of it
    _settings = (config, fields)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process stops its workers
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _loaded() -> Worker:
    # not in _start: an error there would only say that the process has ended
    global _worker
    if _worker is None:
        from repair.pipeline import Repairer

        config, fields = _settings
        _worker = Worker(Repairer(config), fields)
    return _worker


def _signature() -> str:
    return _loaded().repairer.signature


def _work(tasks: list[Task]) -> list[Outcome]:
    return _loaded().run(tasks)
