"""Counts in JSON articles follow the text where they were right before, and keep their place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from repairing import repaired

BODY = "He met the the man in town ."  # eight words, as they are counted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"uri": "x", "wordcount": 8, "body_text": BODY}, 6),
        ({"uri": "x", "wordcount": 7, "body_text": BODY}, 7),
        ({"guid": "x", "word_count": 8, "body_html": f"<p>{BODY}</p>"}, 6),
        ({"uri": "x", "headline": BODY, "charcount": len(BODY), "body_text": BODY}, len(BODY) - 5),
        ({"uri": "x", "charcount": len(BODY) + 7, "body_html": f"<p>{BODY}</p>"}, len(BODY) + 2),
        ({"uri": "x", "wordcount": 9, "body_text": BODY}, 9),
        ({"uri": "x", "wordcount": "8", "body_text": BODY}, "8"),
        ({"uri": "x", "wordcount": 8.0, "body_text": BODY}, 8.0),
        ({"uri": "x", "wordcount": 8, "headline": BODY, "body_text": "Fine."}, 8),
        ({"uri": "x", "subject": [{"wordcount": 8}], "body_text": BODY}, 8),
    ],
)
def test_a_count_that_was_right_follows(before: dict[str, Any], after: object) -> None:
    made = json.loads(repaired("ninjs", json.dumps(before).encode())[0])
    count = {"wordcount", "word_count", "charcount"}
    assert [v for one in (made, *made.get("subject", [])) for k, v in one.items() if k in count] == [after]


def test_each_body_has_its_own_count() -> None:
    bodies = [{"wordcount": 8, "value": BODY}, {"wordcount": 1, "value": "Fine."}]
    item = {"uri": "x", "associations": [{"uri": "y", "wordcount": 8, "body_text": BODY}], "bodies": bodies}
    made = json.loads(repaired("ninjs", json.dumps(item).encode())[0])
    assert [one["wordcount"] for one in made["bodies"]] == [6, 1]
    assert made["associations"][0]["wordcount"] == 6


def test_all_else_keeps_its_place() -> None:
    body = " ".join(["He met the the man in town .", *(f"Then he paid {i} euros." for i in range(200))])
    data = json.dumps({"uri": "x", "wordcount": 1008, "body_text": body, "note": "the the ."}).encode()
    result, _ = repaired("ninjs", data)  # which takes it back, too
    expected = data.replace(b"1008", b"1006").replace(b"the the man in town .", b"the man in town.")
    assert result == expected


def test_a_shorter_count_leaves_a_blank() -> None:
    body = " ".join(["He met the the man in town .", *(f"Talks {i} ended." for i in range(331))])
    data = json.dumps({"uri": "x", "wordcount": 1001, "body_text": body}).encode()
    result, _ = repaired("ninjs", data)
    assert result == data.replace(b"1001", b"999 ").replace(b"the the man in town .", b"the man in town.")
