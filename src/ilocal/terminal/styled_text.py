"""Lines of styled pieces of text, and the options for rendering them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ilocal.terminal.capabilities import in_ascii


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
