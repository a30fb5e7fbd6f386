"""Negations that the source has and the translation has not, and the other way round, in the languages listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import regex

from repair.source.check import Both, Slip
from repair.source.words import SourceWord, source_words
from repair.text import vocabulary

# Words that say no beside another negation, in a set phrase, or of old.
DENYING = {
    "bg": vocabulary("ни не-"),
    "fr": vocabulary("ne n"),
    "ru": vocabulary("ни не-"),
    "uk": vocabulary("ані не-"),
}
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
        "fr": "pas jamais rien personne sans aucun aucune ni",
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
# What negates and says nothing negative: "not only", "not ruled out", set phrases.
MILD: Mapping[str, str] = {
    "bg": r"не само|не (?:е|се) изключ\p{L}+",
    "bs": r"ne samo|nije isključen\p{L}+",
    "cs": r"nejen\p{L}*|není (?:divu|vyloučen\p{L}*)",
    "da": r"ikke (?:kun|bare|blot|mindst|udelukk\p{L}+)",
    "de": r"nicht (?:nur|allein|zuletzt|wahr|ausgeschlossen|auszuschließen)|ohne weiteres|nichtsdestotrotz",
    "el": r"όχι μόνο|δεν αποκλείεται",
    "es": r"no (?:solo|sólo|solamente|obstante|se descart\p{L}+|descart\p{L}+)|sin embargo",
    "et": r"mitte (?:ainult|üksnes)|kunagi|pole välistatud|ei (?:ole välistatud|välist\p{L}+)",
    "fi": r"ei (?:vain|ainoastaan|pelkästään|ole poissuljettu)",
    "fr": r"sans cesse|pas (?:seulement|exclu\p{L}*)|n['’]\p{L}+ cessé",
    "hr": r"ne samo|nije isključen\p{L}+",
    "hu": r"nem ?csak|nem kizárt",
    "is": r"ekki (?:bara|aðeins|síst|útilok\p{L}+)",
    "it": r"non (?:solo|soltanto|è esclus\p{L}+|si esclude)",
    "mk": r"не само|не е исклучен\p{L}+",
    "nl": r"niet (?:alleen|enkel|uitgesloten)",
    "no": r"ikke (?:bare|kun|minst|utelukk\p{L}+)",
    "pl": r"nie (?:tylko|\p{L}* ?wyklucz\p{L}+)",
    "pt": r"não (?:só|apenas|somente|obstante|\p{L}+ descartad\p{L}|se descarta)",
    "ro": r"dacă nu|nu (?:numai|doar|mai puțin|este exclus|e exclus)|până nu",
    "ru": r"не \p{L}+ ли\b|чтобы? не|как бы|не (?:только|менее|более|раз|исключ\p{L}+)|как никогда|чуть не|если не"
    r"|пока не",
    "sk": r"nielen|nie je vylúčen\p{L}+",
    "sl": r"ne (?:le|samo)|ni izključen\p{L}+",
    "sq": r"jo vetëm|nuk përjashtohet",
    "sr": r"ne samo|nije isključen\p{L}+|не само|није искључен\p{L}+",
    "sv": r"inte (?:bara|endast|enbart|minst|uteslut\p{L}+)",
    "uk": r"не (?:тільки|лише|менше|більше|виключ\p{L}+)|тим не менш|поки не",
}
# Where several negations of a clause say no once ("никто не", "ne … pas"), and words that say no there beside another.
CONCORD = vocabulary("bg bs cs el es fr hr hu it mk pl pt ro ru sk sl sq sr uk")
BESIDE = vocabulary(
    "никой никога нищо нито никто никогда ничего ніколи ніхто нічого никогаш ништо ниту никад нико nikad nikada nikdy"
    " nikdo nikto nitko niko ništa nic nič nigdy nikt nikoli nihče ani ni niti žádný žádná žádné žiadny žiadna żaden"
    " żadna nobeden noben ποτέ κανείς τίποτα ούτε nunca jamás nadie nada ningún ninguna tampoco soha sem se mai niente"
    " nulla nessuno nessuna né neanche jamais ninguém nenhum nenhuma nem nici niciodată nimeni nimic niciun nicio kurrë"
    " askush asgjë asnjë as"
)
# "No doubt" says nothing negative in any language.
DOUBT = regex.compile(
    r"\b(?:duda|doute|dúvida|dubbi|îndoial|zweifel|twijfel|tviv|tvil|сомн|съмн|сумн|sumnj|dvom|wątpl|wątpien|pochyb|kétség"
    r"|epäil|kahtlu|dyshim|αμφιβολ)",
    regex.I,
)
PARTICLE = regex.compile(r"\bn(?:e\b|['’])", regex.I)  # without it "pas" is a step and "personne" a person
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
    if language == "fr" and PARTICLE.search(source) is None:
        words = words & {"sans"}
    if DOUBT.search(source) or (language in MILD and regex.search(MILD[language], source, regex.I)):
        return ""
    if language == "zh":
        found = regex.findall("没有|沒有|并不|並不|不是|不会|不會|不能|未能|无法|無法", source)
        return found[0] if len(found) == 1 else ""
    found = [word for word in source_words(source) if word.low in words]
    if language in CONCORD:
        found = [*found[:1], *(word for former, word in pairwise(found) if not one_no(source, former, word))]
    return found[0].text if len(found) == 1 else ""


def one_no(source: str, former: SourceWord, word: SourceWord) -> bool:
    """Do two negations that follow each other say no once, in a language where they do?

    >>> one_no("Никто не пришёл", *source_words("Никто не"))
    True
    """
    between = source[former.span.end : word.span.start]
    return (
        former.low != word.low
        and bool({former.low, word.low} & BESIDE)
        and regex.search(r"[,;:.!?…()—–]", between) is None
    )


def negative(source: str, language: str) -> bool:
    """May anything in the source be a negation? Words that only begin like one count too."""
    words = NEGATIONS[language]
    if language == "zh":
        return any(char in source for char in words)
    return any(
        word.low in words
        or word.low in DENYING.get(language, frozenset())
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
