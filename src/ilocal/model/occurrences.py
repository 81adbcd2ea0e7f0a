"""A recurring event expanded into its occurrences inside a window of time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from ilocal.errors import DateError, RecordError
from ilocal.model.dates import Days, Point, days
from ilocal.model.event import Event, Override
from ilocal.model.timezones import zone_of


def occurrences(event: Event, window: Days, ahead: date | None = None) -> list[Event]:
    """The occurrences that touch the window, in the order in which they begin; an event that does not recur is its own.

    An occurrence moved by an override counts where it was moved to. After the day `ahead`, where there is one, only
    those that are written down one by one, and the next where there is none before. Raises DateError for more than can
    be listed.
    """
    if not event.recurs:
        return [event]
    if ahead is None or ahead >= window.last:
        return _within(event, window)
    found = _within(event, Days(window.first, max(ahead, window.first)))
    later = Days(max(ahead, window.first), window.last)
    known = {one.recurrence_id for one in found}
    if event.rrule and not begins(event, event.start or later.first):
        known.add(event.start)  # a rule that ends before it begins
    found += [one for one in _within(replace(event, rrule=""), later) if one.recurrence_id not in known]
    return found or _next(event, later)


_YEARS = (1, 10, 100, 400)


def _next(event: Event, window: Days) -> list[Event]:
    """The first occurrence in a window that has no bounds to speak of."""
    assert event.start is not None
    first = max(window.first, days(event.start).first)
    for years in _YEARS:
        last = date(first.year + years, 1, 1) if first.year + years < date.max.year else date.max
        if found := _within(event, Days(first, min(last, window.last))):
            return found[:1]
    return []


def _within(event: Event, window: Days) -> list[Event]:
    from ilocal.model.recurrence import starts

    assert event.start is not None
    found = []
    others = {_key(override.recurrence_id): override for override in event.overrides}
    begins = starts(
        event.start, event.rrule, event.rdates, event.exdates, window, lasting=_lasting(event), zone=zone_of(event)
    )
    for at in begins:
        if _key(at) not in others:
            with suppress(ValueError, OverflowError, RecordError):  # the calendar ends before it does
                found.append(event.occurrence(at))
    found += [event.occurrence(override.recurrence_id, override) for override in event.overrides]
    return sorted(filter(lambda one: _touches(one, window), found), key=_begin)


def begins(event: Event, at: Point) -> bool:
    """Whether the rule and the dates of a series let an occurrence begin `at`, overrides apart."""
    bare = replace(event, overrides=())
    if not bare.recurs:
        return _key(at) == _key(event.start or at)
    return any(_key(one.recurrence_id or at) == _key(at) for one in listed(bare, days(at)))


def excludes(event: Event, point: Point) -> bool:
    """Whether an exception of a series takes anything out: among times, a day takes all that begin on it."""
    bare = replace(event, exdates=(), overrides=())
    if isinstance(point, datetime) or not isinstance(event.start, datetime):
        return begins(bare, point)
    return any(days(one.recurrence_id or event.start).first == point for one in listed(bare, days(point)))


def listed(event: Event, window: Days, ahead: date | None = None) -> list[Event]:
    """Its occurrences, or the series alone where there are more than can be listed."""
    try:
        return occurrences(event, window, ahead)
    except DateError:
        return [event]


def bounds(event: Event) -> Days:
    """Days before and after which a series has no occurrence; as narrow as can be told without expanding it."""
    own = event.days
    assert own is not None
    length = own.last - own.first
    points = [*event.rdates, *(override.values.get("start", override.recurrence_id) for override in event.overrides)]
    ends = [override.values["end"] for override in event.overrides if override.values.get("end") is not None]
    first = min(own.first, *(days(point).first for point in points)) if points else own.first
    if event.rrule:
        return Days(first, date.max)
    last = max([own.last, *(_later(days(point).last, length) for point in points), *(days(end).last for end in ends)])
    return Days(first, last)


def _later(day: date, length: timedelta) -> date:
    return day + length if date.max - day > length else date.max


def _lasting(event: Event) -> timedelta:
    assert event.start is not None
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        return event.end - event.start
    first, last = days(event.start).first, days(event.end or event.start).last
    return last - first + timedelta(days=1)


def _key(point: Point) -> object:
    """What two points have in common that mean the same: times with a zone are moments."""
    return point.timestamp() if isinstance(point, datetime) and point.tzinfo is not None else point


def _begin(event: Event) -> tuple[date, bool, float]:
    start = event.start
    assert start is not None
    seconds = 0.0
    if isinstance(start, datetime):
        seconds = start.hour * 3600 + start.minute * 60 + start.second + start.microsecond / 1e6
    return days(start).first, isinstance(start, datetime), seconds


def _touches(event: Event, window: Days) -> bool:
    found = event.days
    return found is not None and found.first <= window.last and found.last >= window.first


def override_of(event: Event, at: Point) -> Override | None:
    """What is otherwise in the occurrence that would begin `at`."""
    return next((one for one in event.overrides if _key(one.recurrence_id) == _key(at)), None)
