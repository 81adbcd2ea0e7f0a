"""A span of days as the cells of a line: which cell a day falls on, and where the ticks of a calendar stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from ilocal.dates import MONTHS, Days, Month, days


@dataclass(frozen=True, slots=True)
class Axis:
    """The days from `first` to `last` on `width` cells."""

    first: date
    last: date
    width: int

    def cell(self, day: date) -> int:
        """The cell on which a day begins; days outside fall on the first and the last."""
        inside = min(max(day, self.first), self.last)
        return (inside - self.first).days * self.width // self.length

    def end_cell(self, day: date) -> int:
        """The last cell of a day: the one before the next day's, and never before its own."""
        if day >= self.last:
            return self.width - 1
        return max(self.cell(day), self.cell(day + timedelta(days=1)) - 1)

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


class Tick(NamedTuple):
    """A day at which something begins, and what it is called."""

    day: date
    label: str


_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)
_DAYS = (1, 7)
_APART = 2  # cells between labels, at least


def ticks(axis: Axis, lang: str) -> list[Tick]:
    """The ticks of the finest step whose labels stand apart: days, weeks, months, quarters, halves, years, …"""
    for found in _choices(axis, lang):
        if all(
            axis.cell(later.day) - axis.cell(tick.day) >= len(tick.label) + _APART for tick, later in pairwise(found)
        ):
            return found
    return []


def _choices(axis: Axis, lang: str) -> Iterator[list[Tick]]:
    for step in _DAYS:
        if axis.length // step <= axis.width:
            yield _by_days(axis, step)
    for months in _MONTHS:
        if axis.length // (months * 31) <= axis.width:
            yield _by_months(axis, months, lang)


def _by_days(axis: Axis, step: int) -> list[Tick]:
    """Every day, or every Monday; the month is said with the first."""
    found = []
    for at in range(axis.first.toordinal(), axis.last.toordinal() + 1):
        day = date.fromordinal(at)
        if step == 1 or day.weekday() == 0:
            found.append(Tick(day, f"{day:%d}/{day:%m}"))
    return found


def _by_months(axis: Axis, step: int, lang: str) -> list[Tick]:
    """Months, quarters, halves or years; the year is said where it begins, and at the first tick."""
    found: list[Tick] = []
    at = axis.first.year * 12 + axis.first.month - 1
    at -= at % step
    while at // 12 <= axis.last.year and at // 12 < 10000:
        month = Month(at // 12, at % 12 + 1) if at >= 12 else None
        at += step
        if month is None or not axis.first <= days(month).first <= axis.last:
            continue
        found.append(Tick(days(month).first, _name(month, step, lang, is_first=not found)))
    return found


def _name(month: Month, step: int, lang: str, *, is_first: bool) -> str:
    if step >= 12 or month.month == 1:
        return f"{month.year:04}"
    name = f"T{month.month}" if lang == "vi" else MONTHS[lang][month.month - 1][:3]
    return f"{name} {month.year:04}" if is_first else name


def whole_months(span: Days) -> Days:
    """The span from the first day of its first month to the last day of its last."""
    first, last = span
    return Days(days(Month(first.year, first.month)).first, days(Month(last.year, last.month)).last)
