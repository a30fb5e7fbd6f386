"""The description of the API at /openapi.json (OpenAPI 3.1). What a report looks like comes from `data/schema.json`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import msgspec

import repair
from repair.serve.api import JSON, LINES, TEXT, CheckRequest, FixRequest
from repair.serve.guard import Settings

PLACE = "#/components/schemas/"
Schema = dict[str, Any]


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
            "/healthz": {"get": simple("health", "Alive.", JSON, {"$ref": PLACE + "Status"})},
            "/readyz": {
                "get": simple("ready", "Ready: the model is loaded.", JSON, {"$ref": PLACE + "Status"}, error(503))
            },
            "/metrics": {"get": simple("metrics", "Numbers for Prometheus.", TEXT, {"type": "string"})},
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
    _, requests = msgspec.json.schema_components([CheckRequest, FixRequest], ref_template=PLACE + "{name}")
    offset = {"$ref": PLACE + "offset"}
    events: Schema = {
        "Start": {"length": offset, "sentences": {"type": "array", "items": pair(offset)}},
        "Findings": {"read": offset, "findings": {"type": "array", "items": {"$ref": PLACE + "finding"}}},
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
            "content": {JSON: {"schema": {"$ref": PLACE + request}}, TEXT: {"schema": {"type": "string"}}},
        },
        "responses": {
            "200": {
                "description": f"The report; as {LINES}, a line an event: start, findings (previews, a piece each), "
                "and at last report (a report with its type) or error.",
                "content": {JSON: {"schema": {"$ref": PLACE + report}}, LINES: {"schema": {"type": "string"}}},
            },
            **error(400, 401, 403, 408, 413, 415, 500, 503, 504),
        },
    }


def simple(name: str, summary: str, media: str, schema: Schema, others: Schema | None = None) -> Schema:
    """An endpoint without input."""
    answers = {"200": {"description": summary, "content": {media: {"schema": schema}}}}
    return {"operationId": name, "summary": summary, "responses": answers | (others or {})}


REASONS = {
    400: "The request cannot be read.",
    401: "The token is missing or wrong.",
    403: "A web site that may not call this server.",
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
