"""What several test files need."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# a busy machine takes longer than the 200 ms that are usual for an example
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of data sets: REPAIR_DATA, or `shared/data` beside the project."""
    folder = Path(os.environ.get("REPAIR_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no data sets in {folder}; set REPAIR_DATA (benchmarks/datasets.py names their sources)")
    return folder


@contextmanager
def running(house: Path | None = None, **settings: object) -> Iterator[str]:
    """The address of a real server on a free port of this machine, ready, without a language model."""
    from repair.config import Config
    from repair.serve.guard import Settings
    from repair.serve.server import listen, make

    server, worker = make(Config(no_model=True, house=house), Settings(**settings))
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert worker.ready.wait(60)
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """Starts a server with the given settings and gives its address; all stop at the end."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(running(**settings))


@pytest.fixture(scope="session")
def address(serve: Callable[..., str]) -> str:
    """The address of a server with default settings, one for all tests."""
    return serve()
