"""Feeds and exports of WordPress: titles and texts are read as HTML, everything else stays byte for byte."""

from __future__ import annotations

import pytest

from repair import Config, Repairer
from repair.batch.work import Task, Worker
from repair.formats import format_name, format_of, splice

WORKER = Worker(Repairer(Config(no_model=True)), ("text",))
RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>
<language>en</language><link>http://example.org/the the .</link>
<item><title>Talks on trade</title><author>the the .</author>
<description>&lt;p&gt;He met the the man .&lt;/p&gt;&lt;q&gt;the the .&lt;/q&gt;</description>
<content:encoded><![CDATA[<p>He met the the man .</p><p title="the the .">He &amp; <b>she</b> left .</p>]]>
</content:encoded></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry xml:lang="en"><title>Talks</title>
<id>the the .</id><author><name>the the .</name></author><summary>He met the the man .</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>He left .</p><p>She left .</p></div></content>
</entry><entry><content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:blockquote><h:p>We left
.</h:p></h:blockquote><h:p>See <h:img/>, then <h:code>the the .</h:code> and <h:i xml:lang="de">war war so .</h:i> and
<h:b class="notranslate">the the .</h:b> or <h:q>the the .</h:q></h:p><h:script>the the .</h:script><h:p>He met the
<h:br/>the man .</h:p></h:div></content>
</entry><entry xml:lang="de"><title>Es war war so .</title></entry></feed>"""


def repaired(data: str) -> str:
    outcome = WORKER.run([Task(1, "", data.encode(), "nitf")])[0]
    assert outcome.broken is None
    splices = [one for change in outcome.changes for one in change.splices]
    return splice(format_of("nitf"), data.encode(), splices).decode()


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="the the ."><title>News</title>
<dc:language>en</dc:language><items><rdf:Seq><rdf:li resource="the the ."/></rdf:Seq></items></channel>
<image><title>the the .</title></image><item rdf:about="x"><title>Talks</title><dc:creator>the the .</dc:creator>
<description>He met the the man .</description></item></rdf:RDF>"""


@pytest.mark.parametrize("data", [RSS, ATOM, RDF])
def test_only_the_text_changes(data: str) -> None:
    expected = data.replace("He met the the man .", "He met the man.").replace(" left .", " left.")
    expected = expected.replace("<h:br/>the man .", "<h:br/>the man.")
    assert repaired(data) == expected


def test_the_texts_of_a_feed() -> None:
    assert {part.name: part.view.text for part in format_of("nitf").read(RSS.encode())} == {
        "title[1]": "News",
        "title[2]": "Talks on trade",
        "description[1]": "He met the the man .\n\nthe the .",
        "encoded[1]": "He met the the man .\n\nHe & she left .",
    }
    parts = [part.view.text for part in format_of("nitf").read(ATOM.encode())]
    assert parts[3] == "He left .\n\nShe left ."
    assert parts[4].startswith("We left .\n\nSee \ufffc, then the the . and war war so . and")
    assert parts[4].endswith("the the .\n\nHe met the\nthe man .")


@pytest.mark.parametrize("feed", [RSS, RDF])
def test_a_channel_in_another_language_is_left_alone(feed: str) -> None:
    data = feed.replace("language>en<", "language>de-at<")
    assert repaired(data) == data != feed


@pytest.mark.parametrize("name", ["a.rss", "a.atom", "a.xml"])
def test_names_of_feeds(name: str) -> None:
    assert format_name(name) == "nitf"
