"""Dates and rules as people write them. Law: what was read is described in words that are read as the same."""

# ruff: noqa: E501  (tables read best with a case a line)
from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from fuzz.common import DATES, TODAY, said, same
from ilocal.errors import DateError, InvalidEventError, UsageError
from ilocal.model.date_parser import parse_period
from ilocal.model.dates import DateRange, PartialDate, Period, Year, format_iso_date, parse_iso_date
from ilocal.model.describe import format_period
from ilocal.model.event import Event
from ilocal.model.occurrences import has_occurrence_at, list_occurrences_or_self, possible_date_range
from ilocal.model.recurrence import parse_rrule
from ilocal.model.recurrence_phrases import parse_recurrence as read_rule
from ilocal.model.recurrence_words import describe_recurrence

WORDS = (
    *DATES, "every ", "other ", "hằng ", "mỗi ", "tuần", "năm", "days", " until ", " đến hết ", " times", " lần", "FREQ=",
    "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "SECONDLY", ";INTERVAL=", ";COUNT=", ";UNTIL=", ";BYDAY=", ";WKST=",
    ";BYMONTH=", ";BYMONTHDAY=", ";BYYEARDAY=", ";BYWEEKNO=", ";BYSETPOS=", ";BYHOUR=", ";BYMINUTE=", ";BYSECOND=", "MO",
    "-1SU", "20301231", "20301231T170000Z", "-53", "366", "9999",
)  # fmt: skip
STARTS: tuple[PartialDate, ...] = (date(2020, 2, 29), datetime(2020, 2, 20, 8, 30), Year(2020), date(9999, 12, 30))
_SAID = (
    "25-29/02/2020", "30 Sep - 2 Oct 2020", "2020-02-25 +5d", "8h30 ngày 20/02/2020", "February 25 - 29, 2020",
    "thứ ba, 25 tháng 2 năm 2020", "2020-02-20 08:30-10:30", "2020-02-20T08:30:00-05:00", "every 2 weeks until 2021-06-30",
    "thứ hai, thứ sáu hằng tuần", "hằng năm, 5 lần", "every monday and friday", "quarterly", "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=3", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "FREQ=HOURLY;INTERVAL=7;BYHOUR=9",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;UNTIL=20301231T170000Z", "FREQ=DAILY;BYMINUTE=0,30;BYSECOND=60",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Yield the examples of the documentation."""
    for text in (*DATES, *_SAID):
        yield text.encode()


def check(data: bytes) -> None:
    """Check that a text is a period, a rule, both, or an error of ours."""
    text = data.decode("utf-8", "replace")
    _check_span(text)
    _check_rule(text)


def _check_span(text: str) -> None:
    try:
        span = parse_period(text, TODAY)
    except DateError as error:
        said(error.message)
        return
    assert span.date_range.first <= span.date_range.last
    same(parse_period(str(span), TODAY), span)
    for point in (span.start, span.end):
        same(point and parse_iso_date(format_iso_date(point)), point)
    shown = parse_period(
        format_period(span.start, span.end), TODAY
    )  # which leaves out parts of a second, and an end that is the start
    same(shown.date_range, span.date_range)


def _check_rule(text: str) -> None:
    for start in STARTS:
        try:
            rule = read_rule(text, start, TODAY)
        except UsageError as error:
            said(error.message)
            continue
        for lang in ("vi", "en"):
            if (words := describe_recurrence(rule, lang)) != rule:
                with suppress(UsageError):  # not all descriptions can be read: "on Monday" next to "every 2 weeks"
                    same(replace(parse_rrule(read_rule(words, start, TODAY)), until=None), _in_words(rule))
        _check_series(rule, start)


def _in_words(rule: str) -> object:
    """Return a rule reduced to what words express: the start of the week does not matter."""
    return replace(parse_rrule(rule), until=None, week_start=0)


def _check_series(rule: str, start: PartialDate) -> None:
    """Check that occurrences are in order and in the window, and that a narrower window has no other ones."""
    try:
        event = Event("Họp", start=start, rrule=rule)
    except InvalidEventError as error:
        said(error.message)
        return
    year = DateRange(date(start.year, 1, 1), date(min(start.year + 1, 9999), 12, 31))
    month = DateRange(date(year.last.year, 6, 1), date(year.last.year, 7, 15))
    found, inside = list_occurrences_or_self(event, year), list_occurrences_or_self(event, month)
    if event in (*found, *inside):  # too many to be listed
        return
    assert all(one.date_range is not None and one.date_range.first <= year.last for one in found)
    touching = [one for one in found if _touches(one, month)]
    same([one.start for one in inside], [one.start for one in touching])
    assert all(has_occurrence_at(event, one.recurrence_id or start) for one in found[:3])
    assert all(_touches(one, possible_date_range(event)) for one in found)


def _touches(one: Event, window: DateRange) -> bool:
    days = Period(one.start or TODAY, one.end).date_range
    return days.first <= window.last and days.last >= window.first
