"""Lines of styled pieces of text, and the options for rendering them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ilocal.terminal.capabilities import to_ascii_symbols


class StyledText(NamedTuple):
    """A text, safe to show, and what it is: a name of `render.views.STYLES`, or nothing. `TEXT` is nobody's sign."""

    text: str
    style: str = ""


StyledLine = Sequence[StyledText]
VERBATIM_STYLE = "text"  # the style of what is shown as it is written, also where signs must be plain


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a picture is to look: how wide, in which language, today's date, whether long titles are broken to fit."""

    width: int
    lang: str
    today: date
    is_wrapped: bool = True  # a pipe gets an event on one line
    is_plain: bool = False  # signs of ASCII alone
    has_color: bool = False  # what colours tell needs no sign
    language: str = ""  # of the registry: what is in another than `lang`, and not translated, is marked in lists


def to_ascii_lines(lines: Iterable[StyledLine]) -> Iterator[StyledLine]:
    """The lines with signs of ASCII in the place of ours; titles in full stay as they are."""
    for line in lines:
        yield [
            piece if piece.style == VERBATIM_STYLE else StyledText(to_ascii_symbols(piece.text), piece.style)
            for piece in line
        ]


def strip_trailing_screen_blanks(line: StyledLine) -> StyledLine:
    """The line without blanks at its end."""
    kept = list(line)
    while kept and not (text := kept[-1].text.rstrip(" ")):
        kept.pop()
    return [*kept[:-1], StyledText(text, kept[-1].style)] if kept else []


def to_plain_text_lines(lines: Iterable[StyledLine]) -> Iterator[str]:
    """The lines for a pipe."""
    for line in lines:
        yield "".join(text for text, _ in strip_trailing_screen_blanks(line)) + "\n"
