"""Load: how a server answers many clients at a time, over loopback, for a while.

Each client asks for a check of the next paragraph (or the whole article) as soon as the last answer has come; sent away
with 503 it comes back when Retry-After says. The server is a process of its own and tells its memory on /metrics.
Anything but 200 and 503 is an error, and the command ends with 1.

    python -m benchmarks.load [--seconds 60] [--clients 50] [--article] [--no-model] [FILE]
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console

from benchmarks.results import FOLDER, Line, read, write
from benchmarks.speed import machine
from repair import __version__

MEBI = 1024 * 1024


@dataclass(slots=True)
class Client:
    """One client's answers: how many of each status, and the seconds that each 200 took."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def work(self, host: str, texts: Sequence[str], first: int, until: float) -> None:
        """Ask until the time has come, beginning with the text number `first`."""
        connection = http.client.HTTPConnection(host, timeout=600)
        number = first
        while time.monotonic() < until:
            body = json.dumps({"text": texts[number % len(texts)]})
            start = time.perf_counter()
            try:
                connection.request("POST", "/api/check", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                self.statuses[0] += 1
                connection.close()
                continue
            self.statuses[answer.status] += 1
            if answer.status == 503:
                pause = float(answer.headers["Retry-After"])
                time.sleep(max(0.0, min(pause, until - time.monotonic())))
                continue
            self.seconds.append(time.perf_counter() - start)
            number += 1
        connection.close()


@contextmanager
def server(no_model: bool) -> Iterator[str]:
    """Host and port of `repair serve`, ready."""
    command = [sys.executable, "-m", "repair", "serve", "--port", "0", *(["--no-model"] if no_model else [])]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            told = process.stderr.readline()
            found = re.search(r"http://([^/]+)/", told)
            if not found:
                raise click.ClickException(told.strip())
            while get(found[1], "/readyz")[0] != 200:
                if process.poll() is not None:
                    raise click.ClickException(process.stderr.read().strip())
                time.sleep(0.2)
            yield found[1]
        finally:
            process.terminate()


def get(host: str, path: str) -> tuple[int, str]:
    """Status and body; status 0 where nobody answers."""
    try:
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""


def memory(host: str) -> float:
    """What the server holds, in MiB."""
    found = re.search(r"^process_resident_memory_bytes (\S+)", get(host, "/metrics")[1], re.MULTILINE)
    if not found:
        raise click.ClickException("the server does not tell its memory; is this Linux?")
    return float(found[1]) / MEBI


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the sorted `values` lies.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5), percentile([1.0], 0.99)
    (2.0, 1.0)
    """
    return values[max(0, round(share * len(values)) - 1)]


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default=Path("tests/article.txt"))
@click.option("--seconds", type=float, default=60.0, show_default=True)
@click.option("--clients", type=int, default=50, show_default=True)
@click.option("--article", is_flag=True, help="Ask for the whole article each time, not for a paragraph.")
@click.option("--no-model", is_flag=True, help="Serve rules and lexicon only.")
@click.option("--out", type=click.Path(path_type=Path), default=FOLDER / "load.jsonl", help="The result file.")
def main(file: Path, seconds: float, clients: int, article: bool, no_model: bool, out: Path) -> None:
    """Load a server of our own and tell latency, refusals and memory."""
    text = file.read_text(encoding="utf-8")
    texts = [text] if article else [line for line in text.splitlines() if line.strip()]
    with server(no_model) as host:
        crowd = [Client() for _ in range(clients)]
        before = memory(host)
        begin = time.monotonic()
        threads = [
            threading.Thread(target=client.work, args=(host, texts, number, begin + seconds))
            for number, client in enumerate(crowd)
        ]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 2)
        half = memory(host)
        for thread in threads:
            thread.join()
        took, after = time.monotonic() - begin, memory(host)
    statuses = sum((client.statuses for client in crowd), Counter[int]())
    case = f"{clients} clients, {'the whole article' if article else 'a paragraph'} each time"
    seconds_each = sorted(second for client in crowd for second in client.seconds)
    found = numbers(statuses, seconds_each, took, (before, half, after))
    peer = f"repair serve{' --no-model' if no_model else ''}"
    lines = [
        Line(case, peer, metric, round(value, 4), None, None, statuses.total(), f"{machine()}|repair:{__version__}")
        for metric, value in found.items()
    ]
    Console().print("\n".join(f"{metric:28} {value:10.3f}" for metric, value in found.items()))
    keep(lines, out)
    if set(statuses) - {200, 503} or not statuses[200]:
        raise SystemExit(1)


def numbers(
    statuses: Counter[int], seconds: Sequence[float], took: float, held: tuple[float, float, float]
) -> dict[str, float]:
    """What is reported, by metric; times in seconds, memory in MiB."""
    shares = (("median", 0.5), ("90 %", 0.9), ("99 %", 0.99), ("slowest", 1.0))
    return {
        "answers per second": statuses[200] / took,
        "sent away (503)": statuses[503] / statuses.total(),
        "errors": sum(number for status, number in statuses.items() if status not in (200, 503)),
        **{f"latency, {name}": percentile(seconds, share) for name, share in shares if seconds},
        **dict(zip(("MiB at start", "MiB at half", "MiB at end"), held, strict=True)),
    }


def keep(lines: Sequence[Line], path: Path) -> None:
    """Write the lines in place of those of the same case and peer."""
    new = {(line.set, line.peer) for line in lines}
    former = [line for line in read(path) if (line.set, line.peer) not in new] if path.exists() else []
    write([*former, *lines], path)


if __name__ == "__main__":
    main()
