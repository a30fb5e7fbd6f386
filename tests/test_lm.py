"""The real base model, head, adapter and regressions on a handful of sentences, and what is said of damaged ones."""

import json
import math
import shutil
from pathlib import Path

import pytest
import torch

from repair.config import Config
from repair.correct.infilling import InfillingCorrector, Scored
from repair.errors import ModelError
from repair.findings import Finding, Safety
from repair.inputs import Item
from repair.lm import base
from repair.lm.adapter import checked
from repair.lm.model import fitting, narrows
from repair.lm.reader import Reader
from repair.pipeline import Repairer
from repair.segment import read_document
from repair.text import Span, words
from repair.trained import weights

pytestmark = pytest.mark.slow

GARBLED = "These talks will begin when Trump’s high diplomat Marco Rubio meets the Russian foreign minister.\n"
CLEAN = (
    "The central bank raised interest rates by a quarter of a percentage point on Thursday, saying that inflation "
    "remained too high. Economists had expected the move, which takes borrowing costs to their highest in years.\n"
)


@pytest.fixture(scope="module")
def full() -> Repairer:
    return Repairer(Config(threads=2))


def test_the_base_model_can_be_reached_for_measuring(full: Repairer) -> None:
    assert full.lm.model.config.num_hidden_layers == 30
    assert full.lm.tokenizer("talks")["input_ids"]


def test_clean_news_is_left_alone(full: Repairer) -> None:
    report = full.fix(CLEAN)
    assert report.output == CLEAN and report.findings == ()


def test_a_garbled_word_scores_higher_than_its_neighbours(full: Repairer) -> None:
    text = "The minister was far less future with his views on the war than his colleagues, officials said.\n"
    scores = full.check(text, word_scores=True).word_scores
    assert scores is not None and len(scores) == len(text.split())
    assert max(scores) == scores[text.split().index("future")]


def own(full: Repairer) -> InfillingCorrector:
    assert full.engine is not None and isinstance(full.engine.corrector, InfillingCorrector)
    return full.engine.corrector


def asked(full: Repairer, text: str, *spans: Span) -> list[tuple[Scored, ...]]:
    """All wordings that the corrector knows for each span of the text."""
    found = [Finding(span, "accuracy/mistranslation", "major", 0.9, "why", "lm") for span in spans]
    seen: dict[int, tuple[Scored, ...]] = {}
    for some in own(full).ask(read_document(text), found):
        seen |= some
    return [seen[number] for number in range(len(spans))]


def test_the_right_word_is_among_the_first_proposals(full: Repairer) -> None:
    start = GARBLED.index("high")
    (wordings,) = asked(full, GARBLED, Span(start, start + 4))
    assert "top" in [suggestion.text for suggestion in own(full).suggestions(wordings, 0.9)]


def test_proposals_at_the_very_start_and_end_of_a_text(full: Repairer) -> None:
    text = "Eventually they met again, and the talks are now finally moving forward eventually"
    opening, ending = asked(full, text, Span(0, 10), Span(len(text) - 10, len(text)))
    assert all(math.isfinite(scored.features.gain) for scored in (*opening, *ending))
    assert "Finally" in [scored.text for scored in opening]
    assert "finally" in [scored.text for scored in ending]


def test_long_texts_are_read_in_windows_and_every_word_is_scored(full: Repairer) -> None:
    assert full.engine is not None
    text = CLEAN * 12
    scores = full.engine.read(read_document(text))
    assert len(scores) == len(words(text)) and all(0 < score < 1 for score in scores)


def test_a_text_in_another_language_is_not_read(full: Repairer) -> None:
    assert full.engine is not None
    reader = full.engine.reader
    assert isinstance(reader, Reader)
    before = reader.read.cache_info()
    report = full.check("Der Minister sagte am Montag, dass die Gespräche bald beginnen werden.", word_scores=True)
    assert report.word_scores == (0.0,) * 11 and reader.read.cache_info() == before


def test_a_run_without_spaces_is_survived(full: Repairer) -> None:
    assert full.engine is not None
    text = "Talks began " + "x9" * 3000 + " on Monday, officials said."
    scores = full.engine.read(read_document(text))
    assert len(scores) == len(words(text)) and scores[2] == 0.0 and scores[3] > 0


def test_a_run_of_quotation_marks_is_survived(full: Repairer) -> None:
    """Such runs, left over from markup, are doubted as a span of several words without a letter."""
    report = full.check("The mayor wrote the [Jungle] '\" '< nowiki / >' \"' \"' " + "'' " * 50, word_scores=True)
    assert report.word_scores is not None and len(report.word_scores) == 62


def test_a_batch_scores_as_one_by_one(full: Repairer) -> None:
    texts = [GARBLED, CLEAN, "", "Short.\n"]
    together = list(full.check_many([Item(text) for text in texts], word_scores=True))
    for text, report in zip(texts, together, strict=True):
        assert report.to_json() == full.check(text, word_scores=True).to_json()


def test_the_same_text_gives_the_same_report(full: Repairer) -> None:
    assert full.fix(GARBLED).to_json() == full.fix(GARBLED).to_json()


def test_fixing_twice_changes_nothing_more(full: Repairer) -> None:
    article = (Path(__file__).parent / "article.txt").read_text(encoding="utf-8")
    once = full.fix(article).output
    assert once is not None and once != article
    assert full.fix(once).output == once


def test_ideas_are_not_applied_unchosen(full: Repairer) -> None:
    article = (Path(__file__).parent / "article.txt").read_text(encoding="utf-8")
    report = full.applying("review").fix(article)
    ideas = [repair for repair in report.not_applied if repair.safety is Safety.REVIEW]
    assert ideas and not any(repair.leads for repair in ideas)
    assert all(repair.leads for repair in report.applied)


@pytest.mark.parametrize(
    ("known", "device", "dtype"),
    [
        ({"avx2": True, "amx_bf16": False}, "cpu", torch.float32),
        ({"avx512_bf16": True}, "cpu", torch.bfloat16),
        ({}, "cuda", torch.bfloat16),
    ],
)
def test_a_processor_gets_the_type_it_is_fast_in(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, bool], device: str, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: known)
    assert fitting(device) == dtype


@pytest.mark.parametrize(
    ("known", "device", "narrow"),
    [
        ({"avx2": True, "avx512_bf16": True}, "cpu", False),
        ({"avx512_vnni": True}, "cpu", True),
        ({"amx_int8": True}, "cpu", True),
        ({"avx512_vnni": True}, "cuda", False),
    ],
)
def test_whole_numbers_are_for_processors_that_multiply_them_fastest(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, bool], device: str, narrow: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: known)
    assert narrows(device) == narrow


def test_a_missing_base_model_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPAIR_HOME", str(tmp_path))
    monkeypatch.setattr(base, "packaged", lambda: None)
    with pytest.raises(ModelError, match="repair setup"):
        base.resolve()


def test_a_damaged_base_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPAIR_HOME", str(tmp_path))
    base.cached().mkdir(parents=True)
    (base.cached() / "model.safetensors").write_bytes(b"half a model")
    (base.cached() / base.MARK).write_text(json.dumps({"sha256": "0" * 64}))
    with pytest.raises(ModelError, match="damaged or incomplete; run: repair setup --force"):
        base.resolve()


def test_a_wrong_model_file_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPAIR_HOME", str(tmp_path / "home"))
    wrong = tmp_path / base.FILE
    wrong.write_bytes(b"not a model")
    with pytest.raises(ModelError, match="not the pinned model file"):
        base.convert(wrong, base.cached())
    assert not (tmp_path / "home").exists()


def test_damaged_or_missing_weights_are_refused(tmp_path: Path) -> None:
    shutil.copytree(weights("detector"), tmp_path / "own", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = tmp_path / "own" / "head.safetensors"
    assert checked(tmp_path / "own", "head")[1]
    file.write_bytes(file.read_bytes()[:-1] + b"\x00\x01")
    with pytest.raises(ModelError, match="damaged"):
        checked(tmp_path / "own", "head")
    file.unlink()
    with pytest.raises(ModelError, match="no head here"):
        checked(tmp_path / "own", "head")
