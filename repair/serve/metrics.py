"""What the server counts, for Prometheus. Numbers only: nothing of any text."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from repair.findings import Report

SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


class Metrics:
    """Counters of one server; another server in the same process has its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter("repair_requests", "Requests answered.", ["path", "status"], registry=self.registry)
        self.seconds = Histogram(
            "repair_request_seconds", "Time from request to answer.", ["path"], buckets=SECONDS, registry=self.registry
        )
        self.texts = Counter("repair_texts", "Texts worked on.", registry=self.registry)
        self.words = Counter("repair_words", "Words read.", registry=self.registry)
        self.findings = Counter("repair_findings", "Findings reported.", ["severity"], registry=self.registry)
        self.inside = Gauge("repair_requests_inside", "Requests waiting or worked on.", registry=self.registry)

    def follow(self, inside: Callable[[], float]) -> None:
        """Read the number of requests inside from this function."""
        self.inside.set_function(inside)

    def reported(self, report: Report) -> None:
        """Count an answer's words and findings."""
        counts = report.summary()
        self.words.inc(counts["words"])
        for severity, number in counts["by_severity"].items():
            self.findings.labels(severity).inc(number)

    def text(self) -> bytes:
        """The page that Prometheus reads."""
        return generate_latest(self.registry)
