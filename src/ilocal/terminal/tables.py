"""Lists and pages of events drawn as tables."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text

from ilocal.i18n.labels import translate_label
from ilocal.model.describe import (
    DetailLine,
    ListOptions,
    describe_event_status,
    describe_field,
    describe_translation_language,
    describe_when_in_list,
    find_event_texts_with_terms,
    group_events_by_start_month,
)
from ilocal.model.event import Event
from ilocal.model.search_terms import SearchTerm
from ilocal.model.translations import localize_event
from ilocal.terminal.capabilities import is_ascii_terminal, to_ascii_symbols
from ilocal.terminal.console import to_safe_rich_text

_MIN_WIDTH_FOR_DATES, _MIN_WIDTH_FOR_PLACES, _MIN_WIDTH_FOR_IDS = (
    72,
    110,
    170,
)  # from these widths on: a column for dates, one for places, one for ids
_MIN_COLUMN_WIDTH, _MIN_DATE_WIDTH, _MIN_TITLE_WIDTH = 6, 10, 16  # no column is narrower
_WIDTH_SAMPLE_EVENTS = 500  # events from which the widths of the columns follow
_ROWS_PER_DRAW = 50  # rows drawn
_MAX_PLACE_WIDTH, _MAX_ID_WIDTH = 24, 60  # the most that places and ids may take of the width


def draw_event_tables(events: Iterable[Event], options: ListOptions, screen: Console) -> None:
    """Draw a table a month, all with the same columns, while the events come; the first of them decide the widths."""
    left = iter(events)
    first = list(islice(left, _WIDTH_SAMPLE_EVENTS))
    columns = options.columns or _choose_columns_for_width(first, screen.width)
    widths = _compute_column_widths(first, columns, options, screen.width)
    for n, (heading, group) in enumerate(group_events_by_start_month(chain(first, left), options)):
        if n or heading:
            screen.print(to_safe_rich_text(("\n" if n else "") + heading, "heading"))
        rows = _draw_table_rows(group, columns, widths, options, screen)
        while some := list(islice(rows, _ROWS_PER_DRAW)):
            screen.print(Segments(chain.from_iterable(some)), end="", crop=False)


def _choose_columns_for_width(events: Sequence[Event], width: int) -> tuple[str, ...]:
    if width < _MIN_WIDTH_FOR_DATES:
        return ("title",)
    places = ("location",) if width >= _MIN_WIDTH_FOR_PLACES and any(event.location for event in events) else ()
    return ("when", "title", *places, *(("id",) if width >= _MIN_WIDTH_FOR_IDS else ()))


def _compute_column_widths(
    events: Sequence[Event], columns: Sequence[str], options: ListOptions, width: int
) -> dict[str, int]:
    """Widths fixed from the data, so that the tables of all months line up."""
    most = {"location": _MAX_PLACE_WIDTH, "id": _MAX_ID_WIDTH, "when": 36}
    found = {"#": len(str(len(events)))}
    for column in columns:
        if column != "title":
            longest = max(
                (to_safe_rich_text(describe_field(event, column, options.lang)).cell_len for event in events), default=1
            )
            found[column] = max(1, min(longest, most.get(column, 30)))
    # Each column has a blank on both sides and a line at its left; one more line ends the table.
    left = width - 3 * (len(columns) + 1) - 1
    title = _MIN_TITLE_WIDTH if "title" in columns else 0
    _shrink_columns(
        found, left - title, {column: _MIN_DATE_WIDTH if column == "when" else _MIN_COLUMN_WIDTH for column in found}
    )
    if title:
        found["title"] = max(title, left - sum(found.values()))
    _shrink_columns(found, left, dict.fromkeys(found, 1))  # a screen narrower than that is no pleasure, but possible
    return found


def _shrink_columns(widths: dict[str, int], total: int, min_widths: Mapping[str, int]) -> None:
    """Take from the columns with most to spare until all fit, or none has any."""
    while sum(widths.values()) > total:
        widest = max(widths, key=lambda column: widths[column] - min_widths[column])
        if widths[widest] <= min_widths[widest]:
            return
        widths[widest] -= 1


def _draw_table_rows(
    group: Iterable[tuple[int, Event]],
    columns: Sequence[str],
    widths: dict[str, int],
    options: ListOptions,
    screen: Console,
) -> Iterator[list[Segment]]:
    """A table, row by row. (Rich's own tables measure every cell several times: half a millisecond a row.)"""
    dim, names, edge = screen.get_style("dim"), ("#", *columns), _to_terminal_symbols("│")
    rules = ["─" * (widths[name] + 2) for name in names]
    yield [Segment(_to_terminal_symbols("╭" + "┬".join(rules) + "╮"), dim), Segment.line()]
    for number, event in group:
        cells = [to_safe_rich_text(str(number).rjust(widths["#"]), "dim")]
        cells += [_format_table_cell(event, column, columns, options) for column in columns]
        folded = [_fold_cell_lines(text, widths[name], screen) for text, name in zip(cells, names, strict=True)]
        lines: list[Segment] = []
        for line in zip_longest(*folded, fillvalue=_EMPTY_CELL):
            for text, name in zip(line, names, strict=True):
                lines += (Segment(edge + " ", dim), *_render_cell_line(text, screen))
                lines.append(Segment(" " * (widths[name] + 1 - text.cell_len)))
            lines += (Segment(edge, dim), Segment.line())
        yield lines
    yield [Segment(_to_terminal_symbols("╰" + "┴".join(rules) + "╯"), dim), Segment.line()]


def _to_terminal_symbols(text: str) -> str:
    """What frames and marks, as this terminal can show it."""
    return to_ascii_symbols(text) if is_ascii_terminal(os.environ) else text


_EMPTY_CELL = to_safe_rich_text("")


def _fold_cell_lines(text: Text, width: int, screen: Console) -> Sequence[Text]:
    """The lines of a cell."""
    if "\n" in text.plain or text.cell_len > width:
        return list(text.wrap(screen, width, overflow="fold"))
    return (text,)


def _render_cell_line(text: Text, screen: Console) -> Iterable[Segment]:
    if not text.spans:
        return (Segment(text.plain, screen.get_style(text.style)),)
    text.end = ""
    return text.render(screen)


def _format_table_cell(event: Event, column: str, columns: Sequence[str], options: ListOptions) -> Text:
    if column == "when":
        return _format_dates_cell(event, options, "\n")
    told = localize_event(event, options.lang, options.language)
    text = highlight_matches(describe_field(told, column, options.lang), options.terms)
    if column != "title":
        return text
    if event.status in ("cancelled", "postponed"):
        text.stylize("strike")
    text.append_text(to_safe_rich_text(describe_translation_language(event, options.lang, options.language), "dim"))
    if columns == ("title",) and not options.columns:  # too narrow for a column of dates: they stand below
        text.append_text(to_safe_rich_text("\n")).append_text(_format_dates_cell(event, options, "  "))
    elif "when" not in columns:
        text.append_text(_format_status_marks(event, options, "  "))
    for found in find_event_texts_with_terms(told, options.terms):
        line = highlight_matches(_adapt_ellipses(found), options.terms)
        line.stylize_before("dim")
        text.append_text(to_safe_rich_text("\n")).append_text(line)
    return text


def _adapt_ellipses(snippet_text: str) -> str:
    """A part of a text, with the signs at its ends as this terminal can show them."""
    head, tail = snippet_text.startswith("…"), snippet_text.endswith("…")
    return (
        _to_terminal_symbols("…") * head
        + snippet_text[head : len(snippet_text) - tail]
        + _to_terminal_symbols("…") * tail
    )


def _format_dates_cell(event: Event, options: ListOptions, separator: str) -> Text:
    return to_safe_rich_text(describe_when_in_list(event, options), "date").append_text(
        _format_status_marks(event, options, separator)
    )


def _format_status_marks(event: Event, options: ListOptions, separator: str) -> Text:
    """What must be seen at once, told apart by a sign as well, for those who see no colours."""
    text = to_safe_rich_text("")
    for n, mark in enumerate(describe_event_status(event, options)):
        if event.series is not None and n == 0:
            sign, style = "↻ ", "dim"
        elif mark == translate_label("running", options.lang):
            sign, style = "● ", "running"
        else:
            sign, style = "! ", "warning"
        text.append_text(to_safe_rich_text(separator)).append_text(
            to_safe_rich_text(_to_terminal_symbols(sign) + mark, style)
        )
    return text


def highlight_matches(text: str, terms: Iterable[SearchTerm]) -> Text:
    """The text with what was searched for standing out."""
    found = to_safe_rich_text(text)
    for term in terms:
        for begin, end in term.find_spans(found.plain):
            found.stylize("match", begin, end)
    return found


def draw_event_page(details: Sequence[DetailLine], screen: Console) -> None:
    """Draw one event in full; long lines are broken between words and stay under their beginning."""
    labels = max((to_safe_rich_text(part.label).cell_len for part in details), default=0)
    # Lines longer than this are hard to read, however wide the terminal.
    width = min(screen.width, 100)
    for part in details:
        screen.print(_draw_detail_line(part, labels), width=width)


def _draw_detail_line(detail: DetailLine, label_width: int) -> RenderableType:
    from rich.padding import Padding  # a list needs neither, and starts the sooner
    from rich.table import Table

    if detail.kind == "title":
        return (
            to_safe_rich_text("")
            .append_text(to_safe_rich_text(detail.text, "heading"))
            .append_text(to_safe_rich_text(detail.mark, "dim"))
        )
    if detail.kind == "heading":
        return to_safe_rich_text(detail.text, "section")
    if detail.kind in ("field", "bullet"):
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=label_width if detail.kind == "field" else 1, style="dim")
        grid.add_column(overflow="fold")
        grid.add_row(to_safe_rich_text(detail.label or _to_terminal_symbols("•")), to_safe_rich_text(detail.text))
        return Padding(grid, (0, 0, 0, 0 if detail.kind == "field" else 2))
    return to_safe_rich_text(detail.text)
