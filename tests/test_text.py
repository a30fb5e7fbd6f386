"""Positions in every unit that somebody counts in, and bytes that come back unchanged."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.errors import InputError
from repair.paragraphs import paragraphs
from repair.text import (
    Document,
    LineIndex,
    Span,
    decode,
    encode,
    from_utf16,
    merged,
    touches,
    utf16_length,
    words,
)

MIXED = "Zürich 🙂\r\nnext “line”\rold Mac\nend 👩‍💻"
LIVELY = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("🙂\n\r “é")))


@pytest.mark.parametrize(("start", "end"), [(3, 2), (-1, 2)])
def test_a_span_runs_forward_from_zero(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@given(LIVELY, st.data())
def test_utf16_offsets_are_those_of_the_codec(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    units = len(text[:offset].encode("utf-16-le")) // 2
    assert utf16_length(text[:offset]) == units
    assert from_utf16(text, [units]) == [offset]


@given(LIVELY)
def test_many_utf16_offsets_convert_at_once(text: str) -> None:
    units = [utf16_length(text[:i]) for i in range(len(text) + 1)]
    assert from_utf16(text, units) == list(range(len(text) + 1))


def test_an_offset_inside_a_surrogate_pair_moves_to_its_start() -> None:
    assert from_utf16("a🙂b", [2]) == [1]


def test_an_offset_past_the_end_is_the_end() -> None:
    assert from_utf16("ab", [9]) == [2]


@pytest.mark.parametrize(
    ("piece", "line", "codepoints", "utf8", "utf16"),
    [
        ("Zürich", 0, 0, 0, 0),
        ("🙂", 0, 7, 8, 7),
        ("next", 1, 0, 0, 0),
        ("”", 1, 10, 12, 10),
        ("old", 2, 0, 0, 0),
        ("end", 3, 0, 0, 0),
        ("💻", 3, 6, 11, 7),
    ],
)
def test_lines_and_columns(piece: str, line: int, codepoints: int, utf8: int, utf16: int) -> None:
    offset, index = MIXED.index(piece), LineIndex(MIXED)
    assert index.line_column(offset) == (line, codepoints)
    assert index.utf8_column(offset) == (line, utf8)
    assert index.utf16_column(offset) == (line, utf16)


@given(LIVELY)
def test_lines_are_those_of_an_editor(text: str) -> None:
    index = LineIndex(text)
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    assert len(index.starts) == normal.count("\n") + 1
    for offset in range(len(text) + 1):
        line, column = index.line_column(offset)
        assert index.starts[line] + column == offset


@given(LIVELY)
def test_bytes_come_back_unchanged(text: str) -> None:
    if "\0" not in text:
        data = text.encode("utf-8")
        assert encode(decode(data, "x")) == data


def test_newlines_and_byte_order_mark_are_kept() -> None:
    data = b"\xef\xbb\xbfone\r\ntwo\rthree\n"
    assert encode(decode(data, "x")) == data
    assert decode(data, "x")[0] == "\ufeff"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("café".encode("utf-16"), "a.txt: this is UTF-16"),
        (b"PK\x03\x04\0\0", "a.txt: this is a binary file"),
        ("café".encode("latin-1"), r"a.txt: not UTF-8 \(byte 3\)"),
    ],
)
def test_what_is_not_utf8_text_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode(data, "a.txt")


SPANS = st.builds(lambda a, n: Span(a, a + n), st.integers(0, 40), st.integers(0, 8))


@given(st.lists(SPANS))
def test_merged_spans_cover_the_same_and_lie_apart(spans: list[Span]) -> None:
    result = merged(spans)
    assert {i for s in result for i in range(s.start, s.end)} == {i for s in spans for i in range(s.start, s.end)}
    assert all(a.end < b.start for a, b in pairwise(result))


@given(st.lists(SPANS.filter(len)), SPANS.filter(len))
def test_touches_agrees_with_comparing_each(spans: list[Span], span: Span) -> None:
    ranges = merged(spans)
    assert touches(span, ranges) == any(span.overlaps(other) for other in ranges)


def test_an_empty_span_touches_only_from_inside() -> None:
    assert [touches(Span(i, i), [Span(2, 5)]) for i in (1, 2, 3, 5, 6)] == [False, False, True, False, False]


@given(LIVELY)
def test_paragraphs_tile_the_text(text: str) -> None:
    assert "".join(span.of(text) for span in paragraphs(text)) == text


@given(LIVELY)
def test_words_are_those_of_split(text: str) -> None:
    assert [span.of(text) for span in words(text)] == text.split()


def test_a_document_finds_the_sentence_of_an_offset() -> None:
    document = Document("a", "One. Two.", sentences=(Span(0, 5), Span(5, 9)))
    assert [document.sentence_at(i) for i in (0, 4, 5, 9)] == [Span(0, 5), Span(0, 5), Span(5, 9), Span(5, 9)]
