"""Offsets of merge conflicts in a text, and where a text with conflicts is cut into blocks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Literal, NamedTuple

MIN_MARKER_SIZE = 7  # characters; git writes no shorter markers unless it is told to
_MARKER_PATTERN = re.compile(r"^(<{7,}|={7,}|>{7,}|\|{7,})(?: ([^\r\n]*))?\r?(?:\n|\Z)", re.MULTILINE)
_NO_STATEMENT = rb"(?:[ \t]*+(?:#[^\n]*+|\r?)(?:\n|\Z))*+"
_BLANK_PATTERN = re.compile(_NO_STATEMENT + rb"\Z")
# A table that is not part of the event before it.
_BLOCK_OR_BLANK_PATTERN = re.compile(
    _NO_STATEMENT + rb"""(?:\Z|[ \t]*\[(?!\[?[ \t]*(?:event|"event"|'event')[ \t]*\.))"""
)

Stretch = tuple[int, int]  # from, to


class ConflictSpan(NamedTuple):
    """The offsets of a conflict in a text, markers included, and of the sides between them."""

    start: int
    end: int
    ours: Stretch
    theirs: Stretch
    our_name: str
    their_name: str


def find_conflict_spans(text: str) -> list[ConflictSpan]:
    """Return the conflicts in a text in order; a conflict within a side of another is part of that.

    The lines of the base, written in git's style diff3, belong to neither side.
    """
    found: list[ConflictSpan] = []
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
            ours, theirs = (marks[0].end(), marks[1].start()), (middle.end(), mark.start())
            found.append(ConflictSpan(marks[0].start(), mark.end(), ours, theirs, marks[0][2] or "", mark[2] or ""))
            marks = []
    return found


class ConflictCut(NamedTuple):
    """A block with the conflicts inside it, and the conflicts of whole blocks that follow it.

    `end` is the end of the latter, including the blank lines below; `body_end` if there are none.
    """

    inside: Sequence[ConflictSpan]
    body_end: int
    following: Sequence[ConflictSpan]
    end: int
    next_cut: int  # index of the cut at `end`


class ConflictFinder:
    """The conflicts in a part of a file, searched for on first use."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data, self._start, self._end = data, start, end

    @cached_property
    def _spans(self) -> list[ConflictSpan]:
        if self._data.find(b"<" * MIN_MARKER_SIZE, self._start, self._end) < 0:
            return []
        by_byte = "latin-1"  # so that offsets in the text are offsets in the file
        text = self._data[: self._end].decode(by_byte)
        return [span for span in find_conflict_spans(text) if span.start >= self._start]

    def find_cut(self, places: Sequence[int], first: int, reach: int, *, is_event: bool) -> ConflictCut | None:
        """Return how the text is cut at the conflicts in the block at `places[first]`; None if it has none.

        `places` are the possible starts of blocks, ascending, then the end of the text; `reach` is the index of the
        next one outside the strings and brackets of the block.
        """
        inside: list[ConflictSpan] = []
        following: list[ConflictSpan] = []
        after = reach
        for span in self._spans[bisect_left(self._spans, (places[first],)) :]:
            if span.start >= places[after]:
                break
            has_header = span.end > places[after]
            after = max(after, bisect_left(places, span.end))
            if following or (has_header and (not is_event or self._has_whole_blocks(span))):
                following.append(span)
            else:
                inside.append(span)
        if is_event and not self._are_apart(following, places[after]):
            inside, following = [*inside, *following], []
        if not inside and not following:
            return None
        return ConflictCut(inside, following[0].start if following else places[after], following, places[after], after)

    def _has_whole_blocks(self, span: ConflictSpan) -> bool:
        """Return whether no side of a conflict starts inside an event."""
        return all(_BLOCK_OR_BLANK_PATTERN.match(self._data[slice(*side)]) for side in (span.ours, span.theirs))

    def _are_apart(self, spans: Sequence[ConflictSpan], end: int) -> bool:
        """Return whether conflicts hold whole blocks, with only comments between and below them."""
        ends = [*(span.start for span in spans[1:]), end]
        return all(
            self._has_whole_blocks(span) and _BLANK_PATTERN.match(self._data[span.end : below])
            for span, below in zip(spans, ends, strict=bool(spans))
        )

    def choose_side(self, cut: ConflictCut, start: int, side: Literal["ours", "theirs", ""]) -> bytes:
        """Return the text of a block with one side of the conflicts inside it, or without them."""
        parts, at = [], start
        for span in cut.inside:
            parts.append(self._data[at : span.start])
            if side:
                parts.append(self._data[slice(*(span.ours if side == "ours" else span.theirs))])
            at = span.end
        return b"".join([*parts, self._data[at : cut.body_end]])
