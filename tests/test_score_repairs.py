"""Repair quality: exact agreement with sacrebleu's own command line, and single-segment scores."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sacrebleu.metrics.ter import TER

from repair.score import significance
from repair.score.counts import Counts, Estimate
from repair.score.repairs import compare_repairs, edit_counts, gain_per_edit, shares, ter_gain, worst
from repair.score.systems import SystemScores, average, score_systems

Corpus = tuple[list[str], list[str], list[str]]  # original, fixed, reference
Scores = dict[str, SystemScores]  # by name
WORDS = "the envoy said talks with Russia would begin in Riyadh on Monday , but no deal was near"


@pytest.fixture(autouse=True, scope="module")
def few_trials() -> Iterator[None]:
    """Ten thousand shuffles of each metric would take seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(significance, "TRIALS", 200)
        yield


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Sixty references, a noisy original and a less noisy repair."""
    rng = random.Random(4)

    def noisy(sentence: str, rate: float) -> str:
        return " ".join(rng.choice(WORDS.split()) if rng.random() < rate else word for word in sentence.split())

    references = [" ".join(rng.choices(WORDS.split(), k=rng.randint(4, 20))) for _ in range(60)]
    original = [noisy(reference, 0.4) for reference in references]
    fixed = [noisy(reference, 0.2) for reference in references]
    return original, fixed, references


@pytest.fixture(scope="module")
def scores(corpus: Corpus) -> Scores:
    original, fixed, references = corpus
    return score_systems(original, {"fixed": fixed}, [references], post_edit=True)


def test_scores_and_signatures_agree_with_the_sacrebleu_command(corpus: Corpus, scores: Scores, tmp_path: Path) -> None:
    names = ("original", "fixed", "reference")
    for name, lines in zip(names, corpus, strict=True):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "sacrebleu", str(tmp_path / "reference"), "-i"]
    metrics = ["-m", "bleu", "chrf", "ter", "-w", "10", "--format", "json"]
    for system, name in (("do-nothing", "original"), ("fixed", "fixed")):
        run = subprocess.run([*command, str(tmp_path / name), *metrics], capture_output=True, check=True, text=True)
        for printed in json.loads(run.stdout):
            metric = printed["name"]
            assert round(scores[system].scores[metric].value, 10) == printed["score"]
            (ours,) = [s for s in scores[system].signatures if s.startswith(f"{metric}|")]
            theirs = dict(part.split(":") for part in printed["signature"].split("|"))
            shared = dict(part.split(":") for part in ours.split("|")[1:])
            assert theirs.items() <= shared.items()


def test_paired_tests_agree_with_the_sacrebleu_command(corpus: Corpus, scores: Scores, tmp_path: Path) -> None:
    for name, lines in zip(("original", "fixed", "reference"), corpus, strict=True):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "sacrebleu", str(tmp_path / "reference"), "-m", "ter", "--format", "text"]
    systems = ["-i", str(tmp_path / "original"), str(tmp_path / "fixed")]
    run = subprocess.run([*command, *systems, "--paired-bs"], capture_output=True, check=True, text=True)
    rows = re.findall(r"([\d.]+) \(([\d.]+) ± ([\d.]+)\)", run.stdout)
    (p_value,) = re.findall(r"p = ([\d.]+)", run.stdout)
    for system, row in zip(("do-nothing", "fixed"), rows, strict=True):
        ter = scores[system].scores["TER"]
        ours = (ter.value, (ter.low + ter.high) / 2, (ter.high - ter.low) / 2)
        assert tuple(f"{number:.1f}" for number in ours) == row
    assert round(scores["fixed"].p_values["TER"][0], 4) == float(p_value)


def test_few_changed_segments_are_never_significant() -> None:
    original = [f"segment number {n} is here" for n in range(50)]
    fixed = ["a segment is here", *original[1:]]
    scores = score_systems(original, {"one": fixed, "none": original}, [original])
    assert min(min(pair) for name in ("one", "none") for pair in scores[name].p_values.values()) == 1


def test_a_better_repair_gains_and_do_nothing_does_not(scores: Scores) -> None:
    nothing, fixed = scores["do-nothing"].scores, scores["fixed"].scores
    assert nothing["TER gain"].value == 0 and "gain per edit" not in nothing
    assert fixed["TER gain"].low > 0
    assert fixed["TER gain"].value == pytest.approx(nothing["TER"].value - fixed["TER"].value)
    assert fixed["improved"].value + fixed["unchanged"].value + fixed["worse"].value == pytest.approx(1)


def test_gain_per_edit_counts_edits_saved_by_edits_made() -> None:
    original, fixed, reference = ["a b c d", "e f"], ["a x c y", "e f"], ["a x c d", "e f"]
    rows = compare_repairs(original, fixed, [reference])
    assert [(row.before, row.after, row.made) for row in rows] == [(1, 1, 2), (0, 0, 0)]
    perfect = compare_repairs(original, reference, [reference])
    gains = [gain_per_edit(rows), gain_per_edit(perfect)]
    assert [gain and gain.value for gain in gains] == [0, 1] and ter_gain(perfect).value == pytest.approx(100 / 6)
    assert gain_per_edit(compare_repairs(original, original, [reference])) is None


def test_the_nearest_reference_counts() -> None:
    (row,) = compare_repairs(["a b c"], ["a b d"], [["x y z"], ["a b d"]])
    assert (row.before, row.after) == (1, 0)
    assert TER().sentence_score("a b c", ["x y z", "a b d"]).num_edits == 1


def test_edits_match_only_at_the_same_place_with_the_same_text() -> None:
    assert edit_counts("one officials said", "one official said", ["one official said"]).f05 == 1
    assert edit_counts("one officials said", "one officers said", ["one official said"]) == Counts(0, 0, 1, 1)
    assert edit_counts("same", "same", ["same"]).f05 == 1
    assert edit_counts("a b", "a c", ["a d", "a c"]).f05 == 1


def test_worst_lists_harmed_segments_only() -> None:
    rows = compare_repairs(["a b c d"] * 3, ["a b c d", "a x y d", "a x c d"], [["a b c d"] * 3])
    assert worst(rows) == [1, 2] and worst(rows, most=1) == [1]
    assert shares(rows)["touched"].value == pytest.approx(2 / 3)


def test_macro_average_counts_every_set_once(corpus: Corpus) -> None:
    original, fixed, references = corpus
    parts = [
        score_systems(original[cut], {"fixed": fixed[cut]}, [references[cut]]) for cut in (slice(0, 40), slice(40, 60))
    ]
    mean = average(parts)["fixed"].scores["TER"]
    assert mean.value == pytest.approx(sum(part["fixed"].scores["TER"].value for part in parts) / 2)
    assert isinstance(mean, Estimate) and mean.low < mean.value < mean.high and mean.n == 60
