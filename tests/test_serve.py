"""The server from outside: a real one on a loopback port, asked over HTTP."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
from openapi_spec_validator import validate

from repair.cli import main
from repair.config import Config
from repair.findings import Report
from repair.inputs import Item
from repair.pipeline import Repairer
from repair.progress import tell
from repair.serve.api import PIECE_WORDS, pieces
from repair.serve.work import Job, Queue

ROOT = Path(__file__).parent.parent
ARTICLE = (ROOT / "tests/article.txt").read_text(encoding="utf-8")
TEXT = "The talks with SH.BA . One officials said 🙂 no."
LINES = {"Accept": "application/x-ndjson"}
VALID = jsonschema.Draft202012Validator(json.loads((ROOT / "repair/data/schema.json").read_text(encoding="utf-8")))
Serve = Callable[..., str]


def printed(command: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> bytes:
    main([*command, "--no-model", "--format", "jsonl"])
    return capfdbinary.readouterr().out


@pytest.mark.parametrize("command", [["check"], ["check", "--word-scores"], ["fix"], ["fix", "--apply-at", "review"]])
def test_the_answer_is_the_line_that_the_command_prints(
    address: str, command: list[str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    asked: dict[str, Any] = {"text": ARTICLE, "name": str(file)}
    asked |= {"word_scores": True} if "--word-scores" in command else {}
    asked |= {"apply_at": "review"} if "review" in command else {}
    answer = requests.post(f"{address}/api/{command[0]}", json=asked, timeout=60)
    assert answer.content == printed([*command, str(file)], capfdbinary)
    VALID.validate(answer.json())


def test_plain_text_is_taken_too_and_id_comes_back(address: str) -> None:
    as_text = requests.post(f"{address}/api/fix", data=TEXT.encode(), headers={"Content-Type": "text/plain"}, timeout=9)
    as_json = requests.post(f"{address}/api/fix", json={"text": TEXT, "id": {"a": [1, "🙂"]}}, timeout=9)
    assert as_text.json()["output"] == as_json.json()["output"] != TEXT
    assert as_json.json()["id"] == {"a": [1, "🙂"]}


@pytest.mark.parametrize("path", ["check", "fix"])
def test_a_source_of_null_is_none_as_in_json_lines(address: str, path: str) -> None:
    asked: list[dict[str, Any]] = [{"text": TEXT}, {"text": TEXT, "source": None}, {"text": TEXT, "source": ""}]
    answers = [requests.post(f"{address}/api/{path}", json=some, timeout=9) for some in asked]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.content for answer in answers}) == 1 and answers[0].json()["findings"]


def events(answer: requests.Response) -> list[dict[str, Any]]:
    """What a stream told, but for the progress: how much of that is told depends on the machine."""
    told = [json.loads(line) for line in answer.content.splitlines()]
    return [event for event in told if event["type"] != "progress"]


@pytest.mark.parametrize("path", ["check", "fix"])
@pytest.mark.parametrize("text", [ARTICLE, TEXT, "", "\n\n", "🙂" * 400])
def test_a_stream_ends_with_the_same_report(address: str, path: str, text: str) -> None:
    whole = requests.post(f"{address}/api/{path}", json={"text": text}, timeout=60).json()
    answer = requests.post(f"{address}/api/{path}", json={"text": text}, headers=LINES, timeout=60)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    first, *between, last = events(answer)
    assert last == {"type": "report"} | whole
    assert first["type"] == "start" and first["length"] == len(text)
    assert [e for s, e in first["sentences"]][-1:] == ([len(text)] if text else [])
    assert {event["type"] for event in between} <= {"findings"}
    assert [event["read"] for event in between] == [piece.end for piece in pieces(text)]
    for finding in (finding for event in between for finding in event["findings"]):
        assert text[finding["start"] : finding["end"]] == finding["text"]


def test_a_stream_tells_how_far_the_work_has_come_and_what_comes_first(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun, enough = Repairer.fix_many, threading.Event(), threading.Event()

    def slow(self: Repairer, items: Iterable[Item]) -> Iterator[Report]:
        tell("looking", 3, 8)
        begun.set()
        assert enough.wait(60)
        return real(self, items)

    def stages() -> Iterator[list[Any]]:
        answer = requests.post(f"{address}/api/fix", json={"text": TEXT}, headers=LINES, timeout=60, stream=True)
        for line in answer.iter_lines():
            event = json.loads(line)
            yield [event[key] for key in ("stage", "done", "total")] if event["type"] == "progress" else [event["type"]]

    address = serve()
    monkeypatch.setattr(Repairer, "fix_many", slow)
    first, second = stages(), stages()
    assert [next(first), next(first)] == [["start"], ["looking", 3, 8]]
    begun.wait(60)
    assert [next(second), next(second)] == [["start"], ["waiting", 0, 1]]
    enough.set()
    assert list(first)[-1] == list(second)[-1] == ["report"]


def test_previews_of_rules_that_look_at_one_sentence_are_those_of_the_report(address: str) -> None:
    answer = requests.post(f"{address}/api/check", json={"text": ARTICLE}, headers=LINES, timeout=60)
    _, *between, last = events(answer)
    assert len(between) > 2
    previews = [finding for event in between for finding in event["findings"]]
    assert [f for f in previews if f["source"] == "lexicon"] == [
        f for f in last["findings"] if f["source"] == "lexicon"
    ]


def test_pieces_are_whole_paragraphs_that_tile_the_text() -> None:
    spans = list(pieces(ARTICLE))
    assert "".join(span.of(ARTICLE) for span in spans) == ARTICLE
    assert all(len(span.of(ARTICLE).split()) <= PIECE_WORDS for span in spans)
    assert list(pieces(TEXT)) == list(pieces("")) == []


@pytest.mark.parametrize(
    ("body", "kind", "status", "told"),
    [
        (b"{", "application/json", 400, "truncated); /openapi.json"),
        (b"[]", "application/json", 400, "object"),
        (b'{"name": "a"}', "application/json", 400, "text"),
        (b'{"text": 1}', "application/json", 400, "text"),
        (b'{"text": "a", "words_score": 1}', "application/json", 400, "words_score"),
        (b'{"text": "\xff"}', "application/json", 400, "utf-8"),
        (b'{"text": "a", "id": ' + b"[" * 100_000, "application/json", 400, "recursion"),
        (b"\xff", "text/plain", 400, "UTF-8"),
        (b"a\0b", "text/plain", 400, "binary"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "text/plain"),
        (b"a", "", 415, "text/plain"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    address: str, body: bytes, kind: str, status: int, told: str
) -> None:
    answer = requests.post(f"{address}/api/check", data=body, headers={"Content-Type": kind}, timeout=9)
    assert answer.status_code == status
    assert told in answer.json()["error"] and "\n" not in answer.json()["error"]


def test_unknown_addresses_and_methods(address: str) -> None:
    assert requests.get(f"{address}/api/nothing", timeout=9).status_code == 404
    answer = requests.get(f"{address}/api/check", timeout=9)
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


def test_a_long_body_is_refused_whether_it_says_so_or_not(serve: Serve) -> None:
    address = serve(max_body=1000)
    headers = {"Content-Type": "text/plain"}
    assert requests.post(f"{address}/api/check", data=b"a" * 1000, headers=headers, timeout=9).status_code == 200
    declared = requests.post(f"{address}/api/check", data=b"a" * 1001, headers=headers, timeout=9)
    chunked = requests.post(f"{address}/api/check", data=iter([b"a" * 600, b"a" * 600]), headers=headers, timeout=9)
    assert declared.status_code == chunked.status_code == 413
    assert "1,000" in declared.json()["error"]


def test_more_requests_than_places_are_sent_away_with_a_time_to_come_back(serve: Serve) -> None:
    address = serve(queue=2)
    with ThreadPoolExecutor(12) as pool:
        answers = list(
            pool.map(lambda _: requests.post(f"{address}/api/fix", json={"text": ARTICLE}, timeout=60), range(12))
        )
    assert {answer.status_code for answer in answers} == {200, 503}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert int(refused.headers["Retry-After"]) > 0 and "try again" in refused.json()["error"]
    assert len({answer.content for answer in answers if answer.status_code == 200}) == 1


def test_a_request_that_takes_too_long_is_given_up(serve: Serve) -> None:
    address = serve(timeout=0.05)
    plain = requests.post(f"{address}/api/fix", json={"text": ARTICLE * 3}, timeout=60)
    assert plain.status_code == 504 and "0.05 seconds" in plain.json()["error"]
    streamed = requests.post(f"{address}/api/fix", json={"text": ARTICLE * 3}, headers=LINES, timeout=60)
    assert json.loads(streamed.content.splitlines()[-1])["type"] == "error"


def test_a_body_that_does_not_arrive_is_given_up(serve: Serve) -> None:
    host, port = serve(timeout=0.2).removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=9) as connection:
        connection.sendall(b"POST /api/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na")
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_a_text_whose_client_has_gone_is_dropped(serve: Serve) -> None:
    address = serve(queue=3)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(requests.post, f"{address}/api/fix", json={"text": ARTICLE * 60}, timeout=200)
        time.sleep(0.1)  # begun, and far from done on any machine
        with pytest.raises(requests.Timeout):
            requests.post(f"{address}/api/check", json={"text": "This one gives up."}, timeout=0.1)
        assert slow.result().status_code == 200
    page = requests.get(f"{address}/metrics", timeout=9).text
    assert 'repair_requests_total{path="/api/check",status="499"} 1.0' in page
    assert "repair_requests_inside 0.0" in page
    assert "repair_texts_total 1.0" in page  # the other was never begun


def test_a_token_is_asked_for(serve: Serve) -> None:
    address = serve(token="käse")
    asked: dict[str, Any] = {"json": {"text": TEXT}, "timeout": 9}
    wrong: list[dict[str, str | bytes]] = [
        {},
        {"Authorization": "Bearer other"},
        {"Authorization": "Basic käse".encode()},
    ]
    for headers in wrong:
        answer = requests.post(f"{address}/api/check", headers=headers, **asked)
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    assert requests.get(f"{address}/metrics", timeout=9).status_code == 401
    assert requests.get(f"{address}/healthz", timeout=9).status_code == 200
    right: dict[str, str | bytes] = {"Authorization": "Bearer käse".encode()}
    assert requests.post(f"{address}/api/check", headers=right, **asked).status_code == 200


def test_other_sites_stay_out_unless_they_are_named(serve: Serve, address: str) -> None:
    def ask(where: str, origin: str) -> requests.Response:
        return requests.post(f"{where}/api/check", json={"text": TEXT}, headers={"Origin": origin}, timeout=9)

    assert ask(address, "https://desk.example").status_code == ask(address, "null").status_code == 403
    own, addon = ask(address, address), ask(address, "moz-extension://1234")
    assert own.status_code == addon.status_code == 200
    assert "Access-Control-Allow-Origin" not in {*own.headers, *addon.headers}
    open_to_desk = serve(origins=("https://desk.example",))
    named = ask(open_to_desk, "https://desk.example")
    assert named.status_code == 200 and named.headers["Access-Control-Allow-Origin"] == "https://desk.example"
    assert ask(open_to_desk, "https://other.example").status_code == 403
    preflight = requests.options(
        f"{open_to_desk}/api/check",
        headers={"Origin": "https://desk.example", "Access-Control-Request-Method": "POST"},
        timeout=9,
    )
    assert preflight.status_code == 200


def test_a_strange_host_name_is_refused_where_names_are_given(serve: Serve) -> None:
    address = serve(hosts=("localhost", "127.0.0.1"))
    assert requests.get(f"{address}/healthz", timeout=9).status_code == 200
    assert requests.get(f"{address}/healthz", headers={"Host": "evil.example"}, timeout=9).status_code == 421


def test_security_headers_on_every_answer(address: str) -> None:
    for path in ("/healthz", "/nothing", "/api/check", "/openapi.json", "/v2/languages"):
        headers = requests.get(address + path, timeout=9).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


@pytest.mark.parametrize("path", ["/static/../cli.py", "/static/%2e%2e/cli.py", "/static//etc/passwd", "/static/"])
def test_only_the_pages_own_files_are_served(address: str, path: str) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=9)
    connection.request("GET", path)
    assert connection.getresponse().status == 404
    connection.close()


def test_probes_and_numbers(address: str) -> None:
    assert requests.get(f"{address}/healthz", timeout=9).json() == {"status": "alive"}
    assert requests.get(f"{address}/readyz", timeout=9).json() == {"status": "ready"}
    requests.post(f"{address}/api/check", json={"text": TEXT}, timeout=9)
    page = requests.get(f"{address}/metrics", timeout=9).text
    for name in ("repair_requests_total", "repair_request_seconds_bucket", "repair_texts_total"):
        assert name in page
    assert re.search(r'repair_findings_total\{severity="major"\} [1-9]', page)


def test_the_description_is_valid_openapi_and_names_every_address(address: str) -> None:
    described = requests.get(f"{address}/openapi.json", timeout=9).json()
    validate(described)
    for path, methods in described["paths"].items():
        for method in methods:
            assert requests.request(method, address + path, timeout=9).status_code not in (404, 405)


def test_texts_that_wait_are_answered_apart_and_in_turn() -> None:
    begun: list[int] = []
    queue = Queue(Repairer(Config(no_model=True)), 99, lambda: begun.append(1))
    texts = [f"Text {i}: one officials said {'teh ' * i}." for i in range(20)]
    futures = [queue.submit(Job(Item(text, name=str(i)))) for i, text in enumerate(texts)]
    futures[3].cancel()
    queue.start()
    reports = [future.result(60) for i, future in enumerate(futures) if i != 3]
    queue.close()
    assert [report.document.text for report in reports] == [text for i, text in enumerate(texts) if i != 3]
    assert len(begun) == 19
    alone = Repairer(Config(no_model=True))
    assert [r.to_json() for r in reports] == [alone.check(r.document.text, r.document.name).to_json() for r in reports]


def test_a_text_that_breaks_the_work_breaks_only_its_own(caplog: pytest.LogCaptureFixture) -> None:
    class Fragile(Repairer):
        def check_many(self, items: Iterable[Item], word_scores: bool = False) -> Iterator[Report]:
            items = list(items)
            if any("secret" in item.text for item in items):
                raise ValueError("a fault that quotes the secret text")
            return super().check_many(items, word_scores)

    queue = Queue(Fragile(Config(no_model=True)), 99, lambda: None)
    good, bad = queue.submit(Job(Item("good"))), queue.submit(Job(Item("secret")))
    queue.start()
    assert good.result(60).document.text == "good"
    with pytest.raises(ValueError):
        bad.result(60)
    queue.close()


def test_what_is_ignored_on_the_page_goes_into_the_house_rules(serve: Callable[..., str], tmp_path: Path) -> None:
    house = tmp_path / "house.toml"
    house.write_text("# ours\n", encoding="utf-8")
    address = serve(house=house)
    text = {"text": "Peace talks with SH.BA began.\n"}
    assert len(requests.post(f"{address}/api/check", json=text, timeout=60).json()["findings"]) == 1
    answer = requests.post(f"{address}/api/ignore", json={"kind": "name", "value": "SH.BA"}, timeout=60)
    assert (answer.status_code, answer.json()) == (200, {"ignored": ["SH.BA"]})
    assert house.read_text(encoding="utf-8") == '# ours\n\n[never]\nnames = ["SH.BA"]\n'
    assert requests.post(f"{address}/api/check", json=text, timeout=60).json()["findings"] == []
    for wrong in ({"kind": "rule", "value": "lexicon"}, {"kind": "name", "value": ""}, {"kind": "name", "value": "…"}):
        answer = requests.post(f"{address}/api/ignore", json=wrong, timeout=60)
        assert answer.status_code == (404 if wrong["kind"] == "rule" else 400) and "\n" not in answer.json()["error"]


def test_without_house_rules_nothing_can_be_ignored_for_good(address: str) -> None:
    answer = requests.post(f"{address}/api/ignore", json={"kind": "name", "value": "SH.BA"}, timeout=60)
    assert answer.status_code == 404 and "--house" in answer.json()["error"]


TWICE = "One officials spoke . “Many talks followed.\n\nMany talks with SH.BA followed,” he said."


@pytest.mark.parametrize("action", ["check", "fix"])
def test_only_what_was_changed_is_looked_at_again(address: str, action: str) -> None:
    second = TWICE.rindex("Many")
    request: dict[str, Any] = {"text": TWICE, "changed": [[second + 4, second + 5], [9000, 9001]]}
    whole, part = (requests.post(f"{address}/api/{action}", json=one).json() for one in ({"text": TWICE}, request))
    assert {finding["start"] < second for finding in whole["findings"]} == {True, False}
    assert part["findings"] == [finding for finding in whole["findings"] if finding["start"] >= second]
    assert part.get("output", TWICE) == TWICE  # “he said”: what begins before is still a quotation
    nothing = requests.post(f"{address}/api/{action}", json={**request, "changed": []}).json()
    assert nothing["findings"] == []


def test_no_previews_of_what_was_changed(address: str) -> None:
    text = "\n\n".join([TWICE] * 60)
    answer = requests.post(f"{address}/api/fix", json={"text": text, "changed": [[0, 9]]}, headers=LINES)
    kinds = [json.loads(line)["type"] for line in answer.text.splitlines()]
    assert kinds[0] == "start" and kinds[-1] == "report" and "findings" not in kinds
