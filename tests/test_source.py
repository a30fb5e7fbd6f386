"""The source beside the text: what the checks find, what looks like it and is sound, and every way in."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from repair.beside import beside
from repair.cli import main
from repair.config import Config
from repair.errors import InputError
from repair.findings import Finding, Safety
from repair.formats import format_of
from repair.formats.postedit import File
from repair.inputs import Item
from repair.judges.source import with_source
from repair.pipeline import Repairer
from repair.rows import Fields, read_rows
from repair.segment import read_document
from repair.source.align import Unit, align
from repair.source.candidates import meant
from repair.source.check import against_source
from repair.source.checks import CHECKS
from repair.source.pairs import aligned, language_of, left_aside
from repair.text import Marks, Span

RUSSIAN = (
    "Президент заявил в понедельник, что 1852 человека погибли в результате землетрясения. "
    "«Мы не будем этого терпеть, и они это знают», — сказал министр иностранных дел Сергей Лавров. "
    "Переговоры начнутся 5 мая в Женеве в присутствии делегации Украины. Он добавил, что бюджет составляет 15 млн евро."
)
SOUND = (
    "The president said on Monday that 1,852 people had died in the earthquake. "
    "“We will not tolerate this, and they know it,” said Foreign Minister Sergei Lavrov. "
    "The talks will begin in Geneva on 5 May in the presence of a delegation from Ukraine. "
    "He added that the budget amounts to 15 million euros."
)


def found(text: str, source: str) -> list[Finding]:
    return against_source(replace(read_document(text), source=source), CHECKS)


def kinds(text: str, source: str) -> list[str]:
    return [finding.source.removeprefix("source/") for finding in found(text, source)]


@pytest.mark.parametrize(
    ("text", "source", "hits"),
    [
        ("It pays 5.4 million euros.", "Она заплатит 4,5 млн евро.", ["number"]),
        ("It pays 4.5 million euros.", "Она заплатит 4,5 млн евро.", []),
        ("It pays 450,000 rupees.", "4.5 लाख रुपैयाँ तिर्छ।", []),
        ("It pays four and a half million euros.", "Она заплатит 4,5 млн евро.", []),
        ("On June 11, 2012, he left.", "जून ११,२०१२ मा उनी गए।", []),
    ],
)
def test_broken_numbers_are_compared_however_small(text: str, source: str, hits: list[str]) -> None:
    assert kinds(text, source) == hits


def test_a_sound_translation_has_no_findings() -> None:
    assert kinds(SOUND, RUSSIAN) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "place"),
    [
        ("1,852", "1,582", "number", "1,582"),
        ("1,852 people", "Many people", "number-missing", ""),
        ("Monday", "Tuesday", "date", "Tuesday"),
        ("5 May", "5 March", "date", "March"),
        ("euros", "dollars", "unit", "dollars"),
        ("will not tolerate", "will tolerate", "negation-lost", ""),
        (
            "“We will not tolerate this, and they know it,” said",
            "We will not tolerate this, and they know it, said",
            "quotation",
            "",
        ),
        (
            "The talks will begin in Geneva on 5 May in the presence of a delegation from Ukraine. ",
            "",
            "omission",
            "",
        ),
        (
            "He added",
            "The opposition of the country has rejected everything in a letter to the editor. He added",
            "addition",
            "The opposition of the country has rejected everything in a letter to the editor.",
        ),
        ("the budget amounts", "the бюджет amounts", "untranslated", "бюджет"),
    ],
)
def test_what_differs_is_found_where_it_stands(old: str, new: str, kind: str, place: str) -> None:
    text = SOUND.replace(old, new)
    (finding,) = [one for one in found(text, RUSSIAN) if one.source == f"source/{kind}"]
    assert finding.span.of(text) == place
    assert finding.category.startswith("accuracy/") and finding.suggestions == ()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("It was reviewed in 1986, 2001 and 2008.", "Ea a fost revizuită în 1986,2001 și 2008."),
        ("He came at 8 pm.", "Er kam um 20 Uhr."),
        ("Some 1.5 million people saw it in the 1990s.", "Umbes 1,5 miljonit inimest nägi seda 1990. aastatel."),
        ("Twenty-five people came.", "Пришли 25 человек."),
        ("The total was 35,000 tonnes.", "总量为3.5万吨。"),
        ("He was born in 1998.", "उनको जन्म २०५५ सालमा भएको थियो ।"),
        ("He asked whether help was needed.", "Он спросил, не нужна ли помощь в сборе средств."),
        ("The film “House” opened.", "Фильм «Дом» вышел."),
        ("The film House opened.", "Фильм «Дом» вышел."),
        ("The moth will not be eaten.", "Koi jääb söömata."),
        ("The de facto border was drawn.", "Tõmmati de facto piir."),
        ("Canada and Mexico agreed.", "Kanada und Mexiko einigten sich."),
        ("The vote may take place in the autumn.", "Es ist nicht ausgeschlossen, dass die Wahl im Herbst stattfindet."),
        ("It is possible that the vote will be held in May.", "Не исключено, что выборы пройдут в мае."),
        ("Prices as well as wages rose.", "Nie tylko ceny, ale także płace wzrosły."),
        ("The deal is certainly good for the region.", "No cabe duda de que el acuerdo es bueno para la región."),
        ("The party took a large step towards peace.", "Le parti a fait un grand pas vers la paix dans le pays."),
        ("He noticed it.", "Он не мог не заметить этого."),
        ("It rose by 5 percent to 5 euros.", "Es stieg um 5 Prozent auf 5 Euro."),
    ],
)
def test_what_only_looks_different_is_left_alone(text: str, source: str) -> None:
    assert kinds(text, source) == []


def test_a_denial_that_the_source_has_not() -> None:
    assert kinds("He did not come to the station.", "Er kam zum Bahnhof.") == ["negation-gained"]
    assert kinds("He did not come to the station.", "Er kam nie zum Bahnhof.") == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Everyone expected this result.", "Никто не ожидал такого результата."),
        ("The government will change the pension law.", "Le gouvernement ne va pas modifier la loi sur les retraites."),
        ("The minister received the families.", "El ministro nunca recibió a los familiares de las víctimas."),
        ("People died in the accident.", "Nikt nie zginął w wypadku."),
    ],
)
def test_a_negation_that_is_lost(text: str, source: str) -> None:
    assert kinds(text, source) == ["negation-lost"]


@pytest.mark.parametrize(
    "source",
    [
        "Der Konzern zahlt 300 Millionen Euro.",
        "Proiectul costă 300 de milioane de euro.",
        "Il coûte 300 millions d'euros.",
    ],
)
def test_a_unit_stands_behind_its_scale(source: str) -> None:
    assert kinds("It costs 300 million dollars.", source) == ["unit"]
    assert kinds("It costs 300 million euros.", source) == []


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("La reunión se celebrará el 3 de mayo en Madrid.", "es"),
        ("Le gouvernement ne va pas modifier la loi sur les retraites.", "fr"),
        ("Полиция арестовала двух человек в Москве.", "ru"),
        ("他没有出席会议。", "zh"),
    ],
)
def test_a_short_source_is_in_its_own_language(source: str, language: str) -> None:
    assert language_of(source) == language


def test_another_name() -> None:
    text, source = "The king Stefan Bloomwas met them.", "Kuningas Stefan Batory kohtus nendega."
    assert [one.span.of(text) for one in found(text, source)] == ["Bloomwas"]
    assert kinds("The king Stefan Batory met them.", source) == []


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("Reuters, Agence France-Presse, Deutsche Presse-Agentur", "shorter than the text"),
        (SOUND, "is in English"),
        (" ".join(10 * [RUSSIAN]), "longer than the text"),
    ],
)
def test_what_is_no_source_is_left_aside_and_told(source: str, told: str) -> None:
    document = replace(read_document(SOUND), source=source)
    assert aligned(document) is None
    assert against_source(document, CHECKS) == []
    (note,) = left_aside(document)
    assert told in note


def test_alignment_keeps_every_unit_once() -> None:
    units = [Unit(10.0 * (i % 7 + 2), frozenset({str(i)})) for i in range(60)]
    beads = align(units, units[:20] + units[23:])
    assert [i for bead in beads for i in range(*bead.source)] == list(range(60))
    assert [i for bead in beads for i in range(*bead.target)] == list(range(57))
    assert [bead.source for bead in beads if bead.target[0] == bead.target[1]] == [(20, 21), (21, 22), (22, 23)]
    assert align([], []) == []
    assert [bead.target for bead in align([], units[:2])] == [(0, 1), (1, 2)]


def test_nothing_of_the_source_is_applied() -> None:
    text = SOUND.replace("1,852", "1,582").replace("Monday", "Tuesday")
    report = Repairer(Config(no_model=True, apply_at="review")).fix(text, source=RUSSIAN)
    assert report.output == text
    assert {finding.source for finding in report.findings} == {"source/number", "source/date"}
    assert all(repair.safety < Safety.SAFE for repair in report.not_applied)


def test_without_a_source_nothing_changes() -> None:
    repairer = Repairer(Config(no_model=True))
    assert repairer.check(SOUND).findings == repairer.check(SOUND, source=RUSSIAN).findings == ()


def test_the_option_and_the_field(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text, source = tmp_path / "a.txt", tmp_path / "b.txt"
    wrong = SOUND.replace("1,852", "1,582")
    text.write_text(wrong, "utf-8")
    source.write_text(RUSSIAN, "utf-8")
    assert main(["check", "--no-model", "--format", "json", "--source", str(source), str(text)]) == 1
    assert b"source/number" in capfdbinary.readouterr().out
    lines = tmp_path / "a.jsonl"
    rows = [{"text": wrong, "source": RUSSIAN}, {"text": wrong}, {"text": wrong, "source": "Reuters"}]
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert main(["check", "--no-model", "--jsonl", str(lines)]) == 1
    reports = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [len(report["findings"]) for report in reports] == [1, 0, 0]
    assert "notes" not in reports[2]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--source", "gone.txt", "a.txt"], b"gone.txt: no such file"),
        (["--source", "empty.txt", "a.txt"], b"the source is empty"),
        (["--source", "a.txt", "a.txt", "empty.txt"], b"--source goes with one text"),
        (["--source", "a.txt", "--jsonl", "a.txt"], b"--source goes with one text"),
    ],
)
def test_errors_are_one_line(
    arguments: list[str],
    told: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(SOUND, "utf-8")
    Path("empty.txt").write_text("", "utf-8")
    assert main(["check", "--no-model", *arguments]) == 2
    error = capfdbinary.readouterr().err
    assert told in error and error.count(b"\n") == 1


def test_a_source_field_of_another_name() -> None:
    stream = io.BytesIO(json.dumps({"text": "One.", "original": "Üks."}).encode())
    (item,) = read_rows([Path("-")], stream, Fields(source="original"))
    assert isinstance(item, Item) and item.marks == Marks(source="Üks.")


def test_a_file_of_several_texts_takes_no_source() -> None:
    xliff = (
        '<xliff version="1.2"><file source-language="de" target-language="en"><body>'
        "<trans-unit><source>Er kam.</source><target>He came.</target></trans-unit>"
        "<trans-unit><source>Sie ging.</source><target>She left.</target></trans-unit></body></file></xliff>"
    )
    parts = tuple(format_of("nitf").read(xliff.encode()))
    assert [part.view.marks.source for part in parts] == ["Er kam.", "Sie ging."]
    item = Item("", "a.xlf", file=File(xliff.encode(), format_of("nitf"), parts))
    with pytest.raises(InputError, match="several texts"):
        beside(item, RUSSIAN)


def test_units_of_translators_bring_their_source() -> None:
    tmx = (
        '<tmx version="1.4"><body><tu><tuv xml:lang="en"><seg>He <ph>x</ph> came.</seg></tuv>'
        '<tuv xml:lang="de"><seg>Er <ph>x</ph> kam &amp; ging.</seg></tuv></tu>'
        '<tu><tuv xml:lang="en"><seg>Alone.</seg></tuv></tu></body></tmx>'
    )
    parts = format_of("nitf").read(tmx.encode())
    assert [part.view.original for part in parts][1] == ""
    assert parts[0].view.original.startswith("Er") and parts[0].view.original.endswith("kam & ging.")


def test_an_archive_of_lines_brings_its_sources() -> None:
    line = json.dumps({"text": "He came.", "source": "Er kam."}).encode()
    (part,) = format_of("fields", ("text",)).read(line)
    assert part.view.marks.source == "Er kam."
    (part,) = format_of("fields", ("source",)).read(line)
    assert part.view.text == "Er kam." and part.view.marks.source == ""
    two = format_of("fields", ("text", "title")).read(b'{"title": "A", "text": "B", "source": "C"}')
    assert [part.view.original for part in two] == ["", ""]


def test_a_column_of_parquet_is_the_source_and_stays() -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    from repair.batch.parquet import Parquet

    table = pa.table({"text": ["He came .", "No."], "source": ["Er kam.", None], "n": [1, 2]})
    file, target = io.BytesIO(), io.BytesIO()
    pq.write_table(table, file)
    container = Parquet(("text",))
    articles = [json.loads(article.data) for article in container.articles(file)]
    assert articles == [{"text": "He came .", "source": "Er kam."}, {"text": "No.", "source": None}]
    container.rebuild(file, target, lambda key, row: row.replace(b"came .", b"came."))
    assert pq.read_table(target).to_pydict() == {"text": ["He came.", "No."], "source": ["Er kam.", None], "n": [1, 2]}


def test_translations_of_the_source_word_are_proposed_like_the_word_that_stands_there() -> None:
    source = "Полиция арестовала двух человек в Москве."
    document = read_document("Police grabbed two people in Moscow.", marks=Marks(source=source))
    place = Span(7, 14)
    assert place.of(document.text) == "grabbed"
    proposed = dict(meant(document, place))
    assert max(proposed, key=proposed.__getitem__) == "arrested"
    assert list(meant(replace(document, source=""), place)) == []


def test_a_word_that_the_source_explains_is_doubted_less() -> None:
    source = "Der Präsident traf am Montag die Minister in der Hauptstadt."
    text = "The president met the ministers on Monday in the swamp."
    document = read_document(text, marks=Marks(source=source))
    ministers, swamp = (Span(text.index(word), text.index(word) + len(word)) for word in ("ministers", "swamp"))
    assert with_source(document, ministers, 0.6) < with_source(document, swamp, 0.6)
    assert with_source(replace(document, source=""), swamp, 0.6) == 0.6


def test_a_dictionary_that_was_not_learnt_judges_no_span() -> None:
    document = read_document(
        "The president met the ministers in the swamp.", marks=Marks(source="总统在沼泽里会见了部长们。")
    )
    known = aligned(document)
    assert known is not None and known.language == "zh"
    assert with_source(document, Span(39, 44), 0.6) == 0.6
