"""A recurring event expanded into its occurrences inside a window of time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from ilocal.errors import DateError, InvalidEventError
from ilocal.model.dates import DateRange, PartialDate, in_zone_of, to_date_range
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.timezones import get_event_timezone


def list_occurrences(event: Event, window: DateRange, expand_until: date | None = None) -> list[Event]:
    """Return the occurrences that touch the window, ordered by start; an event that does not recur is its only one.

    Arguments:
        event: the event or series.
        window: the days to cover. An occurrence moved by an override counts on its new date.
        expand_until: the last day to which the rule is expanded; after it, only dates that are listed one by one count,
            and the next occurrence if there is none before. None: the whole window.

    Raises DateError if there are too many occurrences to list.
    """
    if not event.is_recurring:
        return [event]
    if expand_until is None or expand_until >= window.last:
        return _occurrences_in_window(event, window)
    found = _occurrences_in_window(event, DateRange(window.first, max(expand_until, window.first)))
    later = DateRange(max(expand_until, window.first), window.last)
    known = {one.recurrence_id for one in found}
    if event.rrule and not has_occurrence_at(event, event.start or later.first):
        known.add(event.start)  # a rule that ends before it begins
    found += [one for one in _occurrences_in_window(replace(event, rrule=""), later) if one.recurrence_id not in known]
    return found or _find_next_occurrence(event, later)


_SEARCH_YEARS = (1, 10, 100, 400)


def _find_next_occurrence(event: Event, window: DateRange) -> list[Event]:
    """Return the first occurrence in a window without practical bounds, as a list of at most one."""
    assert event.start is not None
    first = max(window.first, to_date_range(event.start).first)
    for years in _SEARCH_YEARS:
        last = date(first.year + years, 1, 1) if first.year + years < date.max.year else date.max
        if found := _occurrences_in_window(event, DateRange(first, min(last, window.last))):
            return found[:1]
    return []


def _occurrences_in_window(event: Event, window: DateRange) -> list[Event]:
    from ilocal.model.recurrence import expand_recurrence

    assert event.start is not None
    found = []
    others = {_comparison_key(override.recurrence_id): override for override in event.overrides}
    begins = expand_recurrence(
        event.start,
        event.rrule,
        event.rdates,
        event.exdates,
        window,
        duration=_event_duration(event),
        zone=get_event_timezone(event),
    )
    for at in begins:
        if _comparison_key(at) not in others:
            with suppress(ValueError, OverflowError, InvalidEventError):  # the calendar ends before it does
                found.append(event.build_occurrence(at))
    found += [event.build_occurrence(override.recurrence_id, override) for override in event.overrides]
    return sorted(filter(lambda one: _is_in_window(one, window), found), key=_start_sort_key)


def has_occurrence_at(event: Event, at: PartialDate) -> bool:
    """Return whether an occurrence begins at `at` according to the rule and dates of a series, ignoring overrides."""
    bare = replace(event, overrides=())
    if not bare.is_recurring:
        return _comparison_key(at) == _comparison_key(event.start or at)
    return any(
        _comparison_key(one.recurrence_id or at) == _comparison_key(at)
        for one in list_occurrences_or_self(bare, to_date_range(at))
    )


def is_effective_exdate(event: Event, point: PartialDate) -> bool:
    """Return whether an exception of a series excludes any occurrence. A day excludes all times on it."""
    bare = replace(event, exdates=(), overrides=())
    if isinstance(point, datetime) or not isinstance(event.start, datetime):
        return has_occurrence_at(bare, point)
    return any(
        to_date_range(one.recurrence_id or event.start).first == point
        for one in list_occurrences_or_self(bare, to_date_range(point))
    )


def list_occurrences_or_self(event: Event, window: DateRange, expand_until: date | None = None) -> list[Event]:
    """Return the occurrences of an event, or the series itself if there are too many to list."""
    try:
        return list_occurrences(event, window, expand_until)
    except DateError:
        return [event]


def possible_date_range(event: Event) -> DateRange:
    """Return a range of days that includes all occurrences of a series, as narrow as can be computed cheaply.

    A rule that has no date after its start ends with it, so that queries need not look for one.
    """
    own = event.date_range
    assert own is not None and event.start is not None
    length = own.last - own.first
    if isinstance(event.start, datetime):  # one that begins later in the day may go on into the next
        length += timedelta(days=1)
    rdates = [in_zone_of(point, event.start) for point in event.rdates]  # which may change the day
    points = [*rdates, *(override.values.get("start", override.recurrence_id) for override in event.overrides)]
    ends = [override.values["end"] for override in event.overrides if override.values.get("end") is not None]
    first = min(own.first, *(to_date_range(point).first for point in points)) if points else own.first
    lasts = [
        own.last,
        *(_add_days_clamped(to_date_range(point).last, length) for point in points),
        *(to_date_range(end).last for end in ends),
    ]
    if event.rrule:
        from ilocal.model.recurrence import last_day

        lasts.append(_add_days_clamped(last_day(event.start, event.rrule, get_event_timezone(event)), length))
    last = max(lasts)
    return DateRange(first, last)


def _add_days_clamped(day: date, length: timedelta) -> date:
    return day + length if date.max - day > length else date.max


def _event_duration(event: Event) -> timedelta:
    assert event.start is not None
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        return event.end - event.start
    first, last = to_date_range(event.start).first, to_date_range(event.end or event.start).last
    return last - first + timedelta(days=1)


def _comparison_key(point: PartialDate) -> object:
    """Return a value that is equal for equivalent dates: times with a time zone compare as moments."""
    return point.timestamp() if isinstance(point, datetime) and point.tzinfo is not None else point


def _start_sort_key(event: Event) -> tuple[date, bool, float]:
    start = event.start
    assert start is not None
    seconds = 0.0
    if isinstance(start, datetime):
        seconds = start.hour * 3600 + start.minute * 60 + start.second + start.microsecond / 1e6
    return to_date_range(start).first, isinstance(start, datetime), seconds


def _is_in_window(event: Event, window: DateRange) -> bool:
    found = event.date_range
    return found is not None and found.overlaps(window)


def find_override(event: Event, at: PartialDate) -> OccurrenceOverride | None:
    """Return the override for the occurrence that would begin at `at`; None if it has none."""
    return next((one for one in event.overrides if _comparison_key(one.recurrence_id) == _comparison_key(at)), None)
