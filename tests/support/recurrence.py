"""Occurrences of a rule without a registry."""

from __future__ import annotations

from datetime import date, timedelta

from ilocal.model.dates import DateRange, PartialDate
from ilocal.model.recurrence import expand_recurrence

ALL_DAYS = DateRange(date(1990, 1, 1), date(2030, 12, 31))


def list_starts(
    start: PartialDate, rule: str, window: DateRange = ALL_DAYS, exdates: tuple[PartialDate, ...] = ()
) -> list[PartialDate]:
    """Return when the occurrences of a rule start."""
    return expand_recurrence(start, rule, (), exdates, window, duration=timedelta())
