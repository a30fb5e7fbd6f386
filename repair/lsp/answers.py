"""What an editor is told: findings as diagnostics, suggestions as quick fixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types

from repair.certainty import Certainty, Triage
from repair.edits import Edit
from repair.findings import Finding, Report, Severity
from repair.lsp.positions import Positions
from repair.text import Span

FIX_ALL, IGNORE, ADD_WORD = "repair.fixAll", "repair.ignore", "repair.addWord"
FIX_ALL_KIND = f"{types.CodeActionKind.SourceFixAll.value}.repair"
SOURCE = "repair"
# How loud an editor is to be follows from certainty; only of what is sure does it matter how grave it is.
LOUDNESS: dict[Certainty, types.DiagnosticSeverity] = {
    "sure": types.DiagnosticSeverity.Warning,
    "likely": types.DiagnosticSeverity.Information,
    "doubtful": types.DiagnosticSeverity.Hint,
}
SHOWN = 40  # characters of a text in a title
LED_IN = 10  # characters shown before the first that changes, where the text is longer
ODD = re.compile(r"\A\s+|\s+\Z|\s{2,}|[^\S ]|[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\x00-\x1f\x7f-\x9f]")
SIGNS = {" ": "␣", "\n": "⏎", "\r": "⏎", "\t": "⇥", "\u00a0": "⍽"}


def diagnostics(report: Report, positions: Positions) -> list[types.Diagnostic]:
    """One for each finding; `data` holds its probability and the word for it."""
    triage = Triage(report)
    return [
        types.Diagnostic(
            range=positions.range(finding.span),
            message=finding.message,
            severity=loudness(triage.certainty(finding), finding.severity),
            code=finding.source,
            source=SOURCE,
            data={
                "category": finding.category,
                "certainty": triage.certainty(finding),
                "score": round(finding.score, 4),
            },
        )
        for finding in report.findings
    ]


def loudness(certainty: Certainty, severity: Severity) -> types.DiagnosticSeverity:
    """How an editor is to show a finding.

    >>> loudness("sure", "critical").name, loudness("sure", "minor").name, loudness("doubtful", "critical").name
    ('Error', 'Warning', 'Hint')
    """
    grave = certainty == "sure" and severity == "critical"
    return types.DiagnosticSeverity.Error if grave else LOUDNESS[certainty]


def quick_fixes(report: Report, asked: Span, uri: str, positions: Positions) -> Iterator[types.CodeAction]:
    """Actions for the findings that touch `asked`: suggestions, then what silences them."""
    text, triage = report.document.text, Triage(report)
    shown = {(d.range.start.line, d.range.start.character, d.code): d for d in diagnostics(report, positions)}
    touched = [f for f in report.findings if f.span.start <= asked.end and asked.start <= f.span.end]
    for finding in touched:
        start = positions.position(finding.span.start)
        about = [shown[start.line, start.character, finding.source]]
        for number, suggestion in enumerate(finding.suggestions):
            yield types.CodeAction(
                title=title(finding.span.of(text), suggestion.text),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=about,
                is_preferred=triage.safe(finding) and number == 0,
                edit=types.WorkspaceEdit(changes={uri: text_edits([Edit(finding.span, suggestion.text)], positions)}),
            )
        yield from silencers(finding, text, uri, about)


def silencers(finding: Finding, text: str, uri: str, about: Sequence[types.Diagnostic]) -> Iterator[types.CodeAction]:
    phrase = " ".join(finding.span.of(text).split())
    if not any(char.isalnum() for char in phrase):
        return
    yield command(f"Never flag “{short(phrase)}” again", IGNORE, (uri, phrase), about)
    if " " not in phrase:
        yield command(f"Add “{short(phrase)}” to the dictionary, in any case", ADD_WORD, (uri, phrase), about)


def command(name: str, id: str, arguments: Sequence[str], about: Sequence[types.Diagnostic] = ()) -> types.CodeAction:
    """An action that the server carries out."""
    return types.CodeAction(
        title=name,
        kind=types.CodeActionKind.QuickFix if about else types.CodeActionKind.Source,
        diagnostics=list(about) or None,
        command=types.Command(title=name, command=id, arguments=list(arguments)),
    )


def text_edits(edits: Iterable[Edit], positions: Positions) -> list[types.TextEdit]:
    """Edits in the editor's terms."""
    return [types.TextEdit(positions.range(edit.span), edit.text) for edit in edits]


def title(old: str, new: str) -> str:
    """What a quick fix does, in one line; blanks that change are shown.

    >>> title("one officials", "one official"), title(" .", "."), title(" ", "")
    ('Change “one officials” to “one official”', 'Change “␣.” to “.”', 'Remove “␣”')
    """
    before, after = visible(old), visible(new)
    if not new:
        return f"Remove “{cut(before)}”"
    pairs = zip(before, after, strict=False)
    alike = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(before), len(after)))
    start = max(0, alike - LED_IN) if max(len(before), len(after)) > SHOWN else 0
    return f"Change “{cut(before, start)}” to “{cut(after, start)}”"


def visible(text: str) -> str:
    """The text on one line, with every blank that is not a single space inside it as a sign, and what has no shape by
    its number.

    >>> visible("a b  c\\n"), visible("no\\u200bshape")
    ('a b␣␣c⏎', 'no⟨U+200B⟩shape')
    """
    return ODD.sub(lambda match: "".join(SIGNS.get(c, f"⟨U+{ord(c):04X}⟩") for c in match[0]), text)


def cut(text: str, start: int = 0) -> str:
    """At most SHOWN characters of the text from `start` on."""
    shown = ("…" if start else "") + text[start:]
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"


def short(text: str) -> str:
    return cut(" ".join(text.split()))
