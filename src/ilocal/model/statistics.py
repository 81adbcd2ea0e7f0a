"""Events counted by one of their fields, one by one as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from ilocal.model.dates import Month, Year
from ilocal.model.event import Event
from ilocal.model.safe_text import one_line
from ilocal.model.text_folding import fold

By = Literal["month", "year", "kind", "project", "topic", "organizer", "location", "status"]
TIMES = ("month", "year")
_MOST = 600  # periods, such as the months of fifty years
_LISTS = {"project": "projects", "topic": "topics", "organizer": "organizers"}


class Row(NamedTuple):
    """One value and how many events have it; `key` is "" for events without, a period is written as in ISO 8601."""

    key: str
    n: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts; `events` is how many events were counted, `total` how often: one with two topics counts twice."""

    by: By
    rows: tuple[Row, ...]
    events: int

    @property
    def data(self) -> tuple[Row, ...]:
        """The rows for programs: of very many periods those with events alone, or one in year 1 would make 24,000."""
        return self.rows if len(self.rows) <= _MOST else tuple(row for row in self.rows if row.n)

    @property
    def total(self) -> int:
        return sum(row.n for row in self.rows)


def tally(events: Iterable[Event], by: By) -> Tally:
    """Count the events. Periods come in order, those without any between them as well; other values by count.

    An event of several days counts in the period in which it begins. Values that are the same when folded count
    together, under their most frequent spelling.
    """
    if by in TIMES:
        return _by_time(events, by)
    values = _values(by)
    folded = _Folded()
    counts: Counter[str] = Counter()
    n = 0
    for event in events:
        counts.update(folded.keys(values(event)))
        n += 1
    named = [Row(folded.spelling(key), many) for key, many in counts.items()]
    rows = sorted(named, key=lambda row: (not row.key, -row.n, fold(row.key), row.key))
    return Tally(by, tuple(rows), n)


def _values(by: By) -> Callable[[Event], tuple[str, ...]]:
    """What an event has in a field, as a list."""
    if by in _LISTS:
        name = _LISTS[by]
        return lambda event: getattr(event, name)
    if by == "status":
        return lambda event: (event.status or "confirmed",)  # as the filters have it
    return lambda event: (getattr(event, by),)


class _Folded:
    """Names by what they are folded, and how often each spelling of them was met."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}  # folding a name takes longer than all the rest
        self._spellings: dict[str, Counter[str]] = {"": Counter()}

    def keys(self, values: tuple[str, ...]) -> set[str]:
        """The folded names of one event, each once; "" where it has none."""
        found = {self._key(value) for value in values if value}
        found.discard("")
        return found or {""}

    def _key(self, value: str) -> str:
        key = self._keys.get(value)
        if key is None:
            key = self._keys[value] = fold(value)
            self._spellings.setdefault(key, Counter())
        self._spellings[key][value] += 1
        return key

    def spelling(self, key: str) -> str:
        """The most frequent spelling; of equally frequent ones the first by its letters."""
        found = self._spellings[key]
        return one_line(min(found, key=lambda value: (-found[value], value))) if key else ""


def _by_time(events: Iterable[Event], by: By) -> Tally:
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
    rows = [Row(key, counts[key]) for key in _periods(counts, by)]
    return Tally(by, tuple(rows), n)


def _periods(counts: Counter[str], by: By) -> Iterator[str]:
    """All periods from the first to the last; a year of which the month is not known before its months."""
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


def point_of(key: str) -> date | Month | Year | None:
    """The period that a row's key names."""
    if not key:
        return None
    return Year(int(key)) if len(key) == 4 else Month(int(key[:4]), int(key[5:]))


def years_of(rows: Iterable[Row]) -> dict[int, list[int]]:
    """The counts of months as a list of twelve for each year, in order."""
    found: dict[int, list[int]] = {}
    for key, n in rows:
        if len(key) > 4:
            found.setdefault(int(key[:4]), [0] * 12)[int(key[5:]) - 1] = n
    return found
