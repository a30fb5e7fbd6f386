"""An OpenAI-compatible server made in a test: it keeps what it was asked and answers as it is told."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SPAN = re.compile(r'<span id="(\d+)">(.*?)</span>')


@dataclass
class Asked:
    """One request: path, headers, and the JSON body (None for a GET)."""

    path: str
    headers: dict[str, str]
    body: Any

    @property
    def shown(self) -> str:
        """The passages."""
        return str(self.body["messages"][-1]["content"])


Answer = Callable[["Handler", Asked], None]


@dataclass
class Script:
    """What a server does: `answer` for chats; `asked` is what came in."""

    answer: Answer
    models: tuple[str, ...] = ("test-model",)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    @property
    def chats(self) -> list[Asked]:
        return [one for one in self.asked if one.body is not None]


class Handler(BaseHTTPRequestHandler):
    script: Script

    def do_GET(self) -> None:
        self.script.asked.append(Asked(self.path, dict(self.headers), None))
        self.send(200, json.dumps({"data": [{"id": name} for name in self.script.models]}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(self.path, dict(self.headers), body)
        self.script.asked.append(asked)
        self.script.answer(self, asked)

    def send(self, status: int, text: str, **headers: str) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def say(self, content: str) -> None:
        """Answer with this text of the model."""
        self.send(200, json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}))

    def log_message(self, *args: Any) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    """Says nothing of clients that hang up."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def serving(answer: Answer, models: tuple[str, ...] = ("test-model",)) -> Iterator[Script]:
    """A server on this machine, gone at the end."""
    script = Script(answer, models)
    handler = type("Own", (Handler,), {"script": script})
    server = Quiet(("127.0.0.1", 0), handler)
    script.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


def proposing(wordings: dict[str, list[str]]) -> Answer:
    """Answers by the schema: these wordings for spans with these texts, none for others."""

    def answer(handler: Handler, asked: Asked) -> None:
        spans = SPAN.findall(asked.shown)
        said = [{"id": int(number), "wordings": wordings.get(text, [])} for number, text in spans]
        handler.say(json.dumps({"answers": said}))

    return answer
