"""Round trips through Apertium, a rule-based translator: its English has the very errors of weak machine translation.

Needs Debian's `apertium-eng-spa`, `apertium-eng-cat`, `apertium-hbs-eng`, `apertium-eo-en` and `apertium-en-gl`. Two
passes over all paragraphs, each with pairs of its own. About 9,000 words a second and pair on two
cores; results are kept on disk, one JSON line a paragraph, so a stopped run goes on.

    python -m models.recipe.roundtrip --data DIR --pass 1 --out roundtrips.jsonl
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from models.recipe.clean import articles

# for each pass (there, back) and how often: Serbo-Croatian is far rougher, nearer to the worst copy; Esperanto the most
# fluent, with wrong senses
PAIRS = (
    ((("eng-spa", "spa-eng"), 5), (("eng-cat", "cat-eng"), 3), (("eng-hbs", "hbs-eng"), 2)),
    ((("en-eo", "eo-en"), 7), (("en-gl", "gl-en"), 1), (("eng-spa", "spa-eng"), 1), (("eng-hbs", "hbs-eng"), 1)),
)
BATCH = 2000


def round_trip(lines: Sequence[str], there: str, back: str) -> list[str]:
    """`lines` through both modes; a line that Apertium cannot take (it crashes on some) comes back as it was."""
    try:
        return translate(translate(lines, there), back)
    except (RuntimeError, subprocess.CalledProcessError):
        if len(lines) == 1:
            return list(lines)
        half = len(lines) // 2
        return round_trip(lines[:half], there, back) + round_trip(lines[half:], there, back)


def translate(lines: Sequence[str], mode: str) -> list[str]:
    """`lines` through one Apertium mode; unknown words stay (-u). Raises RuntimeError where lines get lost."""
    # a blank line ends each input line so that no sentence is joined with its neighbour
    source = "\n\n".join(line.replace("\n", " ") for line in lines) + "\n"
    run = subprocess.run(
        ["apertium", "-u", "-f", "txt", mode],
        input=source,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    result = re.split(r"\n[ \t]*\n", run.stdout.rstrip("\n"))
    if len(result) != len(lines):
        raise RuntimeError(f"apertium {mode}: {len(lines)} lines in, {len(result)} out")
    return [tidy(line) for line in result]


def tidy(line: str) -> str:
    """Marks that Apertium leaves on words it could not generate are cut off."""
    return html.unescape(re.sub(r"(?<!\S)[#@*](?=\w)", "", line)).replace("  ", " ").strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pass", type=int, dest="number", default=1, help="1 or 2")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    lines = [line for article in articles(args.data, args.seed) for line in article.paragraphs]
    done = sum(1 for _ in args.out.open(encoding="utf-8")) if args.out.exists() else 0
    rng = random.Random(args.number)
    modes = [pair for pair, weight in PAIRS[args.number - 1] for _ in range(weight)]
    with args.out.open("a", encoding="utf-8") as out:
        for start in range(0, len(lines), BATCH):
            there, back = rng.choice(modes)
            batch = lines[start : start + BATCH]
            if start + len(batch) <= done:
                continue
            damaged = round_trip(batch, there, back)
            for old, new in zip(batch, damaged, strict=True):
                out.write(json.dumps({"clean": old, "damaged": new, "pair": there}, ensure_ascii=False) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
