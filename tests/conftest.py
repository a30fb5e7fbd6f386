"""What several test files need."""

from __future__ import annotations

import os
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
    from typos import Command

    from repair.pipeline import Repairer

NO_BROWSER = "no browser to test the page with"
GET_BROWSER = "install Chromium (Debian: apt-get install chromium) and run: make test"

if "PYTEST_XDIST_WORKER" in os.environ:  # every core has a worker already; processes that tests start inherit this
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a test, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for variable in [v for v in os.environ if v.startswith("REPAIR_")]:
        monkeypatch.delenv(variable)
    return tmp_path


@pytest.fixture(scope="session")
def plain() -> Repairer:
    """Without the language model, one for all tests."""
    from repair.config import Config
    from repair.pipeline import Repairer

    return Repairer(Config(no_model=True))


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command line with `Typos` as its pipeline."""
    from typos import Command

    return Command(capsysbinary, monkeypatch)


@contextmanager
def running(house: Path | None = None, **settings: Any) -> Iterator[str]:
    """The address of a real server on a free port of this machine, ready, without a language model."""
    from repair.config import Config
    from repair.serve.guard import Settings
    from repair.serve.server import listen, make

    server, queue = make(Config(no_model=True, house=house), Settings(**settings))
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert queue.ready.wait(60)
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


def left_out(reporter: pytest.TerminalReporter | None) -> int:
    """How many tests had no browser."""
    skipped = reporter.stats.get("skipped", []) if reporter else []
    return sum(NO_BROWSER in str(report.longrepr) for report in skipped)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says that tests were left out, and how to run them."""
    if count := left_out(terminalreporter):
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"left out for want of a browser: {tests} of the page; {GET_BROWSER}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where the whole is to be tested (CI), a run that left tests out has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI", "").lower() not in ("", "0", "false") and left_out(reporter) and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="module")  # its event loop must not go on running under the other files' tests
def browser() -> Iterator[Browser]:
    """A real browser. Where there is none, the tests that want it are left out."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ModuleNotFoundError:
        pytest.skip(NO_BROWSER)
    from benchmarks.desk import ARGUMENTS, chromium

    program = chromium() or pytest.skip(NO_BROWSER)
    with sync_playwright() as driver:
        try:
            started = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        except Error as error:
            pytest.skip(f"{NO_BROWSER}: {program} does not start: {error}")
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
