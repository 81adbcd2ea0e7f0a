"""Events as bars on an axis of days, one line an event or a series, with today as a line down across them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from ilocal.i18n.labels import word
from ilocal.i18n.messages import N_, translated
from ilocal.model.dates import Days
from ilocal.model.describe import Listing, foreign_mark, label, marks
from ilocal.model.event import Event
from ilocal.model.safe_text import shown
from ilocal.model.translations import in_language
from ilocal.terminal.charts.legend import colour, legend, sign
from ilocal.terminal.charts.month_grid import has_day
from ilocal.terminal.charts.time_axis import Axis, ticks, whole_months
from ilocal.terminal.styled_text import Line, Look, Piece
from ilocal.terminal.text_width import clusters, cut, width

_LEAST_INSIDE = 12  # cells in a bar from which a title stands there that does not fit
_MANY = 20  # events from which the axis is repeated below
TODAY = N_("today {day}")


class Row(NamedTuple):
    """An event on one line, and what it is a bar for: itself, or each of its occurrences."""

    event: Event
    bars: Sequence[Event]


def rows(events: Iterable[Event]) -> list[Row]:
    """Events as they are, and the occurrences of a series together where its first one stands."""
    found: dict[object, list[Event]] = {}
    for n, event in enumerate(events):
        found.setdefault(n if event.recurrence_id is None else event.id, []).append(event)
    return [Row(_together(bars), bars) for bars in found.values()]


def _together(bars: Sequence[Event]) -> Event:
    """One event in the place of several occurrences: called as most of them, from the first to the last."""
    if len(bars) == 1:
        return bars[0]
    titles = [bar.title for bar in bars]
    ((title, _n),) = Counter(titles).most_common(1)
    usual = bars[titles.index(title)]
    ends = [bar.days for bar in bars if bar.days is not None]
    return replace(usual, start=ends[0].first, end=max(days.last for days in ends))


class _Canvas:
    """The cells of one line, written over each other."""

    def __init__(self, size: int) -> None:
        self.cells = [(" ", "")] * size

    def put(self, at: int, text: str, style: str) -> None:
        """Write `text` from a cell on; what does not fit is left out."""
        for cluster, wide in clusters(text):
            if at < 0 or at + wide > len(self.cells):
                return
            self.cells[at : at + wide] = [(cluster, style), *[("", style)] * (wide - 1)]
            at += wide

    def line(self) -> Line:
        return [
            Piece("".join(text for text, _ in some), style) for style, some in groupby(self.cells, lambda cell: cell[1])
        ]


def extent(shown: Iterable[Row], within: Days) -> Days | None:
    """The whole months in which the events lie, as far as they are within some days; None where there are none."""
    found = [row.event.days for row in shown if row.event.days is not None]
    if not found:
        return None
    own = whole_months(Days(min(days.first for days in found), max(days.last for days in found)))
    return Days(max(own.first, within.first), min(own.last, within.last))


def timeline_page(shown: Sequence[Row], span: Days, look: Look) -> Iterator[Line]:
    """The events, whose bars all touch the span. In a pipe, those with a title cut are told in full below."""
    axis = Axis(*span, look.width)
    today = axis.cell(look.today) if span.first <= look.today <= span.last else None
    is_numbered = not look.is_wrapped and any(_is_cut(row, axis, today, look) for row in shown)
    yield from _scale(axis, today, look.lang)
    for n, row in enumerate(shown, 1):
        yield _line(row, axis, today, look, f"{n} " if is_numbered else "")
    if len(shown) >= _MANY:
        yield from reversed(list(_scale(axis, today, look.lang)))
    if today is not None:
        yield _today(axis, today, look)
    if is_numbered:
        yield []
        yield from legend(((f"{n}.", row.event) for n, row in enumerate(shown, 1)), look)


def undated_page(events: Sequence[Event], more: int, look: Look) -> Iterator[Line]:
    """Events without a date, and how many more of them there are."""
    yield [Piece(word("undated", look.lang), "heading")]
    yield from legend((("·", event) for event in events), look)
    if more:
        yield [Piece(f"  +{more}", "more")]


def _scale(axis: Axis, today: int | None, lang: str) -> Iterator[Line]:
    labels, rule = _Canvas(axis.width), _Canvas(axis.width)
    rule.put(0, "─" * axis.width, "rule")
    for day, name in ticks(axis, lang):
        if axis.cell(day) + width(name) <= axis.width:  # part of a name would be another one
            labels.put(axis.cell(day), name, "label")
        rule.put(axis.cell(day), "┼", "rule")
    if today is not None:
        rule.put(today, "▼", "now")
    yield labels.line()
    yield rule.line()


def _today(axis: Axis, today: int, look: Look) -> Line:
    """Which day the line is, at its foot."""
    canvas = _Canvas(axis.width)
    told = translated(TODAY, look.lang).format(day=label(look.today, None))
    canvas.put(today, "│", "now")
    room = today + 2 + width(told) <= axis.width
    canvas.put(today + 2 if room else max(today - 1 - width(told), 0), told, "now")
    return canvas.line()


def _place(event: Event, axis: Axis) -> tuple[int, int]:
    """The first and the last cell of an event's bar."""
    assert event.days is not None
    first = axis.cell(event.days.first)
    return first, first if _is_one_day(event) else axis.end_cell(event.days.last)


def _is_one_day(event: Event) -> bool:
    """Whether an event is a point, however many cells a day has."""
    return event.days is not None and event.days.first == event.days.last


def _is_running(row: Row, look: Look) -> bool:
    listing = Listing(look.lang, running_on=look.today)
    return any(word("running", look.lang) in marks(bar, listing) for bar in row.bars)


def _title(row: Row, look: Look, number: str) -> str:
    told = in_language(row.event, look.lang, look.language)
    mark = foreign_mark(row.event, look.lang, look.language)
    return f"{number}{'● ' if _is_running(row, look) else ''}{sign(row.event)}{shown(told.title + mark)}"


def _beside(title: str, first: int, last: int, axis: Axis, today: int | None) -> tuple[int, int]:
    """Where a title stands, and its room: in the bar, after it or before it, wherever all or most of it fits."""
    wanted = width(title)
    right = last + (3 if today == last + 1 else 2)  # a blank between, also beside the line of today
    left = first - (2 if today == first - 1 else 1)
    inside, after, before = (first + 2, last - first - 3), (right, axis.width - right), (0, left)
    if inside[1] >= wanted:
        return inside
    if after[1] >= wanted:
        return after
    if before[1] >= wanted:
        return left - wanted, wanted
    places = [after, before, *([inside] if inside[1] >= _LEAST_INSIDE else [])]
    return max(places, key=lambda place: place[1])


def _is_cut(row: Row, axis: Axis, today: int | None, look: Look) -> bool:
    title = _title(row, look, "")
    return _beside(title, *_place(row.event, axis), axis, today)[1] < width(title)


def _line(row: Row, axis: Axis, today: int | None, look: Look, number: str) -> Line:
    canvas = _Canvas(axis.width)
    if today is not None:
        canvas.put(today, "│", "now")
    for bar in row.bars:
        first, last = _place(bar, axis)
        canvas.put(first, _bar(bar, axis, last - first + 1), f"line{colour(bar)}")
        if today is not None and first < today < last:
            canvas.put(today, "┃", "now")
    title = _title(row, look, number)
    first, last = _place(row.event, axis)
    at, room = _beside(title, first, last, axis, today)
    if first < at <= last:
        room = min(room, width(cut(title, room)))
        canvas.put(at - 1, " " * (room + 2), "")
    canvas.put(at, cut(title, room), "running" if _is_running(row, look) else "title")
    return canvas.line()


def _bar(event: Event, axis: Axis, size: int) -> str:
    """The bar of an event: whole where its days are known, broken where its month or year alone is."""
    assert event.days is not None
    before, after = event.days.first < axis.first, event.days.last > axis.last
    is_certain = has_day(event)
    if size == 1:
        return "◂" if before else "▸" if after else "◆" if is_certain else "◇"
    fill = "━" if is_certain else "╍"
    left = "◂" if before else "┣" if is_certain else fill
    right = "▸" if after else "┫" if is_certain else fill
    return left + fill * (size - 2) + right


def days_from(day: date, before: int, after: int) -> Days:
    """So many days before and after a day, as far as the calendar goes."""
    first = max(day.toordinal() - before, 1)
    return Days(date.fromordinal(first), date.fromordinal(min(day.toordinal() + after, date.max.toordinal())))
