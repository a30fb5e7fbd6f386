"""What is promised: with no setting, nothing is ever sent anywhere, whatever way in is taken."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from repair.config import KEY

TEXT = (
    "He held talks with SH.BA. The minister was far less future with his views on the war than his colleagues, "
    "officials said.\n"
)
ORIGINAL = "Министр заявил, что переговоры с США далеки от завершения. Об этом сообщили чиновники.\n"
AWAY = "http://192.0.2.1"  # an address kept for documentation
PAGE = f'<html><link rel="stylesheet" href="{AWAY}/a.css"><body><img src="{AWAY}/a.png"><p>{TEXT}</p></body></html>'
NEWS = f'<!DOCTYPE nitf SYSTEM "{AWAY}/nitf.dtd"><nitf><body><body.content><p>{TEXT}</p></body.content></body></nitf>'
SENT = "SENT_LOG"
# Python runs it first in every process, in those too that a command starts. Sockets of files join processes of this
# machine and stay allowed; other programs of this machine are somewhere, too.
WATCH = f"""
import os
import sys

ASKS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")

def refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        where = arguments[1]
        if where is None or isinstance(where, (str, bytes)):
            return
    elif event in ASKS:
        where = arguments[0]
        if where in (None, "127.0.0.1"):  # to listen there
            return
    else:
        return
    with open(os.environ["{SENT}"], "a") as log:
        print(event, where, *sys.argv, file=log)
    raise PermissionError("no network")

sys.addaudithook(refuse)
"""


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """Proxies, a key that lies about and no settings of this tool; Python processes are watched."""
    watch = tmp_path / "watch"
    watch.mkdir()
    (watch / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REPAIR_CORRECTOR", "HF_"))}
    path = os.pathsep.join([str(watch), *filter(None, [os.environ.get("PYTHONPATH")])])
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), f"{AWAY}:9")
    return kept | proxies | {"PYTHONPATH": path, SENT: str(tmp_path / "sent"), KEY: "sk-a-key-that-lies-about"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an article, its original, files that name addresses, an archive, and no settings."""
    (tmp_path / "work" / "in").mkdir(parents=True)
    texts = {"a.txt": TEXT, "in/a.txt": TEXT, "original.txt": ORIGINAL, "a.html": PAGE, "a.xml": NEWS}
    for name, text in texts.items():
        (tmp_path / "work" / name).write_text(text, encoding="utf-8")
    return tmp_path / "work"


def sent(watched: dict[str, str]) -> str:
    log = Path(watched[SENT])
    return log.read_text(encoding="utf-8") if log.exists() else ""


@pytest.mark.parametrize("address", ["('192.0.2.1', 9)", "('127.0.0.1', 9)", "('localhost', 9)"])
def test_it_would_be_seen_in_a_process_of_a_process(address: str, watched: dict[str, str]) -> None:
    inner = f"import socket; socket.create_connection({address})"
    outer = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {inner!r}]))"
    assert subprocess.run([sys.executable, "-c", outer], env=watched, capture_output=True, check=False).returncode == 1
    assert "socket." in sent(watched)


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["-c", "import repair; print(*(f.source for f in repair.check(open('a.txt').read()).findings))"],
        ["-m", "repair", "check", "a.txt", "a.html", "a.xml"],
        ["-m", "repair", "check", "--source", "original.txt", "a.txt"],
        ["-m", "repair", "fix", "--apply-at", "review", "--diff", "a.txt"],
        ["-m", "repair", "batch", "run", "in", "out", "--json"],
    ],
    ids=["python", "check", "source", "fix", "batch"],
)
def test_commands_send_nothing(arguments: list[str], watched: dict[str, str], folder: Path) -> None:
    run = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=folder, env=watched, check=False
    )
    assert sent(watched) == "" and run.returncode in (0, 1), run.stderr[-2000:]
    assert re.search(r"\blm\b|future|\"findings\"", run.stdout), "the model has read it"


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "repair", "--mt", "a.txt", "--fixed", "in/a.txt", "--ref", "in/a.txt", "--post-edit"],
        ["score", "spans", "--pred", "found.jsonl", "--gold", "found.jsonl"],
        ["rules", "list"],
        ["licences"],
    ],
    ids=["score-repair", "score-spans", "rules", "licences"],
)
def test_what_reads_no_article_sends_nothing(arguments: list[str], watched: dict[str, str], folder: Path) -> None:
    found = {"text": TEXT, "findings": [{"start": 20, "end": 25, "severity": "minor", "category": "fluency/grammar"}]}
    (folder / "found.jsonl").write_text(json.dumps(found) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "repair", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=watched, check=False)
    assert sent(watched) == "" and run.returncode == 0, run.stderr[-2000:]
    assert run.stdout


@pytest.mark.slow
def test_the_desk_sends_nothing(watched: dict[str, str], folder: Path) -> None:
    command = [sys.executable, "-m", "repair", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder, env=watched) as server:
        try:
            assert server.stderr is not None
            found = re.search(r"http://\S+(?=/ )", server.stderr.readline())
            assert found
            end = time.monotonic() + 300
            while time.monotonic() < end:
                with suppress(requests.ConnectionError):
                    if requests.get(f"{found[0]}/readyz", timeout=60).status_code == 200:
                        break
                time.sleep(0.1)
            answer = requests.post(f"{found[0]}/api/fix", json={"text": TEXT}, timeout=300).json()
            asked = requests.post(f"{found[0]}/v2/check", data={"text": TEXT, "language": "en-US"}, timeout=300)
        finally:
            server.kill()
    assert {"lexicon", "lm"} <= {finding["source"] for finding in answer["findings"]} and asked.status_code == 200
    assert sent(watched) == ""


@pytest.mark.slow
def test_the_language_server_sends_nothing(watched: dict[str, str], folder: Path) -> None:
    assert {"lexicon", "lm"} <= asyncio.run(in_an_editor(watched, folder))
    assert sent(watched) == ""


async def in_an_editor(watched: dict[str, str], folder: Path) -> set[str]:
    """What finds something in the text when it is opened."""
    client, told = LanguageClient("test", "1"), asyncio.Queue[types.PublishDiagnosticsParams]()
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: told.put_nowait(params))
    await client.start_io(sys.executable, "-m", "repair", "lsp", cwd=folder, env=watched)
    folders = [types.WorkspaceFolder(folder.as_uri(), "work")]
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), workspace_folders=folders))
    client.initialized(types.InitializedParams())
    item = types.TextDocumentItem((folder / "a.txt").as_uri(), "plaintext", 0, TEXT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    found: set[str] = set()
    while "lm" not in found:  # rules tell first, the model when it has read
        for one in (await asyncio.wait_for(told.get(), 300)).diagnostics:
            found.add(str(one.code))
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    return found
