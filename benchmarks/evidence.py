"""Measures every source of edits on clean copy and on marked translations; writes the file that `safe` rests on.

    python -m benchmarks.evidence --data DIR [--rule rules/NAME ...] [--languagetool FOLDER] [--unread 40]

`judged.tsv` holds what was read by eye: source, a hash of the sentence before and after the edit, right or wrong, and
"again" where a second reader, who wrote none of the rules, drew it anew. An edit that a changed rule no longer makes
drops out of the counts by itself. `--unread` prints edits that nobody read.
LanguageTool, which is slow, reads the marked translations and the smaller sets of clean copy alone. Of each line of the
unmarked translations one system's output is read, and for rules that seldom fire what all the others made of it too.
`--rule` measures single rules, in a third of the time. Rows of sources that were not run are kept.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path

import click
import msgspec

import repair
from benchmarks.datasets import read_rows
from benchmarks.evidence_table import document, with_section
from benchmarks.translations import is_placed, is_right, marked_texts, outputs
from repair.config import Config, LanguageTool
from repair.decide import decide
from repair.detect.rule import Page, Rule
from repair.detect.rules import RULES
from repair.edits import Edit, apply
from repair.errors import InputError, hint
from repair.evidence import TABLE, Counted, EvidenceFile, Judged, Row, read_file
from repair.findings import Finding, Repair, Report, Safety, Suggestion
from repair.inputs import Item
from repair.pipeline import Repairer
from repair.score.accepted import Place
from repair.segment import read_document
from repair.text import words

CLEAN = {
    "bbc": "bbc-2225.jsonl.gz",
    "reuters": "reuters-21578.jsonl.gz",
    "newstest": "newstest-2008-2021.jsonl.gz",
    "modern": "modern.jsonl.gz",
}
SMALL = {name: CLEAN[name] for name in ("bbc", "modern")}  # LanguageTool reads a thousand words a second
TRANSLATED = ("real", "output", "others")  # with marks, without, and what further systems made of the same lines
FEW = 60  # findings in the outputs of one system a line; rules with fewer look at those of the others too
JUDGED = Path(__file__).with_name("judged.tsv")
PAGE = Path(__file__).parents[1] / "docs" / "evidence.md"
README = Path(__file__).parents[1] / "README.md"
Key = tuple[str, bool]


class Everything:
    """Trusts every suggestion, so that what the gate lets pass is seen."""

    def allow(self, finding: Finding, suggestion: Suggestion) -> bool:
        return not suggestion.guess


@dataclass(slots=True)
class Tally:
    """Counts by source of one set of texts, and the edits that nobody has read."""

    words: int = 0
    counts: dict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unread: dict[Key, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def counted(self, key: Key) -> Counted:
        count = self.counts[key] if key in self.counts else Counter()
        judged = Judged(right=count["read right"], wrong=count["read wrong"])
        return Counted(
            words=self.words,
            hits=count["hits"],
            placed=count["placed"],
            edits=count["edits"],
            right=count["right"],
            judged=judged,
        )

    def hits(self, source: str) -> int:
        """How often a source finds something, mechanical or not."""
        return sum(count["hits"] for (name, _), count in self.counts.items() if name == source)

    def limited(self, only: Sequence[Rule] | None) -> Tally:
        """The counts of `only` these rules; of every source where it is None."""
        if only is not None:
            names = {rule.id for rule in only}
            self.counts = defaultdict(Counter, {key: x for key, x in self.counts.items() if key[0] in names})
            self.unread = defaultdict(list, {key: x for key, x in self.unread.items() if key[0] in names})
        return self


def key_of(finding: Finding) -> Key:
    return finding.source, any(s.trusted for s in finding.suggestions[:1])


def tally(reports: Iterable[tuple[Report, tuple[Place, ...]]], judged: dict[str, str]) -> Tally:
    """What each source finds in the texts and does to them, against their marked places."""
    result = Tally()
    for report, places in reports:
        text = report.document.text
        result.words += len(words(text))
        for finding in report.findings:
            count = result.counts[key_of(finding)]
            count["hits"] += 1
            count["placed"] += is_placed(finding.span, places)
        for made in decide(report.document, report.findings, Everything()):
            if made.safety == Safety.SAFE:
                note(result, report, made, places, judged)
    return result


def note(result: Tally, report: Report, made: Repair, places: tuple[Place, ...], judged: dict[str, str]) -> None:
    """Counts one edit: right by an accepted wording, or by eye, or not known."""
    key = key_of(made.findings[0])
    count = result.counts[key]
    count["edits"] += 1
    if is_right(report.document.text, made, places):
        count["right"] += 1
        return
    name, shown = around(report, made)
    if name in judged:
        count[f"read {judged[name]}"] += 1
    else:
        result.unread[key].append((name, shown))


def around(report: Report, made: Repair) -> tuple[str, str]:
    """A hash of the sentences around an edit before and after it, and the edit shown in them."""
    document, text = report.document, report.document.text
    start = document.sentence_at(made.span.start).start
    end = document.sentence_at(max(made.span.start, made.span.end - 1)).end
    edits = [Edit(edit.span.shift(-start), edit.text) for edit in made.edits]
    before, after = text[start:end], apply(text[start:end], edits)
    shown = f"{text[max(start, made.span.start - 90) : made.span.start]}[{made.span.of(text)}|{made.after(text)}]"
    shown += text[made.span.end : min(end, made.span.end + 70)]
    return blake2b(f"{before}\0{after}".encode(), digest_size=8).hexdigest(), re.sub(r"\s", " ", shown)


def read_judged(path: Path = JUDGED) -> dict[str, str]:
    """Hash of an edit in its sentence -> `right` or `wrong`."""
    return {name: verdict for _, name, verdict, *_ in verdicts(path)}


def verdicts(path: Path = JUDGED) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def read_again(path: Path = JUDGED) -> dict[str, Judged]:
    """By source, what the second reader read."""
    counts = Counter((source, verdict) for source, _, verdict, *again in verdicts(path) if again)
    return {
        source: Judged(right=counts[source, "right"], wrong=counts[source, "wrong"])
        for source in sorted({source for source, _ in counts})
    }


def clean_texts(path: Path) -> Iterator[str]:
    return iter(dict.fromkeys(row["text"] for row in read_rows(path)))


@dataclass(slots=True)
class Sieve:
    """Lets those texts pass in which one of the rules finds something (all, where it is None) and counts the words."""

    rules: Sequence[Rule] | None
    words: int = 0

    def texts(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            self.words += len(words(text))
            if self.rules is None or self._holds(Page(read_document(text))):
                yield text

    def _holds(self, page: Page) -> bool:
        return any(True for rule in self.rules or () for _ in rule.find(page))


def unmarked(texts: Iterable[str], repairer: Repairer, only: Sequence[Rule] | None, judged: dict[str, str]) -> Tally:
    """What each source, or `only` some rules, find in texts without marks."""
    sieve = Sieve(only)
    reports = repairer.check_many(Item(text) for text in sieve.texts(texts))
    result = tally(((report, ()) for report in reports), judged)
    result.words = sieve.words
    return result.limited(only)


def measure(
    data: Path, repairer: Repairer, sets: dict[str, str], judged: dict[str, str], only: Sequence[Rule] | None = None
) -> dict[str, Tally]:
    """Tallies of translations with marks (`real`) and without (`output`, and `others` for rules that seldom fire), and
    of every set of clean copy.
    """
    marked = marked_texts(data)
    reports = repairer.check_many(Item(text.text) for text in marked)
    real = tally(zip(reports, (text.places for text in marked), strict=True), judged)
    found = {"real": real.limited(only)}
    ours = sets is CLEAN
    found["output"] = unmarked(outputs(data) if ours else (), repairer, only, judged)
    seldom = [rule for rule in only or RULES if ours and found["output"].hits(rule.id) < FEW]
    found["others"] = unmarked(outputs(data, others=True) if seldom else (), repairer, seldom, judged)
    for name, file in sets.items():
        found[name] = unmarked(clean_texts(data / "clean-news" / file), repairer, only, judged)
        click.echo(f"{name}: {found[name].words:,} words read", err=True)
    return found


def rows(found: dict[str, Tally], known: Iterable[str]) -> list[Row]:
    """A row for each source with findings, and for each `known` one without."""
    keys = {key for one in found.values() for key in one.counts}
    keys |= {(source, False) for source in known if not any(source == name for name, _ in keys)}
    sets = [name for name in found if name not in TRANSLATED]
    return [
        Row(
            source=source,
            mechanical=mechanical,
            real=found["real"].counted((source, mechanical)),
            output=together(found["output"], found["others"], (source, mechanical)),
            clean={name: found[name].counted((source, mechanical)) for name in sets},
        )
        for source, mechanical in sorted(keys)
    ]


def together(output: Tally, others: Tally, key: Key) -> Counted:
    """The counts in all unmarked translations: of the others too where the rule seldom fires."""
    one = output.counted(key)
    if not others.words or output.hits(key[0]) >= FEW or not key[0].startswith("rules/"):
        return one
    two = others.counted(key)
    fields = {name: getattr(one, name) + getattr(two, name) for name in ("words", "hits", "placed", "edits", "right")}
    judged = Judged(right=one.judged.right + two.judged.right, wrong=one.judged.wrong + two.judged.wrong)
    return Counted(**fields, judged=judged)


def show_unread(found: dict[str, Tally], most: int) -> None:
    """Prints up to `most` unread edits of each source, in the order of their hashes: a sample by no one's choice."""
    for where in (*TRANSLATED, "clean"):
        unread: dict[Key, list[tuple[str, str]]] = defaultdict(list)
        for name, one in found.items():
            if where == (name if name in TRANSLATED else "clean"):
                for key, some in one.unread.items():
                    unread[key] += some
        for (source, mechanical), some in sorted(unread.items()):
            for name, shown in sorted(set(some))[:most]:
                click.echo("\t".join([source, name, where, "mechanical" if mechanical else "other", shown]))


def chosen(names: Sequence[str]) -> list[Rule] | None:
    """The rules of these names; None, for all sources, where there is no name. Raises InputError for an unknown one."""
    by_name = {rule.id: rule for rule in RULES}
    if unknown := [name for name in names if name not in by_name]:
        raise InputError(f"no rule {unknown[0]!r}; {hint(unknown[0], by_name)}")
    return [by_name[name] for name in names] or None


def is_kept(source: str, languagetool: bool, only: Sequence[Rule] | None, known: Sequence[str]) -> bool:
    """Does a row stay as it is: of a source that was not run, unless it is of a rule that there is no more?"""
    if source.startswith("languagetool/") or languagetool:
        return source.startswith("languagetool/") != languagetool
    return only is not None and source in {*known, "lexicon"} - {rule.id for rule in only}


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True, help="The folder of data sets.")
@click.option("--rule", "names", multiple=True, help="Measures this rule, and others named so, alone.")
@click.option(
    "--languagetool", type=click.Path(path_type=Path, exists=True), help="Runs LanguageTool 6.8 there, and it alone."
)
@click.option("--unread", type=int, default=0, help="Print so many edits of each source that nobody has judged by eye.")
@click.option("--out", type=click.Path(path_type=Path), default=TABLE, help="Default: the package's file.")
def main(data: Path, names: tuple[str, ...], languagetool: Path | None, unread: int, out: Path) -> None:
    """Write what is known of each source of edits, and the page about it."""
    only = chosen(names)
    known = [rule.id for rule in RULES]
    if languagetool:
        config = Config(no_model=True, detectors=("languagetool",), languagetool=LanguageTool(path=languagetool))
        found = measure(data, Repairer(config), SMALL, read_judged())
        new = rows(found, ())
    else:
        config = Config(no_model=True, detectors=("rules", "lexicon"))
        found = measure(data, Repairer(config), CLEAN, read_judged(), only)
        new = rows(found, [rule.id for rule in only] if only else [*known, "lexicon"])
    before = read_file(out).rows if out.exists() else []
    kept = [row for row in before if is_kept(row.source, bool(languagetool), only, known)]
    every = sorted([*kept, *new], key=lambda row: (row.source, row.mechanical))
    marked = dict.fromkeys(text.set for text in marked_texts(data))
    file = EvidenceFile(
        version=repair.__version__,
        date=date.today().isoformat(),
        sets=[*marked, *CLEAN],
        rows=every,
        again=read_again(),
    )
    out.write_bytes(msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")
    if out == TABLE:
        PAGE.write_text(document(file), encoding="utf-8")
        README.write_text(with_section(README.read_text(encoding="utf-8"), file), encoding="utf-8")
    show_unread(found, unread)


if __name__ == "__main__":
    main()
