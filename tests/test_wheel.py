"""The wheel holds all that an installation needs: data, schema and the trained weights."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_an_installation_outside_the_checkout_finds_its_weights_and_data(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]  # as pip has it built
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("mt_repair-*.whl")
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    article = tmp_path / "article.txt"
    article.write_text("The minister held full -scale talks with SH.BA on Monday.\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "repair", "fix", "--exit-zero", str(article)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "The minister held full-scale talks with the US on Monday.\n"
    for command, shown in (
        (["rules", "list"], "doubled-word"),
        (["licences"], "Creative Commons"),
        (["check", "--no-model", "--exit-zero", str(article)], "the US"),
    ):
        told = subprocess.run(
            [sys.executable, "-m", "repair", *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert shown in told.stdout
    code = "import repair.trained as t; print(*(t.weights(n) for n in ('detector', 'infill', 'judge')))"
    where = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(path.startswith(str(installed)) for path in where.stdout.split())
