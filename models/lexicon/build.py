"""Writes `repair/data/countries.tsv`: names of countries in other languages, from the CLDR data that Babel carries.

Run `python models/lexicon/build.py` after an update of Babel. A name is left out where it is also an English
territory name or an English word, where two countries share it, or where `lexicon.tsv` already decides about it.
"""

from __future__ import annotations

import csv
import re
import unicodedata

import babel
from babel import Locale
from lemminflect import getAllLemmas

from repair.detect.lexicon_table import DATA, SEPARATORS, read_rows

LANGUAGES = "sq mk sr sr_Latn hr bs sl bg el tr ro ru uk be es ca fr it pt de nl pl cs sk hu lt lv et fi sv da nb is"
# Newsrooms' names where CLDR's English is not what copy says, and the article where the name takes one.
ENGLISH = {
    "150": "Europe",
    "002": "Africa",
    "142": "Asia",
    "AE": "the United Arab Emirates",
    "BA": "Bosnia and Herzegovina",
    "BS": "the Bahamas",
    "CF": "the Central African Republic",
    "CI": "Ivory Coast",
    "CZ": "the Czech Republic",
    "DO": "the Dominican Republic",
    "EU": "the European Union",
    "FO": "the Faroe Islands",
    "GB": "the United Kingdom",
    "GM": "the Gambia",
    "HK": "Hong Kong",
    "MH": "the Marshall Islands",
    "MM": "Myanmar",
    "MO": "Macau",
    "MV": "the Maldives",
    "NL": "the Netherlands",
    "PH": "the Philippines",
    "PS": "the Palestinian territories",
    "SB": "the Solomon Islands",
    "SC": "the Seychelles",
    "ST": "São Tomé and Príncipe",
    "TR": "Turkey",
    "TT": "Trinidad and Tobago",
    "UN": "the United Nations",
    "US": "the United States",
    "VA": "the Vatican",
}
# Islands and territories that news seldom names, CLDR's own codes, and the two Congos, whose names overlap.
SKIPPED = (
    "AC AQ AX BQ BV CC CD CG CP CQ CX DG EA EH EZ FK GS HM IC IM IO KM NF PN QO RE SH SJ SX TA TF TK UM WF XA XB YT ZZ"
    " AS AW BL GF GG GP GU JE KY MF MP MQ MS NC NU PM PF PR TC VG VI AI BM CK CW FM NR WS"
)
# Case endings by the end of the name in its dictionary form: (languages, ending, what stands there in other cases).
ENDINGS = (
    ("sq", "i", ("ia", "isë", "inë")),
    ("sq", "ë", ("a", "ës", "ën")),
    ("sr_Latn hr bs sl", "ija", ("ije", "iji", "iju", "ijom")),
    ("sr_Latn hr bs", "ska", ("ske", "skoj", "sku", "skom")),
    ("sr_Latn hr bs", "čka", ("čke", "čkoj", "čku", "čkom")),
    ("sr", "ија", ("ије", "ији", "ију", "ијом")),
    ("sr", "ска", ("ске", "ској", "ску", "ском")),
    ("ru", "ия", ("ии", "ию", "ией")),
    ("uk", "ія", ("ії", "ію", "ією")),
    ("ru", "на", ("ны", "не", "ну", "ной")),
    ("uk", "на", ("ни", "ні", "ну", "ною")),
    ("el", "ία", ("ίας", "ίαν")),
    ("pl", "ia", ("ii", "ię", "ią")),
    ("cs sk", "sko", ("ska", "sku", "skem", "skom")),
    ("cs sk", "cko", ("cka", "cku", "ckem", "ckom")),
    ("hu", "ország", ("országban", "országból", "országba", "országnak", "országgal", "országot", "országon")),
)


def english_name(code: str) -> str:
    return ENGLISH.get(code) or str(Locale.parse("en").territories[code])


def forms(language: str, name: str) -> list[str]:
    """The name and its case forms; a name of several words has only the one that CLDR gives."""
    result = [name]
    for languages, ending, others in ENDINGS:
        if language in languages.split() and " " not in name and name.endswith(ending):
            result += [name[: -len(ending)] + other for other in others]
            break
    return result


def normal(name: str) -> str:
    return " ".join(name.casefold().translate(SEPARATORS).split())


def is_english(form: str, english: set[str]) -> bool:
    return normal(form) in english or (form.isascii() and " " not in form and bool(getAllLemmas(form.lower())))


def is_plain(form: str) -> bool:
    """Leaves out short names, which look like everything, and CLDR's comments ("Hong Kong (SAR Kina)")."""
    return len(form) > 3 and not set(form) & set("(),:.")


def kind(form: str) -> str:
    """`sure` for other scripts, `likely` for what no English word or name looks like, `weak` for a plain short word."""
    if not any("LATIN" in block for block in map(script, form) if block):
        return "sure"
    return "likely" if len(form) > 5 or not form.isascii() else "weak"


def script(char: str) -> str:
    return unicodedata.name(char).split()[0] if char.isalpha() else ""


def main() -> None:
    decided = {row.form.casefold() for row in read_rows(DATA / "lexicon.tsv") if row.grade != "language"}
    territories: dict[str, str] = dict(Locale.parse("en").territories)
    codes = [code for code in territories if code in ENGLISH or (code.isalpha() and code not in SKIPPED.split())]
    english = {normal(name) for name in [*territories.values(), *ENGLISH.values()]}
    english |= {normal(part) for name in territories.values() for part in re.split(r" & | China$", name)}
    meanings: dict[str, set[str]] = {}
    languages: dict[str, list[str]] = {}
    for language in LANGUAGES.split():
        names: dict[str, str] = dict(Locale.parse(language).territories)
        for code in codes:
            for form in forms(language, names.get(code, "").replace("\u00a0", " ")):
                if is_plain(form) and form.casefold() not in decided and not is_english(form, english):
                    meanings.setdefault(form, set()).add(english_name(code))
                    known = languages.setdefault(form, [])
                    tag = language.partition("_")[0]
                    if tag not in known:
                        known.append(tag)
    with (DATA / "countries.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["form", "languages", "english", "grade", f"from CLDR, by Babel {babel.__version__}"])
        for form in sorted(meanings):
            if len(meanings[form]) == 1:
                writer.writerow([form, ",".join(languages[form]), *meanings[form], kind(form), ""])


if __name__ == "__main__":
    main()
