"""The trained models in processes of their own, for a command that is started anew for every text.

They import torch while the command itself reads the tables of the rules, and then each reads on a core of its own. The
first one is forked from the command before that has a thread, the others from the first: so they share torch.

Nothing is imported here before the fork that can wait until after it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from repair.config import Config, corrector_name
from repair.cores import wanted_threads

if TYPE_CHECKING:
    from repair.lm.answers import Answer, Inquiry, Reading
    from repair.lm.infill import Infiller
    from repair.lm.model import LanguageModel
    from repair.lm.reader import Reader

MOST = 4  # processes: an article has hardly more windows
CARDS = (Path("/dev/nvidiactl"), Path("/dev/kfd"))  # where there is one of these the model may be on a graphics card


def start(config: Config) -> tuple[int, list[Connection]] | None:
    """The first process, and connections to all that suit the settings; None where the model is as well off here.

    To be called before this process has a second thread.
    """
    threads = min(MOST, wanted_threads(config.threads))
    if threads < 2 or not fits(config):
        return None
    pairs = [Pipe() for _ in range(threads)]
    ours, theirs = [our for our, _ in pairs], [their for _, their in pairs]
    try:
        child = os.fork()
    except OSError:  # no room for another process
        return None
    if not child:
        _begin(config, ours, theirs)
    for their in theirs:
        their.close()
    return child, ours


def fits(config: Config) -> bool:
    """Are detector and corrector those trained here, and read on the processor?"""
    on_processor = config.device == "cpu" or (config.device == "auto" and not any(card.exists() for card in CARDS))
    own = config.detector_model is None and corrector_name(config) != "rewriting"
    wanted = not config.no_model and "lm" in config.detectors
    return sys.platform == "linux" and on_processor and own and wanted  # elsewhere a fork is not safe


def _begin(config: Config, ours: Sequence[Connection], theirs: Sequence[Connection]) -> None:
    """In the first process: it becomes all of them. Never returns."""
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):  # whoever reads what the command prints is not kept waiting by us
            os.dup2(nothing, stream)
        for our in ours:
            our.close()
        import repair.lm.preload  # noqa: F401

        mine = next((their for their in theirs[1:] if os.fork() == 0), theirs[0])
        for their in theirs:
            if their is not mine:
                their.close()
        _serve(Models(config), mine)
        with suppress(ChildProcessError):  # whoever waits for the first process waits for all
            while True:
                os.wait()
    finally:
        os._exit(1)


def _serve(models: Models, connection: Connection) -> None:
    """Answers questions until nobody is left who could ask."""
    with suppress(EOFError, OSError):
        while True:
            call, given = connection.recv()
            try:
                answer = True, getattr(models, call)(*given)
            except Exception as error:
                answer = False, error
            connection.send(answer)


class Models:
    """What a process answers with, each loaded when it is first asked."""

    def __init__(self, config: Config) -> None:
        self._config = config

    @cached_property
    def _lm(self) -> LanguageModel:
        from repair.lm.base import base_folder
        from repair.lm.model import LanguageModel

        return LanguageModel(base_folder(self._config), self._config.device, self._config.dtype, threads=1)

    @cached_property
    def _reader(self) -> Reader:
        from repair.lm.reader import Reader
        from repair.trained import weights

        return Reader(self._lm, weights("detector"))

    @cached_property
    def _infiller(self) -> Infiller:
        from repair.lm.infill import Infiller
        from repair.trained import weights

        return Infiller(self._lm, weights("infill"))

    def numbers(self) -> str:
        return self._lm.numbers

    def read(self, text: str) -> Reading:
        return self._reader.read(text)

    def answer(self, inquiries: Sequence[Inquiry]) -> tuple[Answer, ...]:
        return self._infiller.answer(inquiries)
