"""Files that somebody drops on the page: their text, or one line about why not."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
import requests
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from word import run, word

from repair.errors import InputError
from repair.serve.documents import KINDS
from repair.serve.documents import read_upload as opened
from repair.serve.guard import MAX_FILE


def read_upload(name: str, data: bytes) -> str:
    return opened(name, data).text


def test_plain_text_stays_as_it_is() -> None:
    assert read_upload("a.TXT", "\ufeffOne 🙂\r\n\r\n two \n".encode()) == "One 🙂\r\n\r\n two \n"
    assert read_upload("a.md", b"# One\n\n[two](x)") == "# One\n\n[two](x)"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One <b>offi</b>cials\n  said &amp; left.</p><p>Two", "One officials said & left.\n\nTwo"),
        ("a<br>b<!-- c --> d<script>1<2</script><style>x</style>", "a\nb d"),
        ("<ul><li>one<li>two</ul>", "one\n\ntwo"),
        (
            "<title>Talks</title><nav>Home</nav><article><h1>Yes</h1>and yes</article>",
            "Talks\n\nHome\n\nYes\n\nand yes",
        ),
        ("<pre>a  b\nc</pre>d  e\nf", "d e f"),
        ('<?xml version="1.0" encoding="utf-8"?><html><body>café 🙂</body></html>', "café 🙂"),
        ("<body><!-- all --><p>x", "x"),
    ],
)
def test_html_gives_what_a_reader_sees(page: str, text: str) -> None:
    assert read_upload("a.html", page.encode()) == text


def test_html_in_the_encoding_it_declares() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>“café”'
    assert read_upload("a.htm", page.encode("windows-1252")) == "“café”"
    with pytest.raises(InputError, match="not in the encoding it declares"):
        read_upload("a.htm", page.replace("windows-1252", "no-such").encode("windows-1252"))
    with pytest.raises(InputError, match="save it as UTF-8"):
        read_upload("a.htm", "<p>“café”".encode("windows-1252"))


def test_word_documents() -> None:
    table = "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"
    assert read_upload("a.docx", word(run("One ") + run("officials said."), "", run("a") + table)) == (
        "One officials said.\n\na\tb\nc"
    )


def test_of_tracked_changes_the_later_text_counts() -> None:
    mark = 'w:id="1" w:author="x"'
    deleted = f"<w:del {mark}><w:r><w:delText>old</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom {mark}>{run('gone')}</w:moveFrom>"
    assert read_upload("a.docx", word(run("a ") + deleted + f"<w:ins {mark}>{run('new')}</w:ins>" + moved)) == "a new"


def test_cells_and_links_of_word_documents() -> None:
    document = Document()
    document.add_table(1, 2).cell(0, 1).text = "cell"
    document.add_paragraph()._p.append(parse_xml(f"<w:hyperlink {nsdecls('w')}>{run('link')}</w:hyperlink>"))
    buffer = BytesIO()
    document.save(buffer)
    assert read_upload("a.docx", buffer.getvalue()) == "cell\n\nlink"


def packed(**parts: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.pdf", b"%PDF", "not read"),
        ("docx", b"", "not read"),
        ("a.docx", b"", "not a sound Word document"),
        ("a.docx", b"PK\3\4 damaged", "not a sound Word document"),
        ("a.docx", word(run("x"))[:3000], "not a sound Word document"),
        ("a.docx", packed(other=b"x"), "not a sound Word document"),
        ("a.docx", word(), "no text"),
        ("a.html", b"", "no text"),
        ("a.html", b"<p> </p>", "no text"),
        ("a.txt", b" \n", "no text"),
        ("a.txt", b"\0", "binary"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(name: str, data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read_upload(name, data)
    assert str(caught.value).startswith(f"{name}: ") and "\n" not in str(caught.value)


def test_a_small_file_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="a bomb"):
        read_upload("a.docx", packed(bomb=bytes(50_000_000)))


def test_entities_are_refused() -> None:
    sound = word(run("x"))
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(sound)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                body = data.partition(b"?>")[2].replace(b"<w:t ", b"<w:t ").replace(b">x<", b">x&e;<")
                data = b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + body
            new.writestr(name, data)
    with pytest.raises(InputError, match="entities"):
        read_upload("a.docx", buffer.getvalue())


@given(st.binary(max_size=300), st.sampled_from(KINDS.split()))
def test_any_bytes_give_text_or_a_named_error(data: bytes, suffix: str) -> None:
    try:
        assert read_upload(f"a{suffix}", data).strip()
    except InputError as error:
        assert "\n" not in str(error)


@given(st.text())
def test_any_page_gives_text_or_a_named_error(page: str) -> None:
    try:
        assert read_upload("a.html", page.encode("utf-8", "replace")).strip()
    except InputError as error:
        assert "\n" not in str(error)


def test_over_http(address: str) -> None:
    def post(name: str, data: bytes) -> requests.Response:
        return requests.post(f"{address}/api/document", params={"name": name}, data=data, timeout=30)

    assert post("a b.docx", word(run("One 🙂"))).json()["text"] == "One 🙂"
    refused = post("a.docx", b"no")
    assert refused.status_code == 400 and refused.json()["error"].startswith("a.docx: not a sound")
    assert post("", b"x").status_code == 400
    assert post("a.txt", b"x" * 2_000_000).status_code == 200  # a file may weigh more than a text in JSON
    assert post("a.txt", b"x" * (MAX_FILE + 1)).status_code == 413


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_text_in_any_unicode_is_read(name: str, encoding: str) -> None:
    data = "\ufeffThe café: one officials.".encode(encoding)
    assert read_upload(name, data) == "The café: one officials."


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_nobody_at_the_page_is_told_to_run_a_command(name: str) -> None:
    for data in ("“café”".encode("windows-1252"), b"\xff\xfea", b"\0\1"):
        with pytest.raises(InputError) as caught:
            read_upload(name, data)
        assert "iconv" not in str(caught.value) and "paste the text" in str(caught.value)
