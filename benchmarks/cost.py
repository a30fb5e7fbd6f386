"""What reading costs, in processor time: a check and a fix in ratio to one plain forward pass of the base model.

Processor seconds of one thread and tokens through the model, which other work on the machine changes little. Every text
is new to what reads it.

    python -m benchmarks.cost --data ../shared/data
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.datasets import dataset
from repair import Config, Repairer
from repair.errors import RepairError

SETS = {"sample": 1, "post-edits/real-dev": 10, "clean/bbc": 5}  # so many texts of each
WINDOW = 1024  # tokens a forward pass reads at once


class Meter:
    """Tokens that have gone through the model, adapted or not."""

    def __init__(self) -> None:
        from repair.lm.llama import Llama

        self.tokens = 0
        whole: Callable[..., Any] = Llama.__call__

        def counted(model: Llama, input_ids: Any, *rest: Any, **options: Any) -> Any:
            self.tokens += input_ids.numel()
            return whole(model, input_ids, *rest, **options)

        Llama.__call__ = counted  # type: ignore[method-assign, assignment]


def forward(repairer: Repairer, text: str) -> None:
    """One plain pass over a text."""
    import torch

    ids = repairer.lm.tokenizer(text, return_tensors="pt").input_ids
    with torch.inference_mode():
        for start in range(0, ids.shape[1], WINDOW):
            repairer.lm.model(ids[:, start : start + WINDOW])


def seconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Processor seconds that `work` takes over all `texts`."""
    start = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - start


def measure(data: Path) -> None:
    """Prints a line a set."""
    config = Config(threads=1)
    base, checker, fixer = Repairer(config), Repairer(config), Repairer(config)
    meter = Meter()
    for work in (lambda text: forward(base, text), checker.check, fixer.fix):
        work("One sentences , so that all is loaded: they sat of the future.")
    for name, count in SETS.items():
        texts = [item.text for item in dataset(name).items(data, True)[:count]]
        floor = seconds(lambda text: forward(base, text), texts)
        size = sum(len(base.lm.tokenizer(text)["input_ids"]) for text in texts)
        for call in (checker.check, fixer.fix):
            meter.tokens = 0
            spent = seconds(call, texts)
            print(
                f"{name}, {len(texts)} texts, {call.__name__}: {spent / floor:.2f} forward passes ({spent:.1f} s of "
                f"{floor:.1f} s), {meter.tokens / size:.2f} tokens read for each of {size}",
                flush=True,
            )


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The folder of data sets.")
def main(data: Path) -> None:
    """Measure what a check and a fix cost in ratio to a plain forward pass."""
    try:
        measure(data)
    except RepairError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
