"""Formats that newsrooms exchange: what is read of each, and that all else stays byte by byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from repair import Config, Repairer
from repair.batch.work import Task, Worker
from repair.cli import main
from repair.formats import FormatName, format_name, format_of, splice

WORKER = Worker(Repairer(Config(no_model=True)), ("text",))

G2_NITF = """<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="en">
<contentMeta><headline>Talks , at last</headline><slugline>the the .</slugline></contentMeta><contentSet><inlineXML>
<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head><byline>the the .</byline></body.head>
<body.content><p>He met the the man .</p></body.content></body></nitf></inlineXML></contentSet></newsItem>"""
G2_XHTML = """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem><contentMeta>
<headline xml:lang="de">Es war war so .</headline></contentMeta><contentSet><inlineXML>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>the the .</title></head><body><h1>Talks</h1>
<p>He met the the man .</p><blockquote><p>We met the the man .</p></blockquote></body></html></inlineXML></contentSet>
</newsItem></itemSet></newsMessage>"""
PRE = """<nitf><body><body.content><pre>
  He met the the man in the old town
of Paris and left on Monday .

  Then he went home .
</pre></body.content></body></nitf>"""
NINJS = '{"guid": "tag:x", "language": "en", "headline": "Talks", "body_html": "<p>He met the the man .</p>"}'
NINJS_DE = NINJS.replace('"en"', '"de"').replace("He met the the man", "Es war war so")
ANS = """{"version": "0.10.9", "type": "story", "language": "en-GB", "headlines": {"basic": "He met the the man ."},
"content_elements": [{"type": "text", "_id": "the the .", "content": "He <b>met the the</b> man ."},
{"type": "quote", "content_elements": [{"type": "text", "content": "We met the the man ."}]},
{"type": "raw_html", "content": "<script>the the .</script>"},
{"type": "list", "items": [{"type": "text", "content": "They saw the the man ."}]}]}"""
WORDPRESS = """{"id": 1, "slug": "the the .", "title": {"rendered": "Talks"}, "guid_": {"rendered": "the the ."},
"content": {"rendered": "<p>He met the the man .</p>\\n<blockquote>We met the the man .</blockquote>"}}"""
G2_PLAIN = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="en"><itemMeta><title>the the .</title>
</itemMeta><contentMeta><description role="drol:summary">He met the the man .</description></contentMeta><assert>
<description>the the .</description></assert><contentSet><inlineData contenttype="text/plain">They met the the man
in town .

Then he went home .</inlineData><inlineData contenttype="text/plain" encoding="base64">the the .</inlineData>
<inlineData contenttype="application/json">the the .</inlineData></contentSet></newsItem>"""
NEWSML_1 = """<NewsML Version="1.2"><NewsItem><NewsComponent><NewsLines><HeadLine>Talks with the the man .</HeadLine>
<ByLine>the the .</ByLine></NewsLines><ContentItem><DataContent><nitf><body><body.content><p>He met the the man .</p>
</body.content></body></nitf></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"""
WRAPPED = """<e:Envelope xmlns:e="x"><e:Head>the the .</e:Head><e:Body><nitf><head><title>the the .</title></head><body>
<body.content><p>He met the the man .</p></body.content></body></nitf><p>the the .</p></e:Body></e:Envelope>"""
ANS_PICTURES = """{"content_elements": [{"type": "image", "caption": "He met the the man .", "credit": "the the ."},
{"type": "table", "header": [{"type": "text", "content": "Of the the man ."}], "rows": [[{"type": "text",
"content": "In the the town ."}]]}], "promo_items": {"basic": {"type": "image", "caption": "At the the end ."}}}"""
SRT = """1
00:00:01,000 --> 00:00:02,000
He met the the man .

2
00:00:02,000 --> 00:00:03,500
- Then he
went home .
"""
VTT = """WEBVTT the the .

NOTE the the .

STYLE
::cue { color: red }

one.the the
00:01.000 --> 00:02.000 align:left
He met the the man .
"""


@pytest.mark.parametrize(
    ("kind", "data", "edits"),
    [
        ("nitf", G2_NITF, {"Talks ,": "Talks,", "met the the man .": "met the man."}),
        ("nitf", G2_XHTML, {"<p>He met the the man .": "<p>He met the man."}),
        ("nitf", PRE, {"the the man": "the man", "Monday .": "Monday.", "home .": "home."}),
        ("ninjs", NINJS, {"the the man .": "the man."}),
        ("ninjs", NINJS_DE, {}),
        ("ninjs", ANS, {
            "He met the the man .": "He met the man.", "met the the</b> man .": "met the</b> man.",
            "They saw the the man .": "They saw the man.",
        }),
        ("ninjs", WORDPRESS, {"<p>He met the the man .": "<p>He met the man."}),
        ("nitf", G2_PLAIN, {
            "He met the the man .": "He met the man.", "They met the the man": "They met the man", "town .": "town.",
            "home .": "home.",
        }),
        ("nitf", NEWSML_1, {"the the man .": "the man."}),
        ("nitf", WRAPPED, {"the the man .": "the man."}),
        ("ninjs", f"[{NINJS}, {WORDPRESS}]", {"<p>He met the the man .": "<p>He met the man."}),
        ("ninjs", ANS_PICTURES, {
            "met the the man .": "met the man.", "Of the the man .": "Of the man.", "In the the town .": "In the town.",
            "At the the end .": "At the end.",
        }),
        ("subtitles", SRT, {"the the man .": "the man.", "home .": "home."}),
        ("subtitles", VTT, {"met the the man .": "met the man."}),
        ("md", "[12:30]: He met the the man .\n", {"the the man .": "the man."}),
        ("md", "He left.[^1]\n\n[^1]: He met the the man .\n", {"the the man .": "the man."}),
        ("md", '[a]: https://example.org/the "the the ."\n[b]: <the the .>\n', {}),
    ],
)  # fmt: skip
def test_what_is_read_and_what_stays(kind: FormatName, data: str, edits: dict[str, str]) -> None:
    outcome = WORKER.run([Task(1, "", data.encode(), kind)])[0]
    assert outcome.broken is None
    result = splice(format_of(kind), data.encode(), [one for change in outcome.changes for one in change.splices])
    expected = data
    for old, new in edits.items():
        assert old in expected
        expected = expected.replace(old, new)
    assert result.decode() == expected


def test_paragraphs_of_preformatted_nitf_are_told_apart() -> None:
    text = format_of("nitf").read(PRE.encode())[0].view.text
    assert text == "He met the the man in the old town of Paris and left on Monday .\n\nThen he went home ."


def test_other_xml_has_no_text() -> None:
    assert format_of("nitf").read(b"<rss><channel><headline>x .</headline></channel></rss>") == []
    assert format_name("a.VTT") == format_name("a.srt") == "subtitles"
    assert format_name("a.rdf") == "nitf"


def test_a_list_of_which_one_is_no_article_has_no_text() -> None:
    assert format_of("ninjs").read(f"[{NINJS}, {{}}]".encode()) == format_of("ninjs").read(b"[]") == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_markup_in_utf_16_may_lack_its_mark(encoding: str) -> None:
    for kind, around in (("html", "<p>{}</p>"), ("nitf", "<nitf><body><body.content>{}</body.content></body></nitf>")):
        data = around.format("He met the the man .").encode(encoding)
        outcome = WORKER.run([Task(1, "", data, kind)])[0]
        result = splice(format_of(kind), data, [one for change in outcome.changes for one in change.splices])
        assert result == around.format("He met the man.").encode(encoding)


@pytest.mark.parametrize("name", ["a.rtf", "a.PDF", "a.fodt"])
def test_a_kind_that_is_not_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"<rss><title>the the .</title></rss>")
    assert main(["fix", "--no-model", "--in-place", str(path)]) == 2
    assert path.read_bytes() == b"<rss><title>the the .</title></rss>"
    assert "this kind of file is not read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.jsonl", "with --jsonl"),
        ("a.zip", "repair batch"),
        ("a.txt.gz", "repair batch"),
        ("a.PARQUET", "with --jsonl"),
    ],
)
def test_an_archive_is_not_read_as_one_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, reason: str
) -> None:
    path = tmp_path / name
    path.write_text('{"id": "the the .", "text": "He met the the man ."}', encoding="utf-8")
    assert main(["fix", "--no-model", "--in-place", str(path)]) == 2
    assert reason in capsys.readouterr().err
    assert "the the man ." in path.read_text(encoding="utf-8")
