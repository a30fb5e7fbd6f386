"""Fits the regression for wordings of a served model (`--corrector`): would an editor take this one?

No large model is needed: a simulated one (`models.recipe.simulated`) offers wordings for flagged spans of held
excerpts, as good as a large model may be, from 20 to 90 right in 100. With `--corrector URL` a real one is asked
instead, and the regression fits that model. It stands beside the other regressions of the second look.

    python -m models.judge.served --data DIR
    python -m models.judge.served --data DIR --corrector http://localhost:8000/v1
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sklearn.metrics import roc_auc_score

from models.judge.train import FOLLOWED, Case, Rated, fit, looked, texts
from models.recipe.simulated import Pool, accepted, offer
from repair.config import Config, Served
from repair.correct.infilling import InfillingCorrector, Scored
from repair.correct.served import ServedModel
from repair.edits import Edit, minimal
from repair.engine import Engine
from repair.findings import Finding
from repair.judges.wordings import Features, InOrder, ServedJudge
from repair.pipeline import Repairer
from repair.score.accepted import put_right

DRAWS = 8  # simulated answers for each span
SKILLS = (0.2, 0.9)
BOTH = 3  # wordings of each kind that are read for the draws


@dataclass(slots=True)
class Offered(Rated):
    """What is told of every wording of a served model: the lists of answers are numbered."""

    known: list[tuple[Features, float]] = field(default_factory=list)  # of each, with the span's doubt
    answers: list[int] = field(default_factory=list)  # in which list each stands


def add(rated: Offered, case: Case, finding: Finding, answer: Sequence[tuple[str, Features]]) -> None:
    """Note what is known of each wording of a list, and whether it is right."""
    number = rated.answers[-1] + 1 if rated.answers else 0
    for text, features in answer:
        change = minimal(case.document.text, Edit(finding.span, text))
        rated.vectors.append(features.served_vector(finding.score))
        rated.right.append(bool(put_right(case.document.text, case.places, change)))
        rated.kinds.append(case.kind)
        rated.known.append((features, finding.score))
        rated.answers.append(number)


def likely(engine: Engine, case: Case) -> list[Finding]:
    """The doubts of a text that a second look finds likely enough, with that probability."""
    found = (
        replace(doubt, score=engine.second_look.judge.of(vector))
        for doubt, vector in zip(case.doubts, case.vectors, strict=True)
    )
    return [finding for finding in found if finding.score >= FOLLOWED]


def read(
    engine: Engine, case: Case, findings: Sequence[Finding], offers: Mapping[int, tuple[str, ...]]
) -> Iterator[tuple[int, tuple[Scored, ...]]]:
    """What the corrector makes of the offered wordings, and of its own, for each finding that it can be asked about."""
    assert isinstance(engine.corrector, InfillingCorrector)
    for some in engine.corrector.ask(case.document, findings, offers):
        yield from some.items()


def simulated(engine: Engine, case: Case, pool: Pool, rng: random.Random, rated: Offered) -> None:
    """Rate what simulated models offer. All wordings are read together, the draws made among them."""
    text, findings = case.document.text, likely(engine, case)
    right = [accepted(text, finding.span, case.places)[:BOTH] for finding in findings]
    wrong = [
        [pool.wrong(rng, f.span.of(text), own) for _ in range(BOTH)] for f, own in zip(findings, right, strict=True)
    ]
    offers = {number: (*right[number], *wrong[number]) for number in range(len(findings))}
    for number, wordings in read(engine, case, findings, offers):
        finding, known = findings[number], {one.text: one.features for one in wordings}
        far = wrong[number]
        own = sorted((one for one in known if one not in offers[number]), key=lambda one: -known[one].said)
        for _ in range(DRAWS):
            skill = rng.uniform(*SKILLS)
            drawn = offer(rng, skill, right[number], finding.span.of(text), partial(rng.choice, far), own)
            ranked = enumerate(drawn, start=1)
            add(rated, case, finding, [(one, replace(known[one], rank=rank)) for rank, one in ranked if one in known])


def asked(engine: Engine, case: Case, served: ServedModel, rated: Offered) -> None:
    """Rate what a real model offers."""
    findings = likely(engine, case)
    offers = served.wordings(case.document, [finding.span for finding in findings])
    for number, wordings in read(engine, case, findings, offers) if offers else ():
        add(rated, case, findings[number], [(one.text, one.features) for one in wordings if one.features.rank])


def compare(way: str, rated: Offered, judge: ServedJudge | InOrder) -> None:
    """Print how well a judge tells right wordings from wrong ones, and how often one that is right leads its list."""
    ratings = [judge.probability(features, doubt) for features, doubt in rated.known]
    first: dict[int, tuple[float, bool]] = {}
    for answer, rating, right in zip(rated.answers, ratings, rated.right, strict=True):
        if answer not in first or rating > first[answer][0]:
            first[answer] = rating, right
    known = {answer for answer, right in zip(rated.answers, rated.right, strict=True) if right}
    leads = sum(first[answer][1] for answer in known)
    print(
        f"{way}: AUC {roc_auc_score(rated.right, ratings):.3f}, right ones lead {leads} of {len(known)} lists with one"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", help="folder of another model of the same family")
    parser.add_argument("--corrector", metavar="URL", help="ask this server instead of a simulated model")
    parser.add_argument("--model", help="its model; by default the first that it serves")
    parser.add_argument("--folder", type=Path, default=Path("models/judge"))
    parser.add_argument("--minutes", type=float, default=30, help="for rating wordings, at most")
    args = parser.parse_args()
    engine, plain = Engine(Config(base=args.base)), Repairer(Config(no_model=True))
    rows = list(texts(args.data, random.Random(1)))
    pool, rng, rated = Pool((text, places) for _, text, places in rows), random.Random(3), Offered()
    settings = Served(url=args.corrector, model=args.model, allow_remote=True, requests=1000)
    served = ServedModel(settings) if args.corrector else None
    end = time.monotonic() + 60 * args.minutes
    for row in random.Random(2).sample(rows, len(rows)):
        if time.monotonic() >= end:
            break
        case = looked(engine.detector, plain, row)
        if served is not None:
            asked(engine, case, served, rated)
        else:
            simulated(engine, case, pool, rng, rated)
    path = args.folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["served"] = fit("wordings", rated.vectors, rated.right, rated.kinds)
    compare("in the model's order", rated, InOrder())
    compare("rated by the fit", rated, ServedJudge(**config["served"]))
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
