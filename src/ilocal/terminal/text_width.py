"""The width of text in terminal cells: measured, cut, padded and wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, east_asian_width

ELLIPSIS = "…"
_SINGLE_WIDTH_PATTERN = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u1e00-\u1fff\u2010-\u2027\u2030-\u205f\u2190-\u21ff\u2500-\u25fc]*"
)
_ZERO_WIDTH_JOINER, _EMOJI_VARIATION_SELECTOR = "\u200d", "\ufe0f"


def measure_width(text: str) -> int:
    """Return the number of cells that a terminal needs for `text`."""
    return len(text) if _SINGLE_WIDTH_PATTERN.fullmatch(text) else sum(cells for _, cells in iterate_graphemes(text))


def iterate_graphemes(text: str) -> Iterator[tuple[str, int]]:
    """Yield the user-perceived characters, each with its marks and joined parts, and their cells."""
    found, cells, is_joined = "", 0, False
    for letter in text:
        wide = _measure_character_width(letter)
        if found and (is_joined or wide == 0):
            found, cells = found + letter, 2 if letter == _EMOJI_VARIATION_SELECTOR else cells
        else:
            if found:
                yield found, cells
            found, cells = letter, wide
        is_joined = letter == _ZERO_WIDTH_JOINER
    if found:
        yield found, cells


def _measure_character_width(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf") or "\U0001f3fb" <= character <= "\U0001f3ff":  # tones of skin
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def clip_to_width(text: str, max_width: int) -> str:
    """Return `text` in at most `max_width` cells, with `…` at its end if it was cut."""
    if measure_width(text) <= max_width:
        return text
    kept, left = "", max_width - 1
    for cluster, cells in iterate_graphemes(text):
        left -= cells
        if left < 0:
            break
        kept += cluster
    return (kept.rstrip() + ELLIPSIS) if max_width > 0 else ""


def pad_to_width(text: str, min_width: int) -> str:
    """Return `text` padded with spaces to `min_width` cells."""
    return text + " " * (min_width - measure_width(text))


def wrap_to_width(text: str, max_width: int, *, breaks_long_words: bool = True) -> list[str]:
    """Return `text` in lines of limited width, broken between words if possible; at least one line.

    A word that is longer than a line is broken too, or keeps a line of its own.
    """
    lines = [""]
    for word in text.split():
        if not lines[-1] or measure_width(lines[-1]) + 1 + measure_width(word) <= max_width:
            lines[-1] += " " * bool(lines[-1]) + word
        else:
            lines.append(word)
        while breaks_long_words and measure_width(lines[-1]) > max_width > 1:
            lines[-1:] = _break_long_word(lines[-1], max_width)
    return lines


def _break_long_word(word: str, max_width: int) -> tuple[str, str]:
    """Return a word that is too long split in two."""
    head = ""
    for cluster, _ in iterate_graphemes(word):
        if head and measure_width(head + cluster) > max_width:
            break
        head += cluster
    return head, word[len(head) :]
