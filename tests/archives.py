"""A small archive for tests of `repair batch`, and ways to run over it."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from repair import Config, Repairer
from repair.batch.journal import Journal
from repair.batch.runner import Runner
from repair.batch.storage import Storage, storage
from repair.batch.work import Outcome, Task, Worker
from repair.cli import main

BAD, GOOD = "He held talks with SH.BA on Monday .", "He held talks with the US on Monday."


class Here:
    """An engine without processes."""

    def __init__(self, fields: tuple[str, ...] = ("text",)) -> None:
        self.worker = Worker(Repairer(Config(no_model=True)), fields)
        self.seen: list[str] = []

    def signature(self) -> str:
        return self.worker.repairer.signature

    def run(self, some: Iterable[list[Task]]) -> Iterator[list[Outcome]]:
        for batch in some:
            self.seen += [task.data.decode("utf-8", "replace") for task in batch]
            yield self.worker.run(batch)


def archive(folder: Path) -> Path:
    """An archive with an article in most formats."""
    (folder / "sport").mkdir(parents=True)
    (folder / "a.txt").write_text(f"{BAD}\r\n")
    (folder / "clean.txt").write_text("Nothing is wrong here.")
    (folder / "quoted.md").write_text("“We met SH.BA today,” she said. Talks with Ministria went on.\n")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8 SH.BA .")
    (folder / ".hidden.txt").write_text(BAD)
    rows = [{"id": 1, "text": BAD}, {"id": 2, "text": "Fine."}, {"id": 3, "text": BAD}]
    lines = "\n\n".join(json.dumps(row) for row in rows).encode()
    (folder / "sport" / "feed.jsonl").write_bytes(lines)
    with gzip.open(folder / "feed.jsonl.gz", "wb") as stream:
        stream.write(lines)
    with zipfile.ZipFile(folder / "day.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.comment = b"kept"
        package.writestr("in/a.txt", BAD)
        package.writestr("x.bin", b"\0 .")
        package.writestr("in/feed.jsonl", lines)
    table = pa.table(
        {"n": [1, 2, 3], "text": [BAD, None, "Fine."], "kind": pa.array(["x", "y", "x"]).dictionary_encode()}
    )
    pq.write_table(
        table.replace_schema_metadata({"k": "v"}), folder / "rows.parquet", row_group_size=2, compression="zstd"
    )
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def batch(*arguments: object) -> int:
    words = [str(argument) for argument in arguments]
    return main(["batch", *words, "--no-model"] if words[0] == "run" else ["batch", *words])


def work(
    source: Storage, target: Storage, journal: Path, engine: Here, settings: str = "s", lines: list[str] | None = None
) -> None:
    """One run in this process."""
    book = Journal(journal, create=True)
    try:
        run = book.begin(
            "run", source=source.name, target=target.name, settings='{"fields": ["text"]}', settings_hash=settings
        )
        told = [] if lines is None else lines
        for _ in Runner(book, source, target, engine.worker.fields, settings, run, told.append).work(engine):
            pass
        book.end(run, "finished")
    finally:
        book.close()


def run_here(folder: Path, engine: Here | None = None, settings: str = "s") -> list[str]:
    """Runs folder/in into folder/out; what was told."""
    lines: list[str] = []
    journal = folder / "out.repair.sqlite"
    work(storage(str(folder / "in")), storage(str(folder / "out")), journal, engine or Here(), settings, lines)
    return lines
