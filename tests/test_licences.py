"""What is under which licence is said once, and all texts are there."""

import re
import tomllib
from pathlib import Path

import pytest

from repair.cli import main
from repair.correct.pivots import TABLES
from repair.licences import LICENCES, text
from repair.tables import tables

ROOT = Path(__file__).parents[1]


def test_the_package_declares_all_of_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"].split(" AND ") == [licence.id for licence in LICENCES]
    shipped = {path.name for pattern in project["license-files"] for path in ROOT.glob(pattern)}
    assert shipped == {licence.file for licence in LICENCES}


def test_every_data_file_has_its_source() -> None:
    sources = text("SOURCES.md")
    own = {"SOURCES.md", "schema.json", "languagetool_rules.toml"}
    for path in (ROOT / "repair" / "data").iterdir():
        assert path.name in own or path.name.startswith("LICENSE-") or f"## {path.name}" in sources, path.name


def test_it_is_said_what_every_learnt_table_of_translations_was_learnt_from() -> None:
    told = re.findall(r"^- ([a-z, ]+): ", text("SOURCES.md"), re.M)
    learnt = {path.name.split(".")[0] for path in (ROOT / "repair/data/translations").glob("??.txt.gz")}
    assert sorted(learnt) == sorted(one for some in told for one in some.split(", "))


def test_nothing_under_the_gpl_is_in_the_package() -> None:
    assert not [path for path in (ROOT / "repair").rglob("*gpl*") if path.suffix != ".pyc"]
    assert all("GPL" not in licence.id for licence in LICENCES)
    assert [path.name for path in tables(TABLES) if path.is_relative_to(ROOT / "repair")] == ["pivots-cc.txt.gz"]


def test_the_command_prints_every_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences"]) == 0
    printed = capsys.readouterr().out
    for licence in LICENCES:
        assert f"{licence.id}  " in printed and text(licence.file) in printed
    assert "## pivots-cc.txt.gz" in printed
