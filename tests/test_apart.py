"""The model in processes of its own: what goes to and fro, when there are none, and that nothing of it shows."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import Pipe
from pathlib import Path

import pytest

from repair.config import Config, Served
from repair.errors import ModelError
from repair.lm import apart, lean
from repair.lm.answers import Answer, Inquiry, Reading
from repair.lm.distant import Apart
from repair.text import Span

ARTICLE = Path(__file__).with_name("article.txt")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has them")


class Fake(apart.Models):
    """Reads a word as garbled where it is in capitals."""

    def __init__(self) -> None:
        super().__init__(Config())
        self.asked: list[str] = []

    def numbers(self) -> str:
        return "int8"

    def read(self, text: str) -> Reading:
        self.asked.append(text)
        if not text:
            raise ModelError("damaged")
        return Reading((Span(0, len(text)),), (float(text.isupper()),), (0.0,))

    def answer(self, inquiries: Sequence[Inquiry]) -> tuple[Answer, ...]:
        return tuple(({"US": -0.5},) for _ in inquiries)


@pytest.fixture
def served() -> Iterator[tuple[Apart, Fake, Callable[[], None]]]:
    """Two processes' worth of connections with one fake behind both, and what ends them."""
    models, pairs = Fake(), [Pipe() for _ in range(2)]
    threads = [threading.Thread(target=apart._serve, args=(models, their)) for _, their in pairs]
    for thread in threads:
        thread.start()

    def end() -> None:
        for our, _ in pairs:
            our.close()
        for thread in threads:
            thread.join(10)

    yield Apart(os.getpid(), [our for our, _ in pairs]), models, end
    end()


def test_what_is_asked_is_answered_once(served: tuple[Apart, Fake, Callable[[], None]]) -> None:
    there, models, _ = served
    assert [there.reader.read(text).garbled for text in ("SH.BA", "talks", "SH.BA")] == [(1.0,), (0.0,), (1.0,)]
    assert models.asked == ["SH.BA", "talks"]
    inquiry = Inquiry("SH.BA said", (Span(0, 5),), ((),))
    assert there.infiller.answer([inquiry, inquiry]) == (({"US": -0.5},),) * 2
    assert (there.reader.numbers, there.reader.threads, there.infiller.threads) == ("int8", 2, 2)


def test_what_is_raised_there_is_raised_here_and_the_next_question_is_answered(
    served: tuple[Apart, Fake, Callable[[], None]],
) -> None:
    there, _, _ = served
    for _ in range(3):
        with pytest.raises(ModelError, match="damaged"):
            there.reader.read("")
    assert there.reader.read("talks").garbled == (0.0,)


def test_a_process_that_has_ended_is_one_line_with_what_to_do(
    served: tuple[Apart, Fake, Callable[[], None]],
) -> None:
    there, _, end = served
    end()
    with pytest.raises(ModelError, match=r"ended \(out of memory\?\); try REPAIR_THREADS=1"):
        there.reader.read("talks")


@LINUX
def test_processes_that_nobody_has_asked_are_stopped() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as getting_ready:
        Apart(getting_ready.pid, []).end()
        assert getting_ready.poll() is not None


@pytest.mark.parametrize(
    "config",
    [
        Config(no_model=True),
        Config(detectors=("rules",)),
        Config(model="t5"),
        Config(detector_model="own"),
        Config(device="cuda"),
        Config(threads=1),
    ],
)
def test_where_the_model_is_as_well_off_here_nothing_is_started(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    assert apart.start(config) is None


@LINUX
def test_our_own_and_a_served_corrector_are_read_apart_but_not_beside_a_graphics_card(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(apart, "CARDS", (tmp_path / "none",))
    for config in (Config(), Config(corrector=Served(url="http://localhost:1", model="m"))):
        assert apart.fits(config)
    monkeypatch.setattr(apart, "CARDS", (tmp_path,))
    assert not apart.fits(Config()) and apart.fits(Config(device="cpu"))


@LINUX
def test_without_room_for_a_process_the_model_is_loaded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise OSError("no memory")

    monkeypatch.setattr(apart, "fits", lambda config: True)
    monkeypatch.setattr(os, "fork", full)
    assert apart.start(Config(threads=2)) is None


@LINUX
@pytest.mark.slow
def test_the_command_prints_the_same_with_the_model_apart_and_leaves_no_process() -> None:
    def run(threads: int) -> bytes:
        command = [sys.executable, "-m", "repair", "check", "--exit-zero", "--format", "json", str(ARTICLE)]
        own = os.environ | {"REPAIR_THREADS": str(threads)}
        # a process left behind would keep the pipe open, which is waited for
        return subprocess.run(command, capture_output=True, check=True, timeout=120, env=own).stdout

    assert run(2) == run(1)


@LINUX
@pytest.mark.slow
def test_torch_without_what_nobody_uses_reads_as_ever() -> None:
    """The part that is left out is one of the version that is pinned; with another nothing is left out."""
    code = """
import sys
from repair.lm import lean
lean.leave_out_unused()
import torch
print(torch.__version__, hasattr(sys.modules[lean.UNUSED], "activate_meta"), torch.ones(2).sum().item())
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
    version, whole, two = out.split()
    assert (whole == "False") == version.startswith(lean.TRIED) and two == "2.0"
