"""What `fix` makes of some 240 short texts without the model, and of some with it, kept so that a change is seen.

Outputs may change where a rule does; nobody should change one without knowing. Where the change is meant,

    .venv/bin/python tests/outputs.py

makes the files anew, and their diff shows what has become of which text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from repair.config import Config
from repair.findings import Finding, Report
from repair.pipeline import Repairer

HERE = Path(__file__).parent
RULES, MODEL = HERE / "outputs-rules.txt", HERE / "outputs-model.txt"
REMAKE = "if it is meant, run: .venv/bin/python tests/outputs.py, and look at the diff"
SHORT = 50  # characters of a case that the model reads too
HEAD = "## "  # before the name of a text


def cases(*names: str) -> dict[str, str]:
    """The texts of case files, by file and label."""
    read = {name: json.loads((HERE / "cases" / f"{name}.json").read_text(encoding="utf-8")) for name in names}
    return {f"{name}: {case['label']}": case["text"] for name, some in read.items() for case in some}


def article() -> str:
    return (HERE / "article.txt").read_text(encoding="utf-8")


def without_model() -> dict[str, str]:
    paragraphs = {f"article: line {number}": line for number, line in enumerate(article().splitlines(), start=1)}
    texts = cases("wild", "synthetic", "negative") | paragraphs
    return outputs(Repairer(Config(no_model=True)), texts)


def with_model() -> dict[str, str]:
    """In full precision: others round differently on another processor."""
    short = {name: text for name, text in cases("wild").items() if len(text) < SHORT}
    return outputs(Repairer(Config(dtype="float32")), {"article": article()} | short)


def outputs(repairer: Repairer, texts: Mapping[str, str]) -> dict[str, str]:
    """What is kept of each text."""
    return {name: "\n".join(lines(repairer.fix(text))) for name, text in texts.items()}


def lines(report: Report) -> Iterator[str]:
    """Findings, repairs and the new text. Probabilities are left out, and of the model's wordings all but the first:
    they differ in their last digits between processors.
    """
    text = report.document.text
    for finding in report.findings:
        said = " | ".join(map(quoted, wordings(finding)))
        yield f"{finding.span.start}-{finding.span.end} {finding.source} {finding.category} {finding.severity} " + (
            f"{quoted(finding.span.of(text))} > {said}" if said else quoted(finding.span.of(text))
        )
    for repair in sorted((*report.applied, *report.not_applied), key=lambda one: one.span):
        change = f"{quoted(repair.span.of(text))} > {quoted(repair.after(text))}"
        yield f"{repair.span.start}-{repair.span.end} {repair.safety.name.lower()} {change}"
    if report.output != text:
        yield f"= {quoted(report.output or '')}"


def wordings(finding: Finding) -> list[str]:
    said = [suggestion.text for suggestion in finding.suggestions]
    return said[:1] if finding.suggestions and finding.suggestions[0].guess else said


def quoted(text: str) -> str:
    """In one line."""
    return json.dumps(text, ensure_ascii=False)


def kept(file: Path) -> dict[str, str]:
    """What a file says of each text."""
    some = file.read_text(encoding="utf-8").removeprefix(HEAD).split(f"\n{HEAD}")
    return {name: rest.strip("\n") for name, _, rest in (one.partition("\n") for one in some)}


def keep(file: Path, found: Mapping[str, str]) -> None:
    told = (f"{HEAD}{name}\n{said}\n" if said else f"{HEAD}{name}\n" for name, said in found.items())
    file.write_text("".join(told), encoding="utf-8")


def changed(file: Path, found: Mapping[str, str]) -> str:
    """Which texts come out otherwise than the file says, and how to make it anew; empty where none does. A text that is
    not in the file yet is none.
    """
    known = kept(file)
    differ = [name for name in known if found.get(name) != known[name]]
    if not differ:
        return ""
    told = [f"{len(differ)} of {len(known)} texts come out differently; {REMAKE}"]
    for name in differ:
        told.append(f"{HEAD}{name}" + ("" if name in found else " (no such text any more)"))
        told += [f"- {line}" for line in known[name].splitlines()]
        told += [f"+ {line}" for line in found.get(name, "").splitlines()]
    return "\n".join(told)


if __name__ == "__main__":
    keep(RULES, without_model())
    keep(MODEL, with_model())
