"""A decision about a phrase: what it would change across the archive, and the house rule with its test cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from repair.batch.containers import container_for
from repair.batch.storage import Skipped, Storage
from repair.batch.work import Found, Task, Worker
from repair.config import Config
from repair.formats.errors import FormatError
from repair.house import FLAGGED, Term, add_term
from repair.ledger.clusters import Cluster
from repair.pipeline import Repairer


@dataclass(frozen=True, slots=True)
class Effect:
    """One place in the archive that a rule would change (`found.repaired`) or flag."""

    article: str
    found: Found


def effects(origin: Storage, fields: tuple[str, ...], phrase: str, term: Term) -> Iterator[Effect]:
    """Reads the whole archive with this rule alone; nothing is written. What cannot be read is passed over."""
    with TemporaryDirectory() as folder:
        worker = Worker(alone(Path(folder), phrase, term), fields)
        for entry in origin.files():
            if isinstance(entry, Skipped):
                continue
            try:
                container = container_for(entry.path, fields)
                if container is None:
                    continue
                with origin.open(entry.path) as stream:
                    for article in container.articles(stream):
                        (outcome,) = worker.run([Task(0, article.key, article.data, article.format)])
                        yield from (Effect(f"{entry.path}{article.key}", found) for found in outcome.findings)
            except (FormatError, OSError):
                continue


def with_cases(cluster: Cluster, phrase: str, term: Term) -> Term:
    """The rule with the cluster's examples as test cases: what it makes of each, as it is now."""
    with TemporaryDirectory() as folder:
        repairer = alone(Path(folder), phrase, term)
        reports = [repairer.fix(context) for _, context in cluster.examples]
    cases = {
        report.document.text: FLAGGED if report.output == report.document.text else report.output or ""
        for report in reports
        if report.findings
    }
    return Term(use=term.use, reason=term.reason, owner=term.owner, severity=term.severity, cases=cases)


def alone(folder: Path, phrase: str, term: Term) -> Repairer:
    """A repairer with one house rule and no detector."""
    file = folder / "house.toml"
    add_term(file, phrase, term)
    return Repairer(Config(detectors=(), no_model=True, house=file))
