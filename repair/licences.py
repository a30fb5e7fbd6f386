"""`repair licences`: what of the package is under which licence, and the texts of all."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click

from repair.errors import RepairError


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by its SPDX identifier, what is under it, and the file of its text."""

    id: str
    what: str
    file: str


# `license` in pyproject.toml joins these identifiers.
LICENCES = (
    Licence(
        "Apache-2.0",
        "the program, its weights, and all data but these (some learnt from texts given for research; see below):",
        "LICENSE",
    ),
    Licence("BSD-2-Clause", "sounds.txt.gz, from the CMU Pronouncing Dictionary", "LICENSE-cmudict.txt"),
    Licence(
        "CC-BY-SA-4.0", "the tables *-cc.txt.gz and *.cc.txt.gz, from dictionaries and wordnets", "LICENSE-cc-by-sa.txt"
    ),
    Licence("LicenseRef-WordNet-3.0", "senses.txt.gz, capitals.txt.gz, from WordNet", "LICENSE-wordnet.txt"),
    Licence("Unicode-3.0", "countries.tsv, from CLDR", "LICENSE-unicode.txt"),
)


@click.command()
def licences() -> None:
    """Print what is under which licence, where the data comes from, and the texts of all licences."""
    width = max(len(licence.id) for licence in LICENCES)
    listed = [f"{licence.id:{width}}  {licence.what}" for licence in LICENCES]
    texts = [f"{licence.id:=^100}\n\n{text(licence.file)}" for licence in LICENCES]
    click.echo("\n".join([*listed, "", text("SOURCES.md"), *texts]))


def text(name: str) -> str:
    """A file of `data/`, or of the source's own folder. Raises RepairError where it is missing."""
    data = Path(str(files("repair"))) / "data"
    for path in (data / name, data.parents[1] / name):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise RepairError(f"{name} is missing; reinstall mt-repair")
