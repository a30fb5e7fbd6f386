"""XML of a Word document as it is written: the names of its elements, and where something can be put in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from repair.formats.errors import FormatError

TAG = re.compile(r"</?(?:([\w.-]+):)?[\w.-]+(?:\"[^\"]*\"|'[^']*'|[^\"'>])*>")
NAMESPACE = re.compile(r"\sxmlns(?::([\w.-]+))?\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
ID = re.compile(r"[\s:]id\s*=\s*[\"'](\d{1,9})[\"']")


@dataclass(frozen=True, slots=True)
class Names:
    """How a member of a package writes the names of its elements and attributes, and the address of their namespace."""

    element: str
    attribute: str
    address: str

    @classmethod
    def of(cls, source: str) -> Names:
        """From the root element. Raises FormatError where no prefix is declared that attributes can have."""
        root = TAG.search(source)
        declared = {prefix: one or other for prefix, one, other in NAMESPACE.findall(root[0])} if root else {}
        own = (root[1] or "") if root else ""
        address = declared.get(own, "")
        prefix = next((prefix for prefix in (own, *declared) if prefix and declared[prefix] == address), None)
        if prefix is None:
            raise FormatError("its names are written in a way that tracked changes cannot be written in")
        return cls(f"{own}:" if own else "", f"{prefix}:", address)

    def start(self, name: str, **attributes: object) -> str:
        values = "".join(f' {self.attribute}{key}="{value}"' for key, value in attributes.items())
        return f"<{self.element}{name}{values}>"

    def empty(self, name: str, **attributes: object) -> str:
        return f"{self.start(name, **attributes)[:-1]}/>"

    def end(self, name: str) -> str:
        return f"</{self.element}{name}>"

    def text(self, name: str, content: str) -> str:
        """An element with text as markup writes it, all of whose white space counts; nothing for none."""
        return f'<{self.element}{name} xml:space="preserve">{content}{self.end(name)}' if content else ""


def numbers(source: str) -> list[int]:
    """The numbers that something in the source is known by."""
    return [int(one) for one in ID.findall(source)]


def put_in(source: str, xml: str) -> str:
    """The source with `xml` as the last thing in its root.

    >>> put_in("<a><b/></a>", "<c/>"), put_in('<x:a y="1"/>', "<c/>")
    ('<a><b/><c/></a>', '<x:a y="1"><c/></x:a>')
    """
    at = source.rindex("<")
    if source.startswith("</", at):
        return f"{source[:at]}{xml}{source[at:]}"
    end = source.rindex("/>")
    name = source[at + 1 : end].split(None, 1)[0]
    return f"{source[:end]}>{xml}</{name}>{source[end + 2 :]}"
