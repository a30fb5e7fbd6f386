"""What every request passes: token, origin, body limit; and every answer: security headers, counting, quiet failure.

An exception's message may quote a text, so a failure is logged by its type and place alone.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
import traceback
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from repair.serve.metrics import Metrics

log = logging.getLogger("repair.serve")

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

DOCUMENT, EDITED = "/api/document", "/api/document/edited"
FAULT = "something went wrong here; the log says where"
PIECE = 30.0  # seconds in which the next piece of a request has to arrive
MAX_FILE = 20_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the server allows.

    `token` None asks nobody for one. `origins` are web sites that may call it from a browser (`*`: all).
    `hosts` are the names it may be called by; none given, any. `max_body` is in bytes, `timeout` in seconds, `queue` in
    requests inside at a time. `drafts` lets the page keep an article in its tab, for a reload.
    """

    token: str | None = None
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    max_body: int = 1_000_000
    timeout: float = 300.0
    queue: int = 32
    drafts: bool = True

    def limit(self, path: str) -> int:
        """How many bytes may be sent to `path`. A file weighs more than its text, as pictures come with it; with its
        changes it comes in base64, four characters for three bytes."""
        files = {DOCUMENT: MAX_FILE, EDITED: MAX_FILE * 4 // 3 + self.max_body}
        return max(self.max_body, files.get(path, 0))

    def admits(self, header: str | None, key: str | None = None) -> bool:
        """True where no token is asked for, or the `Authorization` header or the key holds it."""
        if self.token is None:
            return True
        scheme, _, credentials = (header or "").partition(" ")
        # a header comes as Latin-1, whatever was meant
        given = credentials.strip().encode("latin-1") if scheme.lower() == "bearer" else (key or "").encode()
        return hmac.compare_digest(given, self.token.encode())


class Guard:
    """ASGI middleware around the whole application. `open_paths` ask for no token: the page's files, the probes."""

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: Metrics, paths: Collection[str], open_paths: tuple[str, ...]
    ) -> None:
        self.app, self.settings, self.metrics, self.paths, self.open_paths = app, settings, metrics, paths, open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            refusal = self._refusal(scope)
            await (refusal or self.app)(scope, self._limited(scope, receive), send_on)
        except Exception as error:
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s\n%s", type(error).__name__, place)
            if status:
                raise ConnectionAbortedError("the answer broke off") from None
            await JSONResponse({"error": FAULT}, 500)(scope, receive, send_on)
        finally:
            path = scope["path"] if scope["path"] in self.paths else "other"
            self.metrics.requests.labels(path, str(status)).inc()
            self.metrics.seconds.labels(path).observe(time.perf_counter() - began)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        """The answer to a request that may not come in."""
        headers, settings = Headers(scope=scope), self.settings
        host = headers.get("host", "")
        if settings.hosts and name_in(host) not in settings.hosts:
            return JSONResponse({"error": "this server is not called by that name"}, 421)
        if not self._same_site(headers.get("origin"), host):
            return JSONResponse({"error": "this web site may not call the server; name it with --cors"}, 403)
        length, limit = headers.get("content-length", "0"), settings.limit(scope["path"])
        if length.isdecimal() and int(length) > limit:
            return JSONResponse({"error": too_long(limit)}, 413)
        open_path = scope["path"].startswith(self.open_paths) or scope["path"] == "/" or scope["method"] == "OPTIONS"
        if not open_path and not settings.admits(headers.get("authorization")):
            refusal = {"error": "this server asks for a token: Authorization: Bearer TOKEN"}
            return JSONResponse(refusal, 401, {"WWW-Authenticate": "Bearer"})
        return None

    def _same_site(self, origin: str | None, host: str) -> bool:
        """False for a browser on somebody else's page. Programs and browser add-ons are no web sites."""
        if origin is None or not origin.startswith(("http://", "https://", "null")):
            return True
        allowed = self.settings.origins
        return origin.partition("://")[2] == host or origin in allowed or "*" in allowed

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        size, limit, whole = 0, self.settings.limit(scope["path"]), False

        async def receive_on() -> Message:
            nonlocal size, whole
            try:
                async with asyncio.timeout(None if whole else PIECE):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "the request did not arrive in time") from None
            whole = not message.get("more_body", False)
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(413, too_long(limit))
            return message

        return receive_on


def name_in(host: str) -> str:
    """The name in a `Host` header, without its port; empty where there is none.

    >>> name_in("Localhost:8088"), name_in("[::1]:80"), name_in("[::1")
    ('localhost', '::1', '')
    """
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:  # a bracket that is not closed
        return ""


def too_long(limit: int) -> str:
    """What a request with too long a body is told."""
    return f"longer than {limit:,} bytes; send the articles one by one"
