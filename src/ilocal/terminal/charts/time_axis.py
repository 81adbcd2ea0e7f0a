"""Time axis: maps days to cells of a line, and chooses calendar ticks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from ilocal.model.date_names import get_month_name_of_date
from ilocal.model.dates import DateRange, Month, to_date_range


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days from `first` to `last` on `width` cells."""

    first: date
    last: date
    width: int

    def first_cell_of(self, day: date) -> int:
        """Return the cell in which a day begins; days outside are clamped."""
        inside = min(max(day, self.first), self.last)
        return (inside - self.first).days * self.width // self.axis_length_in_days

    def last_cell_of(self, day: date) -> int:
        """Return the last cell of a day: the one before the next day's, but not before its own."""
        if day >= self.last:
            return self.width - 1
        return max(self.first_cell_of(day), self.first_cell_of(day + timedelta(days=1)) - 1)

    @property
    def axis_length_in_days(self) -> int:
        return (self.last - self.first).days + 1


class AxisTick(NamedTuple):
    """A labelled day on the axis."""

    day: date
    label: str


_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)
_DAY_STEPS = (1, 7)
_MIN_LABEL_GAP_CELLS = 2  # cells between labels, at least


def choose_axis_ticks(axis: TimeAxis, lang: str) -> list[AxisTick]:
    """Return the ticks of the finest step whose labels do not touch: days, weeks, months, quarters, years and longer.

    The first one includes its year if there is room.
    """
    for found in _iterate_tick_choices(axis, lang):
        for some in (_add_year_to_first_tick(found), found):
            if all(
                axis.first_cell_of(b.day) - axis.first_cell_of(a.day) >= len(a.label) + _MIN_LABEL_GAP_CELLS
                for a, b in pairwise(some)
            ):
                return some
    return []


def _iterate_tick_choices(axis: TimeAxis, lang: str) -> Iterator[list[AxisTick]]:
    for step in _DAY_STEPS:
        if axis.axis_length_in_days // step <= axis.width:
            yield _build_day_ticks(axis, step)
    for months in _MONTH_STEPS:
        if axis.axis_length_in_days // (months * 31) <= axis.width:
            yield _build_month_ticks(axis, months, lang)


def _add_year_to_first_tick(axis_ticks: list[AxisTick]) -> list[AxisTick]:
    if not axis_ticks or axis_ticks[0].label == f"{axis_ticks[0].day.year:04}":
        return axis_ticks
    (day, label), *rest = axis_ticks
    separator = "/" if "/" in label else " "
    return [AxisTick(day, f"{label}{separator}{day.year:04}"), *rest]


def _build_day_ticks(axis: TimeAxis, step: int) -> list[AxisTick]:
    """Return a tick for every day, or every Monday."""
    days_of_axis = map(date.fromordinal, range(axis.first.toordinal(), axis.last.toordinal() + 1))
    return [AxisTick(day, f"{day:%d}/{day:%m}") for day in days_of_axis if step == 1 or day.weekday() == 0]


def _build_month_ticks(axis: TimeAxis, step: int, lang: str) -> list[AxisTick]:
    """Return ticks for months, quarters, half years or years; January is labelled with its year."""
    found: list[AxisTick] = []
    at = axis.first.year * 12 + axis.first.month - 1
    for month in range(at - at % step, axis.last.year * 12 + 12, step):
        first = date(month // 12, month % 12 + 1, 1) if month >= 12 else date.min
        if month >= 12 and axis.first <= first <= axis.last:
            found.append(AxisTick(first, _label_month_tick(first, lang)))
    return found


def _label_month_tick(first: date, lang: str) -> str:
    if first.month == 1:
        return f"{first.year:04}"
    return f"T{first.month}" if lang == "vi" else get_month_name_of_date(first.month, lang)[:3]


def extend_axis_to_whole_months(span: DateRange) -> DateRange:
    """Return the range from the first day of its first month to the last day of its last month."""
    first, last = span
    return DateRange(
        to_date_range(Month(first.year, first.month)).first, to_date_range(Month(last.year, last.month)).last
    )
