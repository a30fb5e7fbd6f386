"""Texts of OpenDocument: paragraphs are read, and every byte outside the edits stays."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from packages import odt

from repair.cli import main
from repair.errors import InputError
from repair.formats import format_of
from repair.inputs import read_file
from repair.text import OBJECT

BODY = """<text:h text:outline-level="1">Talks <text:date>the the .</text:date></text:h>
<text:p>He met<text:s text:c="2"/>the <text:span text:style-name="EN">old the the man &amp; co</text:span> .</text:p>
<text:p>A<text:note><text:note-citation>1</text:note-citation><text:note-body>
<text:p>In a note, they they met .</text:p>
</text:note-body></text:note> b <draw:frame><svg:title>the the .</svg:title><draw:image/></draw:frame>, then.</text:p>
<text:list><text:list-item><text:p>One<text:line-break/>two</text:p></text:list-item></text:list>
<table:table><table:table-row><table:table-cell><text:p>Cell</text:p></table:table-cell></table:table-row></table:table>
<text:p text:style-name="P1">We met the the man .</text:p>
<text:p><text:span text:style-name="DE">Es war war so .</text:span></text:p>
<text:p><draw:frame><draw:text-box><text:p>In a box the the man left .</text:p></draw:text-box></draw:frame></text:p>
<text:tracked-changes><text:changed-region><text:deletion><text:p>the the .</text:p></text:deletion>
</text:changed-region></text:tracked-changes>"""


def test_what_is_read() -> None:
    document, note, box = format_of("odt").read(odt(BODY))
    assert document.view.text == "\n\n".join([
        f"Talks {OBJECT}", "He met  the old the the man & co .", f"A b {OBJECT}, then.", "One\ntwo", "Cell",
        "We met the the man .", "Es war war so .",
    ])  # fmt: skip
    assert (note.view.text, box.view.text) == ("In a note, they they met .", "In a box the the man left .")
    text = document.view.text
    assert [(b.kind, b.span.of(text).split()[0]) for b in document.view.blocks] == [
        ("heading", "Talks"), ("paragraph", "He"), ("paragraph", "A"), ("item", "One"), ("item", "two"),
        ("cell", "Cell"), ("quote", "We"), ("paragraph", "Es"),
    ]  # fmt: skip
    assert [(foreign.language, foreign.span.of(text)) for foreign in document.view.foreign] == [
        ("de", "Es war war so .")
    ]


def test_only_english_prose_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    path.write_bytes(odt(BODY))
    assert main(["fix", "--no-model", "--exit-zero", "--in-place", str(path)]) == 0
    expected = (
        BODY.replace("old the the man &amp; co</text:span> .", "old the man &amp; co</text:span>.")
        .replace("they they met .", "they they met.")
        .replace("box the the man left .", "box the man left.")
    )
    with zipfile.ZipFile(BytesIO(odt(BODY))) as before, zipfile.ZipFile(path) as after:
        assert before.namelist() == after.namelist()
        assert after.infolist()[0].filename == "mimetype" and after.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert expected in after.read("content.xml").decode()
        for name in before.namelist():
            if name != "content.xml":
                assert before.read(name) == after.read(name)


@pytest.mark.parametrize("data", [b"", b"PK\3\4 no", b"PK"])
def test_what_is_no_text_of_opendocument_is_told(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.odt: not a sound OpenDocument text"):
        read_file("a.odt", data)
