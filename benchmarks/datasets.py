"""The data sets: what each is, whose it is, and how to read the part that is kept for measuring.

The files are looked for under one folder (`--data`), JSON Lines compressed with gzip; `sha256` is that of all files of
a set, joined in the order of their names. Training may use the rest of most sets: `trained_on` says which, and
`repair.score.split.is_dev` decides by the reference text (or, for `mqm-zh-en`, the article) on which side a line falls.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any, Literal

from models.recipe.marks import Excerpt, read_excerpts
from models.recipe.tokenised import detokenise
from repair.errors import InputError, hint
from repair.score.spans import Mark
from repair.score.split import is_calibration, is_dev
from repair.text import Span

Kind = Literal["article", "marked", "post-edit", "reference", "spans", "clean"]
SAMPLE = Path(__file__).with_name("sample_spans.json")


@dataclass(frozen=True, slots=True)
class Item:
    """One text to check and fix. `group` is the system that wrote it; `marks` is None where nobody marked errors.

    `fixes` gives, for each mark, the replacements of exactly its span that an editor would accept; `raters` holds the
    marks of every annotator where several read the text.
    """

    id: str
    text: str
    group: str = ""
    references: tuple[str, ...] = ()
    marks: tuple[Mark, ...] | None = None
    fixes: tuple[tuple[str, ...], ...] = ()
    raters: tuple[tuple[Mark, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A set of texts. `quick` and `full` cap how many items are used, taken in the order of a hash of their ids."""

    name: str
    kind: Kind
    what: str
    licence: str
    source: str
    files: str
    sha256: str
    load: Callable[[Path], Iterator[Item]]
    trained_on: str
    quick: int
    full: int

    def paths(self, data: Path) -> list[Path]:
        """The files of this set. Raises InputError, naming the public source, where there is none."""
        found = sorted(data.glob(self.files))
        if not found:
            raise InputError(
                f"{self.name}: no file {data / self.files}; get it from {self.source} ({self.licence}) "
                "and name its folder with --data"
            )
        return found

    def verify(self, data: Path) -> None:
        """Raises InputError where the files are not the ones that earlier results rest on."""
        digest = sha256()
        for path in self.paths(data):
            digest.update(path.read_bytes())
        if digest.hexdigest() != self.sha256:
            raise InputError(
                f"{self.name}: the files {data / self.files} have sha256 {digest.hexdigest()[:12]}…, not "
                f"{self.sha256[:12]}…; fetch them again from {self.source}"
            )

    def items(self, data: Path, quick: bool = False) -> list[Item]:
        """The dev items that are measured, always the same ones, sorted by id."""
        chosen = sorted(self.every(data), key=lambda item: _order(item.id))[: self.quick if quick else self.full]
        return sorted(chosen, key=lambda item: item.id)

    def every(self, data: Path) -> list[Item]:
        """All dev items. Raises InputError where there is none."""
        found = [item for path in self.paths(data) for item in self.load(path)]
        if not found:
            raise InputError(f"{self.name}: no dev line in {data / self.files}; the files are empty or not this set")
        return found


def _order(name: str) -> bytes:
    return blake2b(name.encode("utf-8"), digest_size=8).digest()


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSON Lines file. Raises InputError with the line where one is broken."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise InputError(f"{path}:{number}: not JSON ({error.msg}); fetch the file again") from None


def load_sample(path: Path) -> Iterator[Item]:
    """The customer's article with the spans marked by hand in `sample_spans.json`."""
    text = path.read_text(encoding="utf-8")
    marked = json.loads(SAMPLE.read_text(encoding="utf-8"))
    if sha256(text.encode("utf-8")).hexdigest() != marked["sha256"]:
        raise InputError(f"{path}: not the text that {SAMPLE.name} was marked on; its offsets would be wrong")
    spans = marked["spans"]
    marks = tuple(Mark(Span(s["start"], s["end"]), s["severity"], s["category"]) for s in spans)
    yield Item("seed-article", text, marks=marks, fixes=tuple(tuple(s["fixes"]) for s in spans))


def load_marked(path: Path) -> Iterator[Item]:
    """Excerpts of `post-edits` with the places that a copy editor would change; the group is what made the text."""
    for excerpt in read_excerpts(path):
        yield marked_item(excerpt)


def marked_item(excerpt: Excerpt) -> Item:
    marks = tuple(Mark(p.span, "major" if p.serious else "minor") for p in excerpt.places)
    return Item(excerpt.id, excerpt.text, excerpt.kind, marks=marks, fixes=tuple(p.wordings for p in excerpt.places))


SEEN = {"ne-en.dev.111", "ru-en.dev.773"}  # their post-edits recur in the train folder but for the punctuation


def load_post_edits(path: Path) -> Iterator[Item]:
    """`mlqe-pe`: machine output, minimal post-edit and BAD words, detokenised. A BAD gap marks the word after it."""
    for row in read_rows(path):
        if row["id"] in SEEN:
            continue
        text, spans = detokenise(row["mt_tok"].split())
        fixed, _ = detokenise(row["pe_tok"].split())
        tags = zip(spans, row["word_tags"], row["gap_tags"], strict=False)  # one gap more than words: the last
        marks = [Mark(span) for span, word, gap in tags if "B" in (word, gap)]
        if row["gap_tags"].endswith("B") and (not marks or marks[-1].span != spans[-1]):
            marks.append(Mark(spans[-1]))
        yield Item(row["id"], text, path.name.split(".")[0], (fixed,), tuple(marks))


def load_outputs(path: Path) -> Iterator[Item]:
    """Every system's output with its reference translation, where the reference is on the dev side."""
    for row in read_rows(path):
        references = tuple(row["refs"].values()) if "refs" in row else (row["ref"],)
        if is_dev(references[0]):
            for system, output in row["hyps"].items():
                if output.strip():
                    yield Item(f"{row['id']}/{system}", output.strip(), system, references)


def load_annotated(path: Path) -> Iterator[Item]:
    """`mqm-zh-en`: machine output with annotators' spans; where several read one output, the first one's are gold."""
    return (item for item in every_annotation(path) if is_dev(item.id.partition("/")[0]))


def every_annotation(path: Path) -> Iterator[Item]:
    """All of `mqm-zh-en`, for how well annotators agree, which training cannot spoil."""
    raters: dict[tuple[str, str, str], dict[str, tuple[Mark, ...]]] = defaultdict(dict)
    systems: dict[tuple[str, str, str], str] = {}
    for row in read_rows(path):
        if row["system"].startswith("hyp."):
            key = (row["doc"], row["seg"], row["mt"])
            systems.setdefault(key, row["system"])
            marks = tuple(Mark(Span(s["start"], s["end"]), s["severity"]) for s in row["spans"])
            raters[key].setdefault(row["rater"], marks)
    for key, by_rater in raters.items():
        doc, seg, text = key
        every = tuple(by_rater[rater] for rater in sorted(by_rater))
        yield Item(f"{doc}/{seg}/{systems[key]}", text, systems[key], marks=every[0], raters=every)


def load_clean(path: Path) -> Iterator[Item]:
    """News written by people: nothing in it needs repair. Articles on which thresholds are chosen are left out."""
    for number, row in enumerate(read_rows(path)):
        if is_dev(row["text"]) and not is_calibration(row["text"]):
            yield Item(f"{path.name.split('.')[0]}.{number}", row["text"], marks=())


def load_modern(path: Path) -> Iterator[Item]:
    """Articles of many outlets, whole; all of them are measured, none is for training or thresholds."""
    for row in read_rows(path):
        yield Item(f"modern.{row['id']}", row["text"], marks=())


REST = "the lines that the split does not keep as dev"
WMT = "research use"
reference_set = partial(
    Dataset, kind="reference", licence=WMT, load=load_outputs, trained_on=REST, what="system outputs with references"
)

marked_set = partial(
    Dataset,
    kind="marked",
    licence="the licences of the sets it is taken from; the marks are this project's own",
    source="this project (models/README.md says how it was marked)",
    load=load_marked,
    trained_on="nothing",
)

DATASETS = (
    marked_set(
        "post-edits/real-dev",
        what="real output of many systems, marked by a language model to a copy editor's guide",
        files="post-edits/real-dev.jsonl.gz",
        sha256="0e550e9bf2accedf6c0b9af095dce30ef00593800bf64fe80b6b91e9cbafce5e",
        quick=200,
        full=200,
    ),
    marked_set(
        "post-edits/literal-dev",
        what="clean news as literal engines of twelve languages would give it back, written by a language model",
        files="post-edits/literal-dev.jsonl.gz",
        sha256="33c103b6ecd27f0490822f6a4e4ba059f3145645b27fa28e74aafab89a6ce5bc",
        quick=8,
        full=100,
    ),
    Dataset(
        "sample",
        "article",
        "the customer's article, news translated to Albanian and back; spans and fixes marked by hand",
        "the customer's",
        "the customer",
        "seed-article.txt",
        "db5a5aab15e23f4472b2116a882e7b3d1ed2ad8799f52b6bf6804485b7c6d2a1",
        load_sample,
        "nothing",
        quick=1,
        full=1,
    ),
    Dataset(
        "mlqe-pe/dev",
        "post-edit",
        "neural MT from five languages, minimal post-edits, BAD words",
        "CC0-1.0",
        "https://github.com/sheffieldnlp/mlqe-pe",
        "mlqe-pe/dev/*.jsonl.gz",
        "9e0d806118f24cf146a53f4f867774fa30d725ceffba692c1bc31063c8b5c446",
        load_post_edits,
        "the train folder of the same set",
        quick=100,
        full=2000,
    ),
    reference_set(
        "wmt21-news/ha-en",
        source="https://github.com/wmt-conference/wmt21-news-systems",
        files="wmt21-news/ha-en.jsonl.gz",
        sha256="ebec0be24ecc9a68324648f502e6d7b03f3cbf327aec84565a1f80f71f21347b",
        quick=40,
        full=2000,
    ),
    reference_set(
        "wmt21-news/is-en",
        source="https://github.com/wmt-conference/wmt21-news-systems",
        files="wmt21-news/is-en.jsonl.gz",
        sha256="8c5cc84df17627dcc9b44fad940489f93acceaef528f2eb472119a83332adb40",
        quick=40,
        full=2000,
    ),
    reference_set(
        "wmt22-general/liv-en",
        source="https://github.com/wmt-conference/wmt22-news-systems",
        files="wmt22-general/liv-en.jsonl.gz",
        sha256="0a389c2134a0835249ee2069e3ea5d284880cd33df2d0f52fdebcd0d337e6704",
        quick=40,
        full=2000,
    ),
    reference_set(
        "wmt22-general/uk-en",
        source="https://github.com/wmt-conference/wmt22-news-systems",
        files="wmt22-general/uk-en.jsonl.gz",
        sha256="ea27652e7684254e05bfeb8f55f6cfd77d72bc5244f3d8279c4d81b102005875",
        quick=40,
        full=2000,
    ),
    reference_set(
        "flores-dev",
        what="outputs of small and large systems from 54 languages, with references",
        licence="MPL-2.0; FLORES, CC-BY-SA-4.0",
        source="https://github.com/mozilla/firefox-translations-models",
        files="mt-ref/flores-dev/*.jsonl.gz",
        sha256="be45ce8dc30ed59cb961256f504c90cb0671ae79de9f0e35678e051dc55c51d2",
        quick=40,
        full=3000,
    ),
    Dataset(
        "mqm-zh-en/news2021",
        "spans",
        "Chinese-English news of WMT 2021, error spans by professional annotators",
        "Apache-2.0",
        "https://github.com/google/wmt-mqm-human-evaluation",
        "mqm-zh-en/news2021.jsonl.gz",
        "42f62996c3c9eb6130baaf2a151d758c571e0f456dc7fee38bf857230fa2fb1a",
        load_annotated,
        "the articles that the split does not keep as dev",
        quick=40,
        full=2000,
    ),
    Dataset(
        "clean/bbc",
        "clean",
        "BBC news articles of 2004 and 2005",
        WMT,
        "http://mlg.ucd.ie/datasets/bbc.html",
        "clean-news/bbc-2225.jsonl.gz",
        "540581da70c5e4ec364007480a359d85bd346fdf70919cc527f6a8fb3befdc6c",
        load_clean,
        REST,
        quick=8,
        full=120,
    ),
    Dataset(
        "clean/modern",
        "clean",
        "articles of 2012 to 2026: agencies, broadsheets, broadcasters, sport",
        "test use only",
        "https://github.com/flairNLP/fundus and https://github.com/guardian/dotcom-rendering (parser fixtures)",
        "clean-news/modern.jsonl.gz",
        "2e3b7d2cf1eb722e69d97b286781bb218de6917d55c5cdc73a30be0c4f26bcc0",
        load_modern,
        "nothing",
        quick=48,
        full=48,
    ),
    Dataset(
        "clean/newstest",
        "clean",
        "lines of news, written in English or translated by people, each read alone",
        WMT,
        "https://github.com/Helsinki-NLP/OPUS-MT-testsets",
        "clean-news/newstest-2008-2021.jsonl.gz",
        "b9fb546780d53099ca7c8a1f1f666e52ed61bd5a6dca2e6b330387eec3077ecd",
        load_clean,
        REST,
        quick=60,
        full=3000,
    ),
)


def dataset(name: str) -> Dataset:
    """The set called `name`. Raises InputError with the known names."""
    for candidate in DATASETS:
        if candidate.name == name:
            return candidate
    raise InputError(f"unknown set {name!r}; {hint(name, [entry.name for entry in DATASETS])}")
