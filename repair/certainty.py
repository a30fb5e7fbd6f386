"""How certain a finding is, in words; and the groups in which every view shows findings, the surest first.

Scores are probabilities, so the bounds mean something: from `likely` on a finding is garbled more often than not, from
`sure` on four times in five. A fix that is safe to make unasked is sure whatever the score of its finding.
"""

from __future__ import annotations

from typing import Literal, get_args

from repair.findings import LEADS, Finding, Repair, Report, Safety

Certainty = Literal["sure", "likely", "doubtful"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
Group = Literal["sure", "quotation", "likely", "doubtful"]
TITLES: dict[Group, str] = {
    "sure": "Sure",
    "quotation": "In quotations",
    "likely": "Likely garbled: choose or write",
    "doubtful": "Doubtful",
}
State = Literal["safe", "review", "refused", "quotation", "no fix"]

BOUNDS: dict[Certainty, float] = {"sure": 0.8, "likely": LEADS, "doubtful": 0.0}


def certainty(score: float, safe: bool = False) -> Certainty:
    """The word for a finding with this score; `safe` where a repair of it is.

    >>> certainty(0.9), certainty(0.5), certainty(0.49), certainty(0.3, safe=True)
    ('sure', 'likely', 'doubtful', 'sure')
    """
    return "sure" if safe else next(word for word in CERTAINTIES if score >= BOUNDS[word])


def group(score: float, safe: bool, quoted: bool) -> Group:
    """Where a finding is shown. What stands in a quotation is never in the group that is accepted as a whole.

    >>> group(0.9, safe=True, quoted=False), group(0.9, safe=False, quoted=False), group(0.9, safe=False, quoted=True)
    ('sure', 'likely', 'quotation')
    >>> group(0.2, safe=False, quoted=True)
    'doubtful'
    """
    if safe:
        return "sure"
    if certainty(score) == "doubtful":
        return "doubtful"
    return "quotation" if quoted else "likely"


class Triage:
    """Sorts the findings of one report. Whether one can be fixed safely its repairs tell, made or only thought of."""

    def __init__(self, report: Report) -> None:
        self.document, self.findings = report.document, report.findings
        self._repairs = {f: repair for repair in (*report.not_applied, *report.applied) for f in repair.findings}

    def repair(self, finding: Finding) -> Repair | None:
        return self._repairs.get(finding)

    def safe(self, finding: Finding) -> bool:
        repair = self.repair(finding)
        return repair is not None and repair.safety is Safety.SAFE

    def certainty(self, finding: Finding) -> Certainty:
        return certainty(finding.score, self.safe(finding))

    def group(self, finding: Finding) -> Group:
        return group(finding.score, self.safe(finding), self.document.is_quoted(finding.span))

    def groups(self) -> dict[Group, list[Finding]]:
        """The groups that are not empty, the surest first."""
        sorted_in: dict[Group, list[Finding]] = {name: [] for name in TITLES}
        for finding in self.findings:
            sorted_in[self.group(finding)].append(finding)
        return {name: findings for name, findings in sorted_in.items() if findings}

    def state(self, finding: Finding) -> State:
        """What becomes of it: made unasked (or would be), or why not."""
        if self.document.is_quoted(finding.span):
            return "quotation"
        repair = self.repair(finding)
        if repair is None:
            return "review" if finding.suggestions else "no fix"
        states: dict[Safety, State] = {Safety.SAFE: "safe", Safety.REVIEW: "review", Safety.REJECTED: "refused"}
        return states[repair.safety]

    def leads(self, finding: Finding) -> bool:
        """May its first fix be shown as the fix, not as one idea among others?"""
        repair = self.repair(finding)
        return repair is not None and repair.leads
