"""A month as weeks, and its events as bars in lanes across the days of a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ilocal.model.date_names import get_weekday_name_of_date
from ilocal.model.dates import DateRange, Month, to_date_range
from ilocal.model.event import Event

MONDAY = 0
_DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class GridBar:
    """An event in a week: its columns, its index, and its lane."""

    event_index: int
    first_column: int
    last_column: int
    lane: int
    continues_before: bool = False
    continues_after: bool = False


@dataclass(frozen=True, slots=True)
class GridWeek:
    """Seven days (None beyond the calendar), the visible bars, and the number of hidden ones by day."""

    days: tuple[date | None, ...]
    bars: tuple[GridBar, ...]
    hidden_counts: tuple[int, ...]

    @property
    def lane_count(self) -> int:
        return max((bar.lane + 1 for bar in self.bars), default=0)


def abbreviate_weekday_headings(lang: str, week_start: int = MONDAY) -> list[str]:
    """Return short names of the days of the week: `T2` … `CN`, `Mon` … `Sun`."""
    names = [get_weekday_name_of_date(day, lang) for day in range(_DAYS_PER_WEEK)]
    if lang == "vi":  # Monday is the second day by its name, and Sunday has no number
        short = [f"T{n + 2}" for n in range(_DAYS_PER_WEEK - 1)] + [
            "".join(word[0] for word in names[-1].split()).upper()
        ]
    else:
        short = [name[:3] for name in names]
    return short[week_start:] + short[:week_start]


def split_chart_month_into_weeks(month: Month, week_start: int = MONDAY) -> list[tuple[date | None, ...]]:
    """Return the complete weeks that a month touches; `week_start` is their first weekday, Monday being 0."""
    first, last = to_date_range(month)
    begin = first.toordinal() - (first.weekday() - week_start) % _DAYS_PER_WEEK
    return [
        tuple(map(_get_date_of_chart_cell, range(at, at + _DAYS_PER_WEEK)))
        for at in range(begin, last.toordinal() + 1, _DAYS_PER_WEEK)
    ]


def _get_date_of_chart_cell(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def lay_out_month_grid(
    events: Sequence[Event], month: Month, week_start: int = MONDAY, max_lanes: int | None = None
) -> tuple[GridWeek, ...]:
    """Return the weeks of a month with its dated events; at most `max_lanes` lanes a week are shown.

    Every event is on each of its days in the month either in a bar or counted as hidden; bars never overlap.
    """
    spans = [(n, _clip_event_days(event, to_date_range(month))) for n, event in enumerate(events)]
    dated = sorted(
        ((n, span) for n, span in spans if span), key=lambda one: (one[1].first, -_measure_bar_length(one[1]), one[0])
    )
    return tuple(
        _lay_out_week(row, dated, events, max_lanes) for row in split_chart_month_into_weeks(month, week_start)
    )


def can_be_drawn_on_days(event: Event) -> bool:
    """Return whether an event has exact days, not only a month or year."""
    return isinstance(event.start, date)


def _clip_event_days(event: Event, window: DateRange) -> DateRange | None:
    """Return the days of an event in a window; None if it has none, or no exact ones."""
    found = event.date_range if can_be_drawn_on_days(event) else None
    if found is None or not found.overlaps(window):
        return None
    return DateRange(max(found.first, window.first), min(found.last, window.last))


def _measure_bar_length(span: DateRange) -> timedelta:
    return span.last - span.first


def _lay_out_week(
    row: tuple[date | None, ...], dated: Iterable[tuple[int, DateRange]], events: Sequence[Event], max_lanes: int | None
) -> GridWeek:
    """Return a week in which each event takes the first lane that is free on all of its days."""
    column = {day: n for n, day in enumerate(row) if day is not None}
    first, last = min(column), max(column)
    taken: list[set[int]] = []
    bars, hidden = [], [0] * _DAYS_PER_WEEK
    for n, span in dated:
        if span.first > last or span.last < first:
            continue
        begin, end = column[max(span.first, first)], column[min(span.last, last)]
        places = set(range(begin, end + 1))
        lane = next((at for at, busy in enumerate(taken) if not busy & places), len(taken))
        if max_lanes is not None and lane >= max_lanes:
            for place in places:
                hidden[place] += 1
            continue
        if lane == len(taken):
            taken.append(set())
        taken[lane] |= places
        whole = events[n].date_range
        assert whole is not None
        before, after = whole.first < max(span.first, first), whole.last > min(span.last, last)
        bars.append(GridBar(n, begin, end, lane, before, after))
    return GridWeek(row, tuple(bars), tuple(hidden))


def group_events_by_day_in_chart(events: Iterable[Event], window: DateRange) -> Iterator[tuple[date, list[Event]]]:
    """Yield every day of a window with its events, in order; events without exact days are left out."""
    found: dict[int, list[Event]] = {at: [] for at in range(window.first.toordinal(), window.last.toordinal() + 1)}
    for event in events:
        if span := _clip_event_days(event, window):
            for at in range(span.first.toordinal(), span.last.toordinal() + 1):
                found[at].append(event)
    return ((date.fromordinal(at), some) for at, some in found.items())
