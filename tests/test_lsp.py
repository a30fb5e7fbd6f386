"""The language server as an editor meets it: a process, spoken to over its pipes by pygls' own client."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Union

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.lsp.client import LanguageClient

import repair
from repair.edits import Edit, apply
from repair.errors import ConfigError
from repair.findings import Finding, Report
from repair.lsp.answers import diagnostics
from repair.lsp.positions import Positions
from repair.lsp.project import with_ignored
from repair.segment import read_document
from repair.text import Span

ROOT = Path(__file__).parents[1]
ARTICLE = (ROOT / "tests/article.txt").read_text(encoding="utf-8")
TEXT = "🙂 Peace talks with SH.BA began , one officials said.\r\nThe the end.\r\n"
PATIENCE = 60
KIND = types.PositionEncodingKind


class Editor:
    """A client with one text open, and everything it was told."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: asyncio.Queue[str] = asyncio.Queue()
        self.edits: asyncio.Queue[types.WorkspaceEdit] = asyncio.Queue()
        self.registered: asyncio.Queue[types.Registration] = asyncio.Queue()
        self.uri = (folder / "a.txt").as_uri()
        self.version = 0
        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self.told.put_nowait(params))
        client.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.messages.put_nowait(params.message))
        client.feature(types.WORKSPACE_APPLY_EDIT)(lambda params: self._apply(params))
        client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: self._register(params))

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        self.edits.put_nowait(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    def _register(self, params: types.RegistrationParams) -> None:
        for one in params.registrations:
            self.registered.put_nowait(one)

    def settings_saved(self, path: Path) -> None:
        """What an editor says of a file that is not open with this server."""
        change = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))

    async def open(self, text: str, name: str = "a.txt", language: str = "plaintext") -> list[types.Diagnostic]:
        self.uri = (self.folder / name).as_uri()
        item = types.TextDocumentItem(self.uri, language, 0, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.diagnostics()

    def type(self, text: str) -> None:
        self.version += 1
        whole = types.TextDocumentContentChangeWholeDocument(text)
        document = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    async def diagnostics(self) -> list[types.Diagnostic]:
        return list((await asyncio.wait_for(self.told.get(), PATIENCE)).diagnostics)

    async def message(self) -> str:
        return await asyncio.wait_for(self.messages.get(), PATIENCE)

    async def actions(self, where: types.Range, only: str | None = None) -> list[types.CodeAction]:
        context = types.CodeActionContext([], only=[only] if only else None)
        document = types.TextDocumentIdentifier(self.uri)
        found = await self.client.text_document_code_action_async(types.CodeActionParams(document, where, context))
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    async def run(self, action: types.CodeAction) -> None:
        assert action.command is not None
        params = types.ExecuteCommandParams(action.command.command, action.command.arguments)
        await self.client.workspace_execute_command_async(params)


@asynccontextmanager
async def editor(folder: Path, *options: str, encodings: list[types.PositionEncodingKind]) -> AsyncIterator[Editor]:
    client = LanguageClient("test", "1")
    # lsprotocol takes an action that has a command for the command itself
    converter = client.protocol._converter
    either: Any = Union[types.Command, types.CodeAction]  # noqa: UP007 - the very object that lsprotocol registers
    converter.register_structure_hook(either, lambda value, _: converter.structure(value, types.CodeAction))
    one = Editor(client, folder)
    await client.start_io(sys.executable, "-m", "repair", "lsp", "--no-model", *options, cwd=folder)
    general = types.GeneralClientCapabilities(position_encodings=encodings)
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    workspace = types.WorkspaceClientCapabilities(did_change_watched_files=watching)
    capabilities = types.ClientCapabilities(general=general, workspace=workspace)
    folders = [types.WorkspaceFolder(folder.as_uri(), "work")]
    started = await client.initialize_async(types.InitializeParams(capabilities, workspace_folders=folders))
    assert started.capabilities.position_encoding == encodings[0]
    client.initialized(types.InitializedParams())
    yield one
    await client.shutdown_async(None)
    client.exit(None)
    server = client._server
    assert server is not None and await asyncio.wait_for(server.wait(), PATIENCE) == 0
    await client.stop()  # type: ignore[no-untyped-call]


Work = Callable[[Editor], Awaitable[None]]


def drive(folder: Path, work: Work, *options: str, encoding: types.PositionEncodingKind = KIND.Utf16) -> None:
    async def whole() -> None:
        async with editor(folder, *options, encodings=[encoding]) as one:
            await work(one)

    asyncio.run(whole())


def applied(text: str, edit: types.WorkspaceEdit | None, positions: Positions) -> str:
    assert edit is not None and edit.changes is not None
    (edits,) = edit.changes.values()
    spans = [Span(positions.offset(e.range.start), positions.offset(e.range.end)) for e in edits]
    return apply(text, [Edit(span, e.new_text) for span, e in zip(spans, edits, strict=True)])


@pytest.mark.slow
@pytest.mark.parametrize("encoding", [KIND.Utf16, KIND.Utf8, KIND.Utf32])
def test_diagnostics_are_the_findings_at_their_exact_places(
    tmp_path: Path, encoding: types.PositionEncodingKind
) -> None:
    async def work(one: Editor) -> None:
        positions = Positions(TEXT, encoding)
        found = [
            (positions.offset(d.range.start), positions.offset(d.range.end), d.code, d.message)
            for d in await one.open(TEXT)
        ]
        expected = repair.check(TEXT, name="a.txt", no_model=True).findings
        assert found == [(f.span.start, f.span.end, f.source, f.message) for f in expected]

    drive(tmp_path, work, encoding=encoding)


def test_an_editor_is_told_how_certain_a_finding_is() -> None:
    scores = (0.9, 0.9, 0.6, 0.6, 0.1)
    graded = zip(scores, ("critical", "minor", "critical", "minor", "critical"), strict=True)
    found = tuple(
        Finding(Span(i, i + 1), "fluency/grammar", severity, score, "Wrong.", "lm")  # type: ignore[arg-type]
        for i, (score, severity) in enumerate(graded)
    )
    told = diagnostics(Report(read_document("abcde"), found, "s"), Positions("abcde"))
    assert [d.severity.name for d in told if d.severity] == ["Error", "Warning", "Information", "Information", "Hint"]
    assert [d.data["certainty"] for d in told if d.data] == ["sure", "sure", "likely", "likely", "doubtful"]


@pytest.mark.slow
def test_fixes_are_those_of_fix_and_typing_is_waited_for(tmp_path: Path) -> None:
    async def work(one: Editor) -> None:
        found = await one.open(ARTICLE)
        assert found
        for end in range(5):
            one.type(ARTICLE + "More" * end)
        one.type(TEXT)
        await one.diagnostics()
        await asyncio.sleep(1)
        assert one.told.empty()  # one check for six changes
        positions = Positions(TEXT)
        whole = types.Range(positions.position(0), positions.position(len(TEXT)))
        fixed = repair.fix(TEXT, no_model=True)
        (everything,) = await one.actions(whole, "source.fixAll")
        assert applied(TEXT, everything.edit, positions) == fixed.output
        offered = await one.actions(whole)
        for finding in fixed.findings:
            for suggestion in finding.suggestions:
                expected = apply(TEXT, [Edit(finding.span, suggestion.text)])
                assert expected in [applied(TEXT, action.edit, positions) for action in offered if action.edit]
        safe = [action for action in offered if action.is_preferred and action.edit]
        assert len(safe) == len([r for r in fixed.applied if r.findings[0] in fixed.findings])
        (by_command,) = [action for action in offered if action.title == "Apply all safe fixes"]
        await one.run(by_command)
        assert applied(TEXT, await asyncio.wait_for(one.edits.get(), PATIENCE), positions) == fixed.output
        one.type("Another text.")
        assert await one.actions(whole) == []  # what was checked is no longer what is there

    drive(tmp_path, work)


@pytest.mark.slow
def test_markup_is_left_alone(tmp_path: Path) -> None:
    async def work(one: Editor) -> None:
        page = "<p class='one officials'>One officials said.</p>\n<script>one officials</script>\n"
        assert [d.range.start for d in await one.open(page, "a.html", "html")] == [types.Position(0, 25)]
        note = "# Talks\n\n`one officials`\n\nOne officials said.\n"
        assert [d.range.start.line for d in await one.open(note, "a.md", "markdown")] == [4]

    drive(tmp_path, work)


@pytest.mark.slow
def test_what_an_editor_silences_stays_silent(tmp_path: Path) -> None:
    settings = tmp_path / "repair.toml"
    settings.write_text("# ours\nfail_on = 'major'\n", encoding="utf-8")

    async def work(one: Editor) -> None:
        (found,) = await one.open("Peace talks with SH.BA began.\n")
        offered = await one.actions(found.range)
        (never,) = [a for a in offered if a.command and a.command.command == "repair.ignore"]
        await one.run(never)
        assert await one.diagnostics() == []
        assert await one.message() == f"repair: written to {settings}"
        assert settings.read_text(encoding="utf-8").startswith("# ours\nfail_on = 'major'\n")
        assert 'names = ["SH.BA"]' in settings.read_text(encoding="utf-8")
        settings.write_text("house = 'house.toml'\n", encoding="utf-8")
        (tmp_path / "house.toml").write_text("", encoding="utf-8")
        one.type("Peace talks with SH.BA began again.\n")
        (found,) = await one.diagnostics()
        (never,) = [a for a in await one.actions(found.range) if a.command and a.command.command == "repair.ignore"]
        await one.run(never)
        assert await one.diagnostics() == []
        assert tomlkit.parse((tmp_path / "house.toml").read_bytes())["never"]["names"] == ["SH.BA"]

    drive(tmp_path, work, "--delay", "0")


@pytest.mark.slow
def test_wrong_settings_are_told_once_and_hold_until_they_are_right(tmp_path: Path) -> None:
    settings = tmp_path / "repair.toml"
    settings.write_text("treshold = 0.5\n", encoding="utf-8")

    async def work(one: Editor) -> None:
        item = types.TextDocumentItem(one.uri, "plaintext", 0, TEXT)
        one.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        assert "unknown key treshold; did you mean threshold?" in await one.message()
        everything = types.Range(types.Position(0, 0), types.Position(9, 0))
        assert await one.actions(everything, "source.fixAll") == []  # no fault of the server
        registered = await asyncio.wait_for(one.registered.get(), PATIENCE)
        assert registered.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        settings.write_text("threshold = 0.5\n", encoding="utf-8")
        one.settings_saved(settings)
        assert await one.diagnostics()
        assert one.messages.empty()

    drive(tmp_path, work, "--delay", "0")


@pytest.mark.slow
def test_house_rules_that_cannot_be_read_are_told_and_read_again_when_they_are_right(tmp_path: Path) -> None:
    house, right = tmp_path / "house.toml", '[terms]\n"talks" = "negotiations"\n'
    house.write_text("[terms\n", encoding="utf-8")

    async def work(one: Editor) -> None:
        item = types.TextDocumentItem(one.uri, "plaintext", 0, "The talks began.\n")
        one.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        assert "not usable as house rules" in await one.message()
        house.write_text(right, encoding="utf-8")
        one.settings_saved(house)
        assert [d.code for d in await one.diagnostics()] == ["house/talks"]
        house.write_text("[term\n", encoding="utf-8")
        one.settings_saved(house)
        assert [d.code for d in await one.diagnostics()] == ["house/talks"]
        assert "going on with the house rules as they were" in await one.message()
        one.type("The talks began!\n")
        assert await one.diagnostics()
        assert one.messages.empty()  # told once

    drive(tmp_path, work, "--house", "house.toml", "--delay", "0")


@given(st.text("a🙂é\r\n\u2028 ", max_size=30), st.sampled_from([KIND.Utf8, KIND.Utf16, KIND.Utf32]))
def test_every_offset_comes_back(text: str, encoding: types.PositionEncodingKind) -> None:
    positions = Positions(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":  # no place for a caret
            assert positions.offset(positions.position(offset)) == offset


def test_positions_out_of_reach_are_the_nearest_end() -> None:
    positions = Positions("ab\ncd")
    assert [positions.offset(types.Position(*p)) for p in ((0, 99), (1, 99), (9, 0))] == [2, 5, 5]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[ignore]\nwords = ["x"]\n'),
        ("[ignore] # mine\nwords = ['y'] # all\n", "[ignore] # mine\nwords = ['y', \"x\"] # all\n"),
        ("[ignore]\nwords = ['x']\n", None),
    ],
)
def test_a_word_is_added_and_all_else_stays(before: str, after: str | None) -> None:
    result = with_ignored(before.encode(), "words", "x", Path("repair.toml"))
    assert (result and result.decode()) == after


@pytest.mark.parametrize("before", ["[ignore", "ignore = 1", "[ignore]\nwords = 'x'"])
def test_broken_settings_are_not_written_over(before: str) -> None:
    with pytest.raises(ConfigError, match=r"repair\.toml"):
        with_ignored(before.encode(), "words", "x", Path("repair.toml"))
