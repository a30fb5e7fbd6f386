"""What `safe` rests on: the file of evidence, what it allows, and how edits are counted for it."""

from pathlib import Path

import msgspec
import pytest

from benchmarks.evidence import (
    Everything,
    Sieve,
    Tally,
    around,
    chosen,
    is_kept,
    key_of,
    read_again,
    read_judged,
    rows,
    tally,
    together,
)
from benchmarks.evidence_table import TITLE, document, short, with_section
from benchmarks.translations import Marked, is_placed, is_right, read_marked
from repair.config import Config
from repair.decide import Measured, decide
from repair.detect.rules import RULES
from repair.errors import InputError, ModelError
from repair.evidence import LEAST, Counted, Evidence, Judged, Row, load_evidence, read_file
from repair.findings import Finding, Safety, Suggestion
from repair.pipeline import Repairer
from repair.score.accepted import Place
from repair.segment import read_document
from repair.text import Span

ROOT = Path(__file__).parents[1]
TEXT = "The dog ate the the bone .\n"
MILLION = 1_000_000


def row(
    real: Counted | None = None, clean_edits: int = 0, mechanical: bool = False, output: Judged | None = None
) -> Row:
    return Row(
        source="rules/x",
        mechanical=mechanical,
        real=real or Counted(words=1000),
        output=Counted(words=1000, edits=100, judged=output or Judged()),
        clean={"bbc": Counted(words=MILLION, hits=clean_edits, edits=clean_edits)},
    )


def real(edits: int, right: int, read_right: int = 0, read_wrong: int = 0) -> Counted:
    return Counted(words=1000, edits=edits, right=right, judged=Judged(right=read_right, wrong=read_wrong))


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        (row(real(20, 19)), True),
        (row(real(20, 18)), False),
        (row(real(19, 19)), False),
        (row(), False),
        (row(output=Judged(right=20)), True),
        (row(output=Judged(right=18, wrong=2)), False),
        (row(real(10, 10), output=Judged(right=10)), True),
        (row(real(40, 10, 30, 0)), True),
        (row(real(40, 10, 20, 10)), False),
        (row(real(40, 10)), False),
        (row(real(20, 20), clean_edits=4), False),
        (row(real(20, 20), clean_edits=3), True),
        (row(mechanical=True), True),
        (row(mechanical=True, clean_edits=4), False),
        (row(real(20, 10), mechanical=True), False),
        (row(real(19, 17), mechanical=True), True),
        (row(real(19, 10), mechanical=True), False),
    ],
)
def test_safe_is_what_was_right_often_enough_and_harmless(given: Row, safe: bool) -> None:
    assert given.is_safe is safe


def test_edits_of_clean_copy_that_were_read_and_found_right_are_not_held_against_a_rule() -> None:
    clean = {"bbc": Counted(words=MILLION, edits=40, judged=Judged(right=19, wrong=1))}
    assert row().clean_wrong == 0
    assert msgspec.structs.replace(row(), clean=clean).clean_wrong == pytest.approx(2)


def test_what_was_never_measured_is_not_safe() -> None:
    assert not Evidence({}).is_safe("rules/x", True)
    assert not load_evidence().is_safe("rules/no-such-rule", True)
    assert not msgspec.structs.replace(row(mechanical=True), clean={}).is_safe


def test_a_rule_without_evidence_makes_no_edit_unread() -> None:
    document_ = read_document(TEXT)
    span = Span(TEXT.index(" ."), TEXT.index(" .") + 2)
    found = Finding(span, "fluency/spacing", "minor", 1.0, "A space.", "rules/x", (Suggestion(".", 1.0, trusted=True),))
    known = Evidence({("rules/x", True): row(mechanical=True)})
    (unknown,) = decide(document_, [found], Measured(evidence=Evidence({})))
    (safe,) = decide(document_, [found], Measured(evidence=known))
    assert (unknown.safety, safe.safety) == (Safety.REVIEW, Safety.SAFE)


def test_the_model_is_held_to_its_own_bound_whatever_the_source_has_earned() -> None:
    guess = Suggestion("bit", 0.8, guess=True)
    found = Finding(Span(8, 11), "fluency/grammar", "minor", 0.9, "Odd.", "rules/x", (guess,))
    known = Evidence({("rules/x", False): row(real(20, 20))})
    trusts = [Measured(guesses_from=least, evidence=known) for least in (0.7, 0.9, 1.0)]
    assert [trust.allow(found, guess) for trust in trusts] == [True, False, False]
    assert not Measured(guesses_from=1.0).allow(found, Suggestion("bit", 1.0, guess=True))


def test_the_file_knows_every_rule_and_no_other() -> None:
    sources = {row.source for row in read_file().rows if row.source.startswith("rules/")}
    assert sources == {rule.id for rule in RULES}


def test_a_missing_or_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_text('{"rows": 3}')
    for name in ("evidence.json", "none.json"):
        with pytest.raises(ModelError, match="reinstall"):
            read_file(tmp_path / name)


def test_the_page_and_the_readme_are_written_from_the_file() -> None:
    assert (ROOT / "docs" / "evidence.md").read_text("utf-8") == document(read_file())
    readme = (ROOT / "README.md").read_text("utf-8")
    assert TITLE + short(read_file()) in readme
    assert (
        with_section(readme, read_file())
        == readme
        != with_section(readme, msgspec.structs.replace(read_file(), rows=[]))
    )


def test_edits_are_right_where_they_do_what_an_accepted_wording_does() -> None:
    places = (Place(Span(12, 24), ("a bone", "the bone")),)
    found = Repairer(Config(no_model=True)).check(TEXT)
    made = decide(found.document, found.findings, Everything())
    assert [(r.findings[0].source, is_right(TEXT, r, places)) for r in made] == [
        ("rules/doubled-word", True),
        ("rules/space-before-punctuation", False),
    ]
    part = (Place(Span(8, 26), ("eats the the bone.",)),)
    assert is_right(TEXT, made[1], part) and not is_right(TEXT, made[0], part)
    assert not is_right(TEXT, made[0], (Place(Span(12, 24), ()),))
    assert is_placed(Span(23, 24), places) and is_placed(Span(24, 24), places) and not is_placed(Span(25, 26), places)


def test_what_was_read_by_eye_is_found_by_the_sentence_before_and_after() -> None:
    report = Repairer(Config(no_model=True)).check(TEXT)
    made = decide(report.document, report.findings, Everything())
    names = [around(report, repair)[0] for repair in made]
    assert len(set(names)) == 2
    result = tally([(report, ())], {names[0]: "right", names[1]: "wrong"})
    counts = [result.counted((repair.findings[0].source, True)) for repair in made]
    assert [count.judged for count in counts] == [Judged(right=1), Judged(wrong=1)]
    assert [count.edits for count in counts] == [1, 1] and not any(result.unread.values())


def test_every_known_source_has_a_row_and_every_set_a_count() -> None:
    report = Repairer(Config(no_model=True)).check(TEXT)
    found = {name: tally([(report, ())], {}) for name in ("real", "output", "others", "bbc")}
    made = rows(found, ["rules/doubled-word", "rules/never-seen"])
    by_name = {row.source: row for row in made}
    assert key_of(report.findings[0]) == (made[0].source, made[0].mechanical)
    assert by_name["rules/never-seen"].real == Counted(words=7) and set(by_name["rules/never-seen"].clean) == {"bbc"}


def test_verdicts_are_right_or_wrong_and_given_once() -> None:
    lines = (ROOT / "benchmarks" / "judged.tsv").read_text("utf-8").splitlines()
    assert set(read_judged().values()) <= {"right", "wrong"}
    assert len(read_judged()) == len(lines) > LEAST
    assert {len(line.split("\t")) for line in lines} <= {3, 4}


def test_what_a_second_reader_read_is_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "judged.tsv"
    path.write_text("rules/x\ta\tright\nrules/x\tb\twrong\tagain\nrules/x\tc\tright\tagain\nrules/y\td\tright\n")
    assert read_again(path) == {"rules/x": Judged(right=1, wrong=1)} and len(read_judged(path)) == 4
    file = msgspec.structs.replace(read_file(), again=read_again(path))
    assert document(file).endswith("| `rules/x` | 1 | 1 |\n")
    assert "Read again" not in document(msgspec.structs.replace(file, again={}))


def test_marked_texts_are_read_with_null_for_what_cannot_be_known(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "own.jsonl.gz"
    spans = '[{"start": 0, "end": 3, "fixes": ["A", null]}, {"start": 4, "end": 7, "fixes": null}]'
    path.write_bytes(gzip.compress(f'{{"text": "The dog", "spans": {spans}}}\n'.encode()))
    (text,) = read_marked(path)
    assert text == Marked("own", "The dog", (Place(Span(0, 3), ("A",)), Place(Span(4, 7), ())))


def test_single_rules_are_measured_on_texts_in_which_they_find_something() -> None:
    (rule,) = found = chosen(["rules/doubled-word"]) or []
    sieve = Sieve(found)
    assert list(sieve.texts(["All is well.", TEXT])) == [TEXT] and sieve.words == 10
    assert list(Sieve(None).texts(["All is well."])) == ["All is well."] and chosen([]) is None
    with pytest.raises(InputError, match="did you mean rules/doubled-word"):
        chosen(["rules/dubbled-word"])
    report = Repairer(Config(no_model=True)).check(TEXT)
    assert {source for source, _ in tally([(report, ())], {}).limited([rule]).counts} == {"rules/doubled-word"}
    kept = [name for name in ("rules/x", "rules/y", "lexicon") if is_kept(name, False, [rule], ["rules/x", rule.id])]
    assert kept == ["rules/x", "lexicon"]  # there is no rules/y any more


def test_rules_that_seldom_fire_are_counted_in_the_outputs_of_all_systems() -> None:
    report = Repairer(Config(no_model=True)).check(TEXT)
    key = ("rules/doubled-word", True)
    one, none = tally([(report, ())], {}), Tally()
    assert together(one, none, key) == one.counted(key)
    assert together(one, one, key) == Counted(words=14, hits=2, edits=2)
    many = tally([(report, ())] * 100, {})
    assert together(many, one, key) == many.counted(key)
