"""Numbers in a JSON article that count its words or characters: they follow the text.

A number follows where it was right before: words between white space; characters of the text, or of the HTML that it is
in. Its place keeps its length, with blanks after it, so that all else stays where it was and what was done can be taken
back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from repair.formats import Format, splice
from repair.formats.jsontext import Field, Literal, Ninjs, Path, decode_json, fields_in, literal_view, parse, scalars
from repair.formats.view import Splice

STALE = "texts with a `wordcount` or the like have changed; it is left as it was"
COUNTS = ("wordcount", "word_count", "charcount")
BODY = re.compile(r"body_\w+|value")


def following(before: str, after: str) -> str:
    """The document `after` edits of its texts, with the counts that were right in `before` right again."""
    if not _has_counts(before):
        return after
    old, new = _counts(before), _counts(after)
    places = []
    for path, (number, ways) in old.items():
        there, now = new[path]
        way = ways.index(number.value) if number.value in ways else None
        if way is not None and now.index(now[way]) == way:  # or the way back would be another
            places.append((there, str(now[way])))
    for there, count in sorted(places, key=lambda one: one[0].start, reverse=True):
        after = _put(after, there, count)
    return after


def stale(reader: Format, data: bytes, splices: Sequence[Splice]) -> bool:
    """True where an article with these splices has a count that is not that of its text."""
    if not splices or not any(f'"{name}"'.encode() in data for name in COUNTS):
        return False
    after = splice(reader, data, splices)
    if not isinstance(reader, Ninjs):
        return _words(reader, data) != _words(reader, after)
    old, new = _counts(decode_json(data)), _counts(decode_json(after))
    return any(number.value not in ways and ways != old[path][1] for path, (number, ways) in new.items())


def _words(reader: Format, data: bytes) -> list[int]:
    return [len(part.view.text.split()) for part in reader.read(data)]


def _has_counts(source: str) -> bool:
    return any(f'"{name}"' in source for name in COUNTS)


def _counts(source: str) -> dict[Path, tuple[Literal, list[int]]]:
    """Each count, by its path, with what the ways of counting give for the bodies beside it."""
    fields = fields_in(parse(source))
    every = list(scalars(source))
    found = {}
    for one in every:
        if isinstance(one.value, int) and one.path and one.path[-1] in COUNTS:
            bodies = [body for body in every if body.path in fields and _beside(body, one)]
            ways = [n for body in bodies for n in _ways(source, body, fields[body.path], one.path[-1] == "charcount")]
            found[one.path] = (one, ways)
    return found


def _beside(body: Literal, count: Literal) -> bool:
    """Is this the text of a body of the object that gives the count?"""
    inside = body.path[len(count.path) - 1 :]
    if body.path[: len(count.path) - 1] != count.path[:-1]:
        return False
    return inside[:1] == ("bodies",) or (len(inside) == 1 and BODY.fullmatch(str(inside[0])) is not None)


def _ways(source: str, body: Literal, how: Field, characters: bool) -> Iterator[int]:
    text = literal_view(source, body, how).text
    if characters:
        yield from (len(text), len(body.value))
    else:
        yield len(text.split())


def _put(source: str, there: Literal, count: str) -> str:
    """The source with another count there; as it was where a longer one would move what follows."""
    length = there.end - there.start
    end = there.start + max(length, len(count))
    if source[there.end : end].strip(" ") or end > len(source):
        return source
    return source[: there.start] + count.ljust(length) + source[end:]
