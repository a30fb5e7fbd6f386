"""`repair score` as people type it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from repair.errors import InputError
from repair.score import significance
from repair.score.cli import score


@pytest.fixture(autouse=True)
def few_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand shuffles of each metric would take seconds."""
    monkeypatch.setattr(significance, "TRIALS", 200)


def run(*args: object) -> str:
    result = CliRunner().invoke(score, [str(arg) for arg in args])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


@pytest.fixture
def files(tmp_path: Path) -> Path:
    texts = {
        "mt": ["one officials said so", "talks with SH.BA", "it rained in Paris"],
        "fixed": ["one official said so", "talks with SH.BA", "it rains in Paris"],
        "ref": ["one official said so", "talks with the US", "it rained in Paris"],
        "pairs": ["sq-en", "sq-en", "fr-en"],
    }
    for name, lines in texts.items():
        (tmp_path / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return tmp_path


def test_repair_table(files: Path) -> None:
    out = run("repair", "--mt", files / "mt", "--fixed", files / "fixed", "--ref", files / "ref", "--post-edit")
    assert "do-nothing" in out and "TER gain" in out and "edit F0.5" in out
    assert "line 3: 1 more edits" in out and "now  it rains in Paris" in out
    assert "nrefs:1" in out and "version:" in out


def test_repair_json_over_pairs(files: Path) -> None:
    args = ("--mt", files / "mt", "--fixed", f"ours={files / 'fixed'}", "--ref", files / "ref")
    result = json.loads(run("repair", *args, "--pairs", files / "pairs", "--json"))
    assert set(result) == {"all", "macro", "sq-en", "fr-en"}
    parts = [result[pair]["ours"]["scores"]["TER"]["value"] for pair in ("sq-en", "fr-en")]
    assert result["macro"]["ours"]["scores"]["TER"]["value"] == pytest.approx(sum(parts) / 2)
    assert result["all"]["ours"]["p_values"]["TER"][0] <= 1


def test_files_of_one_name_are_all_scored(files: Path) -> None:
    for folder, source in (("a", "fixed"), ("b", "mt")):
        (files / folder).mkdir()
        (files / folder / "out.txt").write_bytes((files / source).read_bytes())
    both = [str(files / folder / "out.txt") for folder in "ab"]
    common = ("--mt", files / "mt", "--ref", files / "ref", "--json")
    scores = json.loads(run("repair", "--fixed", both[0], "--fixed", both[1], *common))["all"]
    assert list(scores)[-2:] == both
    alone = json.loads(run("repair", "--fixed", both[0], *common))["all"]["out"]
    assert scores[both[0]]["scores"]["TER"] == alone["scores"]["TER"] != scores[both[1]]["scores"]["TER"]
    for twice in ([f"x={both[0]}", f"x={both[1]}"], [both[0], both[0]]):
        out = run("repair", "--fixed", twice[0], "--fixed", twice[1], *common)
        assert "name each: --fixed NAME=FILE" in out and "scores" not in out


def test_repair_reads_json_lines(files: Path) -> None:
    rows = [{"output": line} for line in (files / "fixed").read_text(encoding="utf-8").splitlines()]
    (files / "fixed.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    common = ("--mt", files / "mt", "--ref", files / "ref", "--json")
    plain, objects = (json.loads(run("repair", "--fixed", files / f, *common)) for f in ("fixed", "fixed.jsonl"))
    assert plain == objects


def test_unequal_line_counts_name_the_line(files: Path) -> None:
    (files / "short").write_text("only one\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"short: 1 lines, but .*mt has 3.*line 2\)"):
        run("repair", "--mt", files / "mt", "--fixed", files / "short", "--ref", files / "ref")


def test_objects_without_text_are_refused(files: Path) -> None:
    (files / "bad.jsonl").write_text('{"output": "a"}\n{"x": 1}\n{"output": "b"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.jsonl:2: no text"):
        run("repair", "--mt", files / "mt", "--fixed", files / "bad.jsonl", "--ref", files / "ref")


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    gold = [
        {"id": "0", "text": "one officials said", "spans": [{"start": 4, "end": 13, "severity": "minor"}]},
        {"id": "1", "text": "all is well", "spans": []},
    ]
    pred = [{"findings": [{"start": 4, "end": 13, "severity": "major"}]}, {"findings": []}]
    for name, rows in (("gold", gold), ("pred", pred)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    (tmp_path / "scores").write_text("0.1 0.9 0.2\n0.1 0.1 0.3\n", encoding="utf-8")
    return tmp_path


def test_spans_with_word_scores(spans: Path) -> None:
    args = ("--pred", spans / "pred.jsonl", "--gold", spans / "gold.jsonl", "--word-scores", spans / "scores")
    result = json.loads(run("spans", *args, "--json"))
    values = {metric: score["value"] for metric, score in result["scores"].items()}
    assert values["character F1"] == values["word MCC"] == values["word AUC"] == values["segment accuracy"] == 1
    assert values["severity F1"] == 0.5
    assert result["counts"]["characters"] == {"hit_pred": 9, "hit_gold": 9, "pred": 9, "gold": 9}
    table = run("spans", *args)
    assert "character F1" in table and "seed:12345" in table


def test_annotator_agreement_is_printed_beside_the_scores(tmp_path: Path) -> None:
    spans = {"a": [{"start": 0, "end": 4}], "b": [{"start": 2, "end": 4}]}
    rows = [{"doc": "d", "seg": "1", "mt": "some text", "rater": r, "spans": s} for r, s in spans.items()]
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = json.loads(run("spans", "--pred", gold, "--gold", gold, "--json"))
    assert result["agreement"]["character F1"]["value"] == pytest.approx(2 / 3)
    assert "annotator against annotator" in run("spans", "--pred", gold, "--gold", gold)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("0.1 0.9 0.2\n", "1 lines, but there are 2 segments"),
        ("0.1\n0.1 0.1 0.3\n", "segment 0: 1 word scores for 3 words"),
        ("0.1 x 0.2\n0.1 0.1 0.3\n", "scores:1: could not convert"),
    ],
)
def test_wrong_word_scores_are_refused(spans: Path, lines: str, message: str) -> None:
    (spans / "scores").write_text(lines, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        run("spans", "--pred", spans / "pred.jsonl", "--gold", spans / "gold.jsonl", "--word-scores", spans / "scores")


def test_convert(spans: Path) -> None:
    assert run("convert", spans / "gold.jsonl", "--to", "tags") == "OK BAD OK\nOK OK OK\n"
    assert "A 1 2|||UNK|||-NONE-" in run("convert", spans / "gold.jsonl", "--to", "m2")
