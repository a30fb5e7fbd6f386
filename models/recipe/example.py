"""The unit of training: a text, one label a word, and the edits that repair it. Written and read as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from repair.edits import Edit
from repair.text import Span, words


@dataclass(frozen=True, slots=True)
class Example:
    """`labels` has one value in [0, 1] per whitespace-separated word: how sure it is that the word is garbled.

    `held` examples are kept from the models, for the regressions that judge what they make of new text.
    """

    kind: str
    text: str
    labels: tuple[float, ...]
    edits: tuple[Edit, ...]
    held: bool = False


def label_words(text: str, bad: Sequence[Span]) -> tuple[float, ...]:
    """1.0 for every word that shares a character with one of the `bad` spans."""
    return tuple(float(any(word.overlaps(span) for span in bad)) for word in words(text))


def undo_spans(text: str, undo: Iterable[Edit]) -> list[Span]:
    """What a damaged text's repairs touch; where something was dropped, the word after the gap (or the last word)."""
    every = words(text)
    result = []
    for edit in undo:
        if edit.span.of(text).strip() or not edit.text.strip():
            touched = edit.span if len(edit.span) else Span(edit.span.start, min(edit.span.start + 1, len(text)))
            result.append(touched)
            if not edit.span.of(text).strip():  # a space too many: blame what it was put before
                result += [word for word in every if word.end > edit.span.end][:1]
        else:
            after = [word for word in every if word.end > edit.span.start]
            result += after[:1] or every[-1:]
    return result
