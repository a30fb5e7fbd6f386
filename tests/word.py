"""Word documents for the tests, made of pieces of their XML."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

NAMES = nsdecls("w") + (
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def word(*paragraphs: str) -> bytes:
    """A document whose paragraphs hold this XML."""
    document = Document()
    for inner in paragraphs:
        document.element.body.insert_element_before(parse_xml(f"<w:p {NAMES}>{inner}</w:p>"), "w:sectPr")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def run(text: str, style: str = "", space: str = ' xml:space="preserve"') -> str:
    return f"<w:r><w:rPr>{style}</w:rPr><w:t{space}>{text}</w:t></w:r>"
