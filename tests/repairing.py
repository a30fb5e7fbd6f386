"""One article repaired by the rules alone, with what holds for every format."""

from __future__ import annotations

from repair import Config, Repairer
from repair.batch.work import Outcome, Task, Worker
from repair.formats import FormatName, format_of, splice
from repair.formats.view import undo

WORKER = Worker(Repairer(Config(no_model=True)), ("text", "title"))


def texts(kind: FormatName, data: bytes, fields: tuple[str, ...] = ("text", "title")) -> list[str]:
    return [part.view.text for part in format_of(kind, fields).read(data)]


def repaired(kind: FormatName, data: bytes) -> tuple[bytes, Outcome]:
    """The article after the safe repairs, and the outcome; what it proves for every format besides."""
    outcome = WORKER.run([Task(1, "", data, kind)])[0]
    assert outcome.broken is None, outcome.broken
    reader = format_of(kind, WORKER.fields)
    splices = [one for change in outcome.changes for one in change.splices]
    result = splice(reader, data, splices)
    assert splice(reader, result, undo(splices, splices)) == data or kind == "docx"
    assert reader.sources(splice(reader, result, undo(splices, splices))) == reader.sources(data)
    if not splices:
        assert result == data
    return result, outcome
