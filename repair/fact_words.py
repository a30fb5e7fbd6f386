"""The words that state facts: numbers, units, dates, negation, certainty, opposites. Tables only, no rules."""

from __future__ import annotations

from itertools import permutations

from repair.text import vocabulary


def groups(table: str) -> dict[str, str]:
    """Each word of a table with one group a line, mapped to the first word of its group.

    >>> groups("many much\\nfew")
    {'many': 'many', 'much': 'many', 'few': 'few'}
    """
    return {word: line.split()[0] for line in table.strip().splitlines() for word in line.split()}


def opposites(table: str) -> frozenset[tuple[str, str]]:
    """Ordered pairs of opposite words, both ways round, of a table of `one/other/another`.

    >>> sorted(opposites("up/down"))
    [('down', 'up'), ('up', 'down')]
    """
    return frozenset(pair for word in table.split() for pair in permutations(word.split("/"), 2))


def listed(text: str) -> tuple[str, ...]:
    """The words of `text`, in order."""
    return tuple(text.split())


def ordinal(number: int) -> str:
    """The ordinal of `number` in digits.

    >>> ordinal(1), ordinal(12), ordinal(23)
    ('1st', '12th', '23rd')
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


ONES = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
VALUES = {word: i for i, word in enumerate(ONES)} | {word: 20 + 10 * i for i, word in enumerate(TENS)}
SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SHORT_SCALES = groups(
    """
    million mln mn
    billion bn bln
    trillion tn trn
    """
)
_ORDINALS = listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_LATER_ORDINALS = {"thirtieth": "30th", "fortieth": "40th", "fiftieth": "50th", "hundredth": "100th"}
ORDINALS = {word: ordinal(i + 1) for i, word in enumerate(_ORDINALS)} | _LATER_ORDINALS
VAGUE = vocabulary(
    "dozen dozens hundreds thousands millions billions trillions half halves quarter quarters thirds fifths tenths "
    "double doubled doubles twice thrice triple tripled triples quadruple single pair pairs couple decade decades "
    "century centuries fortnight tens scores score twofold threefold tenfold"
)
# Before "one": a pronoun, not a number.
NOT_A_NUMBER = vocabulary("no some any every another this that each which")
UNITS = groups(
    """
    percent % pct percentage
    dollar $ dollars dlr dlrs usd
    euro € euros eur
    pound £ pounds gbp sterling
    yen ¥ jpy
    rouble ₽ roubles ruble rubles rub
    yuan renminbi cny rmb
    franc francs chf
    crown crowns krona kronor kroner krone koruna koruny
    lek leke lekë
    lira ₺ liras lire
    rupee ₹ rupees
    cent cents
    pence penny
    kilometre km kms kilometres kilometer kilometers
    metre metres meter meters
    centimetre cm centimetres centimeter centimeters
    millimetre mm millimetres millimeter millimeters
    mile miles
    foot ft feet
    inch inches
    yard yards
    acre acres
    hectare ha hectares
    kilogram kg kgs kilo kilos kilograms kilogramme kilogrammes
    gram grams gramme grammes
    tonne ton tons tonnes
    barrel barrels bpd
    litre litres liter liters
    gallon gallons
    degree ° degrees
    celsius centigrade
    fahrenheit
    watt watts
    megawatt mw megawatts
    gigawatt gw gigawatts
    seconds
    minute minutes
    hour hours hourly
    day days daily
    week weeks weekly
    month months monthly
    quarter quarterly
    year years yearly annual annually
    """
)
# What stands before a number and says how exact it is.
LIMITS = {
    "about": "about",
    "around": "about",
    "some": "about",
    "approximately": "about",
    "roughly": "about",
    "nearly": "nearly",
    "almost": "nearly",
    "over": "over",
    "above": "over",
    "more than": "over",
    "under": "under",
    "below": "under",
    "less than": "under",
    "fewer than": "under",
    "up to": "up to",
    "at most": "up to",
    "at least": "at least",
}
_MONTHS = listed("january february march april may june july august september october november december")
_WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
DATES = (
    {word[:3]: word for word in (*_MONTHS, *_WEEKDAYS)}
    | {word: word for word in (*_MONTHS, *_WEEKDAYS)}
    | {"sept": "september", "tues": "tuesday", "thur": "thursday", "thurs": "thursday"}
)
# Dates only with a capital, and where every word has one, only beside a number.
AMBIGUOUS_DATES = vocabulary("may march mar jan sun sat dec jun")
DAYTIMES = vocabulary(
    "today yesterday tomorrow tonight overnight morning afternoon evening night noon midday midnight dawn dusk a.m "
    "p.m am pm weekend spring summer autumn winter"
)
FUNCTION_WORDS = vocabulary(
    "a about above according across after again against all almost along already also although always am amid among "
    "an and another any anyone anything are around as at away back be became because been before being below between "
    "both but by can cannot could despite did do does done down during each either else even ever every everyone "
    "everything few finally first following for former four from further given had has have having he hence her here "
    "hers herself him himself his how however i if in indeed inside instead into is it its itself just last later "
    "least less let like made make many may maybe me meanwhile might more moreover most much must my myself near "
    "neither never nevertheless next no nobody none nor not nothing now of off often on once one only onto or other "
    "others otherwise our ours out outside over own per perhaps please rather said same second several shall she "
    "should since so some someone something sometimes soon still such than that the their them themselves then there "
    "therefore these they this those though three through thus to together too toward towards two under unless unlike "
    "until up upon us very via was we well were what when where whether which while who whole whom whose why will "
    "with within without would yes yet you your"
)
# Capitalised before a name or alone, small elsewhere: a matter of house style.
OFFICES = vocabulary(
    "president prime minister foreign secretary chancellor king queen prince princess pope general defence defense "
    "finance interior government parliament senator governor mayor ambassador envoy chairman chief judge court state "
    "ministry department council commission committee party church bank army navy police republic east west north "
    "south western eastern northern southern internet web god mr mrs ms dr sir lord lady deputy vice leader director "
    "spokesman spokeswoman congress cabinet constitution treaty conference summit union"
)
VERBS_AFTER_NAMES = vocabulary(
    "is was are were has had have will would could can may might must should said says told added did does denied won "
    "lost rose fell went came met wants wanted plans"
)
QUANTIFIERS = groups(
    """
    many much numerous
    few
    less fewer
    more
    most
    least fewest
    all
    every each
    some any
    several
    both
    only sole solely
    hardly barely scarcely
    almost nearly
    enough
    majority
    minority
    exactly
    """
)
NEGATIONS = groups(
    """
    not no cannot can't n't
    never
    without
    neither
    nobody no-one
    none
    nothing
    nowhere
    fail failed fails failing failure
    refuse refused refuses refusing refusal
    lack lacks lacked lacking
    deny denied denies denying denial
    prevent prevented prevents preventing
    unable incapable
    despite
    """
)
CERTAINTY = groups(
    """
    may might maybe perhaps possibly possible
    could
    can able capable
    must
    should ought
    would
    will shall
    allegedly alleged alleges allege allegation allegations
    reportedly
    apparently apparent
    probably probable
    likely
    unlikely
    supposedly
    suspected suspect suspects
    potential potentially
    presumably
    seemingly seem seems seemed
    appear appears appeared
    purported purportedly
    certainly certain definitely
    approximately roughly
    if
    unless
    whether
    """
)
SAYING = groups(
    """
    said say says saying told tell tells stated states added adds noted notes remarked
    claimed claims claim
    confirmed confirms confirm
    admitted admits admit
    warned warns warn
    promised promises promise
    threatened threatens threaten
    accused accuses accuse
    demanded demands demand
    ordered orders
    suggested suggests suggest
    believed believes believe
    predicted predicts predict
    announced announces announce
    insisted insists insist
    rejected rejects reject
    asked asks ask
    """
)
# "it" and "they" may be added where a subject is missing; a repair may not guess a sex or a speaker.
PERSONS = groups(
    """
    he him his himself
    she her hers herself
    I me my mine myself
    we us our ours ourselves
    you your
    """
)
OPPOSITES = opposites(
    """
    accept/reject accept/refuse accuse/defend add/remove advance/retreat after/before agree/disagree allow/ban
    allow/forbid allow/prohibit ally/enemy ally/opponent ally/rival alive/dead always/never appear/disappear
    appoint/dismiss approve/reject approve/oppose arrest/free arrest/release arrive/leave attack/defend
    attacker/defender attacker/victim backward/forward best/worst better/worse big/small boom/bust bottom/top
    boy/girl brother/sister build/destroy buy/sell buyer/seller ceasefire/offensive cheap/expensive clean/dirty
    close/open cold/hot confirm/deny conquer/lose conservative/liberal create/destroy creditor/debtor cut/raise
    cut/increase daughter/son decline/growth decline/rise decline/increase decrease/increase decrease/rise
    deep/shallow defeat/victory deficit/surplus deny/admit deny/acknowledge die/survive different/same
    difficult/easy discourage/encourage domestic/foreign down/up drop/rise drop/increase early/late earlier/later
    east/west eastern/western employ/dismiss employee/employer empty/full encourage/prevent end/begin end/start
    enemy/friend enter/leave exclude/include exit/enter export/import exporter/importer external/internal
    fail/succeed failure/success fall/rise fall/increase fall/climb false/true fast/slow father/mother female/male
    few/many fewer/more first/last former/current former/future free/jail friend/foe friendly/hostile future/past
    gain/lose gain/loss give/take good/bad guilty/innocent happy/sad hard/soft hard/easy hate/love heavy/light
    high/low higher/lower hire/fire husband/wife improve/worsen increase/reduce inside/outside join/leave
    junior/senior king/queen land/sea large/small largest/smallest last/next left/right legal/illegal lend/borrow
    lender/borrower less/more less/greater long/short loss/profit lose/win loser/winner major/minor
    majority/minority man/woman maximum/minimum most/least narrow/wide near/far negative/positive nephew/niece
    new/old north/south northern/southern offer/demand opponent/supporter oppose/support oppose/back
    optimistic/pessimistic over/under above/below above/under over/below parent/child past/next peace/war permit/ban
    permanent/temporary plaintiff/defendant poor/rich presence/absence present/absent previous/next pro/anti
    private/public prosecution/defence pull/push quick/slow reduce/raise release/detain release/imprison reveal/hide
    safe/dangerous safety/danger security/insecurity shrink/grow shrink/expand since/until slow/accelerate
    strengthen/weaken strong/weak strength/weakness summer/winter superior/inferior support/reject supply/demand
    teacher/student tighten/loosen to/from trust/distrust uncle/aunt victim/perpetrator victor/loser
    voluntary/compulsory warm/cold with/without with/against for/against withdraw/advance withdraw/deploy young/old
    younger/older plus/minus civilian/military civilian/soldier kill/injure kill/wound dead/injured dead/wounded
    injured/killed wounded/killed today/tomorrow today/yesterday yesterday/tomorrow morning/evening day/night
    off/on in/out here/there like/unlike
    """
)
PREFIXES = listed("un in im il ir dis non mis anti counter de pre ex under over")
COUNTING = vocabulary(
    "a an one this that another each every these those many several few numerous various both all some most more two "
    "three four five six seven eight nine ten eleven twelve dozen hundred thousand million billion dozens hundreds "
    "thousands other such no any"
)
PLURAL_VERBS = vocabulary("are do have need say think want warn were")
SINGULAR_VERBS = vocabulary("does has is needs says thinks wants warns was")
# After these a word such as "talks" is a verb.
BEFORE_VERBS = vocabulary(
    "also and but can could he i it may might must never not or shall she should that they to we which who will would "
    "you"
)
