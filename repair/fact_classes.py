"""Words that state one kind of fact, by what they state: one for another is another fact. Tables only, no rules.

Each table is one kind; between two commas stands one fact, told by its first word: "exonerated" for "acquitted" changes
nothing, "convicted" for "acquitted" does. Words are lemmas. What no table knows the gate leaves to a person, so these
need not be complete: they say which changes are surely wrong.
"""

from __future__ import annotations

from repair.fact_words import groups
from repair.text import vocabulary


def facts_of(table: str) -> dict[str, str]:
    """Each word of a table, mapped to the first word between the same commas.

    >>> facts_of("father dad, mother")
    {'father': 'father', 'dad': 'father', 'mother': 'mother'}
    """
    return {word: fact.split()[0] for fact in table.split(",") for word in fact.split()}


# What somebody or something is not quite, or no longer: without such a word more is claimed.
STATUS = facts_of(
    """
    former ex erstwhile onetime, acting interim caretaker, deputy vice, attempted, failed, presumed putative,
    aspiring, designate elect, honorary emeritus, retired, proposed planned, draft, provisional preliminary
    tentative, partial, conditional, fake mock sham, outgoing, incoming
    """
)
_KIN = """
    father dad, mother mum mom, parent, brother, sister, sibling, son, daughter, child kid, uncle, aunt, nephew,
    niece, cousin, grandfather grandad granddad, grandmother granny grandma, grandson, granddaughter,
    grandchild, husband, wife, spouse, widow, widower, fiance fiancé, fiancee fiancée, partner, girlfriend,
    boyfriend, stepfather, stepmother, stepson, stepdaughter, godfather, godmother, orphan, twin, neighbour
    neighbor, friend, colleague
    """
_OFFICES = """
    president, premier, minister secretary, chancellor, king, queen, prince, princess, emperor, governor, mayor,
    ambassador envoy, consul, senator, congressman congresswoman, lawmaker deputy legislator, councillor
    councilor alderman, judge magistrate justice, prosecutor, lawyer attorney solicitor barrister, juror,
    witness, defendant, plaintiff, victim, suspect, chairman chair chairwoman chairperson, director, manager,
    treasurer, spokesman spokeswoman spokesperson, speaker, editor, publisher, reporter
    journalist correspondent, author writer, founder, owner, adviser advisor aide, pope, cardinal, bishop, archbishop,
    priest, rabbi, imam, nun, monk, marshal, general, admiral, colonel, major, captain, lieutenant, sergeant,
    corporal, private, soldier, sailor, pilot, inspector, constable, detective, sheriff, policeman policewoman,
    doctor physician, surgeon, nurse, patient, dentist, professor, teacher, pupil, student, coach, player,
    referee, goalkeeper, striker, defender, midfielder
    """
_COURT = """
    acquit exonerate clear, convict, charge indict, accuse, arrest detain hold remand, question, sentence,
    jail imprison, fine, execute, pardon, release free, sue, appeal, plead, prosecute try, extradite, deport expel,
    exile banish, summon subpoena, adjourn, testify, investigate probe, suspect
    """
_RULINGS = """
    uphold affirm, overturn overrule quash annul, dismiss, suspend, postpone adjourn
    """
_LAWS = """
    pass adopt approve enact, repeal revoke rescind abolish scrap, amend, propose table, draft, ratify, sign,
    veto, reject defeat, block, debate discuss, delay postpone
    """
_TENURE = """
    resign, retire, dismiss sack fire oust, appoint name nominate, elect, reelect, suspend, promote, demote,
    replace
    """
_MARKET = """
    rise climb jump surge soar gain rally rocket increase advance grow rebound recover, fall drop slide slump
    plunge tumble decline sink dip lose crash plummet decrease shrink retreat, stagnate, stabilise stabilize
    steady keep hold maintain leave, fluctuate, raise lift hike boost, lower cut reduce trim, halve, double, triple
    """
_LEVELS = """
    flat unchanged steady stable, higher up, lower down, mixed, volatile
    """
_DEALS = """
    buy purchase acquire, sell, rent lease hire, lend, borrow, merge, invest, donate, steal, pay, owe
    """
_HARM = """
    kill murder, wound injure hurt, kidnap abduct, rape, rob, threaten, rescue save, capture, escape flee,
    surrender, disappear, drown, burn, stab, shoot, poison, hang
    """
_CONTESTS = """
    win beat defeat, lose, draw tie, qualify, retire withdraw
    """
_CONFLICT = """
    attack raid, defend, invade, withdraw, occupy, liberate, besiege, bomb shell, seize capture, ceasefire
    truce, blockade
    """
_SIDES = """
    left, right, centre center
    """
_TALKS = """
    begin start, resume, continue, pause suspend, end finish, collapse, fail, cancel, postpone delay
    """
_AIMS = """
    consider contemplate mull ponder weigh, plan intend, try attempt seek, want wish, hope, refuse, agree,
    manage, start begin, stop
    """
_ORDER = """
    ago earlier previously before, later afterwards after, now currently, soon shortly, already, yet still
    """
_HOW_OFTEN = """
    always constantly, often frequently, sometimes occasionally, rarely seldom, once, twice, again
    """
_COMPASS = """
    north northern, south southern, east eastern, west western, central
    """
_BODIES = """
    court tribunal, parliament, government, ministry, police, army military, navy, church, mosque, synagogue,
    hospital, prison jail, school, university
    """
_PERIODS = """
    second, minute, hour, day, night, week, fortnight, month, quarter, year, decade, century, season
    """
CLASSES = tuple(
    facts_of(table)
    for table in (
        _KIN,
        _OFFICES,
        _COURT,
        _RULINGS,
        _LAWS,
        _TENURE,
        _MARKET,
        _LEVELS,
        _DEALS,
        _HARM,
        _CONTESTS,
        _CONFLICT,
        _SIDES,
        _TALKS,
        _AIMS,
        _ORDER,
        _HOW_OFTEN,
        _COMPASS,
        _BODIES,
        _PERIODS,
    )
)
# Which one of several: "last month" is not "this month".
WHICH = facts_of(
    """
    last past previous preceding, this current present, next coming following forthcoming upcoming
    """
)
PERIODS = vocabulary(
    "second minute hour day night evening morning afternoon week weekend fortnight month quarter year decade century "
    "season spring summer autumn winter term monday tuesday wednesday thursday friday saturday sunday january february "
    "march april may june july august september october november december election meeting round session game match"
)
# Before a time or an amount they say when or how much; "in", "on" and "at" are grammar.
BOUNDS = facts_of(
    """
    about around approximately roughly, since, for, until till, by, before, after, from, to, within, during,
    between
    """
)
# Function words that state something all the same: none may come or go without a person.
TELLING = vocabulary(
    "after again against ago alone already also although always before because but during even ever former further "
    "however if instead just last later first earlier meanwhile next now often once or otherwise rather since so "
    "sometimes soon still then therefore though thus together too unless until very while yet hence "
    "above across along among away back below down inside like near off out outside over through toward towards "
    "under unlike up via within "
    "another anyone anything else everyone everything other others own same someone something whole"
)
# Which of these stands after a noun says what is done to whom ("an attack on them", "by them"); after a verb or an
# adjective it is grammar ("depends from them").
LINKS = vocabulary("about against at by for from in into of on over to with")
# With such a word behind them these verbs mean something else than without.
AIMED = {
    "for": vocabulary("leave make send stand call vote pay sail search apply ask"),
    "at": vocabulary("shoot fire throw"),
    "from": vocabulary("run flee hide"),
    "to": vocabulary("report"),
}
FOCUS = vocabulary("only almost nearly even just merely")  # these speak of the word that they stand before
PLACES = vocabulary("at in on")  # one for another is grammar everywhere
# Of the verbs that only show when: the first word of each line stands for its time.
TENSES = groups(
    """
    is are am
    was were
    has have
    had
    does do
    did
    """
)
