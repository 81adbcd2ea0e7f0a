"""Matching of a time zone defined only in a file to an IANA zone, or else conversion to separate UTC offsets.

Outlook's "Customized Time Zone" is the usual case: it has the rules of a zone, but not its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from ilocal.errors import DateError
from ilocal.formats.ics.observances import ObservedZone
from ilocal.formats.ics.timezones import ResolvedZone, list_iana_names_for_tzid
from ilocal.i18n.messages import _, n_
from ilocal.model.dates import DateRange, format_iso_date
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.recurrence import expand_recurrence, parse_rrule
from ilocal.model.timezones import load_timezone

_MIN_YEARS_CHECKED = 20  # over which a series without an end is looked at, and at least up to the next
_MIN_LAST_YEAR = 2037
_MAX_OVERRIDES = 500
_ONE_DAY = timedelta(days=1)


def find_matching_zone(zone: ObservedZone, tzid: str, span: DateRange, home: str) -> ResolvedZone | None:
    """Return the IANA zone that has the same offsets on all of these days; None if there is none.

    Of several, it prefers the one whose city is in the TZID, then the one most similar in other years, then that of the
    registry, `home`, then one with a Windows name.
    """
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    moments = list(_sample_moments(zone, span))
    around = list(_sample_moments(zone, DateRange(date(2000, 1, 1), date(_MIN_LAST_YEAR, 12, 31))))
    every = sorted(list_iana_names_for_tzid().values())
    named = [name for name in every if _is_zone_named_in_tzid(name, tzid)]
    for names in ([*named, home, *WINDOWS_TO_OLSON.values()], every):
        found = [
            info
            for name in dict.fromkeys(names)
            if (info := load_timezone(name)) and _have_same_offsets(zone, info, moments)
        ]
        if found:
            best = max(
                found,
                key=lambda info: (
                    _is_zone_named_in_tzid(info.key, tzid),
                    sum(_has_same_offset(zone, info, at) for at in around),
                ),
            )
            return ResolvedZone(best.key, best)
    return None


def _is_zone_named_in_tzid(name: str, tzid: str) -> bool:
    city = name.rpartition("/")[2]
    return "/" in name and _extract_tzid_letters(city) in _extract_tzid_letters(tzid)


def _extract_tzid_letters(name: str) -> str:
    return "".join(filter(str.isalpha, name)).lower()


def _sample_moments(zone: ObservedZone, span: DateRange) -> Iterator[datetime]:
    """Yield moments at which two zones differ, if they do: both sides of each change, and one in each month."""
    first = datetime(span.first.year, span.first.month, span.first.day)
    last = datetime(span.last.year, span.last.month, span.last.day)
    for moment in zone.moments:
        if first <= moment <= last:
            yield from (moment - timedelta(seconds=1), moment)
    while first <= last:
        yield first
        first += 30 * _ONE_DAY


def _have_same_offsets(one: tzinfo, other: tzinfo, moments: Iterable[datetime]) -> bool:
    return all(_has_same_offset(one, other, moment) for moment in moments)


def _has_same_offset(one: tzinfo, other: tzinfo, moment: datetime) -> bool:
    at = moment.replace(tzinfo=UTC)
    return at.astimezone(one).utcoffset() == at.astimezone(other).utcoffset()


def compute_vtimezone_span(event: Event) -> DateRange:
    """Return the days from the first to the last beginning of a series; of one without an end, those of many years."""
    assert isinstance(event.start, datetime)
    begun = [at.date() for at in _list_vevent_starts(event)[0] or [event.start]]
    return DateRange(max(min(begun), date.min + _ONE_DAY) - _ONE_DAY, min(max(begun), date.max - _ONE_DAY) + _ONE_DAY)


def _list_vevent_starts(event: Event) -> tuple[list[datetime], date | None]:
    """Return the starts of a series up to a sufficient day, and that day; None if no later start exists."""
    assert isinstance(event.start, datetime)
    rule = parse_rrule(event.rrule) if event.rrule else None
    is_bounded = rule is None or rule.count is not None or rule.until is not None
    last = date(min(max(event.start.year + _MIN_YEARS_CHECKED, _MIN_LAST_YEAR), date.max.year), 12, 31)
    while True:
        window = DateRange(date.min, last)
        try:
            found = expand_recurrence(
                event.start, event.rrule, event.rdates, event.exdates, window, duration=timedelta()
            )
            return [at for at in found if isinstance(at, datetime)], None if is_bounded else last
        except DateError:  # too many
            is_bounded = False
            if last.year <= event.start.year:
                return [event.start], event.start.date()
            last = date((event.start.year + last.year) // 2, 12, 31)


def override_utc_offsets(event: Event, zone: tzinfo) -> tuple[Event, str]:
    """Return a series with a single UTC offset, with an override for each time at which `zone` has another.

    The second value is a message about the change, "" if there is none.
    """
    start = event.start
    assert isinstance(start, datetime)
    usual, others = start.utcoffset(), {one.recurrence_id: one for one in event.overrides}
    moved = 0
    begins, end = _list_vevent_starts(event)
    for at in begins:
        local = at.replace(tzinfo=None)
        offset = local.replace(tzinfo=zone).utcoffset()
        if offset is None or offset == usual:
            continue
        if moved == _MAX_OVERRIDES:
            end = at.date() - _ONE_DAY
            break
        others[at] = _move_vevent_override(others.get(at), at, local.replace(tzinfo=timezone(offset)))
        moved += 1
    if not moved:
        return event, ""
    said = n_(
        "no IANA time zone matches the time zone of the event; {n} occurrence was imported with its own UTC offset",
        "no IANA time zone matches the time zone of the event; {n} occurrences were imported with their own UTC offset",
        moved,
    )
    if end is not None:
        said = _(
            "{reason}; all occurrences after {day} were imported as {zone}",
            reason=said,
            day=format_iso_date(end),
            zone=start.tzinfo,
        )
    return replace(event, overrides=tuple(others.values())), said


def _move_vevent_override(override: OccurrenceOverride | None, at: datetime, start: datetime) -> OccurrenceOverride:
    """Return the override of the occurrence `at` with its true start; an end moves along."""
    values = dict(override.values) if override else {}
    if isinstance(end := values.get("end"), datetime):
        values["end"] = start + (end - at)
    return OccurrenceOverride(at, {"start": start, **values})
