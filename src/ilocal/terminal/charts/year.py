"""A year at a glance: twelve small months, busy days shaded, with how many events each month has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from math import ceil

from ilocal.i18n.messages import N_, number, plural, translated
from ilocal.model.date_names import month_heading, month_name
from ilocal.model.dates import Days, Month, Year, days
from ilocal.model.event import Event
from ilocal.terminal.charts import month_grid
from ilocal.terminal.charts.legend import legend
from ilocal.terminal.charts.month_grid import MONDAY, names_of_weekdays, weeks
from ilocal.terminal.styled_text import Line, Look, Piece
from ilocal.terminal.text_width import padded, width

SHADES = "░▒▓█"
_CELL = 3  # a shade and two digits
_MONTH = 7 * _CELL
_GAP = 3
WITHOUT_MONTH = N_("Month not yet known")
EVENTS_A_DAY = N_("Events a day:")
# Translators: what a month is called where no year stands beside it.
MONTH_BY_ITSELF = N_("{month}")


def year_page(events: Sequence[Event], year: Year, look: Look, week_start: int = MONDAY) -> Iterator[Line]:
    """The year with these events: an event counts in each month, and shades each day, that it touches."""
    known = [event for event in events if not isinstance(event.start, Year)]
    by_day = {day: len(some) for day, some in month_grid.by_day(known, days(year))}
    most = max(by_day.values(), default=0)
    across = max(1, min(4, (look.width + _GAP) // (_MONTH + _GAP)))
    yield [Piece(month_heading(year, look.lang, ""), "heading")]
    for first in range(1, 13, across):
        yield []
        months = [
            list(_month(Month(year.year, n), known, by_day, most, look, week_start))
            for n in range(first, min(first + across, 13))
        ]
        for row in zip_longest(*months, fillvalue=[Piece(" " * _MONTH)]):
            yield [piece for n, line in enumerate(row) for piece in (*([Piece(" " * _GAP)] if n else []), *line)]
    yield []
    yield from _key(by_day, most, year, look)
    if others := [event for event in events if isinstance(event.start, Year)]:
        yield []
        yield [Piece(translated(WITHOUT_MONTH, look.lang), "heading")]
        yield from legend((("·", event) for event in others), look)


def _month(
    month: Month, events: Sequence[Event], by_day: dict[date, int], most: int, look: Look, week_start: int
) -> Iterator[Line]:
    title = " " + translated(MONTH_BY_ITSELF, look.lang).format(month=month_name(month.month, look.lang))
    n = sum(1 for event in events if _touches(event, days(month)))
    told = f"({number(n, look.lang)})" if n else ""
    yield [Piece(padded(title, _MONTH - width(told)), "month"), Piece(told, "count")]
    yield [Piece("".join(f" {name[:2]}" for name in names_of_weekdays(look.lang, week_start)), "weekdays")]
    for row in weeks(month, week_start):
        yield [_day(day, month, by_day, most, look.today) for day in row]


def _touches(event: Event, window: Days) -> bool:
    found = event.days
    return found is not None and found.first <= window.last and found.last >= window.first


def _day(day: date | None, month: Month, by_day: dict[date, int], most: int, today: date) -> Piece:
    if day is None or day.month != month.month:
        return Piece(" " * _CELL)
    level = level_of(by_day.get(day, 0), most)
    shade = f"{SHADES[level - 1] if level else ' '}"
    if day == today:
        return Piece(f"▸{day.day:>2}", "today")
    return Piece(f"{shade}{day.day:>2}", f"level{level}" if level else "day")


def level_of(n: int, most: int) -> int:
    """How dark a day with `n` events is, 0 to 4, where the busiest has `most`."""
    return n if most <= len(SHADES) else ceil(n * len(SHADES) / most)


def _key(by_day: dict[date, int], most: int, year: Year, look: Look) -> Iterator[Line]:
    """What the shades mean, and how many events are today, on as few lines as there is room for."""
    parts: list[Line] = [[Piece(translated(EVENTS_A_DAY, look.lang))]] if most else []
    for level, shade in enumerate(SHADES, 1):
        found = [n for n in range(1, most + 1) if level_of(n, most) == level]
        if found:
            told = f"{found[0]}" if len(found) == 1 else f"{found[0]}-{found[-1]}"
            parts.append([Piece(shade, f"level{level}"), Piece(f" {told}  ")])
    if look.today.year == year.year:
        n = by_day.get(look.today, 0)
        parts.append([Piece("▸ " + plural("today: {n} event", "today: {n} events", n, look.lang), "today")])
    line: list[Piece] = []
    for part in parts:
        if line and sum(width(text) for text, _ in (*line, *part)) + 1 > look.width:
            yield line
            line = []
        line += [*([Piece(" ")] if line else []), *part]
    yield line
