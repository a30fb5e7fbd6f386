"""Views tell what is a block, what is locked and what has a place in a line; edits keep to what they may change."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as WordDocument
from word import run, word

from repair import Config, Repairer
from repair.batch.work import Task, Worker
from repair.cli import main
from repair.edits import Edit
from repair.formats import FormatName, format_of, splice
from repair.formats.view import Unmappable, View
from repair.text import OBJECT, Kind, Span

WORKER = Worker(Repairer(Config(no_model=True)), ("text",))


def view(kind: FormatName, data: str | bytes) -> View:
    return format_of(kind).read(data if isinstance(data, bytes) else data.encode())[0].view


def repaired(kind: FormatName, data: bytes) -> bytes:
    outcome = WORKER.run([Task(1, "", data, kind)])[0]
    assert outcome.broken is None, outcome.broken
    return splice(format_of(kind), data, [one for change in outcome.changes for one in change.splices])


# 2: insertions at the border of a locked range


@pytest.mark.parametrize(
    ("kind", "data", "word", "expected"),
    [
        ("html", "<p>Say <code>x</code> now</p>", "x", "<p>Say <code>x</code>. now</p>"),
        ("html", "<p>He said <q>we go</q> now</p>", "we go", "<p>He said <q>we go</q>. now</p>"),
        ("html", "<p>A note<sup>2</sup> here</p>", "2", "<p>A note<sup>2</sup>. here</p>"),
        ("html", "<p>A <b>note</b> here</p>", "note", "<p>A <b>note.</b> here</p>"),
        ("md", "Say `x` now\n", "`x`", "Say `x`. now\n"),
        ("nitf", "<nitf><body><body.content><p>He said <q>we go</q> now</p></body.content></body></nitf>", "we go",
         "<nitf><body><body.content><p>He said <q>we go</q>. now</p></body.content></body></nitf>"),
    ],
)  # fmt: skip
def test_an_insertion_after_a_locked_range_stands_outside(
    kind: FormatName, data: str, word: str, expected: str
) -> None:
    there = view(kind, data)
    at = there.text.index(word) + len(word)
    back = there.back(Edit(Span(at, at), "."))
    assert data[: back.span.start] + back.text + data[back.span.end :] == expected


@pytest.mark.parametrize(
    "data",
    [
        "<p>Say <code>x</code></p>",
        "<p>He said <q>we go</q></p><p>Next</p>",
        "<p>A note<sup>2</sup></p>",
        "<blockquote><p>We go</p></blockquote>",
        "<blockquote><p>We go</p><p>They go</p></blockquote>",
        "<p><code>x</code><q>we</q></p>",
    ],
)
def test_an_insertion_with_no_place_outside_is_left_to_a_person(data: str) -> None:
    there = view("html", data)
    for lock in there.locks:
        with pytest.raises(Unmappable):
            there.back(Edit(Span(lock.span.end, lock.span.end), "."))


def test_paragraphs_of_a_quotation_are_not_rewritten() -> None:
    data = b"<blockquote><p>We saw the the man .</p>\n<p>He left , we saw .</p></blockquote><p>He saw the the man .</p>"
    assert repaired("html", data) == data.replace(b"<p>He saw the the man .", b"<p>He saw the man.")


# 3: blocks are told apart

HTML_BLOCKS = """<html><head><title>Talks</title></head><body><h2>Head</h2><p>Text<br>line</p>
<ul><li>One<li><p>Two</p></ul><table><caption>Cap</caption><tr><th>A<td>B</tr></table><dl><dt>T<dd>D</dl>
<figure><img src=x><figcaption>Fig</figcaption></figure><blockquote><p>Said</p></blockquote><div>Loose</div></body>
</html>"""
MARKDOWN_BLOCKS = r"""# Head

Text that goes
on here\
after a hard break

- one
- two
  goes on

1. three

| A | B |
|---|---|
| C | D |

> Said

Under
=====

    code
"""


def kinds(there: View) -> list[tuple[Kind, str]]:
    return [(block.kind, " ".join(block.span.of(there.text).split())) for block in there.blocks]


def test_blocks_of_html() -> None:
    assert kinds(view("html", HTML_BLOCKS)) == [
        ("heading", "Talks"), ("heading", "Head"), ("paragraph", "Text"), ("paragraph", "line"), ("item", "One"),
        ("item", "Two"), ("caption", "Cap"), ("cell", "A"), ("cell", "B"), ("item", "T"), ("item", "D"),
        ("caption", "Fig"), ("quote", "Said"), ("paragraph", "Loose"),
    ]  # fmt: skip


def test_blocks_of_markdown() -> None:
    assert kinds(view("md", MARKDOWN_BLOCKS)) == [
        ("heading", "# Head"), ("paragraph", "Text that goes on here\\"), ("paragraph", "after a hard break"),
        ("item", "- one"), ("item", "- two goes on"), ("item", "1. three"), ("cell", "| A | B |"),
        ("cell", "| C | D |"), ("quote", "> Said"), ("heading", "Under"), ("code", "code"),
    ]  # fmt: skip


def test_blocks_of_word() -> None:
    styled = '<w:pPr><w:pStyle w:val="{}"/></w:pPr>'
    data = word(
        styled.format("Heading1") + run("Head"),
        styled.format("Caption") + run("Cap"),
        styled.format("ListBullet") + run("One"),
        "<w:pPr><w:numPr/></w:pPr>" + run("Two"),
        styled.format("IntenseQuote") + run("Said"),
        run("Text"),
    )
    expected = [("heading", "Head"), ("caption", "Cap"), ("item", "One"), ("item", "Two"), ("quote", "Said")]
    assert kinds(view("docx", data)) == [*expected, ("paragraph", "Text")]


def test_a_document_says_what_block_an_offset_is_in() -> None:
    from repair.segment import read_document

    there = view("html", HTML_BLOCKS)
    document = read_document(there.text, marks=there.marks)
    assert [document.block_at(there.text.index(w)).kind for w in ("Head", "Cap", "Fig", "Loose")] == [
        "heading", "caption", "caption", "paragraph",
    ]  # fmt: skip


@pytest.mark.parametrize("block", ["<h2>{}</h2>", "<li>{}</li>", "<td>{}</td>", "<figure><figcaption>{}</figcaption>"])
def test_no_stop_is_missing_from_what_is_no_paragraph(block: str) -> None:
    line = "They said that the talks about security would go on for a week"
    around = "<p>The leaders of the two countries met on Monday for talks in Paris.</p>" * 4
    assert "rules/missing-stop" in sources(f"{around}<p>{line}</p>{around}")
    assert "rules/missing-stop" not in sources(f"{around}{block.format(line)}{around}")


def sources(page: str) -> set[str]:
    return {found.source for found in WORKER.run([Task(1, "", page.encode(), "html")])[0].findings}


# 4: what is in a line and no text


@pytest.mark.parametrize(
    "inline",
    [
        "<button>Save</button>",
        '<img src="x.png">',
        "<span class=icon></span>",
        "<b class=icon></b>",
        "<my-icon name=save></my-icon>",
        "<svg><path/></svg>",
        "<select></select>",
    ],
)
def test_objects_keep_their_space(inline: str) -> None:
    data = f"<p>Press {inline}, then leave the the room .</p>"
    assert view("html", data).text == f"Press {OBJECT}, then leave the the room ."
    assert repaired("html", data.encode()) == data.replace("the the room .", "the room.").encode()


def test_what_stands_alone_or_is_hidden_has_no_place() -> None:
    data = "<p><img src=x></p><p>One <b></b>two<input type=hidden></p><div><button>x</button></div>"
    assert view("html", data).text == "One two"


# 5: what the archive protects, the command line protects


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", "<p>He met the the man .</p><p title=\"the the man .\">Say <code>the the .</code></p>"),
        ("a.html", f"<p>He met the the man .</p><p data-x='{'the the . ' * 900}'>Fine.</p>"),
        ("a.html", "<p>He met the the man .</p><!-- one -- > the the . -->"),
        ("a.html", "<p>He met the the man .</p><!-- the the ."),
        ("a.html", "<p>He met the the man .</p><blockquote>We met the the man .</blockquote>"),
        ("a.md", "He met the the man .\n\n> We met the the man .\nWe saw the the man .\n"),
        ("a.md", "He met the the man .\n\n    the the .\n\nSay `the\nthe the .` now.\n"),
        ("a.md", "---\ntitle: the the .\n---\nHe met the the man .\n"),
        ("a.md", f"He met the the man .\n\n<p title='{'the the . ' * 900}'>\n"),
    ],
)  # fmt: skip
def test_the_command_line_protects_what_the_archive_protects(tmp_path: Path, name: str, data: str) -> None:
    path = tmp_path / name
    path.write_text(data, encoding="utf-8")
    assert main(["fix", "--no-model", "--in-place", "--exit-zero", str(path)]) == 0
    expected = data.replace("He met the the man .", "He met the man.")
    assert path.read_text(encoding="utf-8") == expected
    kind: FormatName = "md" if name.endswith("md") else "html"
    assert repaired(kind, data.encode()) == expected.encode()


def test_raw_text_with_a_long_tag_is_left_alone_inside_it() -> None:
    text = f"<p title='{'the the . ' * 900}'>He met the the man .</p>"
    report = Repairer(Config(no_model=True)).fix(text)
    assert report.output == text.replace("He met the the man", "He met the man")


def test_findings_are_shown_where_they_stand_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"<h1>Talks</h1>\n<p>He met <b>the the</b> man&nbsp;.</p>\n")
    assert main(["check", "--no-model", "--format", "rdjson", str(path)]) == 1
    assert re.search(r'"start":\s*\{\s*"line":\s*2,\s*"column":\s*14', capsys.readouterr().out)


def test_a_word_document_is_fixed_in_place(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(word(run("He met the the man .")))
    assert main(["fix", "--no-model", "--in-place", "--exit-zero", str(path)]) == 0
    assert [p.text for p in WordDocument(str(path)).paragraphs] == ["He met the man."]
    before = path.read_bytes()
    assert main(["fix", "--no-model", "--in-place", "--exit-zero", str(path)]) == 0
    assert path.read_bytes() == before


def test_a_file_without_an_article_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'{"version": 2}')
    assert main(["check", "--no-model", str(path)]) == 2
    assert "no article of a kind that is read" in capsys.readouterr().err


# 6: Word


def test_equations_are_left_alone() -> None:
    formula = "<m:oMath><m:r><m:t>the the .</m:t></m:r></m:oMath>"
    data = word(run("He met ") + formula + run(", and the the man ."))
    assert view("docx", data).text == f"He met {OBJECT}, and the the man ."
    assert repaired_words(data) == ["He met ", ", and the man."]


def test_a_symbol_has_its_place() -> None:
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'
    data = word(run("Press ") + symbol + run(", and leave the the room ."))
    assert view("docx", data).text == f"Press {OBJECT}, and leave the the room ."
    assert repaired_words(data) == ["Press ", ", and leave the room."]


def test_what_nitf_has_in_a_line_and_is_not_read_has_its_place() -> None:
    address = "<virtloc>the the .</virtloc>"
    data = f"<nitf><body><body.content><p>See {address}, then leave the the room .</p></body.content></body></nitf>"
    assert view("nitf", data).text == f"See {OBJECT}, then leave the the room ."
    assert repaired("nitf", data.encode()).decode() == data.replace("the the room .", "the room.")


def test_both_copies_of_a_text_box_are_repaired() -> None:
    def box(text: str) -> str:
        return f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"

    def shapes(new: str, old: str) -> str:
        choice = f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box(new)}</wps:txbx></w:drawing></mc:Choice>'
        return (
            f"<w:r><mc:AlternateContent>{choice}<mc:Fallback><w:pict>{box(old)}</w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )

    data = word(run("Text.") + shapes("We met the the man .", "We met the the man ."))
    assert [part.view.text for part in format_of("docx").read(data)] == [f"Text.{OBJECT}", "We met the the man ."]
    assert repaired_words(data) == ["Text.", "We met the man.", "We met the man."]


def test_passages_in_another_language_in_word() -> None:
    data = word(run("Es war war so . ", '<w:lang w:val="de-DE"/>') + run("He met the the man ."))
    assert repaired_words(data) == ["Es war war so . ", "He met the man."]


def repaired_words(data: bytes) -> list[str]:
    """The texts of the runs of a repaired document, equations left out."""
    with zipfile.ZipFile(BytesIO(repaired("docx", data))) as package:
        return re.findall(r"<w:t[ >][^<>]*>?([^<>]+)</w:t>", package.read("word/document.xml").decode())
