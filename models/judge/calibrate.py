"""Chooses the thresholds on clean news that nothing was trained on, and writes them beside the regressions.

The budgets are per 1,000 words of clean news: `--flags` findings of the language model at the default threshold, of
which `--edits` are repaired without a person. In texts that are garbled throughout, which clean news hardly is,
findings open at `--garbled` for articles and for lone lines. The curve of false alarms by score is kept for
`repair check --gate`.

    python -m models.judge.calibrate --data DIR --flags 1.6 --edits 0.3
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from pathlib import Path

from models.recipe.clean import read_jsonl
from repair.config import Config
from repair.decide import Bounds, decide
from repair.detect.lm import looks_garbled
from repair.findings import Safety
from repair.inputs import Item
from repair.pipeline import Repairer
from repair.publication import false_alarm_curve
from repair.score.split import is_calibration
from repair.text import words

STEPS = [round(0.01 * i, 2) for i in range(10, 99)]


@dataclass(frozen=True, slots=True)
class Clean:
    """What the model made of clean news of one kind: (score, share) of its findings, where share says how garbled their
    text looks; and (finding's score, share, repair's score) of what it would change at a bound of zero.
    """

    words: int
    garbled: float  # from where on findings open in a text that looks garbled throughout
    findings: list[tuple[float, float]]
    repairs: list[tuple[float, float, float]]

    def opens(self, threshold: float, score: float, share: float) -> bool:
        return score >= (1 - share) * threshold + share * self.garbled

    def flags(self, threshold: float) -> float:
        """Findings per 1,000 words."""
        return 1000 * sum(self.opens(threshold, *finding) for finding in self.findings) / self.words

    def edits(self, threshold: float, bound: float) -> float:
        """Repairs without a person per 1,000 words, of findings from `threshold` on."""
        done = [score >= bound and self.opens(threshold, found, share) for found, share, score in self.repairs]
        return 1000 * sum(done) / self.words


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


def read(repairer: Repairer, texts: list[str], garbled: float) -> Clean:
    seen = Clean(sum(len(words(text)) for text in texts), garbled, [], [])
    assert repairer.engine is not None
    for report in repairer.check_many(Item(text) for text in texts):
        share = looks_garbled(repairer.engine.read([report.document])[0])
        own = [finding for finding in report.findings if finding.source == "lm"]
        seen.findings.extend((finding.score, share) for finding in own)
        repairs = decide(report.document, own, Bounds(model=0.0))
        seen.repairs.extend((r.findings[0].score, share, r.score) for r in repairs if r.safety == Safety.SAFE)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", help="folder of another model of the same family")
    parser.add_argument("--folder", type=Path, default=Path("models/judge"))
    parser.add_argument("--flags", type=float, default=1.6)
    parser.add_argument("--edits", type=float, default=0.3)
    parser.add_argument("--garbled", type=float, nargs=2, default=(0.15, 0.3), metavar=("ARTICLE", "LINE"))
    parser.add_argument("--least", type=float, default=0.35, help="no lower bound for repairs than this probability")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--lines", type=int, default=4000)
    args = parser.parse_args()
    repairer = Repairer(Config(threshold=STEPS[0], base=args.base))
    chosen, bounds, curves = {}, [args.least], {}
    texts = clean_news(args.data, args.articles, args.lines)
    for (name, some), garbled in zip(texts.items(), args.garbled, strict=True):
        seen = read(repairer, some, garbled)
        chosen[f"garbled_{name}"] = garbled
        chosen[name] = opens = next(step for step in STEPS if seen.flags(step) <= args.flags or step == STEPS[-1])
        bounds.append(next(step for step in STEPS if seen.edits(opens, step) <= args.edits or step == STEPS[-1]))
        curves[name] = false_alarm_curve([score for score, _ in seen.findings], seen.words)
        for step in STEPS[::5]:
            told = f"{seen.flags(step):.2f} findings from there on, {seen.edits(opens, step):.2f} repairs"
            print(f"{name} {step:.2f}: {told} per 1,000 words", flush=True)
        print(f"{name}: threshold {opens}, repairs from {bounds[-1]}, {seen.words} words", flush=True)
    path = args.folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["thresholds"] = {**chosen, "apply": max(bounds)}
    config["false_alarms"] = curves
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
