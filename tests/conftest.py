"""What several test files need."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from page import STEP

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MISSING = "no browser to test the page with; run: make setup-browser"

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        pytest.fail(MISSING, pytrace=False)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or pytest.fail(MISSING, pytrace=False)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # the sandbox refuses the superuser
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh window. At the end: no error in it, and nothing was asked of anybody else."""
    opened: list[tuple[Page, str, list[str], list[str]]] = []

    def open_page(address: str, **options: Any) -> Page:
        context = browser.new_context(reduced_motion="reduce", accept_downloads=True, **options)
        page = context.new_page()
        page.set_default_timeout(STEP)
        asked: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(address)
        opened.append((page, address, asked, errors))
        return page

    yield open_page
    for page, address, asked, errors in opened:
        page.context.close()
        assert [url for url in asked if not url.startswith((address, "blob:"))] == []
        # the browser itself notes every answer that is an error
        assert [error for error in errors if not error.startswith("Failed to load resource")] == []
