"""Chart of a month: a grid of weeks with events across their days, and a list of what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count

from ilocal.i18n.messages import N_, translate
from ilocal.model.date_names import describe_month_of_date
from ilocal.model.dates import Month
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_single_line
from ilocal.model.translations import localize_event
from ilocal.terminal.charts.legend import choose_event_color, get_status_symbol, render_legend
from ilocal.terminal.charts.month_grid import (
    MONDAY,
    GridBar,
    GridWeek,
    abbreviate_weekday_headings,
    can_be_drawn_on_days,
    lay_out_month_grid,
)
from ilocal.terminal.styled_text import RenderOptions, StyledLine, StyledText
from ilocal.terminal.text_width import clip_to_width, measure_width, pad_to_width

_MIN_DAY_WIDTH = 4  # cells a day; on a narrower terminal only the list is shown
_MIN_TITLE_WIDTH = 4  # cells of a title after a time; with less room only the time is shown
_MAX_LANES = 6  # events above each other in a week
UNKNOWN_DAY_HEADING = N_("Day not yet known")


def render_month_chart(
    events: Sequence[Event], month: Month, options: RenderOptions, week_start: int = MONDAY
) -> Iterator[StyledLine]:
    """Yield the month with these events.

    If the grid cuts a title or hides an event, all are numbered and listed below.
    """
    dated = [event for event in events if can_be_drawn_on_days(event)]
    size = (options.width - 8) // 7
    yield [StyledText(describe_month_of_date(month, options.lang, ""), "heading")]
    is_whole = False
    if size >= _MIN_DAY_WIDTH:
        grid = lay_out_month_grid(dated, month, week_start, _MAX_LANES)
        told = [localize_event(event, options.lang, options.language) for event in dated]
        is_whole = _has_all_titles_in_grid(grid, told, size)
        yield from _render_month_grid(grid, told, month, options, week_start, size, is_numbered=not is_whole)
    if dated and not is_whole:
        yield []
        yield from render_legend(((f"{n}.", event) for n, event in zip(count(1), dated, strict=False)), options)
    if others := [event for event in events if not can_be_drawn_on_days(event)]:
        yield []
        yield [StyledText(translate(UNKNOWN_DAY_HEADING, options.lang), "heading")]
        yield from render_legend((("·", event) for event in others), options)


def _measure_bar_width(bar: GridBar, size: int) -> int:
    """Return the width of a bar in cells: its days and the lines between them."""
    return (bar.last_column - bar.first_column + 1) * (size + 1) - 1


def _has_all_titles_in_grid(grid: Sequence[GridWeek], events: Sequence[Event], size: int) -> bool:
    """Return whether no event is hidden, and each title is complete in at least one of its bars."""
    read = {
        bar.event_index
        for week in grid
        for bar in week.bars
        if measure_width(_format_bar_label(events[bar.event_index], "", 999))
        <= _measure_bar_width(bar, size) - 2 * _is_drawn_as_bar(events[bar.event_index])
    }
    return len(read) == len(events) and not any(any(week.hidden_counts) for week in grid)


def _is_drawn_as_bar(event: Event) -> bool:
    """Return whether an event is drawn as a bar with ends: if it lasts several days."""
    assert event.date_range is not None
    return event.date_range.first != event.date_range.last


def _format_bar_label(event: Event, number: str, room: int) -> str:
    """Return the content of a bar: number, time, symbol and title, as far as they fit."""
    title = get_status_symbol(event) + escape_single_line(event.title)
    if isinstance(event.start, datetime) and not _is_drawn_as_bar(event):
        timed = f"{number}{event.start:%H:%M}"
        left = room - measure_width(timed) - 1
        if left >= min(measure_width(title), _MIN_TITLE_WIDTH):
            return clip_to_width(f"{timed} {title}", room)
        if left >= -1:
            return timed
    return clip_to_width(number + title, room)


def _render_month_grid(
    grid: Sequence[GridWeek],
    events: Sequence[Event],
    month: Month,
    options: RenderOptions,
    week_start: int,
    size: int,
    *,
    is_numbered: bool,
) -> Iterator[StyledLine]:
    names = abbreviate_weekday_headings(options.lang, week_start)
    yield [StyledText(" " + " ".join(pad_to_width(f" {name}", size) for name in names), "weekdays")]
    yield _render_grid_rule("┌", "┬", "┐", size)
    for n, week in enumerate(grid):
        if n:
            yield _render_grid_rule("├", "┼", "┤", size)
        yield _render_grid_row([_render_day_cell(day, month, options.today, size) for day in week.days])
        for lane in range(max(week.lane_count, 1)):
            yield _render_grid_row(_render_lane_cells(week, lane, events, size, is_numbered=is_numbered))
        if any(week.hidden_counts):
            more = (f"+{n}" if n else "" for n in week.hidden_counts)
            yield _render_grid_row([StyledText(pad_to_width(clip_to_width(text, size), size), "more") for text in more])
    yield _render_grid_rule("└", "┴", "┘", size)


def _render_grid_rule(left: str, cross: str, right: str, size: int) -> StyledLine:
    return [StyledText(left + cross.join(["─" * size] * 7) + right, "rule")]


def _render_grid_row(cells: Sequence[StyledText]) -> StyledLine:
    """Return cells separated by lines; a cell of several days covers the lines between."""
    line = [StyledText("│", "rule")]
    for cell in cells:
        line += (cell, StyledText("│", "rule"))
    return line


def _render_day_cell(day: date | None, month: Month, today: date, size: int) -> StyledText:
    if day is None:
        return StyledText(" " * size)
    if day == today:
        return StyledText(pad_to_width(f"[{day.day}]", size), "today")
    is_inside = (day.year, day.month) == (month.year, month.month)
    return StyledText(pad_to_width(f" {day.day}", size), "day" if is_inside else "outside")


def _render_lane_cells(
    week: GridWeek, lane: int, events: Sequence[Event], size: int, *, is_numbered: bool
) -> list[StyledText]:
    bars = {bar.first_column: bar for bar in week.bars if bar.lane == lane}
    cells, column = [], 0
    while column < 7:
        bar = bars.get(column)
        if bar is None:
            cells.append(StyledText(" " * size))
            column += 1
        else:
            cells.append(
                _render_event_bar(
                    bar,
                    events[bar.event_index],
                    f"{bar.event_index + 1} " if is_numbered else "",
                    _measure_bar_width(bar, size),
                )
            )
            column = bar.last_column + 1
    return cells


def _render_event_bar(bar: GridBar, event: Event, number: str, room: int) -> StyledText:
    if not _is_drawn_as_bar(event):
        return StyledText(
            pad_to_width(_format_bar_label(event, number, room), room), f"event{choose_event_color(event)}"
        )
    inside = _format_bar_label(event, number, room - 2)
    left = room - 2 - measure_width(inside)
    fill = (" " + "━" * (left - 1)) if left else ""
    before, after = "◂" if bar.continues_before else "┣", "▸" if bar.continues_after else "┫"
    return StyledText(f"{before}{inside}{fill}{after}", f"bar{choose_event_color(event)}")
