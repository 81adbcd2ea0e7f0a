"""Partial dates and ranges of dates: a year, a month, a day or a time, and their ISO text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from ilocal.errors import DateError
from ilocal.i18n.messages import N_, AnyMessage
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.model.safe_text import make_text_safe


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """A year of the Gregorian calendar, 1 to 9999."""

    year: int

    def __post_init__(self) -> None:
        date(self.year, 1, 1)  # the standard library's bounds are ours

    def __str__(self) -> str:
        return f"{self.year:04}"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


PartialDate = date | Month | Year  # a datetime is a date


class DateRange(NamedTuple):
    """The first and the last day of a range; both count."""

    first: date
    last: date

    def overlaps(self, other: DateRange) -> bool:
        """Return whether the two ranges share a day."""
        return self.first <= other.last and other.first <= self.last

    def contains(self, day: date) -> bool:
        """Return whether the day is one of them."""
        return self.first <= day <= self.last


def to_date_range(point: PartialDate) -> DateRange:
    """Return the first and the last day that `point` may mean."""
    if isinstance(point, datetime):
        return DateRange(point.date(), point.date())
    if isinstance(point, date):
        return DateRange(point, point)
    if isinstance(point, Year):
        return DateRange(date(point.year, 1, 1), date(point.year, 12, 31))
    return DateRange(date(point.year, point.month, 1), date(point.year, point.month, days_in_month(point)))


def days_in_month(month: Month) -> int:
    """Return the number of days in a month."""
    if month.month == 12:
        return 31
    return (date(month.year, month.month + 1, 1) - timedelta(days=1)).day


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included; `end` has the precision of `start`, or is None for a single date."""

    start: PartialDate
    end: PartialDate | None = None

    def __post_init__(self) -> None:
        if self.end is not None:
            validate_date_order(self.start, self.end)

    @property
    def date_range(self) -> DateRange:
        return compute_date_range(self.start, self.end)

    def __str__(self) -> str:
        return (
            format_iso_date(self.start)
            if self.end is None
            else f"{format_iso_date(self.start)}..{format_iso_date(self.end)}"
        )


def compute_date_range(start: PartialDate, end: PartialDate | None) -> DateRange:
    """Return the first and the last day that a period from `start` to `end` touches.

    A period does not include the time at which it ends (RFC 5545, 3.6.1): from 20:00 to 00:00 touches one day. A period
    that begins and ends at the same 00:00 touches the day that begins then.
    """
    if isinstance(end, datetime) and isinstance(start, datetime):
        first, last = start.date(), end.date()
        if last > first and end.time() == time.min:
            last -= timedelta(days=1)
        return DateRange(first, last)
    return DateRange(to_date_range(start).first, to_date_range(start if end is None else end).last)


def validate_date_order(start: PartialDate, end: PartialDate) -> None:
    """Raise DateError unless `end` has the form of `start` and is not before it."""
    if type(start) is type(end) is date and start <= end:
        return
    if get_precision(start) != get_precision(end):
        forms = {"end": _(get_precision(end)), "start": _(get_precision(start))}
        raise DateError(_("the end ({end}) must have the same form as the start ({start})", **forms))
    # Times are ordered by the instant, days by the written date: neither may go back.
    if end < start or to_date_range(end).last < to_date_range(start).first:  # type: ignore[operator]  # of one form, hence comparable
        raise DateError(
            _("the end ({end}) is before the start ({start})", end=format_iso_date(end), start=format_iso_date(start))
        )


def shift_end(end: PartialDate, start: PartialDate, to: PartialDate) -> PartialDate:
    """Return the end of a period that is moved from `start` to `to`; its length stays the same.

    `to` has the precision of `start`. Raises ValueError or OverflowError if the end would be beyond the calendar.
    """
    if isinstance(end, Year):
        return Year(to.year + end.year - start.year)
    if isinstance(end, Month) and isinstance(start, Month) and isinstance(to, Month):
        months = (to.year + end.year - start.year) * 12 + to.month + end.month - start.month - 1
        return Month(months // 12, months % 12 + 1)
    return to + (end - start)  # type: ignore[operator, return-value]  # of one form, hence days or times


def in_zone_of(point: PartialDate, start: PartialDate) -> PartialDate:
    """Return the same moment at the UTC offset of `start`, if `start` has one. Raises DateError beyond the calendar."""
    if not isinstance(start, datetime) or start.tzinfo is None:
        return point
    if not isinstance(point, datetime) or point.tzinfo is None:
        return point
    try:
        return point.astimezone(start.tzinfo)
    except OverflowError:
        values = {"day": format_iso_date(point), "start": format_iso_date(start)}
        raise DateError(
            _("{day} is outside the years 1 to 9999 in the time zone of the start ({start})", **values)
        ) from None


def get_precision(point: PartialDate) -> str:
    """Return the name of the precision of `point`, as a message id that the caller translates."""
    if isinstance(point, datetime):
        return N_("a local time") if point.tzinfo is None else N_("a time with its zone")
    return {date: N_("a day"), Month: N_("a month"), Year: N_("a year")}[type(point)]


def format_iso_date(point: PartialDate) -> str:
    """Return `point` in ISO 8601, in its own precision; `parse_iso_date` reads it back."""
    if isinstance(point, datetime):
        text = point.isoformat()
        return text.removesuffix(":00") if point.tzinfo is None and point.second == 0 == point.microsecond else text
    return point.isoformat() if isinstance(point, date) else str(point)


def parse_iso_date(text: str) -> PartialDate:
    """Return the date that `format_iso_date` wrote as `text`. Raises DateError."""
    try:
        if re.fullmatch("[0-9]{4}", text):
            return Year(int(text))
        if re.fullmatch("[0-9]{4}-[0-9]{2}", text):
            return Month(int(text[:4]), int(text[5:]))
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
        if re.fullmatch(r"[0-9-]{10}([T ][0-9:.]+|T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))", text):
            return datetime.fromisoformat(text)
    except ValueError as error:
        from ilocal.i18n.third_party import translate_library_message
        from ilocal.model.impossible_dates import explain_impossible_date

        reason = explain_impossible_date(text) or translate_library_message(str(error))
        raise unreadable_date_error(text, reason) from None
    raise unreadable_date_error(text, "")


_MAX_QUOTED_CHARACTERS = 100  # longest quote of a text that is not a date
DATE_EXAMPLES = N_('write 2020-02-25, 25/02/2020, "25 - 29 February 2020", "Tháng Hai 2020", 2020-02, +30d or today')


def unreadable_date_error(text: str, reason: AnyMessage) -> DateError:
    """Return the error for a text that is not a date; only one without a reason has a hint, with examples."""
    shown = make_text_safe(text if len(text) <= _MAX_QUOTED_CHARACTERS else text[:_MAX_QUOTED_CHARACTERS] + "…")
    if not reason:
        return DateError(_('cannot read "{text}" as a date', text=shown), hint=_(DATE_EXAMPLES))
    return DateError(_('cannot read "{text}" as a date: {reason}', text=shown, reason=reason), reason=reason)


def date_sort_key(point: PartialDate) -> int:
    """Return a sort key for dates: by first day; a year sorts before a day, and a day before its times."""
    first = to_date_range(point).first.toordinal() * 100_000
    if isinstance(point, Year):
        return first
    if isinstance(point, datetime):
        return first + 2 + point.hour * 3600 + point.minute * 60 + point.second
    return first + 1
