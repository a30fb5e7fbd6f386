"""Turns marked excerpts into stand-off marks: places by line and column, lines by the hash of their text, no text.

Excerpts and marked files are those of the marking kit. A line of a round trip is named by the hash of its original,
with the words in which it differs. Rows of excerpts that `--out` has already stay or are replaced.

    python -m models.marks.collect --excerpts excerpts.json --marked first/*.txt --out models/marks/marks.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from models.recipe.clean import read_jsonl
from models.recipe.marks import ROUND_TRIPS, line_hash

MARK = re.compile(r"\[\[(!?)([^\[\]|]*)\|([^\[\]]*)\]\]")
LINE = re.compile(r"(\w+)\.(\d+)\| ?(.*)$")
UNKNOWN = "?"


def places(line: str) -> tuple[str, list[list[Any]]]:
    """The line without its marks, and start, end, seriousness and wordings of each place."""
    text, found, at = "", [], 0
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        start, at = len(text), mark.end()
        text += mark[2]
        wordings = [wording for wording in mark[3].split("|") if wording.strip() != UNKNOWN]
        found.append([start, len(text), bool(mark[1]), wordings])
    return text + line[at:], found


def read_marked(paths: list[Path]) -> dict[str, dict[int, str]]:
    """Marked lines by excerpt and number."""
    rows: dict[str, dict[int, str]] = defaultdict(dict)
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := LINE.match(line):
                rows[found[1]][int(found[2])] = found[3]
    return rows


def standoff(excerpt: dict[str, Any], lines: dict[int, str]) -> dict[str, Any] | None:
    """One excerpt's row; None where a line is missing or its text is not the excerpt's."""
    marks = []
    for number, text in enumerate(excerpt["lines"]):
        plain, found = places(lines.get(number, ""))
        if plain != text:
            return None
        marks += [[number, *place] for place in found]
    row = {name: excerpt[name] for name in ("id", "set", "system", "kind")}
    if excerpt["set"] == ROUND_TRIPS:
        pairs = zip(excerpt["refs"], excerpt["lines"], strict=True)
        row |= {"lines": [line_hash(text) for text in excerpt["refs"]], "differences": [differences(*p) for p in pairs]}
    else:
        row["lines"] = [line_hash(text) for text in excerpt["lines"]]
    return {**row, "places": marks}


def differences(original: str, text: str) -> list[tuple[int, int, str]]:
    """First word, word after the last, and what stands there in `text`, for each stretch where it is not `original`."""
    old, new = original.split(), text.split()
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i, j, " ".join(new[k:m])) for tag, i, j, k, m in codes if tag != "equal"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--excerpts", type=Path, required=True)
    parser.add_argument("--marked", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    marked = read_marked(args.marked)
    excerpts = [e for e in json.loads(args.excerpts.read_text(encoding="utf-8")) if e["id"] in marked]
    rows = {row["id"]: row for row in read_jsonl(args.out)} if args.out.exists() else {}
    new = {row["id"]: row for excerpt in excerpts if (row := standoff(excerpt, marked[excerpt["id"]]))}
    data = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in (rows | new).values())
    args.out.write_bytes(gzip.compress(data.encode("utf-8"), mtime=0))
    print(f"{len(new)} of {len(excerpts)} excerpts, {sum(len(row['places']) for row in new.values())} places")


if __name__ == "__main__":
    main()
