"""The lexicon detector: what it flags and suggests, what it leaves alone, and the table it reads."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.detect.lexicon import LexiconDetector
from repair.detect.lexicon_table import DATA, language_names, load_table, read_rows
from repair.detect.wording import fit
from repair.edits import Edit, apply
from repair.errors import ConfigError
from repair.findings import Finding
from repair.house_style import HouseStyle, load_house_style
from repair.text import Document, Span

DETECTOR = LexiconDetector()


def find(text: str, detector: LexiconDetector = DETECTOR) -> list[Finding]:
    return detector.find(Document("", text))


def fixed(text: str, detector: LexiconDetector = DETECTOR) -> str:
    """The text with every trusted first suggestion applied."""
    return apply(
        text,
        [
            Edit(f.span, f.suggestions[0].text)
            for f in find(text, detector)
            if f.suggestions and f.suggestions[0].trusted
        ],
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("talks with SH.BA", "talks with the US"),
        ("talks with SH.BA.", "talks with the US."),
        ("forced on it (by Sh.ba and Russia)", "forced on it (by the US and Russia)"),
        ("He left the SH.BA on Monday.", "He left the US on Monday."),
        ("SH.BA president Joe Biden spoke.", "US president Joe Biden spoke."),
        ("SHBA President Joe Biden spoke.", "US President Joe Biden spoke."),
        ("They praised SH.BA's decision.", "They praised the US's decision."),
        ("ShBA has agreed.", "The US has agreed."),
        ("an SHBA official", "a US official"),
        ("A OSBE envoy", "An OSCE envoy"),
        ("the EU-SHBA talks", "the EU-US talks"),
        ("an attack by SHBA-backed rebels", "an attack by US-backed rebels"),
        ("with SHBA-ve and OKB-së", "with the US and the UN"),
        ("against NATO-s and the OKB", "against NATO and the UN"),
        ("with S.H.B.A. and Russia", "with the US and Russia"),
        ("sent to EE. UU., Russia and France", "sent to the US, Russia and France"),
        ("ties of EE. UU. - Europe", "ties of the US - Europe"),
        ("Britain, Russia, SHBA and France", "Britain, Russia, the US and France"),
        ("a member of Bashkimi Evropian since 2004", "a member of the European Union since 2004"),
        ("The Banka Botërore agreed.", "The World Bank agreed."),
        ("the former SSSR of Stalin, said OEBS and MKSJ.", "the former USSR of Stalin, said the OSCE and the ICTY."),
        ("the ambassador of США in Sofia", "the ambassador of the US in Sofia"),
        ("According to the Vijeće sigurnosti, no.", "According to the Security Council, no."),
        ("He fled from Shqipëri to Gjermani.", "He fled from Albania to Germany."),
        ("talks of the ATƏT Minsk Group in ABŞ", "talks of the OSCE Minsk Group in the US"),
        ("He spoke at the Avropa Şurası.", "He spoke at the Council of Europe."),
    ],
)
def test_trusted_fix(text: str, wanted: str) -> None:
    assert fixed(text) == wanted
    assert find(wanted) == []


@pytest.mark.parametrize(
    "text",
    [
        "To BE or not to BE. The UE, KE, BB and SAD are all in the European Union.",
        "BRITISH EXECUTIVE TO BE HELD IN UE",
        "It was SAD! The SAD lamp helped his mood.",
        "Deutsche Bank, the Bundesbank, Air France and France 24 declined to comment.",
        "Le Monde, El País, Die Welt and the Corriere della Sera reported it.",
        "Médecins Sans Frontières works in Chad, Jordan, Georgia, Mali, Oman and Niger.",
        "Côte d'Ivoire, Timor-Leste, Cabo Verde, Türkiye, São Tomé and Costa Rica signed.",
        "Sri Lanka, Burkina Faso, Saudi Arabia, San Marino and Sierra Leone",  # no-break spaces
        "Roma beat Deportivo Alavés and Hellas; Polonia drew with Hungaria.",
        "Telecom Italia, Alitalia, Banco de España, Redaktionsnetzwerk Deutschland and Crédit Suisse",
        "Bank of Japan (Deutschland) GmbH led the issue with Banque Extérieure d'Algérie.",
        "He read “Deutschland” and *España* on holiday in Holland.",
        "The Dominican Republic (Spanish: República Dominicana) and NATO (OTAN)",
        "NATO's NATO-led force, the EU's EU-wide rule, the UN-backed plan",
        "Visit shba.gov.al, write to info@OSBE.org or #SHBA @SHBA",
        "Maria, Franca, Francie, Dominika, Columbia and Salvador said so.",
        "Peskov: Россия и США договорились.",
        "The Spokane Home Builders Association (SHBA) met. SHBA members voted, and the SHBA paid.",
        "OTAN Records: the Office of Tribal Aid Networks (OTAN) was founded in 1990. OTAN pays them.",
        "The Oregon Bank of Kansas (OBK) and the Oxford Kayak Board (OKB) sued; OKB won.",
        "The Australian Business Directory (ABD) is new. The ABD lists firms.",
        "The Open Engineering Ballot Society (OEBS) voted, said OEBS.",
        "The MDB lent more, the BMT line is shut, and ABS brakes hold.",
    ],
)
def test_left_alone(text: str) -> None:
    assert find(text) == []


def test_spans_cover_the_form_and_no_full_stop() -> None:
    text = "Talks with SH.BA. Then OKB-ja spoke, and BE did not."
    assert [f.span.of(text) for f in find(text)] == ["SH.BA", "OKB-ja", "BE"]


def test_weak_form_needs_other_signs_and_is_never_trusted() -> None:
    assert find("The BE said no.") == []
    text = "The BE and KE met SHBA."
    findings = find(text)
    assert [[s.text for s in f.suggestions] for f in findings] == [
        ["EU"],
        ["the Council of Europe", "the European Commission"],
        ["the US"],
    ]
    assert [any(s.trusted for s in f.suggestions) for f in findings] == [False, False, True]


@pytest.mark.parametrize(
    "text",
    [
        "He sat in traffic on the BQE in Brooklyn.",
        "The Filipinas won the cup for the first time.",
        "He lives in Nederland, Colorado, near the lake.",
        "Tacitus wrote Germania in the first century.",
        "The earthquake struck the Belice in 1968.",
        "His record label Grönland signed Neu!, and the liner Mauretania sailed.",
        "A Jamaika coalition failed, and Afrika Bambaataa sang; the Hollandia left.",
    ],
)
def test_names_with_another_meaning_in_english_need_other_signs(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    "text", ["OKB jumped 160 percent.", "the engineers of the OKB", "the FMN fund", "an EZB token"]
)
def test_letters_alone_in_a_text_are_for_a_person(text: str) -> None:
    assert [s for f in find(text) for s in f.suggestions if s.trusted or s.score >= 0.6] == []


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("The Organizata e Kombeve të Bashkuara (OKB) met.", "OKB"),
        ("The Shtetet e Bashkuara të Amerikës (SHBA) met.", "SHBA"),
        ("The Alliance of the Atlantic (OTAN) met.", "OTAN"),
    ],
)
def test_letters_that_the_text_spells_out_as_anything_else_are_found(text: str, form: str) -> None:
    assert form in [finding.span.of(text) for finding in find(text)]


def test_letters_are_put_right_where_the_text_explains_them() -> None:
    assert fixed("Talks of the OKB and the FMN in Gjermani.") == "Talks of the UN and the IMF in Germany."
    assert [f.suggestions[0].text for f in find("The BQE said so to Shqipëri.")] == ["ECB", "Albania"]


def test_spelled_out_name_explains_a_weak_abbreviation() -> None:
    (finding,) = find("the International Monetary Fund (FMI) agreed")
    assert [s.text for s in finding.suggestions] == ["IMF"]
    assert find("the FMI agreed") == []


def test_unclear_grammar_gives_both_readings_untrusted() -> None:
    for text in (
        "In May SHBA plans to act.",
        "Boston, SHBA.",
        "In Ohio, SHBA, it rained.",
        "SHBA wins race\n\nIt was close.",
    ):
        (finding,) = find(text)
        assert {s.text.lower() for s in finding.suggestions} == {"us", "the us"}
        assert not any(s.trusted for s in finding.suggestions)


def test_case_ending_without_a_preposition_is_not_trusted() -> None:
    (finding,) = find("The envoy OKB-së spoke.")
    assert not finding.suggestions[0].trusted


def test_protected_text_is_never_flagged() -> None:
    text = "see `SHBA` here"
    assert DETECTOR.find(Document("", text, protected=(Span(4, 10),))) == []


def test_sentence_start_comes_from_the_document() -> None:
    text = "It failed. SHBA has left."
    (finding,) = DETECTOR.find(Document("", text, sentences=(Span(0, 11), Span(11, 25))))
    assert finding.suggestions[0].text == "The US"


def test_house_style_and_double_stop() -> None:
    detector = LexiconDetector(HouseStyle(us="U.S.", nato="Nato"))
    assert fixed("Talks with SHBA. Talks with NATO-s.", detector) == "Talks with the U.S. Talks with Nato."
    assert fixed("Talks with SHBA and ООН.", detector) == "Talks with the U.S. and the UN."


def test_house_style_file(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text('us = "USA"\n')
    assert load_house_style(path) == HouseStyle(us="USA")
    for bad in ('usa = "USA"', "us = 1", 'us = ""', "us ="):
        path.write_text(bad)
        with pytest.raises(ConfigError, match=r"house\.toml"):
            load_house_style(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_house_style(tmp_path / "none.toml")


@given(st.text(alphabet="SHBAshba.EU '-–“”()\nKa ëé", max_size=60))
def test_any_text_gives_sound_findings(text: str) -> None:
    for finding in find(text):
        assert 0 <= finding.span.start < finding.span.end <= len(text)
        assert finding.suggestions
    assert len(fixed(text)) >= 0  # suggestions never overlap: apply would raise


def test_article_before_names() -> None:
    assert fit("a Gjermani plan", Span(2, 10), "Germany", False).texts == ("Germany",)
    assert fit("a Austri plan", Span(2, 8), "Austria", False).texts == ("an Austria",)
    assert fit("an Ukrainë plan", Span(3, 10), "Ukraine", False).texts == ("a Ukraine",)


@pytest.mark.parametrize("name", ["lexicon.tsv", "countries.tsv"])
def test_table_is_sound(name: str) -> None:
    rows = read_rows(DATA / name)
    assert len({(row.form, row.english) for row in rows}) == len(rows)
    for row in rows:
        assert row.form == row.form.strip()
        assert bool(row.english) == (row.grade != "never"), row
        assert all(code in language_names() for code in row.languages) or row.grade == "suffixed", row


def test_speed() -> None:
    load_table.cache_clear()
    start = time.process_time()
    load_table()
    assert time.process_time() - start < 1  # a busy machine and a large heap take several times the 0.1 of a quiet one
    article = "The talks with SHBA in Paris were long and the OKB said little about them. " * 70
    find(article)
    start = time.process_time()
    find(article)
    assert time.process_time() - start < 0.3


def test_dash_and_compound_are_no_case_ending() -> None:
    assert find("no sense in joining the EU-it is enough") == []
    findings = find("Tuvalu, the Marshallinseln and the Salomonen-inseln")
    assert [f.suggestions[0].trusted for f in findings] == [True, False]
