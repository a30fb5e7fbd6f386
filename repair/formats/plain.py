"""Plain text: UTF-8, the file is the text. What is no prose is protected by `repair.protect`."""

from __future__ import annotations

from repair.errors import InputError
from repair.formats.errors import FormatError
from repair.formats.view import Part, whole
from repair.text import decode, encode


class Plain:
    """One file is one article with one text."""

    def read(self, data: bytes) -> list[Part]:
        return [Part("", whole(self.sources(data)[""]))]

    def sources(self, data: bytes) -> dict[str, str]:
        try:
            return {"": decode(data, "")}
        except InputError as error:
            raise FormatError(str(error).removeprefix(": ")) from None

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        return encode(sources[""])
