"""Recurrence rules (RFC 5545, 3.3.10): validated before use, and expanded only within a window of days.

All calculations use local time, as the RFC requires: an event at nine stays at nine when clocks change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from math import gcd
from typing import Any

from ilocal.errors import DateError
from ilocal.i18n.messages import AnyMessage, n_
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.model.dates import DateRange, Month, PartialDate, Year, in_zone_of, to_date_range
from ilocal.model.rule_expansion import PARTS_OF_DAYS, Expansion, Rule
from ilocal.model.rule_periods import YEARS_PER_CYCLE, DayFilter
from ilocal.model.safe_text import make_text_safe

MAX_OCCURRENCES = 10_000  # occurrences of one event in a window
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_PART_BOUNDS = {
    "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366), "BYHOUR": (0, 23), "BYMINUTE": (0, 59), "BYSECOND": (0, 60),
}  # fmt: skip
_TIME_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_BYDAY_PATTERN = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL_PATTERN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_MAX_RULE_LENGTH = 1000  # characters of a rule
_MAX_FOLLOWED = 1000  # dates of a rule with COUNT that are followed to find its end


# ---------------------------------------------------------------------------------------------------------------- read


@lru_cache(maxsize=1 << 10)
def parse_rrule(text: str) -> Rule:
    """Return the rule parsed from iCalendar syntax: `FREQ=YEARLY;BYMONTH=6`. Raises DateError."""
    parts = _split_rule_parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        known = ", ".join(FREQUENCIES)
        if frequency in ("SECONDLY", "MINUTELY"):
            raise _invalid_rule_error(
                text, _("FREQ={frequency} is too frequent ({known})", frequency=frequency, known=known)
            )
        raise _invalid_rule_error(text, _("FREQ is missing ({known})", known=known))
    interval = _parse_part_number(text, "INTERVAL", parts.pop("INTERVAL", "1"), 1, 9999)
    count = _parse_part_number(text, "COUNT", parts.pop("COUNT"), 1, 1_000_000) if "COUNT" in parts else None
    until = _parse_until(text, parts.pop("UNTIL")) if "UNTIL" in parts else None
    if count is not None and until is not None:
        raise _invalid_rule_error(text, _("COUNT and UNTIL cannot be used together"))
    week_start = parts.pop("WKST", "MO")
    if week_start not in WEEKDAY_CODES:
        raise _invalid_rule_error(text, _("WKST={day} is not a day of the week", day=make_text_safe(week_start)))
    for name, only in _ONLY.items():
        if (value := parts.pop(name, only)) != only:
            said = _(
                "{part}={value} is not supported, only {part}={only}", part=name, value=make_text_safe(value), only=only
            )
            raise _invalid_rule_error(text, said)
    by = {name: _parse_by_part(text, name, value, frequency) for name, value in parts.items()}
    rule = Rule(frequency, interval, count, until, WEEKDAY_CODES.index(week_start), by)
    _validate_rule_parts(text, rule)
    return rule


def _split_rule_parts(text: str) -> dict[str, str]:
    if len(text) > _MAX_RULE_LENGTH or not re.fullmatch(
        r"[A-Za-z-]+=[A-Za-z0-9,+-]+(;[A-Za-z-]+=[A-Za-z0-9,+-]+)*;?", text
    ):
        raise _invalid_rule_error(text, _("expected a rule such as FREQ=YEARLY;BYMONTH=6"))
    pairs = [part.split("=") for part in text.upper().rstrip(";").split(";")]
    parts = dict(pairs)
    if len(parts) < len(pairs):
        raise _invalid_rule_error(text, _("a part of the rule appears twice"))
    unknown = [name for name in parts if name not in (*_BY_PART_BOUNDS, *_OTHER_PARTS)]
    if unknown:
        raise _invalid_rule_error(text, _("{part} is not a supported part of a recurrence rule", part=unknown[0]))
    return parts


_ONLY = {"RSCALE": "GREGORIAN", "SKIP": "OMIT"}  # RFC 7529: the defaults of a rule
_OTHER_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_ONLY)


def _invalid_rule_error(text: str, reason: AnyMessage) -> DateError:
    shown = make_text_safe(text if len(text) <= 80 else text[:80] + "…")
    return DateError(_('"{text}" is not a recurrence rule: {reason}', text=shown, reason=reason))


def _parse_part_number(text: str, name: str, value: str, least: int, most: int) -> int:
    if not re.fullmatch("[+-]?[0-9]{1,7}", value) or not least <= int(value) <= most:
        raise _invalid_rule_error(text, _("{part} must be from {least} to {most}", part=name, least=least, most=most))
    return int(value)


def _parse_until(text: str, value: str) -> date:
    found = _UNTIL_PATTERN.fullmatch(value)
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(number or 0) for number in found.groups()[:6])
        if found.group(4) is None:
            return date(year, month, day)
        until = datetime(year, month, day, hour, minute, min(second, 59))  # leap seconds exist
        return until.replace(tzinfo=UTC) if found.group(7) else until
    except ValueError:
        raise _invalid_rule_error(text, _("write UNTIL as 20301231 or 20301231T170000Z")) from None


def _parse_by_part(text: str, name: str, value: str, frequency: str) -> tuple[Any, ...]:
    items = value.split(",")
    if name == "BYDAY":
        return tuple(dict.fromkeys(_parse_byday_item(text, item, frequency) for item in items))
    least, most = _BY_PART_BOUNDS[name]
    numbers = tuple(dict.fromkeys(_parse_part_number(text, name, item, least, most) for item in items))
    if least < 0 and 0 in numbers:
        raise _invalid_rule_error(text, _("{part} cannot be 0", part=name))
    return numbers


def _parse_byday_item(text: str, item: str, frequency: str) -> tuple[int, int]:
    found = _BYDAY_PATTERN.fullmatch(item)
    if found is None:
        raise _invalid_rule_error(text, _("BYDAY={day} is not a day of the week", day=make_text_safe(item)))
    which = int(found.group(1) or 0)
    if found.group(1) and (which == 0 or abs(which) > 53):
        raise _invalid_rule_error(text, _("the number before a day of the week must be from 1 to 53 or from -53 to -1"))
    if which and frequency not in ("YEARLY", "MONTHLY"):
        said = _(
            "BYDAY={days} has a number and cannot be used with FREQ={frequency}",
            days=item,
            frequency=frequency,
        )
        raise _invalid_rule_error(text, said)
    return WEEKDAY_CODES.index(found.group(2)), which


def _validate_rule_parts(text: str, rule: Rule) -> None:
    """Raise DateError for a rule that has no day in any year, whatever its start."""
    if "BYSETPOS" in rule.by and len(rule.by) == 1:
        raise _invalid_rule_error(text, _("BYSETPOS requires another BY part to choose from"))
    by = {name: value for name, value in rule.by.items() if name in PARTS_OF_DAYS}
    if len(by) > 1 or any(which for _day, which in by.get("BYDAY", ())):
        # A yearly rule with BYMONTHDAY takes its month from its start, and counts the days of the week in it.
        takes_month = "BYMONTHDAY" in by and not {"BYYEARDAY", "BYWEEKNO"} & by.keys()
        in_month = rule.frequency == "MONTHLY" or "BYMONTH" in by or takes_month
        found = DayFilter(by, rule.week_start, counts_in_month=in_month)
        if not any(found.days_of(year) for year in range(2000, 2000 + YEARS_PER_CYCLE)):
            raise _invalid_rule_error(text, _("there is no such day"))


def validate_rrule(text: str, start: PartialDate) -> None:
    """Raise DateError unless the rule can be expanded for an event that begins like `start`."""
    rule = parse_rrule(text)
    if isinstance(start, (Month, Year)):
        known = ("BYMONTH",) if isinstance(start, Month) else ()
        allowed = ("YEARLY", "MONTHLY") if isinstance(start, Month) else ("YEARLY",)
        if rule.frequency not in allowed or any(name not in known for name in rule.by):
            raise _invalid_rule_error(text, _("the start is not an exact day"))
    elif not isinstance(start, datetime) and rule.frequency == "HOURLY":
        raise _invalid_rule_error(text, _("the start has no time"))
    elif rule.frequency == "HOURLY" and isinstance(start, datetime):
        # For hourly rules a day is 24 hours: starts differ by multiples of the common divisor.
        apart = gcd(rule.interval, 24)
        if all((hour - start.hour) % apart for hour in rule.by.get("BYHOUR", (start.hour,))):
            raise _invalid_rule_error(
                text, _("INTERVAL={interval} never reaches an hour listed in BYHOUR", interval=rule.interval)
            )


# -------------------------------------------------------------------------------------------------------------- expand


def expand_recurrence(
    start: PartialDate, text: str, rdates: Iterable[PartialDate], exdates: Iterable[PartialDate], window: DateRange, *,
    duration: timedelta, zone: tzinfo | None = None,
) -> list[PartialDate]:  # fmt: skip
    """Return the starts of an event's occurrences, in order: all that may touch the window, perhaps some outside it.

    Arguments:
        start: the start of the series.
        text: its rule; "" for none.
        rdates: additional starts.
        exdates: excluded starts.
        window: the days to cover.
        duration: length of an occurrence.
        zone: time zone to which an UNTIL in UTC is converted.

    Raises DateError for more than MAX_OCCURRENCES.
    """
    first = _to_local_start_of_recurrence(start, start)
    found = {_to_local_start_of_recurrence(point, start) for point in rdates}
    rule = parse_rrule(text) if text else None
    until = None if rule is None or rule.until is None else _localize_until_of_recurrence(rule.until, zone)
    if until is None or first <= until:
        found.add(first)
    if rule is not None:
        for moment in _expand_in_window(text, first, until, window, duration, timed=isinstance(start, datetime)):
            found.add(moment)
            if len(found) > MAX_OCCURRENCES:
                raise DateError(
                    n_(
                        "more than {n} occurrence up to {day}; the series is shown once",
                        "more than {n} occurrences up to {day}; the series is shown once",
                        MAX_OCCURRENCES,
                        day=window.last,
                    )
                )
    left_out = {point for point in exdates if not isinstance(point, datetime)}
    if isinstance(start, datetime):  # an excluded day excludes all times of it
        found = {moment for moment in found if moment.date() not in left_out}
    found -= {
        _to_local_start_of_recurrence(point, start)
        for point in exdates
        if isinstance(point, datetime) == isinstance(start, datetime)
    }
    return list(dict.fromkeys(_match_precision(moment, start) for moment in sorted(found)))


def _to_local_start_of_recurrence(point: PartialDate, start: PartialDate) -> datetime:
    """Return a date as a local time, in the time zone of `start`; a day or longer period as its first moment."""
    point = in_zone_of(point, start)
    if isinstance(point, datetime):
        return point.replace(tzinfo=None)
    if isinstance(point, date):
        return datetime.combine(point, time.min)
    return datetime(point.year, point.month if isinstance(point, Month) else 1, 1)


def _match_precision(moment: datetime, start: PartialDate) -> PartialDate:
    """Return a moment in the precision of `start`."""
    if isinstance(start, datetime):
        return moment.replace(tzinfo=start.tzinfo)
    if isinstance(start, Month):
        return Month(moment.year, moment.month)
    return Year(moment.year) if isinstance(start, Year) else moment.date()


def _localize_until_of_recurrence(until: date, zone: tzinfo | None) -> datetime:
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    try:
        return (until.astimezone(zone) if until.tzinfo and zone else until).replace(tzinfo=None)
    except OverflowError:
        return datetime.max


def _expand_in_window(
    text: str, first: datetime, until: datetime | None, window: DateRange, duration: timedelta, *, timed: bool
) -> Iterator[datetime]:
    """Yield the starts that the rule gives within the window, or up to `duration` before it."""
    begin = datetime.combine(window.first, time.min)
    begin = begin - duration if begin - datetime.min > duration else datetime.min
    stop = min(datetime.combine(window.last, time.max), until or datetime.max)
    return _expansion(text, first, timed).between(begin, stop)


@lru_cache(maxsize=1 << 7)  # an expansion caches its counts
def _expansion(text: str, first: datetime, timed: bool) -> Expansion:
    return Expansion(_normalize_event_recurrence(text, timed=timed), first)


def _normalize_event_recurrence(text: str, *, timed: bool) -> Rule:
    """Return the rule without the parts that are ignored where the start is a day (RFC 5545, 3.3.10)."""
    rule = parse_rrule(text)
    if timed or not rule.by:
        return rule
    return replace(rule, by={name: value for name, value in rule.by.items() if name not in _TIME_PARTS})


@lru_cache(maxsize=1 << 7)
def has_further_dates(start: PartialDate, text: str) -> bool:
    """Return whether a rule has any date after the start, ignoring its COUNT and UNTIL."""
    rule, first = (
        _normalize_event_recurrence(text, timed=isinstance(start, datetime)),
        _to_local_start_of_recurrence(start, start),
    )
    return any(True for _date in Expansion(replace(rule, count=None), first).between(first, datetime.max))


def find_first_date_of_rule(start: PartialDate, text: str) -> PartialDate | None:
    """Return the first date from `start` on that a rule itself gives, ignoring its COUNT and UNTIL; None for none.

    A start that is not a date of its rule has no defined meaning (RFC 5545, 3.8.5.3).
    """
    rule, first = (
        _normalize_event_recurrence(text, timed=isinstance(start, datetime)),
        _to_local_start_of_recurrence(start, start),
    )
    expansion = Expansion(replace(rule, count=None), first)
    if expansion.includes_first():
        return start
    moment = next(expansion.between(first, datetime.max), None)
    return None if moment is None else _match_precision(moment, start)


def last_day(start: PartialDate, text: str, zone: tzinfo | None = None) -> date:
    """Return a day after which no occurrence of the rule begins: the last one if cheap to compute.

    `zone` is the time zone to which an UNTIL in UTC is converted.
    """
    rule, first = parse_rrule(text), _to_local_start_of_recurrence(start, start)
    stop = datetime.max if rule.until is None else _localize_until_of_recurrence(rule.until, zone)
    dates = _expansion(text, first, isinstance(start, datetime)).between(first, stop)
    last = next(dates, first)
    if last == first or (rule.count is not None and rule.count <= _MAX_FOLLOWED):
        return to_date_range(_match_precision(max(dates, default=last), start)).last
    return max(stop, first).date()
