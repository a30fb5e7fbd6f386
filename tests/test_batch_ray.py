"""The Ray engine gives what the local engine gives. Slow: every test starts a small cluster on this machine."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from repair import Config
from repair.batch.local import DIED
from repair.batch.ray import Ray, waves
from repair.batch.work import Outcome, Task
from repair.cli import main
from repair.errors import ConfigError, UnavailableError

# warnings of Ray's own
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
BAD = "He held talks with SH.BA on Monday ."


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def journaled(path: Path) -> list[tuple[object, ...]]:
    """Everything but numbers and dates of runs."""
    with sqlite3.connect(path) as db:
        rows = db.execute(
            "select f.path, f.hash_in, f.hash_out, f.settings_hash, a.key, a.hash, a.status, a.reason, a.words, a.left,"
            " e.part, e.start, e.end, e.before, e.after, e.safety, e.reason, e.score, e.sources,"
            " s.start, s.before, s.after"
            " from file f left join article a on a.file = f.id left join edit e on e.article = a.id"
            " left join splice s on s.edit = e.id order by 1, 5, 12, 20"
        ).fetchall()
        rows += db.execute(
            "select f.path, a.key, g.start, g.text, g.score, g.source, g.repaired from finding g"
            " join article a on a.id = g.article join file f on f.id = a.file order by 1, 2, 3"
        ).fetchall()
    db.close()
    return rows


def test_both_engines_give_the_same_bytes_and_journal(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for i in range(50):
        (source / f"{i}.txt").write_text(f"{BAD} Number {i} .")
    (source / "broken.txt").write_bytes(b"\xff\0")
    rows = [json.dumps({"text": f"{BAD} “We met SH.BA,” said {i}."}) for i in range(50)]
    (source / "feed.jsonl").write_text("\n".join(rows))
    run = ["batch", "run", str(source)]
    assert main([*run, str(tmp_path / "local"), "--no-model"]) == 2
    assert main([*run, str(tmp_path / "ray"), "--no-model", "--engine", "ray", "--workers", "2"]) == 2
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")
    assert journaled(tmp_path / "ray.repair.sqlite") == journaled(tmp_path / "local.repair.sqlite")
    assert main([*run, str(tmp_path / "local"), "--no-model", "--engine", "ray"]) == 2  # finished by the other
    assert main(["batch", "revert", str(tmp_path / "ray")]) == 0
    assert contents(tmp_path / "ray") == contents(source)


class Dying:
    """An actor that some articles kill."""

    def __init__(self, config: Config, fields: tuple[str, ...]) -> None:
        pass

    def __call__(self, table: Any) -> Any:
        import pyarrow as pa
        from msgspec.msgpack import decode, encode

        tasks = [decode(row, type=Task) for row in table.column("task").to_pylist()]
        if any(task.data == b"die" for task in tasks):
            os._exit(9)
        outcomes = [encode(Outcome(task.file, task.key)) for task in tasks]
        return pa.table({"outcome": outcomes, "error": pa.array([None] * len(tasks), pa.binary())})


def test_articles_that_kill_their_actor_are_broken_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    import ray.cloudpickle

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # type: ignore[no-untyped-call]
    monkeypatch.setattr("repair.batch.ray.Actor", Dying)
    tasks = [
        [Task(1, f"{i}.{j}", b"die" if (i, j) in ((1, 1), (2, 0)) else b"x", "txt") for j in range(4)] for i in range(5)
    ]
    with Ray(Config(no_model=True), ("text",), 2) as engine:
        outcomes = [outcome for some in engine.run(tasks) for outcome in some]
    assert len(outcomes) == 20
    assert {outcome.key: outcome.broken for outcome in outcomes if outcome.broken} == {"1.1": DIED, "2.0": DIED}


def test_errors_of_settings_and_clusters_are_told(tmp_path: Path) -> None:
    with Ray(Config(no_model=True, house=tmp_path / "no.toml"), ("text",), 1) as engine:
        with pytest.raises(ConfigError, match="house rules"):
            engine.signature()
        with pytest.raises(ConfigError, match="house rules"):
            list(engine.run([[Task(1, "", b"x", "txt")]]))
    with pytest.raises(UnavailableError, match="--address"):
        Ray(Config(no_model=True), ("text",), 1, "127.0.0.1:1")


def test_waves_are_bounded() -> None:
    batch = [Task(1, str(i), b"x", "txt") for i in range(16)]
    assert [len(wave) for wave in waves([batch] * 2600)] == [1250, 1250, 100]
    large = [Task(1, "", b"x" * 1_000_000, "txt")]
    assert [len(wave) for wave in waves([large] * 250)] == [200, 50]
