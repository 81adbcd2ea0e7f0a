"""Charts drawn on a console, in colour or in plain text."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.segment import Segment, Segments

from ilocal.terminal.console import to_safe_rich_text
from ilocal.terminal.styled_text import StyledLine, strip_trailing_screen_blanks
from ilocal.terminal.theme import CHART_STYLES


def draw_chart(lines: Iterable[StyledLine], screen: Console) -> None:
    """Draw lines unchanged, without wrapping."""
    for line in map(strip_trailing_screen_blanks, lines):
        pieces = [
            Segment(to_safe_rich_text(text).plain, screen.get_style(CHART_STYLES.get(style, "")))
            for text, style in line
        ]
        screen.print(Segments([*pieces, Segment.line()]), end="", crop=False)
