"""A server that nobody can hold up: slow clients, too many of them, texts that nobody waits for any more."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest
import requests

from repair.config import Config
from repair.inputs import Item
from repair.patience import GivenUp, still_wanted, wanted_while
from repair.pipeline import Repairer
from repair.serve import connections, guard
from repair.serve.app import unready
from repair.serve.cli import serve as serve_command
from repair.serve.work import Job, Queue

Serve = Callable[..., str]
HEAD = b"POST /api/check HTTP/1.1\r\nHost: localhost\r\n"
GARBLED = "one officials . "


def place(address: str) -> tuple[str, int]:
    host, port = address.removeprefix("http://").split(":")
    return host, int(port)


def inside(address: str) -> float:
    page = requests.get(f"{address}/metrics", timeout=60).text
    return float(next(line.split()[1] for line in page.splitlines() if line.startswith("repair_requests_inside ")))


def until(true: Callable[[], bool], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def queue() -> Queue:
    return Queue(Repairer(Config(no_model=True)), 2, lambda: None)


@pytest.mark.parametrize("sent", [b"", b"GET /heal", HEAD, HEAD + b"Content-Length: 2\r\n"])
def test_a_head_that_does_not_arrive_ends_its_connection(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connections, "HEAD", 0.3)
    with socket.create_connection(place(serve()), timeout=60) as connection:
        connection.sendall(sent)
        assert connection.recv(100) == b""


def test_a_head_that_trickles_in_ends_its_connection_too(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD", 0.4)
    began = time.monotonic()
    with socket.create_connection(place(serve()), timeout=60) as connection, suppress(ConnectionError):
        connection.sendall(b"GET /healthz HTTP/1.1\r\n")
        while time.monotonic() < began + 90:
            connection.sendall(b"X: y\r\n")
            time.sleep(0.1)
    assert time.monotonic() - began < 60


def test_the_second_head_of_a_connection_is_not_waited_for_either(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD", 0.4)
    with socket.create_connection(place(serve()), timeout=60) as connection:
        for _ in range(2):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            told = b""
            while b"alive" not in told:
                told += connection.recv(1000)
        connection.sendall(b"GET /healthz HT")
        assert connection.recv(1000) == b""


def test_a_slow_client_that_does_arrive_is_answered(serve: Serve) -> None:
    body = b'{"text": "One officials said."}'
    sent = HEAD + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with socket.create_connection(place(serve()), timeout=60) as connection:
        for start in range(0, len(sent), 10):
            connection.sendall(sent[start : start + 10])
            time.sleep(0.02)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_body_that_stops_is_not_waited_for(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PIECE", 0.3)
    with socket.create_connection(place(serve()), timeout=60) as connection:
        connection.sendall(HEAD + b"Content-Length: 9\r\n\r\na")
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("sent", [b"", HEAD, HEAD + b"Content-Length: 9\r\n\r\na"])
def test_however_many_wait_the_next_client_is_served(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connections, "MOST", 20)
    address = serve()
    with ExitStack() as stack:
        for _ in range(60):
            with suppress(ConnectionError):
                stack.enter_context(socket.create_connection(place(address), timeout=60)).sendall(sent)
        for _ in range(3):
            assert requests.post(f"{address}/api/check", json={"text": GARBLED}, timeout=200).status_code == 200


@pytest.mark.slow
def test_who_does_not_read_an_answer_keeps_no_place(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STALLED", 1.0)
    address = serve(max_body=10_000_000)
    text = b"Yes. No. " * 100_000  # its sentences alone make an answer that no buffer takes
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(place(address))
        told = b"Accept: application/x-ndjson\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(text)
        connection.sendall(HEAD + told + text)
        until(lambda: inside(address) == 1)
        until(lambda: inside(address) == 0)


def test_work_that_nobody_waits_for_stops() -> None:
    asked = queue()
    asked.start()
    long = asked.submit(Job(Item(GARBLED * 60_000), "fix"))
    until(long.running)
    began = time.monotonic()
    long.cancel()
    report = asked.submit(Job(Item(GARBLED))).result(200)
    assert len(report.findings) == 2 and time.monotonic() - began < 120  # to its end it would take minutes
    assert isinstance(long.exception(0), GivenUp)
    asked.close()


def test_work_that_somebody_waits_for_goes_on() -> None:
    with wanted_while(lambda: True):
        assert Repairer(Config(no_model=True)).fix(GARBLED).findings
    with wanted_while(lambda: False), pytest.raises(GivenUp):
        Repairer(Config(no_model=True)).check(GARBLED)
    still_wanted()


def test_a_text_that_takes_too_long_does_not_hold_up_the_next(serve: Serve) -> None:
    address = serve(timeout=1)
    late = requests.post(f"{address}/api/fix", json={"text": GARBLED * 60_000}, timeout=60)
    assert late.status_code == 504
    until(lambda: requests.get(f"{address}/readyz", timeout=200).status_code == 200)
    until(lambda: requests.post(f"{address}/api/fix", json={"text": GARBLED}, timeout=200).status_code == 200)


def test_ready_is_only_said_where_it_is_true() -> None:
    waiting = queue()
    assert unready(waiting, 9) == "the model is being loaded"
    waiting.start()
    assert waiting.ready.wait(60)
    assert unready(waiting, 9) is None
    with waiting.place(), waiting.place():
        assert unready(waiting, 9) == "too many texts at a time"
    long = waiting.submit(Job(Item(GARBLED * 60_000), "fix"))
    until(lambda: waiting.at_it() > 0.2)
    assert unready(waiting, 9) is None
    assert "longer than the time limit" in (unready(waiting, 0.1) or "")
    long.cancel()
    waiting.close()
    until(lambda: not waiting.alive)
    assert "start the server again" in (unready(waiting, 9) or "")


def test_ready_is_not_said_while_every_place_is_taken(serve: Serve) -> None:
    address = serve(queue=1, timeout=20)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(requests.post, f"{address}/api/fix", json={"text": GARBLED * 1_500}, timeout=60)
        until(lambda: requests.get(f"{address}/readyz", timeout=60).status_code == 503 or asked.done())
        assert not asked.done()
        asked.result()
    assert requests.get(f"{address}/readyz", timeout=200).status_code == 200


def test_a_file_takes_a_place_and_has_a_time_limit(serve: Serve) -> None:
    page = b"<p>One officials said.</p>" * 100_000
    late = requests.post(f"{serve(timeout=0.3)}/api/document?name=a.html", data=page, timeout=60)
    assert late.status_code == 504 and "0.3 seconds" in late.json()["error"]
    address = serve(queue=1)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(requests.post, f"{address}/api/document?name=a.html", page, timeout=60) for _ in range(6)]
    assert {answer.result().status_code for answer in asked} == {200, 503}
    assert requests.get(f"{address}/readyz", timeout=200).status_code == 200


@pytest.mark.parametrize("host", ["[::1", "[", "a]b", "[::1]:port"])
def test_a_host_that_is_none_is_refused(serve: Serve, host: str) -> None:
    address = serve(hosts=("localhost", "127.0.0.1", "::1"))
    answer = requests.get(f"{address}/healthz", headers={"Host": host}, timeout=60)
    assert answer.status_code in (421, 200 if host.startswith("[::1]") else 421)


@pytest.mark.parametrize("host", ["127.0.0.2", "127.0.0.1", "localhost"])
def test_a_server_answers_to_the_name_it_was_given(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed: list[guard.Settings] = []
    monkeypatch.setattr("repair.serve.server.run", lambda config, settings, host, port: allowed.append(settings))
    assert serve_command.main(["--host", host, "--no-model"], standalone_mode=False) == 0
    assert {host, "localhost"} <= set(allowed[0].hosts) and "evil.example" not in allowed[0].hosts
