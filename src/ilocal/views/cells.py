"""Text by the cells of a terminal: how wide it is, cut to fit and filled up; pieces with a style; plainer signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from unicodedata import category, east_asian_width

from ilocal.terminal.capabilities import in_ascii

CUT = "…"
_ONE_EACH = re.compile("[ -~\xa0-\xac\xae-\u02ff\u1e00-\u1fff\u2010-\u2027\u2030-\u205f\u2190-\u21ff\u2500-\u25fc]*")
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"


class Piece(NamedTuple):
    """A text, safe to show, and what it is: a name of `render.views.STYLES`, or nothing. `TEXT` is nobody's sign."""

    text: str
    style: str = ""


Line = Sequence[Piece]
TEXT = "text"  # the style of what is shown as it is written, also where signs must be plain


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is to look: how wide, in which language, today's date, whether long titles are broken to fit."""

    width: int
    lang: str
    today: date
    is_wrapped: bool = True  # a pipe gets an event on one line
    is_plain: bool = False  # signs of ASCII alone
    language: str = ""  # of the registry: what is in another than `lang`, and not translated, is marked in lists


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


def plainer(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with signs of ASCII in the place of ours; titles in full stay as they are."""
    for line in lines:
        yield [piece if piece.style == TEXT else Piece(in_ascii(piece.text), piece.style) for piece in line]


def trimmed(line: Line) -> Line:
    """The line without blanks at its end."""
    kept = list(line)
    while kept and not (text := kept[-1].text.rstrip(" ")):
        kept.pop()
    return [*kept[:-1], Piece(text, kept[-1].style)] if kept else []


def printed(lines: Iterable[Line]) -> Iterator[str]:
    """The lines for a pipe."""
    for line in lines:
        yield "".join(text for text, _ in trimmed(line)) + "\n"
