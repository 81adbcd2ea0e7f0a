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


def first_outside(text: str, start: int, places: Sequence[int], first: int) -> int | None:
    """The index, from `first` on, of the first of the ascending `places` that is in no string and no bracket.

    `start` is in none. None where a string never ends, or no place is outside.
    """
    depth, at = 0, first
    for found in _TOKEN.finditer(text, start):
        while at < len(places) and places[at] < found.end():
            if depth <= 0 and places[at] <= found.start():
                return at
            at += 1
        if found.lastgroup == "open" or at == len(places):
            return None
        depth += (found.lastgroup == "up") - (found.lastgroup == "down")
    return at if at < len(places) and depth <= 0 else None


def comments(text: str) -> list[re.Match[str]]:
    """The comments in a statement, without their line ends."""
    return [found for found in _TOKEN.finditer(text) if found["comment"]]
