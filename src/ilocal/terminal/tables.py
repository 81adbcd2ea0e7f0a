"""Lists and pages of events drawn as tables."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text

from ilocal.i18n.labels import word
from ilocal.model.describe import Listing, Part, cell, foreign_mark, grouped, marks, snippet
from ilocal.model.event import Event
from ilocal.model.search_terms import Term
from ilocal.model.translations import in_language
from ilocal.terminal.capabilities import in_ascii, signs_are_plain
from ilocal.terminal.console import drawn

_NARROW, _WIDE, _WIDEST = 72, 110, 170  # from these widths on: a column for dates, one for places, one for ids
_LEAST, _LEAST_DATE, _LEAST_TITLE = 6, 10, 16  # no column is narrower
_SAMPLE = 500  # events from which the widths of the columns follow
_AT_A_TIME = 50  # rows drawn
_PLACE, _ID = 24, 60  # the most that places and ids may take of the width


def listing(events: Iterable[Event], how: Listing, screen: Console) -> None:
    """Draw a table a month, all with the same columns, while the events come; the first of them decide the widths."""
    left = iter(events)
    first = list(islice(left, _SAMPLE))
    columns = how.columns or _fitting(first, screen.width)
    widths = _widths(first, columns, how, screen.width)
    for n, (heading, group) in enumerate(grouped(chain(first, left), how)):
        if n or heading:
            screen.print(drawn(("\n" if n else "") + heading, "heading"))
        rows = _table(group, columns, widths, how, screen)
        while some := list(islice(rows, _AT_A_TIME)):
            screen.print(Segments(chain.from_iterable(some)), end="", crop=False)


def _fitting(events: Sequence[Event], width: int) -> tuple[str, ...]:
    if width < _NARROW:
        return ("title",)
    places = ("location",) if width >= _WIDE and any(event.location for event in events) else ()
    return ("when", "title", *places, *(("id",) if width >= _WIDEST else ()))


def _widths(events: Sequence[Event], columns: Sequence[str], how: Listing, width: int) -> dict[str, int]:
    """Widths fixed from the data, so that the tables of all months line up."""
    most = {"location": _PLACE, "id": _ID, "when": 36}
    found = {"#": len(str(len(events)))}
    for column in columns:
        if column != "title":
            longest = max((drawn(cell(event, column, how.lang)).cell_len for event in events), default=1)
            found[column] = max(1, min(longest, most.get(column, 30)))
    # Each column has a blank on both sides and a line at its left; one more line ends the table.
    left = width - 3 * (len(columns) + 1) - 1
    title = _LEAST_TITLE if "title" in columns else 0
    _shrink(found, left - title, {column: _LEAST_DATE if column == "when" else _LEAST for column in found})
    if title:
        found["title"] = max(title, left - sum(found.values()))
    _shrink(found, left, dict.fromkeys(found, 1))  # a screen narrower than that is no pleasure, but possible
    return found


def _shrink(widths: dict[str, int], total: int, least: Mapping[str, int]) -> None:
    """Take from the columns with most to spare until all fit, or none has any."""
    while sum(widths.values()) > total:
        widest = max(widths, key=lambda column: widths[column] - least[column])
        if widths[widest] <= least[widest]:
            return
        widths[widest] -= 1


def _table(
    group: Iterable[tuple[int, Event]], columns: Sequence[str], widths: dict[str, int], how: Listing, screen: Console
) -> Iterator[list[Segment]]:
    """A table, row by row. (Rich's own tables measure every cell several times: half a millisecond a row.)"""
    dim, names, edge = screen.get_style("dim"), ("#", *columns), _sign("│")
    rules = ["─" * (widths[name] + 2) for name in names]
    yield [Segment(_sign("╭" + "┬".join(rules) + "╮"), dim), Segment.line()]
    for number, event in group:
        cells = [drawn(str(number).rjust(widths["#"]), "dim")]
        cells += [_cell(event, column, columns, how) for column in columns]
        folded = [_folded(text, widths[name], screen) for text, name in zip(cells, names, strict=True)]
        lines: list[Segment] = []
        for line in zip_longest(*folded, fillvalue=_EMPTY):
            for text, name in zip(line, names, strict=True):
                lines += (Segment(edge + " ", dim), *_drawn_line(text, screen))
                lines.append(Segment(" " * (widths[name] + 1 - text.cell_len)))
            lines += (Segment(edge, dim), Segment.line())
        yield lines
    yield [Segment(_sign("╰" + "┴".join(rules) + "╯"), dim), Segment.line()]


def _sign(text: str) -> str:
    """What frames and marks, as this terminal can show it."""
    return in_ascii(text) if signs_are_plain(os.environ) else text


_EMPTY = drawn("")


def _folded(text: Text, width: int, screen: Console) -> Sequence[Text]:
    """The lines of a cell."""
    if "\n" in text.plain or text.cell_len > width:
        return list(text.wrap(screen, width, overflow="fold"))
    return (text,)


def _drawn_line(text: Text, screen: Console) -> Iterable[Segment]:
    if not text.spans:
        return (Segment(text.plain, screen.get_style(text.style)),)
    text.end = ""
    return text.render(screen)


def _cell(event: Event, column: str, columns: Sequence[str], how: Listing) -> Text:
    if column == "when":
        return _when(event, how, "\n")
    told = in_language(event, how.lang, how.language)
    text = highlighted(cell(told, column, how.lang), how.terms)
    if column != "title":
        return text
    if event.status in ("cancelled", "postponed"):
        text.stylize("strike")
    text.append_text(drawn(foreign_mark(event, how.lang, how.language), "dim"))
    if columns == ("title",) and not how.columns:  # too narrow for a column of dates: they stand below
        text.append_text(drawn("\n")).append_text(_when(event, how, "  "))
    elif "when" not in columns:
        text.append_text(_marks(event, how, "  "))
    for found in snippet(told, how.terms):
        line = highlighted(_cut(found), how.terms)
        line.stylize_before("dim")
        text.append_text(drawn("\n")).append_text(line)
    return text


def _cut(found: str) -> str:
    """A part of a text, with the signs at its ends as this terminal can show them."""
    head, tail = found.startswith("…"), found.endswith("…")
    return _sign("…") * head + found[head : len(found) - tail] + _sign("…") * tail


def _when(event: Event, how: Listing, separator: str) -> Text:
    return drawn(cell(event, "when", how.lang), "date").append_text(_marks(event, how, separator))


def _marks(event: Event, how: Listing, separator: str) -> Text:
    """What must be seen at once, told apart by a sign as well, for those who see no colours."""
    text = drawn("")
    for mark in marks(event, how):
        running = mark == word("running", how.lang)
        sign, style = ("● ", "running") if running else ("! ", "warning")
        text.append_text(drawn(separator)).append_text(drawn(_sign(sign) + mark, style))
    return text


def highlighted(text: str, terms: Iterable[Term]) -> Text:
    """The text with what was searched for standing out."""
    found = drawn(text)
    for term in terms:
        for begin, end in term.spans(found.plain):
            found.stylize("match", begin, end)
    return found


def page(parts: Sequence[Part], screen: Console) -> None:
    """Draw one event in full; long lines are broken between words and stay under their beginning."""
    labels = max((drawn(part.label).cell_len for part in parts), default=0)
    # Lines longer than this are hard to read, however wide the terminal.
    width = min(screen.width, 100)
    for part in parts:
        screen.print(_drawn(part, labels), width=width)


def _drawn(part: Part, labels: int) -> RenderableType:
    from rich.padding import Padding  # a list needs neither, and starts the sooner
    from rich.table import Table

    if part.kind == "title":
        return drawn("").append_text(drawn(part.text, "heading")).append_text(drawn(part.mark, "dim"))
    if part.kind == "heading":
        return drawn(part.text, "section")
    if part.kind in ("field", "bullet"):
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=labels if part.kind == "field" else 1, style="dim")
        grid.add_column(overflow="fold")
        grid.add_row(drawn(part.label or _sign("•")), drawn(part.text))
        return Padding(grid, (0, 0, 0, 0 if part.kind == "field" else 2))
    return drawn(part.text)
