"""The open elements of a page while it is read, closed where a browser closes them, and what they declare."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
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
        self._at: defaultdict[str, list[int]] = defaultdict(list)  # where in the row those of a name stand
        self._blocks: list[int] = []  # and where blocks do

    @property
    def top(self) -> Element:
        return self._open[-1]

    def start(self, tag: str, attributes: dict[str, str | None], texts: int) -> None:
        """A start tag, of an element that holds something."""
        self._close(self._implied(tag))
        parent = self.top
        context = inside(parent.context, tag, attributes, attributes.get("lang", attributes.get("xml:lang")))
        # what style sheets draw, and elements that a page makes up by itself, whose names have a hyphen
        sign = tag == "span" or "-" in tag or (tag in ("i", "b", "em") and bool(attributes))
        self._at[tag].append(len(self._open))
        if tag in BLOCKS:
            self._blocks.append(len(self._open))
        self._open.append(Element(tag, context, texts, parent.unseen or tag in UNSEEN, sign))

    def end(self, tag: str) -> Element | None:
        """An end tag: the element that it closes, if one is open."""
        at = _last(self._at.get(tag))
        if not at or (tag not in BLOCKS and _last(self._blocks) > at):
            return None  # nothing in a line ends outside its block
        element = self._open[at]
        self._close(at)
        return element

    def _implied(self, tag: str) -> int:
        """Where the elements begin that end where this one starts."""
        border = max(_last(self._at.get(name)) for name in BORDERS.get(tag, BORDERS[""]))
        inside = [len(self._open)]
        for name in CLOSED_BY.get(tag, ()):
            places = self._at.get(name, [])
            first = bisect_right(places, border)
            inside += places[first : first + 1]
        return min(inside)

    def _close(self, at: int) -> None:
        """The elements from this one on end."""
        for element in reversed(self._open[at:]):
            self._at[element.tag].pop()
            if element.tag in BLOCKS:
                self._blocks.pop()
        del self._open[at:]


def _last(places: Sequence[int] | None) -> int:
    return places[-1] if places else 0


def inside(context: Context, tag: str, attributes: Mapping[str, str | None], language: str | None) -> Context:
    """The context of an element of a page in this one; `language` is what it declares."""
    return context.inside(KINDS.get(tag), language, locked_by(tag, attributes), tag in QUOTING)


def locked_by(tag: str, attributes: Mapping[str, str | None]) -> str:
    """Why nobody changes what is in an element; nothing where it is for repair."""
    classes = (attributes.get("class") or "").split()
    kept = (attributes.get("translate") or "").lower() == "no" or "notranslate" in classes
    return LOCKED.get(tag, "") or (NOT_TRANSLATED if kept else "")
