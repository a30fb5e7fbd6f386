"""Connections that wait for a client no longer than is sensible, and never so many that there is none for the next.

uvicorn itself waits for ever for the rest of a request's head, and for a client that does not read its answer.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD = 10.0  # seconds in which the head of a request has to arrive
STALLED = 30.0  # seconds in which a client has to take some of an answer that it is sent
MOST = 512  # connections at a time, fewer where the system allows a process few files


def most() -> int:
    """How many connections there may be at a time: half of the files that this process may open, at most `MOST`."""
    with suppress(ModuleNotFoundError):  # Windows has no such limit
        import resource

        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return MOST if files == resource.RLIM_INFINITY else max(2, min(MOST, files // 2))
    return MOST


class Patient(H11Protocol):
    """One connection. Where there are too many, the one that has let the server wait for longest makes room."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.since = self.loop.time()  # when the server began to wait for what it now waits for
        self._head: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    @property
    def is_between(self) -> bool:
        """True where no request is being worked on."""
        return self.cycle is None or bool(self.cycle.response_complete)

    @property
    def is_waiting(self) -> bool:
        """True where the client has not sent a whole request."""
        return self.is_between or bool(self.cycle.more_body)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()
        if len(self.connections) > most():
            self._make_room()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.is_between:
            self._stop_head()
        elif self._head is None and not self.transport.is_closing():
            self._expect_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.since = self.loop.time()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_head()
        if self._stalled is not None:
            self._stalled.cancel()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self.since = self.loop.time()
        self._head = self.loop.call_later(HEAD, self._end)

    def _stop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
        self._head = None

    def _make_room(self) -> None:
        """Closes the connection whose client has let the server wait for longest."""
        others = [one for one in self.connections if isinstance(one, Patient) and one.is_waiting]
        min(others, key=lambda one: one.since).transport.abort()

    def _end(self) -> None:
        """Close, even where the client does not take what it was sent before."""
        self.transport.close()
        self.loop.call_later(STALLED, self.transport.abort)
