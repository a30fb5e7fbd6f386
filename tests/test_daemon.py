"""`--server`: the same output from a process that keeps what is loaded, never a stale one, and none is not an error."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from repair.config import Config
from repair.daemon import address
from repair.daemon.address import fingerprint, private_folder, socket_of
from repair.daemon.client import Client, connected
from repair.daemon.process import Daemon, listens
from repair.errors import ModelError, UnavailableError
from repair.inputs import Item
from repair.patience import still_wanted
from repair.pipeline import Repairer

PLAIN = Config(no_model=True)
TEXT = "The the talks with one officials began .\n"


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder of the test's own, of a short name: a socket's path may not be long."""
    with tempfile.TemporaryDirectory(prefix="r") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


class Running:
    """A daemon in a thread of the test."""

    def __init__(self, config: Config, work: Any, idle: float = 60.0) -> None:
        self.daemon = Daemon(socket_of(config), lambda: work, idle)
        self.thread = threading.Thread(target=self.daemon.run)
        self.thread.start()
        while not listens(self.daemon.path) and self.thread.is_alive():
            time.sleep(0.01)

    def stop(self) -> None:
        self.daemon.idle = 0.0
        self.thread.join()


@pytest.fixture
def running() -> Iterator[Any]:
    """Starts daemons; all stop at the end."""
    made: list[Running] = []

    def start(work: Any, config: Config = PLAIN, **options: Any) -> Running:
        made.append(Running(config, work, **options))
        return made[-1]

    yield start
    for one in made:
        one.stop()


def refuse(config: Config) -> Any:
    raise AssertionError("this is for the daemon to do")


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    run = [sys.executable, "-m", "repair", *arguments]
    return subprocess.run(run, capture_output=True, check=False, env=os.environ | variables)


def test_the_command_prints_the_same_and_asks_the_same_process_again(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.html").write_text(f"<p>{TEXT}</p>")
    arguments = [str(tmp_path / "a.txt"), str(tmp_path / "b.html"), "--no-model"]
    try:
        for options in (["check"], ["check", "--format", "json", "--word-scores"], ["fix", "--diff"]):
            alone, handed = command(*options, *arguments), command(*options, "--server", *arguments)
            assert (handed.returncode, handed.stdout, handed.stderr) == (alone.returncode, alone.stdout, b"")
        (found,) = private_folder().glob("*.sock")
        with connected(found) as connection:
            inside = peer(connection.fileno())
        assert inside != os.getpid() and found.stat().st_mode & 0o077 == 0
        assert private_folder().stat().st_mode & 0o077 == 0
    finally:
        for found in private_folder().glob("*.sock"):
            with connected(found) as connection:
                os.kill(peer(connection.fileno()), signal.SIGKILL)


def peer(descriptor: int) -> int:
    """The process at the other end."""
    with socket.socket(fileno=os.dup(descriptor)) as here:
        return int.from_bytes(here.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4), sys.byteorder)


def test_reports_come_whole(running: Any) -> None:
    running(Repairer(PLAIN))
    client, own = Client(PLAIN, refuse), Repairer(PLAIN)
    items = [Item(TEXT, "a", {"n": 1}), Item("", "b"), Item("All is well here.\n" * 50)]
    for work in ("check_many", "fix_many"):
        found, expected = (list(getattr(one, work)(items)) for one in (client, own))
        assert [report.to_json() for report in found] == [report.to_json() for report in expected]
        assert [report.document for report in found] == [report.document for report in expected]


def test_other_settings_and_changed_files_are_another_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "style.toml"
    file.write_text("a = 1")
    styled = replace(PLAIN, house_style=file)
    seen = [fingerprint(PLAIN), fingerprint(styled), fingerprint(replace(PLAIN, apply_at="review"))]
    file.write_text("a = 22")
    seen.append(fingerprint(styled))
    monkeypatch.setenv("REPAIR_HOME", str(tmp_path))
    seen.append(fingerprint(PLAIN))
    monkeypatch.setattr("repair.__version__", "9.9")
    seen.append(fingerprint(PLAIN))
    (tmp_path / "code.py").write_text("")
    monkeypatch.setattr(address, "files", lambda config: [tmp_path / "code.py"])
    seen += [fingerprint(PLAIN)]
    (tmp_path / "code.py").write_text("x = 1")
    seen += [fingerprint(PLAIN)]
    assert len(set(seen)) == len(seen) and fingerprint(PLAIN) == fingerprint(PLAIN)


def test_it_ends_when_nobody_asks(running: Any) -> None:
    one = running(Repairer(PLAIN), idle=0.3)
    assert list(Client(PLAIN, refuse).check_many([Item(TEXT)]))
    one.thread.join(20)
    assert not one.thread.is_alive() and not one.daemon.path.exists()


def test_a_second_one_leaves_the_first_alone(running: Any) -> None:
    first, second = running(Repairer(PLAIN)), running(None)
    second.thread.join(20)
    assert not second.thread.is_alive() and first.thread.is_alive()
    assert list(Client(PLAIN, refuse).check_many([Item(TEXT)]))


def test_a_socket_that_nobody_listens_at_is_taken_over(running: Any) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(socket_of(PLAIN)))
    running(Repairer(PLAIN))
    assert list(Client(PLAIN, refuse).check_many([Item(TEXT)]))


class Failing:
    """Does what it is told with the second text."""

    def __init__(self, what: Any) -> None:
        self.what, self.asked = what, 0

    def check_many(self, items: list[Item], word_scores: bool) -> Iterator[Any]:
        self.asked += 1
        if self.asked == 2:
            self.what()
        yield from Repairer(PLAIN).check_many(items, word_scores)


def missing() -> None:
    raise ModelError("no model here")


def mistake() -> None:
    raise ZeroDivisionError


def test_an_error_that_people_can_mend_is_the_same(running: Any) -> None:
    running(Failing(missing))
    with pytest.raises(ModelError, match="no model here"):
        list(Client(PLAIN, refuse).check_many([Item(TEXT)] * 3))


def test_where_it_fails_the_rest_is_done_without_it(running: Any, capfd: pytest.CaptureFixture[str]) -> None:
    running(Failing(mistake))
    items = [Item(f"{TEXT} {number}", str(number)) for number in range(4)]
    expected = list(Repairer(PLAIN).check_many(items))
    found = list(Client(PLAIN, Repairer).check_many(iter(items)))
    assert [report.to_json() for report in found] == [report.to_json() for report in expected]
    assert capfd.readouterr().err == (
        "repair: working without the server: a mistake in the program (ZeroDivisionError)\n"
    )


def test_a_folder_that_others_can_look_into_is_not_used(
    runtime: Path, running: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    private_folder().chmod(0o755)
    with pytest.raises(UnavailableError, match="not a folder of yours alone"):
        socket_of(PLAIN)
    (found,), (expected,) = (list(one.check_many([Item(TEXT)])) for one in (Client(PLAIN, Repairer), Repairer(PLAIN)))
    assert found.to_json() == expected.to_json()
    assert capfd.readouterr().err.count("\n") == 1


def test_too_long_a_path_is_told(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "LONGEST", 10)
    with pytest.raises(UnavailableError, match="too long a path"):
        socket_of(PLAIN)


def test_work_that_nobody_waits_for_is_given_up(running: Any) -> None:
    begun, over = threading.Event(), threading.Event()

    class Endless:
        def check_many(self, items: list[Item], word_scores: bool) -> Iterator[Any]:
            begun.set()
            try:
                while True:
                    still_wanted()
                    time.sleep(0.01)
            finally:
                over.set()

    one = running(Endless())
    with connected(one.daemon.path) as connection:
        connection.send((Item(TEXT), "check", False))
        assert begun.wait(20) and not over.is_set()
    assert over.wait(20)
