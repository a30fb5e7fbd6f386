"""The picture of the package, made from its own imports: a graph in Mermaid for docs/architecture.md.

`python -m benchmarks.table` writes it into the page. tests/test_architecture.py reads imports with the same functions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from repair.errors import InputError

ROOT = Path(__file__).parents[1] / "repair"

# Which modules are drawn as one. A package that is not named is drawn as itself, and so is a module beside them.
GROUPS = {
    "helpers": "errors patience progress help cores addresses stamps trained registry options config",
    "text": "text paragraphs protect quotations segment edits findings found flow rounds certainty evidence ignore",
    "words": "lexemes senses american correct.pivots tables regression",
    "formats": "formats inputs rows articles beside",
    "gate": "gate facts fact_words fact_classes meaning decide",
    "house": "house house_style",
    "pipeline": "pipeline tools engine alike sources languages",
    "report": "report guide",
    "run": "run baseline publication",
    "cli": "cli rules licences setup __main__",
}
PLACED = {name: group for group, names in GROUPS.items() for name in names.split()}

Graph = Mapping[str, set[str]]  # what a group imports


def module(file: Path) -> str:
    """The dotted name of a file below `repair`; empty for `repair/__init__.py`."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


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
    """True where a package of the checkout has a module or package of this name."""
    path = ROOT.parent.joinpath(*package.split("."), name)
    return path.is_dir() or path.with_suffix(".py").is_file()


def own_imports(file: Path) -> Iterator[str]:
    """Modules of `repair` that the file imports, without the leading `repair.`."""
    package = ".".join(file.relative_to(ROOT.parent).with_suffix("").parts[:-1])
    for name, _ in imports(ast.parse(file.read_text(encoding="utf-8")), package):
        if name.startswith("repair."):
            yield name.removeprefix("repair.")


def group(name: str) -> str:
    """The group that draws a module.

    >>> group("detect.rules"), group("correct.pivots"), group("correct.infilling"), group("gate")
    ('detect', 'words', 'correct', 'gate')
    """
    return PLACED.get(name) or PLACED.get(name.split(".")[0]) or name.split(".")[0]


def graph() -> dict[str, set[str]]:
    """What the groups import of each other."""
    found: dict[str, set[str]] = {}
    for file in sorted(ROOT.rglob("*.py")):
        if name := module(file):  # the package itself hands out names from everywhere
            above = found.setdefault(group(name), set())
            above |= {group(target) for target in own_imports(file)}
            above.discard(group(name))
    return found


def reduced(edges: Graph) -> dict[str, set[str]]:
    """The edges that no longer way replaces (transitive reduction). Raises InputError for a circle.

    >>> reduced({"cli": {"gate", "text"}, "gate": {"text"}, "text": set()})
    {'text': set(), 'gate': {'text'}, 'cli': {'gate'}}
    >>> reduced({"cli": {"gate"}, "gate": {"cli"}})
    Traceback (most recent call last):
    repair.errors.InputError: groups import each other: cli > gate > cli; see GROUPS in benchmarks/imports.py
    """
    try:
        order = list(TopologicalSorter({name: sorted(edges[name]) for name in sorted(edges)}).static_order())
    except CycleError as error:
        circle = " > ".join(error.args[1])
        raise InputError(f"groups import each other: {circle}; see GROUPS in benchmarks/imports.py") from None
    below: dict[str, set[str]] = {}
    for name in order:
        below[name] = edges[name].union(*(below[other] for other in edges[name]))
    return {name: {to for to in edges[name] if all(to not in below[other] for other in edges[name])} for name in order}


def picture() -> str:
    """The groups and what each imports, as a code block that Git hosts draw."""
    edges = reduced(graph())
    lines = [f'    {name}["{label(name)}"]' for name in reversed(edges)]
    lines += [f"    {name} --> {to}" for name in reversed(edges) for to in sorted(edges[name])]
    return "\n".join(("```mermaid", "flowchart TD", *lines, "```"))


def label(name: str) -> str:
    """A group's name, and below it its modules where they are more than a package.

    >>> label("detect"), label("house")
    ('<b>detect/</b>', '<b>house</b><br/>house, house_style')
    """
    if name not in GROUPS:
        return f"<b>{name}{'/' if (ROOT / name).is_dir() else ''}</b>"
    members = [f"{member}/" if (ROOT / member).is_dir() else member for member in GROUPS[name].split()]
    rows = [", ".join(members[i : i + 5]) for i in range(0, len(members), 5)]
    return "<br/>".join((f"<b>{name}</b>", *rows))
