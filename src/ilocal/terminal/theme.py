"""Styles of the parts of an answer."""

from __future__ import annotations

# Of the sixteen colours that each terminal's owner has chosen, those that can be read on light and on dark.
_EVENT_COLORS = ("cyan", "yellow", "magenta", "green", "bright_blue")
# Other names are those of the styles of lists.
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
    # Behind the days of a year, with letters of their own: they can be read on any terminal's background.
    "level1": "#000000 on #ffe9a8",
    "level2": "#000000 on #d99a1f",
    "level3": "#000000 on #f2663a",
    "level4": "bold #ffffff on #b3202c",
    **{f"event{n}": f"bold {name}" for n, name in enumerate(_EVENT_COLORS)},
    # Blue is dark on light terminals: its bars use the terminal's own background for letters.
    **{f"bar{n}": f"reverse {name}" if "blue" in name else f"black on {name}" for n, name in enumerate(_EVENT_COLORS)},
    **{f"line{n}": name for n, name in enumerate(_EVENT_COLORS)},
}


DEFAULT_STYLES = {
    "heading": "bold",  # months, and the title of an event's page
    "section": "bold cyan",  # headings on an event's page
    "date": "cyan",
    "match": "bold reverse",  # matches of a search
    "running": "bold green",
    "warning": "bold yellow",  # cancelled, postponed, tentative
    "dim": "dim",  # lines, numbers, labels
}
