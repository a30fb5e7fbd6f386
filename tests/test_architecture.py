"""Imports run one way, models load only when needed, and every file can be read in one sitting."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.imports import ROOT, graph, group, imports, module, own_imports, picture

FILES = sorted(ROOT.rglob("*.py"))
# A module may import from rows above its own, and from its own package. The longest name that fits counts.
LAYERS = (
    "errors regression patience progress help cores addresses tables registry stamps",
    "text options trained",
    "lexemes senses evidence",
    "paragraphs",
    "protect quotations fact_words",
    "segment edits facts fact_classes",
    "findings",
    "formats",
    "config house_style inputs correct.pivots",
    "lm house american meaning source beside rows",
    "judges",
    "detect correct gate",
    "alike decide flow found ignore languages rounds certainty engine setup sources guide articles",
    "tools",
    "pipeline",
    "score report",
    "baseline publication",
    "run",
    "daemon",
    "cli batch serve rules licences",
    "ledger lsp",
    "__main__",
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names.split()}
HEAVY = {"torch", "transformers", "peft", "accelerate"}


def placed(name: str) -> str:
    """The entry of LAYERS that the module belongs to; empty where there is none."""
    return max((entry for entry in RANK if f"{name}.".startswith(f"{entry}.")), key=len, default="")


def outside_imports(file: Path) -> Iterator[str]:
    return (name.split(".")[0] for name, _ in imports(ast.parse(file.read_text(encoding="utf-8")), ""))


def violation(source: str, target: str) -> str | None:
    """What is wrong with `source` importing `target`; None where nothing is."""
    a, b = placed(source), placed(target)
    if not a or not b:
        return f"{source if not a else target} has no place in LAYERS: decide where it belongs"
    if a == b or (RANK[b] < RANK[a]) or source.split(".")[0] == target.split(".")[0]:
        return None
    return f"{source} imports {target}, which stands at its side or above it"


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        ("gate", "facts", True),
        ("detect.rules", "detect.rule", True),
        ("lm.model", "correct.pivots", True),
        ("lm.model", "correct.infilling", False),
        ("gate", "detect.rules", False),
        ("text", "segment", False),
        ("score.words", "report.text", False),
        ("text", "unheard_of", False),
    ],
)
def test_the_rule_itself(source: str, target: str, allowed: bool) -> None:
    assert (violation(source, target) is None) == allowed


@pytest.mark.parametrize("file", FILES, ids=lambda file: module(file) or "repair")
def test_the_first_line_of_a_module_says_what_it_does(file: Path) -> None:
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    assert len(said.partition("\n")[0].split()) > 3 and said.partition("\n")[0].endswith((".", "?", ":")), said


def test_no_two_classes_have_one_name() -> None:
    """Whoever meets a class knows which it is. Private ones are met in their own module alone."""
    places: dict[str, list[str]] = {}
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(module(file))
    assert {name: some for name, some in places.items() if len(some) > 1} == {}


# The package itself hands out names from everywhere, when asked.
@pytest.mark.parametrize("file", [file for file in FILES if module(file)], ids=module)
def test_imports_run_one_way(file: Path) -> None:
    assert placed(module(file)), f"{module(file)} has no place in LAYERS: decide where it belongs"
    assert [v for target in own_imports(file) if (v := violation(module(file), target))] == []


def test_every_import_is_a_way_through_the_picture() -> None:
    ways: dict[str, set[str]] = {name: {name} for name in graph()}
    for line in reversed(picture().splitlines()):  # what is imported stands below
        if " --> " in line:
            above, below = line.split(" --> ")
            ways[above.strip()] |= ways[below]
    missing = [
        f"{module(file)} > {target}"
        for file in filter(module, FILES)
        for target in own_imports(file)
        if group(target) not in ways[group(module(file))]
    ]
    assert missing == []


def test_the_page_says_what_every_group_is() -> None:
    page = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = {
        name for row in page.splitlines() for name in re.findall("`([a-z]+)`", row.split("|")[1] if "|" in row else "")
    }
    assert graph().keys() <= told


@pytest.mark.parametrize("name", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_pages_for_developers_name_files_that_exist(name: str) -> None:
    page = (ROOT.parent / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+\.(?:py|tsv|json)|[a-z]+/(?:[a-z_/]+/)?)`", page))
    known = [
        str(path.relative_to(ROOT.parent))
        for top in ("repair", "models", "benchmarks", "tests")
        for path in (ROOT.parent / top).rglob("*")
    ]
    assert [
        name
        for name in named
        if not any(f"/{path}".endswith(f"/{name.rstrip('/')}") for path in (*known, "models", "benchmarks", "tests"))
    ] == []


@pytest.mark.parametrize("file", FILES, ids=module)
def test_only_lm_imports_torch_and_transformers(file: Path) -> None:
    if module(file).split(".")[0] != "lm":
        assert HEAVY.isdisjoint(outside_imports(file))


@pytest.mark.parametrize("file", FILES, ids=module)
def test_the_product_does_not_import_what_measures_or_trains_it(file: Path) -> None:
    assert {"benchmarks", "models", "tests"}.isdisjoint(outside_imports(file))


@pytest.mark.parametrize("file", FILES, ids=module)
def test_languagetool_is_imported_only_when_it_is_used(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [node for name, node in imports(tree, "") if name.split(".")[0] == "language_tool_python"]
    if module(file) == "detect.languagetool":
        assert not any(node in tree.body for node in found)
    else:
        assert not found


@pytest.mark.parametrize("file", FILES, ids=module)
def test_no_file_is_too_long_to_read(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


def test_the_command_line_starts_without_a_model() -> None:
    code = f"import sys, repair, repair.cli; print(sorted({HEAVY!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
