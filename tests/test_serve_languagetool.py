"""LanguageTool's API: asked by the clients that people have, and by their requests as recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import get_args

import language_tool_python
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from repair.config import Config
from repair.findings import Category, Finding, Suggestion
from repair.pipeline import Repairer
from repair.serve.annotated import Annotated, parse
from repair.serve.matches import KINDS, NAMES, widened
from repair.text import Span, utf16_counter, utf16_length

TEXT = "🙂 The talks with SH.BA . One officials 🙂🙂 said. A 80-year-old left."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Serve = Callable[..., str]


@pytest.fixture(scope="module")
def pylanguagetool() -> ModuleType:
    """The client without its package, which asks setuptools for its own version as setuptools no longer tells it."""
    package = find_spec("pylanguagetool")
    assert package and package.submodule_search_locations
    spec = spec_from_file_location("pylanguagetool_api", Path(package.submodule_search_locations[0]) / "api.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def units(text: str, offset: int, length: int) -> str:
    """What a client that counts UTF-16 units sees there."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def check(address: str, **fields: str) -> requests.Response:
    return requests.post(f"{address}/v2/check", data={"language": "en-US"} | fields, timeout=60)


def expected(text: str) -> list[str]:
    return [finding.span.of(text) for finding in Repairer(Config(no_model=True)).check(text).findings]


def test_language_tool_python_gets_the_findings(address: str) -> None:
    with language_tool_python.LanguageTool("en-US", remote_server=address) as tool:
        matches = tool.check(TEXT)
        assert [match.matched_text for match in matches] == expected(TEXT)
        assert [TEXT[match.offset : match.offset + match.error_length] for match in matches] == expected(TEXT)
        assert [match.category for match in matches] == ["TYPOS", "TYPOGRAPHY", "GRAMMAR", "GRAMMAR"]
        assert matches[2].replacements == ["One official"]
        tool.disabled_rules = {"lexicon"}
        assert [match.rule_id for match in tool.check(TEXT)] == [match.rule_id for match in matches[1:]]
        assert tool.correct("🙂 Talks 🙂 . One officials said.") == "🙂 Talks 🙂. One official said."


def test_pylanguagetool_gets_the_findings(address: str, pylanguagetool: ModuleType) -> None:
    url = f"{address}/v2/"
    assert {"name": "English (GB)", "code": "en", "longCode": "en-GB"} in pylanguagetool.get_languages(url)
    found = pylanguagetool.check(TEXT, api_url=url, lang="en-GB", picky=True, disabled_categories="TYPOGRAPHY")
    shown = [units(TEXT, match["offset"], match["length"]) for match in found["matches"]]
    assert shown == [text for text in expected(TEXT) if text != " ."]
    for match in found["matches"]:
        context = match["context"]
        assert units(context["text"], context["offset"], context["length"]) == units(
            TEXT, match["offset"], match["length"]
        )
    with pytest.raises(ValueError, match="English"):
        pylanguagetool.check(TEXT, api_url=url, lang="de-DE")


# What lingucomponent/languagetoolimp.cxx sends: all but RFC 3986's unreserved characters in percent, UTF-8; a user
# with an account adds a name and a key.
LIBREOFFICE = (
    b"text=%F0%9F%99%82%20The%20talks%20with%20SH.BA%20.%20One%20officials%20%F0%9F%99%82%F0%9F%99%82%20said."
    b"%20A%2080-year-old%20left.&language=en-US"
)


def test_libreoffice(address: str) -> None:
    answer = requests.post(f"{address}/v2/check", data=LIBREOFFICE, headers=FORM, timeout=60)
    seen = [
        (units(TEXT, m["offset"], m["length"]), m["rule"]["category"]["id"], [r["value"] for r in m["replacements"]])
        for m in answer.json()["matches"]
    ]
    assert seen == [
        ("SH.BA", "TYPOS", ["the US"]),
        (" .", "TYPOGRAPHY", ["."]),
        ("One officials", "GRAMMAR", ["One official"]),
        ("A", "GRAMMAR", ["An"]),
    ]
    assert all(match["message"] and match["shortMessage"] for match in answer.json()["matches"])


def test_the_token_may_come_as_the_api_key(serve: Serve) -> None:
    address = serve(token="a&b")
    body = LIBREOFFICE + b"&username=desk%40example.org&apiKey=a%26b"
    assert requests.post(f"{address}/v2/check", data=body, headers=FORM, timeout=60).status_code == 200
    for path in ("check", "words/add", "words/delete"):
        answer = requests.post(f"{address}/v2/{path}", data=LIBREOFFICE, headers=FORM, timeout=60)
        assert answer.status_code == 401 and answer.text.startswith("Error: ")
    assert requests.get(f"{address}/v2/words", timeout=9).status_code == 401
    assert requests.get(f"{address}/v2/words", params={"apiKey": "a&b"}, timeout=9).json() == {"words": []}
    bearer = {"Authorization": "Bearer a&b"}
    assert requests.get(f"{address}/v2/words", headers=bearer, timeout=9).status_code == 200


def test_ltex_calls_its_form_json(address: str) -> None:
    data = {"annotation": [{"markup": "\\textbf{"}, {"text": "One officials"}, {"markup": "}"}, {"text": " said.\n"}]}
    body = requests.Request(
        "POST", "http://x", data={"language": "en-US", "data": json.dumps(data), "enabledRules": "lexicon"}
    ).prepare()
    answer = requests.post(
        f"{address}/v2/check", data=body.body, headers={"Content-Type": "application/json"}, timeout=60
    )
    (match,) = answer.json()["matches"]
    assert (match["offset"], match["length"]) == (8, 13)


def test_the_whole_shape_of_an_answer(address: str) -> None:
    answer = check(address, text="One officials said. All is well.\n", language="auto").json()
    assert answer["software"]["apiVersion"] == 1
    assert answer["warnings"] == {"incompleteResults": False}
    assert answer["language"]["code"] == answer["language"]["detectedLanguage"]["code"] == "en-US"
    assert answer["sentenceRanges"] == [[0, 19], [20, 32]]
    assert answer["matches"] == [
        {
            "message": "A plural after a word that asks for a singular.",
            "shortMessage": "Grammar",
            "offset": 0,
            "length": 13,
            "replacements": [{"value": "One official"}],
            "context": {"text": "One officials said. All is well. ", "offset": 0, "length": 13},
            "sentence": "One officials said.",
            "type": {"typeName": "Other"},
            "rule": {
                "id": "rules/plural-after-one",
                "description": "Grammar",
                "issueType": "grammar",
                "category": {"id": "GRAMMAR", "name": "Grammar"},
                "urls": [],
            },
            "ignoreForIncompleteSentence": False,
            "contextForSureMatch": 0,
        }
    ]


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({}, ["SH.BA", " .", "One officials", "A"]),
        ({"level": "picky", "motherTongue": "sq", "unheardOf": "x"}, ["SH.BA", " .", "One officials", "A"]),
        ({"disabledRules": "lexicon,rules/space-before-punctuation"}, ["One officials", "A"]),
        ({"disabledCategories": "GRAMMAR"}, ["SH.BA", " ."]),
        ({"enabledRules": "lexicon", "enabledOnly": "true"}, ["SH.BA"]),
        ({"enabledRules": "lexicon", "enabledCategories": "TYPOGRAPHY", "enabledOnly": "true"}, ["SH.BA", " ."]),
        ({"enabledRules": "lexicon"}, ["SH.BA", " .", "One officials", "A"]),
        ({"enabledRules": "lexicon", "disabledRules": "lexicon", "enabledOnly": "true"}, []),
    ],
)
def test_which_findings_are_wanted(address: str, fields: dict[str, str], seen: list[str]) -> None:
    found = check(address, text=TEXT, **fields).json()["matches"]
    assert [units(TEXT, match["offset"], match["length"]) for match in found] == seen


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "either 'text' or 'data'"),
        ({"text": "a", "data": "{}"}, "either 'text' or 'data'"),
        ({"text": "a", "language": ""}, "language"),
        ({"text": "a", "language": "fr"}, "English"),
        ({"text": "a", "level": "high"}, "picky"),
        ({"text": "a", "enabledOnly": "true"}, "enabledRules"),
        ({"data": "["}, "annotations"),
        ({"data": '{"annotation": [{"text": "a", "markup": "b"}]}'}, "either text or markup"),
        ({"data": '{"annotation": [{}]}'}, "either text or markup"),
        ({f"field{i}": "x" for i in range(200)}, "form"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_line_of_text(address: str, fields: dict[str, str], told: str) -> None:
    answer = check(address, **fields)
    assert answer.status_code == 400 and answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.startswith("Error: ") and told in answer.text and "\n" not in answer.text


def test_a_form_that_is_not_utf8(address: str) -> None:
    for body in (b"text=%FF&language=en", b"text=\xff&language=en"):
        assert requests.post(f"{address}/v2/check", data=body, headers=FORM, timeout=9).status_code == 400


def test_the_smaller_answers(address: str) -> None:
    def get(path: str) -> requests.Response:
        return requests.get(f"{address}/v2/{path}", timeout=9)

    assert get("healthcheck").text == "OK"
    assert int(get("maxtextlength").text) > 100_000
    assert get("info").json()["software"]["name"] == "repair"
    assert get("check").status_code == 405


def test_a_text_as_long_as_allowed_is_taken(serve: Serve) -> None:
    address = serve(max_body=3100)
    longest = int(requests.get(f"{address}/v2/maxtextlength", timeout=9).text)
    assert check(address, text=" " * (longest - 20)).status_code == 200
    assert check(address, text="%" * 1100).status_code == 413


def test_words_of_the_dictionary_are_not_reported(serve: Serve) -> None:
    address = serve()

    def words(path: str, **fields: str) -> requests.Response:
        return requests.post(f"{address}/v2/words/{path}", data=fields, timeout=9)

    assert [words("add", word="sh.ba").json(), words("add", word="sh.ba").json()] == [{"added": True}, {"added": False}]
    assert words("add", word="Käse", username="x").json() == {"added": True}
    assert requests.get(f"{address}/v2/words", timeout=9).json() == {"words": ["sh.ba", "Käse"]}
    assert requests.get(f"{address}/v2/words?offset=1&limit=1", timeout=9).json() == {"words": ["Käse"]}
    assert requests.get(f"{address}/v2/words?limit=x", timeout=9).status_code == 400
    found = check(address, text=TEXT).json()["matches"]
    assert "SH.BA" not in [units(TEXT, match["offset"], match["length"]) for match in found] and found
    assert [words("delete", word="sh.ba").json() for _ in "ab"] == [{"deleted": True}, {"deleted": False}]
    assert len(check(address, text=TEXT).json()["matches"]) == len(found) + 1
    assert [words("add", word=word).status_code for word in ("", "two words", "x" * 101)] == [400] * 3


def test_another_site_cannot_fill_the_dictionary(address: str) -> None:
    evil = {"Origin": "https://evil.example"}
    answer = requests.post(f"{address}/v2/words/add", data={"word": "evil"}, headers=evil, timeout=9)
    assert answer.status_code == 403


HTML = [
    {"markup": "<p title='🙂'>", "interpretAs": "\n\n"},
    {"text": "🙂 The talks with SH.BA ."},
    {"markup": "</p><p>", "interpretAs": "\n\n"},
    {"text": "One "},
    {"markup": "<b>"},
    {"text": "officials"},
    {"markup": "</b>"},
    {"text": " said."},
]


def test_markup_is_skipped_and_counted(address: str) -> None:
    original = "".join(one.get("text") or one.get("markup", "") for one in HTML)
    answer = check(address, data=json.dumps({"annotation": HTML})).json()
    seen = [
        (units(original, m["offset"], m["length"]), [r["value"] for r in m["replacements"]]) for m in answer["matches"]
    ]
    assert seen == [
        ("SH.BA", ["the US"]),
        (" .", ["."]),
        ("One <b>officials", []),  # a replacement would lose the tag
    ]
    assert [units(original, start, end - start) for start, end in answer["sentenceRanges"]] == [
        "🙂 The talks with SH.BA .",
        "One <b>officials</b> said.",
    ]


@given(
    st.lists(
        st.one_of(
            st.fixed_dictionaries({"text": st.text(max_size=4)}),
            st.fixed_dictionaries({"markup": st.text(max_size=4)}, optional={"interpretAs": st.text(max_size=3)}),
        ),
        max_size=8,
    )
)
def test_every_span_is_found_where_it_was_sent(annotation: list[dict[str, str]]) -> None:
    read = parse(json.dumps({"annotation": annotation}))
    assert read.text == "".join(one.get("text", "") + one.get("interpretAs", "") for one in annotation)
    assert read.original == "".join(one.get("text", "") + one.get("markup", "") for one in annotation)
    literal = "".join("x" * len(one.get("text", "")) + "-" * len(one.get("interpretAs", "")) for one in annotation)
    count = utf16_counter(read.original)
    former = -1
    for offset, kind in enumerate(literal):
        place = read.locate(Span(offset, offset + 1))
        assert (place is None) == (kind == "-")
        if place is not None:
            assert place.of(read.original) == read.text[offset] and place.start > former
            assert count(place.start) == utf16_length(read.original[: place.start])
            former = place.start


def test_text_that_has_no_place_is_not_marked() -> None:
    read = parse('{"annotation": [{"text": "a"}, {"markup": "<br>", "interpretAs": "\\n"}, {"text": "b"}]}')
    assert read == Annotated("a\nb", "a<br>b", read.parts)
    assert [read.locate(span) for span in (Span(0, 2), Span(1, 3), Span(0, 3))] == [None, None, Span(0, 6)]


def test_a_missing_word_is_marked_on_the_character_beside_it() -> None:
    def finding(offset: int) -> Finding:
        empty = Span(offset, offset)
        return Finding(empty, "accuracy/omission", "minor", 1.0, "m", "s", (Suggestion(" is", 1.0),))

    for offset, span, text in ((1, Span(1, 2), " isb"), (2, Span(1, 2), "b is")):
        wider = widened(finding(offset), "ab")
        assert (wider.span, wider.suggestions[0].text) == (span, text)
    whole = Finding(Span(0, 1), "accuracy/omission", "minor", 1.0, "m", "s")
    assert widened(whole, "ab") is whole


def test_every_category_has_a_kind_and_a_colour() -> None:
    assert set(KINDS) == set(get_args(Category))
    assert {kind.id for kind in KINDS.values()} == set(NAMES)
