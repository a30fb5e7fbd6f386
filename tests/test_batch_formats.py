"""Formats of an archive: only text is read, edits come back to where it stands, and every other byte stays."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from docx import Document as WordDocument
from repairing import WORKER, repaired, texts
from word import run, word

from repair.batch.work import Found, Outcome, Task
from repair.edits import Edit
from repair.formats import FormatName, format_of, splice
from repair.formats.errors import FormatError
from repair.formats.view import Splice, Unmappable
from repair.text import Span

NITF = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/IPTC/NITF/3.5/specification/dtd/nitf-3-5.dtd">
<!-- built after the examples in IPTC's documentation of NITF 3.5 -->
<nitf version="-//IPTC//DTD NITF 3.5//EN">
  <head><title>SH.BA .</title><docdata><doc-id id-string="x.SH.BA"/></docdata></head>
  <body>
    <body.head>
      <hedline><hl1>Talks on trade</hl1></hedline>
      <byline>By <person>SH.BA .</person></byline><dateline><location>TIRANA .</location></dateline>
    </body.head>
    <body.content>
      <block>
        <p>The minister met <org idsrc="x" value="y">SH.BA</org> on&nbsp;Mon&amp;day,
           a Monday .</p>
        <p><![CDATA[A full -scale war & more.]]></p>
        <bq><block><p>We met SH.BA .</p></block></bq>
        <media media-type="image"><media-reference source="SH.BA .jpg"/><media-caption>A day .</media-caption></media>
      </block>
    </body.content>
  </body>
</nitf>
"""
NINJS_1 = r"""{
  "uri": "http://example.org/SH.BA .", "type": "text", "versioncreated": "2026-11-03T10:00:00Z", "byline": "A .",
  "headline": "Talks with SH.BA on Monday begin", "description_text": "A day \u2013 on Monday .",
  "body_text" : "He met SH.BA on Monday .\nMore .",
  "body_xhtml": "<p>He met <b class=\"x\">SH.BA<\/b> &amp; co .</p>",
  "subject": [{"name": "SH.BA ."}], "place": [],
  "associations": {"main": {"uri": "u", "type": "picture", "headline": "A day .", "copyrightholder": "SH.BA ."}}
}"""
NINJS_3 = (
    '{"uri":"x","headlines":[{"role":"main","value":"A day ."}],"bodies":['
    '{"role":"a","contentType":"text/plain","charcount":7,"value":"A < day ."},'
    '{"role":"b","contentType":"application/xhtml+xml","value":"<div><p>A &lt; day .</p></div>"}],'
    '"associations":[{"uri":"y","descriptions":[{"value":"A day ."}]}],"by":"A ."}'
)
HTML = """<!DOCTYPE html><html lang=en><head><meta charset="utf-8"><title>A day .</title>
<script>var a = "x .";</script><style>a {} .b {}</style></head>
<BODY onload="go('x .')"><h1>Talks</H1><!-- x . --><p title="x .">The <b>minister</b> met&nbsp;<i>SH.BA</i> on
      Monday . A <a href="x .">full</a> -scale &amp; &quot;war&quot;.<p>Unclosed &mdash; on Monday .<br>1 < 2 .
<blockquote><p>We met SH.BA .</p></blockquote><pre>x .</pre><p>Say <code>x .</code> now .
<!-- repair: off --><p>As it was .</p><!-- repair: on --><ul><li>One .<li>Two .</ul></BODY></html>
"""


def about(outcome: Outcome, kind: FormatName, data: bytes, *stretches: str) -> list[Found]:
    """What was found at the first full stop of each of these stretches of the text."""
    (text,) = texts(kind, data)
    places = [text.index(stretch) + stretch.index(".") for stretch in stretches]
    return [one for one in outcome.findings if any(one.start <= place <= one.end for place in places)]


def test_plain_text_keeps_line_ends_and_mark() -> None:
    data = "\ufeffHe met SH.BA on Monday .\r\n\r\nFine 🙂\r".encode()
    assert repaired("txt", data)[0] == "\ufeffHe met the US on Monday.\r\n\r\nFine 🙂\r".encode()


def test_markdown_leaves_code_and_quotations_alone() -> None:
    data = b"# A day .\n\n    indented code .\n\n> Quoted .\n\n`x .` and [a](b .c) on Monday .\n\n<div>\nx .\n</div>\n"
    result, outcome = repaired("md", data)
    changed = data.replace(b"# A day .", b"# A day.").replace(b"Monday .", b"Monday.")
    assert result == changed
    refused = [change.reason for change in outcome.changes if not change.splices]
    assert any("quotation" in reason for reason in refused)
    assert not about(outcome, "md", data, "indented code .", "`x .`", "x .\n</div>")


def test_html_text_nodes_only() -> None:
    result, outcome = repaired("html", HTML.encode())
    expected = (
        HTML.replace("<title>A day .", "<title>A day.")
        .replace("<i>SH.BA</i>", "<i>the US</i>")
        .replace("Monday .", "Monday.")
        .replace("</a> -scale", "</a>-scale")
        .replace("1 < 2 .", "1 < 2.")
        .replace("now .", "now.")
        .replace("One .", "One.")
        .replace("Two .", "Two.")
    )
    assert result.decode() == expected
    reasons = " ".join(change.reason for change in outcome.changes if not change.splices)
    assert "inside a quotation" in reasons
    assert not about(outcome, "html", HTML.encode(), "x . now", "As it was .")


def test_an_edit_across_markup_is_left_to_a_person() -> None:
    data = b"<p>one of the off<b>icial</b>s on Monday</p>"
    part = format_of("html").read(data)[0]
    at = part.view.text.index("officials")
    with pytest.raises(Unmappable, match="crosses markup"):
        part.view.back(Edit(Span(at, at + 9), "men"))


def test_new_characters_are_written_as_the_file_writes_them() -> None:
    latin = '<meta charset="iso-8859-1"><p>caf\xe9 “x”</p>'.encode("cp1252")
    part = format_of("html").read(latin)[0]
    back = part.view.back(Edit(Span(0, 4), "R&D → ”"))
    assert splice(format_of("html"), latin, [Splice("", back.span.start, "café", back.text)]) == (
        '<meta charset="iso-8859-1"><p>R&amp;D &#8594; ” “x”</p>'.encode("cp1252")
    )


def test_bytes_that_are_not_in_the_declared_encoding_are_refused() -> None:
    with pytest.raises(FormatError, match="encoding"):
        texts("html", b'<meta charset="ascii"><p>\x81\xff')
    with pytest.raises(FormatError, match="encoding"):
        texts("nitf", b'<?xml version="1.0" encoding="klingon"?><nitf/>')


def test_json_fields_keep_everything_else() -> None:
    data = rb'{ "id" : 1.50,"text":"A \u0022day\" caf\u00e9 \ud83d\ude42 on Monday .", "title": null, "x":["A ."] }'
    assert repaired("fields", data)[0] == data.replace(b"Monday .", b"Monday.")
    assert texts("fields", b'{"text":"\\ud83d x"}') == ["\ufffd x"]  # half of a pair
    assert texts("fields", b'{"id": ' + b"1" * 5_000 + b', "text": "x"}') == ["x"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"text": "x"', "not valid JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"id": 1}', "no field 'text'"),
        (b'{"text": 1}', "not a text"),
        (b'{"text": "a", "text": "b"}', "twice"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b'{"text": ' + b"[" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_broken_lines_have_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        texts("fields", data)


def test_ninjs_1() -> None:
    result, _ = repaired("ninjs", NINJS_1.encode())
    expected = (
        NINJS_1.replace("with SH.BA", "with the US")
        .replace("met SH.BA", "met the US")
        .replace('\\"x\\">SH.BA', '\\"x\\">the US')
        .replace("Monday .", "Monday.")
        .replace("co .", "co.")
        .replace("More .", "More.")
        .replace("A day .", "A day.")
    )
    assert result.decode() == expected
    json.loads(result)


def test_ninjs_3_and_what_is_no_ninjs() -> None:
    result, _ = repaired("ninjs", NINJS_3.encode())
    assert result.decode() == NINJS_3.replace("day .", "day.")
    assert texts("ninjs", b'{"headline": "A day .", "version": 2}') == []
    assert texts("ninjs", b"[1, 2]") == []


def test_nitf() -> None:
    result, outcome = repaired("nitf", NITF.encode())
    expected = (
        NITF.replace(">SH.BA</org>", ">the US</org>")
        .replace("Monday .", "Monday.")
        .replace("full -scale", "full-scale")
        .replace("A day .", "A day.")
    )
    assert result.decode() == expected
    assert any("quotation" in change.reason for change in outcome.changes)
    assert texts("nitf", b"<settings><page><title>x .</title></page></settings>") == []


def test_nitf_in_other_encodings() -> None:
    for encoding in ("ISO-8859-1", "utf-16"):
        body = "<nitf><body><body.content><p>Né .</p></body.content></body></nitf>"
        data = f'<?xml version="1.0" encoding="{encoding}"?>{body}'
        assert repaired("nitf", data.encode(encoding))[0] == data.replace("é .", "é.").encode(encoding)


def test_entity_bombs_are_refused() -> None:
    body = "<nitf><body><body.content>&b;</body.content></body></nitf>"
    bomb = f'<!DOCTYPE nitf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>{body}'
    with pytest.raises(FormatError, match="entities"):
        texts("nitf", bomb.encode())
    external = '<!DOCTYPE nitf [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf>&a;</nitf>'
    with pytest.raises(FormatError, match="entities"):
        texts("nitf", external.encode())
    with pytest.raises(FormatError, match="well-formed"):
        texts("nitf", b"<nitf><p></nitf>")


def test_word_documents_keep_runs_and_styles() -> None:
    data = word(
        run("The minister met ") + run("SH.BA", "<w:b/>") + run(" on Monday ") + run(".", "<w:i/>"),
        run("full", "<w:b/>") + run(" -scale war") + "<w:r><w:tab/></w:r>" + run("now .", space=""),
        '<w:pPr><w:pStyle w:val="IntenseQuote"/></w:pPr>' + run("We met SH.BA ."),
        "<w:del><w:r><w:delText>gone .</w:delText></w:r></w:del>" + run("kept ") + run("to the the end"),
    )
    result, outcome = repaired("docx", data)
    before, after = WordDocument(BytesIO(data)), WordDocument(BytesIO(result))
    assert [p.text for p in after.paragraphs] == [
        "The minister met the US on Monday.",
        "full-scale war\tnow.",
        "We met SH.BA .",
        "kept to the end",
    ]
    assert [[(r.bold, r.italic) for r in p.runs] for p in after.paragraphs] == [
        [(r.bold, r.italic) for r in p.runs] for p in before.paragraphs
    ]
    assert any("quotation" in change.reason for change in outcome.changes)
    with zipfile.ZipFile(BytesIO(data)) as one, zipfile.ZipFile(BytesIO(result)) as other:
        assert one.namelist() == other.namelist()
        differ = [name for name in one.namelist() if one.read(name) != other.read(name)]
    assert differ == ["word/document.xml"]


def test_text_boxes_are_texts_of_their_own() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Boxed .</w:t></w:r></w:p></w:txbxContent>"
    data = word(run("Before ") + f"<w:r><w:pict>{box}</w:pict></w:r>" + run("after ."))
    assert texts("docx", data) == ["Before \ufffcafter .", "Boxed ."]


@pytest.mark.parametrize(
    ("kind", "data"),
    [("txt", b"\xff"), ("txt", b"a\0b"), ("docx", b"PK"), ("docx", b""), ("nitf", b""), ("ninjs", b"")],
)
def test_damaged_files_are_one_clear_error(kind: FormatName, data: bytes) -> None:
    outcome = WORKER.run([Task(1, "", data, kind)])[0]
    assert outcome.broken and "\n" not in outcome.broken
