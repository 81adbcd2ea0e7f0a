"""The days that fulfil a recurrence rule, and the periods that its frequency and interval name, by their numbers.

Days are ordinals (`date.toordinal`), or are counted from 0 in their year.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import isleap
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from math import gcd
from typing import Any

YEARS_PER_CYCLE = 400  # of the Gregorian calendar, which then begins again, also by the days of the week
DAYS_PER_CYCLE = 146_097
LAST_DAY = date.max.toordinal()


@lru_cache(maxsize=1 << 12)
def _find_year_start_of_recurrence(year: int) -> int:
    return date(year, 1, 1).toordinal()


@lru_cache(maxsize=2)
def _list_month_starts_of_recurrence(is_leap: bool) -> tuple[int, ...]:
    """Return the days of a year, counted from 0, on which its months begin, and its length."""
    starts = [0]
    for length in (31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31):
        starts.append(starts[-1] + length)
    return tuple(starts)


class DayFilter:
    """The days that meet all conditions of a rule on days.

    The days of a year depend only on its length and its first weekday (and, if weeks are numbered, on the lengths of
    its neighbours), so that they are computed once for each kind of year.
    """

    def __init__(self, by: Mapping[str, tuple[Any, ...]], week_start: int, *, counts_in_month: bool) -> None:
        self._by = by
        self._week_start = week_start
        self._counts_in_month = counts_in_month
        self._days_by_kind: dict[tuple[int, ...], list[int]] = {}

    def days_of(self, year: int) -> list[int]:
        """Return the days of a year, counted from 0, in order."""
        weekday = (_find_year_start_of_recurrence(year) - 1) % 7
        leap = isleap(year)
        kind = (weekday, leap, isleap(year - 1), isleap(year + 1)) if "BYWEEKNO" in self._by else (weekday, leap)
        found = self._days_by_kind.get(kind)
        if found is None:
            found = self._days_by_kind[kind] = self._find(year, weekday, leap)
        return found

    def _find(self, year: int, weekday: int, leap: bool) -> list[int]:
        by, starts = self._by, _list_month_starts_of_recurrence(leap)
        length = starts[-1]
        sets = []
        if "BYMONTH" in by or "BYMONTHDAY" in by:
            sets.append(self._days_in_months(starts))
        if "BYYEARDAY" in by:
            sets.append({day - 1 if day > 0 else length + day for day in by["BYYEARDAY"]})
        if "BYWEEKNO" in by:
            sets.append(self._days_in_weeks(year, weekday, length))
        if "BYDAY" in by:
            sets.append(self._days_of_the_week(weekday, starts))
        found = set.intersection(*sets) if sets else set(range(length))
        return sorted(day for day in found if 0 <= day < length)

    def _days_in_months(self, starts: Sequence[int]) -> set[int]:
        found: set[int] = set()
        for month in self._by.get("BYMONTH", range(1, 13)):
            start, stop = starts[month - 1], starts[month]
            if "BYMONTHDAY" not in self._by:
                found.update(range(start, stop))
                continue
            for day in self._by["BYMONTHDAY"]:
                at = start + day - 1 if day > 0 else stop + day
                if start <= at < stop:
                    found.add(at)
        return found

    def _days_in_weeks(self, year: int, weekday: int, length: int) -> set[int]:
        """Return the days in the weeks of BYWEEKNO, also those that are numbered with a neighbouring year."""

        def first_week(jan_1: int) -> int:
            """Return the start of the first week, which has four days or more in its year."""
            before = ((weekday + jan_1) - self._week_start) % 7
            return jan_1 - before if before <= 3 else jan_1 + 7 - before

        previous, following = 365 + isleap(year - 1), 365 + isleap(year + 1)
        starts = [first_week(at) for at in (-previous, 0, length, length + following)]
        found: set[int] = set()
        for start, stop in pairwise(starts):
            weeks = (stop - start) // 7
            for number in self._by["BYWEEKNO"]:
                if abs(number) <= weeks:
                    at = start + 7 * (number - 1 if number > 0 else weeks + number)
                    found.update(range(at, at + 7))
        return found

    def _days_of_the_week(self, weekday: int, starts: Sequence[int]) -> set[int]:
        """Return the days of BYDAY: all with a name, or the one with a number in each month or in the year."""
        spans = [(starts[0], starts[-1])]
        if self._counts_in_month:
            months = self._by.get("BYMONTH", range(1, 13))
            spans = [(starts[month - 1], starts[month]) for month in months]
        found: set[int] = set()
        for day, which in self._by["BYDAY"]:
            for start, stop in spans:
                first = start + (day - weekday - start) % 7
                if which == 0:
                    found.update(range(first, stop, 7))
                    continue
                last = first + (stop - 1 - first) // 7 * 7
                at = first + 7 * (which - 1) if which > 0 else last + 7 * (which + 1)
                if start <= at < stop:
                    found.add(at)
        return found

    def between(self, start: int, stop: int) -> list[int]:
        """Return the ordinals of the days from `start` up to, and without, `stop`; at most a year."""
        start, stop = max(start, 1), min(stop, LAST_DAY + 1)
        found: list[int] = []
        while start < stop:
            year = date.fromordinal(start).year
            base, days = _find_year_start_of_recurrence(year), self.days_of(year)
            end = min(stop, base + 365 + isleap(year))
            found += [base + day for day in days[bisect_left(days, start - base) : bisect_left(days, end - base)]]
            start = end
        return found

    def next_day(self, ordinal: int) -> int:
        """Return the ordinal of the first matching day from `ordinal` on; LAST_DAY + 1 if there is none."""
        if ordinal > LAST_DAY:
            return ordinal
        first = date.fromordinal(ordinal).year
        for year in range(first, min(first + YEARS_PER_CYCLE, date.max.year) + 1):
            base, days = _find_year_start_of_recurrence(year), self.days_of(year)
            at = bisect_left(days, ordinal - base)
            if at < len(days):
                return base + days[at]
        return LAST_DAY + 1


# ------------------------------------------------------------------------------------------------------------- periods


class Periods:
    """The periods of a rule, by their numbers. `cycle` is after how many of them the calendar begins again."""

    def __init__(self, cycle: int, interval: int) -> None:
        self.interval = interval
        self.cycle = cycle // gcd(cycle, interval)

    def number(self, moment: datetime) -> int:
        """Return the number of the last period that does not begin after a moment."""
        raise NotImplementedError

    def start(self, number: int) -> int:
        """Return the ordinal of the first day of a period, which may be beyond either end of the calendar."""
        raise NotImplementedError

    def days(self, number: int) -> list[int]:
        """Return the ordinals of the days of a period that match the rule."""
        raise NotImplementedError

    def following(self, number: int) -> int:
        """Return a later number before which no period has any days."""
        return number + 1


class Years(Periods):
    """Years of the calendar."""

    def __init__(self, first: datetime, interval: int, days: DayFilter) -> None:
        super().__init__(YEARS_PER_CYCLE, interval)
        self._first, self._days = first.year, days

    def number(self, moment: datetime) -> int:
        return (moment.year - self._first) // self.interval

    def start(self, number: int) -> int:
        year = self._first + number * self.interval
        return _find_year_start_of_recurrence(year) if year <= date.max.year else LAST_DAY + 1

    def days(self, number: int) -> list[int]:
        year = self._first + number * self.interval
        base = _find_year_start_of_recurrence(year)
        return [base + day for day in self._days.days_of(year)]


class Months(Periods):
    """Months of the calendar."""

    def __init__(self, first: datetime, interval: int, days: DayFilter) -> None:
        super().__init__(12 * YEARS_PER_CYCLE, interval)
        self._first, self._days = first.year * 12 + first.month - 1, days

    def number(self, moment: datetime) -> int:
        return (moment.year * 12 + moment.month - 1 - self._first) // self.interval

    def start(self, number: int) -> int:
        return self._get_first_month_of_period(self._first + number * self.interval)

    @staticmethod
    def _get_first_month_of_period(month: int) -> int:
        year = month // 12
        return (
            _find_year_start_of_recurrence(year) + _list_month_starts_of_recurrence(isleap(year))[month % 12]
            if year <= date.max.year
            else LAST_DAY + 1
        )

    def days(self, number: int) -> list[int]:
        month = self._first + number * self.interval
        return self._days.between(self._get_first_month_of_period(month), self._get_first_month_of_period(month + 1))


class Weeks(Periods):
    """Weeks. If the rule only has weekdays, `offsets` are those, counted from the first day of the week."""

    def __init__(self, first: datetime, interval: int, days: DayFilter, week_start: int, offsets: list[int]) -> None:
        super().__init__(DAYS_PER_CYCLE // 7, interval)
        self._first = first.toordinal() - (first.weekday() - week_start) % 7
        self._days, self._offsets = days, offsets

    def number(self, moment: datetime) -> int:
        return (moment.toordinal() - self._first) // (7 * self.interval)

    def start(self, number: int) -> int:
        return self._first + 7 * self.interval * number

    def days(self, number: int) -> list[int]:
        start = self._first + 7 * self.interval * number
        if not self._offsets:
            return self._days.between(start, start + 7)
        found = [start + offset for offset in self._offsets]
        return found if 1 <= start <= LAST_DAY - 6 else [day for day in found if 1 <= day <= LAST_DAY]


class Hours(Periods):
    """Single hours, of which only those in `hours` count; or days, as intervals that are multiples of 24 hours."""

    def __init__(self, first: datetime, interval: int, days: DayFilter | None, hours: Sequence[int]) -> None:
        super().__init__(24 * DAYS_PER_CYCLE, interval)
        self._first, self._days, self._hours = first.toordinal() * 24 + first.hour, days, hours

    def number(self, moment: datetime) -> int:
        return (moment.toordinal() * 24 + moment.hour - self._first) // self.interval

    def start(self, number: int) -> int:
        return (self._first + number * self.interval) // 24

    def hour(self, number: int) -> int:
        """Return the hour of the day at which a period begins."""
        return (self._first + number * self.interval) % 24

    def days(self, number: int) -> list[int]:
        day, hour = divmod(self._first + number * self.interval, 24)
        if self._hours and hour not in self._hours:
            return []
        return [day] if self._days is None else self._days.between(day, day + 1)

    def following(self, number: int) -> int:
        if self._days is None:
            return number + 1
        day = self.start(number + 1)
        hours = self._days.next_day(day) * 24 - self._first
        return max(number + 1, -(-hours // self.interval))
