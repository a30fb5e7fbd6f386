"""Documents of OpenDocument for tests, made here."""

from __future__ import annotations

import zipfile
from io import BytesIO

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "style": "style", "table": "table", "draw": "drawing", "fo": "xsl-fo",
        "svg": "svg-compatible",
    }.items()
)  # fmt: skip
STYLES = """<office:automatic-styles>
<style:style style:name="DE" style:family="text"><style:text-properties fo:language="de" fo:country="DE"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Quotations"/>
<style:style style:name="EN" style:family="text"><style:text-properties fo:language="en" fo:country="GB"/></style:style>
<style:style style:name="NO" style:family="text"><style:text-properties fo:language="zxx"/></style:style>
</office:automatic-styles>"""
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def odt(body: str) -> bytes:
    """A text with this body, as XML."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}>{STYLES}'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        package.writestr("META-INF/manifest.xml", MANIFEST, zipfile.ZIP_DEFLATED)
        package.writestr("Thumbnails/thumbnail.png", b"\x89PNG the the .")
    return buffer.getvalue()
