"""What is known of a rule, for people: its docstring in parts, its examples, and how often its edits were right."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from doctest import DocTestParser
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata

from repair.detect.rule import Rule
from repair.detect.rules import RULES
from repair.errors import ConfigError, closest
from repair.evidence import Row, load_evidence

WHY, ALONE = "Why: ", "Left alone: "
PAGE = "docs/rules.md"  # in the project's source, and below its address
DISTRIBUTION = "mt-repair"
LANGUAGETOOL = "languagetool/"
RULE_OF_LANGUAGETOOL = "https://community.languagetool.org/rule/show/{}?lang=en"


@dataclass(frozen=True, slots=True)
class Guide:
    """A rule explained. `examples` are texts with each hit as `[old|new]`, or `[old]` where the rule has no fix."""

    rule: Rule
    what: str
    why: str
    alone: str
    examples: tuple[str, ...]

    @property
    def name(self) -> str:
        """The rule's name within `rules/`."""
        return self.rule.id.partition("/")[2]

    @property
    def evidence(self) -> tuple[Row, ...]:
        """What was counted of its edits: those of its mechanical fixes first."""
        rows = load_evidence().rows
        return tuple(rows[key] for key in ((self.rule.id, True), (self.rule.id, False)) if key in rows)


@cache
def guides() -> dict[str, Guide]:
    """Every rule by id, in the order of their ids."""
    return {rule.id: explain(rule) for rule in sorted(RULES, key=lambda rule: rule.id)}


def explain(rule: Rule) -> Guide:
    """The guide in a rule's docstring: what it finds, `Why:`, `Left alone:`, and examples.

    >>> from repair.detect.repetition import doubled_word
    >>> guide = explain(next(rule for rule in RULES if rule.find is doubled_word))
    >>> guide.what, guide.why
    ('The same word stands twice in a row ("the the", "said said").', 'One of the two is left over.')
    """
    text = inspect.getdoc(rule.find) or ""  # none with python -OO
    parts = [" ".join(part.split()) for part in text.partition(">>>")[0].split("\n\n")]
    wants = (example.want for example in DocTestParser().get_examples(text))
    return Guide(
        rule,
        parts[0],
        _part(parts, WHY),
        _part(parts, ALONE),
        tuple(str(ast.literal_eval(want)) for want in wants if want),
    )


def _part(parts: list[str], title: str) -> str:
    """What stands under a title, as a sentence."""
    found = next((part.removeprefix(title) for part in parts if part.startswith(title)), "")
    return found[:1].upper() + found[1:]


def find_guide(name: str) -> Guide:
    """The guide of a rule by its id or name. Raises ConfigError, with the nearest name, for one that does not exist."""
    found = guides()
    id_ = name if name in found else f"rules/{name}"
    if id_ not in found:
        meant = closest(id_, found)
        told = f"did you mean {meant}?" if meant else "`repair rules list` shows all"
        raise ConfigError(f"no rule {name!r}; {told}")
    return found[id_]


def earned(row: Row) -> str:
    """What a row of the evidence says, in a line."""
    kind = "mechanical fixes" if row.mechanical else "fixes"
    right = f"{100 * row.share:.0f} in 100 right of {row.known} known" if row.known else "none seen in translations"
    allowed = "safe" if row.is_safe else "for review"
    return f"{kind} are {allowed}: {right}, {row.clean_wrong:.1f} wrong edits in a million words of clean copy"


@cache
def address() -> str | None:
    """Where the project's documentation lies in the web; None as long as it has no address."""
    try:
        urls = metadata(DISTRIBUTION).get_all("Project-URL") or []
    except PackageNotFoundError:  # run from a folder
        return None
    by_name = dict(url.split(", ", 1) for url in urls)
    return by_name.get("Documentation")


def help_uri(source: str) -> str | None:
    """The page about a source of findings; None where there is none.

    >>> help_uri("languagetool/EN_A_VS_AN")
    'https://community.languagetool.org/rule/show/EN_A_VS_AN?lang=en'
    """
    if source.startswith(LANGUAGETOOL):
        return RULE_OF_LANGUAGETOOL.format(source.removeprefix(LANGUAGETOOL))
    root = address()
    return f"{root.rstrip('/')}/{PAGE}#{guides()[source].name}" if root and source in guides() else None


def safety(guide: Guide) -> str:
    """What becomes of a rule's fixes, in a word or two."""
    kinds = {row.is_safe for row in guide.evidence}
    if kinds == {True, False}:
        return "some safe"
    return "safe" if kinds == {True} else "for review"
