"""Conflict markers of git: written, found and resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ilocal.storage.toml.table_merge import ConflictRegion, MergedText

DEFAULT_MARKER_SIZE = 7


class ConflictMarkers(NamedTuple):
    """The style of conflict markers: their length in characters, and the names of the sides."""

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
    """A conflict found in a text."""

    start: int
    end: int
    region: ConflictRegion
    our_name: str
    their_name: str


_MARKER_PATTERN = re.compile(r"^(<{7,}|={7,}|>{7,}|\|{7,})(?: ([^\r\n]*))?\r?(?:\n|\Z)", re.MULTILINE)


def find_conflict_regions(text: str) -> list[FoundRegion]:
    """Return the conflicts in a text in order; a conflict within a side of another is part of that.

    The lines of the base, written in git's style diff3, belong to neither side.
    """
    found: list[FoundRegion] = []
    marks: list[re.Match[str]] = []  # markers of the open conflict: its start, and those that followed
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
    """Return a text split at its conflicts."""
    parts: MergedText = []
    at = 0
    for found in find_conflict_regions(text):
        parts += [text[at : found.start], found.region]
        at = found.end
    return [*parts, text[at:]]


def drop_conflict_regions(data: bytes) -> bytes:
    """Return a text without its conflicts, as the base text between markers is unknown."""
    if b"<<<<<<<" not in data:
        return data
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data
    return "".join(part for part in split_conflict_regions(text) if isinstance(part, str)).encode()
