"""What is not English is left alone and counted, declared or not; English is read, whatever stands in it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from repair import Config, Repairer, languages
from repair.formats import FormatName, format_of
from repair.inputs import Item
from repair.languages import with_foreign
from repair.text import Marks

REPAIRER = Repairer(Config(no_model=True))
WRONG = "Es war war der Minister ."  # what is flagged in a passage that is taken for English
ENGLISH = "The minister met the the officials on Monday ."


def read(kind: FormatName, data: str) -> tuple[list[str], tuple[str, ...]]:
    """What is flagged in the first text, and the notes."""
    view = format_of(kind).read(data.encode())[0].view
    report = next(REPAIRER.check_many([Item(view.text, marks=view.marks)]))
    return [finding.span.of(view.text) for finding in report.findings], report.notes


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("html", f'<html lang="de"><body><p>{WRONG}</p><p lang="en-GB">{ENGLISH}</p></body></html>'),
        ("html", f'<p>{ENGLISH}</p><p xml:lang="de-AT">{WRONG}</p>'),
        ("html", f"<p>{ENGLISH} <span lang=DE>{WRONG}</span></p>"),
        ("html", f"<p lang=de>{WRONG}<p>{ENGLISH}"),
        ("html", f"<ul><li lang=de>{WRONG}<li>{ENGLISH}</ul>"),
        ("nitf", f'<nitf xml:lang="en"><body><body.content><p xml:lang="de">{WRONG}</p><p>{ENGLISH}</p></body.content>'
         "</body></nitf>"),
    ],
)  # fmt: skip
def test_what_is_declared_to_be_german_is_left_alone(kind: FormatName, data: str) -> None:
    flagged, notes = read(kind, data)
    assert flagged == ["the the", " ."]
    assert notes == ("1 passage in German left alone",)


def test_what_is_not_to_be_translated_is_left_alone() -> None:
    data = f'<p translate="no">{WRONG}</p><p class="x notranslate">{WRONG}</p><p>{ENGLISH}</p>'
    assert read("html", data) == (["the the", " ."], ())


@pytest.mark.parametrize(
    ("language", "passage"),
    [
        ("German", "Der Minister sagte am Montag , dass die die Gespräche bald wieder beginnen werden ."),
        ("French", "Le ministre a déclaré lundi que les pourparlers reprendraient bientôt dans la capitale ."),
        ("Spanish", "El ministro dijo el lunes que las conversaciones comenzarán pronto en la capital ."),
        ("Italian", "Il presidente del Consiglio ha detto che la legge sarà approvata entro la fine del mese ."),
        (
            "Portuguese",
            "O ministro disse que a capital industrial e o centro comercial do país continuam em crise .",
        ),
        ("Dutch", "De minister zei maandag dat de gesprekken over de begroting binnenkort in de hoofdstad beginnen ."),
        ("Indonesian", "Menteri itu mengatakan pada hari Senin bahwa perundingan akan segera dimulai di ibu kota ."),
        ("Polish", "Minister powiedział w poniedziałek, że rozmowy rozpoczną się wkrótce w stolicy ."),
        ("Turkish", "Bakan pazartesi günü yaptığı açıklamada görüşmelerin yakında başkentte başlayacağını söyledi ."),
        ("Russian", "Министр сказал в понедельник, что переговоры скоро начнутся в столице ."),
        ("Chinese", "部长星期一说，会谈很快就会在首都开始，双方都表示愿意继续进行对话并且解决分歧。"),
    ],
)
def test_another_language_is_recognised(language: str, passage: str) -> None:
    report = REPAIRER.fix(f"{ENGLISH}\n{passage}\n{ENGLISH}")
    fixed = "The minister met the officials on Monday."
    assert report.output == f"{fixed}\n{passage}\n{fixed}"
    assert report.notes == (f"1 passage in {language} left alone",)


def test_a_text_in_another_language_is_left_alone_with_its_headline() -> None:
    text = (
        "Neue Gespräche .\n" + "Der Minister sagte am Montag , dass die Gespräche bald wieder beginnen werden .\n" * 3
    )
    report = REPAIRER.fix(text)
    assert (report.output, report.findings) == (text, ())
    assert report.notes == ("1 passage in German left alone",)


@pytest.mark.parametrize(
    "text",
    [
        "José García, María López, Juan Pérez, Ana Martínez, Luis Hernández, Carlos Gómez, Marta Díaz, Pablo Ruiz",
        "Real Madrid 2 Barcelona 1; Bayern München 3 Borussia Dortmund 0; Olympique Lyon 1 Paris Saint-Germain 1",
        "Officials met the Bundesminister der Finanzen and the Landeshauptmann of Steiermark in the Rathaus on Monday.",
        "He said in Spanish that la situación es muy grave, and that el gobierno would not wait for the talks.",
        "The minister beschlossen the Gesetz on Montag, and the Regierung was not zufrieden with the Ergebnis.",
        "Shares up 3 pct, oil down 2 pct, gold flat, dollar weaker, yields lower, futures mixed, volume thin",
        "talks talks minister minister say say go go capital capital monday monday soon soon begin begin",
    ],
)
def test_english_is_read_whatever_stands_in_it(text: str) -> None:
    assert with_foreign(text, Marks()).foreign == ()


@pytest.mark.parametrize(
    "text",
    [
        "BMW sold nearly 95,000 cars in Asia last year, up 2.6% on 2003.",
        "Mexican labourers living in Texas sent a record $16.6bn (£8.82bn) home last year.",
        "Japan's box office received a 3.8% boost last year, with ticket sales worth 211bn yen.",
    ],
)
def test_where_the_words_are_known_as_english_the_identifier_is_not_loaded(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "_identifier", lambda: pytest.fail("loaded"))
    assert with_foreign(text, Marks()).foreign == ()


@pytest.mark.parametrize("name", ["real-dev", "real-train", "literal-dev", "literal-train"])
def test_no_passage_of_real_translated_news_is_skipped(name: str, data: Path) -> None:
    path = data / "post-edits" / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    assert len(texts) > 10
    assert [text for text in texts if with_foreign(text, Marks()).foreign] == []
