"""Imports run one way, models load only when needed, and every file can be read in one sitting."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "repair"
FILES = sorted(ROOT.rglob("*.py"))
# A module may import from rows above its own, and from its own package. The longest name that fits counts.
LAYERS = (
    "errors regression patience progress help cores addresses tables",
    "text options",
    "lexemes senses evidence",
    "paragraphs",
    "protect quotations fact_words",
    "segment edits facts fact_classes",
    "findings",
    "formats",
    "config house_style inputs correct.pivots",
    "lm house american meaning judges source beside",
    "detect correct gate",
    "alike decide flow ignore languages rounds certainty engine setup sources guide articles",
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


def module(file: Path) -> str:
    """The dotted name of a file below `repair`; empty for `repair/__init__.py`."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


def placed(name: str) -> str:
    """The entry of LAYERS that the module belongs to; empty where there is none."""
    return max((entry for entry in RANK if f"{name}.".startswith(f"{entry}.")), key=len, default="")


def imports(tree: ast.AST, package: str) -> Iterator[tuple[str, ast.stmt]]:
    """Absolute names of all imported modules, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: -node.level + 1 or None]) + "." if node.level else ""
            target = f"{base}{node.module or ''}".rstrip(".")
            yield target, node
            if target == "repair" or target.startswith("repair."):
                yield from ((f"{target}.{alias.name}", node) for alias in node.names if is_module(target, alias.name))


def is_module(package: str, name: str) -> bool:
    path = ROOT.parent.joinpath(*package.split("."), name)
    return path.is_dir() or path.with_suffix(".py").is_file()


def own_imports(file: Path) -> Iterator[str]:
    """Modules of `repair` that the file imports, without the leading `repair.`."""
    package = ".".join(file.relative_to(ROOT.parent).with_suffix("").parts[:-1])
    for name, _ in imports(ast.parse(file.read_text(encoding="utf-8")), package):
        if name.startswith("repair."):
            yield name.removeprefix("repair.")


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
        ("lm.model", "correct.corrector", False),
        ("gate", "detect.rules", False),
        ("text", "segment", False),
        ("score.words", "report.text", False),
        ("text", "unheard_of", False),
    ],
)
def test_the_rule_itself(source: str, target: str, allowed: bool) -> None:
    assert (violation(source, target) is None) == allowed


# The package itself hands out names from everywhere, when asked.
@pytest.mark.parametrize("file", list(filter(module, FILES)), ids=module)
def test_imports_run_one_way(file: Path) -> None:
    assert placed(module(file)), f"{module(file)} has no place in LAYERS: decide where it belongs"
    assert [v for target in own_imports(file) if (v := violation(module(file), target))] == []


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
