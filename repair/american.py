"""American and British spellings, neither of which is a slip of a translator.

Most of the clean news that the detector learnt from is British, so it doubts "defense" in copy that is otherwise sound.
"""

from __future__ import annotations

import re
from functools import lru_cache

from repair.correct.pivots import frequency

TO_BRITISH = (
    (r"(?<=\w\w)or(?=(s|ed|er|ers|ing|able|ite|ites|ful|less|al|hood|hoods|ist|ists)?$)", "our"),
    (r"ense(?=(s|d|less)?$)", "ence"),
    (r"(?<=\w[bt])er(?=(s|ed)?$)", "re"),
    (r"(?<=\w\w\w)iz(?=e|ing|ation)", "is"),
    (r"(?<=l)yz(?=e|ing)", "ys"),
    (r"(?<=[aeiou])l(?=(ed|ing|er|ers|ings)$)", "ll"),
    (r"og(?=s?$)", "ogue"),
    (r"(?<=gr)am(?=s?$)", "amme"),
    (r"^sk(?=ept)", "sc"),
    (r"dgm(?=ent)", "dgem"),
)
WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 5
RARE = 3  # in the clean news that frequencies were counted in; a twin that is rarer may be a slip itself


@lru_cache(maxsize=20_000)
def is_american(word: str) -> bool:
    """True where `word` is spelt the American way and has a British twin in the news.

    >>> [word for word in "defense labor organized center traveled programs skeptical".split() if is_american(word)]
    ['defense', 'labor', 'organized', 'center', 'traveled', 'programs', 'skeptical']
    >>> [word for word in "defence future setting diplomat prize deciding underline later".split() if is_american(word)]
    []
    """
    form = word.lower()
    if len(form) < SHORTEST or not form.isalpha():
        return False
    return any(frequency(twin) >= RARE for twin in twins(form))


def twins(form: str) -> set[str]:
    """What the word would be, spelt the British way; many are no words."""
    return {re.sub(pattern, british, form, count=1) for pattern, british in TO_BRITISH} - {form}


def respells(old: str, new: str) -> bool:
    """True where `new` is `old` with words spelt the American way for the British one, or the other way round.

    That is no repair: a text keeps its own spelling.

    >>> respells("an honour for", "an honor for"), respells("the Centre,", "the Center,"), respells("labour", "work")
    (True, True, False)
    """
    before, after = WORD.findall(old), WORD.findall(new)
    if len(before) != len(after) or WORD.sub("", old) != WORD.sub("", new):
        return False
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    return bool(changed) and all(b in twins(a) or a in twins(b) for a, b in changed)
