"""Tables by month and one event in full, drawn for a terminal; the only place that imports Rich."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ilocal.event import Event
from ilocal.language import word
from ilocal.lines import Listing, Part, cell, grouped, marks, snippet
from ilocal.query import Term

_NARROW, _WIDE, _WIDEST = 72, 110, 170  # from these widths on: a column for dates, one for places, one for ids
_LEAST, _LEAST_DATE, _LEAST_TITLE = 6, 10, 16  # no column is narrower
_PLACE, _ID = 24, 60  # the most that places and ids may take of the width


def console(color: bool, width: int | None = None) -> Console:
    """A console on stdout that obeys nothing in the text of an event: no markup, no emoji codes, no highlighting."""
    return Console(
        file=sys.stdout,
        markup=False,
        emoji=False,
        highlight=False,
        width=width,
        no_color=not color,
        force_terminal=color or None,
        color_system="auto" if color else None,
        legacy_windows=False,
    )


def listing(events: Sequence[Event], how: Listing, screen: Console) -> None:
    """Draw a table a month, all with the same columns."""
    columns = how.columns or _fitting(events, screen.width)
    widths = _widths(events, columns, how, screen.width)
    for n, (heading, group) in enumerate(grouped(events, how)):
        if n or heading:
            screen.print(Text(("\n" if n else "") + heading, style="bold"))
        screen.print(_table(group, columns, widths, how))


def _fitting(events: Sequence[Event], width: int) -> tuple[str, ...]:
    if width < _NARROW:
        return ("title",)
    places = ("location",) if width >= _WIDE and any(event.location for event in events) else ()
    return ("when", "title", *places, *(("id",) if width >= _WIDEST else ()))


def _widths(events: Sequence[Event], columns: Sequence[str], how: Listing, width: int) -> dict[str, int]:
    """Widths fixed from the data: Rich need not measure every cell, and the tables of all months line up."""
    most = {"location": _PLACE, "id": _ID, "when": 36}
    found = {"#": len(str(len(events)))}
    for column in columns:
        if column != "title":
            longest = max((Text(cell(event, column, how.lang)).cell_len for event in events), default=1)
            found[column] = max(1, min(longest, most.get(column, 30)))
    # Each column has a blank on both sides and a line at its left; one more line ends the table.
    left = width - 3 * (len(columns) + 1) - 1 - (_LEAST_TITLE if "title" in columns else 0)
    spare = {column: size - (_LEAST_DATE if column == "when" else _LEAST) for column, size in found.items()}
    while sum(found.values()) > left and max(spare.values()) > 0:
        widest = max(spare, key=lambda column: spare[column])
        found[widest] -= 1
        spare[widest] -= 1
    found["title"] = max(_LEAST_TITLE, left + _LEAST_TITLE - sum(found.values()))
    return found


def _table(
    group: Iterable[tuple[int, Event]], columns: Sequence[str], widths: dict[str, int], how: Listing
) -> RenderableType:
    table = Table(box=box.ROUNDED, show_header=False, border_style="dim", show_lines=False)
    table.add_column(justify="right", style="dim", width=widths["#"], no_wrap=True)
    for column in columns:
        table.add_column(width=widths[column], overflow="fold", style="cyan" if column == "when" else "")
    for number, event in group:
        table.add_row(str(number), *(_cell(event, column, columns, how) for column in columns))
    return table


def _cell(event: Event, column: str, columns: Sequence[str], how: Listing) -> Text:
    if column == "when":
        return _when(event, how, "\n")
    text = highlighted(cell(event, column, how.lang), how.terms)
    if column != "title":
        return text
    if event.status in ("cancelled", "postponed"):
        text.stylize("strike")
    if columns == ("title",) and not how.columns:  # too narrow for a column of dates: they stand below
        text.append("\n").append_text(_when(event, how, "  "))
    elif "when" not in columns:
        text.append_text(_marks(event, how, "  "))
    for found in snippet(event, how.terms):
        line = highlighted(found, how.terms)
        line.stylize_before("dim")
        text.append("\n").append_text(line)
    return text


def _when(event: Event, how: Listing, separator: str) -> Text:
    return Text(cell(event, "when", how.lang), style="cyan").append_text(_marks(event, how, separator))


def _marks(event: Event, how: Listing, separator: str) -> Text:
    """What must be seen at once, told apart by a sign as well, for those who see no colours."""
    text = Text()
    for mark in marks(event, how):
        running = mark == word("running", how.lang)
        text.append(separator).append(("● " if running else "! ") + mark, "bold green" if running else "bold yellow")
    return text


def highlighted(text: str, terms: Iterable[Term]) -> Text:
    """The text with what was searched for standing out."""
    drawn = Text(text)
    for term in terms:
        for begin, end in term.spans(text):
            drawn.stylize("bold reverse", begin, end)
    return drawn


def page(parts: Sequence[Part], screen: Console) -> None:
    """Draw one event in full; long lines are broken between words and stay under their beginning."""
    labels = max((Text(part.label).cell_len for part in parts), default=0)
    # Lines longer than this are hard to read, however wide the terminal.
    width = min(screen.width, 100)
    for part in parts:
        screen.print(_drawn(part, labels), width=width)


def _drawn(part: Part, labels: int) -> RenderableType:
    if part.kind == "title":
        return Text(part.text, style="bold")
    if part.kind == "heading":
        return Text(part.text, style="bold cyan")
    if part.kind in ("field", "bullet"):
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=labels if part.kind == "field" else 1, style="dim")
        grid.add_column(overflow="fold")
        grid.add_row(Text(part.label or "•"), Text(part.text))
        return Padding(grid, (0, 0, 0, 0 if part.kind == "field" else 2))
    return Text(part.text)
