"""Lines of styled pieces of text, and the options for rendering them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ilocal.terminal.capabilities import to_ascii_symbols


class StyledText(NamedTuple):
    """A safe text and its style, a name in the theme, or ""."""

    text: str
    style: str = ""


StyledLine = Sequence[StyledText]
VERBATIM_STYLE = "text"  # the style of text shown verbatim, even if symbols must be ASCII


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a picture is to look: how wide, in which language, today's date, whether long titles are broken to fit."""

    width: int
    lang: str
    today: date
    is_wrapped: bool = True  # a pipe gets an event on one line
    is_plain: bool = False  # signs of ASCII alone
    has_color: bool = False  # what colours tell needs no sign
    language: str = ""  # of the registry: titles in a language other than `lang` are marked in lists


def to_ascii_lines(lines: Iterable[StyledLine]) -> Iterator[StyledLine]:
    """Yield the lines with symbols replaced by ASCII; verbatim texts stay unchanged."""
    for line in lines:
        yield [
            piece if piece.style == VERBATIM_STYLE else StyledText(to_ascii_symbols(piece.text), piece.style)
            for piece in line
        ]


def strip_trailing_screen_blanks(line: StyledLine) -> StyledLine:
    """Return the line without trailing spaces."""
    kept = list(line)
    while kept and not (text := kept[-1].text.rstrip(" ")):
        kept.pop()
    return [*kept[:-1], StyledText(text, kept[-1].style)] if kept else []


def draw_styled_text_as_plain(lines: Iterable[StyledLine]) -> Iterator[str]:
    """Yield the lines as plain text for a pipe."""
    for line in lines:
        yield "".join(text for text, _ in strip_trailing_screen_blanks(line)) + "\n"
