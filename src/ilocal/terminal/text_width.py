"""The width of text in terminal cells: measured, cut, padded and wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, east_asian_width

CUT = "…"
_ONE_EACH = re.compile("[ -~\xa0-\xac\xae-\u02ff\u1e00-\u1fff\u2010-\u2027\u2030-\u205f\u2190-\u21ff\u2500-\u25fc]*")
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"


def width(text: str) -> int:
    """The cells that a terminal gives to `text`."""
    return len(text) if _ONE_EACH.fullmatch(text) else sum(cells for _, cells in clusters(text))


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """The characters that a reader sees, each with its marks and what is joined to it, and their cells."""
    found, cells, is_joined = "", 0, False
    for letter in text:
        wide = _cells(letter)
        if found and (is_joined or wide == 0):
            found, cells = found + letter, 2 if letter == _AS_EMOJI else cells
        else:
            if found:
                yield found, cells
            found, cells = letter, wide
        is_joined = letter == _JOINER
    if found:
        yield found, cells


def _cells(letter: str) -> int:
    if category(letter) in ("Mn", "Me", "Cf") or "\U0001f3fb" <= letter <= "\U0001f3ff":  # tones of skin
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def cut(text: str, most: int) -> str:
    """`text` in at most so many cells, with `…` at its end where some of it is left out."""
    if width(text) <= most:
        return text
    kept, left = "", most - 1
    for cluster, cells in clusters(text):
        left -= cells
        if left < 0:
            break
        kept += cluster
    return (kept.rstrip() + CUT) if most > 0 else ""


def padded(text: str, wanted: int) -> str:
    """`text` with blanks after it up to so many cells."""
    return text + " " * (wanted - width(text))


def wrapped(text: str, most: int) -> list[str]:
    """`text` in lines of at most so many cells, broken between words where that can be; at least one line."""
    lines = [""]
    for word in text.split():
        if not lines[-1] or width(lines[-1]) + 1 + width(word) <= most:
            lines[-1] += " " * bool(lines[-1]) + word
        else:
            lines.append(word)
        while width(lines[-1]) > most > 1:
            lines[-1:] = _parted(lines[-1], most)
    return lines


def _parted(word: str, most: int) -> tuple[str, str]:
    """A word that is too long, in two."""
    head = ""
    for cluster, _ in clusters(word):
        if head and width(head + cluster) > most:
            break
        head += cluster
    return head, word[len(head) :]
