"""The pages for people: what the README shows is what the program prints, and links lead somewhere."""

import re
from pathlib import Path

import pytest

from repair.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("models/**/*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


def test_the_output_in_the_readme_is_real(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("COLUMNS", raising=False)
    first, *shown = README.split("```\n")[1].splitlines()
    command = first.removeprefix("$ repair ").split()
    assert main(command) == 1
    printed = capsys.readouterr().out.splitlines()
    for part in "\n".join(shown).split("…\n"):
        lines = part.removesuffix("…").strip("\n").splitlines()
        assert not lines or any(printed[i : i + len(lines)] == lines for i in range(len(printed))), part


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
