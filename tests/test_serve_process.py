"""The server as a process: how it starts, stops, logs, and what it does under load."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from repair.addresses import is_local
from repair.cli import main
from repair.pipeline import Repairer

ROOT = Path(__file__).parent.parent
ARTICLE = (ROOT / "tests/article.txt").read_text(encoding="utf-8")
TEXT = "The talks with SH.BA . One officials said 🙂 no."
LINES = {"Accept": "application/x-ndjson"}


@contextmanager
def process(*options: str, env: dict[str, str] | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`repair serve` as people start it, and the address that it prints."""
    command = [sys.executable, "-m", "repair", "serve", "--no-model", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | (env or {})) as started:
        try:
            assert started.stderr is not None
            found = re.search(r"http://\S+(?=/ )", started.stderr.readline())
            assert found
            wait_until(lambda: answers(f"{found[0]}/readyz"))
            yield started, found[0]
        finally:
            started.kill()


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=9).status_code == 200
    except requests.ConnectionError:
        return False


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow
def test_sigterm_finishes_the_request_in_flight() -> None:
    with process() as (started, address), ThreadPoolExecutor(1) as pool:
        asked = pool.submit(requests.post, f"{address}/api/fix", json={"text": ARTICLE * 4, "id": 7}, timeout=60)
        wait_until(lambda: "repair_requests_inside 1.0" in requests.get(f"{address}/metrics", timeout=9).text)
        started.send_signal(signal.SIGTERM)
        answer = asked.result(60)
        assert answer.status_code == 200 and answer.json()["id"] == 7 and answer.json()["output"]
        assert started.wait(60) == 143  # what a shell reports for SIGTERM
        assert started.stderr is not None and started.stderr.read() == ""


@pytest.mark.slow
def test_killed_in_the_middle_it_leaves_nothing_on_disk_and_no_text_in_the_log(tmp_path: Path) -> None:
    folders = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    with process(env=folders | {"PYTHONDONTWRITEBYTECODE": "1"}) as (started, address), ThreadPoolExecutor(1) as pool:
        asked = pool.submit(requests.post, f"{address}/api/fix", json={"text": ARTICLE * 4}, timeout=60)
        wait_until(lambda: "repair_requests_inside 1.0" in requests.get(f"{address}/metrics", timeout=9).text)
        started.kill()
        with pytest.raises(requests.ConnectionError):
            asked.result(60)
        assert started.stderr is not None and started.stderr.read() == ""
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_said_while_texts_come_and_go(capfd: pytest.CaptureFixture[str], address: str) -> None:
    requests.post(f"{address}/api/check?text=secret", json={"text": "secret"}, timeout=9)
    requests.post(f"{address}/api/check", data=b"secret{", timeout=9)
    assert capfd.readouterr() == ("", "")


def test_a_fault_is_logged_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    import asyncio

    from repair.serve.guard import Guard, Settings
    from repair.serve.metrics import Metrics

    quoted = "sec" + "ret"

    async def broken(*asked: object) -> None:
        raise ValueError(quoted)

    async def ask() -> list[MutableMapping[str, Any]]:
        sent: list[MutableMapping[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "path": "/", "method": "GET", "headers": []}
        await Guard(broken, Settings(), Metrics(), (), ())(scope, None, send)  # type: ignore[arg-type]
        return sent

    assert asyncio.run(ask())[0]["status"] == 500
    assert "ValueError" in caplog.text and "test_serve_process.py" in caplog.text and "secret" not in caplog.text


def test_a_fault_in_the_middle_of_a_stream_is_its_last_line(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise ValueError("secret")

    monkeypatch.setattr(Repairer, "fix_many", broken)
    told = []
    answer = requests.post(f"{address}/api/fix", json={"text": TEXT}, headers=LINES, timeout=60, stream=True)
    with answer, suppress(requests.exceptions.ChunkedEncodingError):  # it breaks off
        for line in answer.iter_lines():
            told.append(json.loads(line))
    assert [event["type"] for event in told] == ["start", "error"]
    assert "the log says where" in told[-1]["error"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "0.0.0.0"], "--token"),
        (["--host", "::"], "--token"),
        (["--host", "desk.example"], "--token"),
        (["--port", "70000"], "65535"),
        (["--host", "192.0.2.1", "--no-auth"], "choose another --host"),
        (["--host", "no.such.host.invalid", "--no-auth"], "choose another --host"),
        (["--detectors", "lexicom"], "lexicon"),
        (["--base", "x"], "--base"),
    ],
)
def test_settings_that_make_no_sense_end_with_one_line(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--no-model", *options]) == 2
    out, err = capsys.readouterr()
    assert told in err and err.count("\n") == 1 and out == ""


@pytest.mark.slow
def test_what_has_to_be_left_out_is_said_at_the_start(tmp_path: Path) -> None:
    nowhere = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "LTP_PATH": ""}
    with process("--detectors", "rules,languagetool", env=nowhere) as (started, _):
        started.terminate()
        assert "going on without languagetool" in started.communicate(timeout=60)[1]


def test_a_port_that_is_taken(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--no-model", "--port", address.rpartition(":")[2]]) == 2
    assert "choose another --port" in capsys.readouterr().err


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_ends_the_server(tmp_path: Path) -> None:
    (tmp_path / "repair.toml").write_text('base = "nowhere"')
    command = [sys.executable, "-m", "repair", "serve", "--port", "0", "--detectors", "lm"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert ended.returncode == 2 and ended.stderr.count("\n") == 2
    assert "nowhere" in ended.stderr.splitlines()[1]


def test_wrong_house_rules_are_told_before_the_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--no-model", "--house", "nowhere.toml"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "nowhere.toml" in told


@pytest.mark.slow
def test_under_load_there_is_no_error_but_503(tmp_path: Path) -> None:
    out = tmp_path / "load.jsonl"
    command = [
        sys.executable,
        "-m",
        "benchmarks.load",
        "--no-model",
        "--clients",
        "40",
        "--seconds",
        "2",
        "--out",
        str(out),
    ]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = {line["metric"]: line["value"] for line in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert found["errors"] == 0 and 0 < found["latency, median"] <= found["latency, slowest"]


def test_which_hosts_are_this_machine() -> None:
    assert all(map(is_local, ("127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost")))
    assert not any(map(is_local, ("0.0.0.0", "::", "192.168.0.1", "example.org", "localhost.example.org")))
