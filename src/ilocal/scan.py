"""Where things end in TOML text: strings, brackets and comments are told apart, and no more is understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r"(?P<open>\"\"\"|''')|"  # a string of several lines that never ends
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*'|"
    r"(?P<comment>#[^\n]*)|(?P<up>[\[{])|(?P<down>[\]}])|(?P<newline>\n)",
    re.DOTALL,
)
# The same on bytes, but that a string of several lines is seen by its first quotes alone.
_MARK = re.compile(
    rb"(?P<long>\"\"\"|''')|"
    rb'"(?:\\.|[^"\\\n])*"|'
    rb"'[^'\n]*'|"
    rb"#[^\n]*|(?P<up>[\[{])|(?P<down>[\]}])|\n",
    re.DOTALL,
)
_CLOSING = {b'"""': re.compile(rb'(?:\\.|[^\\])*?"{3,5}', re.DOTALL), b"'''": re.compile(rb".*?'{3,5}", re.DOTALL)}


def statement_end(text: str, start: int) -> int:
    """Where the statement that begins at `start` ends: after its line feed, or at the end of the text."""
    depth = 0
    for found in _TOKEN.finditer(text, start):
        kind = found.lastgroup
        if kind == "open":
            return len(text)
        depth += (kind == "up") - (kind == "down")
        if kind == "newline" and depth <= 0:
            return found.end()
    return len(text)


class Reach:
    """How far what begins at one of the places in a text may go on: to the first place outside of its brackets.

    The ascending places are where pieces may begin; the last is the end of the text. However much is asked, each
    stretch is looked at a few times at most: once from outside, and once from inside each kind of string.
    """

    def __init__(self, data: bytes, places: Sequence[int]) -> None:
        self._data = data
        self._places = places
        # By place: the next that is in no string, and by how much it is deeper in brackets; None for none.
        self._found: dict[int, tuple[int, int] | None] = {}  # ...and that is no deeper
        self._unclosed: dict[bytes, int] = {}  # where a string begins that never ends, by its quotes: no later one does

    def of(self, first: int) -> int | None:
        """The first place after this one that is in no string and no bracket which begins here, if there is one."""
        if first not in self._found:
            self._walk(first)
        found = self._found[first]
        return found and found[0]

    def _walk(self, first: int) -> None:
        """Find the reach of a place, and so that of all between."""
        at, depth = first, 0
        pending = [(first, 0)]  # places whose reach is still to be found, the deeper ones last
        while pending:
            step = self._found[at] if at in self._found else self._next(at)
            if step is None:
                break
            at, depth = step[0], depth + step[1]
            while pending and pending[-1][1] >= depth:
                place, own = pending.pop()
                self._found[place] = (at, depth - own)
            if pending:
                pending.append((at, depth))
        self._found |= {place: None for place, _ in pending if place not in self._found}

    def _next(self, first: int) -> tuple[int, int] | None:
        """The next place that is in no string, and by how much it is deeper in brackets."""
        at, depth, pos, end = first + 1, 0, self._places[first], self._places[-1]
        while found := _MARK.search(self._data, pos, end):
            if at < len(self._places) and self._places[at] <= found.start():
                return at, depth
            pos = found.end()
            if found.lastgroup == "long":
                pos = self._end_of_string(found.group(), pos)
            if not pos:
                return None
            while at < len(self._places) and self._places[at] < pos:
                at += 1
            depth += (found.lastgroup == "up") - (found.lastgroup == "down")
        return (at, depth) if at < len(self._places) else None

    def _end_of_string(self, quotes: bytes, start: int) -> int:
        """Where a string of several lines ends; 0 where it never does."""
        if start >= self._unclosed.get(quotes, start + 1):
            return 0
        found = _CLOSING[quotes].match(self._data, start, self._places[-1])
        if found is None:
            self._unclosed[quotes] = start
            return 0
        return found.end()


def comments(text: str) -> list[re.Match[str]]:
    """The comments in a statement, without their line ends."""
    return [found for found in _TOKEN.finditer(text) if found["comment"]]
