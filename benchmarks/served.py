"""What a larger model behind `--corrector` is worth, by how good it is; no large model is needed to tell.

A server on this machine stands in for one (`models.recipe.simulated`): asked through the real client about the flagged
spans of marked excerpts, it gives an accepted wording in so many of 100 cases and a plausible wrong one
otherwise. Counted are its right wordings that reach the editor as the first proposal, and its wrong ones that are shown
first or applied.

    python -m benchmarks.served --data DIR                                    # the curve
    python -m benchmarks.served --data DIR --corrector http://localhost:8000/v1    # a real server, beside it
    python -m benchmarks.served --data DIR --places     # without any model: the marked places, and the gate
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zlib import crc32

from benchmarks.marked import share
from benchmarks.peers import Flag
from benchmarks.results import FOLDER, Line, update
from benchmarks.sample import is_offered
from models.recipe.marks import Excerpt, read_excerpts
from models.recipe.simulated import Pool, accepted, offer
from repair.config import Config, Served
from repair.correct import chat
from repair.correct.infilling import InfillingCorrector
from repair.correct.prompt import Passage
from repair.correct.served import ServedModel
from repair.decide import Measured, decide
from repair.edits import Edit, minimal
from repair.findings import Finding, Report, Safety, Suggestion
from repair.pipeline import Repairer
from repair.score.accepted import put_right
from repair.score.counts import Counts, estimate
from repair.segment import read_document
from repair.text import Document, Span

SKILLS = (20, 40, 60, 80, 90)
TEXTS = 40
SET = "post-edits/real-dev"
PLACES = "marked places, gate alone"
PEER = "simulated, {} right in 100"
TAG = re.compile(r'<span id="(\d+)">|</span>|</?(?:quote|keep)>')
SENTENCE = re.compile(r"<sentence>(.*?)</sentence>", re.S)


@dataclass(slots=True)
class Simulated:
    """The model behind the server: which texts it knows, and how often it is right (0 to 1)."""

    excerpts: Sequence[Excerpt]
    pool: Pool
    own: dict[tuple[str, Span], list[str]]  # what the small model proposes for a span of a text
    skill: float = 0.0

    def answer(self, shown: str) -> str:
        """The JSON that it says to the passages that it is shown."""
        said = []
        for sentence in SENTENCE.findall(shown):
            text, spans = unmarked(sentence)
            for number, span in spans.items():
                said.append({"id": number, "wordings": list(self.wordings(text, span))})
        return json.dumps({"answers": said})

    def wordings(self, sentence: str, span: Span) -> tuple[str, ...]:
        """What it offers for a span of a sentence."""
        for excerpt in self.excerpts:
            start = re.sub(r"\s", " ", excerpt.text).find(sentence)
            if start >= 0:
                return self.offer(excerpt, span.shift(start))
        return ()

    def offer(self, excerpt: Excerpt, span: Span) -> tuple[str, ...]:
        """The same for a span of an excerpt; always the same for the same skill."""
        rng = random.Random(crc32(f"{excerpt.id} {span.start} {self.skill}".encode()))
        right, old = accepted(excerpt.text, span, excerpt.places), span.of(excerpt.text)
        own = self.own.get((excerpt.text, span), [])
        return offer(rng, self.skill, right, old, lambda: self.pool.wrong(rng, old, right), own)


def unmarked(sentence: str) -> tuple[str, dict[int, Span]]:
    """The text of a marked sentence, and its spans by their number.

    >>> unmarked('He &amp; <quote>the <span id="3">high</span> man</quote>')
    ('He & the high man', {3: Span(start=9, end=13)})
    """
    text, spans, opened, last = "", {}, (0, 0), 0
    for tag in TAG.finditer(sentence):
        text += html.unescape(sentence[last : tag.start()])
        last = tag.end()
        if tag[1]:
            opened = (int(tag[1]), len(text))
        elif tag[0] == "</span>":
            spans[opened[0]] = Span(opened[1], len(text))
    return text + html.unescape(sentence[last:]), spans


@contextmanager
def serving(answer: Callable[[str], str]) -> Iterator[str]:
    """An OpenAI-compatible server on this machine whose model answers so; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = answer(body["messages"][-1]["content"])
            data = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()


class Heard(ServedModel):
    """Keeps what was offered for each span of each text, and of each request whether its answer could be read."""

    def __init__(self, settings: Served) -> None:
        super().__init__(settings)
        self.offered: dict[tuple[str, Span], tuple[str, ...]] = {}
        self.read: list[bool] = []

    def wordings(self, document: Document, spans: Sequence[Span]) -> dict[int, tuple[str, ...]]:
        found = super().wordings(document, spans)
        self.offered |= {(document.text, span): found.get(number, ()) for number, span in enumerate(spans)}
        return found

    def _ask(self, some: list[Passage]) -> bool:
        rests = self.chat.breaker.open
        more = super()._ask(some)
        if not rests:
            self.read.append(all(one in self._known for one in some))
        return more


@dataclass(slots=True)
class Worth:
    """What became of the wordings of a model, a truth for each that counts."""

    read: list[bool] = field(default_factory=list)  # of its answers: could they be read?
    right: list[bool] = field(
        default_factory=list
    )  # of spans with a right wording to be known: is its first one right?
    left: list[bool] = field(default_factory=list)  # of the other spans: did it leave them?
    reach: list[bool] = field(default_factory=list)  # of its right first wordings: are they the first proposal?
    shown: list[bool] = field(default_factory=list)  # of its wrong first wordings: are they the first proposal?
    fixed: list[bool] = field(default_factory=list)  # of the same: does `fix` apply them?
    asked: list[bool] = field(default_factory=list)  # of the same: does `fix --apply-at review`?
    first: list[bool] = field(default_factory=list)  # of all marked places: is the first proposal accepted?
    three: list[bool] = field(default_factory=list)  # of all marked places: is one of three?

    def see(self, excerpt: Excerpt, report: Report, offered: dict[tuple[str, Span], tuple[str, ...]]) -> None:
        """Count what a report on an excerpt shows."""
        text, made = excerpt.text, {f: repair for repair in report.not_applied for f in repair.findings}
        for finding in report.findings:
            said = offered.get((text, finding.span))
            if said is None:
                continue
            known = accepted(text, finding.span, excerpt.places)
            good = bool(said) and is_right(excerpt, finding, said[0])
            (self.right if known else self.left).append(good if known else not said)
            if not said:
                continue
            repair = made.get(finding)
            done = repair is not None and repair.safety > Safety.REJECTED and repair.after(text) == said[0]
            leads = done or (repair is None and [s.text for s in finding.suggestions[:1]] == [said[0]])
            if good:
                self.reach.append(leads)
            else:
                self.shown.append(leads)
                self.fixed.append(done and repair is not None and repair.safety is Safety.SAFE)
                self.asked.append(done and repair is not None and repair.leads)
        flags = [Flag(f.span, tuple(s.text for s in f.suggestions)) for f in report.findings]
        for place in excerpt.places:
            self.first.append(is_offered(text, place.span, flags, place.wordings, 1))
            self.three.append(is_offered(text, place.span, flags, place.wordings, 3))

    def lines(self, peer: str, signature: str) -> list[Line]:
        metrics = {
            "answers that could be read": self.read,
            "its first wording right": self.right,
            "sound or unknowable spans left": self.left,
            "right wordings shown first": self.reach,
            "wrong wordings shown first": self.shown,
            "wrong wordings applied by fix": self.fixed,
            "wrong wordings applied at review": self.asked,
            "first proposal accepted": self.first,
            "one of three accepted": self.three,
        }
        return [
            Line.of((SET, peer, name), estimate([*map(counted, hits)], lambda counts: counts.recall), signature)
            for name, hits in metrics.items()
            if hits
        ]


def counted(hit: bool) -> Counts:
    return share([hit])


def is_right(excerpt: Excerpt, finding: Finding, wording: str) -> bool:
    change = minimal(excerpt.text, Edit(finding.span, wording))
    return bool(put_right(excerpt.text, excerpt.places, change))


class Curve:
    """What becomes of the wordings of several models, each peer asked about one text after the other: the text is read
    once for all.
    """

    def __init__(self, repairer: Repairer) -> None:
        self.repairer = repairer
        self.outcomes: dict[str, Worth] = defaultdict(Worth)
        self.signatures: dict[str, str] = {}

    def see(self, excerpt: Excerpt, peer: str, served: Heard | None) -> Report:
        """Count what is made of an excerpt with the model behind `served`, or with none."""
        assert self.repairer.engine and isinstance(self.repairer.engine.corrector, InfillingCorrector)
        self.repairer.engine.corrector.served = served
        report = self.repairer.check(excerpt.text)
        self.outcomes[peer].see(excerpt, report, served.offered if served else {})
        self.outcomes[peer].read += served.read if served else []
        self.signatures[peer] = re.sub(r"\d+\.\d+\.\d+\.\d+:\d+", "localhost", self.repairer.signature)
        return report

    def simulate(self, excerpt: Excerpt, simulated: Simulated, skills: Sequence[int], settings: Served) -> None:
        """Count what is made of an excerpt without a served model, then with simulated ones of these skills."""
        for finding in self.see(excerpt, "no server", None).findings:
            simulated.own[excerpt.text, finding.span] = [s.text for s in finding.suggestions]
        for skill in skills:
            simulated.skill = skill / 100
            self.see(excerpt, PEER.format(skill), Heard(settings))

    def listen(self, excerpt: Excerpt, name: str, settings: Served) -> None:
        """Count what is made of an excerpt without a served model, then with a real one. Each excerpt is a new start:
        a server that rests after answers to the last is asked again.
        """
        self.see(excerpt, f"no server, the excerpts of {name}", None)
        heard = Heard(settings)
        report = self.see(excerpt, name, heard)
        print(f"{sum(heard.read)} of {len(heard.read)} answers read", *report.notes, sep="\n", flush=True)

    def lines(self, texts: int) -> list[Line]:
        result = []
        for peer, outcome in self.outcomes.items():
            lines = outcome.lines(peer, f"texts:{texts}|{self.signatures[peer]}")
            print(peer, {line.metric: f"{line.value:.3f} of {line.n}" for line in lines}, flush=True)
            result += lines
        return result


def placed(excerpts: Sequence[Excerpt], served: Heard, peer: str) -> list[Line]:
    """The lines for a model that is asked about the marked places themselves: no detector and no small model at work,
    the gate alone.
    """
    outcome = Worth()
    for excerpt in excerpts:
        document = read_document(excerpt.text)
        spans = [place.span for place in excerpt.places if place.wordings]
        offers = served.wordings(document, spans)
        findings = [
            Finding(spans[number], "style/unidiomatic", "minor", 1.0, "marked", "lm", in_order(wordings))
            for number, wordings in sorted(offers.items())
        ]
        made = decide(document, findings, Measured())
        outcome.see(excerpt, Report(document, tuple(findings), "", not_applied=tuple(made)), served.offered)
    told = outcome.lines(peer, f"texts:{len(excerpts)}|gate-alone|look:in-order")
    # the rest would say how good the model is, or how a score in which nothing was fitted compares with a bound
    kept = [line for line in told if "wording" in line.metric and "at review" not in line.metric]
    lines = [replace(line, set=PLACES) for line in kept]
    print(peer, {line.metric: f"{line.value:.3f} of {line.n}" for line in lines}, flush=True)
    return lines


def in_order(wordings: Sequence[str]) -> tuple[Suggestion, ...]:
    """A served model's wordings as they are proposed where nothing was fitted to it."""
    return tuple(Suggestion(text, 0.5 * 0.9**n, guess=True, by="simulated") for n, text in enumerate(wordings))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--skills", type=int, nargs="+", default=SKILLS, metavar="PERCENT")
    parser.add_argument("--corrector", metavar="URL", help="a real server in place of the simulated ones")
    parser.add_argument("--model", help="its model; by default the first that it serves")
    parser.add_argument("--name", help="what the table calls it")
    parser.add_argument("--timeout", type=float, default=600.0)
    parser.add_argument("--minutes", type=float, default=120, help="after which no further excerpt is read")
    parser.add_argument("--tokens", type=int, default=chat.TOKENS, help="of an answer; a small model never stops")
    parser.add_argument("--places", action="store_true", help="ask about the marked places; loads no model")
    args = parser.parse_args()
    chat.TOKENS = args.tokens
    every = list(read_excerpts(args.data / f"{SET}.jsonl.gz"))
    excerpts = random.Random(5).sample(every, min(args.texts, len(every)))
    pool = Pool((excerpt.text, excerpt.places) for excerpt in every)
    with serving(lambda shown: simulated.answer(shown)) as url:
        simulated = Simulated(excerpts, pool, {})
        settings = Served(url=url, model="simulated", requests=1000)
        if args.places:
            for skill in args.skills:
                simulated.skill = skill / 100
                update(placed(excerpts, Heard(settings), PEER.format(skill)), FOLDER / "served.jsonl")
            return
        curve = Curve(Repairer(Config(corrector=Served(url=args.corrector or url, allow_remote=True))))
        real = Served(url=args.corrector, model=args.model, allow_remote=True, timeout=args.timeout, requests=1000)
        end, number = time.monotonic() + 60 * args.minutes, 0
        for number, excerpt in enumerate(excerpts, start=1):
            if args.corrector:
                curve.listen(excerpt, args.name or "a real server", real)
            else:
                curve.simulate(excerpt, simulated, args.skills, settings)
            print(f"{number} of {len(excerpts)}", flush=True)
            if time.monotonic() >= end:
                break
        update(curve.lines(number), FOLDER / "served.jsonl")


if __name__ == "__main__":
    main()
