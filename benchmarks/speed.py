"""Speed and memory: words a second for check and fix, cold and warm, by article and in batch, and how cost grows.

Every measurement runs in a process of its own, so that memory and loading time are its own, and prints one JSON line.
"Cold" is the first article of a process with everything that has to be loaded; "warm" is the same work done again.
The ratios hold within one run on one machine, which is the only way in which they mean anything:
`forward` is one plain forward pass of the same base model over the same text, the physical floor of any tool that reads
with it; `generate` is plain greedy generation by the same model, sentence by sentence.

    python -m benchmarks.speed --data ../shared/data [--quick]      # whole: some six minutes on two idle cores
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.datasets import dataset
from benchmarks.peers import Peer, make
from benchmarks.processes import watch
from benchmarks.results import FOLDER, Line, write
from repair import __version__
from repair.errors import RepairError
from repair.text import words

Work = Callable[[Sequence[str]], object]
PEERS = ("repair", "repair --no-model", "Harper", "LanguageTool")
FLOORS = ("forward", "generate")
LENGTHS = (100, 1_000, 10_000)
BUSY = 4  # processes beside which a check is timed
WINDOW = 1024  # tokens a forward pass reads at once


def worker(name: str, call: str) -> tuple[Work, str]:
    """What is timed under `name`, and its signature."""
    if name == "forward":
        return _forward()
    if name == "generate":
        return _generate()
    peer: Peer
    if name.startswith("repair"):  # of this tool a single process is timed
        from benchmarks.peers.ours import Ours

        peer = Ours(no_model=name != "repair")
    else:
        peer = make([name])[0]
    return (peer.check if call == "check" else peer.fix), peer.signature


def _forward() -> tuple[Work, str]:
    import torch

    from repair.lm.base import resolve
    from repair.lm.model import Pretrained

    folder = resolve()
    lm = Pretrained(folder)

    def work(texts: Sequence[str]) -> None:
        with torch.inference_mode():
            for text in texts:
                ids = lm.tokenizer(text, return_tensors="pt").input_ids
                for start in range(0, ids.shape[1], WINDOW):
                    lm.model(ids[:, start : start + WINDOW])

    return work, f"base:{folder.name}|plain forward|window:{WINDOW}"


def _generate() -> tuple[Work, str]:
    from benchmarks.peers.prompted import Prompted
    from repair.segment import read_document

    peer = Prompted()

    def work(texts: Sequence[str]) -> None:
        for text in texts:
            for span in read_document(text, "").sentences:
                if span.of(text).strip():
                    peer.rewrite([span.of(text).strip()])

    return work, peer.signature + "|one sentence at a time"


def measure(name: str, call: str, data: Path, articles: int, length: int) -> dict[str, Any]:
    """Times one worker in this process: `articles` articles twice over, one text of `length` words, or, where both
    are 0, the customer's article.

    No text is read twice: several tools remember what they have seen.
    """
    first, *rest = [item.text for item in dataset("clean/bbc").items(data)]
    one_by_one, together = rest[:articles], rest[articles : 2 * articles]
    if not articles:
        one_by_one = [of_length(rest, length) if length else dataset("sample").items(data)[0].text]
        together = []
    start = time.perf_counter()
    work, signature = worker(name, call)
    work([first])
    cold = time.perf_counter() - start
    size = sum(len(words(text)) for text in one_by_one)
    result: dict[str, Any] = {"cold seconds": cold, "signature": signature, "words": size}
    result["seconds"] = _timed(lambda: [work([text]) for text in one_by_one])
    result["by article"] = size / result["seconds"]
    if together:
        seconds = _timed(lambda: work(together))
        result["in batch"] = sum(len(words(text)) for text in together) / seconds
    # of LanguageTool the client alone: its server is a process of its own
    result["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


def of_length(texts: Sequence[str], length: int) -> str:
    """A text of `length` words: articles one after the other, from the beginning again if need be."""
    parts: list[str] = []
    size = number = 0
    while size < length:
        text = texts[number % len(texts)]
        parts.append(" ".join(text.split(" ")[: max(length - size, 1)]))
        size += len(words(parts[-1]))
        number += 1
    return "\n\n".join(parts)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def apart(name: str, call: str, data: Path, articles: int = 0, length: int = 0) -> dict[str, Any] | None:
    """`measure` in a new process; None, with the reason on standard error, where the worker is not installed."""
    one = ["--one", name, call, "--articles", str(articles), "--length", str(length)]
    command = [sys.executable, "-m", "benchmarks.speed", "--data", str(data), *one]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode:
        print(f"not measured: {name}, {call}", file=sys.stderr)
        return None
    result: dict[str, Any] = json.loads(run.stdout)
    print(f"{name}, {call}, {result['words']} words: {result['by article']:.0f} words/s", file=sys.stderr)
    return result


def machine() -> str:
    """What the numbers were measured on."""
    return f"{platform.machine()}|cpus:{len(os.sched_getaffinity(0))}|python:{platform.python_version()}"


def line(case: str, peer: str, metric: str, value: float, result: dict[str, Any]) -> Line:
    """A result line; speed has no interval, and `n` counts words."""
    signature = f"{result['signature']}|{machine()}|scorer:{__version__}"
    return Line(case, peer, metric, round(value, 4), None, None, result["words"], signature)


def by_peer(data: Path, articles: int) -> list[Line]:
    """Words a second, time to the first result and memory of every worker, then what `repair` is in ratio to them."""
    results = {}
    for name in (*PEERS, *FLOORS):
        for call in ("check", "fix"):
            if name not in FLOORS or call == "check":  # a floor is neither: it is measured once
                result = apart(name, call, data, articles=2 if name == "generate" else articles)
                if result is not None:
                    results[name, name if name in FLOORS else call] = result
    lines = []
    for (name, call), result in results.items():
        lines.append(line(f"{call}, by article", name, "words per second", result["by article"], result))
        lines.append(line(f"{call}, in batch", name, "words per second", result["in batch"], result))
        lines.append(line(f"{call}, cold", name, "seconds to the first result", result["cold seconds"], result))
        lines.append(line(call, name, "peak memory, MiB", result["peak MiB"], result))
    for (name, call), result in results.items():
        for mine in ("check", "fix"):
            ours = results.get(("repair", mine))
            if ours and name != "repair" and call in (mine, name):
                ratio = ours["by article"] / result["by article"]
                lines.append(line(mine, "repair", f"speed against {name}", ratio, ours))
    return lines


def customers_article(data: Path) -> list[Line]:
    """`repair check` on the customer's article: seconds and memory of the whole process, and the model's share.

    The model's seconds are those of a warm check less those of one without the model. Processor seconds hold on a busy
    machine too, and how far is measured: a check is timed again beside busy processes. The second run with `--server`
    finds the model loaded.
    """
    (path,) = dataset("sample").paths(data)
    case, lines, warm = "check, the customer's article", [], []
    for name, options in (("repair", []), ("repair --no-model", ["--no-model"])):
        result = apart(name, "check", data)
        if result is None:
            continue
        check = ["-m", "repair", "check", "--exit-zero", *options, str(path)]
        memory = peak_memory(check)
        alone, _, again = [process(check + option) for option in ([], ["--server"], ["--server"])]
        lines.append(line(case, name, "seconds as a whole process", alone.seconds, result))
        lines.append(line(case, name, "processor seconds", alone.processor, result))
        with busy(BUSY):
            beside = process(check)
        lines.append(line(case, name, f"processor seconds beside {BUSY} busy processes", beside.processor, result))
        lines.append(line(case, name, "seconds with --server", again.seconds, result))
        lines.append(line(case, name, "peak memory, MiB", memory, result))
        warm.append((result["seconds"], result))
    if len(warm) == 2:
        lines.append(line(case, "repair", "model seconds", warm[0][0] - warm[1][0], warm[0][1]))
    return lines


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds by the clock and of the processor, of a process and those that it started, from its start to its end."""

    seconds: float
    processor: float


def started(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Python with `arguments`. A program that is installed has its byte code: a second run does not make it anew."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, env=environment)


def peak_memory(arguments: Sequence[str]) -> float:
    """MiB of Python with `arguments` and all that it starts; what they share is counted once."""
    (first, second), _ = watch(started(arguments))
    return max(first, second)


def process(arguments: Sequence[str]) -> Used:
    """Runs Python with `arguments`. Raises RepairError where it ends with anything but 0."""
    start = time.perf_counter()
    child = started(arguments)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RepairError(f"{' '.join(arguments)} ended with exit code {child.returncode}")
    return Used(time.perf_counter() - start, used.ru_utime + used.ru_stime)


@contextmanager
def busy(count: int) -> Iterator[None]:
    """So many processes that count without end."""
    counting = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for one in counting:
            one.kill()
            one.wait()


def by_length(data: Path, lengths: Sequence[int]) -> list[Line]:
    """Seconds for one text of each of `lengths` words."""
    lines = []
    for length in lengths:
        for name in ("repair", "repair --no-model", "Harper"):
            result = apart(name, "fix", data, length=length)
            if result is not None:
                lines.append(line("fix, one text", name, "seconds by length", result["seconds"], result))
    return lines


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The folder of data sets.")
@click.option("--quick", is_flag=True, help="Four articles, and texts of up to 1,000 words.")
@click.option("--out", type=click.Path(path_type=Path), default=FOLDER, help="Where the result lines go.")
@click.option("--one", nargs=2, hidden=True)
@click.option("--articles", type=int, default=0, hidden=True)
@click.option("--length", type=int, default=0, hidden=True)
def main(data: Path, quick: bool, out: Path, one: tuple[str, str] | None, articles: int, length: int) -> None:
    """Measure speed and memory of this tool, its peers and the physical floor."""
    try:
        if one:
            print(json.dumps(measure(*one, data, articles, length)))
            return
        lines = customers_article(data) + by_peer(data, 4 if quick else 20)
        lines += by_length(data, LENGTHS[:2] if quick else LENGTHS)
        write(lines, out / "speed.jsonl")
        for found in lines:
            print(f"{found.set}: {found.peer}: {found.metric} {found.value:g}")
    except RepairError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
