"""What must never be flagged or changed: markup, addresses, code, file paths, and what an author switched off.

Markers: `repair: ignore` in a comment or at the end of a line leaves that line alone (alone on its line: the next one
too); `<!-- repair: off -->` leaves everything alone until `<!-- repair: on -->`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.text import BOM, ESCAPED, OBJECT, Span, merged

# Every quantifier that could run far is possessive or bounded, so that no input takes more than linear time.
ADDRESS = re.compile(
    r"\b(?:https?|ftp|file)://[^\s<>\"“”«»]++"
    r"|\bwww\.[^\s<>\"“”«»]++"
    r"|(?<![\w.@-])(?:[\w-]{1,63}\.){1,5}(?:com|org|net|gov|edu|info|eu|co\.uk|org\.uk|ac\.uk)\b(?:/[^\s<>\"“”«»]*+)?"
)
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        BOM,
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}",  # e-mail
        r"(?<![\w@.])@\w++",  # handle
        r"(?<![\w&#])#(?=\d*+[^\W\d])\w++",  # hashtag
        r"</?(?!(?:unk|pad|eos|bos|mask)>)[A-Za-z][\w:.-]*+"  # a tag, but for the marks of models
        r"(?:\s(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+|/)?>",
        r"<[!?][^<>]*+>",
        OBJECT,
        r"\]\([^()\s]{1,2000}(?:\s\"[^\"\n]{0,300}\")?\)",  # Markdown link target
        # Markdown link definition: nothing stands after its address but a title
        r"(?m:^[ ]{0,3}\[(?!\^)[^\[\]\n]{1,200}\]:[ \t]*+(?:<[^<>\n]*+>|[^\s<]\S*+)"
        r"(?:[ \t]++(?:\"[^\"\n]*+\"|'[^'\n]*+'|\([^()\n]*+\)))?[ \t]*+$)",
        r"(?m:^[ ]{0,3}\[\^[^\[\]\s]{1,200}\]:)",  # the label of a footnote
        r"(?<![\w/.~])(?:~|\.\.?)?/(?:[\w.+-]++/)+[\w.+-]*+",  # file path
        r"\b[A-Z]:\\[^\s<>\"|?*]++",
        r"(?<![\w.-])[\w-]{1,80}\.(?:py|js|txt|md|json|xml|html?|pdf|docx?|xlsx?|csv|jpe?g|png|gif|mp[34]|zip)\b",
        r"(?<!`)(`++)(?:(?!'')[^`\n]){1,4000}\1(?!`)",  # code; not ``quotes''
        r"(?<![\w$\\])\$(?=[^\s$\d]|\d[^\s$\\^_=]*+[\\^_=])[^$\n]{1,300}+(?<=\S)\$(?![\w$])",  # TeX; not "$5 to US$"
        r"\$\$(?=[^$])[^$]{1,4000}+\$\$|\\\([^()\\\n]*+(?:\\?[^()\\\n]++)*+\\\)",
        r"\{{2,3}[^{}]*+\}{2,3}|\{%(?:[^%{}]|%(?!\}))*+%\}|\{\#[^\#{}]*+\#\}|\$\{[^{}\n]*+\}",  # templates
        r"<%(?:[^%<]|%(?!>))*+%>|%\(\w++\)[sdrf]\b|\{\w*+(?:[.:!][^{}\s]*+)?\}",
        r"\[/[a-z][\w-]*+\]|\[[a-z][\w-]*+(?:\s++[\w-]++=(?:\"[^\"\[\]]*+\"|'[^'\[\]]*+'|[^\s\"'\[\]]++))++\s*+/?\]",
    )
)
REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]\w{1,31});")
TAG = re.compile(r"</?[A-Za-z][^<>]*+>")
TRAILING = ".,;:!?'’)]}*_…"
# A text may begin with a rule, too: front matter has a key, a comment or nothing in its first line.
FRONT_MATTER = re.compile(
    r"\A\ufeff?(?P<fence>---|\+\+\+)[ \t]*+\r?\n(?=[ \t]*+(?:[\w\"'.-]++[ \t]*+[:=]|[#\[]|---|\+\+\+))"
)
FRONT_END = {"---": re.compile(r"(?m)^(?:---|\.\.\.)[ \t]*+\r?$"), "+++": re.compile(r"(?m)^\+\+\+[ \t]*+\r?$")}
FENCE = re.compile(r"(?m)^[ ]{0,3}(```+|~~~+)[^\n]*+$")
RAW_TAG = re.compile(r"(?i)<(script|style|pre|code|svg|math)\b")
IGNORE = re.compile(r"\brepair:[ \t]{0,9}ignore\b[ \t]{0,9}(?:-->|\*/|\]|\))?[ \t]*+(?:$|(?=</|<!--))", re.MULTILINE)
IGNORE_COMMENT = re.compile(r"<!--\s{0,9}repair:\s{0,9}ignore\s{0,9}-->")
SWITCH = re.compile(r"<!--\s{0,9}repair:\s{0,9}(off|on)\s{0,9}-->")


def protected_spans(text: str) -> tuple[Span, ...]:
    """The ranges of `text` that are not prose or are switched off; sorted, disjoint, none empty.

    >>> text = "Mail a.b@example.org, or see <b>notes.txt</b> (https://example.org/a?b=1)."
    >>> [span.of(text) for span in protected_spans(text)]
    ['a.b@example.org', '<b>notes.txt</b>', 'https://example.org/a?b=1']
    >>> protected_spans("Left as it is. <!-- repair: ignore -->")
    (Span(start=0, end=38),)
    """
    return merged((*_matches(text), *_comments(text), *_fences(text), *_raw_elements(text), *_switched_off(text)))


def _matches(text: str) -> Iterator[Span]:
    for match in ADDRESS.finditer(text):
        yield Span(match.start(), match.start() + len(match[0].rstrip(TRAILING)))
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            yield Span(*match.span())
    if references := list(REFERENCE.finditer(text)):
        markup = TAG.search(text) is not None
        for match in references:
            if markup or not ESCAPED.match(text, match.start()):  # elsewhere nothing reads a quotation mark so written
                yield Span(*match.span())
    if (front := FRONT_MATTER.match(text)) and (end := FRONT_END[front["fence"]].search(text, front.end())):
        yield Span(0, min(_line_end(text, end.end()) + 1, len(text)))


def _comments(text: str) -> Iterator[Span]:
    end = 0
    while (start := text.find("<!--", end)) >= 0:
        close = text.find("-->", start + 4)
        if close < 0:
            return
        end = close + 3
        yield Span(start, end)


def _fences(text: str) -> Iterator[Span]:
    """Fenced code; one that never closes runs to the end, as in CommonMark."""
    opened: re.Match[str] | None = None
    for match in FENCE.finditer(text):
        if opened is None:
            opened = match
        elif match[1].startswith(opened[1]):
            yield Span(opened.start(), match.end())
            opened = None
    if opened is not None:
        yield Span(opened.start(), len(text))


def _raw_elements(text: str) -> Iterator[Span]:
    """Elements whose content is not prose, from the opening tag to the closing one."""
    lower = text.lower() if "<" in text else ""
    if len(lower) != len(text):
        return
    end = 0
    missing: set[str] = set()
    for match in RAW_TAG.finditer(text):
        name = match[1].lower()
        if match.start() < end or name in missing:
            continue
        close = lower.find(f"</{name}>", match.end())
        if close < 0:
            missing.add(name)
        else:
            end = close + len(name) + 3
            yield Span(match.start(), end)


def _switched_off(text: str) -> Iterator[Span]:
    for pattern in (IGNORE, IGNORE_COMMENT):
        end = -1
        for match in pattern.finditer(text):
            if match.start() < end:
                continue
            start = text.rfind("\n", 0, match.start()) + 1
            end = _line_end(text, match.end())
            if text[start:end].strip(" \t\r#/*%<!->()[]") in ("repair: ignore", "repair:ignore"):
                end = _line_end(text, end + 1)
            yield Span(start, end)
    off: int | None = None
    for match in SWITCH.finditer(text):
        if match[1] == "off" and off is None:
            off = match.start()
        elif match[1] == "on" and off is not None:
            yield Span(off, match.end())
            off = None
    if off is not None:
        yield Span(off, len(text))


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end
