"""Readings side by side: in order, each with one thread of torch, given up together."""

from __future__ import annotations

import threading
import time

import pytest
import torch

from repair.lm.threads import side_by_side
from repair.patience import GivenUp, still_wanted, wanted_while


def test_what_is_made_comes_in_the_order_of_the_items() -> None:
    def work(seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    assert list(side_by_side(work, [0.05, 0.0, 0.02], 3)) == [0.05, 0.0, 0.02]


def test_two_go_on_at_a_time() -> None:
    both = threading.Barrier(2, timeout=10)
    list(side_by_side(lambda _: both.wait(), [0, 1], 2))


def test_each_has_one_thread_of_torch_and_the_rest_keeps_its_own() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        assert list(side_by_side(lambda _: torch.get_num_threads(), [0, 1], 2)) == [1, 1]
        assert torch.get_num_threads() == 2
        assert list(side_by_side(lambda _: torch.get_num_threads(), [0], 2)) == [2]
    finally:
        torch.set_num_threads(before)


def test_work_that_nobody_wants_any_more_is_given_up_by_all() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        still_wanted()

    with wanted_while(lambda: not begun), pytest.raises(GivenUp):
        list(side_by_side(work, range(100), 2))
    assert len(begun) < 100
