"""Facts that lie in single words: none may change unread; and other words for the same are not refused."""

from pathlib import Path

import pytest

from repair.gate import ruling

# (sentence, what stands there, what it must not become unread); each kind of fact with several members.
CHANGED = [
    ("The court {} the former minister.", "acquitted", "convicted"),
    ("Two men were {} with fraud.", "charged", "convicted"),
    ("Two men were {} on Friday.", "arrested", "charged"),
    ("He was {} for tax evasion.", "fined", "jailed"),
    ("She was {} by the tribunal.", "exonerated", "sentenced"),
    ("The family {} the hospital.", "sued", "pardoned"),
    ("The higher court {} the ruling.", "upheld", "overturned"),
    ("The judges {} the verdict.", "quashed", "affirmed"),
    ("The judges {} the trial.", "adjourned", "dismissed"),
    ("Parliament {} the law.", "repealed", "passed"),
    ("The senate {} the treaty.", "ratified", "rejected"),
    ("Lawmakers {} the bill.", "debated", "adopted"),
    ("The governor {} the bill.", "vetoed", "signed"),
    ("It happened {} month.", "last", "this"),
    ("They meet {} week.", "this", "next"),
    ("The team lost {} season.", "last", "next"),
    ("His {} was there.", "cousin", "brother"),
    ("Her {} inherited the firm.", "nephew", "uncle"),
    ("The man's {} called the police.", "wife", "daughter"),
    ("His {} paid the ransom.", "grandfather", "stepfather"),
    ("The editor {} on Monday.", "resigned", "was dismissed"),
    ("The coach {}.", "retired", "was fired"),
    ("She was {} head of the bank.", "elected", "appointed"),
    ("Shares {} on Friday.", "slid", "jumped"),
    ("Shares {} on Friday.", "plunged", "surged"),
    ("Sales {} in the quarter.", "grew", "shrank"),
    ("The currency {} against its rivals.", "steadied", "slumped"),
    ("The {} chairman spoke.", "former", ""),
    ("The {} chairman spoke.", "acting", ""),
    ("The {} governor spoke.", "deputy", ""),
    ("It was an {} murder.", "attempted", ""),
    ("The {} killer fled.", "alleged", ""),
    ("The {} leader greeted them.", "interim", ""),
    ("The {} treasurer left.", "outgoing", "incoming"),
    ("The {} buyer withdrew.", "prospective", ""),
    ("The {} peace deal fell apart.", "proposed", ""),
    ("The board will {} the plan.", "consider", "approve"),
    ("The board will {} the plan.", "consider approving", "approve"),
    ("The firm {} to sell the plant.", "plans", "refused"),
    ("He {} to flee.", "tried", "managed"),
    ("They {} to leave.", "wanted", "agreed"),
    ("It opened {} a year ago.", "about", ""),
    ("He has worked there {} 2019.", "since", "until"),
    ("It must be paid {} Monday.", "by", "before"),
    ("It must be paid {} Monday.", "by", "on"),
    ("The strike lasted {} Friday.", "until", "from"),
    ("Prices rose {} 5 percent.", "by", "to"),
    ("They left {} midnight.", "before", "after"),
    ("The fee fell {} 30 euros.", "from", "to"),
    ("The talks {} on Sunday.", "collapsed", "resumed"),
    ("The talks were {} on Sunday.", "postponed", "cancelled"),
    ("The firm {} the mill.", "bought", "sold"),
    ("The firm {} the mill.", "leased", "purchased"),
    ("Six people were {}.", "injured", "killed"),
    ("The boy was {}.", "kidnapped", "stabbed"),
    ("The hostages were {}.", "rescued", "poisoned"),
    ("Our side {} the match.", "drew", "won"),
    ("The troops {} the town.", "besieged", "occupied"),
    ("The army {} the town.", "defended", "shelled"),
    ("The {} spoke first.", "ambassador", "general"),
    ("The {} spoke first.", "prosecutor", "defendant"),
    ("A {} was shot.", "soldier", "policeman"),
    ("A {} was promoted.", "sergeant", "colonel"),
    ("It ended two years {}.", "ago", "later"),
    ("He {} arrives late.", "often", "rarely"),
    ("The bridge is {} closed.", "still", ""),
    ("The bridge is closed {}.", "again", ""),
    ("They will meet in the {}.", "church", "mosque"),
    ("They will meet in the {}.", "court", "parliament"),
    ("The {} border is closed.", "northern", "central"),
    ("The mayor {} on Monday.", "was dismissed", "dismissed"),
    ("Farmers {}.", "attacked the hunters", "were attacked by the hunters"),
    ("{} in the village.", "The dog bit the vet", "The vet bit the dog"),
    ("The river is full of {}.", "trout", "salmon"),
    ("The thief stole a {}.", "necklace", "tractor"),
    ("The roof was {}.", "painted", "stolen"),
    ("The roof of the {} was painted.", "old barn", "barn"),
    ("Guests may swim or {}.", "row", "ride"),
    ("Guests swim {} ride.", "and", "or"),
]
# Sound repairs: grammar, another form, another spelling, a word for one that shares a meaning or a translation.
SOUND = [
    ("Two {} of the firm left.", "driver", "drivers"),
    ("The price of the tickets {}.", "have rose", "has risen"),
    ("They {} the plan.", "has approve", "have approved"),
    ("She is {} in Rome.", "living since", "living"),
    ("The {} diplomat spoke.", "high", "top"),
    ("He was less {} with details.", "future", "forthcoming"),
    ("Officials were {} the talks.", "informed about", "briefed on"),
    ("It {} a lot of money.", "costed", "cost"),
    ("The {} is closed.", "theatre", "theater"),
    ("The {} voted.", "organization", "organisation"),
    ("They {} the guest.", "honored", "honoured"),
    ("The {} was held.", "refferendum", "referendum"),
    ("The {} met.", "goverment", "government"),
    ("It was a {} defeat.", "heavily", "heavy"),
    ("He spoke {}.", "quick", "quickly"),
    ("They {} in the afternoon.", "started", "began"),
    ("The school was {} in the spring.", "shut", "closed"),
    ("The firm {} new staff.", "employs", "hires"),
    ("He {} a flat.", "purchased", "bought"),
    ("The {} was long.", "journey", "trip"),
    ("He is {} to win.", "capable", "able"),
    ("{} of the book is dead.", "Author", "The author"),
    ("She is {} engineer.", "", "an"),
    ("He depends {} his sister.", "from", "on"),
    ("They discussed {} the plan.", "about", ""),
    ("He entered {} the room.", "in", ""),
    ("They arrived {} the airport.", "to", "at"),
    ("It consists {} three parts.", "from", "of"),
    ("It differs {} the other.", "of", "from"),
    ("The dog {} in the yard.", "are", "is"),
    ("The people {} there.", "was", "were"),
    ("She has {} the letter.", "wrote", "written"),
    ("He didn't {} there.", "went", "go"),
    ("It made him {}.", "to laugh", "laugh"),
    ("They enjoy {}.", "to swim", "swimming"),
    ("He is used to {} early.", "rise", "rising"),
    ("The {} fell on the floor.", "knifes", "knives"),
    ("These {} were good.", "informations", "information"),
    ("It is {} than the other.", "more cheap", "cheaper"),
    ("It is the {} of all.", "most big", "biggest"),
    ("The man {} lives there spoke.", "which", "who"),
    ("The house {} roof burned was old.", "which", "whose"),
    ("The garden is full {} flowers.", "with", "of"),
    ("The {} is good.", "food food", "food"),
    ("The bird {} away .", "flew", "flew"),
    ("The car ,{} is red.", " which is new", " which is new"),
    ("They {} a decision.", "met", "made"),
    ("They {} a photo.", "made", "took"),
    ("He {} his homework.", "made", "did"),
    ("The {} is bad.", "wether", "weather"),
    ("He is {} old friend.", "a", "an"),
    ("{} raining.", "Is", "It is"),
    ("It was {} good.", "very very", "very"),
    ("The garden is {}.", "beautifull", "beautiful"),
    ("He got {} with her.", "marry", "married"),
    ("The {} of cars is forbidden.", "import", "importing"),
    ("The {} took place in the hall.", "exposition", "exhibition"),
    ("{}, the rain stopped.", "Eventually", "Ultimately"),
    ("He {} the question.", "responded", "answered"),
    ("It happened {} Monday.", "in", "on"),
    ("It happened {} 5 o'clock.", "on", "at"),
    ("The {} are sold here.", "newspaper", "newspapers"),
    ("He {} at the station.", "waits since an hour", "has been waiting for an hour"),
    ("The workers {} a change.", "sought", "searched for"),
    ("The {} of the film was good.", "realisation", "realization"),
    ("The {} team lost.", "actual", "current"),
    ("They {} right.", "is", "are"),
    ("He {} there.", "don't live", "doesn't live"),
    ("It was {}.", "build", "built"),
    ("The plan was {}.", "approves", "approved"),
    ("The talks {} Monday ended.", "at", "on"),
    ("They know {}.", "each others", "each other"),
]


# The same, more than 250 more: kind, sentence, what stands there, what it must not become unread.
TABLE = Path(__file__).parent / "cases" / "facts.tsv"
MORE = [line.split("\t")[1:] for line in TABLE.read_text(encoding="utf-8").splitlines()]


def sentences(frame: str, *words: str) -> list[str]:
    return [" ".join(frame.format(word).split()) for word in words]


@pytest.mark.parametrize(("frame", "old", "new"), [*CHANGED, *MORE])
def test_no_other_fact_passes_unread(frame: str, old: str, new: str) -> None:
    before, after = sentences(frame, old, new)
    assert ruling(before, after).reasons
    assert ruling(after, before).reasons


@pytest.mark.parametrize(("frame", "old", "new"), SOUND)
def test_a_sound_repair_is_not_refused(frame: str, old: str, new: str) -> None:
    before, after = sentences(frame, old, new)
    assert ruling(before, after).refused == ()


def test_most_sound_repairs_pass_unread() -> None:
    passed = [old for frame, old, new in SOUND if not ruling(*sentences(frame, old, new)).reasons]
    assert len(passed) >= 0.85 * len(SOUND)
