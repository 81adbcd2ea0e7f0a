"""The pictures of `ilocal.views` with their colours, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.segment import Segment, Segments

from ilocal.render import drawn
from ilocal.views.cells import Line, trimmed

# Of the sixteen colours that each terminal's owner has chosen, those that can be read on light and on dark.
_COLOURS = ("cyan", "yellow", "magenta", "green", "bright_blue")
# What lists have as well is named as in `config.STYLES`.
CHART_STYLES = {
    "heading": "heading",
    "weekdays": "heading",
    "month": "heading",
    "label": "date",
    "when": "date",
    "mark": "warning",
    "more": "bold",
    "count": "bold",
    "bar": "cyan",
    "rule": "dim",
    "outside": "dim",
    "dim": "dim",
    "today": "bold reverse",
    "now": "bold red",
    "running": "running",
    "level1": "green",
    "level2": "bright_blue",
    "level3": "magenta",
    "level4": "bold red",
    **{f"event{n}": f"bold {name}" for n, name in enumerate(_COLOURS)},
    # Blue is dark where the terminal is light: there its letters have the colour of the terminal's own background.
    **{f"bar{n}": f"reverse {name}" if "blue" in name else f"black on {name}" for n, name in enumerate(_COLOURS)},
    **{f"line{n}": name for n, name in enumerate(_COLOURS)},
}


def show(lines: Iterable[Line], screen: Console) -> None:
    """Draw lines as they are, none broken."""
    for line in map(trimmed, lines):
        pieces = [Segment(drawn(text).plain, screen.get_style(CHART_STYLES.get(style, ""))) for text, style in line]
        screen.print(Segments([*pieces, Segment.line()]), end="", crop=False)
