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
from ilocal.i18n.messages import _, n_
from ilocal.model.dates import Days, Month, Point, Year
from ilocal.model.safe_text import safe

MOST = 10_000  # occurrences of one event in a window
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BOUNDS = {
    "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366), "BYHOUR": (0, 23), "BYMINUTE": (0, 59), "BYSECOND": (0, 60),
}  # fmt: skip
_OF_DAYS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY")
_OF_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_LONGEST = 1000  # characters of a rule
_CYCLE = 400  # years after which the Gregorian calendar begins again, also by the days of the week


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule whose parts can be relied on. `by` has lists of numbers, and of (weekday from 0, which one or 0)."""

    frequency: str
    interval: int
    count: int | None
    until: date | None  # a day, or a time: local, or in UTC
    week_start: int
    by: Mapping[str, tuple[Any, ...]]


# ---------------------------------------------------------------------------------------------------------------- read


@lru_cache(maxsize=1 << 10)
def parse(text: str) -> Rule:
    """The rule that is written as in iCalendar: `FREQ=YEARLY;BYMONTH=6`. Raises DateError."""
    parts = _parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        known = ", ".join(FREQUENCIES)
        if frequency in ("SECONDLY", "MINUTELY"):
            raise _wrong(text, _("FREQ={frequency} is too often ({known})", frequency=frequency, known=known))
        raise _wrong(text, _("FREQ is wanted ({known})", known=known))
    interval = _number(text, "INTERVAL", parts.pop("INTERVAL", "1"), 1, 9999)
    count = _number(text, "COUNT", parts.pop("COUNT"), 1, 1_000_000) if "COUNT" in parts else None
    until = _until(text, parts.pop("UNTIL")) if "UNTIL" in parts else None
    if count is not None and until is not None:
        raise _wrong(text, _("COUNT and UNTIL exclude each other"))
    week_start = parts.pop("WKST", "MO")
    if week_start not in WEEKDAYS:
        raise _wrong(text, _("WKST={day} is no day of the week", day=safe(week_start)))
    by = {name: _list(text, name, value, frequency) for name, value in parts.items()}
    rule = Rule(frequency, interval, count, until, WEEKDAYS.index(week_start), by)
    _check(text, rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    if len(text) > _LONGEST or not re.fullmatch(r"[A-Za-z-]+=[A-Za-z0-9,+-]+(;[A-Za-z-]+=[A-Za-z0-9,+-]+)*;?", text):
        raise _wrong(text, _("not of the form FREQ=YEARLY;BYMONTH=6"))
    pairs = [part.split("=") for part in text.upper().rstrip(";").split(";")]
    parts = dict(pairs)
    if len(parts) < len(pairs):
        raise _wrong(text, _("a part stands there twice"))
    unknown = [name for name in parts if name not in (*_BOUNDS, *_OTHERS)]
    if unknown:
        raise _wrong(text, _("{part} is no part of a rule that is known here", part=unknown[0]))
    return parts


_OTHERS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY")


def _wrong(text: str, reason: str) -> DateError:
    shown = safe(text if len(text) <= 80 else text[:80] + "…")
    return DateError(_('"{text}" is no rule of recurrence: {reason}', text=shown, reason=reason))


def _number(text: str, name: str, value: str, least: int, most: int) -> int:
    if not re.fullmatch("[+-]?[0-9]{1,7}", value) or not least <= int(value) <= most:
        raise _wrong(text, _("{part} goes from {least} to {most}", part=name, least=least, most=most))
    return int(value)


def _until(text: str, value: str) -> date:
    found = _UNTIL.fullmatch(value)
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(number or 0) for number in found.groups()[:6])
        if found.group(4) is None:
            return date(year, month, day)
        until = datetime(year, month, day, hour, minute, min(second, 59))  # there are leap seconds
        return until.replace(tzinfo=UTC) if found.group(7) else until
    except ValueError:
        raise _wrong(text, _("UNTIL is written 20301231 or 20301231T170000Z")) from None


def _list(text: str, name: str, value: str, frequency: str) -> tuple[Any, ...]:
    items = value.split(",")
    if name == "BYDAY":
        return tuple(dict.fromkeys(_weekday(text, item, frequency) for item in items))
    least, most = _BOUNDS[name]
    numbers = tuple(dict.fromkeys(_number(text, name, item, least, most) for item in items))
    if least < 0 and 0 in numbers:
        raise _wrong(text, _("{part} has no 0", part=name))
    return numbers


def _weekday(text: str, item: str, frequency: str) -> tuple[int, int]:
    found = _DAY.fullmatch(item)
    if found is None:
        raise _wrong(text, _("BYDAY={day} is no day of the week", day=safe(item)))
    which = int(found.group(1) or 0)
    if found.group(1) and (which == 0 or abs(which) > 53):
        raise _wrong(text, _("a day of the week is counted from 1 to 53"))
    if which and frequency not in ("YEARLY", "MONTHLY"):
        said = _(
            "BYDAY={days} counts days of a month or a year, and not with FREQ={frequency}",
            days=item,
            frequency=frequency,
        )
        raise _wrong(text, said)
    return WEEKDAYS.index(found.group(2)), which


def _check(text: str, rule: Rule) -> None:
    """Raise DateError for a rule that would run long and find nothing."""
    if "BYSETPOS" in rule.by and (rule.frequency == "HOURLY" or len(rule.by) == 1):
        raise _wrong(text, _("BYSETPOS chooses among the days of another BY part"))
    days = {name: value for name, value in rule.by.items() if name in _OF_DAYS}
    of_month = rule.frequency == "MONTHLY" or "BYMONTH" in days
    if of_month and any(abs(which) > 5 for _, which in days.get("BYDAY", ())):
        raise _wrong(text, _("there is no such day"))
    if len(days) > 1 or any(which for _, which in days.get("BYDAY", ())):
        frequency = rule.frequency if rule.frequency in ("YEARLY", "MONTHLY") else "YEARLY"
        ever = Rule(frequency, 1, None, None, rule.week_start, days)
        # Near the last year there is, so that a search for nothing ends after one cycle of the calendar.
        if next(_iterated(ever, datetime(9999 - _CYCLE, 1, 1), None), None) is None:
            raise _wrong(text, _("there is no such day"))


def check(text: str, start: Point) -> None:
    """Raise DateError unless the rule can be expanded for an event that begins like `start`."""
    rule = parse(text)
    if isinstance(start, (Month, Year)):
        known = ("BYMONTH",) if isinstance(start, Month) else ()
        allowed = ("YEARLY", "MONTHLY") if isinstance(start, Month) else ("YEARLY",)
        if rule.frequency not in allowed or any(name not in known for name in rule.by):
            raise _wrong(text, _("the start is not known to the day"))
    elif not isinstance(start, datetime) and rule.frequency == "HOURLY":
        raise _wrong(text, _("the start has no time"))
    elif rule.frequency == "HOURLY":
        try:
            _iterated(rule, _moment(start, start), None)
        except ValueError as error:  # hours that its interval never comes to
            raise _wrong(text, third_party.told(str(error).rstrip(".").lower())) from None


# -------------------------------------------------------------------------------------------------------------- expand


def starts(
    start: Point, text: str, rdates: Iterable[Point], exdates: Iterable[Point], window: Days, *,
    lasting: timedelta, zone: tzinfo | None = None,
) -> list[Point]:  # fmt: skip
    """When the occurrences of an event begin, in order: those that may touch the window, and perhaps some beside it.

    `lasting` is how long one takes, `zone` what an UNTIL in UTC is told in. Raises DateError for more than MOST.
    """
    first = _moment(start, start)
    found = {_moment(point, start) for point in rdates}
    rule = parse(text) if text else None
    until = None if rule is None or rule.until is None else _local(rule.until, zone)
    if until is None or first <= until:
        found.add(first)
    if rule is not None:
        try:
            for moment in _between(rule, first, until, window, lasting, timed=isinstance(start, datetime)):
                found.add(moment)
                if len(found) > MOST:
                    raise DateError(
                        n_(
                            "more than {n} occurrence up to {day}: shown once",
                            "more than {n} occurrences up to {day}: shown once",
                            MOST,
                            day=window.last,
                        )
                    )
        except ValueError as error:  # hours that an interval never comes to
            raise _wrong(text, third_party.told(str(error).rstrip(".").lower())) from None
    days = {point for point in exdates if not isinstance(point, datetime)}
    if isinstance(start, datetime):  # an excluded day excludes all times of it
        found = {moment for moment in found if moment.date() not in days}
    found -= {_moment(point, start) for point in exdates if isinstance(point, datetime) == isinstance(start, datetime)}
    return list(dict.fromkeys(_like(moment, start) for moment in sorted(found)))


def _moment(point: Point, start: Point) -> datetime:
    """A local time for a point; of a start, the first there may be."""
    if isinstance(point, datetime):
        if point.tzinfo is not None and isinstance(start, datetime) and start.tzinfo is not None:
            point = point.astimezone(start.tzinfo)
        return point.replace(tzinfo=None)
    if isinstance(point, date):
        return datetime.combine(point, time.min)
    return datetime(point.year, point.month if isinstance(point, Month) else 1, 1)


def _like(moment: datetime, start: Point) -> Point:
    """The moment in the form of the start."""
    if isinstance(start, datetime):
        return moment.replace(tzinfo=start.tzinfo)
    if isinstance(start, Month):
        return Month(moment.year, moment.month)
    return Year(moment.year) if isinstance(start, Year) else moment.date()


def _local(until: date, zone: tzinfo | None) -> datetime:
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    try:
        return (until.astimezone(zone) if until.tzinfo and zone else until).replace(tzinfo=None)
    except OverflowError:
        return datetime.max


def _between(
    rule: Rule, first: datetime, until: datetime | None, window: Days, lasting: timedelta, *, timed: bool
) -> Iterator[datetime]:
    """What the rule says inside the window, or a little before it."""
    stop = min(datetime.combine(window.last, time.max), until or datetime.max)
    if first > stop:
        return
    begin = datetime.combine(window.first, time.min)
    begin = begin - lasting if begin - datetime.min > lasting else datetime.min
    by = {name: value for name, value in rule.by.items() if timed or name not in _OF_TIMES}
    rule = Rule(rule.frequency, rule.interval, rule.count, rule.until, rule.week_start, by)
    # Moved by whole cycles of the calendar towards its end, a rule that finds nothing more comes to that end soon.
    years = (9999 - stop.year) // _CYCLE * _CYCLE
    moved = _forward(rule, first, begin)
    for moment in _iterated(rule, _in_years(moved, years), _in_years(stop, years)):
        found = _in_years(moment, -years).replace(microsecond=first.microsecond)
        if found > begin or found == first or found + lasting >= begin:
            yield found


_STEPS = {"WEEKLY": timedelta(days=7), "DAILY": timedelta(days=1), "HOURLY": timedelta(hours=1)}


def _forward(rule: Rule, first: datetime, begin: datetime) -> datetime:
    """A start from which on the rule says the same inside the window, near to it where that can be reckoned."""
    if rule.count is not None or rule.frequency not in _STEPS or begin <= first:
        return first
    step = _STEPS[rule.frequency] * rule.interval
    return first + max((begin - first) // step - 1, 0) * step


def _in_years(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)


def _iterated(rule: Rule, start: datetime, until: datetime | None) -> Iterator[datetime]:
    """The moments of a rule, in order, up to a last one."""
    from dateutil import rrule  # 10 ms that only what recurs needs

    by: dict[str, Any] = {name.lower(): value for name, value in rule.by.items() if name != "BYDAY"}
    if "BYDAY" in rule.by:
        by["byweekday"] = [rrule.weekday(day, which or None) for day, which in rule.by["BYDAY"]]
    if "BYSECOND" in rule.by:
        by["bysecond"] = [min(second, 59) for second in rule.by["BYSECOND"]]
    last = {"until": until} if rule.count is None else {"count": rule.count}  # dateutil takes one of them
    moments = rrule.rrule(getattr(rrule, rule.frequency), start, rule.interval, rule.week_start, **last, **by)
    return iter(moments) if until is None else takewhile(lambda moment: moment <= until, moments)
