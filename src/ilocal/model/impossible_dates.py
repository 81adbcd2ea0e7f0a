"""Dates and times that no calendar and no clock has, and why."""

from __future__ import annotations

import re
from calendar import monthrange

from ilocal.i18n.messages import LazyMessage
from ilocal.i18n.messages import lazy_gettext as _

# Marked for translation in `date_names`, which cannot be imported here.
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_YEAR_FIRST_PATTERN = re.compile(
    r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?:(?P=sign)(?P<day>\d{1,2}))?(?!\d)"
)
_DAY_FIRST_PATTERN = re.compile(r"(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})(?!\d)")
_TIME_PATTERN = re.compile(
    r"(?<![\d+-])(?<![+-]\d)(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:[.]\d+)?(?![\d:])"
)
_OFFSET_PATTERN = re.compile(r"(?<=\d)(?P<offset>[+-](?P<hour>\d{2}):?(?P<minute>\d{2}))$")


def explain_impossible_date(text: str) -> LazyMessage | None:
    """Return why a numeric date or time in a text cannot exist; None if there is none, or all can."""
    for day in (*_YEAR_FIRST_PATTERN.finditer(text), *_DAY_FIRST_PATTERN.finditer(text)):
        if reason := _explain_impossible_day(
            int(day["year"]), int(day["month"]), int(day["day"]) if day["day"] else None
        ):
            return reason
    for clock in _TIME_PATTERN.finditer(text):
        if reason := _explain_impossible_time(int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)):
            return reason
    offset = _OFFSET_PATTERN.search(text)
    if offset and (int(offset["hour"]) > 23 or int(offset["minute"]) > 59):
        return _("{offset} is not an offset from UTC, which is written as +07:00", offset=offset["offset"])
    return None


def _explain_impossible_day(year: int, month: int, day: int | None) -> LazyMessage | None:
    if year == 0:
        return _("there is no year 0; the first year is 1")
    if not 1 <= month <= 12:
        return _("there is no month {month}; months are 1 to 12", month=month)
    days = monthrange(year, month)[1]
    if day is not None and not 1 <= day <= days:
        month_name = _(_MONTH_NAMES[month - 1])
        return _("{month} {year} has {days} days", month=month_name, year=f"{year:04}", days=days)
    return None


def _explain_impossible_time(hour: int, minute: int, second: int) -> LazyMessage | None:
    if hour == 24 and not minute and not second:
        return _("a day ends at 00:00 of the next one, not at 24:00")
    if hour > 23:
        return _("there is no hour {hour}; hours are 0 to 23", hour=hour)
    if minute > 59:
        return _("there is no minute {minute}; minutes are 0 to 59", minute=minute)
    return _("there is no second {second}; seconds are 0 to 59", second=second) if second > 59 else None
