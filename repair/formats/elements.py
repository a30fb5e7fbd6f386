"""The open elements of a page while it is read, closed where a browser closes them, and what they declare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from repair.formats.markup import Context, kinds_of
from repair.formats.view import CODE
from repair.text import vocabulary

BLOCKS = vocabulary(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main nav ol p pre section summary table tbody td"
    " tfoot th thead title tr ul"
)
VOID = vocabulary("area base br col embed hr img input link meta param source track wbr")
UNSEEN = vocabulary(
    "script style template noscript noembed noframes svg math iframe object select button textarea pre xmp listing"
    " plaintext canvas audio video map"
)
OBJECTS = vocabulary("img embed input svg math iframe object select button textarea canvas audio video")
KINDS = kinds_of(
    {
        "heading": "h1 h2 h3 h4 h5 h6 title legend summary",
        "cell": "td th",
        "item": "li dt dd",
        "caption": "figcaption caption",
        "quote": "blockquote",
    }
)
LOCKED = dict.fromkeys(vocabulary("code kbd samp var tt"), CODE) | dict.fromkeys(
    ("sup", "sub"), "inside a raised or lowered sign"
)
QUOTING = vocabulary("blockquote q cite")
NOT_TRANSLATED = "marked as not to be translated"
# A start tag closes these open elements, as far as the innermost of its borders.
P, DEFINITIONS, CELLS = vocabulary("p"), vocabulary("dt dd p"), vocabulary("td th p")
TABLE_PARTS = vocabulary("tbody thead tfoot")
CLOSED_BY: dict[str, frozenset[str]] = (
    dict.fromkeys(BLOCKS - TABLE_PARTS - vocabulary("body caption html td th tr"), P)
    | {"li": vocabulary("li p"), "dt": DEFINITIONS, "dd": DEFINITIONS, "body": vocabulary("head title")}
    | {"td": CELLS, "th": CELLS, "tr": CELLS | {"tr"}}
    | dict.fromkeys(TABLE_PARTS, CELLS | TABLE_PARTS | {"tr", "caption"})
)
TABLE = vocabulary("table")
BORDERS = (
    {"li": vocabulary("ul ol menu"), "dt": vocabulary("dl"), "dd": vocabulary("dl")}
    | dict.fromkeys(TABLE_PARTS | {"td", "th", "tr"}, TABLE)
    | {"": vocabulary("button table td th caption")}
)


@dataclass(frozen=True, slots=True)
class Element:
    """An open element. `texts` is how many stretches of text were read before it; `sign`: with nothing inside it
    stands for a sign that the page draws."""

    tag: str
    context: Context
    texts: int = 0
    unseen: bool = False
    sign: bool = False


class Elements:
    """The open elements, outermost first."""

    def __init__(self, context: Context) -> None:
        self._open = [Element("", context)]

    @property
    def top(self) -> Element:
        return self._open[-1]

    def start(self, tag: str, attributes: dict[str, str | None], texts: int) -> None:
        """A start tag, of an element that holds something."""
        for _ in self._implied(tag):
            self._open.pop()
        parent = self.top
        context = parent.context.inside(
            kind=KINDS.get(tag),
            language=attributes.get("lang", attributes.get("xml:lang")),
            locked=LOCKED.get(tag, "") or (NOT_TRANSLATED if _kept(attributes) else ""),
            quoted=tag in QUOTING,
        )
        sign = tag == "span" or (tag == "i" and bool(attributes))
        self._open.append(Element(tag, context, texts, parent.unseen or tag in UNSEEN, sign))

    def end(self, tag: str) -> Element | None:
        """An end tag: the element that it closes, if one is open."""
        for i in range(len(self._open) - 1, 0, -1):
            element = self._open[i]
            if element.tag == tag:
                del self._open[i:]
                return element
            if element.tag in BLOCKS and tag not in BLOCKS:
                return None  # nothing in a line ends outside its block
        return None

    def _implied(self, tag: str) -> Iterator[Element]:
        """The elements that end where this one starts, innermost first."""
        closed = CLOSED_BY.get(tag, frozenset())
        borders = BORDERS.get(tag, BORDERS[""])
        last = len(self._open)
        for i in range(len(self._open) - 1, 0, -1):
            if self._open[i].tag in borders:
                break
            if self._open[i].tag in closed:
                last = i
        yield from reversed(self._open[last:])


def _kept(attributes: dict[str, str | None]) -> bool:
    classes = (attributes.get("class") or "").split()
    return (attributes.get("translate") or "").lower() == "no" or "notranslate" in classes
