"""Subtitles (SRT, WebVTT): the lines that are spoken or shown; numbers, times, notes and settings are locked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repair.formats.plain import Plain
from repair.formats.view import Lock, Part, whole
from repair.text import BOM, Block, Span

TIMES = re.compile(r"[ \t]*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}[ \t]+-->[^\n\r]*")
CUE = re.compile(r"(?:[^\n\r]++(?:\r\n|[\n\r]|\Z))+")  # lines up to an empty one
LINE = re.compile(r"[^\n\r]*+(?:\r\n|[\n\r]|\Z)")
APART = "what places a subtitle, not its text"


class Subtitles(Plain):
    """One file is one article with one text; a cue is a block. A sentence may run over cues and is then read in parts:
    which words stand in which cue is not ours to change."""

    def read(self, data: bytes) -> list[Part]:
        source = self.sources(data)[""]
        text = source.removeprefix(BOM)
        locks, blocks = [], []
        for start, spoken, end in _cues(text):
            if start < spoken:
                locks.append(Lock(Span(start, spoken), APART))
                blocks.append(Block(Span(start, spoken), "code"))
            if spoken < end:
                blocks.append(Block(Span(spoken, end), "paragraph"))
        return [Part("", whole(source, locks, blocks))]


def _cues(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each cue starts, where its text does, and where it ends; what has no times has no text."""
    for cue in CUE.finditer(text):
        spoken = cue.end()
        for line in LINE.finditer(text, cue.start(), cue.end()):
            if TIMES.match(line[0]):
                spoken = line.end()
                break
        yield cue.start(), spoken, cue.end()
