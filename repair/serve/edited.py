"""A file with the changes that an editor made in its text: in its own markup, or as tracked changes."""

from __future__ import annotations

from base64 import b64encode
from itertools import pairwise
from typing import Any

import msgspec

from repair.edits import Edit, diff
from repair.errors import InputError
from repair.formats.errors import FormatError
from repair.formats.postedit import Comment
from repair.serve.documents import read_upload
from repair.serve.marks import Offset
from repair.text import Span


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`text` for the half-open range of code points: what takes its place, or what is said beside it."""

    start: Offset
    end: Offset
    text: str


class EditedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file (`data`, in base64) and what is changed in the text that `/api/document` gives of it: `edits` that do not
    overlap, or the whole new `text`. `tracked`: as tracked changes, with `comments` beside them (.docx alone)."""

    name: str
    data: bytes
    edits: list[Change] = []
    text: str | None = None
    comments: list[Change] = []
    tracked: bool = False


def edited(request: EditedRequest) -> dict[str, Any]:
    """The new file (`data`, in base64), and the edits that have no way back to it, each with the reason (`left`).

    Raises InputError for a file that is not read, and for ranges that are not in its text or overlap.
    """
    file = read_upload(request.name, request.data)
    if request.text is None:
        edits = [Edit(_span(one, file.text), one.text) for one in request.edits]
    else:
        edits = list(diff(file.text, request.text))
    if any(one.span.end > other.span.start for one, other in pairwise(sorted(edits))):
        raise InputError("edits: two of them overlap")
    comments = [Comment(_span(one, file.text), one.text) for one in request.comments]
    try:
        done = file.edited(edits, request.tracked, comments)
    except FormatError as error:
        raise InputError(f"{request.name}: {error}") from None
    left = [{"start": e.span.start, "end": e.span.end, "text": e.text, "reason": reason} for e, reason in done.left]
    return {"data": b64encode(done.data).decode(), "left": left}


def _span(change: Change, text: str) -> Span:
    if not change.start <= change.end <= len(text):
        raise InputError(
            f"{change.start:.0f} to {change.end:.0f} is no range of the {len(text)} characters of the text"
        )
    return Span(int(change.start), int(change.end))
