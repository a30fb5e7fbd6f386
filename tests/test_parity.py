"""Whichever way a text comes in, the findings are the same."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from lsprotocol import types
from pygls.lsp.client import LanguageClient

import repair
from repair.lsp.positions import Positions

pytestmark = pytest.mark.slow
ARTICLE = (Path(__file__).parent / "article.txt").read_bytes().decode()
MIXED = "🙂 Peace talks with SH.BA began , one officials said.\r\n“We was told by OKB .”\r\n"

TEXTS = {"article": ARTICLE, "mixed": MIXED, "clean": "All is well.\n"}


def by_command(text: str) -> list[dict[str, Any]]:
    arguments = [sys.executable, "-m", "repair", "check", "-", "--no-model", "--format", "json"]
    done = subprocess.run(arguments, input=text.encode(), capture_output=True, check=False)
    return list(json.loads(done.stdout)["findings"])


def by_python(text: str) -> list[dict[str, Any]]:
    return list(repair.check(text, no_model=True).to_json()["findings"])


def by_http(text: str, address: str) -> list[dict[str, Any]]:
    return list(requests.post(f"{address}/api/check", json={"text": text}, timeout=60).json()["findings"])


Shown = list[tuple[int, int, str, str, float]]


@pytest.fixture(scope="module")
def by_editor(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """What the language server tells of each text: one process for all."""
    folder = tmp_path_factory.mktemp("editor")

    async def talk() -> dict[str, Shown]:
        client = LanguageClient("test", "1")
        told: asyncio.Queue[Any] = asyncio.Queue()
        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: told.put_nowait(params.diagnostics))
        await client.start_io(sys.executable, "-m", "repair", "lsp", "--no-model", cwd=folder)
        await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri()))
        client.initialized(types.InitializedParams())
        shown = {}
        for number, text in enumerate(TEXTS.values()):
            item = types.TextDocumentItem((folder / f"{number}.txt").as_uri(), "plaintext", 0, text)
            client.text_document_did_open(types.DidOpenTextDocumentParams(item))
            places = Positions(text)
            shown[text] = [
                (places.offset(d.range.start), places.offset(d.range.end), d.code, d.message, d.data["score"])
                for d in await asyncio.wait_for(told.get(), 60)
            ]
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()  # type: ignore[no-untyped-call]
        return shown

    return asyncio.run(talk())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_four_ways_in_give_the_same_findings(text: str, address: str, by_editor: dict[str, Shown]) -> None:
    expected = by_python(text)
    assert by_command(text) == expected
    assert by_http(text, address) == expected
    keys = ("start", "end", "source", "message", "score")
    assert by_editor[text] == [tuple(finding[key] for key in keys) for finding in expected]
    assert bool(expected) is (text != "All is well.\n")
