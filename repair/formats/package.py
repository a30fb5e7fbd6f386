"""Documents that are zip files of XML, as DOCX and ODT: every byte of what is not changed stays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from io import BytesIO
from pathlib import PurePosixPath

from repair.formats.errors import FormatError
from repair.formats.markup import encode_as
from repair.formats.packed import Make, open_zip, read_member, rewrite
from repair.formats.view import Part, View
from repair.formats.xmltext import decode_xml


class Package(ABC):
    """One document is one article. `members` are the files in it that hold text, the first of which must be there."""

    members: tuple[str, ...]
    kind: str

    @abstractmethod
    def views(self, source: str) -> Sequence[Sequence[View]]:
        """The texts of a member, each with its twins."""

    def read(self, data: bytes) -> list[Part]:
        parts = []
        for member, source in self.sources(data).items():
            for number, (view, *twins) in enumerate(self.views(source)):
                if view.text.strip():
                    name = PurePosixPath(member).stem + (f"[{number}]" if number else "")
                    parts.append(Part(name, view, member, tuple(twins)))
        return parts

    def sources(self, data: bytes) -> dict[str, str]:
        try:
            with open_zip(BytesIO(data)) as package:
                names = set(package.namelist())
                if self.members[0] not in names:
                    raise FormatError(f"it has no {self.members[0]}")
                return {name: decode_xml(read_member(package, name))[0] for name in self.members if name in names}
        except FormatError as error:
            raise FormatError(f"not a sound {self.kind}: {error}") from None

    def write(self, data: bytes, sources: dict[str, str]) -> bytes:
        former = self.sources(data)
        target = BytesIO()

        def changed(name: str) -> Make | None:
            if name not in sources or sources[name] == former[name]:
                return None
            return lambda content: encode_as(sources[name], decode_xml(content)[1])

        rewrite(BytesIO(data), target, changed)
        return target.getvalue()
