"""Events as bars on an axis of days, one line an event or a series, with today as a line down across them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import N_, translate
from ilocal.model.dates import DateRange
from ilocal.model.describe import describe_period_of_event, describe_translation_language, is_event_running_on
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_single_line
from ilocal.model.translations import localize_event
from ilocal.terminal.charts.legend import choose_event_color, get_status_symbol, render_legend
from ilocal.terminal.charts.month_grid import can_be_drawn_on_days
from ilocal.terminal.charts.time_axis import TimeAxis, choose_axis_ticks, extend_axis_to_whole_months
from ilocal.terminal.styled_text import RenderOptions, StyledLine, StyledText
from ilocal.terminal.text_width import clip_to_width, iterate_graphemes, measure_width

_MIN_INSIDE_TITLE_WIDTH = 12  # cells from which a title that does not fit is placed in its bar
_MIN_ROWS_FOR_SECOND_AXIS = 20  # events from which the axis is repeated below
TODAY_LABEL = N_("today {day}")


class TimelineRow(NamedTuple):
    """An event on a line, and the events that have bars in it: itself, or each of its occurrences."""

    event: Event
    bars: Sequence[Event]


def build_timeline_rows(events: Iterable[Event]) -> list[TimelineRow]:
    """Return a row for each event; the occurrences of a series share the row of the first one."""
    found: dict[object, list[Event]] = {}
    for n, event in enumerate(events):
        found.setdefault(n if event.recurrence_id is None else event.id, []).append(event)
    return [TimelineRow(_merge_bars_of_series(bars), bars) for bars in found.values()]


def _merge_bars_of_series(bars: Sequence[Event]) -> Event:
    """Return an event that represents several occurrences: with the most frequent title, from first to last."""
    if len(bars) == 1:
        return bars[0]
    titles = [bar.title for bar in bars]
    ((title, _n),) = Counter(titles).most_common(1)
    usual = bars[titles.index(title)]
    ends = [bar.date_range for bar in bars if bar.date_range is not None]
    return replace(usual, start=ends[0].first, end=max(days.last for days in ends))


class _LineCanvas:
    """The cells of one line, written over each other."""

    def __init__(self, size: int) -> None:
        self.cells = [(" ", "")] * size

    def draw_text(self, at: int, text: str, style: str) -> None:
        """Draw `text` from a cell on; what does not fit is left out."""
        for cluster, wide in iterate_graphemes(text):
            if at < 0 or at + wide > len(self.cells):
                return
            self.cells[at : at + wide] = [(cluster, style), *[("", style)] * (wide - 1)]
            at += wide

    def to_styled_line(self) -> StyledLine:
        return [
            StyledText("".join(text for text, _ in some), style)
            for style, some in groupby(self.cells, lambda cell: cell[1])
        ]


def find_axis_range(chart_rows: Iterable[TimelineRow], within: DateRange) -> DateRange | None:
    """Return the whole months that the events cover, limited to some days; None if there are no events."""
    found = [row.event.date_range for row in chart_rows if row.event.date_range is not None]
    if not found:
        return None
    own = extend_axis_to_whole_months(DateRange(min(days.first for days in found), max(days.last for days in found)))
    return DateRange(max(own.first, within.first), min(own.last, within.last))


def render_timeline_chart(
    chart_rows: Sequence[TimelineRow], span: DateRange, options: RenderOptions
) -> Iterator[StyledLine]:
    """Yield the events, whose bars all touch the range. In a pipe, events with cut titles are listed below."""
    axis = TimeAxis(*span, options.width)
    today = axis.first_cell_of(options.today) if span.contains(options.today) else None
    is_numbered = not options.is_wrapped and any(_is_title_clipped(row, axis, today, options) for row in chart_rows)
    yield from _render_axis_scale(axis, today, options.lang)
    for n, row in enumerate(chart_rows, 1):
        yield _render_timeline_row(row, axis, today, options, f"{n} " if is_numbered else "")
    if len(chart_rows) >= _MIN_ROWS_FOR_SECOND_AXIS:
        yield from reversed(list(_render_axis_scale(axis, today, options.lang)))
    if today is not None:
        yield _render_today_line(axis, today, options)
    if is_numbered:
        yield []
        yield from render_legend(((f"{n}.", row.event) for n, row in enumerate(chart_rows, 1)), options)


def render_undated_events(events: Sequence[Event], more_count: int, options: RenderOptions) -> Iterator[StyledLine]:
    """Yield the undated events, and how many more there are."""
    yield [StyledText(translate_label("undated", options.lang), "heading")]
    yield from render_legend((("·", event) for event in events), options)
    if more_count:
        yield [StyledText(f"  +{more_count}", "more")]


def _render_axis_scale(axis: TimeAxis, today: int | None, lang: str) -> Iterator[StyledLine]:
    labels, rule = _LineCanvas(axis.width), _LineCanvas(axis.width)
    rule.draw_text(0, "─" * axis.width, "rule")
    for day, name in choose_axis_ticks(axis, lang):
        if axis.first_cell_of(day) + measure_width(name) <= axis.width:  # part of a name would be another one
            labels.draw_text(axis.first_cell_of(day), name, "label")
        rule.draw_text(axis.first_cell_of(day), "┼", "rule")
    if today is not None:
        rule.draw_text(today, "▼", "now")
    yield labels.to_styled_line()
    yield rule.to_styled_line()


def _render_today_line(axis: TimeAxis, today: int, options: RenderOptions) -> StyledLine:
    """Return the label of the line of today."""
    canvas = _LineCanvas(axis.width)
    told = translate(TODAY_LABEL, options.lang).format(day=describe_period_of_event(options.today))
    canvas.draw_text(today, "│", "now")
    room = today + 2 + measure_width(told) <= axis.width
    canvas.draw_text(today + 2 if room else max(today - 1 - measure_width(told), 0), told, "now")
    return canvas.to_styled_line()


def _locate_bar(event: Event, axis: TimeAxis) -> tuple[int, int]:
    """Return the first and last cell of an event's bar."""
    assert event.date_range is not None
    first = axis.first_cell_of(event.date_range.first)
    return first, first if _is_drawn_as_point(event) else axis.last_cell_of(event.date_range.last)


def _is_drawn_as_point(event: Event) -> bool:
    """Return whether an event is drawn as a point, because it is on one day."""
    return event.date_range is not None and event.date_range.first == event.date_range.last


def _is_row_running(row: TimelineRow, options: RenderOptions) -> bool:
    return any(is_event_running_on(bar, options.today) for bar in row.bars)


def _format_row_title(row: TimelineRow, options: RenderOptions, number: str) -> str:
    told = localize_event(row.event, options.lang, options.language)
    mark = describe_translation_language(row.event, options.lang, options.language)
    running = "● " if _is_row_running(row, options) else ""
    return f"{number}{running}{get_status_symbol(row.event)}{escape_single_line(told.title + mark)}"


def _place_title(title: str, first: int, last: int, axis: TimeAxis, today: int | None) -> tuple[int, int]:
    """Return the cell and room of a title: in the bar, after it or before it, wherever it fits best."""
    wanted = measure_width(title)
    right = last + (3 if today == last + 1 else 2)  # a space between, also next to the line of today
    left = first - (2 if today == first - 1 else 1)
    inside, after, before = (first + 2, last - first - 3), (right, axis.width - right), (0, left)
    if inside[1] >= wanted:
        return inside
    if after[1] >= wanted:
        return after
    if before[1] >= wanted:
        return left - wanted, wanted
    places = [after, before, *([inside] if inside[1] >= _MIN_INSIDE_TITLE_WIDTH else [])]
    return max(places, key=lambda place: place[1])


def _is_title_clipped(row: TimelineRow, axis: TimeAxis, today: int | None, options: RenderOptions) -> bool:
    title = _format_row_title(row, options, "")
    return _place_title(title, *_locate_bar(row.event, axis), axis, today)[1] < measure_width(title)


def _render_timeline_row(
    row: TimelineRow, axis: TimeAxis, today: int | None, options: RenderOptions, number: str
) -> StyledLine:
    canvas = _LineCanvas(axis.width)
    if today is not None:
        canvas.draw_text(today, "│", "now")
    for bar in row.bars:
        first, last = _locate_bar(bar, axis)
        canvas.draw_text(first, _render_event_bar(bar, axis, last - first + 1), f"line{choose_event_color(bar)}")
        if today is not None and first < today < last:
            canvas.draw_text(today, "┃", "now")
    title = _format_row_title(row, options, number)
    first, last = _locate_bar(row.event, axis)
    at, room = _place_title(title, first, last, axis, today)
    if first < at <= last:
        room = min(room, measure_width(clip_to_width(title, room)))
        canvas.draw_text(at - 1, " " * (room + 2), "")
    canvas.draw_text(at, clip_to_width(title, room), "running" if _is_row_running(row, options) else "title")
    return canvas.to_styled_line()


def _render_event_bar(event: Event, axis: TimeAxis, size: int) -> str:
    """Return the bar of an event: solid if its days are known, dashed if only its month or year is."""
    assert event.date_range is not None
    before, after = event.date_range.first < axis.first, event.date_range.last > axis.last
    is_certain = can_be_drawn_on_days(event)
    if size == 1:
        return "◂" if before else "▸" if after else "◆" if is_certain else "◇"
    fill = "━" if is_certain else "╍"
    left = "◂" if before else "┣" if is_certain else fill
    right = "▸" if after else "┫" if is_certain else fill
    return left + fill * (size - 2) + right


def get_axis_days_around(day: date, before: int, after: int) -> DateRange:
    """Return a range of days before and after a day, within the calendar."""
    first = max(day.toordinal() - before, 1)
    return DateRange(date.fromordinal(first), date.fromordinal(min(day.toordinal() + after, date.max.toordinal())))
