"""LanguageTool as a detector. A real server runs once for all tests that need one; they skip where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from repair.detect import languagetool
from repair.detect.languagetool import LanguageToolDetector, load_rules
from repair.errors import ConfigError, UnavailableError
from repair.findings import Finding
from repair.text import Document, Span

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("LTP_PATH") or ROOT.parent / "shared" / "languagetool")


@pytest.fixture(scope="session")
def detector() -> Iterator[LanguageToolDetector]:
    if shutil.which("java") is None:
        pytest.skip("needs Java 17")
    if not any(FOLDER.glob("LanguageTool-*")):
        pytest.skip("needs a LanguageTool folder: set LTP_PATH")
    pytest.importorskip("language_tool_python", reason="needs the extra languagetool")
    detector = LanguageToolDetector(FOLDER)
    yield detector
    detector.close()


def check(detector: LanguageToolDetector, text: str, protected: tuple[Span, ...] = ()) -> list[Finding]:
    return detector.find(Document("", text, (Span(0, len(text)),), protected))


def texts(detector: LanguageToolDetector, text: str) -> list[tuple[str, str]]:
    """(flagged text, first suggestion)"""
    return [(f.span.of(text), f.suggestions[0].text if f.suggestions else "") for f in check(detector, text)]


@pytest.mark.parametrize(
    ("text", "flagged", "fix"),
    [
        ("There he met one officials from the ministry.", "one officials", "one official"),
        ("The talks lasted longer that two hours.", "that", "than"),
        ("The minister resigned at Friday.", "at Friday", "on Friday"),
        ("Exports fell by 43,8% in a year.", "43,8%", "43.8%"),
        ("It happened on may 15, 2004, in Paris.", "may", "May"),
        ("They said it was Nigeria'S oil.", "Nigeria'S", "Nigeria's"),
    ],
)
def test_finds_and_suggests(detector: LanguageToolDetector, text: str, flagged: str, fix: str) -> None:
    assert (flagged, fix) in texts(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "Mr Solskjær and Erdogan met Szijjarto in Reykjavik.",  # names, spelt without their accents
        "The colour of the labour movement has changed, and so has its color.",  # both spellings
        "Teh goverment annonced it.",  # spelling is not our business
        "The talks ended , and he left .",  # the product's own rules have this
        "In spite of the fact that it was raining, he was really good.",  # style
        "If United lose the match, they are out.",  # a British plural
        "POLICE HAS SAID THE MINISTER GO HOME",  # capitals all through
    ],
)
def test_leaves_alone(detector: LanguageToolDetector, text: str) -> None:
    assert texts(detector, text) == []


def test_a_name_is_never_changed(detector: LanguageToolDetector) -> None:
    (alone,) = check(detector, "Cherries adds nothing.")
    assert [s.text for s in alone.suggestions] == ["Cherry adds", "Cherries add"]
    (name,) = check(detector, "Cherries adds nothing. The hit of the year is Cherries.")
    assert [s.text for s in name.suggestions] == ["Cherries add"]


def test_only_listed_rules_fire(detector: LanguageToolDetector) -> None:
    text = 'He go home.  these officials was " late , and and an university , Peter are hear. Alot of peoples.'
    found = check(detector, text)
    assert len(found) >= 2
    assert {f.source.removeprefix("languagetool/") for f in found} <= set(load_rules())
    assert all(f.score == load_rules()[f.source.removeprefix("languagetool/")].score for f in found)


def test_the_list_is_what_is_kept(detector: LanguageToolDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The minister resigned at Friday, longer that two years ago."
    assert len(texts(detector, text)) == 2
    assert detector._tool.enabled_rules == set(load_rules())
    monkeypatch.setattr(detector._tool, "enabled_rules", {"THAT_THAN"})
    assert texts(detector, text) == [("that", "than")]


def test_offsets_after_emoji_and_odd_newlines(detector: LanguageToolDetector) -> None:
    text = "\ufeff🙂🙂 Talks 😀\r\n\r\nIt resigned at Friday 🙂.\u2028Those lasted longer that\xad two 𝒜 hours.\r\n"
    assert texts(detector, text) == [("at Friday", "on Friday"), ("that", "than")]


def test_an_emoji_inside_a_match_is_no_match(detector: LanguageToolDetector) -> None:
    text = "He met one 🙂 officials and one officials 🙂 too."
    for finding in check(detector, text):
        assert "🙂" not in finding.span.of(text)
        assert all(languagetool.STAND_IN not in s.text for s in finding.suggestions)


def test_protected_ranges_are_never_flagged(detector: LanguageToolDetector) -> None:
    text = "The minister resigned at Friday. The king resigned at Friday."
    assert [f.span.start for f in check(detector, text, (Span(13, 31),))] == [text.rindex("at Friday")]


def test_a_match_across_lines_is_no_match(detector: LanguageToolDetector) -> None:
    assert texts(detector, "The row about the tax\nThe tax fell.") == []


def test_long_texts_are_cut_between_sentences(detector: LanguageToolDetector) -> None:
    sentence = "The minister resigned at Friday. "
    count = 320
    borders = tuple(Span(i * len(sentence), (i + 1) * len(sentence)) for i in range(count))
    started = time.perf_counter()
    found = detector.find(Document("", sentence * count, borders))
    print(f"\n{5 * count / (time.perf_counter() - started):.0f} words a second")
    assert [f.span.of(sentence * count) for f in found] == ["at Friday"] * count


def test_a_server_by_its_address(detector: LanguageToolDetector) -> None:
    check(detector, "Start.")
    remote = LanguageToolDetector(server=detector._tool.url.removesuffix("v2/"))
    assert texts(remote, "He resigned at Friday.") == [("at Friday", "on Friday")]
    remote.close()
    assert check(detector, "He resigned at Friday."), "closing a client must not stop someone else's server"


def test_every_listed_rule_is_known(detector: LanguageToolDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    check(detector, "Start.")
    detector._check_rules(detector._tool.url)
    rules = load_rules()
    monkeypatch.setattr(languagetool, "load_rules", lambda: {**rules, "NO_SUCH_RULE": rules["THAT_THAN"]})
    other = LanguageToolDetector(server=detector._tool.url.removesuffix("v2/"))
    with pytest.raises(ConfigError, match="NO_SUCH_RULE"):
        other.find(Document("", "Text."))


def test_rules_file_is_sound() -> None:
    for name, rule in load_rules().items():
        assert 0 < rule.score <= 0.95, name
        assert 0 < rule.fix <= 0.95, name
    assert not [name for name in load_rules() if name.startswith("MORFOLOGIK") or "SPELL" in name]


def test_no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="no Java here; install Java 17"):
        LanguageToolDetector(FOLDER).find(Document("", "Text."))


def test_no_client_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "language_tool_python", None)
    with pytest.raises(UnavailableError, match=r"pip install 'mt-repair\[languagetool\]'"):
        LanguageToolDetector().find(Document("", "Text."))


def test_nothing_is_downloaded_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\nexit 1\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LTP_PATH", str(tmp_path / "none"))
    with pytest.raises(UnavailableError, match=r"there is none in .*languagetool\.download"):
        LanguageToolDetector().find(Document("", "Text."))
    assert not (tmp_path / "none").exists()


def test_java_that_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("language_tool_python", reason="needs the extra languagetool")
    (tmp_path / "LanguageTool-6.8").mkdir()
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LTP_PATH", "")
    with pytest.raises(UnavailableError, match=r"does not start: .*Java >= 17|does not start: .*java 11"):
        LanguageToolDetector(tmp_path).find(Document("", "Text."))


def test_server_that_is_not_there() -> None:
    pytest.importorskip("language_tool_python", reason="needs the extra languagetool")
    with pytest.raises(UnavailableError, match=r"check languagetool\.server"):
        LanguageToolDetector(server="http://127.0.0.1:9").find(Document("", "Text."))


@pytest.mark.parametrize("named", ["", "intranet.example", "*"])
def test_what_is_asked_here_passes_no_proxy(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("language_tool_python", reason="needs the extra languagetool")
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def hear() -> None:
            with suppress(OSError):
                while True:
                    one, address = proxy.accept()
                    asked.append(address)
                    one.close()

        threading.Thread(target=hear, daemon=True).start()
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", named)
        with pytest.raises(UnavailableError, match="check languagetool"):
            LanguageToolDetector(server="http://localhost:9").find(Document("", "Text."))
    assert asked == [] and os.environ["no_proxy"].split(",")[0] == (named or "localhost"), "what was excepted stays so"
