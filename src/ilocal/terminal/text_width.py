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
    """The cells that a terminal gives to `text`."""
    return len(text) if _SINGLE_WIDTH_PATTERN.fullmatch(text) else sum(cells for _, cells in iterate_graphemes(text))


def iterate_graphemes(text: str) -> Iterator[tuple[str, int]]:
    """The characters that a reader sees, each with its marks and what is joined to it, and their cells."""
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
    """`text` in at most so many cells, with `…` at its end where some of it is left out."""
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
    """`text` with blanks after it up to so many cells."""
    return text + " " * (min_width - measure_width(text))


def wrap_to_width(text: str, max_width: int, *, breaks_long_words: bool = True) -> list[str]:
    """Return `text` in lines of at most so many cells, broken between words where that can be; at least one line.

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
    """A word that is too long, in two."""
    head = ""
    for cluster, _ in iterate_graphemes(word):
        if head and measure_width(head + cluster) > max_width:
            break
        head += cluster
    return head, word[len(head) :]
