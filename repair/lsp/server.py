"""The server's side of the protocol. Texts are checked one at a time; of what is typed meanwhile only the last counts.

The whole text comes with every change: pygls takes U+2028 for a line end, and changes of a part would go astray.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from repair import __version__
from repair.edits import Edit
from repair.errors import RepairError
from repair.findings import Report
from repair.lsp.answers import (
    ADD_WORD,
    FIX_ALL,
    FIX_ALL_KIND,
    IGNORE,
    command,
    diagnostics,
    quick_fixes,
    text_edits,
)
from repair.lsp.positions import Positions
from repair.lsp.project import Project
from repair.text import Span


class Server(LanguageServer):
    """Holds the open texts' last reports. `delay` is how many seconds nothing must be typed before a check."""

    def __init__(self, delay: float, file: Path | None, options: Mapping[str, Any]) -> None:
        super().__init__("repair", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.delay, self.file, self.options = delay, file, options
        self.project = Project(Path.cwd(), file, options)
        self.reports: dict[str, Report] = {}
        self.checks: dict[str, asyncio.Task[None]] = {}
        self.told: set[str] = set()

    def enter(self, root: str | None) -> None:
        """Work in the folder that the editor has open; begin to load."""
        folder = Path(uris.to_fs_path(root) or ".") if root else Path.cwd()
        if folder.is_dir():
            os.chdir(folder)  # relative paths in options are meant from there
        self.project = Project(Path.cwd(), self.file, self.options)
        try:
            self.project.queue()
        except RepairError as error:
            self.tell(error)

    def schedule(self, uri: str, delay: float) -> None:
        """Check a text in `delay` seconds; a check of it that has not begun is dropped."""
        if uri in self.checks:
            self.checks[uri].cancel()
        self.checks[uri] = asyncio.ensure_future(self._check(uri, delay))

    def schedule_all(self) -> None:
        """Check every open text: the settings have changed."""
        for uri in list(self.checks):  # also one that wrong settings kept from being checked
            self.schedule(uri, 0)

    def forget(self, uri: str) -> None:
        """A text was closed."""
        if uri in self.checks:
            self.checks.pop(uri).cancel()
        self.reports.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    async def _check(self, uri: str, delay: float) -> None:
        await asyncio.sleep(delay)
        document = self.workspace.get_text_document(uri)
        text, version = document.source, document.version
        try:
            report = await waited(self.project.submit(text, document.filename or "", "check"))
        except RepairError as error:
            self.tell(error)
            return
        notes = (*self.project.notes, *report.notes)
        self.told &= set(notes)
        for note in notes:
            self.tell(note, types.MessageType.Warning)
        self.reports[uri] = report
        found = diagnostics(report, self.positions(text))
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    async def safe_edits(self, uri: str) -> tuple[str, tuple[Edit, ...]]:
        """A text and all its safe repairs."""
        document = self.workspace.get_text_document(uri)
        text = document.source
        report = await waited(self.project.submit(text, document.filename or "", "fix"))
        return text, tuple(edit for repair in report.applied for edit in repair.edits)

    def positions(self, text: str) -> Positions:
        return Positions(text, self.workspace.position_encoding or types.PositionEncodingKind.Utf16)

    def tell(self, trouble: Exception | str, kind: types.MessageType = types.MessageType.Error) -> None:
        """Show one line to the person, once as long as it holds."""
        if str(trouble) not in self.told:
            self.told.add(str(trouble))
            self.window_show_message(types.ShowMessageParams(kind, f"repair: {trouble}"))

    def watch_settings(self) -> None:
        """Ask the editor to say when a file of settings is saved: it is no text that is open here."""
        can = self.client_capabilities.workspace and self.client_capabilities.workspace.did_change_watched_files
        if can and can.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*.toml")])
            wanted = types.Registration("settings", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            self.client_register_capability(types.RegistrationParams([wanted]))


async def waited(future: Future[Report]) -> Report:
    return await asyncio.wrap_future(future)


def make(delay: float, file: Path | None, options: Mapping[str, Any]) -> Server:
    """A server with its features."""
    server = Server(delay, file, options)

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        folders = list(server.workspace.folders.values())
        server.enter(folders[0].uri if folders else server.workspace.root_uri)
        server.watch_settings()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.schedule(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.schedule(params.text_document.uri, server.delay)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.schedule_all()  # it may have been the settings

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def settings_changed(params: types.DidChangeWatchedFilesParams) -> None:
        server.schedule_all()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.Source, FIX_ALL_KIND]
        ),
    )
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        try:
            return await code_actions(server, params)
        except RepairError as error:
            server.tell(error)
            return []

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        server.project.close()

    @server.command(FIX_ALL)
    async def fix_all(uri: str) -> None:
        try:
            text, edits = await server.safe_edits(uri)
        except RepairError as error:
            server.tell(error)
            return
        document = server.workspace.get_text_document(uri)
        if edits and document.source == text:
            change = types.WorkspaceEdit(changes={uri: text_edits(edits, server.positions(text))})
            await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(change, "Apply all safe fixes"))

    @server.command(IGNORE)
    def ignore(uri: str, phrase: str) -> None:
        write(server, phrase, server.project.ignore)

    @server.command(ADD_WORD)
    def add_word(uri: str, word: str) -> None:
        write(server, word, server.project.add_word)

    return server


def write(server: Server, phrase: str, add: Any) -> None:
    """Add a phrase to the settings, say where, and check again."""
    try:
        path = add(phrase)
    except RepairError as error:
        server.tell(error)
        return
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"repair: written to {path}"))
    server.schedule_all()


async def code_actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Quick fixes for a range, or all safe fixes where an editor asks for those (on saving, say)."""
    uri, only = params.text_document.uri, params.context.only
    text = server.workspace.get_text_document(uri).source
    wanted = [str(getattr(kind, "value", kind)) for kind in only or []]
    if any(kind == FIX_ALL_KIND or FIX_ALL_KIND.startswith(f"{kind}.") for kind in wanted):
        text, edits = await server.safe_edits(uri)
        change = types.WorkspaceEdit(changes={uri: text_edits(edits, server.positions(text))})
        return [types.CodeAction("Apply all safe fixes", kind=FIX_ALL_KIND, edit=change)] if edits else []
    report = server.reports.get(uri)
    if report is None or report.document.text != text:
        return []  # what is on the screen is not what was checked; a check is on its way
    result: list[types.CodeAction] = []
    positions = server.positions(text)
    if not wanted or types.CodeActionKind.QuickFix.value in wanted:
        asked = Span(positions.offset(params.range.start), positions.offset(params.range.end))
        result += quick_fixes(report, asked, uri, positions)
    if not wanted and any(finding.suggestions for finding in report.findings):
        result.append(command("Apply all safe fixes", FIX_ALL, (uri,)))
    return result


def run(delay: float, file: Path | None, options: Mapping[str, Any]) -> None:
    """Serve until the editor says that it is enough."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # it would log texts
    server = make(delay, file, options)
    spoken, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing else may speak to the editor
    server.start_io(sys.stdin.buffer, spoken)
