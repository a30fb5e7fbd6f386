"""Edits led back into the bytes of an article: only those that the format would not give back are left to a person."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from repair.config import Config
from repair.formats import lead
from repair.formats.lead import NOT_THE_SAME, lead_back
from repair.formats.view import Part, whole
from repair.pipeline import Repairer

TEXT = "".join(f"There, one officials said so in {1950 + year}. " for year in range(64))


class Shy:
    """A format of plain text that cannot write some of the repaired words: it gives back other ones."""

    def __init__(self, bad: Sequence[int]) -> None:
        self.bad = bad
        self.readings = 0

    def read(self, data: bytes) -> list[Part]:
        self.readings += 1
        words = data.decode().split("There, ")
        shown = ["one bad" if i in self.bad and "official " in word else word for i, word in enumerate(words)]
        return [Part("", whole("There, ".join(shown)))]

    def sources(self, data: bytes) -> dict[str, str]:
        return {"": data.decode()}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return sources[""].encode()


def refused(format: Shy) -> list[int]:
    """Which of the 64 repairs are not led back."""
    report = Repairer(Config(no_model=True, apply_at="review")).fix(TEXT)
    assert len(report.applied) == 64
    led = lead_back(format, TEXT.encode(), [Part("", whole(TEXT))], [report])
    assert [bool(one.splices) for one in led] == [not one.refused for one in led]
    assert {reason for one in led for reason in one.refused} <= {NOT_THE_SAME}
    return [number for number, one in enumerate(led, start=1) if one.refused]


def test_all_are_led_back_in_one_reading() -> None:
    sound = Shy([])
    assert refused(sound) == [] and sound.readings == 1


def test_a_few_that_are_not_given_back_cost_a_few_readings() -> None:
    shy = Shy([3, 40])
    assert refused(shy) == [3, 40]
    assert shy.readings < 30


def test_where_none_is_given_back_none_is_made() -> None:
    assert refused(Shy(range(65))) == list(range(1, 65))


def test_what_is_not_found_out_in_time_is_left_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead, "MOST", 5)
    assert {3, 40} <= set(refused(Shy([3, 40])))
