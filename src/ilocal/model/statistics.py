"""Events counted by one of their fields, one by one as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from ilocal.model.dates import Month, Year
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS_BY_SINGULAR, LIST_FIELDS
from ilocal.model.safe_text import collapse_whitespace
from ilocal.model.text_folding import fold_text

GroupBy = Literal["month", "year", "kind", "project", "topic", "organizer", "location", "status"]
PERIOD_GROUPS = ("month", "year")
_MAX_PERIODS = 600  # periods, such as the months of fifty years


class StatisticsRow(NamedTuple):
    """A value and how many events have it; `key` is "" for events without one, a period is in ISO 8601."""

    key: str
    event_count: int


@dataclass(frozen=True, slots=True)
class EventStatistics:
    """The counts; `events` is how many events were counted, `total` how often: one with two topics counts twice."""

    group_by: GroupBy
    rows: tuple[StatisticsRow, ...]
    event_count: int

    @property
    def list_period_counts(self) -> tuple[StatisticsRow, ...]:
        """The rows for machine-readable output: if there are very many periods, only those with events."""
        return self.rows if len(self.rows) <= _MAX_PERIODS else tuple(row for row in self.rows if row.event_count)

    @property
    def count_all_events(self) -> int:
        return sum(row.event_count for row in self.rows)


def count_events_by(events: Iterable[Event], by: GroupBy) -> EventStatistics:
    """Return the number of events by value. Periods come in order, including empty ones between; other values by count.

    An event of several days counts in the period in which it begins. Values that are equal when folded count together,
    under their most frequent spelling.
    """
    if by in PERIOD_GROUPS:
        return _count_by_period(events, by)
    values = _make_event_value_getter(by)
    folded = _NameCounter()
    counts: Counter[str] = Counter()
    n = 0
    for event in events:
        counts.update(folded.add_names(values(event)))
        n += 1
    named = [StatisticsRow(folded.most_frequent_spelling(key), many) for key, many in counts.items()]
    rows = sorted(named, key=lambda row: (not row.key, -row.event_count, fold_text(row.key), row.key))
    return EventStatistics(by, tuple(rows), n)


def _make_event_value_getter(by: GroupBy) -> Callable[[Event], tuple[str, ...]]:
    """Return a function that returns the values of an event in a field."""
    name = FIELDS_BY_SINGULAR.get(by, by)
    if name in LIST_FIELDS:
        return lambda event: getattr(event, name)
    if by == "status":
        return lambda event: (event.status or "confirmed",)  # as the filters treat it
    return lambda event: (getattr(event, name),)


class _NameCounter:
    """Names by their folded form, with how often each spelling occurs."""

    def __init__(self) -> None:
        self._folded_names: dict[str, str] = {}  # folding a name takes longer than all the rest
        self._spellings: dict[str, Counter[str]] = {"": Counter()}

    def add_names(self, values: tuple[str, ...]) -> set[str]:
        """Return the folded names of one event, each once; {""} if it has none."""
        found = {self._add_name(value) for value in values if value}
        found.discard("")
        return found or {""}

    def _add_name(self, value: str) -> str:
        key = self._folded_names.get(value)
        if key is None:
            key = self._folded_names[value] = fold_text(value)
            self._spellings.setdefault(key, Counter())
        self._spellings[key][value] += 1
        return key

    def most_frequent_spelling(self, key: str) -> str:
        """Return the most frequent spelling; of equally frequent ones, the first in alphabetical order."""
        found = self._spellings[key]
        return collapse_whitespace(min(found, key=lambda value: (-found[value], value))) if key else ""


def _count_by_period(events: Iterable[Event], by: GroupBy) -> EventStatistics:
    counts: Counter[str] = Counter()
    n = 0
    for event in events:
        n, start = n + 1, event.start
        if start is None:
            counts[""] += 1
        elif by == "year" or isinstance(start, Year):
            counts[f"{start.year:04}"] += 1
        else:
            counts[f"{start.year:04}-{start.month:02}"] += 1
    rows = [StatisticsRow(key, counts[key]) for key in _iterate_periods(counts, by)]
    return EventStatistics(by, tuple(rows), n)


def _iterate_periods(counts: Counter[str], by: GroupBy) -> Iterator[str]:
    """Yield all periods from the first to the last; a year (of events without a month) comes before its months."""
    known = sorted(filter(None, counts))
    if known and by == "year":
        yield from map(str, map(Year, range(int(known[0]), int(known[-1]) + 1)))
    elif known:
        months = [key for key in known if len(key) > 4]
        years = {key for key in known if len(key) == 4}
        for year in range(int(known[0][:4]), int(known[-1][:4]) + 1):
            if f"{year:04}" in years:
                yield f"{year:04}"
            inside = (str(Month(year, n)) for n in range(1, 13)) if months else ()
            yield from (key for key in inside if months[0] <= key <= months[-1])
    if "" in counts:
        yield ""


def parse_period_key(key: str) -> date | Month | Year | None:
    """Return the period of a row's key; None for events without a date."""
    if not key:
        return None
    return Year(int(key)) if len(key) == 4 else Month(int(key[:4]), int(key[5:]))


def group_event_counts_by_year(rows: Iterable[StatisticsRow]) -> dict[int, list[int]]:
    """Return the counts of months by year, in order, each as a list of twelve."""
    found: dict[int, list[int]] = {}
    for key, n in rows:
        if len(key) > 4:
            found.setdefault(int(key[:4]), [0] * 12)[int(key[5:]) - 1] = n
    return found
