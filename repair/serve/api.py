"""`/api/check` and `/api/fix`: a text in, the document that the command line prints out.

Asked for `application/x-ndjson` the answer comes as JSON Lines while the text is read: `start` with the sentences,
quotations and levels of certainty, `findings` a piece (a few paragraphs), `progress` while the whole is read (how far a
stage has come, or how many texts come first), at last `report` with the whole document. The pieces are previews: each
is read without its neighbours, so their findings may differ from the report's, which alone counts and replaces them.
They are left out while others wait, for a text of one piece, and where only what was `changed` is read. Where the work
fails on the way the last line is `error`.

503 with Retry-After says that every place is taken; 504 that the time limit passed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from repair.errors import ConfigError, InputError, OutputError
from repair.findings import Report
from repair.house import add_ignore
from repair.inputs import Item
from repair.paragraphs import paragraphs
from repair.patience import GivenUp, wanted_while
from repair.report import Display, renderer
from repair.segment import read_document
from repair.serve.documents import read_upload
from repair.serve.edited import EditedRequest, edited
from repair.serve.guard import FAULT, Settings
from repair.serve.levels import Levels
from repair.serve.marks import GivenMarks, Ranges, as_json, joined, only, within
from repair.serve.metrics import Metrics
from repair.serve.work import Busy, Job, Queue
from repair.text import Marks, Span, decode

JSON, LINES, TEXT = "application/json", "application/x-ndjson", "text/plain"
PIECE_WORDS = 150
RETRY_AFTER = {"Retry-After": "5"}
LOOK_AFTER = 0.2  # seconds from one look at how far the work has come to the next
CLOSED = 499  # the client has gone; nobody reads the answer


class CheckRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text; `name` and `id` come back in the report, with `word_scores` also a probability for every word.

    `source` is what the text was translated from, `marks` what `/api/document` has told of the text of a file. Of a
    text that was read before, `changed` are the half-open ranges to look at again: the rest is context.
    """

    text: str
    name: str = ""
    id: Any = None
    word_scores: bool = False
    source: str | None = None
    marks: GivenMarks | None = None
    changed: Ranges | None = None

    def job(self) -> Job:
        return Job(item(self), "check", self.word_scores)


class FixRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text; `apply_at` is the least safety at which a repair is applied, by default the server's own.

    `source` is what the text was translated from, `marks` what `/api/document` has told of the text of a file. Of a
    text that was read before, `changed` are the half-open ranges to look at again: the rest is context.
    """

    text: str
    name: str = ""
    id: Any = None
    apply_at: Literal["safe", "review"] | None = None
    source: str | None = None
    marks: GivenMarks | None = None
    changed: Ranges | None = None

    def job(self) -> Job:
        return Job(item(self), "fix", apply_at=self.apply_at)


def item(request: CheckRequest | FixRequest) -> Item:
    """The text of a request."""
    marks = request.marks.marks(request.text) if request.marks else Marks()
    marks = replace(marks, source=request.source or "")
    if request.changed is not None:
        marks = only(request.text, request.changed, marks)
    return Item(request.text, request.name, request.id, marks)


class IgnoreRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something never to flag again: a name as it is written, a word in the usual letter cases, or a rule."""

    kind: Literal["name", "word", "rule"]
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

    @property
    def names(self) -> tuple[str, ...]:
        """What the house rules are never to touch."""
        word = self.value
        cases = (word, word.lower(), word[0].upper() + word[1:].lower(), word.upper())
        return (word,) if self.kind == "name" else tuple(dict.fromkeys(cases))


class Api:
    """Takes requests in and gives reports out; every endpoint works through it."""

    def __init__(self, queue: Queue, settings: Settings, metrics: Metrics) -> None:
        self.queue, self.settings, self.metrics = queue, settings, metrics
        self.levels = Levels(queue.repairer)

    async def check(self, request: Request) -> Response:
        return await self._answer(request, CheckRequest)

    async def fix(self, request: Request) -> Response:
        return await self._answer(request, FixRequest)

    async def _answer(self, request: Request, kind: type[CheckRequest] | type[FixRequest]) -> Response:
        deadline = self.deadline()
        asked = parsed(await self.body(request, deadline), request.headers.get("content-type", ""), kind)
        job = await run_in_threadpool(asked.job)
        if LINES in request.headers.get("accept", ""):
            if self.queue.full:
                raise busy()
            return StreamingResponse(self._lines(job, deadline, asked.changed is None), media_type=LINES)
        report = await self.report(request, job, deadline)
        return Response(await run_in_threadpool(document, report), media_type=JSON)

    async def document(self, request: Request) -> Response:
        """The text of a file, and what the file tells of it."""
        deadline = self.deadline()
        name, data = request.query_params.get("name", ""), await self.body(request, deadline)

        def read() -> dict[str, Any]:
            file = read_upload(name, data)
            return {"text": file.text, "marks": as_json(joined(file))}

        return JSONResponse(await self._in_place(request, deadline, read))

    async def edited(self, request: Request) -> Response:
        """A file with the changes that were made in its text."""
        deadline = self.deadline()
        body = await self.body(request, deadline)
        try:
            asked = await run_in_threadpool(msgspec.json.decode, body, type=EditedRequest)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise HTTPException(400, not_asked_for(error)) from None
        return JSONResponse(await self._in_place(request, deadline, lambda: edited(asked)))

    async def _in_place(self, request: Request, deadline: float, work: Callable[[], Any]) -> Any:
        """What `work` on a file gives, which takes a place, as it may take a while."""
        time = asyncio.get_running_loop().time
        gone = asyncio.ensure_future(disconnected(request))
        try:
            with self.queue.place(), wanted_while(lambda: time() < deadline and not gone.done()):
                return await run_in_threadpool(work)
        except Busy:
            raise busy() from None
        except GivenUp:
            raise (HTTPException(CLOSED) if gone.done() else HTTPException(504, self._too_slow())) from None
        except InputError as error:
            raise HTTPException(400, " ".join(str(error).split())) from None
        finally:
            gone.cancel()

    async def ignore(self, request: Request) -> Response:
        """Write a name to the house rules; 404 where there are none, or none that could hold it."""
        body = await self.body(request, self.deadline())
        try:
            wanted = msgspec.json.decode(body, type=IgnoreRequest)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise HTTPException(400, not_asked_for(error)) from None
        config = self.queue.repairer.config
        if config.house is None or wanted.kind == "rule":
            raise HTTPException(404, "no house rules that could keep this; start the server with --house FILE")
        try:
            for name in wanted.names:
                await run_in_threadpool(add_ignore, config.house, name, config.desk)
        except (ConfigError, OutputError) as error:
            status = 400 if isinstance(error, ConfigError) else 500
            raise HTTPException(status, " ".join(str(error).split())) from None
        return JSONResponse({"ignored": wanted.names})

    def deadline(self) -> float:
        """When a request that comes in now has to be answered."""
        return asyncio.get_running_loop().time() + self.settings.timeout

    async def body(self, request: Request, deadline: float) -> bytes:
        """All that was sent. Raises 413 (in the guard) where it is too long and 408 where it does not come in time."""
        try:
            async with asyncio.timeout_at(deadline):
                return await request.body()
        except TimeoutError:
            raise HTTPException(408, "the request did not arrive in time") from None

    async def report(self, request: Request, job: Job, deadline: float) -> Report:
        """The report of `job`. Raises 503, 504, or 499 where the client does not wait for it."""
        try:
            with self.queue.place():
                future = self.queue.submit(job)
                gone = asyncio.ensure_future(disconnected(request))
                work = asyncio.ensure_future(self._before(deadline, future))
                try:
                    await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
                    if not work.done():
                        raise HTTPException(CLOSED)
                    report = work.result()
                finally:
                    gone.cancel()
                    work.cancel()
        except Busy:
            raise busy() from None
        except TimeoutError:
            raise HTTPException(504, self._too_slow()) from None
        self.metrics.reported(report)
        return report

    async def _lines(self, job: Job, deadline: float, previews: bool) -> AsyncIterator[bytes]:
        text, marks = job.item.text, job.item.marks
        try:
            with self.queue.place():
                read = await run_in_threadpool(read_document, text, marks=marks)
                ranges = {"sentences": pairs(read.sentences), "quotations": pairs(read.quotations)}
                levels = self.levels.of(text, self.queue.ready.is_set())
                yield line({"type": "start", "length": len(text), **ranges, "certainties": levels})
                for piece in pieces(text) if previews else ():
                    if not self.queue.idle:
                        break
                    some = Item(piece.of(text), marks=within(marks, piece) if marks else None)
                    preview = replace(job, item=some, action="check", word_scores=False, apply_at=None)
                    found = (await self._before(deadline, self.queue.submit(preview))).findings
                    moved = [replace(finding, span=finding.span.shift(piece.start)).to_json(text) for finding in found]
                    yield line({"type": "findings", "read": piece.end, "findings": moved})
                future = self.queue.submit(job)
                work = asyncio.ensure_future(self._before(deadline, future))
                try:
                    async for step in self._steps(future, work):
                        yield line(step)
                    report = await work
                finally:
                    work.cancel()
        except Busy:
            yield line({"type": "error", "error": "too many texts at a time; try again in a few seconds"})
        except TimeoutError:
            yield line({"type": "error", "error": self._too_slow()})
        except Exception:
            yield line({"type": "error", "error": FAULT})
            raise  # the guard logs it
        else:
            self.metrics.reported(report)
            yield b'{"type": "report", ' + (await run_in_threadpool(document, report))[1:]

    async def _steps(self, future: Future[Report], work: asyncio.Future[Report]) -> AsyncIterator[dict[str, Any]]:
        """What is being done until the work is over, told whenever it has changed."""
        told: dict[str, Any] = {}
        while not (await asyncio.wait({work}, timeout=LOOK_AFTER))[0]:
            now = self._step(future)
            if now and now != told:
                yield {"type": "progress", **now}
                told = now

    def _step(self, future: Future[Report]) -> dict[str, Any]:
        if ahead := self.queue.ahead(future):
            return {"stage": "waiting", "done": 0, "total": ahead}
        return asdict(self.queue.step) if self.queue.step else {}

    async def _before(self, deadline: float, future: Future[Report]) -> Report:
        async with asyncio.timeout_at(deadline):
            return await asyncio.wrap_future(future)

    def _too_slow(self) -> str:
        return f"not done within {self.settings.timeout:g} seconds; send a shorter text, or try again later"


def parsed(body: bytes, content_type: str, kind: type[CheckRequest] | type[FixRequest]) -> CheckRequest | FixRequest:
    """The request in a body. Raises 400 for what is not one, 415 for what is neither JSON nor plain text."""
    media = content_type.partition(";")[0].strip().lower()
    try:
        if media == TEXT:
            return kind(decode(body, "the body"))
        if media == JSON:
            return msgspec.json.decode(body, type=kind)
    except InputError as error:
        raise HTTPException(400, " ".join(str(error).split())) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, not_asked_for(error)) from None
    raise HTTPException(415, f"send {JSON} or {TEXT}")


def not_asked_for(error: Exception) -> str:
    """What is wrong with a body, in one line."""
    return f"the body is not the JSON asked for ({' '.join(str(error).split())}); /openapi.json describes it"


def document(report: Report) -> bytes:
    """The line that the command line prints with `--format jsonl`."""
    return "".join(renderer("jsonl")([report], Display())).encode("utf-8", "replace")


def line(event: dict[str, Any]) -> bytes:
    """One event of a stream."""
    return json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def pairs(spans: Iterable[Span]) -> list[list[int]]:
    """Spans as JSON."""
    return [[span.start, span.end] for span in spans]


def pieces(text: str) -> Iterator[Span]:
    """Whole paragraphs of together up to PIECE_WORDS words, or one longer; none for a text that is a single piece."""
    start = end = count = 0
    for paragraph in paragraphs(text):
        words = len(paragraph.of(text).split())
        if count and count + words > PIECE_WORDS:
            yield Span(start, end)
            start, count = end, 0
        end, count = paragraph.end, count + words
    if start:
        yield Span(start, end)


async def disconnected(request: Request) -> None:
    """Returns when the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def busy() -> HTTPException:
    """The refusal of a request for which there is no place."""
    return HTTPException(503, "too many texts at a time; try again in a few seconds", RETRY_AFTER)
