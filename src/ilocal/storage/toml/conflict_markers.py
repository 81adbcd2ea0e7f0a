"""The markers of git around what two sides have otherwise: written, found again, and resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ilocal.storage.toml.table_merge import ConflictRegion, MergedText

DEFAULT_MARKER_SIZE = 7


class ConflictMarkers(NamedTuple):
    """How conflicts are marked: how many characters a marker has, and what the sides are called."""

    size: int = DEFAULT_MARKER_SIZE
    ours: str = "ours"
    theirs: str = "theirs"


def format_conflict_markers(parts: Iterable[str | ConflictRegion], markers: ConflictMarkers) -> str:
    """Return a merged text with markers around each of its conflicts."""
    return "".join(part if isinstance(part, str) else _format_region(part, markers) for part in parts)


def _format_region(region: ConflictRegion, markers: ConflictMarkers) -> str:
    begin, middle, end = (mark * markers.size for mark in "<=>")
    return f"{begin} {markers.ours}\n{region.ours}{middle}\n{region.theirs}{end} {markers.theirs}\n"


class FoundRegion(NamedTuple):
    """A conflict that stands in a text."""

    start: int
    end: int
    region: ConflictRegion
    our_name: str
    their_name: str


_MARKER_PATTERN = re.compile(r"^(<{7,}|={7,}|>{7,}|\|{7,})(?: ([^\r\n]*))?\r?(?:\n|\Z)", re.MULTILINE)


def find_conflict_regions(text: str) -> list[FoundRegion]:
    """The conflicts in a text, in their order; those within a side of another are a part of it.

    The lines of the base, which git writes in its style diff3, belong to neither side.
    """
    found: list[FoundRegion] = []
    marks: list[re.Match[str]] = []  # of the conflict that is open: its beginning, and what has followed in turn
    for mark in _MARKER_PATTERN.finditer(text):
        if mark[1][0] == "<" and not marks:
            marks = [mark]
        elif not marks or len(mark[1]) != len(marks[0][1]):
            continue
        elif mark[1][0] != ">":
            marks.append(mark)
        elif any(one[1][0] == "=" for one in marks):
            middle = next(one for one in marks if one[1][0] == "=")
            sides = ConflictRegion(text[marks[0].end() : marks[1].start()], text[middle.end() : mark.start()])
            found.append(FoundRegion(marks[0].start(), mark.end(), sides, marks[0][2] or "", mark[2] or ""))
            marks = []
    return found


def split_conflict_regions(text: str) -> MergedText:
    """A text cut at its conflicts."""
    parts: MergedText = []
    at = 0
    for found in find_conflict_regions(text):
        parts += [text[at : found.start], found.region]
        at = found.end
    return [*parts, text[at:]]


def drop_conflict_regions(data: bytes) -> bytes:
    """A text without its conflicts: of what stands between markers nobody knows what it was."""
    if b"<<<<<<<" not in data:
        return data
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data
    return "".join(part for part in split_conflict_regions(text) if isinstance(part, str)).encode()
