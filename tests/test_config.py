"""Settings: what wins over what, and one clear line for whatever is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from repair.config import Config, find_file, load_config
from repair.errors import ConfigError


def configured(folder: Path, toml: str) -> Config:
    (folder / "repair.toml").write_text(toml, encoding="utf-8")
    return load_config()


def test_without_anything_the_defaults_hold(folder: Path) -> None:
    config = load_config()
    assert config == Config()
    assert config.detectors == ("rules", "lexicon", "lm")
    assert (config.threshold, config.apply_at, config.fail_on) == (None, "safe", "minor")


def test_each_layer_wins_over_the_one_before(folder: Path) -> None:
    (folder / "repair.toml").write_text('threshold = 0.1\napply_at = "review"\nfail_on = "major"\n', encoding="utf-8")
    environ = {"REPAIR_THRESHOLD": "0.2", "REPAIR_FAIL_ON": "critical"}
    config = load_config(None, environ, {"threshold": 0.3, "fail_on": None})
    assert (config.threshold, config.apply_at, config.fail_on) == (0.3, "review", "critical")


def test_layers_merge_inside_tables(folder: Path) -> None:
    (folder / "repair.toml").write_text('[ignore]\nwords = ["teh"]\nnames = ["Hpe"]\n', encoding="utf-8")
    config = load_config(None, {"REPAIR_IGNORE_WORDS": "foo, bar"})
    assert (config.ignore.words, config.ignore.names) == (("foo", "bar"), ("Hpe",))


def test_the_nearest_file_upwards_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "repair.toml").write_text("threshold = 0.1\n", encoding="utf-8")
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert load_config().threshold == 0.1
    (folder / "a" / "repair.toml").write_text("threshold = 0.2\n", encoding="utf-8")
    assert find_file(inner) == folder / "a" / "repair.toml"
    assert load_config().threshold == 0.2
    assert load_config(folder / "repair.toml").threshold == 0.1


def test_paths_in_a_file_are_relative_to_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "mine").mkdir()
    toml = 'house_style = "style.toml"\nbase = "base"\nmodel = "mine"\n[languagetool]\npath = "/opt/lt"\n'
    (folder / "repair.toml").write_text(toml, encoding="utf-8")
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")
    config = load_config()
    assert config.house_style == folder / "style.toml"
    assert config.base == str(folder / "base")
    assert config.model == str(folder / "mine")
    assert config.languagetool.path == Path("/opt/lt")


def test_a_model_name_that_is_no_folder_is_left_for_the_hub(folder: Path) -> None:
    assert configured(folder, 'model = "google/flan-t5-small"\n').model == "google/flan-t5-small"


def test_patterns_are_compiled_once(folder: Path) -> None:
    ignore = configured(folder, "[ignore]\npatterns = ['\\bNo\\. \\d+']\n").ignore
    assert ignore.compiled[0].search("see No. 12")
    assert ignore.compiled is ignore.compiled


def test_a_pattern_in_the_environment_may_hold_a_comma(folder: Path) -> None:
    assert load_config(None, {"REPAIR_IGNORE_PATTERNS": "a{1,2}"}).ignore.patterns == ("a{1,2}",)


def test_environment_values_are_read_by_type(folder: Path) -> None:
    environ = {
        "REPAIR_DETECTORS": "rules,languagetool",
        "REPAIR_NO_MODEL": "1",
        "REPAIR_THREADS": "2",
        "REPAIR_LANGUAGETOOL_DOWNLOAD": "true",
        "REPAIR_FAIL_ON": "",
        "REPAIR_HOME": "/somewhere",
        "REPAIR_DATA": "/elsewhere",
        "PATH": "/bin",
    }
    config = load_config(None, environ)
    assert config.detectors == ("rules", "languagetool")
    assert (config.no_model, config.threads, config.languagetool.download) == (True, 2, True)
    assert config.fail_on == "minor"


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("treshold = 1", "unknown key treshold; did you mean threshold?"),
        ('words = ["a"]', "unknown key words; did you mean ignore.words?"),
        ('[ignore]\nword = ["a"]', "unknown key ignore.word; did you mean ignore.words?"),
        ("[zebra]\nx = 1", "unknown key zebra"),
        ('threshold = "high"', "threshold must be a number from 0 to 1, not 'high'"),
        ("threshold = 1.5", "threshold must be a number from 0 to 1, not 1.5"),
        ("threshold = nan", "threshold must be a number from 0 to 1, not nan"),
        ("no_model = 1", "no_model must be true or false, not 1"),
        ('apply_at = "rejected"', "apply_at must be safe or review, not 'rejected'"),
        ('detectors = "rules"', "not 'rules'"),
        ('detectors = ["rule"]', "not 'rule'; did you mean rules?"),
        ("house_style = 3", "house_style must be a path, not 3"),
        ("threads = 0", "threads must be a whole number from 1, not 0"),
        ('device = "gpu"', "device must be auto, cpu, cuda or mps, not 'gpu'"),
        ("ignore = 3", "ignore must be a table, written as [ignore], not 3"),
        ("[ignore]\nwords = [1]", "ignore.words must be a list of texts, not [1]"),
        ("[ignore]\npatterns = ['(']", "ignore.patterns: not a regular expression: '('"),
        ('[languagetool]\nserver = "localhost"', "languagetool.server must be an http or https address"),
        ("= 3", "not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_in_one_line(folder: Path, toml: str, expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        configured(folder, toml)
    message = str(error.value)
    assert message.startswith(str(folder / "repair.toml") + ": ")
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"REPAIR_TRESHOLD": "1"}, "unknown variable REPAIR_TRESHOLD; did you mean REPAIR_THRESHOLD?"),
        ({"REPAIR_THRESHOLD": "high"}, "REPAIR_THRESHOLD must be a number from 0 to 1, not 'high'"),
        ({"REPAIR_DETECTORS": "rules,lexikon"}, "not 'lexikon'; did you mean lexicon?"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(folder: Path, environ: dict[str, str], expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(None, environ)
    assert expected in str(error.value)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"threshold": "0.5"}, "option threshold must be a number from 0 to 1, not '0.5'"),
        ({"treshold": 1}, "options: unknown key treshold; did you mean threshold?"),
    ],
)
def test_what_is_wrong_in_an_option_is_named(folder: Path, overrides: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(None, None, overrides)
    assert str(error.value) == expected


def test_a_missing_or_unreadable_file_is_an_error(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot read the configuration: No such file"):
        load_config(folder / "none.toml")
    (folder / "latin.toml").write_bytes(b'model = "caf\xe9"')
    with pytest.raises(ConfigError, match=r"latin\.toml: not UTF-8"):
        load_config(folder / "latin.toml")
