"""The settings in force in a workspace, what works by them, and the words that an editor adds to them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Table

from repair.config import FILE, Config, find_file, load_config
from repair.errors import ConfigError
from repair.findings import Report
from repair.house import add_ignore
from repair.inputs import Item, write_atomically
from repair.pipeline import Repairer
from repair.serve.work import Job, Queue
from repair.stamps import Stamp, stamp_of_any

Seen = tuple[Path, Stamp | None] | None  # the file of settings, and how it was


class Project:
    """Checks texts by the settings of `root`, read anew when their file changes. `file` is read instead where given."""

    def __init__(self, root: Path, file: Path | None, options: Mapping[str, Any]) -> None:
        self.root, self.file, self.options = root, file, options
        self._seen: Seen = None
        self._config: Config | None = None
        self._queue: Queue | None = None

    def submit(self, text: str, name: str, action: Literal["check", "fix"]) -> Future[Report]:
        """The report of a text, in time. Raises ConfigError for settings that cannot be read."""
        return self.queue().submit(Job(Item(text, name), action))

    def queue(self) -> Queue:
        """What works by the settings as they stand on disk now."""
        now = self._now()
        if self._queue is None or self._queue.failure or now != self._seen:
            self._config = load_config(now[0] if now else None, os.environ, self.options)
            self.close()
            self._queue = Queue(Repairer(self._config), places=1, watch=lambda: None)
            self._queue.start()
            self._seen = now
        return self._queue

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be left out when all was loaded."""
        return self._queue.notes if self._queue else ()

    def ignore(self, phrase: str) -> Path:
        """Write a name never to flag, to the house rules where there are any, else to `repair.toml`; returns where."""
        self.queue()
        config = self._config
        if config is not None and config.house is not None:
            add_ignore(config.house, phrase, config.desk)
            return config.house
        return self._add("names", phrase)

    def add_word(self, word: str) -> Path:
        """Write a word never to flag in any letter case to `repair.toml`; returns where."""
        return self._add("words", word)

    def close(self) -> None:
        """Stop what works in the background."""
        if self._queue is not None:
            self._queue.close()
            self._queue = None

    def _now(self) -> Seen:
        path = self.file or find_file(self.root)
        return (path, stamp_of_any(path)) if path else None  # reading it will say what is wrong

    def _add(self, key: Literal["names", "words"], text: str) -> Path:
        path = self.file or find_file(self.root) or self.root / FILE
        before = path.read_bytes() if path.exists() else None
        after = with_ignored(before or b"", key, text, path)
        if after is not None:
            with write_atomically(path, expected=before) as stream:
                stream.write(after)
        return path


def with_ignored(data: bytes, key: str, text: str, path: Path) -> bytes | None:
    """A `repair.toml` with `text` in its list `ignore.KEY`, comments and layout kept; None where it is there already.

    Raises ConfigError for a file that is not such settings; `path` names it.
    """
    try:
        whole = tomlkit.parse(data)
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    table = whole.setdefault("ignore", tomlkit.table())
    listed = table.setdefault(key, tomlkit.array()) if isinstance(table, Table) else None
    if not isinstance(listed, Array):
        raise ConfigError(f"{path}: ignore.{key} must be a list of texts")
    if text in listed:
        return None
    listed.append(text)
    return whole.as_string().encode()
