"""Two changes to one text brought together, line by line, as diff3 does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MAX_CHANGED_LINES = 2000  # of a side that are compared: the time grows with the square


class _Hunk(NamedTuple):
    """Lines of the base, from `start` up to but not including `end`, that a side replaced by `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def merge_text_lines(base: str, ours: str, theirs: str) -> str | None:
    """Return a text with the changes of both sides to `base`; None if both changed the same or adjacent lines."""
    if theirs in (ours, base):
        return ours
    if base == ours:
        return theirs
    lines = _split_lines_to_merge(base)
    sides = [_list_merge_hunks(lines, _split_lines_to_merge(text)) for text in (ours, theirs)]
    if sides[0] is None or sides[1] is None:
        return None
    return _apply_merge_hunks(lines, sorted({*sides[0], *sides[1]}))


def _split_lines_to_merge(text: str) -> list[str]:
    """Return the lines of a text, including the (possibly empty) one after the last line feed."""
    return text.split("\n")


def _list_merge_hunks(base: Sequence[str], side: Sequence[str]) -> list[_Hunk] | None:
    """Return the changes of a side; None if the changed part is too long to compare."""
    first, shorter = 0, min(len(base), len(side))
    while first < shorter and base[first] == side[first]:
        first += 1
    last = 0
    while last < shorter - first and base[-1 - last] == side[-1 - last]:
        last += 1
    old, new = base[first : len(base) - last], side[first : len(side) - last]
    if len(old) * len(new) > MAX_CHANGED_LINES**2:
        return None
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        _Hunk(first + start, first + end, tuple(new[new_start:new_end]))
        for tag, start, end, new_start, new_end in matcher.get_opcodes()
        if tag != "equal"
    ]


def _apply_merge_hunks(base: Sequence[str], hunks: Sequence[_Hunk]) -> str | None:
    """Return the base with the hunks of both sides applied; None if two of them touch."""
    merged: list[str] = []
    at = -1  # where the hunk before ended
    for hunk in hunks:
        if hunk.start <= at:
            return None
        merged += [*base[max(at, 0) : hunk.start], *hunk.lines]
        at = hunk.end
    return "\n".join([*merged, *base[max(at, 0) :]])
