"""Chooses the thresholds, on clean news that nothing was trained on and on the marked dev set.

They are written beside the regressions.

In copy that reads clean findings open where `--flags` per 1,000 words of clean news are left; in copy that is garbled
throughout where `--precision` of them fall on marked places, for whole excerpts and for lone lines. A wording of the
model is safe from where 95 of 100 are accepted ones, or never (`repair.evidence.sure_from`). The curve of false alarms
by score is kept for `repair check --gate`.

    python -m models.judge.calibrate --data DIR --flags 0.2 6.5 --precision 0.83
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.recipe.clean import read_jsonl
from models.recipe.marks import example, read_excerpts
from repair.config import Config
from repair.decide import Measured, decide
from repair.engine import Engine
from repair.evidence import sure_from
from repair.findings import Safety
from repair.judges.thresholds import looks_garbled
from repair.pipeline import Repairer
from repair.publication import false_alarm_curve
from repair.score.accepted import Place, put_right
from repair.score.split import is_calibration
from repair.segment import read_document
from repair.text import Span, touches, words

STEPS = [round(0.01 * i, 2) for i in range(10, 100)]


@dataclass(frozen=True, slots=True)
class Flag:
    """A doubt of the model: its final score, how garbled its text looks in [0, 1], does it fall on a marked place?"""

    score: float
    share: float
    right: bool

    def opens(self, clean: float, garbled: float) -> bool:
        return self.score >= (1 - self.share) * clean + self.share * garbled


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model makes of some texts, with rates per 1,000 words."""

    words: int
    flags: list[Flag]

    def rate(self, clean: float, garbled: float) -> float:
        return 1000 * sum(flag.opens(clean, garbled) for flag in self.flags) / self.words

    def precision(self, clean: float, garbled: float) -> float:
        hits = [flag.right for flag in self.flags if flag.opens(clean, garbled)]
        return sum(hits) / len(hits) if hits else 1.0


def clean_news(data: Path, articles: int, lines: int) -> dict[str, list[str]]:
    """Dev articles of BBC and dev lines of newstest."""
    rng = random.Random(7)
    folder = data / "clean-news"
    bbc = [row["text"] for row in read_jsonl(folder / "bbc-2225.jsonl.gz") if is_calibration(row["text"])]
    newstest = sorted(
        {row["text"] for row in read_jsonl(folder / "newstest-2008-2021.jsonl.gz") if is_calibration(row["text"])}
    )
    return {
        "article": rng.sample(bbc, min(articles, len(bbc))),
        "line": rng.sample(newstest, min(lines, len(newstest))),
    }


def marked_news(data: Path) -> dict[str, list[tuple[str, tuple[Place, ...]]]]:
    """The excerpts of the marked dev set, whole and line by line, with their places."""
    excerpts = list(read_excerpts(data / "post-edits" / "real-dev.jsonl.gz"))
    lines = [example(e, number, number + 1, "") for e in excerpts for number in range(len(e.lines))]
    return {
        "article": [(excerpt.text, excerpt.places) for excerpt in excerpts],
        "line": [
            (row["text"], tuple(Place(Span(start, end), tuple(w)) for start, end, w in row["places"])) for row in lines
        ],
    }


def read(engine: Engine, plain: Repairer, texts: Iterable[tuple[str, Sequence[Place]]]) -> Seen:
    """The model's flags in texts with their marked places, where the rules and the lexicon have none."""
    count, flags = 0, []
    for text, places in texts:
        document = read_document(text)
        scores = engine.read(document)
        taken = sorted(finding.span for finding in plain.check(text).findings)
        share, spans = looks_garbled(scores), [place.span for place in places]
        for found in engine.look_twice(document, engine.doubts(document, scores, taken), scores):
            flags.append(Flag(found.score, share, touches(found.span, spans)))
        count += len(words(text))
    return Seen(count, flags)


def repairs(repairer: Repairer, texts: Iterable[tuple[str, Sequence[Place]]]) -> Iterator[tuple[float, bool]]:
    """Score and truth of the model's repairs that the gate lets pass, at the thresholds that have been chosen."""
    for text, places in texts:
        report = repairer.check(text)
        own = [finding for finding in report.findings if finding.source == "lm"]
        for made in decide(report.document, own, Measured(guesses_from=0.001)):
            if made.safety == Safety.SAFE:
                yield made.score, bool(put_right(text, places, made.edits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", help="folder of another model of the same family")
    parser.add_argument("--folder", type=Path, default=Path("models/judge"))
    parser.add_argument("--flags", type=float, nargs=2, default=(0.2, 6.5), metavar=("ARTICLE", "LINE"))
    parser.add_argument("--precision", type=float, default=0.83)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--lines", type=int, default=1500)
    args = parser.parse_args()
    plain, engine = Repairer(Config(no_model=True)), Engine(Config(threshold=STEPS[0], base=args.base))
    chosen, curves = {}, {}
    news, marked = clean_news(args.data, args.articles, args.lines), marked_news(args.data)
    for (name, texts), flags in zip(news.items(), args.flags, strict=True):
        clean, garbled = read(engine, plain, ((text, ()) for text in texts)), read(engine, plain, marked[name])
        # what clean copy allows where it looks clean; then what marked copy allows where it looks garbled
        opens = next((step for step in STEPS if clean.rate(step, step) <= flags), STEPS[-1])
        low = next((step for step in STEPS if garbled.precision(step, step) >= args.precision), STEPS[-1])
        opens = max(opens, low)
        chosen[name], chosen[f"garbled_{name}"] = opens, low
        curves[name] = false_alarm_curve([flag.score for flag in clean.flags], clean.words)
        for step in STEPS[::5]:
            rate, right, marks = clean.rate(step, step), garbled.precision(step, step), garbled.rate(step, step)
            print(f"{name} {step:.2f}: clean {rate:.2f} flags; marked {marks:.1f}, {right:.2f} right", flush=True)
        kept = garbled.precision(opens, low), garbled.rate(opens, low)
        print(f"{name}: {opens}, garbled throughout {low}; marked {kept[0]:.2f} right, {kept[1]:.1f} flags", flush=True)
    path = args.folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config |= {"thresholds": {**chosen, "apply": 1.0}, "false_alarms": curves}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    del engine
    made = list(repairs(Repairer(Config(base=args.base)), marked["article"]))
    for step in STEPS[::5]:
        accepted = [truth for score, truth in made if score >= step]
        print(f"repairs from {step:.2f}: {len(accepted)}, {sum(accepted)} accepted", flush=True)
    config["thresholds"]["apply"] = sure_from(made)
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print(config["thresholds"])


if __name__ == "__main__":
    main()
