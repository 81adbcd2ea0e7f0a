"""Occurrences of a rule without a registry."""

from __future__ import annotations

from datetime import date, timedelta

from ilocal.model.dates import Days, Point
from ilocal.model.recurrence import starts

ALL_DAYS = Days(date(1990, 1, 1), date(2030, 12, 31))


def list_starts(start: Point, rule: str, window: Days = ALL_DAYS, exdates: tuple[Point, ...] = ()) -> list[Point]:
    """Return when the occurrences of a rule start."""
    return starts(start, rule, (), exdates, window, lasting=timedelta())
