"""Negations that the source has and the translation has not, and the other way round, in the languages listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import regex

from repair.source.check import Both, Slip
from repair.source.words import source_words
from repair.text import vocabulary

DENYING = vocabulary("ни ані не-")  # say no beside another negation, or in a set phrase
# Words that negate a clause.
NEGATIONS: Mapping[str, frozenset[str]] = {
    language: vocabulary(words)
    for language, words in {
        "bg": "не няма нито никога нищо никой без нямаше недей",
        "bs": "ne nije nisu nisam nismo nema nikad nikada ništa nitko niko bez neće ni niti",
        "cs": "ne není nejsou nebyl nebyla nebylo nemá nemají nemůže nechce nikdy nic nikdo bez ani žádný žádná žádné",
        "da": "ikke aldrig ingen intet uden hverken",
        "de": "nicht kein keine keinen keiner keinem keines nie niemals niemand nichts ohne weder",
        "el": "δεν δε μην μη όχι ποτέ κανείς τίποτα χωρίς ούτε",
        "es": "no nunca jamás nadie nada sin ningún ninguna ni tampoco",
        "et": "ei mitte pole polnud ilma ega",
        "fi": "ei en et emme ette eivät älä ilman eikä",
        "fr": "ne n pas jamais rien personne sans aucun aucune ni",
        "hr": "ne nije nisu nisam nismo nema nikad nikada ništa nitko bez neće ni niti",
        "hu": "nem ne nincs nincsenek soha sem se nélkül",
        "is": "ekki aldrei enginn engin ekkert án hvorki",
        "it": "non no mai niente nulla nessuno nessuna senza né neanche",
        "mk": "не нема ниту никогаш ништо никој без",
        "nl": "niet geen nooit niets niemand zonder noch",
        "no": "ikke aldri ingen intet uten verken",
        "pl": "nie nigdy nic nikt bez ani żaden żadna żadne brak",
        "pt": "não nunca jamais ninguém nada sem nenhum nenhuma nem",
        "ro": "nu n-a n-au n-am nici niciodată nimeni nimic fără niciun nicio nu-i",
        "ru": "не нет нельзя никогда никто ничего без нету невозможно",
        "sk": "nie nebol nebola nebolo nemá nemôže nikdy nič nikto bez ani žiadny žiadna",
        "sl": "ne ni niso nisem nima nikoli nič nihče brez nobeden noben",
        "sq": "nuk s’ mos pa asnjë kurrë askush asgjë as",
        "sr": "ne nije nisu nema nikad nikada ništa niko bez neće niti не није нису нема никад ништа нико без неће",
        "sv": "inte ej aldrig ingen inget inga utan varken",
        "uk": "не немає нема ніколи ніхто нічого без неможливо",
        "zh": "不 没 沒 未 无 無 非 别 勿 否",
    }.items()
}
# Source words after which a negation says nothing negative, or belongs to a set phrase.
MILD: Mapping[str, str] = {
    "ru": r"не \p{L}+ ли\b|чтобы? не|как бы|не только|не менее|не более|как никогда|чуть не|если не|пока не|не раз",
    "uk": r"не тільки|не лише|не менше|не більше|тим не менш|поки не",
    "de": r"nicht nur|nicht zuletzt|ohne weiteres|nichtsdestotrotz|nicht wahr",
    "ro": r"dacă nu|nu numai|nu doar|nu mai puțin|până nu",
    "et": r"mitte ainult|mitte üksnes|kunagi",
    "cs": r"nejen|není divu",
}
# What says no in English in any way: where the source negates, one of these is enough.
NEGATIVE = regex.compile(
    r"\b(?:not|cannot|\w+n['’]t|\w+less|ex-\w+|far from|out of|more than|(?:un|dis|mis|non|anti)\w{3,}"
    r"|(?:in|im|ir|il)\w{4,}|(?:fail|refus|lack|den|absen|stop|avoid|prevent|miss|reject|forb|prohib|declin|ignor|los|reluct|abolish|former|oppos"
    r"|remain|bad|poor|any|ban|what|who|how)\w*|no|nor|none|nobody|nothing|nowhere|never|neither|without|hardly|barely"
    r"|scarcely|rarely|seldom|few|little|unless|except|instead|rather|only|until|ever|yet|zero|but|nearly|almost|dead|free"
    r"|too|despite|least|less|beyond|otherwise|before|though|although|while|whether|different|half|wrong|against|end\w*"
    r"|nonetheless|nevertheless|isnt|dont|didnt|doesnt|wont|cant|couldnt|wasnt|havent|wouldnt|just|lest|loath|contrary"
    r"|difficult)\b",
    regex.I,
)
# What surely says no: where one of these stands, the source must say no somehow.
DENIAL = regex.compile(r"\b(?:not|cannot|\w+n['’]t|never|nobody|nothing)\b", regex.I)
MILD_ENGLISH = regex.compile(
    r"\b(?:not only|not just|not least|not to mention|whether or not|if not|why not|not until|can(?:no|')t help"
    r"|not more than|not less than)\b",
    regex.I,
)
SCORE = 0.7


def negation_lost(both: Both) -> Iterator[Slip]:
    """The source negates and nothing in the translation says no."""
    word = negation(both.source, both.aligned.language)
    if word and both.text.strip() and NEGATIVE.search(both.text) is None:
        yield Slip(both.near(both.source.find(word)), f"The source negates (“{word}”); nothing here does.", SCORE)


def negation_gained(both: Both) -> Iterator[Slip]:
    """The translation negates and nothing in the source does."""
    if both.aligned.language not in NEGATIONS or not both.source.strip():
        return
    denials = list(DENIAL.finditer(both.text))
    if (
        len(denials) == 1
        and MILD_ENGLISH.search(both.text) is None
        and not negative(both.source, both.aligned.language)
    ):
        yield Slip(both.place(*denials[0].span()), "Nothing in the source negates here.", SCORE)


def negation(source: str, language: str) -> str:
    """The one negation of a sentence; nothing where there is none, several (which may cancel), or a mild one."""
    words = NEGATIONS.get(language, frozenset())
    if language in MILD and regex.search(MILD[language], source, regex.I):
        return ""
    if language == "zh":
        found = regex.findall("没有|沒有|并不|並不|不是|不会|不會|不能|未能|无法|無法", source)
        return found[0] if len(found) == 1 else ""
    found = [word.text for word in source_words(source) if word.low in words]
    return found[0] if len(found) == 1 else ""


def negative(source: str, language: str) -> bool:
    """May anything in the source be a negation? Words that only begin like one count too."""
    words = NEGATIONS[language]
    if language == "zh":
        return any(char in source for char in words)
    return any(
        word.low in words
        or word.low in DENYING
        or (len(word.low) > 3 and word.low.startswith(BEGINNINGS.get(language, ("\0",))))
        or word.low.endswith(ENDINGS.get(language, ("\0",)))
        for word in source_words(source)
    )


# How words for a lack may begin and end.
ENDINGS: Mapping[str, tuple[str, ...]] = {"et": ("mata", "matu", "matut", "tu"), "fi": ("ton", "tön", "tta", "ttä")}
BEGINNINGS: Mapping[str, tuple[str, ...]] = {
    "bg": ("не", "без", "ни"),
    "bs": ("ne", "bez", "ni"),
    "cs": ("ne", "bez", "ni"),
    "da": ("u", "mis"),
    "de": ("un", "miss", "kein", "nicht", "nirgend", "niemand"),
    "el": ("α", "αν", "μη", "κανέν", "ουδ"),
    "es": ("in", "im", "des", "ningun"),
    "et": ("eba", "mitte", "pole", "võimatu", "ära", "ilma", "puudu", "keela", "keeldu"),
    "fi": ("ei", "epä", "äl"),
    "fr": ("in", "im", "n'", "n’", "mal", "dé"),
    "hr": ("ne", "bez", "ni"),
    "hu": ("nem", "nincs"),
    "is": ("ó", "van", "engu", "einskis"),
    "it": ("in", "im", "s", "dis", "nessun"),
    "mk": ("не", "без", "ни"),
    "nl": ("on", "niet", "geen"),
    "no": ("u", "mis"),
    "pl": ("nie", "bez", "ni"),
    "pt": ("in", "im", "des", "nenhum"),
    "ro": ("ne", "in", "im", "n-", "nu-", "dez", "lips", "nici", "nim"),
    "ru": ("не", "без", "бес", "ни", "отсутств", "отказ", "запре", "лиш", "мало"),
    "sk": ("ne", "bez", "ni"),
    "sl": ("ne", "brez", "ni"),
    "sq": ("s", "pa", "mos", "asnj"),
    "sr": ("ne", "bez", "ni", "не", "без", "ни"),
    "sv": ("o", "miss"),
    "uk": ("не", "без", "ні", "відсутн", "відмов", "заборон"),
}
