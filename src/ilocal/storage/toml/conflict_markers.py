"""Conflict markers of git: written, found and resolved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ilocal.storage.toml.conflict_regions import find_conflict_spans
from ilocal.storage.toml.table_merge import ConflictRegion, MergedText

DEFAULT_MARKER_SIZE = 7


class ConflictMarkers(NamedTuple):
    """The style of conflict markers: their length in characters, and the names of the sides."""

    size: int = DEFAULT_MARKER_SIZE
    ours: str = "ours"
    theirs: str = "theirs"


def write_conflict_markers_in_toml(parts: Iterable[str | ConflictRegion], markers: ConflictMarkers) -> str:
    """Return a merged text with markers around each of its conflicts."""
    return "".join(part if isinstance(part, str) else _write_markers_of_toml_conflict(part, markers) for part in parts)


def _write_markers_of_toml_conflict(region: ConflictRegion, markers: ConflictMarkers) -> str:
    begin, middle, end = (mark * markers.size for mark in "<=>")
    return f"{begin} {markers.ours}\n{region.ours}{middle}\n{region.theirs}{end} {markers.theirs}\n"


class FoundRegion(NamedTuple):
    """A conflict found in a text."""

    start: int
    end: int
    region: ConflictRegion
    our_name: str
    their_name: str


def find_conflict_markers_in_toml(text: str) -> list[FoundRegion]:
    """Return the conflicts in a text in order; a conflict within a side of another is part of that.

    The lines of the base, written in git's style diff3, belong to neither side.
    """
    return [
        FoundRegion(
            span.start,
            span.end,
            ConflictRegion(text[slice(*span.ours)], text[slice(*span.theirs)]),
            span.our_name,
            span.their_name,
        )
        for span in find_conflict_spans(text)
    ]


def split_toml_at_conflict_markers(text: str) -> MergedText:
    """Return a text split at its conflicts."""
    parts: MergedText = []
    at = 0
    for found in find_conflict_markers_in_toml(text):
        parts += [text[at : found.start], found.region]
        at = found.end
    return [*parts, text[at:]]


def drop_conflicts_from_toml(data: bytes) -> bytes:
    """Return a text without its conflicts, as the base text between markers is unknown."""
    if b"<<<<<<<" not in data:
        return data
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data
    return "".join(part for part in split_toml_at_conflict_markers(text) if isinstance(part, str)).encode()
