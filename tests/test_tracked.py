"""A file after a person's edits, and Word documents with tracked changes and comments: taken, they give the text after
the edits; refused, the text before."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from hypothesis import given, settings
from hypothesis import strategies as st
from word import NAMES, run, word

from repair.cli import main
from repair.edits import Edit, apply, diff
from repair.formats import format_of
from repair.formats.errors import FormatError
from repair.formats.postedit import Comment, open_file
from repair.formats.view import BORDER
from repair.text import Span

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = f"{W}t"
NEW, OLD = ("ins", "moveTo"), ("del", "moveFrom")


def decided(data: bytes, take: bool) -> list[str]:
    """The paragraphs after all changes by "repair" are taken, or refused; all have to be where Word wants them."""
    document: Any = WordDocument(BytesIO(data)).element
    paragraphs = []
    for paragraph in document.body.iter(f"{W}p"):
        words = []
        for node in paragraph.iter(TEXT, f"{W}delText", f"{W}tab"):
            around = [a.tag.removeprefix(W) for a in node.iterancestors() if a.get(f"{W}author") == "repair"]
            assert around in ([], ["ins"], ["del"]) and node.getparent().tag == f"{W}r"
            assert (node.tag == f"{W}delText") == (around == ["del"])
            if around != (["del"] if take else ["ins"]):
                words.append("\t" if node.tag == f"{W}tab" else node.text or "")
        paragraphs.append("".join(words))
    return paragraphs


def replaced(data: bytes, *changes: tuple[str, str], comments: tuple[tuple[str, str], ...] = ()) -> bytes:
    """The document with these words changed, tracked, and comments beside others."""
    file = open_file("a.docx", data)
    edits = [Edit(at(file.text, old), new) for old, new in changes]
    done = file.edited(edits, True, [Comment(at(file.text, words), told) for words, told in comments])
    assert not done.left
    assert open_file("a.docx", done.data).text == apply(file.text, edits)
    return done.data


def at(text: str, words: str) -> Span:
    assert text.count(words) == 1
    return Span(text.index(words), text.index(words) + len(words))


def test_changes_are_taken_or_refused() -> None:
    data = word(
        run("He met the the man &amp; co ."), run("They ") + run("goes", "<w:b/>") + run(" home."), run("Fine.")
    )
    marked = replaced(data, ("the the", "the"), ("& co .", "& Co."), ("goes", "go"))
    assert decided(marked, take=False) == ["He met the the man & co .", "They goes home.", "Fine."]
    assert decided(marked, take=True) == ["He met the man & Co.", "They go home.", "Fine."]


def test_what_is_put_in_has_the_style_of_its_run() -> None:
    marked = replaced(word(run("They ") + run("goes", "<w:b/><w:i/>") + run(" home.")), ("goes", "go"))
    body: Any = WordDocument(BytesIO(marked)).element.body
    (new,) = body.iter(f"{W}ins")
    assert new.find(f".//{W}b") is not None and new.find(f".//{W}i") is not None


def test_words_on_both_sides_of_a_tag_are_changed() -> None:
    marked = replaced(word(run("They goes ho") + run("mes", "<w:b/>") + run(" now.")), ("goes homes", "go home"))
    assert decided(marked, take=True) == ["They go home now."]
    assert decided(marked, take=False) == ["They goes homes now."]


def test_what_else_a_run_holds_stays_in_its_place() -> None:
    inner = "<w:r><w:tab/><w:t>one officials</w:t><w:tab/><w:t>of the the state</w:t></w:r>"
    marked = replaced(word(inner), ("officials", "official"), ("the the", "the"))
    assert decided(marked, take=True) == ["\tone official\tof the state"]
    assert decided(marked, take=False) == ["\tone officials\tof the the state"]


def test_white_space_that_word_does_not_show_stays_hidden() -> None:
    marked = replaced(word(run(" the the man ", space="") + run("left.")), ("the the", "the"))
    assert decided(marked, take=True) == ["the manleft."]


def test_changes_inside_those_of_somebody_else() -> None:
    inner = f'<w:ins w:id="7" w:author="Ann">{run("one officials said")}</w:ins>'
    marked = replaced(word(inner), ("officials", "official"))
    assert decided(marked, take=True) == ["one official said"]
    assert b'w:author="Ann"' in zipfile.ZipFile(BytesIO(marked)).read("word/document.xml")


def test_numbers_are_given_once() -> None:
    inner = f'<w:ins w:id="7" w:author="Ann">{run("one officials said the the word")}</w:ins>'
    marked = replaced(word(inner), ("officials", "official"), ("the the", "the"), comments=(("one", "Who?"),))
    document = zipfile.ZipFile(BytesIO(marked)).read("word/document.xml").decode()
    numbers = re.findall(r'<w:(?:ins|del|commentReference)\b[^<>]*w:id="(\d+)"', document)
    assert len(numbers) == len(set(numbers)) == 5


def test_comments_stand_beside_their_words_and_old_ones_stay() -> None:
    document = WordDocument()
    old = document.add_paragraph("Ann says: ").add_run("look")
    document.add_comment(old, "Mine.", author="Ann", initials="A")
    document.add_paragraph("One <officials> said so.")
    buffer = BytesIO()
    document.save(buffer)
    data_with_comment = buffer.getvalue()
    for data in (data_with_comment, word(run("One &lt;officials&gt; said so."))):
        marked = replaced(data, ("said so", "said"), comments=(("<officials>", "Who & <what>?"), ("One", "Which?")))
        after = WordDocument(BytesIO(marked))
        told = [(comment.author, comment.text) for comment in after.comments]
        own = [("repair", "Who & <what>?"), ("repair", "Which?")]
        assert told == ([("Ann", "Mine."), *own] if data is data_with_comment else own)
        body = zipfile.ZipFile(BytesIO(marked)).read("word/document.xml").decode()
        number = next(c.comment_id for c in after.comments if c.text == "Who & <what>?")
        inside = body.split(f'<w:commentRangeStart w:id="{number}"/>')[1].split(f'<w:commentRangeEnd w:id="{number}"/>')
        assert re.sub("<[^>]+>", "", inside[0]) == "&lt;officials&gt;"


def test_the_same_comment_is_made_once() -> None:
    data = word(run("One officials said so."))
    once = replaced(data, comments=(("officials", "Who?"),))
    assert replaced(once, comments=(("officials", "Who?"),)) == once
    assert len(list(WordDocument(BytesIO(replaced(once, comments=(("officials", "When?"),)))).comments)) == 2


def with_notes(data: bytes) -> bytes:
    """A document with footnotes."""
    notes = "".join(
        f'<w:footnote w:id="{i}"><w:p>{run(text)}</w:p></w:footnote>'
        for i, text in enumerate(("Fine.", "We met the &amp; man ."))
    )
    buffer = BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("word/footnotes.xml", f"<w:footnotes {NAMES}>{notes}</w:footnotes>")
    return buffer.getvalue()


def test_what_is_said_of_boxes_and_notes_stands_where_they_hang() -> None:
    box = f"<w:r><w:pict><w:txbxContent><w:p>{run('Boxed &lt;words&gt;.')}</w:p></w:txbxContent></w:pict></w:r>"
    reference = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    data = with_notes(word(run("One "), run("two ") + box + run("three") + reference + run(" four.")))
    asked = (("<words>", "Who?"), ("the & man", "Which?"))
    once = replaced(data, comments=asked)
    told = {comment.text: comment.comment_id for comment in WordDocument(BytesIO(once)).comments}
    assert list(told) == ["In a text box, “<words>”: Who?", "In a footnote, “the & man”: Which?"]
    body = zipfile.ZipFile(BytesIO(once)).read("word/document.xml").decode()
    for words, number in zip(("two ", "three"), told.values(), strict=True):
        before = re.sub("<[^>]+>", "|", body.partition(f'<w:commentReference w:id="{number}"/>')[0]).strip("|")
        assert before.endswith(f"|{words.strip()}")
    assert decided(once, take=True) == decided(data, take=True)
    assert replaced(once, comments=asked) == once


def test_every_other_byte_stays() -> None:
    data = word(run("He met the the man ."), run("Fine &amp; well."))
    before, after = (zipfile.ZipFile(BytesIO(one)) for one in (data, replaced(data, ("the the", "the"))))
    assert before.namelist() == after.namelist()
    for name in before.namelist():
        if name != "word/document.xml":
            assert before.read(name) == after.read(name)
    old, new = (one.read("word/document.xml").decode() for one in (before, after))
    assert old.partition("He met")[0] == new.partition("He met")[0]
    assert old.rpartition("</w:t></w:r></w:p><w:p")[2] == new.rpartition("</w:t></w:r></w:p><w:p")[2]


def test_nothing_to_do_changes_nothing() -> None:
    data = word(run("Fine."))
    assert open_file("a.docx", data).edited([], tracked=True).data == data
    assert open_file("a.docx", data).edited([]).data == data


def test_what_has_no_way_back_is_told() -> None:
    file = open_file("a.docx", word(run("One."), run("Two.")))
    done = file.edited([Edit(Span(2, 8), ""), Edit(Span(9, 10), "!")])
    assert [edit for edit, _ in done.left] == [Edit(Span(2, 8), "")]
    assert open_file("a.docx", done.data).text == "One.\n\nTwo!"


@pytest.mark.parametrize(
    ("name", "data", "old", "new", "after"),
    [
        ("a.html", "<p>He met <b>the</b> the man &amp; co", "the the", "the", "<p>He met <b>the</b> man &amp; co"),
        ("a.html", "<p>He said <q>we goes</q></p>", "goes", "go & do", "<p>He said <q>we go &amp; do</q></p>"),
        ("a.html", "<p>A</p><p>B</p><p>C</p>", "B\n\n", "", "<p>A</p><p></p><p>C</p>"),
        ("a.html", "<p>A</p><p>B</p><p>C</p>", "B\n\nC", "D", "<p>A</p><p>D</p><p></p>"),
        ("a.html", "<p>A</p><p>B</p><p>C</p>", "B", "B\n\nD", None),
        ("a.md", "# A\n\nOne *officials* said `x`.\n", "officials", "official", "# A\n\nOne *official* said `x`.\n"),
        ("a.txt", "\ufeffOne officials\r\n", "officials", "official", "\ufeffOne official\r\n"),
        ("a.json", '{"uri":"x","headline":"A","body_html":"<p>One <i>off</i>icials</p>"}', "officials", "man",
         '{"uri":"x","headline":"A","body_html":"<p>One <i>man</i></p>"}'),
    ],
)  # fmt: skip
def test_a_person_changes_what_nobody_else_may(name: str, data: str, old: str, new: str, after: str | None) -> None:
    file = open_file(name, data.encode())
    done = file.edited([Edit(at(file.text, old), new)])
    if after is None:
        assert done.left and done.data == data.encode()
    else:
        assert not done.left and done.data.decode() == after


def test_edits_outside_of_the_text_are_left() -> None:
    file = open_file("a.txt", b"One.")
    assert file.edited([Edit(Span(2, 9), "")]).left == ((Edit(Span(2, 9), ""), BORDER),)


def test_only_word_documents_have_tracked_changes() -> None:
    with pytest.raises(FormatError, match="only Word documents"):
        open_file("a.txt", b"One.").edited([], tracked=True)


WORDS = st.text("ab &<\t.“", max_size=6)


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(["", "<w:b/>"]), WORDS), max_size=3), max_size=3), st.data())
def test_any_edits_are_taken_or_refused(paragraphs: list[list[tuple[str, str]]], drawn: st.DataObject) -> None:
    escaped = [[(style, w.replace("&", "&amp;").replace("<", "&lt;")) for style, w in some] for some in paragraphs]
    data = word(*("".join(run(words, style) for style, words in some) for some in escaped))
    file = open_file("a.docx", data)
    new = drawn.draw(st.text("ab &.“", min_size=len(file.text), max_size=len(file.text) + 3))
    edits = diff(file.text, "".join("\n" if old == "\n" else b for old, b in zip(file.text, new, strict=False)))
    comments = [Comment(Span(0, len(file.text)), "x")]
    plain, marked = file.edited(edits), file.edited(edits, tracked=True, comments=comments)
    assert plain.left == marked.left
    left = [edit for edit, _ in plain.left]
    assert format_of("docx").read(plain.data) is not None
    assert open_file("a.docx", marked.data).text == open_file("a.docx", plain.data).text
    assert open_file("a.docx", plain.data).text == apply(file.text, [e for e in edits if e not in left])
    assert decided(marked.data, take=False) == decided(data, take=False)
    assert decided(marked.data, take=True) == decided(plain.data, take=True)


# the command line


def test_fix_with_tracked_changes(tmp_path: Path) -> None:
    path, out = tmp_path / "a.docx", tmp_path / "b.docx"
    path.write_bytes(word(run("He met the the man on Monday ."), run("He said: “We met the the man.”")))
    options = ["fix", "--no-model", "--exit-zero", "--tracked-changes"]
    assert main([*options, "--output", str(out), str(path)]) == 0
    assert decided(out.read_bytes(), take=True) == ["He met the man on Monday.", "He said: “We met the the man.”"]
    assert decided(out.read_bytes(), take=False) == ["He met the the man on Monday .", "He said: “We met the the man.”"]
    (told,) = WordDocument(str(out)).comments
    assert told.author == "repair" and "Perhaps “the”." in told.text
    assert main([*options, "--in-place", str(out)]) == 0
    before = out.read_bytes()
    assert main([*options, "--in-place", str(out)]) == 0
    assert out.read_bytes() == before
    assert len(list(WordDocument(str(out)).comments)) == 1


def test_tracked_changes_of_other_files_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>He met the the man .</p>")
    assert main(["fix", "--no-model", "--tracked-changes", str(path)]) == 2
    assert "--tracked-changes is for Word documents" in capsys.readouterr().err
