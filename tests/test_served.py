"""A model behind an address: asked about little, trusted with nothing, and never the end of a run."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

import pytest
from chatserver import Asked, Handler, proposing, serving

from repair.config import KEY, Served
from repair.correct import chat, served
from repair.correct.served import ServedModel
from repair.errors import ConfigError
from repair.patience import GivenUp, wanted_while
from repair.segment import read_document
from repair.text import Document, Span

TEXT = "It rained. He met the high diplomat in Oslo. They was late. All of them left."
SECRET = "sk-0123456789abcdef"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "PAUSES", (0.01, 0.01))
    monkeypatch.delenv(KEY, raising=False)


def spans_of(document: Document, *texts: str) -> list[Span]:
    starts = [document.text.index(text) for text in texts]
    return [Span(start, start + len(text)) for start, text in zip(starts, texts, strict=True)]


def asked(served: ServedModel, *texts: str) -> dict[int, tuple[str, ...]]:
    document = read_document(TEXT, "")
    return served.wordings(document, spans_of(document, *(texts or ("high", "was"))))


def test_wordings_come_back_by_the_number_of_their_span() -> None:
    with serving(proposing({"high": ["top", "senior"], "was": ["were"]})) as server:
        served = ServedModel(Served(url=server.url))
        assert asked(served, "was", "high") == {0: ("were",), 1: ("top", "senior")}
        assert served.signature == [f"corrector:test-model@{server.url}"] and served.notes() == ()
    (request,) = server.chats
    assert request.path == "/v1/chat/completions" and "Authorization" not in request.headers
    assert request.body["model"] == "test-model" and request.body["temperature"] == 0
    assert request.body["response_format"]["json_schema"]["schema"]["required"] == ["answers"]


def test_only_the_sentences_with_spans_and_their_neighbours_are_shown() -> None:
    text = "The first one stays here. So does the second. He met the high diplomat. A last one. Nothing of this."
    document = read_document(text, "")
    with serving(proposing({})) as server:
        assert ServedModel(Served(url=server.url)).wordings(document, spans_of(document, "high")) == {}
    told = server.chats[0].shown
    assert "So does the second." in told and "A last one." in told
    assert "first one" not in told and "Nothing of this" not in told


def test_a_passage_is_asked_about_once() -> None:
    with serving(proposing({"high": ["top"]})) as server:
        served = ServedModel(Served(url=server.url, model="other"))
        assert [asked(served), asked(served)] == [{0: ("top",)}] * 2
    assert len(server.asked) == 1 and server.asked[0].body["model"] == "other"


def test_nothing_is_asked_where_there_is_nothing_to_ask_about() -> None:
    with serving(proposing({})) as server:
        document = read_document("He wrote to www.example.org today. " + "long " * 400, "")
        served = ServedModel(Served(url=server.url))
        protected, long = spans_of(document, "www.example.org", "long long")
        assert served.wordings(document, []) == {}
        assert served.wordings(document, [protected, long, Span(0, 0)]) == {}
    assert server.asked == []


def test_several_spans_share_a_request_and_requests_have_a_budget() -> None:
    text = " ".join(f"He met the high{n} diplomat." for n in range(40))
    document = read_document(text, "")
    spans = spans_of(document, *(f"high{n} " for n in range(40)))
    spans = [Span(span.start, span.end - 1) for span in spans]
    with serving(proposing({f"high{n}": ["top"] for n in range(40)})) as server:
        served = ServedModel(Served(url=server.url, requests=3))
        assert sorted(served.wordings(document, spans)) == list(range(24))
        assert len(server.chats) == 3
        assert served.notes() == ("no more proposals from test-model: 3 requests were made",)


# What servers do wrong: each costs its proposals, says so in one line, and raises nothing.


def drips(handler: Handler, asked: Asked) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def pours(handler: Handler, asked: Asked) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" " * 20_000)


def hangs_up(handler: Handler, asked: Asked) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def babbles(handler: Handler, asked: Asked) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n")


FAULTS: dict[str, tuple[Any, str, int]] = {
    "silent": (lambda h, a: time.sleep(2), "does not answer within 0.3 seconds", 1),
    "dripping": (drips, "does not answer within 0.3 seconds", 1),
    "pouring": (pours, "its answer does not end", 1),
    "hanging up": (hangs_up, "", 3),
    "no HTTP": (babbles, "does not speak HTTP", 3),
    "busy": (lambda h, a: h.send(503, "{}", Retry_After="0"), "answers 503", 3),
    "no such model": (lambda h, a: h.send(404, '{"error": {"message": "no model\\u0007 x"}}'), "404: no model x", 1),
    "wrong key": (lambda h, a: h.send(401, '{"error": "bad key"}'), f"set {KEY}", 1),
    "elsewhere": (lambda h, a: h.send(307, "", Location="http://192.0.2.1/v1"), "sends us elsewhere (307)", 1),
    "no JSON": (lambda h, a: h.send(200, "<html>"), "no JSON", 1),
    "deep JSON": (lambda h, a: h.send(200, "[" * 200_000), "no JSON", 1),
    "no choice": (lambda h, a: h.send(200, '{"choices": []}'), "holds no text", 1),
    "no text": (lambda h, a: h.send(200, '{"choices": [{"message": {"content": null}}]}'), "holds no text", 1),
    "refusing": (lambda h, a: h.send(400, '{"detail": "no"}'), "answers 400: no", 3),
    "chatting": (lambda h, a: h.say("What a nice text!"), "could not be read", 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_costs_the_proposals_alone(name: str) -> None:
    answer, told, tries = FAULTS[name]
    begun = time.monotonic()
    with serving(answer) as server:
        served = ServedModel(Served(url=server.url, model="m", timeout=0.3 if "within" in told else 20.0))
        assert asked(served) == {}
        (note,) = served.notes()
        assert told in note and "\n" not in note and len(note) < 300
        assert len(server.chats) == tries
        assert served.notes() == (), "told once"
    assert time.monotonic() - begun < 15


def test_a_server_that_is_down() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        served = ServedModel(Served(url=f"http://127.0.0.1:{taken.getsockname()[1]}"))
        assert asked(served) == {}
    (note,) = served.notes()
    assert note.startswith("going on without proposals from http://127.0.0.1") and "cannot be reached" in note


def test_what_passes_is_tried_again() -> None:
    replies = iter([503, 429, 200])

    def answer(handler: Handler, request: Asked) -> None:
        status = next(replies)
        proposing({"high": ["top"]})(handler, request) if status == 200 else handler.send(status, "{}")

    with serving(answer) as server:
        served = ServedModel(Served(url=server.url))
        assert asked(served) == {0: ("top",)} and served.notes() == ()
    assert len(server.chats) == 3


@pytest.mark.parametrize(
    ("asked_for", "pauses"),
    [({}, [0.5, 2.0]), ({"Retry_After": "4"}, [4.0, 4.0]), ({"Retry_After": "3600"}, [10.0, 10.0])],
)
def test_pauses_grow_and_are_as_long_as_the_server_asks_up_to_a_limit(
    asked_for: dict[str, str], pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(chat, "PAUSES", (0.5, 2.0))
    monkeypatch.setattr(chat.Chat, "_wait", lambda _, pause: waited.append(pause))
    with serving(lambda handler, request: handler.send(503, "{}", **asked_for)) as server:
        assert asked(ServedModel(Served(url=server.url, model="m"))) == {}
    assert waited == pauses


def test_a_server_that_knows_no_schema_is_asked_without_one() -> None:
    def answer(handler: Handler, request: Asked) -> None:
        known = {"model", "messages", "stream"}
        proposing({"high": ["top"], "was": ["were"]})(handler, request) if set(request.body) <= known else handler.send(
            400, '{"error": "unknown field"}'
        )

    with serving(answer) as server:
        served = ServedModel(Served(url=server.url))
        assert asked(served, "high") == {0: ("top",)}
        assert asked(served, "was") == {0: ("were",)}
    assert len(server.chats) == 4, "the second question is asked in the form that was taken"


@pytest.mark.parametrize("fault", ["no such model", "no choice", "chatting"])
def test_a_server_that_fails_again_and_again_is_left_in_peace(fault: str) -> None:
    now, broken = [0.0], [True]

    def answer(handler: Handler, request: Asked) -> None:
        (FAULTS[fault][0] if broken[0] else proposing({"high": ["top"]}))(handler, request)

    with serving(answer) as server:
        served = ServedModel(Served(url=server.url, model="m"))
        served.chat.breaker.clock = lambda: now[0]
        for _ in range(10):
            asked(served)
        assert len(server.chats) == chat.FAILURES
        now[0] = chat.REST + 1
        asked(served)
        asked(served)
        assert len(server.chats) == chat.FAILURES + 1, "one request tries it, and it rests for longer"
        broken[0], now[0] = False, now[0] + 2 * chat.REST + 1
        assert asked(served) == {0: ("top",)}
        assert not served.chat.breaker.open and served.chat.breaker.failures == 0


def test_nobody_waits_for_a_slow_server_who_does_not_want_to() -> None:
    with serving(lambda handler, request: time.sleep(3)) as server:
        served = ServedModel(Served(url=server.url, model="m"))
        begun = time.monotonic()
        with pytest.raises(GivenUp), wanted_while(lambda: time.monotonic() - begun < 0.3):
            asked(served)
        assert time.monotonic() - begun < 2


# Where texts may go, and what becomes of keys.


@pytest.mark.parametrize("url", ["https://api.example.org/v1", "http://10.0.0.8:8000", "http://localhost.example.org"])
def test_another_machine_has_to_be_allowed(url: str) -> None:
    with pytest.raises(ConfigError, match="allow_remote = true"):
        ServedModel(Served(url=url))
    served = ServedModel(Served(url=url, model="big", allow_remote=True))
    (notice,) = served.notes()
    assert notice.startswith("sentences with flagged places are sent to http") and notice.endswith("(big)")
    assert served.notes() == (notice,), "said in every report"


def test_a_name_of_this_machine_that_leads_elsewhere_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(proposing({"high": ["top"]})) as server:
        monkeypatch.setattr(chat, "is_local", lambda host: False)  # what the connection has reached
        served = ServedModel(Served(url=server.url, model="m"))
        assert asked(served) == {} and server.asked == []
        assert "leads to another machine" in served.notes()[0]


def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(proposing({"high": ["top"]})) as server:
        assert asked(ServedModel(Served(url=server.url))) == {0: ("top",)}


def test_a_key_is_sent_and_shown_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, f" {SECRET}\n")
    echo = json.dumps({"error": {"message": "x" * 150 + f" {SECRET} is no key"}})
    with serving(lambda handler, request: handler.send(404, echo)) as server:
        served = ServedModel(Served(url=server.url, model="m"))
        asked(served)
        assert server.chats[0].headers["Authorization"] == f"Bearer {SECRET}"
        assert SECRET not in json.dumps(server.chats[0].body)
        told = " ".join([*served.notes(), *served.signature, repr(served), repr(served.chat)])
        assert SECRET[:6] not in told
        assert SECRET not in repr(served.settings)


@pytest.mark.parametrize("key", ["sk-a\nb", "sk-schlüssel"])
def test_what_cannot_be_a_key_is_an_error_that_does_not_show_it(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, key)
    with pytest.raises(ConfigError) as caught:
        served.read_key()
    assert KEY in str(caught.value) and key[:4] not in str(caught.value)
