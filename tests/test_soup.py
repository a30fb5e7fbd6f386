"""Formats over whatever a file may hold: they read what the formats' own libraries read, and change only what the edits
say."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from repairing import WORKER, repaired, texts
from word import run, word

from repair.batch.work import Task
from repair.edits import Edit, apply
from repair.formats import FormatName, format_of
from repair.formats.view import Unmappable
from repair.text import Span

UNHURRIED = settings(deadline=None)  # a machine at work on other things takes its time

# What the formats' own libraries read is what the detectors are given.

PROSE = st.text(alphabet=st.sampled_from("ab A.,“é🙂&<>\"'-"), max_size=30)
FLOW = re.compile(r"[ \t\r\n\f]+")


def flowing(text: str) -> str:
    return FLOW.sub(" ", text).strip(" ")


@UNHURRIED
@given(st.lists(st.lists(st.tuples(st.sampled_from(["", "b", "i"]), PROSE), min_size=1, max_size=4), max_size=4))
def test_html_reads_as_lxml_does(paragraphs: list[list[tuple[str, str]]]) -> None:
    def node(tag: str, text: str) -> str:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("“", "&ldquo;").replace('"', "&#34;")
        return f"<{tag}>{escaped}</{tag}>" if tag else escaped

    page = "".join(f"\n <p class='a'>{''.join(node(*one) for one in nodes)}</p>" for nodes in paragraphs)
    (read,) = texts("html", page.encode())
    expected = [flowing(p.text_content()) for p in html.document_fromstring(f"<body>{page}</body>").iter("p")]
    assert read.split("\n\n") == ([text for text in expected if text] or [""])


@UNHURRIED
@given(st.lists(PROSE, max_size=4))
def test_nitf_reads_as_lxml_does(paragraphs: list[str]) -> None:
    body = etree.Element("body.content")
    for text in paragraphs:
        etree.SubElement(body, "p").text = text
    data = b"<nitf><body>" + etree.tostring(body) + b"</body></nitf>"
    (read,) = texts("nitf", data)
    assert read.split("\n\n") == ([flowing(text) for text in paragraphs if flowing(text)] or [""])


@UNHURRIED
@given(st.text(), st.booleans(), st.sampled_from([None, 2]))
def test_json_reads_as_json_does(text: str, ascii_only: bool, indent: int | None) -> None:
    data = json.dumps({"a": ["x", {"b": "y"}], "text": text}, ensure_ascii=ascii_only, indent=indent)
    try:
        encoded = data.encode()
    except UnicodeEncodeError:
        return
    assert texts("fields", encoded) == [re.sub("[\ud800-\udfff]", "\ufffd", text)]


# Text changes only where the edits say so, whatever stands in the file.

SOUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b>", "</b>", "<br/>", "<!-- c -->", "<script>x .</script>", "<q>", "</q>", "&amp;", "&nbsp",
         "&#x201c;", " ", "\n  ", "SH.BA ", "on Monday .", "full", " -scale", "would would ", "<", "&", "<![CDATA[x]]>",
         "</", "<?php x ?>", "<a href='x .'>", "]]>", "é", "🙂", "\x00", "<pre>", "<svg/>", "<svg>", "</svg>", "</>"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@UNHURRIED
@given(SOUP)
def test_any_html_changes_only_where_the_edits_say_so(page: str) -> None:
    repaired("html", page.encode())


@UNHURRIED
@given(SOUP)
def test_any_html_inside_json(page: str) -> None:
    repaired("ninjs", json.dumps({"uri": "x", "body_html": page}).encode())


NITF_SOUP = st.lists(
    st.sampled_from(
        ["<p>He met SH.BA on Monday .</p>", "<p>a full<em> -scale</em> war</p>", "<p>would <b>would</b> go .", "</p>",
         "<![CDATA[one officials & x .]]>", "<bq><p>We met SH.BA .</p></bq>", "<!-- x . -->", "<br/>", "&amp;",
         "&nbsp;", "&#x201c;", " ", "\r\n  ", "é🙂 SH.BA ", "<hl2 id='x .'>A day .</hl2>", "<?x y .?>"]
    ),
    max_size=15,
).map("".join).filter(lambda soup: soup.count("<p>") == soup.count("</p>"))  # fmt: skip


@UNHURRIED
@given(NITF_SOUP)
def test_any_nitf_changes_only_where_the_edits_say_so(soup: str) -> None:
    declared = '<!DOCTYPE nitf SYSTEM "nitf-3-5.dtd">'  # only with it may a reference be unknown
    data = f"{declared}<nitf><body><body.content>{soup}</body.content></body></nitf>".encode()
    outcome = WORKER.run([Task(1, "", data, "nitf")])[0]
    if outcome.broken is None:  # a "</p>" may stand before its "<p>"
        repaired("nitf", data)


RUNS = st.lists(
    st.sampled_from(
        [run("He met SH.BA on "), run("Monday ", "<w:b/>"), run("."), run("full"), run(" -scale war ", "<w:i/>"),
         run(" would would go .", space=""), run("R&amp;D é🙂 "), "<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>",
         "<w:ins w:id='1' w:author='x'>" + run("one officials ") + "</w:ins>",
         "<w:del w:id='2' w:author='x'><w:r><w:delText>gone .</w:delText></w:r></w:del>",
         "<w:r><w:instrText>SH.BA .</w:instrText></w:r>", "<w:bookmarkStart w:id='3' w:name='x'/>"]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(RUNS, max_size=3))
def test_any_word_document_changes_only_where_the_edits_say_so(paragraphs: list[str]) -> None:
    data = word(*paragraphs)
    result, outcome = repaired("docx", data)
    with zipfile.ZipFile(BytesIO(data)) as one, zipfile.ZipFile(BytesIO(result)) as other:
        differ = [name for name in one.namelist() if one.read(name) != other.read(name)]
        assert one.namelist() == other.namelist() and differ == ["word/document.xml"] * bool(outcome.words and differ)
        assert bool(differ) is any(change.splices for change in outcome.changes)


@UNHURRIED
@given(SOUP, st.sampled_from(["txt", "md"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_text_changes_only_where_the_edits_say_so(soup: str, kind: FormatName, end: str) -> None:
    text = soup.replace("\x00", "> ").replace("\n", end)
    repaired(kind, text.encode())
    repaired("fields", json.dumps({"text": text, "id": "x .", "title": None}).encode())


@UNHURRIED
@given(SOUP, st.lists(st.tuples(st.integers(0, 200), st.integers(0, 5), st.sampled_from(["", "x", "& <"])), max_size=4))
def test_edits_have_their_way_back_or_none(soup: str, wanted: list[tuple[int, int, str]]) -> None:
    # next to a bare "<" or "&" new text can become markup: `lead_back` proves its edits by reading again
    page = re.sub(r"<(?=[<&/ \n]|$)|</(?=$|[^a-z])|<(?!/?[a-z!?])|&(?!#?\w+;)", "", soup.replace("\x00", "> "))
    reader = format_of("html")
    (part,) = reader.read(page.encode())
    text = part.view.text
    for start, length, new in wanted:
        start = min(start, len(text))
        edit = Edit(Span(start, min(start + length, len(text))), new)
        try:
            back = part.view.back(edit)
        except Unmappable:
            continue
        changed = apply(page, [back])
        assert changed[: back.span.start] == page[: back.span.start]
        (again,) = reader.read(changed.encode())
        # white space at the border of what is put in flows into what is around it
        assert FLOW.sub("", again.view.text) == FLOW.sub("", apply(text, [edit]))


@UNHURRIED
@given(st.binary(max_size=300), st.sampled_from(["txt", "md", "html", "ninjs", "nitf", "docx", "fields"]))
def test_any_bytes_are_an_article_or_one_clear_error(data: bytes, kind: FormatName) -> None:
    outcome = WORKER.run([Task(1, "", data, kind)])[0]
    assert outcome.broken is None or not outcome.broken.startswith("an error in repair")
