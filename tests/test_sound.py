"""Sound sentences of the kinds that were flagged or changed once: doublings, clauses, marks, figures, capitals."""

from pathlib import Path

import pytest

from repair import Config, Repairer

REPAIRER = Repairer(Config(no_model=True))
LINES = (Path(__file__).parent / "cases" / "sound.tsv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", [line.partition("\t")[2] for line in LINES])
def test_sound_sentences_are_left_alone(text: str) -> None:
    report = REPAIRER.fix(text)
    assert report.findings == ()
    assert report.output == text
