"""A month as weeks, and its events as bars in lanes across the days of a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ilocal.model.date_names import weekday_name
from ilocal.model.dates import Days, Month, days
from ilocal.model.event import Event

MONDAY = 0
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """An event in a week: from column `first` to column `last`; the numbers say which event it is, and the lane."""

    event: int
    first: int
    last: int
    lane: int
    goes_on_before: bool = False
    goes_on_after: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, None where the calendar has no such day; the bars that are shown, and how many are not, by day."""

    days: tuple[date | None, ...]
    bars: tuple[Bar, ...]
    hidden: tuple[int, ...]

    @property
    def lanes(self) -> int:
        return max((bar.lane + 1 for bar in self.bars), default=0)


def names_of_weekdays(lang: str, week_start: int = MONDAY) -> list[str]:
    """The days of a week, short: `T2` … `CN`, `Mon` … `Sun`."""
    names = [weekday_name(day, lang) for day in range(_WEEK)]
    if lang == "vi":  # Monday is the second day by its name, and Sunday has no number
        short = [f"T{n + 2}" for n in range(_WEEK - 1)] + ["".join(word[0] for word in names[-1].split())]
    else:
        short = [name[:3] for name in names]
    return short[week_start:] + short[:week_start]


def weeks(month: Month, week_start: int = MONDAY) -> list[tuple[date | None, ...]]:
    """The weeks that a month touches, whole; `week_start` is the weekday that they begin with, Monday being 0."""
    first, last = days(month)
    begin = first.toordinal() - (first.weekday() - week_start) % _WEEK
    return [tuple(map(_day, range(at, at + _WEEK))) for at in range(begin, last.toordinal() + 1, _WEEK)]


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def laid_out(
    events: Sequence[Event], month: Month, week_start: int = MONDAY, most: int | None = None
) -> tuple[Week, ...]:
    """The weeks of a month with its events, of which only those with days count; `most` lanes a week are shown.

    Every event is on each of its days in the month either in a bar or counted as hidden; no two bars share a place.
    """
    spans = [(n, _clipped(event, days(month))) for n, event in enumerate(events)]
    dated = sorted(((n, span) for n, span in spans if span), key=lambda one: (one[1].first, -_length(one[1]), one[0]))
    return tuple(_week(row, dated, events, most) for row in weeks(month, week_start))


def has_day(event: Event) -> bool:
    """Whether the days of an event are known, and not its month or year alone."""
    return isinstance(event.start, date)


def _clipped(event: Event, window: Days) -> Days | None:
    """The days of an event in a window; None where it has none, or they are not known."""
    found = event.days if has_day(event) else None
    if found is None or found.first > window.last or found.last < window.first:
        return None
    return Days(max(found.first, window.first), min(found.last, window.last))


def _length(span: Days) -> timedelta:
    return span.last - span.first


def _week(
    row: tuple[date | None, ...], dated: Iterable[tuple[int, Days]], events: Sequence[Event], most: int | None
) -> Week:
    """One week; each event takes the first lane that is free on all of its days."""
    column = {day: n for n, day in enumerate(row) if day is not None}
    first, last = min(column), max(column)
    taken: list[set[int]] = []
    bars, hidden = [], [0] * _WEEK
    for n, span in dated:
        if span.first > last or span.last < first:
            continue
        begin, end = column[max(span.first, first)], column[min(span.last, last)]
        places = set(range(begin, end + 1))
        lane = next((at for at, busy in enumerate(taken) if not busy & places), len(taken))
        if most is not None and lane >= most:
            for place in places:
                hidden[place] += 1
            continue
        if lane == len(taken):
            taken.append(set())
        taken[lane] |= places
        whole = events[n].days
        assert whole is not None
        before, after = whole.first < max(span.first, first), whole.last > min(span.last, last)
        bars.append(Bar(n, begin, end, lane, before, after))
    return Week(row, tuple(bars), tuple(hidden))


def by_day(events: Iterable[Event], window: Days) -> Iterator[tuple[date, list[Event]]]:
    """Every day of a window with its events, in their order; those known to a month or a year have no days."""
    found: dict[int, list[Event]] = {at: [] for at in range(window.first.toordinal(), window.last.toordinal() + 1)}
    for event in events:
        if span := _clipped(event, window):
            for at in range(span.first.toordinal(), span.last.toordinal() + 1):
                found[at].append(event)
    return ((date.fromordinal(at), some) for at, some in found.items())
