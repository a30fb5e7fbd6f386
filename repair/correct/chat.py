"""A client of an OpenAI-compatible server that never costs a run more than its proposals.

One request at a time, straight to the address that was named: no proxy, no redirect. Every request has a time limit
for all of it, an answer a longest size. What may pass (a full server, a broken connection) is tried again after a
pause; after some failures in a row the server is left in peace for a while (a circuit breaker: Nygard 2007, Release
It!).
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillWaiting
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any

from repair.addresses import ANSWERS, Address, is_local
from repair.patience import still_wanted

PAUSES = (0.5, 2.0)  # seconds before the second and the third try
LONGEST_PAUSE = 10.0  # however long the server asks us to wait
FAILURES = 3  # in a row, and the server is not asked
REST, LONGEST_REST = 60.0, 960.0  # seconds; twice as long each time
POLL = 0.1
LARGEST = 1_000_000  # bytes of an answer
TOKENS = 2_000  # of an answer
SHOWN = 160  # characters of what a server says is wrong
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
REFUSED = frozenset({400, 422})


class Unanswered(Exception):
    """The server has given no answer that can be used; the message says why, without the key and in one line."""

    def __init__(self, reason: str, status: int = 0, pause: float | None = None) -> None:
        super().__init__(reason)
        self.status, self.pause = status, pause  # `pause`: worth another try after so many seconds


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row. After FAILURES the server rests; then one request tries it."""

    clock: Callable[[], float] = time.monotonic
    failures: int = 0
    rest: float = REST
    until: float = 0.0

    @property
    def open(self) -> bool:
        """True while the server is not asked."""
        return self.clock() < self.until

    def succeeded(self) -> None:
        self.failures, self.rest = 0, REST

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= FAILURES:
            self.until = self.clock() + self.rest
            self.rest = min(2 * self.rest, LONGEST_REST)


class Chat:
    """Asks one server. `timeout` is in seconds, for one request; `key` is sent to the server and shown to nobody."""

    def __init__(self, address: Address, key: str | None = None, timeout: float = 60.0) -> None:
        self.address, self.timeout = address, timeout
        self.breaker = Breaker()
        self._key = key
        self._plain = 0  # how much is left out of requests because the server refused it

    def models(self) -> list[str]:
        """The names of the models that are served. Raises Unanswered."""
        answer = self._patiently("GET", "/models", None)
        listed = answer.get("data") if isinstance(answer, dict) else None
        return [one["id"] for one in listed or () if isinstance(one, dict) and isinstance(one.get("id"), str)]

    def ask(self, model: str, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> str:
        """The text of the model's answer; whether it is of use, the caller tells the breaker. Raises Unanswered; where
        the breaker is open, without asking.
        """
        while True:
            try:
                answer = self._patiently("POST", ANSWERS, self._body(model, messages, schema))
            except Unanswered as error:
                if error.status not in REFUSED:
                    raise
                if self._plain == 2:
                    self.breaker.failed()
                    raise
                self._plain += 1  # an old server knows no schemas, a new model no temperature
                continue
            try:
                return content(answer)
            except Unanswered:
                self.breaker.failed()
                raise

    def _body(self, model: str, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = {"model": model, "messages": messages, "stream": False}
        if self._plain < 2:
            body |= {"temperature": 0, "max_tokens": TOKENS}
        if self._plain < 1:
            named = {"name": "wordings", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return body

    def _patiently(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        if self.breaker.open:
            raise Unanswered("it is not asked for a while")
        for number in range(len(PAUSES) + 1):
            try:
                return self._once(method, path, body)
            except Unanswered as error:
                if error.pause is None or number == len(PAUSES):
                    if error.status not in REFUSED:  # `ask` tries another form
                        self.breaker.failed()
                    raise
                self._wait(max(PAUSES[number], min(error.pause, LONGEST_PAUSE)))
        raise AssertionError("the last try ends the loop")

    def _once(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        status, pause, data = self._exchange(method, self.address.path + path, body)
        if status == 200:
            try:
                return json.loads(data)
            except (ValueError, RecursionError):
                raise Unanswered("what it answers is no JSON") from None
        if 300 <= status < 400:
            raise Unanswered(f"it sends us elsewhere ({status}), which is not followed", status)
        if status in (401, 403):
            raise Unanswered(f"it asks for another key ({status}); set REPAIR_CORRECTOR_KEY", status)
        said = self._shown(complaint(data))
        raise Unanswered(f"it answers {status}{said}", status, pause if status in AGAIN else None)

    def _exchange(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, float, bytes]:
        """Status, the pause asked for and the body of one answer. A thread waits, so that we need not."""
        kind = HTTPSConnection if self.address.secure else HTTPConnection
        connection = kind(self.address.host, self.address.port, timeout=self.timeout)
        opened: list[socket.socket] = []
        done: Future[tuple[int, float, bytes]] = Future()

        def work() -> None:
            try:
                connection.connect()
                opened.append(connection.sock)
                if self.address.local and not is_local(connection.sock.getpeername()[0]):
                    raise Unanswered("its name leads to another machine")
                sent = None if body is None else json.dumps(body).encode()
                connection.request(method, path, sent, self._headers())
                with closing(connection.getresponse()) as response:
                    done.set_result((response.status, seconds(response.getheader("Retry-After")), whole(response)))
            except Exception as error:
                done.set_exception(error)
            finally:
                connection.close()

        threading.Thread(target=work, daemon=True).start()
        end = time.monotonic() + self.timeout
        try:
            while True:
                still_wanted()
                try:
                    return done.result(max(0.0, min(POLL, end - time.monotonic())))
                except StillWaiting:
                    if done.done() or time.monotonic() >= end:
                        raise Unanswered(f"it does not answer within {self.timeout:g} seconds") from None
        except ssl.SSLError as error:
            raise Unanswered(f"no safe connection ({error.reason or 'TLS'})") from None
        except OSError as error:
            raise Unanswered(f"it cannot be reached ({error.strerror or error})", pause=0.0) from None
        except (HTTPException, ValueError):
            raise Unanswered("it does not speak HTTP as it should", pause=0.0) from None
        finally:
            for one in opened:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)  # wakes the thread where it still reads

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})

    def _shown(self, said: str) -> str:
        """The end of a message: what the server says, in one line, without the key."""
        said = said.replace(self._key, "***") if self._key else said
        said = " ".join("".join(char if char.isprintable() else " " for char in said).split())
        return f": {said[:SHOWN]}" if said else ""

    def _wait(self, pause: float) -> None:
        end = time.monotonic() + pause
        while (left := end - time.monotonic()) > 0:
            still_wanted()
            time.sleep(min(POLL, left))


def whole(response: HTTPResponse) -> bytes:
    """All of an answer's body. Raises Unanswered for one that is too long."""
    data = b""
    while part := response.read1(65_536):
        data += part
        if len(data) > LARGEST:
            raise Unanswered("its answer does not end")
    return data


def content(answer: Any) -> str:
    """The text of the first choice in an answer. Raises Unanswered where there is none."""
    try:
        said = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        said = None
    if not isinstance(said, str):
        raise Unanswered("its answer holds no text")
    return said


def complaint(data: bytes) -> str:
    """What a server says is wrong; empty where it does not say."""
    try:
        said = json.loads(data)
        error = said.get("error", said.get("detail", said.get("message")))
        return str((error.get("message") if isinstance(error, dict) else error) or "")
    except (ValueError, AttributeError, RecursionError):
        return ""


def seconds(value: str | None) -> float:
    """A `Retry-After` in seconds; dates and nonsense are 0.

    >>> seconds("3"), seconds("Fri, 31 Dec 1999 23:59:59 GMT"), seconds(None)
    (3.0, 0.0, 0.0)
    """
    return float(value) if value and value.isdigit() and len(value) < 7 else 0.0
