"""The engine of a cluster: Ray Data, with actors that hold the repairer. Needs ray, of the extra `ray`.

Articles go out in waves; in each, `map_batches` hands them to the actors and gives the outcomes back as they come.
What comes back is the same as from the local engine. A batch that is lost with its machine is tried again; an article
that ends its actor again when it is tried alone is broken.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.msgpack import decode, encode

from repair.batch.local import DIED, on_one_core
from repair.batch.work import Outcome, Task, Worker
from repair.config import Config
from repair.cores import free, wait_quietly
from repair.errors import RepairError, UnavailableError

WAVE = 20_000  # articles in one dataset: the actors load their models anew for each
WAVE_BYTES = 200_000_000
PATIENCE = 10  # seconds for a cluster to answer
RETRIES = 1  # of a batch whose actor or machine went away


class Ray:
    """`workers` actors, on this machine or on the cluster at `address`."""

    def __init__(self, config: Config, fields: tuple[str, ...], workers: int, address: str | None = None) -> None:
        self.workers = workers
        self.fields = fields
        self.config = on_one_core(config)
        self._ray = _import()
        self._start(address)

    def _start(self, address: str | None) -> None:
        quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": True}
        own = {} if address else {"num_cpus": max(free(), self.workers + 1), "include_dashboard": False}
        try:
            if address:
                _reach(address)
            self._ray.init(address=address or "local", **quiet, **own)
        except (OSError, RuntimeError, ValueError, self._ray.exceptions.RayError) as error:
            raise UnavailableError(f"no Ray cluster at {address or 'all'}: {_line(error)}; check --address") from None
        context = self._ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        context.max_errored_blocks = -1  # what is missing is tried again, one article at a time
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)

    def __enter__(self) -> Ray:
        return self

    def __exit__(self, *error: object) -> None:
        self._ray.shutdown()

    def signature(self) -> str:
        """That of the repairer, loaded once on the cluster."""
        result = self._ray.get(self._ray.remote(_signature).remote(self.config))
        if isinstance(result, RepairError):
            raise result
        return str(result)

    def run(self, batches: Iterable[list[Task]]) -> Iterator[list[Outcome]]:
        """The outcomes of each batch, as they come. Raises RepairError for what concerns all articles."""
        for wave in waves(batches):
            missing = {(task.file, task.key): task for batch in wave for task in batch}
            for size in (max(len(batch) for batch in wave), 1, 1):  # what is missing is tried again, each article alone
                for outcomes in self._map(list(missing.values()), size) if missing else ():
                    for outcome in outcomes:
                        missing.pop((outcome.file, outcome.key), None)
                    yield outcomes
            if missing:
                yield [Outcome(task.file, task.key, broken=DIED) for task in missing.values()]

    def _map(self, tasks: list[Task], size: int) -> Iterator[list[Outcome]]:
        """The outcomes of the tasks whose actors have lived."""
        blocks = -(-len(tasks) // size)
        rows = self._ray.data.from_items([{"task": encode(task)} for task in tasks], override_num_blocks=blocks)
        with warnings.catch_warnings():
            # the bound of retries has no other name yet; without one an article that kills its actor is tried for ever
            warnings.simplefilter("ignore")
            results = self._repaired(rows, size, min(self.workers, blocks))
        tables = iter(results.iter_batches(batch_size=None, batch_format="pyarrow"))
        while (table := self._next(tables)) is not None:
            for error in table.column("error").to_pylist():
                if error is not None:
                    raise pickle.loads(error)
            yield [decode(row, type=Outcome) for row in table.column("outcome").to_pylist()]

    def _next(self, tables: Iterator[Any]) -> Any:
        """The next table; None at the end."""
        try:
            return next(tables, None)
        except self._ray.exceptions.RayError as error:
            raise UnavailableError(f"the Ray cluster went away: {_line(error)}; run again to go on") from None

    def _repaired(self, rows: Any, size: int, workers: int) -> Any:
        return rows.map_batches(
            Actor,
            fn_constructor_args=(self.config, self.fields),
            batch_size=size,
            batch_format="pyarrow",
            # one at a time: what waits at an actor that ends would count as tried
            compute=self._ray.data.ActorPoolStrategy(size=workers, max_tasks_in_flight_per_actor=1),
            num_cpus=1,
            max_restarts=-1,
            max_task_retries=RETRIES,
        )


class Actor:
    """Lives on the cluster."""

    def __init__(self, config: Config, fields: tuple[str, ...]) -> None:
        from repair.pipeline import Repairer

        wait_quietly()
        self.worker = Worker(Repairer(config), fields)

    def __call__(self, table: Any) -> Any:
        import pyarrow as pa

        tasks = [decode(row, type=Task) for row in table.column("task").to_pylist()]
        # an error raised here would be lost among those of actors that die
        outcomes: list[bytes | None]
        errors: list[bytes | None]
        try:
            outcomes, errors = [encode(one) for one in self.worker.run(tasks)], [None] * len(tasks)
        except Exception as error:
            outcomes, errors = [None] * len(tasks), [pickle.dumps(error)] * len(tasks)
        return pa.table({"outcome": pa.array(outcomes, pa.binary()), "error": pa.array(errors, pa.binary())})


def waves(batches: Iterable[list[Task]]) -> Iterator[list[list[Task]]]:
    """Batches in groups that fit into memory."""
    wave: list[list[Task]] = []
    articles = size = 0
    for batch in batches:
        wave.append(batch)
        articles += len(batch)
        size += sum(len(task.data) for task in batch)
        if articles >= WAVE or size >= WAVE_BYTES:
            yield wave
            wave, articles, size = [], 0, 0
    if wave:
        yield wave


def _signature(config: Config) -> str | RepairError:
    """Runs on the cluster."""
    from repair.pipeline import Repairer

    try:
        return Repairer(config).signature
    except RepairError as error:
        return error


def _import() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
        import ray.data
        import ray.exceptions
    except ModuleNotFoundError as error:
        raise UnavailableError(f"--engine ray needs {error.name}; run: pip install 'mt-repair[ray]'") from None
    return ray


def _reach(address: str) -> None:
    """Raises OSError where nobody answers: Ray itself would ask for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE).close()


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
