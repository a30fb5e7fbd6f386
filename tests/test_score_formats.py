"""Formats of the field: what is read, what is refused, and that nothing is lost on the way."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.errors import InputError
from repair.score.formats import Format, guess, read_segments, write_segments
from repair.score.spans import Mark, Segment
from repair.text import Span

TEXT = 'He said "no" to talks .'
SEGMENT = Segment(TEXT, (Mark(Span(3, 7), "minor"), Mark(Span(16, 21), "major")), id="7")


def save(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["jsonl", "tsv"])
def test_round_trip_keeps_spans_and_severities(tmp_path: Path, form: Format) -> None:
    path = save(tmp_path / f"x.{form}", write_segments([SEGMENT, Segment("fine")], form))
    back = read_segments(path)
    assert back[0] == SEGMENT and back[1].marks == ()


SPANS = st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))), max_size=4)


@given(SPANS)
def test_tags_and_m2_keep_the_words_touched(spans: list[tuple[int, int]]) -> None:
    import tempfile
    from pathlib import Path

    from repair.score.words import bad_words

    marks = tuple(Mark(Span(min(pair), max(pair))) for pair in spans if pair[0] != pair[1])
    segment = Segment(TEXT, tuple(m for m in marks if m.span.of(TEXT).strip()))
    with tempfile.TemporaryDirectory() as folder:
        tags = read_segments(save(Path(folder) / "x.tags", write_segments([segment], "tags")), [TEXT])
        m2 = read_segments(save(Path(folder) / "x.m2", write_segments([segment], "m2")))
    assert bad_words(TEXT, tags[0].marks) == bad_words(TEXT, segment.marks) == bad_words(TEXT, m2[0].marks)


def test_m2_keeps_corrections(tmp_path: Path) -> None:
    segment = Segment("one officials said", (Mark(Span(4, 13), category="fluency/grammar", fix="official"),))
    lines = list(write_segments([segment], "m2"))
    assert lines[1] == "A 1 2|||fluency/grammar|||official|||REQUIRED|||-NONE-|||0"
    (mark,) = read_segments(save(tmp_path / "x.m2", lines))[0].marks
    assert (mark.span, mark.fix, mark.category) == (Span(4, 13), "official", "fluency/grammar")


def test_m2_reads_insertions_and_deletions(tmp_path: Path) -> None:
    lines = ["S He go home", "A 3 3|||M:PUNCT|||.|||REQUIRED|||-NONE-|||0", "A 1 2|||U:VERB||||||REQUIRED|||-NONE-|||0"]
    marks = read_segments(save(tmp_path / "x.m2", lines))[0].marks
    assert [(m.span, m.fix) for m in marks] == [(Span(10, 10), "."), (Span(3, 5), "")]


def test_a_wmt23_table_is_read_by_its_column_names(tmp_path: Path) -> None:
    head = "mt_system\tdoc_id\tseg_id\tannotator_id\tsource\ttarget\tstart_ids\tend_ids\terrors"
    rows = ['S1\td\t4\tann\tx\t"Say ""no""."\t4 0\t8 3\tmajor minor', "S1\td\t5\tann\tx\tFine.\t-1\t-1\tno-error"]
    first, second = read_segments(save(tmp_path / "x.tsv", [head, *rows]))
    assert first.text == 'Say "no".' and first.rater == "ann" and first.id == "4"
    assert first.marks == (Mark(Span(4, 8), "major"), Mark(Span(0, 3), "minor"))
    assert second.marks == ()


def test_the_tools_own_lines_are_read_beside_the_gold_texts(tmp_path: Path) -> None:
    finding = {"start": 3, "end": 7, "severity": "minor", "category": "fluency/grammar", "suggestions": [{"text": "x"}]}
    row = {"schema": "repair/1", "id": None, "findings": [finding], "word_scores": [0, 0.5, 0, 0, 0, 0]}
    path = save(tmp_path / "out.jsonl", [json.dumps(row)])
    (segment,) = read_segments(path, [TEXT])
    assert segment.marks[0].fix == "x" and segment.word_scores == (0, 0.5, 0, 0, 0, 0)
    with pytest.raises(InputError, match=r"out\.jsonl:1: no text"):
        read_segments(path)


@pytest.mark.parametrize(
    ("name", "lines", "message"),
    [
        ("a.jsonl", ['{"text": "ab", "spans": []}', "{"], r"a\.jsonl:2: not JSON"),
        ("a.jsonl", ['{"text": "ab", "spans": [{"start": 1, "end": 3}]}'], r"a\.jsonl:1: span \[1, 3\) lies outside"),
        ("a.jsonl", ['{"text": "ab", "spans": [{"start": 2, "end": 1}]}'], r"a\.jsonl:1: not a span"),
        ("a.jsonl", ['{"text": "ab", "spans": [{"end": 1}]}'], r"a\.jsonl:1: not a span"),
        ("a.jsonl", ['{"text": "ab", "spans": [{"start": 0, "end": 1, "severity": "bad"}]}'], r":1: unknown severity"),
        ("a.jsonl", ['{"text": "ab"}'], r"a\.jsonl:1: no list called"),
        ("a.jsonl", ["[1]"], r"a\.jsonl:1: a line must be a JSON object"),
        ("a.m2", ["S a b", "A 1 5|||UNK|||x"], r"a\.m2:2: '1 5' is no range of the 2 tokens"),
        ("a.m2", ["S a b", "B"], r"a\.m2:2: M2 lines begin"),
        ("a.m2", ["S a b", "A 1 2"], r"a\.m2:2: an edit needs"),
        ("a.tsv", ["target\tx", "ab\t1"], r"a\.tsv:2: no column start_ids"),
        ("a.tsv", ["target\tstart_ids\tend_ids\terrors", "ab\t0 1\t1\tmajor"], r"a\.tsv:2: 2 starts, 1 ends"),
        ("a.tsv", ["target\tstart_ids\tend_ids\terrors", "ab\t0\tx\tmajor"], r"a\.tsv:2: invalid literal"),
        ("a.jsonl", [""], r"a\.jsonl: the file is empty"),
    ],
)
def test_wrong_input_names_file_and_line(tmp_path: Path, name: str, lines: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_segments(save(tmp_path / name, lines))


def test_wrong_tags_name_file_and_line(tmp_path: Path) -> None:
    path = save(tmp_path / "a.tags", ["OK BAD", "OK"])
    with pytest.raises(InputError, match=r"a\.tags:2: 1 tags for 2 words"):
        read_segments(path, ["a b", "c d"])
    with pytest.raises(InputError, match=r"a\.tags:2: there are only 1 texts"):
        read_segments(path, ["a b"])
    with pytest.raises(InputError, match=r"a\.tags: 2 segments, but there are 3 texts"):
        read_segments(path, ["a b", "c", "d"])
    with pytest.raises(InputError, match=r"a\.tags:1: unknown tag 'MAYBE'"):
        read_segments(save(path, ["OK MAYBE"]), ["a b"])


def test_texts_that_differ_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", ['{"text": "ab", "spans": []}'])
    with pytest.raises(InputError, match=r"a\.jsonl:1: its text differs from line 1"):
        read_segments(path, ["abc"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere: cannot be read"):
        guess(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("line", "form"), [('{"text": ""}', "jsonl"), ("S a b", "m2"), ("a\tb", "tsv"), ("OK BAD", "tags")]
)
def test_formats_are_guessed_from_the_first_line(tmp_path: Path, line: str, form: Format) -> None:
    assert guess(save(tmp_path / "file", [line])) == form
