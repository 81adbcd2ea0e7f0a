"""A month as a grid of weeks with its events across their days, and below it what the grid has no room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count

from ilocal.i18n.messages import N_, translated
from ilocal.model.date_names import month_heading
from ilocal.model.dates import Month
from ilocal.model.event import Event
from ilocal.model.safe_text import shown
from ilocal.model.translations import in_language
from ilocal.terminal.charts.legend import colour, legend, sign
from ilocal.terminal.charts.month_grid import MONDAY, Bar, Week, has_day, laid_out, names_of_weekdays
from ilocal.terminal.styled_text import Line, Look, Piece
from ilocal.terminal.text_width import cut, padded, width

_LEAST = 4  # cells a day; a screen with less room gets the list alone
_LEAST_TITLE = 4  # cells of a title beside a time; with less room the time stands alone
_LANES = 6  # events above each other in a week
WITHOUT_DAY = N_("Day not yet known")


def month_page(events: Sequence[Event], month: Month, look: Look, week_start: int = MONDAY) -> Iterator[Line]:
    """The month with these events. Where the grid cuts a title or hides an event, all are numbered and listed below."""
    dated = [event for event in events if has_day(event)]
    size = (look.width - 8) // 7
    yield [Piece(month_heading(month, look.lang, ""), "heading")]
    is_whole = False
    if size >= _LEAST:
        grid = laid_out(dated, month, week_start, _LANES)
        told = [in_language(event, look.lang, look.language) for event in dated]
        is_whole = _is_whole(grid, told, size)
        yield from _grid(grid, told, month, look, week_start, size, is_numbered=not is_whole)
    if dated and not is_whole:
        yield []
        yield from legend(((f"{n}.", event) for n, event in zip(count(1), dated, strict=False)), look)
    if others := [event for event in events if not has_day(event)]:
        yield []
        yield [Piece(translated(WITHOUT_DAY, look.lang), "heading")]
        yield from legend((("·", event) for event in others), look)


def _room(bar: Bar, size: int) -> int:
    """The cells of a bar: its days, and the lines between them."""
    return (bar.last - bar.first + 1) * (size + 1) - 1


def _is_whole(grid: Sequence[Week], events: Sequence[Event], size: int) -> bool:
    """Whether no event is hidden, and every title can be read in one of its bars at least."""
    read = {
        bar.event
        for week in grid
        for bar in week.bars
        if width(_label(events[bar.event], "", 999)) <= _room(bar, size) - 2 * _has_caps(events[bar.event])
    }
    return len(read) == len(events) and not any(any(week.hidden) for week in grid)


def _has_caps(event: Event) -> bool:
    """Whether an event is drawn as a bar with ends: one of several days."""
    assert event.days is not None
    return event.days.first != event.days.last


def _label(event: Event, number: str, room: int) -> str:
    """What stands in a bar: number, time, sign and title, as far as there is room."""
    title = sign(event) + shown(event.title)
    if isinstance(event.start, datetime) and not _has_caps(event):
        timed = f"{number}{event.start:%H:%M}"
        left = room - width(timed) - 1
        if left >= min(width(title), _LEAST_TITLE):
            return cut(f"{timed} {title}", room)
        if left >= -1:
            return timed
    return cut(number + title, room)


def _grid(
    grid: Sequence[Week],
    events: Sequence[Event],
    month: Month,
    look: Look,
    week_start: int,
    size: int,
    *,
    is_numbered: bool,
) -> Iterator[Line]:
    names = names_of_weekdays(look.lang, week_start)
    yield [Piece(" " + " ".join(padded(f" {name}", size) for name in names), "weekdays")]
    yield _rule("┌", "┬", "┐", size)
    for n, week in enumerate(grid):
        if n:
            yield _rule("├", "┼", "┤", size)
        yield _row([_day(day, month, look.today, size) for day in week.days])
        for lane in range(max(week.lanes, 1)):
            yield _row(_lane(week, lane, events, size, is_numbered=is_numbered))
        if any(week.hidden):
            more = (f"+{n}" if n else "" for n in week.hidden)
            yield _row([Piece(padded(cut(text, size), size), "more") for text in more])
    yield _rule("└", "┴", "┘", size)


def _rule(left: str, cross: str, right: str, size: int) -> Line:
    return [Piece(left + cross.join(["─" * size] * 7) + right, "rule")]


def _row(cells: Sequence[Piece]) -> Line:
    """Cells between lines; one that spans several days covers those between them."""
    line = [Piece("│", "rule")]
    for cell in cells:
        line += (cell, Piece("│", "rule"))
    return line


def _day(day: date | None, month: Month, today: date, size: int) -> Piece:
    if day is None:
        return Piece(" " * size)
    if day == today:
        return Piece(padded(f"[{day.day}]", size), "today")
    is_inside = (day.year, day.month) == (month.year, month.month)
    return Piece(padded(f" {day.day}", size), "day" if is_inside else "outside")


def _lane(week: Week, lane: int, events: Sequence[Event], size: int, *, is_numbered: bool) -> list[Piece]:
    bars = {bar.first: bar for bar in week.bars if bar.lane == lane}
    cells, column = [], 0
    while column < 7:
        bar = bars.get(column)
        if bar is None:
            cells.append(Piece(" " * size))
            column += 1
        else:
            cells.append(_bar(bar, events[bar.event], f"{bar.event + 1} " if is_numbered else "", _room(bar, size)))
            column = bar.last + 1
    return cells


def _bar(bar: Bar, event: Event, number: str, room: int) -> Piece:
    if not _has_caps(event):
        return Piece(padded(_label(event, number, room), room), f"event{colour(event)}")
    inside = _label(event, number, room - 2)
    left = room - 2 - width(inside)
    fill = (" " + "━" * (left - 1)) if left else ""
    before, after = "◂" if bar.goes_on_before else "┣", "▸" if bar.goes_on_after else "┫"
    return Piece(f"{before}{inside}{fill}{after}", f"bar{colour(event)}")
