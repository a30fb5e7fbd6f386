"""A real server, `transformers serve` with the base model: too small to be of help, and a client's proof."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from sysconfig import get_path

import pytest

from repair.cli import main
from repair.config import Served
from repair.correct import chat
from repair.correct.prompt import MOST, SCHEMA
from repair.correct.served import ServedModel
from repair.lm.base import resolve
from repair.segment import read_document
from repair.text import Span

pytestmark = pytest.mark.slow
TEXT = "It rained. The high diplomat of Trump sits with the Russian minister. They was late, one officials said."
FUTURE = "The minister was far less future with his views on the war than his colleagues, officials said.\n"
STARTS_WITHIN = 300  # seconds, on a machine with other work


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("fastapi", reason="needs pip install 'transformers[serving]'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log"
    command = [str(Path(get_path("scripts")) / "transformers"), "serve", str(resolve()), "--host", "127.0.0.1"]
    environ = {**os.environ, "HF_HUB_OFFLINE": "1"}
    with (
        log.open("wb") as stream,
        subprocess.Popen([*command, "--port", str(port)], stdout=stream, stderr=stream, env=environ) as server,
    ):
        try:
            wait(f"http://127.0.0.1:{port}/health", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)


def wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text(encoding="utf-8")[-2000:]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"it does not start: {log.read_text(encoding='utf-8')[-2000:]}")


def test_a_real_server_is_asked_and_its_answer_read(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "TOKENS", 80)  # a small model does not know when to stop
    served = ServedModel(Served(url=url, timeout=300))
    assert served.model == str(resolve()), "it is asked for its model's name"
    document = read_document(TEXT, "")
    spans = [Span(TEXT.index(old), TEXT.index(old) + len(old)) for old in ("high", "was")]
    said = served.chat.ask(
        served.model,
        [{"role": "user", "content": 'Answer with this JSON alone: {"answers": [{"id": 1, "wordings": ["top"]}]}'}],
        SCHEMA,
    )
    assert said.strip()
    for number, wordings in served.wordings(document, spans).items():
        old = spans[number].of(TEXT)
        assert 0 < len(wordings) <= MOST and old not in wordings and all(one.isprintable() for one in wordings)
    told = served.notes()
    assert all("could not be read" in note for note in told), json.dumps(told)
    assert not served.chat.breaker.open


def test_a_model_that_it_does_not_have_costs_the_proposals_alone(url: str) -> None:
    served = ServedModel(Served(url=url, model="no/such-model", timeout=300))
    start = TEXT.index("high")
    document = read_document(TEXT, "")
    assert served.wordings(document, [Span(start, start + 4)]) == {}
    (note,) = served.notes()
    assert note.startswith("going on without proposals from no/such-model: ") and "\n" not in note


def test_the_command_goes_its_whole_way_with_it(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(chat, "TOKENS", 80)
    monkeypatch.setenv("REPAIR_CORRECTOR_TIMEOUT", "300")
    article = tmp_path / "article.txt"
    article.write_text(FUTURE, encoding="utf-8")
    asked = json.loads(checked(capsysbinary, article, "--corrector", url))
    alone = json.loads(checked(capsysbinary, article))
    assert f"corrector:{resolve()}@{url}/v1" in asked["signature"] and "corrector:" not in alone["signature"]
    places = [[(one["start"], one["end"]) for one in report["findings"]] for report in (asked, alone)]
    assert places[0] == places[1] != [], "it says what may stand there, never where"
    assert all("could not be read" in note for note in asked.get("notes", ()))


def checked(captured: pytest.CaptureFixture[bytes], article: Path, *options: str) -> bytes:
    assert main(["check", "--format", "json", *options, str(article)]) == 1
    return captured.readouterr().out
