"""A span of days as the cells of a line: which cell a day falls on, and where the ticks of a calendar stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from ilocal.model.date_names import month_name
from ilocal.model.dates import Days, Month, days


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
    """The ticks of the finest step whose labels stand apart: days, weeks, months, quarters, halves, years, …

    The first one says its year, where there is room for that.
    """
    for found in _choices(axis, lang):
        for some in (_with_year(found), found):
            if all(axis.cell(b.day) - axis.cell(a.day) >= len(a.label) + _APART for a, b in pairwise(some)):
                return some
    return []


def _choices(axis: Axis, lang: str) -> Iterator[list[Tick]]:
    for step in _DAYS:
        if axis.length // step <= axis.width:
            yield _by_days(axis, step)
    for months in _MONTHS:
        if axis.length // (months * 31) <= axis.width:
            yield _by_months(axis, months, lang)


def _with_year(found: list[Tick]) -> list[Tick]:
    if not found or found[0].label == f"{found[0].day.year:04}":
        return found
    (day, label), *rest = found
    separator = "/" if "/" in label else " "
    return [Tick(day, f"{label}{separator}{day.year:04}"), *rest]


def _by_days(axis: Axis, step: int) -> list[Tick]:
    """Every day, or every Monday."""
    days_of_axis = map(date.fromordinal, range(axis.first.toordinal(), axis.last.toordinal() + 1))
    return [Tick(day, f"{day:%d}/{day:%m}") for day in days_of_axis if step == 1 or day.weekday() == 0]


def _by_months(axis: Axis, step: int, lang: str) -> list[Tick]:
    """Months, quarters, halves or years; a January is called by its year."""
    found: list[Tick] = []
    at = axis.first.year * 12 + axis.first.month - 1
    for month in range(at - at % step, axis.last.year * 12 + 12, step):
        first = date(month // 12, month % 12 + 1, 1) if month >= 12 else date.min
        if month >= 12 and axis.first <= first <= axis.last:
            found.append(Tick(first, _name(first, lang)))
    return found


def _name(first: date, lang: str) -> str:
    if first.month == 1:
        return f"{first.year:04}"
    return f"T{first.month}" if lang == "vi" else month_name(first.month, lang)[:3]


def whole_months(span: Days) -> Days:
    """The span from the first day of its first month to the last day of its last."""
    first, last = span
    return Days(days(Month(first.year, first.month)).first, days(Month(last.year, last.month)).last)
