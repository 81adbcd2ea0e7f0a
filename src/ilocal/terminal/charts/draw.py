"""Charts drawn on a console, in colour or in plain text."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.segment import Segment, Segments

from ilocal.terminal.console import drawn
from ilocal.terminal.styled_text import Line, trimmed
from ilocal.terminal.theme import CHART_STYLES


def show(lines: Iterable[Line], screen: Console) -> None:
    """Draw lines as they are, none broken."""
    for line in map(trimmed, lines):
        pieces = [Segment(drawn(text).plain, screen.get_style(CHART_STYLES.get(style, ""))) for text, style in line]
        screen.print(Segments([*pieces, Segment.line()]), end="", crop=False)
