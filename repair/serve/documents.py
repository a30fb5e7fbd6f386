"""The text of a file that somebody drops on the page: plain text, Markdown, HTML or a Word document.

Only reading: what goes back to the newsroom is text. Pictures, footnotes and comments are left out; of tracked changes
what was inserted counts and what was deleted does not, as on the page that Word shows.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import PurePath
from typing import Any

from lxml import etree, html

from repair.errors import InputError
from repair.inputs import MAX_CHARACTERS
from repair.patience import still_wanted
from repair.text import BOM, vocabulary

KINDS = ".txt .text .md .markdown .html .htm .docx"
MAX_UNPACKED = 50_000_000  # bytes of XML in a Word document; a novel has two million

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})", re.IGNORECASE)
BLOCKS = vocabulary(
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
UNSEEN = vocabulary("title script style template noscript svg math iframe object select button textarea")

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same again for old programs
DELETED = frozenset({f"{WORD}del", f"{WORD}moveFrom", FALLBACK})
SIGNS = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "\u2011"}


def read_upload(name: str, data: bytes) -> str:
    """The plain text of a file called `name`, paragraphs on lines of their own.

    Raises InputError where the kind is unknown, the file is damaged or too long, or there is no text in it.
    """
    if not name:
        raise InputError("name the file: /api/document?name=article.docx")
    suffix = PurePath(name).suffix.lower()
    if suffix not in KINDS.split():
        raise InputError(f"{name}: this kind of file is not read; open one of {KINDS}, or paste the text")
    if suffix == ".docx":
        text = _word(name, data)
    elif suffix in (".html", ".htm"):
        text = _html(name, data)
    else:
        text = _plain(name, data)
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"{name}: longer than {MAX_CHARACTERS:,} characters; split it into articles")
    if not text.strip():
        raise InputError(f"{name}: there is no text in this file")
    return text


def _plain(name: str, data: bytes) -> str:
    """The characters of a text file. Raises InputError, in words for a person at a page, where it has none."""
    try:
        text = data.decode("utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{name}: not UTF-8; save it again with the encoding UTF-8, or paste the text") from None
    if "\0" in text:
        raise InputError(f"{name}: this is a binary file, not text; save it as .txt or .docx, or paste the text")
    return text.removeprefix(BOM)


def _html(name: str, data: bytes) -> str:
    """What a reader of the page sees; of a page with exactly one <article>, that."""
    declared = CHARSET.search(data[:4096])
    try:
        text = _plain(name, data)
    except InputError:
        if declared is None:
            raise
        try:
            text = data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            raise InputError(f"{name}: not in the encoding it declares; save it as UTF-8") from None
    # lxml refuses a declared encoding in a text that is decoded already
    text = re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", text)
    try:
        root = html.document_fromstring(text)
    except (etree.ParserError, ValueError):
        raise InputError(f"{name}: there is no text in this file") from None
    articles = root.findall(".//article")
    return _lines(_seen(articles[0] if len(articles) == 1 else root))


def _seen(root: Any) -> Iterator[str]:
    """Texts in order, a line feed where a block begins or ends. Iterative: pages may be nested without end."""
    preformatted = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        still_wanted()
        if any(ancestor.tag in UNSEEN for ancestor in node.iterancestors()):
            continue
        if event in ("comment", "pi"):
            yield _flowing(node.tail, preformatted)
        elif event == "start":
            preformatted += node.tag == "pre"
            if node.tag in BLOCKS or node.tag == "br":
                yield "\n"
            if node.tag not in UNSEEN:
                yield _flowing(node.text, preformatted)
        else:
            preformatted -= node.tag == "pre"
            if node.tag in BLOCKS:
                yield "\n"
            if node is not root:
                yield _flowing(node.tail, preformatted)


def _flowing(text: str | None, preformatted: int) -> str:
    """A text as it flows on the page: its own line ends are spaces."""
    return (text or "") if preformatted else re.sub(r"[ \t\r\n\f]+", " ", text or "")


def _lines(parts: Iterable[str]) -> str:
    """The parts put together, without empty lines and double spaces between words."""
    lines = (re.sub(r" {2,}", " ", line).strip(" ") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _word(name: str, data: bytes) -> str:
    # deferred: only the server's extra brings it
    from docx import Document
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise InputError(f"{name}: more than {MAX_UNPACKED // 1_000_000} MB unpacked; paste the text instead")
        body = Document(BytesIO(data)).element.body
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError, etree.XMLSyntaxError, NotImplementedError):
        raise InputError(f"{name}: not a sound Word document; save it again as .docx, or paste the text") from None
    paragraphs = ("".join(_written(paragraph)).rstrip() for paragraph in body.iter(f"{WORD}p") if not _gone(paragraph))
    return "\n".join(paragraphs).strip("\n")


def _written(paragraph: Any) -> Iterator[str]:
    """The texts of one paragraph, without those of a text box inside it, which has paragraphs of its own."""
    for node in paragraph.iter(f"{WORD}t", *SIGNS):
        still_wanted()
        if next(node.iterancestors(f"{WORD}p")) is paragraph and not _gone(node):
            yield SIGNS.get(node.tag, node.text or "")


def _gone(node: Any) -> bool:
    return any(ancestor.tag in DELETED for ancestor in node.iterancestors())
