"""LanguageTool's HTTP API, version 2, so that the clients people already have can ask us.

Only English is read and no language is detected. Parameters we have no use for are ignored. Offsets count UTF-16 units
of what was sent, markup included. A rule's id is the finding's source, as in `ignore.rules` of `repair.toml`.
The personal dictionary lives as long as the server and is one for all; it affects this API alone.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

import repair
from repair.errors import InputError
from repair.inputs import Item
from repair.serve.annotated import Annotated, parse, plain
from repair.serve.api import Api
from repair.serve.matches import Wanted, matches, sentence_ranges
from repair.serve.work import Job

LANGUAGES = {
    "en": "English",
    "en-US": "English (US)",
    "en-GB": "English (GB)",
    "en-AU": "English (Australian)",
    "en-CA": "English (Canadian)",
    "en-NZ": "English (New Zealand)",
    "en-ZA": "English (South African)",
}
SOFTWARE = {
    "name": "repair",
    "version": repair.__version__,
    "buildDate": "",
    "apiVersion": 1,
    "premium": False,
    "status": "",
}
MAX_FIELDS = 100
MAX_WORDS = 10_000  # in the dictionary
WORD = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ufeff]{1,100}")  # the schema has it too; languages differ in what is blank
ENCODED = 3  # bytes that a character of English can take in a form: %20


class LanguageToolApi:
    """The endpoints under /v2."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.words: dict[str, None] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/v2/check", self.check, methods=["POST"]),
            Route("/v2/languages", self.languages),
            Route("/v2/healthcheck", self.health),
            Route("/v2/info", self.info),
            Route("/v2/maxtextlength", self.longest),
            Route("/v2/words", self.list_words),
            Route("/v2/words/add", self.add_word, methods=["POST"]),
            Route("/v2/words/delete", self.delete_word, methods=["POST"]),
        ]

    async def check(self, request: Request) -> Response:
        deadline = self.api.deadline()
        fields = self._form(await self.api.body(request, deadline))
        self._let_in(request, fields)
        language = spoken(fields.get("language"))
        wanted, sent = asked(fields), text_of(fields)
        report = await self.api.report(request, Job(Item(sent.text)), deadline)
        known = {word.casefold() for word in self.words}

        def answer() -> Response:
            return JSONResponse(
                {
                    "software": SOFTWARE,
                    "warnings": {"incompleteResults": False},
                    "language": language,
                    "matches": matches(report, sent, wanted, known),
                    "sentenceRanges": sentence_ranges(report.document, sent),
                }
            )

        return await run_in_threadpool(answer)

    async def languages(self, request: Request) -> Response:
        return JSONResponse([{"name": name, "code": "en", "longCode": code} for code, name in LANGUAGES.items()])

    async def health(self, request: Request) -> Response:
        return PlainTextResponse("OK")

    async def info(self, request: Request) -> Response:
        return JSONResponse({"software": SOFTWARE})

    async def longest(self, request: Request) -> Response:
        return PlainTextResponse(str(self.api.settings.max_body // ENCODED))

    async def list_words(self, request: Request) -> Response:
        fields = dict(request.query_params)
        self._let_in(request, fields)
        first, count = number(fields, "offset", 0), number(fields, "limit", 10)
        return JSONResponse({"words": list(self.words)[first : first + count]})

    async def add_word(self, request: Request) -> Response:
        word = await self._word(request)
        new = word not in self.words
        if new and len(self.words) >= MAX_WORDS:
            raise HTTPException(400, f"the dictionary is full ({MAX_WORDS} words); put them into repair.toml")
        self.words[word] = None
        return JSONResponse({"added": new})

    async def delete_word(self, request: Request) -> Response:
        word = await self._word(request)
        known = word in self.words
        self.words.pop(word, None)
        return JSONResponse({"deleted": known})

    async def _word(self, request: Request) -> str:
        body = await self.api.body(request, self.api.deadline())
        fields = dict(request.query_params) | self._form(body)
        self._let_in(request, fields)
        word = fields.get("word", "")
        if not WORD.fullmatch(word):
            raise HTTPException(400, "give one word without spaces, of at most 100 characters")
        return word

    def _form(self, body: bytes) -> dict[str, str]:
        """The fields of a form, whatever the request calls it: LTeX says JSON."""
        try:
            pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
        except ValueError as error:
            raise HTTPException(400, f"this is not a form in UTF-8 ({type(error).__name__})") from None
        return dict(pairs)

    def _let_in(self, request: Request, fields: dict[str, str]) -> None:
        """These clients cannot send a header of their own, so that the token may come as `apiKey`."""
        if not self.api.settings.admits(request.headers.get("authorization"), fields.get("apiKey")):
            raise HTTPException(
                401, "this server asks for a token: give it as the API key", {"WWW-Authenticate": "Bearer"}
            )


def spoken(code: str | None) -> dict[str, Any]:
    """The language of the answer. Raises 400 for any but English."""
    if not code:
        raise HTTPException(400, "missing 'language' parameter, e.g. 'language=en-US' or 'language=auto'")
    known = {name.lower(): name for name in LANGUAGES}
    chosen = "en-US" if code == "auto" else known.get(code.replace("_", "-").lower())
    if chosen is None:
        raise HTTPException(
            400, f"{code[:20]!r} is not a language that is read here; there is only English (en-US, en-GB)"
        )
    named = {"name": LANGUAGES[chosen], "code": chosen}
    return named | {"detectedLanguage": named | {"confidence": 0.0}}  # nothing is detected


def asked(fields: dict[str, str]) -> Wanted:
    """Which findings the client wants. Raises 400 for what makes no sense."""
    if fields.get("level", "default") not in ("default", "picky"):
        raise HTTPException(400, "'level' is 'default' or 'picky'")
    only = fields.get("enabledOnly", "").lower()
    if only not in ("", "true", "false", "yes", "no"):
        raise HTTPException(400, "'enabledOnly' is 'true' or 'false'")
    wanted = Wanted(
        **{
            name: frozenset(part.strip() for part in fields.get(key, "").split(",") if part.strip())
            for name, key in (
                ("rules", "enabledRules"),
                ("categories", "enabledCategories"),
                ("not_rules", "disabledRules"),
                ("not_categories", "disabledCategories"),
            )
        },
        only=only in ("true", "yes"),
    )
    if wanted.only and not (wanted.rules or wanted.categories):
        raise HTTPException(400, "enabledOnly=true needs enabledRules or enabledCategories")
    return wanted


def text_of(fields: dict[str, str]) -> Annotated:
    """What is to be read. Raises 400 unless there is exactly one of `text` and `data`."""
    if ("text" in fields) == ("data" in fields):
        raise HTTPException(400, "give either 'text' or 'data'")
    try:
        return plain(fields["text"]) if "text" in fields else parse(fields["data"])
    except InputError as error:
        raise HTTPException(400, str(error)) from None


def number(fields: dict[str, str], name: str, default: int) -> int:
    """A count among the fields. Raises 400 where it is none."""
    value = fields.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise HTTPException(400, f"{name!r} is a number from 0")
    return int(value)
