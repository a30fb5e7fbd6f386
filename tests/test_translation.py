"""Files of translators: only what was translated into English is read; everything else stays byte for byte."""

from __future__ import annotations

import pytest

from repair import Config, Repairer
from repair.batch.work import Task, Worker
from repair.formats import format_name, format_of, splice

WORKER = Worker(Repairer(Config(no_model=True)), ("text",))
XLIFF_1 = """<?xml version="1.0"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="the the ." source-language="sq" target-language="en-GB"><body><trans-unit id="1">
<source>Ai the the .</source><target>He met the the <g id="1">man</g> .</target><note>the the .</note>
<alt-trans><target>He met the the dog .</target></alt-trans></trans-unit></body></file>
<file source-language="en" target-language="de"><body><trans-unit id="2"><source>the the .</source>
<target>Es war war so .</target></trans-unit></body></file></xliff>"""
XLIFF_2 = """<xliff version="2.0" srcLang="sq" trgLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f">
<unit id="1"><segment><source>Ai the the .</source><target>He met the the man .</target></segment></unit>
</file></xliff>"""
TMX = """<tmx version="1.4"><header srclang="sq"/><body><tu><tuv xml:lang="sq"><seg>Ai the the .</seg></tuv>
<tuv xml:lang="EN-US"><seg>He met the the <ph>{the the}</ph> man .</seg></tuv></tu></body></tmx>"""


def repaired(data: str) -> str:
    outcome = WORKER.run([Task(1, "", data.encode(), "nitf")])[0]
    assert outcome.broken is None
    splices = [one for change in outcome.changes for one in change.splices]
    return splice(format_of("nitf"), data.encode(), splices).decode()


@pytest.mark.parametrize(
    ("data", "before", "after"),
    [
        (XLIFF_1, 'the the <g id="1">man</g> .', 'the <g id="1">man</g>.'),
        (XLIFF_2, "the the man .</target>", "the man.</target>"),
        (TMX, "the the <ph>{the the}</ph> man .", "the <ph>{the the}</ph> man."),
    ],
)
def test_only_english_targets_change(data: str, before: str, after: str) -> None:
    assert before in data
    assert repaired(data) == data.replace(before, after)


@pytest.mark.parametrize("declared", ['<unit translate="no" id="1">', '<unit id="1"><group translate="no">'])
def test_what_is_not_to_be_translated_is_left_alone(declared: str) -> None:
    data = XLIFF_2.replace('<unit id="1">', declared)
    data = data.replace("</unit>", "</group></unit>") if "group" in declared else data
    assert repaired(data) == data
    read = data.replace("<segment>", '<segment translate="yes">')
    assert repaired(read) == read.replace("the the man .</target>", "the man.</target>")


@pytest.mark.parametrize("data", [XLIFF_2.replace('"en"', '"de"'), TMX.replace("EN-US", "de")])
def test_what_was_translated_into_no_english_has_no_text(data: str) -> None:
    assert format_of("nitf").read(data.encode()) == []


@pytest.mark.parametrize("name", ["a.xlf", "a.xliff", "a.tmx", "a.xml"])
def test_names(name: str) -> None:
    assert format_name(name) == "nitf"
