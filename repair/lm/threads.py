"""Readings side by side: each on a thread of its own is faster than several threads in every product of one reading."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Given], Made], items: Iterable[Given], threads: int) -> Iterator[Made]:
    """What `work` makes of each item, in order; where one raises an error, the others are given up.

    A single item, or a single thread, is worked on here.
    """
    every = list(items)
    if threads < 2 or len(every) < 2:
        yield from map(work, every)
        return
    # a thread that starts takes over nothing of what its starter has set: neither torch's threads nor its patience
    with ThreadPoolExecutor(threads, initializer=_alone) as pool:
        made = [pool.submit(copy_context().run, work, item) for item in every]
        try:
            for one in made:
                yield one.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _alone() -> None:
    torch = sys.modules.get("torch")  # where the model is in processes of its own it is not here
    if torch is not None:
        torch.set_num_threads(1)
