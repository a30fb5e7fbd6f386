"""Wordings of a served model among the others: read by the corrector, rated on their own, never applied unasked."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chatserver import SPAN, Asked, Handler, serving

from repair.cli import main
from repair.config import KEY, Config, Served, load_config, sent_to
from repair.correct.infilling import InfillingCorrector, Scored, scored
from repair.correct.served import ServedModel
from repair.decide import Measured, decide_one
from repair.errors import ConfigError
from repair.findings import Finding, Safety, Suggestion
from repair.inputs import Item
from repair.judges.fitted import read_fitted
from repair.judges.wordings import Features, InOrder, ServedJudge, WordingJudge
from repair.lm.answers import Answer, Inquiry
from repair.pipeline import Repairer
from repair.registry import REPORTS
from repair.report import Display, renderer
from repair.segment import read_document
from repair.text import Document, Span
from repair.trained import weights

TEXT = "These talks will begin when Trump’s high diplomat Marco Rubio meets the Russian foreign minister.\n"
FUTURE = "The minister was far less future with his views on the war than his colleagues, officials said.\n"
PLAIN = Features(-2.0, -1.0, -1.0, "infill", 0.0, 1, 1, 1, False)


def found(document: Document, text: str, *suggestions: Suggestion) -> Finding:
    start = document.text.index(text)
    return Finding(Span(start, start + len(text)), "style/unidiomatic", "minor", 0.9, "why", "lm", suggestions)


class Even:
    """Answers every wording that it is given with one log-probability, and keeps what it was given."""

    def __init__(self) -> None:
        self.options: list[tuple[str, float]] = []
        self.threads, self.sha256 = 1, ""

    def answer(self, inquiries: Sequence[Inquiry]) -> tuple[Answer, ...]:
        ((one,),) = ((inquiry.options) for inquiry in inquiries)
        self.options = list(one)
        return (({"high": -1.0} | {text: -3.0 for text, _ in one},),)


def test_offered_wordings_are_read_first_and_keep_their_rank() -> None:
    document, infiller = read_document(TEXT, ""), Even()
    corrector = InfillingCorrector(infiller, WordingJudge([], 0.0))
    (found_by_number,) = corrector.ask(document, [found(document, "high")], {0: ("chief", "top")})
    ranks = {one.text: one.features.rank for one in found_by_number[0]}
    assert ranks["chief"] == 1 and ranks["top"] == 2 and ranks["tall"] == 0
    assert infiller.options[:2] == [("chief", math.inf), ("top", math.inf)]
    assert [text for text, _ in infiller.options].count("top") == 1, "it is also a candidate of the dictionary"
    (plain,) = corrector.ask(document, [found(document, "high")])
    assert all(one.features.rank == 0 for one in plain[0])


def test_what_is_never_proposed_is_not_proposed_by_a_served_model_either() -> None:
    answer = {"thanks a lot 🙏🏽": -1.0, "thanks a lot 🙏": -1.0, "thanks": -1.0, "": -1.0, "thank you": -2.0}
    kept = scored("thanks a lot 🙏🏽", {}, answer, ("thanks a lot 🙏", "thanks", "", "thank you 🙏🏽"))
    assert kept == ()


def test_served_wordings_have_a_regression_of_their_own() -> None:
    served = Features(-2.0, -1.0, -1.0, "infill", 0.0, 1, 1, 1, False, rank=2)
    assert len(served.served_vector(0.5)) == len(PLAIN.vector(0.5)) - 7
    assert served.later == 0.9 and served.vector(0.5) == PLAIN.vector(0.5)
    agreed = replace(served, lead=3.0)
    assert agreed.served_vector(0.5) == served.served_vector(0.5), "nothing speaks against what both models say"
    own, other = WordingJudge([0.0] * 15, -2.0), ServedJudge([0.0] * 8, 3.0)
    corrector = InfillingCorrector(None, own, other)  # type: ignore[arg-type]
    first, second = corrector.suggestions([Scored("tall", PLAIN), Scored("top", served)], 0.9, "big")
    assert (first.text, first.by, second.text, second.by) == ("top", "big", "tall", "")
    assert first.score > 0.8 and second.score < 0.2 and first.guess


def test_the_look_at_served_wordings_can_be_used() -> None:
    for look in (read_fitted(weights("judge") / "config.json").served_wordings, InOrder()):
        rated = [look.probability(replace(PLAIN, rank=rank), 0.9) for rank in (1, 2, 3)]
        assert all(0 < one < 1 for one in rated) and rated[0] == max(rated), "what a model names first is likeliest"


def test_what_a_served_model_proposes_is_never_safe_and_says_whose_it_is() -> None:
    document = read_document(TEXT, "")
    ours, theirs = Suggestion("top", 0.99, guess=True), Suggestion("top", 0.99, guess=True, by="big-model")
    assert decide_one(document, found(document, "high", ours), Measured(guesses_from=0.5)).safety is Safety.SAFE
    repair = decide_one(document, found(document, "high", theirs), Measured(guesses_from=0.5))
    assert repair.safety is Safety.REVIEW and repair.reasons[-1] == "proposed by big-model"


@pytest.mark.parametrize(("old", "new"), [("Marco Rubio", "Mark Rubio"), ("will begin", "will not begin")])
def test_the_gate_stands_before_a_served_model_too(old: str, new: str) -> None:
    document = read_document(TEXT, "")
    finding = found(document, old, Suggestion(new, 0.99, guess=True, by="big-model"))
    assert decide_one(document, finding, Measured()).safety is Safety.REJECTED


def test_json_names_the_model_only_where_there_is_one() -> None:
    assert Suggestion("top", 0.5, by="big").to_json() == {"text": "top", "score": 0.5, "by": "big"}
    assert Suggestion("top", 0.5).to_json() == {"text": "top", "score": 0.5}


# Settings


def configured(folder: Path, toml: str, **more: Any) -> Config:
    path = folder / "repair.toml"
    path.write_text(toml, encoding="utf-8")
    return load_config(path, **more)


def test_a_server_is_named_in_file_environment_and_option(tmp_path: Path) -> None:
    toml = '[corrector]\nurl = "http://localhost:8000"\nmodel = "m"\ntimeout = 5\nrequests = 2\n'
    assert configured(tmp_path, toml).corrector == Served(
        url="http://localhost:8000", model="m", timeout=5.0, requests=2
    )
    environ = {"REPAIR_CORRECTOR_URL": "http://127.0.0.1:1", "REPAIR_CORRECTOR_MODEL": "n", KEY: "sk-1"}
    assert configured(tmp_path, toml, environ=environ).corrector.model == "n"
    overrides = {"corrector": "http://[::1]:8/v1"}
    assert configured(tmp_path, toml, environ=environ, overrides=overrides).corrector.url == "http://[::1]:8/v1"


def test_another_machine_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    toml = '[corrector]\nurl = "https://api.example.org/v1"\n'
    with pytest.raises(ConfigError, match="allow_remote = true under"):
        configured(tmp_path, toml)
    assert configured(tmp_path, toml + "allow_remote = true\n").corrector.allow_remote
    with pytest.raises(ConfigError, match="allow_remote"):
        configured(tmp_path, "[corrector]\nallow_remote = false\n", overrides={"corrector": "http://10.0.0.1"})


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000",
        "ftp://localhost",
        "http://",
        "http://localhost:x",
        "http://u:secret@localhost/v1",
        "http://localhost/v1?key=secret",
        "http://localhost/v1#secret",
        "http://local host",
        "",
    ],
)
def test_what_is_no_address_is_an_error_that_shows_no_secret(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, "", overrides={"corrector": url})
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_key_in_the_file_is_an_error_that_does_not_show_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, '[corrector]\nurl = "http://localhost"\nkey = "sk-123456"\n')
    assert "corrector.key" in str(caught.value) and "sk-1" not in str(caught.value)


def test_two_correctors_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="two correctors"):
        configured(tmp_path, 'model = "t5"\n[corrector]\nurl = "http://localhost"\n')


REMOTE = Served(url="https://api.example.org/v1", allow_remote=True)


def test_where_sentences_go_is_known_before_anything_is_read() -> None:
    assert str(sent_to(Config(corrector=REMOTE))) == "https://api.example.org/v1"
    assert sent_to(Config(corrector=REMOTE, no_model=True)) is None, "without the model nothing is asked"
    assert sent_to(Config(corrector=Served(url="http://localhost:1"))) is None and sent_to(Config()) is None


@pytest.mark.parametrize("command", [["check"], ["check", "--format", "sarif"], ["fix", "--diff"]])
def test_every_command_says_that_sentences_leave_this_machine(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    monkeypatch.setenv("REPAIR_CORRECTOR_ALLOW_REMOTE", "true")

    def plain(config: Config) -> Repairer:
        return Repairer(Config(no_model=True))

    url = ["--corrector", "https://api.example.org/v1"]
    assert main([*command, *url, "a.txt"], plain) == 0
    assert "are sent to https://api.example.org/v1\n" in capsys.readouterr().err
    monkeypatch.delenv("REPAIR_CORRECTOR_ALLOW_REMOTE")
    assert main([*command, *url, "a.txt"], plain) == 2
    told = capsys.readouterr().err
    assert "allow_remote = true" in told and told.count("\n") == 1


def test_the_desk_says_it_too() -> None:
    from repair.serve.guard import Settings
    from repair.serve.server import make

    def info(config: Config) -> Any:
        app: Any = make(config, Settings())[0].config.app
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/api/info", "raw_path": b"/api/info", "query_string": b""}
        asyncio.run(app({**scope, "headers": [(b"host", b"localhost")], "client": None}, receive, send))
        return json.loads(b"".join(message.get("body", b"") for message in sent))

    assert info(Config(corrector=REMOTE))["sent_to"] == "https://api.example.org/v1"
    assert info(Config(corrector=Served(url="http://localhost:1")))["sent_to"] is None


# With the real model


@pytest.fixture(scope="module")
def full() -> Repairer:
    return Repairer(Config(threads=2))


@contextmanager
def asking(repairer: Repairer, settings: Served) -> Iterator[None]:
    """Inside, the repairer's corrector asks this server, as if made so; loading it again would take long."""
    assert repairer.engine and isinstance(repairer.engine.corrector, InfillingCorrector)
    repairer.engine.corrector.served = ServedModel(settings)
    yield
    repairer.engine.corrector.served = None


def forthcoming(handler: Handler, asked: Asked) -> None:
    """Puts one word for another in every span, and leaves those without it."""
    spans = [(int(number), old) for number, old in SPAN.findall(asked.shown)]
    said = [{"id": n, "wordings": [old.replace("future", "forthcoming")] * ("future" in old)} for n, old in spans]
    handler.say(json.dumps({"answers": said}))


@pytest.mark.slow
def test_a_served_wording_reaches_the_report(full: Repairer) -> None:
    with serving(forthcoming) as server, asking(full, Served(url=server.url)):
        report, again = full.fix(FUTURE), full.fix(FUTURE)
    (finding,) = [one for one in report.findings if "future" in one.span.of(FUTURE)]
    offered = {suggestion.by: suggestion.text for suggestion in finding.suggestions}
    assert "forthcoming" in offered["test-model"]
    assert report.output == FUTURE, "nothing of it is applied unasked"
    assert f"corrector:test-model@{server.url}|served-look:" in report.signature and report.notes == ()
    assert again.to_json() == report.to_json() and len(server.chats) == 1, "each passage is asked about once"


@pytest.mark.slow
def test_a_key_is_in_no_report(full: Repairer, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "sk-abcdef-0123456789"
    monkeypatch.setenv(KEY, secret)
    said = json.dumps({"error": {"message": f"{secret} is unknown"}})
    with serving(lambda handler, asked: handler.send(401, said)) as server, asking(full, Served(url=server.url)):
        report = full.fix(FUTURE)
    assert server.asked[0].headers["Authorization"] == f"Bearer {secret}"
    assert any("it asks for another key" in note for note in report.notes)
    for name in REPORTS:
        assert secret not in "".join(renderer(name)([report], Display(False, 100, True)))


@pytest.mark.slow
def test_a_dead_server_costs_only_its_proposals_and_remote_is_said(full: Repairer) -> None:
    alone = full.check(FUTURE)
    with asking(full, Served(url="http://192.0.2.1:9", allow_remote=True, model="big", timeout=0.2)):
        reports = list(full.check_many([Item(FUTURE), Item("All is well.\n")]))
    assert reports[0].findings == alone.findings
    for report in reports:
        assert report.notes[0] == "sentences with flagged places are sent to http://192.0.2.1:9/v1 (big)"
    assert any("going on without proposals from big" in note for report in reports for note in report.notes)
