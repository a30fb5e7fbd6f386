"""Archives on remote storage: an S3-compatible server on this machine, and fsspec's memory."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from repair.cli import main

BAD, GOOD = "He held talks with SH.BA on Monday .", "He held talks with the US on Monday."


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bucket that s3fs and the workers reach, in a server of its own."""
    import boto3

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    address = f"http://127.0.0.1:{port}"
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as patched:
        for name, value in (
            {"AWS_ENDPOINT_URL": address, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"} | keys
        ).items():
            patched.setenv(name, value)
        boto3.client("s3", endpoint_url=address).create_bucket(Bucket="archive")
        yield "s3://archive"
    server.stop()


@pytest.fixture(params=["s3", "memory"])
def root(request: pytest.FixtureRequest) -> str:
    if request.param == "s3":
        bucket: str = request.getfixturevalue("bucket")
        return f"{bucket}/{uuid.uuid4()}"
    return f"memory://{uuid.uuid4()}"


def fill(root: str) -> Any:
    fs, _ = fsspec.core.url_to_fs(root)
    fs.pipe({f"{root}/in/day 1/a.txt": BAD.encode(), f"{root}/in/b.jsonl": json.dumps({"text": BAD}).encode() * 1})
    fs.pipe(f"{root}/in/picture ü.jpg", b"\xff\xd8")
    return fs


def contents(fs: Any, folder: str) -> dict[str, bytes]:
    fs.invalidate_cache()
    base = fs._strip_protocol(folder)
    return {path.removeprefix(base): fs.cat_file(path) for path in fs.find(folder)}


def test_from_remote_to_remote_and_back(root: str, tmp_path: Path) -> None:
    fs = fill(root)
    journal = str(tmp_path / "journal.sqlite")
    run = ["batch", "run", f"{root}/in", f"{root}/out", "--no-model", "--journal", journal]
    assert main(run) == 0
    after = contents(fs, f"{root}/out")
    assert after == {
        "/day 1/a.txt": GOOD.encode(),
        "/b.jsonl": json.dumps({"text": GOOD}).encode(),
        "/picture ü.jpg": b"\xff\xd8",
    }
    assert main(run) == 0
    assert main(["batch", "revert", f"{root}/out", "--journal", journal]) == 0
    assert contents(fs, f"{root}/out") == contents(fs, f"{root}/in")


def test_remote_to_local_is_the_same_as_local_to_local(root: str, tmp_path: Path) -> None:
    fill(root)
    assert main(["batch", "run", f"{root}/in", str(tmp_path / "out"), "--no-model"]) == 0
    assert (tmp_path / "out" / "day 1" / "a.txt").read_text() == GOOD


def test_a_missing_bucket_is_one_clear_error(bucket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "run", "s3://nowhere/in", str(tmp_path / "out"), "--no-model"]) == 2
    assert "no such folder" in capsys.readouterr().err
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(BAD)
    arguments = [
        "batch",
        "run",
        str(tmp_path / "in"),
        "s3://nowhere/out",
        "--no-model",
        "--journal",
        str(tmp_path / "j"),
    ]
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert "cannot be written" in error and error.count("\n") == 1
