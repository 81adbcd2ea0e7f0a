"""Rules of recurrence (RFC 5545, 3.3.10): checked before they are used, expanded inside a window of days alone.

All is reckoned in local time, as the RFC wants it: an event at nine stays at nine when the clocks are changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import takewhile
from typing import Any

from ilocal.errors import DateError
from ilocal.i18n import third_party
from ilocal.i18n.messages import AnyMessage, n_
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.model.dates import DateRange, Month, PartialDate, Year
from ilocal.model.safe_text import escape_unsafe

MAX_OCCURRENCES = 10_000  # occurrences of one event in a window
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_PART_BOUNDS = {
    "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366), "BYHOUR": (0, 23), "BYMINUTE": (0, 59), "BYSECOND": (0, 60),
}  # fmt: skip
_DAY_PARTS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY")
_TIME_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_BYDAY_PATTERN = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL_PATTERN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_MAX_RULE_LENGTH = 1000  # characters of a rule
_CALENDAR_CYCLE_YEARS = 400  # years after which the Gregorian calendar begins again, also by the days of the week


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    """A rule whose parts can be relied on. `by` has lists of numbers, and of (weekday from 0, which one or 0)."""

    frequency: str
    interval: int
    count: int | None
    until: date | None  # a day, or a time: local, or in UTC
    week_start: int
    by_parts: Mapping[str, tuple[Any, ...]]


# ---------------------------------------------------------------------------------------------------------------- read


@lru_cache(maxsize=1 << 10)
def parse_rrule(text: str) -> RecurrenceRule:
    """The rule that is written as in iCalendar: `FREQ=YEARLY;BYMONTH=6`. Raises DateError."""
    parts = _split_rule_parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        known = ", ".join(FREQUENCIES)
        if frequency in ("SECONDLY", "MINUTELY"):
            raise _invalid_rule_error(
                text, _("FREQ={frequency} is too often ({known})", frequency=frequency, known=known)
            )
        raise _invalid_rule_error(text, _("FREQ is wanted ({known})", known=known))
    interval = _parse_part_number(text, "INTERVAL", parts.pop("INTERVAL", "1"), 1, 9999)
    count = _parse_part_number(text, "COUNT", parts.pop("COUNT"), 1, 1_000_000) if "COUNT" in parts else None
    until = _parse_until(text, parts.pop("UNTIL")) if "UNTIL" in parts else None
    if count is not None and until is not None:
        raise _invalid_rule_error(text, _("COUNT and UNTIL exclude each other"))
    week_start = parts.pop("WKST", "MO")
    if week_start not in WEEKDAY_CODES:
        raise _invalid_rule_error(text, _("WKST={day} is no day of the week", day=escape_unsafe(week_start)))
    by = {name: _parse_by_part(text, name, value, frequency) for name, value in parts.items()}
    rule = RecurrenceRule(frequency, interval, count, until, WEEKDAY_CODES.index(week_start), by)
    _validate_rule_parts(text, rule)
    return rule


def _split_rule_parts(text: str) -> dict[str, str]:
    if len(text) > _MAX_RULE_LENGTH or not re.fullmatch(
        r"[A-Za-z-]+=[A-Za-z0-9,+-]+(;[A-Za-z-]+=[A-Za-z0-9,+-]+)*;?", text
    ):
        raise _invalid_rule_error(text, _("not of the form FREQ=YEARLY;BYMONTH=6"))
    pairs = [part.split("=") for part in text.upper().rstrip(";").split(";")]
    parts = dict(pairs)
    if len(parts) < len(pairs):
        raise _invalid_rule_error(text, _("a part stands there twice"))
    unknown = [name for name in parts if name not in (*_BY_PART_BOUNDS, *_OTHER_PARTS)]
    if unknown:
        raise _invalid_rule_error(text, _("{part} is no part of a rule that is known here", part=unknown[0]))
    return parts


_OTHER_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY")


def _invalid_rule_error(text: str, reason: AnyMessage) -> DateError:
    shown = escape_unsafe(text if len(text) <= 80 else text[:80] + "…")
    return DateError(_('"{text}" is no rule of recurrence: {reason}', text=shown, reason=reason))


def _parse_part_number(text: str, name: str, value: str, least: int, most: int) -> int:
    if not re.fullmatch("[+-]?[0-9]{1,7}", value) or not least <= int(value) <= most:
        raise _invalid_rule_error(text, _("{part} goes from {least} to {most}", part=name, least=least, most=most))
    return int(value)


def _parse_until(text: str, value: str) -> date:
    found = _UNTIL_PATTERN.fullmatch(value)
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(number or 0) for number in found.groups()[:6])
        if found.group(4) is None:
            return date(year, month, day)
        until = datetime(year, month, day, hour, minute, min(second, 59))  # there are leap seconds
        return until.replace(tzinfo=UTC) if found.group(7) else until
    except ValueError:
        raise _invalid_rule_error(text, _("UNTIL is written 20301231 or 20301231T170000Z")) from None


def _parse_by_part(text: str, name: str, value: str, frequency: str) -> tuple[Any, ...]:
    items = value.split(",")
    if name == "BYDAY":
        return tuple(dict.fromkeys(_parse_byday_item(text, item, frequency) for item in items))
    least, most = _BY_PART_BOUNDS[name]
    numbers = tuple(dict.fromkeys(_parse_part_number(text, name, item, least, most) for item in items))
    if least < 0 and 0 in numbers:
        raise _invalid_rule_error(text, _("{part} has no 0", part=name))
    return numbers


def _parse_byday_item(text: str, item: str, frequency: str) -> tuple[int, int]:
    found = _BYDAY_PATTERN.fullmatch(item)
    if found is None:
        raise _invalid_rule_error(text, _("BYDAY={day} is no day of the week", day=escape_unsafe(item)))
    which = int(found.group(1) or 0)
    if found.group(1) and (which == 0 or abs(which) > 53):
        raise _invalid_rule_error(text, _("a day of the week is counted from 1 to 53"))
    if which and frequency not in ("YEARLY", "MONTHLY"):
        said = _(
            "BYDAY={days} counts days of a month or a year, and not with FREQ={frequency}",
            days=item,
            frequency=frequency,
        )
        raise _invalid_rule_error(text, said)
    return WEEKDAY_CODES.index(found.group(2)), which


def _validate_rule_parts(text: str, rule: RecurrenceRule) -> None:
    """Raise DateError for a rule that would run long and find nothing."""
    if "BYSETPOS" in rule.by_parts and (rule.frequency == "HOURLY" or len(rule.by_parts) == 1):
        raise _invalid_rule_error(text, _("BYSETPOS chooses among the days of another BY part"))
    days = {name: value for name, value in rule.by_parts.items() if name in _DAY_PARTS}
    of_month = rule.frequency == "MONTHLY" or "BYMONTH" in days
    if of_month and any(abs(which) > 5 for _, which in days.get("BYDAY", ())):
        raise _invalid_rule_error(text, _("there is no such day"))
    if len(days) > 1 or any(which for _, which in days.get("BYDAY", ())):
        frequency = rule.frequency if rule.frequency in ("YEARLY", "MONTHLY") else "YEARLY"
        ever = RecurrenceRule(frequency, 1, None, None, rule.week_start, days)
        # Near the last year there is, so that a search for nothing ends after one cycle of the calendar.
        if next(_iterate_rule(ever, datetime(9999 - _CALENDAR_CYCLE_YEARS, 1, 1), None), None) is None:
            raise _invalid_rule_error(text, _("there is no such day"))


def validate_rrule(text: str, start: PartialDate) -> None:
    """Raise DateError unless the rule can be expanded for an event that begins like `start`."""
    rule = parse_rrule(text)
    if isinstance(start, (Month, Year)):
        known = ("BYMONTH",) if isinstance(start, Month) else ()
        allowed = ("YEARLY", "MONTHLY") if isinstance(start, Month) else ("YEARLY",)
        if rule.frequency not in allowed or any(name not in known for name in rule.by_parts):
            raise _invalid_rule_error(text, _("the start is not known to the day"))
    elif not isinstance(start, datetime) and rule.frequency == "HOURLY":
        raise _invalid_rule_error(text, _("the start has no time"))
    elif rule.frequency == "HOURLY":
        try:
            _iterate_rule(rule, _to_local_datetime(start, start), None)
        except ValueError as error:  # hours that its interval never comes to
            raise _invalid_rule_error(
                text, third_party.translate_library_message(str(error).rstrip(".").lower())
            ) from None


# -------------------------------------------------------------------------------------------------------------- expand


def expand_recurrence(
    start: PartialDate, text: str, rdates: Iterable[PartialDate], exdates: Iterable[PartialDate], window: DateRange, *,
    duration: timedelta, zone: tzinfo | None = None,
) -> list[PartialDate]:  # fmt: skip
    """When the occurrences of an event begin, in order: those that may touch the window, and perhaps some beside it.

    `lasting` is how long one takes, `zone` what an UNTIL in UTC is told in. Raises DateError for more than MOST.
    """
    first = _to_local_datetime(start, start)
    found = {_to_local_datetime(point, start) for point in rdates}
    rule = parse_rrule(text) if text else None
    until = None if rule is None or rule.until is None else _localize_until(rule.until, zone)
    if until is None or first <= until:
        found.add(first)
    if rule is not None:
        try:
            for moment in _expand_in_window(rule, first, until, window, duration, timed=isinstance(start, datetime)):
                found.add(moment)
                if len(found) > MAX_OCCURRENCES:
                    raise DateError(
                        n_(
                            "more than {n} occurrence up to {day}: shown once",
                            "more than {n} occurrences up to {day}: shown once",
                            MAX_OCCURRENCES,
                            day=window.last,
                        )
                    )
        except ValueError as error:  # hours that an interval never comes to
            raise _invalid_rule_error(
                text, third_party.translate_library_message(str(error).rstrip(".").lower())
            ) from None
    days = {point for point in exdates if not isinstance(point, datetime)}
    if isinstance(start, datetime):  # an excluded day excludes all times of it
        found = {moment for moment in found if moment.date() not in days}
    found -= {
        _to_local_datetime(point, start)
        for point in exdates
        if isinstance(point, datetime) == isinstance(start, datetime)
    }
    return list(dict.fromkeys(_match_precision(moment, start) for moment in sorted(found)))


def _to_local_datetime(point: PartialDate, start: PartialDate) -> datetime:
    """A local time for a point; of a start, the first there may be."""
    if isinstance(point, datetime):
        if point.tzinfo is not None and isinstance(start, datetime) and start.tzinfo is not None:
            point = point.astimezone(start.tzinfo)
        return point.replace(tzinfo=None)
    if isinstance(point, date):
        return datetime.combine(point, time.min)
    return datetime(point.year, point.month if isinstance(point, Month) else 1, 1)


def _match_precision(moment: datetime, start: PartialDate) -> PartialDate:
    """The moment in the form of the start."""
    if isinstance(start, datetime):
        return moment.replace(tzinfo=start.tzinfo)
    if isinstance(start, Month):
        return Month(moment.year, moment.month)
    return Year(moment.year) if isinstance(start, Year) else moment.date()


def _localize_until(until: date, zone: tzinfo | None) -> datetime:
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    try:
        return (until.astimezone(zone) if until.tzinfo and zone else until).replace(tzinfo=None)
    except OverflowError:
        return datetime.max


def _expand_in_window(
    rule: RecurrenceRule,
    first: datetime,
    until: datetime | None,
    window: DateRange,
    duration: timedelta,
    *,
    timed: bool,
) -> Iterator[datetime]:
    """What the rule says inside the window, or a little before it."""
    stop = min(datetime.combine(window.last, time.max), until or datetime.max)
    if first > stop:
        return
    begin = datetime.combine(window.first, time.min)
    begin = begin - duration if begin - datetime.min > duration else datetime.min
    by = {name: value for name, value in rule.by_parts.items() if timed or name not in _TIME_PARTS}
    rule = RecurrenceRule(rule.frequency, rule.interval, rule.count, rule.until, rule.week_start, by)
    # Moved by whole cycles of the calendar towards its end, a rule that finds nothing more comes to that end soon.
    years = (9999 - stop.year) // _CALENDAR_CYCLE_YEARS * _CALENDAR_CYCLE_YEARS
    moved = _skip_to_window(rule, first, begin)
    for moment in _iterate_rule(rule, _shift_years(moved, years), _shift_years(stop, years)):
        found = _shift_years(moment, -years).replace(microsecond=first.microsecond)
        if found > begin or found == first or found + duration >= begin:
            yield found


_FREQUENCY_STEPS = {"WEEKLY": timedelta(days=7), "DAILY": timedelta(days=1), "HOURLY": timedelta(hours=1)}


def _skip_to_window(rule: RecurrenceRule, first: datetime, begin: datetime) -> datetime:
    """A start from which on the rule says the same inside the window, near to it where that can be reckoned."""
    if rule.count is not None or rule.frequency not in _FREQUENCY_STEPS or begin <= first:
        return first
    step = _FREQUENCY_STEPS[rule.frequency] * rule.interval
    return first + max((begin - first) // step - 1, 0) * step


def _shift_years(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)


def _iterate_rule(rule: RecurrenceRule, start: datetime, until: datetime | None) -> Iterator[datetime]:
    """The moments of a rule, in order, up to a last one."""
    from dateutil import rrule  # 10 ms that only what recurs needs

    by: dict[str, Any] = {name.lower(): value for name, value in rule.by_parts.items() if name != "BYDAY"}
    if "BYDAY" in rule.by_parts:
        by["byweekday"] = [rrule.weekday(day, which or None) for day, which in rule.by_parts["BYDAY"]]
    if "BYSECOND" in rule.by_parts:
        by["bysecond"] = [min(second, 59) for second in rule.by_parts["BYSECOND"]]
    last = {"until": until} if rule.count is None else {"count": rule.count}  # dateutil takes one of them
    moments = rrule.rrule(getattr(rrule, rule.frequency), start, rule.interval, rule.week_start, **last, **by)
    return iter(moments) if until is None else takewhile(lambda moment: moment <= until, moments)
