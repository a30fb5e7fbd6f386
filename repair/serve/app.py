"""The application: which address leads where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from repair import __version__
from repair.config import sent_to
from repair.serve.api import CLOSED, RETRY_AFTER, Api
from repair.serve.guard import DOCUMENT, EDITED, Guard, Settings
from repair.serve.languagetool import LanguageToolApi
from repair.serve.metrics import Metrics
from repair.serve.openapi import describe
from repair.serve.work import Queue

PAGE = Path(str(files("repair.serve"))) / "page"
# These ask for no token here: most tell nothing of any text, and /v2 also takes the token out of a form.
OPEN = ("/static/", "/api/info", "/healthz", "/readyz", "/openapi.json", "/v2/")


def build(queue: Queue, settings: Settings, metrics: Metrics) -> ASGIApp:
    """The ASGI application over a queue, which it starts and, once all requests are answered, closes."""
    api = Api(queue, settings, metrics)
    described, address = describe(settings), sent_to(queue.repairer.config)
    elsewhere = str(address) if address else None
    metrics.follow(lambda: queue.inside)

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(request: Request) -> Response:
        if reason := unready(queue, settings.timeout):
            return JSONResponse({"error": reason}, 503, RETRY_AFTER)
        return JSONResponse({"status": "ready"})

    async def count(request: Request) -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    async def openapi(request: Request) -> Response:
        return JSONResponse(described)

    async def info(request: Request) -> Response:
        return JSONResponse({"version": __version__, "drafts": settings.drafts, "sent_to": elsewhere})

    async def page(request: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    routes: list[BaseRoute] = [
        Route("/api/check", api.check, methods=["POST"]),
        Route("/api/fix", api.fix, methods=["POST"]),
        Route(DOCUMENT, api.document, methods=["POST"]),
        Route(EDITED, api.edited, methods=["POST"]),
        Route("/api/info", info),
        Route("/api/ignore", api.ignore, methods=["POST"]),
        *LanguageToolApi(api).routes(),
        Route("/healthz", health),
        Route("/readyz", ready),
        Route("/metrics", count),
        Route("/openapi.json", openapi),
        Route("/", page),
    ]
    paths = {route.path for route in routes if isinstance(route, Route)}
    routes.append(Mount("/static", StaticFiles(directory=PAGE, check_dir=False)))
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        queue.start()
        yield
        queue.close()

    app = Starlette(
        routes=routes,
        middleware=[cors] if settings.origins else [],
        exception_handlers={HTTPException: refused, ClientDisconnect: gone},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return Guard(app, settings, metrics, paths, OPEN)


def unready(queue: Queue, limit: float) -> str | None:
    """Why a text that comes now would not be worked on within the time limit; None where it would."""
    if not queue.ready.is_set():
        return "the model is being loaded" if queue.failure is None else "the model could not be loaded"
    if not queue.alive:
        return "nothing is worked on any more; start the server again"
    if queue.full:
        return "too many texts at a time"
    if queue.at_it() > limit:
        return "a text has been worked on for longer than the time limit"
    return None


async def refused(request: Request, error: Exception) -> Response:
    """A refusal in the form of the API it belongs to: LanguageTool's clients expect a line of text."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/v2/"):
        return Response(f"Error: {error.detail}", error.status_code, error.headers, "text/plain")
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


async def gone(request: Request, error: Exception) -> Response:
    """The client went away while it was sending; nobody will read this."""
    return Response(status_code=CLOSED)
