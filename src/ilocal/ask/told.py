"""Dates told in words, so that whoever typed them sees how they were read."""

from __future__ import annotations

from datetime import date, datetime

from ilocal.dates import Month, Point, Span, Year, month_heading, month_name, weekday_name
from ilocal.i18n.messages import _, n_, spoken


def describe_period(span: Span) -> str:
    """`Tuesday 25 February 2020 to Saturday 29 February 2020, 5 days`; `some time in February 2020`."""
    first, last = span.days
    days = n_("{n} day", "{n} days", (last - first).days + 1)
    if span.end is not None and span.end != span.start:
        return _("{start} to {end}, {days}", start=_point(span.start), end=_point(span.end), days=days)
    if isinstance(span.start, (Month, Year)):
        return _("some time in {month}", month=_point(span.start))
    if isinstance(span.start, datetime):
        return _point(span.start)
    return _("{start}, {days}", start=_point(span.start), days=days)


def _point(point: Point) -> str:
    if not isinstance(point, date):
        return month_heading(point, spoken(), "")
    lang = spoken()
    # Translators: {weekday} is a name, and so is {month}; in Vietnamese that is a number.
    day = _(
        "{weekday} {day} {month} {year}",
        weekday=weekday_name(point.weekday(), lang),
        day=point.day,
        month=point.month if lang == "vi" else month_name(point.month, lang),
        year=point.year,
    )
    if not isinstance(point, datetime):
        return day
    zone = f"{point:%z}"
    clock = f"{point:%H:%M}" + (f" UTC{zone[:3]}:{zone[3:5]}" if zone else "")
    return _("{day} at {time}", day=day, time=clock)
