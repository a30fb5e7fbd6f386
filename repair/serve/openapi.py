"""The description of the API at /openapi.json (OpenAPI 3.1). What a report looks like comes from `data/schema.json`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, get_args

import msgspec

import repair
from repair.certainty import CERTAINTIES
from repair.progress import Stage
from repair.serve.api import JSON, LINES, TEXT, CheckRequest, FixRequest, IgnoreRequest
from repair.serve.documents import KINDS
from repair.serve.edited import EditedRequest
from repair.serve.guard import Settings
from repair.serve.languagetool import LANGUAGES, WORD
from repair.serve.marks import GivenMarks

PLACE = "#/components/schemas/"
FORM = "application/x-www-form-urlencoded"
WORDS = {"type": "string"}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
NO_NUL = {"type": "string", "pattern": "^[^\\u0000]*$"}  # what holds one is no text
Schema = dict[str, Any]
INFO: Schema = {
    "type": "object",
    "properties": {
        "version": WORDS,
        "drafts": {"type": "boolean"},
        "sent_to": {"description": "Where sentences are sent, if to another machine.", "type": ["string", "null"]},
    },
    "required": ["version", "drafts", "sent_to"],
    "additionalProperties": False,
}


def describe(settings: Settings) -> Schema:
    """The whole description, as JSON data."""
    described: Schema = {
        "openapi": "3.1.0",
        "info": {
            "title": "repair",
            "version": repair.__version__,
            "description": "Finds and fixes what machine translation did to English news. "
            "Texts are neither stored nor logged.",
        },
        "paths": {
            "/api/check": {"post": work("check", "Findings in a text.", "CheckRequest", "check")},
            "/api/fix": {"post": work("fix", "A text with its safe repairs applied.", "FixRequest", "fix")},
            "/api/document": {"post": document()},
            "/api/document/edited": {"post": edited()},
            "/api/ignore": {"post": ignore()},
            "/api/info": {"get": simple("server", "What the page must know of its server.", JSON, INFO)},
            "/healthz": {"get": simple("health", "Alive.", JSON, {"$ref": PLACE + "Status"})},
            "/readyz": {
                "get": simple("ready", "Ready: the model is loaded.", JSON, {"$ref": PLACE + "Status"}, error(503))
            },
            "/metrics": {"get": simple("metrics", "Numbers for Prometheus.", TEXT, WORDS)},
            **languagetool(),
        },
        "components": {"schemas": schemas()},
    }
    if settings.token is not None:
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"token": []}]
    return described


def schemas() -> Schema:
    """Requests, reports, and the events of a stream."""
    report = json.loads((files("repair") / "data" / "schema.json").read_text("utf-8"))["$defs"]
    _, requests = msgspec.json.schema_components(
        [CheckRequest, FixRequest, IgnoreRequest, EditedRequest, GivenMarks], ref_template=PLACE + "{name}"
    )
    offset = {"$ref": PLACE + "offset"}
    ranges = {"type": "array", "items": pair(offset)}
    level = thing({"name": {"enum": list(CERTAINTIES)}, "from": SHARE, "false_alarms": {"type": ["number", "null"]}})
    events: Schema = {
        "Start": {
            "length": offset,
            "sentences": ranges,
            "quotations": ranges,
            "certainties": {"type": "array", "items": level},
        },
        "Findings": {"read": offset, "findings": {"type": "array", "items": {"$ref": PLACE + "finding"}}},
        "Progress": {
            "stage": {"enum": ["waiting", *get_args(Stage)]},
            "done": {"type": "integer", "minimum": 0},
            "total": {"type": "integer", "minimum": 1},
        },
        "Error": {"error": {"type": "string"}},
    }
    return {
        **moved(report),
        **requests,
        "Failure": thing({"error": {"type": "string", "minLength": 1}}),
        "Status": thing({"status": {"enum": ["alive", "ready"]}}),
        **{f"{name}Event": thing({"type": {"const": name.lower()}} | fields) for name, fields in events.items()},
    }


def moved(node: Any) -> Any:
    """A schema with its references pointing to where OpenAPI keeps them."""
    if isinstance(node, dict):
        return {
            key: PLACE + value.removeprefix("#/$defs/") if key == "$ref" else moved(value)
            for key, value in node.items()
        }
    return [moved(item) for item in node] if isinstance(node, list) else node


def work(name: str, summary: str, request: str, report: str) -> Schema:
    """An endpoint that takes a text and answers with a report, or with the events that lead to it."""
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": {"$ref": PLACE + request}}, TEXT: {"schema": NO_NUL}},
        },
        "responses": {
            "200": {
                "description": f"The report; as {LINES}, a line an event: start, findings (previews, a piece each), "
                "progress, and at last report (a report with its type) or error.",
                "content": {JSON: {"schema": {"$ref": PLACE + report}}, LINES: {"schema": {"type": "string"}}},
            },
            **error(400, 401, 403, 408, 413, 415, 500, 503, 504),
        },
    }


def simple(name: str, summary: str, media: str, schema: Schema, others: Schema | None = None) -> Schema:
    """An endpoint without input."""
    answers = {"200": {"description": summary, "content": {media: {"schema": schema}}}}
    return {"operationId": name, "summary": summary, "responses": answers | (others or {})}


def document() -> Schema:
    """A file in, its text out."""
    name = {"name": "name", "in": "query", "required": True, "description": f"Ends in one of {KINDS}.", "schema": WORDS}
    body = {"required": True, "content": {"application/octet-stream": {"schema": {}}}}
    answer = simple(
        "document",
        "The text of a file, and what the file tells of it, to be sent with the text.",
        JSON,
        thing({"text": WORDS, "marks": {"$ref": PLACE + "GivenMarks"}}),
        error(400, 401, 403, 408, 413, 500),
    )
    return answer | {"parameters": [name], "requestBody": body}


def edited() -> Schema:
    """A file and the changes of its text in, the changed file out."""
    body = {"required": True, "content": {JSON: {"schema": {"$ref": PLACE + "EditedRequest"}}}}
    offset = {"$ref": PLACE + "offset"}
    left = thing({"start": offset, "end": offset, "text": WORDS, "reason": WORDS})
    answer = simple(
        "edited",
        "The file with the changes in its own markup or tracked (data, in base64), and those that it could not take.",
        JSON,
        thing({"data": WORDS, "left": {"type": "array", "items": left}}),
        error(400, 401, 403, 408, 413, 500),
    )
    return answer | {"requestBody": body}


def ignore() -> Schema:
    """Something that the house rules are never to touch again."""
    body = {"required": True, "content": {JSON: {"schema": {"$ref": PLACE + "IgnoreRequest"}}}}
    names = thing({"ignored": {"type": "array", "items": WORDS}})
    answer = simple("ignore", "Written to the house rules.", JSON, names, error(400, 401, 403, 404, 408, 413, 500))
    return answer | {"requestBody": body}


def languagetool() -> Schema:
    """The part of LanguageTool's API that is spoken here. Its own description tells what a match holds."""
    word = form({"word": {"type": "string", "pattern": f"^{WORD.pattern}$"}}, "word")
    count = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    names = [{"name": name, "in": "query", "schema": count} for name in ("offset", "limit")]
    listed = simple(
        "words", "The dictionary.", JSON, thing({"words": {"type": "array", "items": WORDS}}), refusals(400)
    )
    answers: dict[str, tuple[str, str, Schema]] = {
        "languages": ("What is read.", JSON, {"type": "array", "items": {"type": "object"}}),
        "healthcheck": ("Alive.", TEXT, WORDS),
        "info": ("The program.", JSON, thing({"software": {"type": "object"}})),
        "maxtextlength": ("Characters a request.", TEXT, {"type": "string", "pattern": "^[0-9]+$"}),
    }
    fields = {
        "text": WORDS,
        "data": {"type": "string", "description": "JSON: a list of annotations, each text or markup."},
        "language": {"enum": ["auto", *LANGUAGES]},
        "level": {"enum": ["default", "picky"]},
        "enabledOnly": {"enum": ["true", "false"]},
        **dict.fromkeys(("enabledRules", "disabledRules", "enabledCategories", "disabledCategories", "apiKey"), WORDS),
    }
    objects = {name: {"type": "object"} for name in ("software", "warnings", "language")}
    lists = {name: {"type": "array"} for name in ("matches", "sentenceRanges")}
    check = simple("languagetool", "Findings as matches.", JSON, thing(objects | lists), refusals(400, 503, 504))
    added, deleted = ({name: {"type": "boolean"}} for name in ("added", "deleted"))
    return {
        "/v2/check": {"post": check | form(fields, "language", "text", "data")},
        **{f"/v2/{path}": {"get": simple(path, *answer)} for path, answer in answers.items()},
        "/v2/words": {"get": listed | {"parameters": names}},
        "/v2/words/add": {"post": simple("add", "One word more.", JSON, thing(added), refusals(400)) | word},
        "/v2/words/delete": {"post": simple("delete", "One word less.", JSON, thing(deleted), refusals(400)) | word},
    }


def form(fields: Schema, needed: str, *either: str) -> Schema:
    """A request body of these fields: the one that is needed, and exactly one of the last."""
    schema: Schema = {"type": "object", "properties": fields, "required": [needed]}
    if either:
        schema["oneOf"] = [{"required": [name]} for name in either]
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}}}}


def refusals(*statuses: int) -> Schema:
    """As `error`, for LanguageTool's clients: a line of text, except where the request was not let in at all."""
    answers = error(401, 403, 408, 413, 500, *statuses)
    for answer in answers.values():
        answer["content"] = answer["content"] | {TEXT: {"schema": WORDS}}
    return answers


REASONS = {
    400: "The request cannot be read.",
    401: "The token is missing or wrong.",
    403: "A web site that may not call this server.",
    404: "There are no house rules that could keep this.",
    408: "The request did not arrive in time.",
    413: "The request is too long.",
    415: "Neither JSON nor plain text.",
    500: "A fault of the server.",
    503: "Every place is taken, or the model is still being loaded; Retry-After says when to come again.",
    504: "The work was not done in time.",
}


def error(*statuses: int) -> Schema:
    """What the answers with these statuses look like."""
    content = {JSON: {"schema": {"$ref": PLACE + "Failure"}}}
    return {str(status): {"description": REASONS[status], "content": content} for status in statuses}


def thing(fields: Schema) -> Schema:
    """An object with exactly these fields."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def pair(item: Schema) -> Schema:
    """Two of them."""
    return {"type": "array", "items": item, "minItems": 2, "maxItems": 2}
