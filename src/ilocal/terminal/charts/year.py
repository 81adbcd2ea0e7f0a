"""A year at a glance: twelve small months, busy days shaded, with how many events each month has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from math import ceil

from ilocal.i18n.messages import N_, format_number, translate, translate_plural
from ilocal.model.date_names import describe_month_of_date, get_month_name_of_date
from ilocal.model.dates import DateRange, Month, Year, to_date_range
from ilocal.model.event import Event
from ilocal.terminal.charts import month_grid
from ilocal.terminal.charts.legend import render_legend
from ilocal.terminal.charts.month_grid import MONDAY, abbreviate_weekday_headings, split_chart_month_into_weeks
from ilocal.terminal.styled_text import RenderOptions, StyledLine, StyledText
from ilocal.terminal.text_width import measure_width, pad_to_width

SHADE_SYMBOLS = "▁▃▅█"  # after a day, where there are no colours behind it
_TODAY_SYMBOL = "◂"
_DAY_WIDTH = 3  # two digits and a sign
_MONTH_WIDTH = 7 * _DAY_WIDTH
_MONTH_GAP_WIDTH = 3
UNKNOWN_MONTH_HEADING = N_("Month not yet known")
EVENTS_PER_DAY_LABEL = N_("Events per day:")
# Translators: what a month is called where no year stands beside it.
MONTH_ALONE_LABEL = N_("{month}")


def render_year_chart(
    events: Sequence[Event], year: Year, options: RenderOptions, week_start: int = MONDAY
) -> Iterator[StyledLine]:
    """Yield the year with these events: an event counts in each month, and shades each day, that it touches."""
    known = [event for event in events if not isinstance(event.start, Year)]
    by_day = {day: len(some) for day, some in month_grid.group_events_by_day_in_chart(known, to_date_range(year))}
    most = max(by_day.values(), default=0)
    across = max(1, min(4, (options.width + _MONTH_GAP_WIDTH) // (_MONTH_WIDTH + _MONTH_GAP_WIDTH)))
    yield [StyledText(describe_month_of_date(year, options.lang, ""), "heading")]
    for first in range(1, 13, across):
        yield []
        months = [
            list(_render_small_month(Month(year.year, n), known, by_day, most, options, week_start))
            for n in range(first, min(first + across, 13))
        ]
        for row in zip_longest(*months, fillvalue=[StyledText(" " * _MONTH_WIDTH)]):
            yield [
                piece
                for n, line in enumerate(row)
                for piece in (*([StyledText(" " * _MONTH_GAP_WIDTH)] if n else []), *line)
            ]
    yield []
    yield from _render_shade_legend(by_day, most, year, options)
    if others := [event for event in events if isinstance(event.start, Year)]:
        yield []
        yield [StyledText(translate(UNKNOWN_MONTH_HEADING, options.lang), "heading")]
        yield from render_legend((("·", event) for event in others), options)


def _render_small_month(
    month: Month,
    events: Sequence[Event],
    by_day: dict[date, int],
    max_count: int,
    options: RenderOptions,
    week_start: int,
) -> Iterator[StyledLine]:
    title = translate(MONTH_ALONE_LABEL, options.lang).format(month=get_month_name_of_date(month.month, options.lang))
    n = sum(1 for event in events if _is_drawn_in_month(event, to_date_range(month)))
    told = f"({format_number(n, options.lang)})" if n else ""
    yield [StyledText(pad_to_width(title, _MONTH_WIDTH - measure_width(told)), "month"), StyledText(told, "count")]
    yield [
        StyledText(
            "".join(f"{name[:2]} " for name in abbreviate_weekday_headings(options.lang, week_start)), "weekdays"
        )
    ]
    for row in split_chart_month_into_weeks(month, week_start):
        yield [piece for day in row for piece in _render_day_shade(day, month, by_day, max_count, options)]


def _is_drawn_in_month(event: Event, window: DateRange) -> bool:
    found = event.date_range
    return found is not None and found.overlaps(window)


def _render_day_shade(
    day: date | None, month: Month, by_day: dict[date, int], max_count: int, options: RenderOptions
) -> StyledLine:
    if day is None or day.month != month.month:
        return [StyledText(" " * _DAY_WIDTH)]
    level = choose_shade_level(by_day.get(day, 0), max_count)
    style = "today" if day == options.today else f"level{level}" if level else "day"
    sign = _TODAY_SYMBOL if day == options.today else SHADE_SYMBOLS[level - 1] if level else " "
    if options.has_color:  # a colour joins the days of a week, as an event does
        return [StyledText(f"{day.day:>2}", style), StyledText(" ", "day" if style == "today" else style)]
    return [StyledText(f"{day.day:>2}{sign}", style)]


def choose_shade_level(n: int, max_count: int) -> int:
    """Return the shade of a day with `n` events, 0 to 4, if the busiest has `max_count`."""
    return n if max_count <= len(SHADE_SYMBOLS) else ceil(n * len(SHADE_SYMBOLS) / max_count)


def _render_shade_legend(
    by_day: dict[date, int], max_count: int, year: Year, options: RenderOptions
) -> Iterator[StyledLine]:
    """Yield the meaning of the shades, and the number of events today, on as few lines as possible."""
    parts: list[StyledLine] = [[StyledText(translate(EVENTS_PER_DAY_LABEL, options.lang))]] if max_count else []
    for level, shade in enumerate(SHADE_SYMBOLS, 1):
        found = [n for n in range(1, max_count + 1) if choose_shade_level(n, max_count) == level]
        if found:
            told = f"{found[0]}" if len(found) == 1 else f"{found[0]}-{found[-1]}"
            parts.append(
                [StyledText(f" {told} ", f"level{level}"), StyledText(" ")]
                if options.has_color
                else [StyledText(shade, f"level{level}"), StyledText(f" {told}  ")]
            )
    if options.today.year == year.year:
        n = by_day.get(options.today, 0)
        told = translate_plural("today: {n} event", "today: {n} events", n, options.lang)
        parts.append([StyledText(told if options.has_color else f"{_TODAY_SYMBOL} {told}", "today")])
    line: list[StyledText] = []
    for part in parts:
        if line and sum(measure_width(text) for text, _ in (*line, *part)) + 1 > options.width:
            yield line
            line = []
        line += [*([StyledText(" ")] if line else []), *part]
    yield line
