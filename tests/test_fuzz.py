"""All formats: edits lie in English prose alone, and what is quoted, code or foreign never changes."""

from __future__ import annotations

import json
import re
from html import escape
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import odt
from repairing import WORKER
from word import run, word

from repair.batch.parquet import Parquet
from repair.batch.work import Task
from repair.formats import FORMATS, FormatName, format_of, splice
from repair.formats.view import Splice

PROSE = ["He met the the man .", "One officials said so on Monday .", "They would would go , he said .", "Fine words."]
KEPT = ["the the man .", "they would would go .", "Es war war so ."]
IN_HTML = ["<q>{}</q>", "<code>{}</code>", "<span lang=de>{}</span>", "<!-- {} -->", "<a title='{}'>x</a>"]
IN_XHTML = [
    "<q>{}</q>",
    "<code>{}</code>",
    "<em xml:lang='de'>{}</em>",
    "<b translate='no'>{}</b>",
    "<!-- {} -->",
    "<a title='{}'>x</a>",
    "<script>{}</script>",
    "<button>{}</button>",
    "<sup>{}</sup>",
]
WRAPPERS: dict[str, list[str]] = {
    "html": ["<q>{}</q>", "<code>{}</code>", "<span lang=de>{}</span>", "<b translate=no>{}</b>", "<!-- {} -->",
             "<a title='{}'>x</a>", "<script>{}</script>", "<button>{}</button>", "<sup>{}</sup>"],
    "md": ["`{}`", "“{}”", "<a title='{}'>x</a>", "<!-- {} -->", "``{}``", "<q>{}</q>"],
    "nitf": ["<q>{}</q>", "<em xml:lang='de'>{}</em>", "<!-- {} -->", "<a href='{}'>x</a>"],
    "txt": ["“{}”", "`{}`", "<q>{}</q>", "<!-- {} -->"],
    "fields": ["“{}”", "`{}`", "<q>{}</q>", "<!-- {} -->"],
    "docx": ["DE{}"],
    "ninjs": IN_HTML,
    "rss": IN_HTML,
    "rdf": IN_HTML,
    "atom": IN_HTML,
    "xhtml": IN_XHTML,
    "newsml": IN_XHTML,
    "xliff": ["“{}”", "<ph>{}</ph>", "<mrk translate='no'>{}</mrk>",
              "<mrk mtype='protected'>{}</mrk>", "<!-- {} -->", "<g id='{}'>x</g>", "<?x {} ?>"],
    "tmx": ["“{}”", "<ph>{}</ph>", "<bpt i='1'>{}</bpt>", "<!-- {} -->"],
    "odt": ["<text:span text:style-name='DE'>{}</text:span>", "<text:date>{}</text:date>", "<!-- {} -->",
            "<text:span text:style-name='Source_20_Text'>{}</text:span>", "<text:a href='{}'>x</text:a>",
            "<office:annotation><text:p>{}</text:p></office:annotation>"],
    "icml": ["<Note>{}</Note>", "<Change ChangeType='DeletedText'><Content>{}</Content></Change>", "<!-- {} -->",
             "<CharacterStyleRange AppliedLanguage='$ID/German'><Content>{}</Content></CharacterStyleRange>"],
    "subtitles": ["“{}”", "`{}`", "<q>{}</q>", "\n\nNOTE {}\n\n3\n00:00:01,000 --> 00:00:02,000\n"],
}  # fmt: skip


XML_OF = {
    "nitf": "<nitf><head><title>⟦the the .⟧</title></head><body><body.content>{}</body.content></body></nitf>",
    "rss": "<rss><channel><item><link>⟦the the .⟧</link><description>{}</description></item></channel></rss>",
    "rdf": "<RDF><item about='⟦the the .⟧'><description>{}</description></item></RDF>",
    "atom": "<feed><entry><id>⟦the the .⟧</id><content type='html'>{}</content></entry></feed>",
    "xhtml": "<feed><entry><id>⟦the the .⟧</id><content type='xhtml'><div>{}</div></content></entry></feed>",
    "newsml": "<newsItem><inlineXML><html><head><title>⟦the the .⟧</title></head><body>{}</body></html></inlineXML>"
    "</newsItem>",
    "xliff": "<xliff version='1.2'><file target-language='en'>{}</file></xliff>",
    "tmx": "<tmx><body>{}</body></tmx>",
    "icml": "<Document><Properties><Label>⟦the the .⟧</Label></Properties><Story>{}</Story></Document>",
}
LINE_OF = {
    "icml": "<ParagraphStyleRange><Content>{}</Content></ParagraphStyleRange>",
    "xliff": "<trans-unit><source>⟦the the .⟧</source><target>{}</target></trans-unit>",
    "tmx": "<tu><tuv xml:lang='de'><seg>⟦the the .⟧</seg></tuv><tuv xml:lang='en'><seg>{}</seg></tuv></tu>",
}


def in_xml(shape: str, lines: list[str]) -> bytes:
    """The lines in a document of XML of this shape; in feeds as escaped HTML."""
    body = "".join(LINE_OF.get(shape, "<p>{}</p>").format(line) for line in lines)
    return XML_OF[shape].format(escape(body) if shape in ("rss", "rdf", "atom") else body).encode()


def in_json(shape: int, lines: list[str]) -> bytes:
    """The lines as HTML in an article of ninjs, of ANS, or in a post of WordPress."""
    page = "".join(f"<p>{line}</p>\n" for line in lines)
    articles: list[dict[str, object]] = [
        {"uri": "⟦the the .⟧", "byline": "⟦the the .⟧", "body_xhtml": page},
        {"_id": "⟦the the .⟧", "content_elements": [{"type": "text", "content": line} for line in lines]},
        {"slug": "⟦the the .⟧", "title": {"rendered": "Talks"}, "content": {"rendered": page}},
    ]
    return json.dumps(articles[shape % 3], ensure_ascii=False, indent=shape // 3).encode()


def article(shape: str, pieces: list[tuple[str, str, int]]) -> tuple[FormatName, bytes]:
    """Paragraphs of prose, each with something in it that is to be kept, marked by ⟦ and ⟧ for finding it again."""
    return shape if shape in FORMATS else "nitf", _article(shape, pieces)


def _article(kind: str, pieces: list[tuple[str, str, int]]) -> bytes:
    wrappers = WRAPPERS[kind]
    made = [(prose, kept, wrappers[number % len(wrappers)]) for prose, kept, number in pieces]
    if kind == "docx":
        return word(*(run(f"{p} ") + run(f"⟦{k}⟧", '<w:lang w:val="de-DE"/>') + run(f" {p}") for p, k, _ in made))
    lines = [f"{prose} {wrapper.format(f'⟦{kept}⟧')} {prose}" for prose, kept, wrapper in made]
    if kind == "icml":  # text stands in elements of its own
        inside = "</Content>{}<Content>".format
        lines = [f"{prose} {inside(wrapper.format(f'⟦{kept}⟧'))} {prose}" for prose, kept, wrapper in made]
    if kind == "html":
        return "".join(f"<p>{line}</p>\n" for line in lines).encode()
    if kind in XML_OF:
        return in_xml(kind, lines)
    if kind == "odt":
        return odt("".join(f"<text:p>{line}</text:p>" for line in lines))
    if kind == "ninjs":
        return in_json(pieces[0][2], lines)
    if kind == "fields":
        return json.dumps({"text": "\n\n".join(lines), "note": "⟦the the .⟧"}, ensure_ascii=False).encode()
    if kind == "subtitles":
        times = "00:00:01,000 --> 00:00:02,000"
        return "".join(f"{i}\n{times}\n{line}\n\n" for i, line in enumerate(lines, start=1)).encode()
    return "\n\n".join(lines).encode()


@settings(deadline=None, max_examples=120)
@given(
    st.sampled_from(list(WRAPPERS)),
    st.lists(st.tuples(st.sampled_from(PROSE), st.sampled_from(KEPT), st.integers(0, 8)), min_size=1, max_size=4),
)
def test_edits_lie_in_english_prose_alone(shape: str, pieces: list[tuple[str, str, int]]) -> None:
    kind, data = article(shape, pieces)
    after, splices = repaired(kind, data)
    if not splices:
        assert after == data
        assert "He met the the man ." not in [prose for prose, _, _ in pieces]


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(PROSE), st.sampled_from(KEPT), st.integers(0, 3)), min_size=1, max_size=2),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 3),
)
def test_edits_in_parquet_lie_in_english_prose_alone(rows: list[list[tuple[str, str, int]]], group: int) -> None:
    cells = [json.loads(_article("fields", pieces))["text"] for pieces in rows]
    kept = {"id": [f"⟦the the .⟧ {i}" for i in range(len(cells) + 1)], "n": range(len(cells) + 1)}
    texts = pa.array([*cells, None], pa.string())
    table = pa.table({"text": texts, **kept}).replace_schema_metadata({"note": "the the ."})
    stream, target = BytesIO(), BytesIO()
    pq.write_table(table, stream, row_group_size=group)
    container = Parquet(("text",))
    made = {one.key: repaired(one.format, one.data)[0] for one in container.articles(stream)}
    container.rebuild(stream, target, lambda key, data: made[key])
    after = pq.read_table(target)
    assert after.drop("text").equals(table.drop("text"), check_metadata=True)
    assert after["text"].to_pylist() == [json.loads(row)["text"] for row in made.values()]
    assert not any("He met the the man ." in (cell or "") for cell in after["text"].to_pylist())


def repaired(kind: FormatName, data: bytes) -> tuple[bytes, list[Splice]]:
    """The article after the safe repairs, with these; all that is marked or stands outside of edits stays."""
    reader = format_of(kind)
    outcome = WORKER.run([Task(1, "", data, kind)])[0]
    splices = [one for change in outcome.changes for one in change.splices]
    after = splice(reader, data, splices)
    before_sources, after_sources = reader.sources(data), reader.sources(after)
    for member, source in before_sources.items():
        changed = after_sources[member]
        assert re.findall("⟦[^⟧]*⟧", changed) == re.findall("⟦[^⟧]*⟧", source)
        assert outside(source, splices, member) == outside_after(changed, splices, member)
    return after, splices


def outside(source: str, splices: list[Splice], member: str) -> list[str]:
    """What stands between the edits of a source."""
    parts, at = [], 0
    for one in sorted(s for s in splices if s.member == member):
        parts.append(source[at : one.start])
        at = one.start + len(one.before)
    return [*parts, source[at:]]


def outside_after(source: str, splices: list[Splice], member: str) -> list[str]:
    parts, at, shift = [], 0, 0
    for one in sorted(s for s in splices if s.member == member):
        parts.append(source[at : one.start + shift])
        at = one.start + shift + len(one.after)
        shift += len(one.after) - len(one.before)
    return [*parts, source[at:]]
