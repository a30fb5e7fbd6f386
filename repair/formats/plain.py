"""Plain text, UTF-8 or UTF-16 with its mark. The file is the text; `repair.protect` protects what is no prose."""

from __future__ import annotations

from repair.errors import InputError
from repair.formats.errors import FormatError
from repair.formats.markup import MARKED, decode_as, encode_as
from repair.formats.view import Part, whole
from repair.text import decode


class Plain:
    """One file is one article with one text."""

    def read(self, data: bytes) -> list[Part]:
        return [Part("", whole(self.sources(data)[""]))]

    def sources(self, data: bytes) -> dict[str, str]:
        return {"": _decode(data)[0]}

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return encode_as(sources[""], _decode(data)[1])


def _decode(data: bytes) -> tuple[str, str]:
    """The characters of a file and its encoding."""
    if data[:2] in MARKED:
        return decode_as(data, ())
    try:
        return decode(data, ""), "utf-8"
    except InputError as error:
        raise FormatError(str(error).removeprefix(": ")) from None
