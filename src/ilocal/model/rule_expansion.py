"""Expansion of a recurrence rule, as defined by RFC 5545, 3.3.10, and RFC 8984, 4.3.3.1.

A rule is expanded by its *periods*: the years, months, weeks, days or hours that its frequency and interval name,
numbered from the one with the start. Each part of the rule is a condition on a day or on a time of day, and BYSETPOS
selects among the dates in a period. All calculations use local time.

The work is bounded: periods before a window are skipped, and a rule without a date for a whole cycle of the Gregorian
calendar has no further dates.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, product
from operator import itemgetter
from typing import Any

from ilocal.model.rule_periods import LAST_DAY, DayFilter, Hours, Months, Periods, Weeks, Years

PARTS_OF_DAYS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY")
_MAX_LISTED_TIMES = 1440  # times of a day; more are made one by one
_PERIODS_PER_MARK = 256


@dataclass(frozen=True, slots=True)
class Rule:
    """A validated rule. `by` has lists of numbers, and for BYDAY of (weekday from 0, ordinal or 0)."""

    frequency: str
    interval: int
    count: int | None
    until: date | None  # a day, or a time: local, or in UTC
    week_start: int
    by: Mapping[str, tuple[Any, ...]]


def complete_recurrence_parts(rule: Rule, first: datetime) -> dict[str, tuple[Any, ...]]:
    """Return the parts of a rule about days, with those that follow from its start (RFC 8984, 4.3.3.1)."""
    by = {name: rule.by[name] for name in PARTS_OF_DAYS if name in rule.by}
    day_of_month, weekday = (first.day,), ((first.weekday(), 0),)
    if rule.frequency == "WEEKLY":
        by.setdefault("BYDAY", weekday)
    elif rule.frequency == "MONTHLY" and not {"BYDAY", "BYMONTHDAY"} & by.keys():
        by["BYMONTHDAY"] = day_of_month
    elif rule.frequency == "YEARLY" and "BYYEARDAY" not in by:
        given = {*by}
        if not {"BYMONTH", "BYWEEKNO"} & given and ("BYMONTHDAY" in given or "BYDAY" not in given):
            by["BYMONTH"] = (first.month,)
        if not {"BYMONTHDAY", "BYWEEKNO", "BYDAY"} & given:
            by["BYMONTHDAY"] = day_of_month
        if "BYWEEKNO" in given and not {"BYMONTHDAY", "BYDAY"} & given:
            by["BYDAY"] = weekday
    return by


# --------------------------------------------------------------------------------------------------------------- times


class _Clock(Sequence[time]):
    """The times of a day, in order, as combinations of hours with minutes and seconds; computed on demand."""

    def __init__(self, hours: Sequence[int], rest: Sequence[tuple[int, int]], microsecond: int) -> None:
        self._hours, self._rest, self._microsecond = hours, rest, microsecond

    def __len__(self) -> int:
        return len(self._hours) * len(self._rest)

    def __getitem__(self, index: Any) -> Any:
        hour, at = divmod(range(len(self))[index], len(self._rest))
        minute, second = self._rest[at]
        return time(self._hours[hour], minute, second, self._microsecond)


def _clock(hours: Iterable[int], rest: Sequence[tuple[int, int]], microsecond: int) -> Sequence[time]:
    found = _Clock(sorted(hours), rest, microsecond)
    return tuple(found) if len(found) <= _MAX_LISTED_TIMES else found


def _list_bysetpos_places(positions: Iterable[int], size: int) -> list[int]:
    """Return the places, from 0, that BYSETPOS chooses in a set of this size."""
    return sorted({at - 1 if at > 0 else size + at for at in positions if abs(at) <= size})


# ----------------------------------------------------------------------------------------------------------- expansion


class _Dates(Sequence[datetime]):
    """The dates of one period: all times on all its days, or those at the places that BYSETPOS chooses."""

    def __init__(self, number: int, days: Sequence[int], clock: Sequence[time], places: Sequence[int] | None) -> None:
        self.number, self._days, self._clock, self._places = number, days, clock, places
        self._size = len(days) * len(clock) if places is None else len(places)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: Any) -> Any:
        day, at = divmod(index if self._places is None else self._places[index], len(self._clock))
        return datetime.combine(date.fromordinal(self._days[day]), self._clock[at])

    def since(self, index: int) -> Iterable[datetime]:
        """Return the dates from a place on."""
        if index or self._places is not None or len(self._clock) > 1:
            return map(self.__getitem__, range(index, self._size))
        (at,) = self._clock
        return [datetime.combine(date.fromordinal(day), at) for day in self._days]


class Expansion:
    """The dates of a rule from a start on. The start is always the first date, and counts (RFC 8984, 4.3.3.1)."""

    def __init__(self, rule: Rule, first: datetime) -> None:
        self.first = first
        self._count = rule.count
        self._positions: tuple[int, ...] = rule.by.get("BYSETPOS", ())
        self._marks: list[tuple[int, int]] = []  # numbers of periods, each with the number of dates before it
        self._minutes = self._find_minutes(rule)
        self._clock = self._find_clock(rule)
        by = complete_recurrence_parts(rule, first)
        self._step = self._find_recurrence_step(rule, by)
        self._periods = self._find_periods(rule, by)
        self._is_hourly = rule.frequency == "HOURLY" and 24 % rule.interval != 0
        # Whether it has no further dates, as after a whole cycle of the calendar without one.
        self._is_exhausted = not (self._minutes if self._is_hourly else self._clock)

    def _find_minutes(self, rule: Rule) -> Sequence[tuple[int, int]]:
        """Return the minutes and seconds of an hour; of a rule by the hour, those that BYSETPOS chooses."""
        # Leap seconds are not represented: RFC 5545, 3.3.12, treats 60 as 59.
        seconds = sorted({min(second, 59) for second in rule.by.get("BYSECOND", (self.first.second,))})
        found = list(product(sorted(rule.by.get("BYMINUTE", (self.first.minute,))), seconds))
        if rule.frequency == "HOURLY" and self._positions:
            found = [found[place] for place in _list_bysetpos_places(self._positions, len(found))]
            self._positions = ()
        return found

    def _find_clock(self, rule: Rule) -> Sequence[time]:
        """Return the times of a day; of a rule by the day, those that BYSETPOS chooses."""
        hours: Iterable[int] = rule.by.get("BYHOUR", (self.first.hour,))
        if rule.frequency == "HOURLY":
            reached = set(range(self.first.hour % rule.interval, 24, rule.interval))
            hours = reached.intersection(rule.by.get("BYHOUR", reached))
        found = _clock(hours, self._minutes, self.first.microsecond)
        if rule.frequency == "DAILY" and self._positions:
            found = tuple(found[place] for place in _list_bysetpos_places(self._positions, len(found)))
            self._positions = ()
        return found

    def _find_recurrence_step(self, rule: Rule, by: Mapping[str, Any]) -> timedelta | None:
        """Return the distance between consecutive dates if it is constant, else None."""
        at = (self.first.minute, self.first.second)
        if self._positions or len(self._minutes) != 1 or self._minutes[0] != at:
            return None
        if rule.frequency == "HOURLY" and not by and "BYHOUR" not in rule.by:
            return timedelta(hours=rule.interval)
        is_alone = len(self._clock) == 1 and self._clock[0].hour == self.first.hour
        if rule.frequency == "DAILY" and not by and is_alone:
            return timedelta(days=rule.interval)
        if rule.frequency == "WEEKLY" and by == {"BYDAY": ((self.first.weekday(), 0),)} and is_alone:
            return timedelta(weeks=rule.interval)
        return None

    def _find_periods(self, rule: Rule, by: Mapping[str, tuple[Any, ...]]) -> Periods:
        """Return the periods of a rule; a rule that selects the same days in any frequency is expanded year by year."""
        frequency, interval, first = rule.frequency, rule.interval, self.first
        days = DayFilter(by, rule.week_start, counts_in_month=frequency == "MONTHLY" or "BYMONTH" in by)
        if frequency == "HOURLY" and 24 % interval:
            return Hours(first, interval, days if by else None, rule.by.get("BYHOUR", ()))
        if frequency == "HOURLY":
            frequency, interval = "DAILY", 1
        has_weekdays_alone = by.keys() == {"BYDAY"}
        if interval == 1 and by and not self._positions:
            if frequency == "DAILY" and has_weekdays_alone:
                frequency = "WEEKLY"
            elif frequency != "WEEKLY" or not has_weekdays_alone:
                frequency = "YEARLY"
        if frequency == "YEARLY":
            return Years(first, interval, days)
        if frequency == "MONTHLY":
            return Months(first, interval, days)
        if frequency == "WEEKLY":
            weekdays = {(day - rule.week_start) % 7 for day, _which in by["BYDAY"]} if has_weekdays_alone else set()
            return Weeks(first, interval, days, rule.week_start, sorted(weekdays))
        return Hours(first.replace(hour=0), 24 * interval, days if by else None, ())

    def includes_first(self) -> bool:
        """Return whether the rule itself gives the start, which is a date in any case."""
        if self._step is not None:
            return True
        number = self._periods.number(self.first)
        dates = next(self._iterate_recurrence_periods(number, self.first.toordinal()), None)
        if dates is None or dates.number != number:
            return False
        place = bisect_left(dates, self.first)
        return place < len(dates) and bool(dates[place] == self.first)

    def between(self, begin: datetime, stop: datetime) -> Iterator[datetime]:
        """Return the dates after the first one, in order, that are not before `begin` and not after `stop`."""
        if self._step is not None:
            return self._steps(self._step, begin, stop)
        return self._dates(begin, stop)

    def _steps(self, step: timedelta, begin: datetime, stop: datetime) -> Iterator[datetime]:
        last = (stop - self.first) // step
        if self._count is not None:
            last = min(last, self._count - 1)
        for number in range(max(-((self.first - begin) // step), 1), last + 1):
            yield self.first + number * step

    def _dates(self, begin: datetime, stop: datetime) -> Iterator[datetime]:
        begin = max(begin, self.first)
        if begin > stop:
            return
        number = self._periods.number(begin)
        left = None if self._count is None else self._count - 1 - self._count_occurrences_before(number)
        for dates in self._iterate_recurrence_periods(number, stop.toordinal()):
            index = self._count_occurrences_until(dates, begin) if dates.number == number else 0
            found = dates.since(index)
            if left is not None:
                left -= index
                found = islice(found, max(left, 0))
                left -= len(dates) - index
            for moment in found:
                if moment > stop:
                    return
                yield moment
            if left is not None and left <= 0:
                return

    def _count_occurrences_until(self, dates: _Dates, begin: datetime) -> int:
        """Return the place of the first date that is not before `begin`, and after the start."""
        if begin <= self.first:
            return bisect_right(dates, self.first)
        return bisect_left(dates, begin)

    def _iterate_recurrence_periods(self, number: int, last_day: int) -> Iterator[_Dates]:
        """Yield the periods that have dates, from `number` on, up to the last one that begins by `last_day`."""
        periods, empty_since = self._periods, number
        while not self._is_exhausted and periods.start(number) <= last_day:
            days = periods.days(number)
            clock = self._clock_of(number) if days else ()
            places = _list_bysetpos_places(self._positions, len(days) * len(clock)) if self._positions else None
            if days and places != []:
                yield _Dates(number, days, clock, places)
                number += 1
                empty_since = number
            else:
                self._is_exhausted = number - empty_since > periods.cycle
                number = periods.following(number)

    def _clock_of(self, number: int) -> Sequence[time]:
        if not self._is_hourly or not isinstance(self._periods, Hours):
            return self._clock
        return _clock([self._periods.hour(number)], self._minutes, self.first.microsecond)

    def _count_occurrences_before(self, number: int) -> int:
        """Return how many dates after the start are in the periods before this one; at least COUNT if there are more.

        Where it has been counted before, it goes on from a mark on the way.
        """
        assert self._count is not None
        if not self._marks:
            own = next(self._iterate_recurrence_periods(0, self.first.toordinal()), None)
            is_own = own is not None and own.number == 0
            self._marks.append((0, -bisect_right(own, self.first) if is_own and own is not None else 0))
        at, count = self._marks[bisect_right(self._marks, number, key=itemgetter(0)) - 1]
        for visited, dates in enumerate(self._iterate_recurrence_periods(at, LAST_DAY), 1):
            if dates.number >= number or count >= self._count:
                break
            count += len(dates)
            if visited % _PERIODS_PER_MARK == 0:
                self._marks.append((dates.number + 1, count))
        return count
