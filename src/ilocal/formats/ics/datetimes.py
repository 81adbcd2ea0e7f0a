"""The dates of a VEVENT, in the form in which the record has them; never a day off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from ilocal.formats.ics.content_lines import ComponentError, Property
from ilocal.formats.ics.observances import ObservedZone, has_changing_vtimezone_offset
from ilocal.formats.ics.timezones import ResolvedZone, TimezoneResolver
from ilocal.i18n.messages import _
from ilocal.model.dates import PartialDate, format_iso_date
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import make_text_safe
from ilocal.model.timezones import FLOATING_TIMEZONE, load_timezone

_DATE_TIME_VALUE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})?(Z)?)?", re.IGNORECASE)
_UNTIL_PART = re.compile(r"UNTIL=([0-9]{8}(?:T[0-9]{6}Z?)?)", re.IGNORECASE)
_DURATION_DAYS = re.compile(r"[+-]?P(?:([0-9]+)W)?(?:([0-9]+)D)?", re.IGNORECASE)
_NEGATIVE_COUNT = re.compile(r"(^|;)COUNT=-1(?=;|$)", re.IGNORECASE)
_ONE_DAY = timedelta(days=1)
ALL_DAY_PROPERTIES = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT")


@dataclass(frozen=True, slots=True)
class EventTimes:
    """Start and end of an event, and the zone of its times: `tz` is None for floating times and for days."""

    start: PartialDate
    end: PartialDate | None
    timezone: str
    tz: tzinfo | None

    @property
    def has_nominal_dtstart_offset(self) -> bool:
        """Whether the start has the offset of its first time alone, of a series in the nameless zone `tz`."""
        return isinstance(self.start, datetime) and self.start.tzinfo is not None and self.start.tzinfo is not self.tz


class DateTimeReader:
    """Reader of the dates of components; it collects its doubts in `warnings`."""

    def __init__(self, zones: TimezoneResolver, header: RegistryInfo) -> None:
        self.registry_info = header
        self.warnings: list[str] = []
        self._zones = zones
        self._adopted_zones: dict[str, ResolvedZone] = {}  # by TZID, for the series that is read

    def read_event_times(self, properties: Sequence[Property], master: EventTimes | None = None) -> EventTimes:
        """Return the times of an event; of an occurrence in UTC, in the zone of its series. Raises ComponentError."""
        found = _find_property(properties, "DTSTART")
        if found is None:
            raise ComponentError(_("DTSTART is missing"))
        start, zone = self._read_date_time(found, found.value)
        if not isinstance(start, datetime):
            return EventTimes(start, self._read_last_day(properties, start), "", None)
        if any(one.name in ALL_DAY_PROPERTIES and one.value.strip().upper() == "TRUE" for one in properties):
            if found_days := self._read_whole_days(properties, start):
                return EventTimes(*found_days, "", None)
            self.warnings.append(
                _("marked as an all-day event, but the times are not at midnight; the times were preserved")
            )
        if start.tzinfo and master and master.tz and _is_local_time(master.start):
            start, zone = (
                _convert_ics_time_to_registry_zone(start, master.tz),
                ResolvedZone(master.timezone or self.registry_info.timezone, master.tz),
            )
        info = start.tzinfo or (zone.tz if zone else None)
        if zone is not None and not zone.name:
            offset = _compute_tzid_utc_offset(start, zone.tz)
            start = start.replace(tzinfo=timezone(offset) if offset else UTC)
            is_series = any(one.name in ("RRULE", "RDATE") for one in properties)
            info = zone.tz if is_series and has_changing_vtimezone_offset(zone.tz) else start.tzinfo
        end = self._read_end(properties, start, start.tzinfo or info)
        name = "" if start.tzinfo else zone.name if zone else FLOATING_TIMEZONE
        return EventTimes(
            start, end, "" if name in (self.registry_info.timezone or FLOATING_TIMEZONE, "") else name, info
        )

    def _read_date_time(self, one: Property, value: str) -> tuple[date, ResolvedZone | None]:
        """Return a day; a time in UTC; or a local time and its zone."""
        found = _DATE_TIME_VALUE.fullmatch(value.strip())
        try:
            if found is None:
                raise ValueError
            year, month, day, hour, minute, second = (int(number or 0) for number in found.groups()[:6])
            point = datetime(year, month, day, hour, minute, min(second, 59))  # leap seconds exist
        except ValueError:
            raise ComponentError(
                _('{part}: "{text}" is not a date', part=one.name, text=make_text_safe(value[:40]))
            ) from None
        is_day = found[4] is None or (one.params.get("VALUE", "").upper() == "DATE" and not (hour or minute or second))
        if is_day:
            return point.date(), None
        if found[7] is None:
            return point, self._resolve_tzid(one)
        if zone := self._find_zone(one.params.get("TZID", "")):
            self.warnings.append(_("{part} is in UTC and has a time zone; the time zone was used", part=one.name))
            return point, zone
        return point.replace(tzinfo=UTC), None

    def _find_zone(self, tzid: str) -> ResolvedZone | None:
        return self._adopted_zones.get(self._zones.normalize_tzid(tzid)) or self._zones.resolve_tzid(tzid)

    def _resolve_tzid(self, one: Property) -> ResolvedZone | None:
        tzid = one.params.get("TZID")
        zone = self._find_zone(tzid) if tzid else None
        if tzid is not None and zone is None:
            shown = make_text_safe(tzid[:60])
            said = _('unknown time zone "{zone}"; the times were imported as floating times', zone=shown)
            if reason := self._zones.vtimezone_errors.get(self._zones.normalize_tzid(tzid)):
                said = _(
                    'cannot read the VTIMEZONE "{zone}": {reason}; imported as a floating time',
                    zone=shown,
                    reason=reason,
                )
            self.warnings.append(said)
        return zone

    def adopt_iana_zone(self, properties: Sequence[Property], event: Event, when: EventTimes) -> bool:
        """Replace the nameless zone of a series by the equivalent IANA zone; return whether there is one."""
        from ilocal.formats.ics.zone_matching import compute_vtimezone_span, find_matching_zone

        found = _find_property(properties, "DTSTART")
        assert found is not None and isinstance(when.tz, ObservedZone)
        tzid = self._zones.normalize_tzid(found.params["TZID"])
        zone = find_matching_zone(when.tz, tzid, compute_vtimezone_span(event), self.registry_info.timezone)
        if zone is None:
            return False
        self._adopted_zones[tzid] = zone
        self._zones.adopted_names[tzid] = zone.name
        return True

    # ----------------------------------------------------------------------------------------------------------- ends

    def get_dtstart_and_dtend(self, event: Event) -> EventTimes | None:
        """Return the times of an event of the registry; None if it has no exact day."""
        start = event.start
        if not isinstance(start, datetime):
            return EventTimes(start, event.end, "", None) if isinstance(start, date) else None
        name = event.timezone or self.registry_info.timezone
        info = start.tzinfo or (load_timezone(name) if name != FLOATING_TIMEZONE else None)
        return EventTimes(start, event.end, event.timezone, info)

    def _read_whole_days(self, properties: Sequence[Property], start: datetime) -> tuple[date, date | None] | None:
        """Return the first and last day of an event that lasts from midnight to midnight, else None.

        Midnight is there or in the registry's zone; see [MS-OXCICAL], X-MICROSOFT-CDO-ALLDAYEVENT.
        """
        found, lasting = _find_property(properties, "DTEND"), _find_property(properties, "DURATION")
        begin, home = _find_property(properties, "DTSTART"), load_timezone(self.registry_info.timezone)
        zone = self._find_zone(begin.params.get("TZID", "")) if begin else None
        points = [start if start.tzinfo or zone is None else start.replace(tzinfo=zone.tz)]
        if found is not None:
            end, zone = self._read_date_time(found, found.value)
            end = end if isinstance(end, datetime) else datetime.combine(end, time.min)
            points.append(end if end.tzinfo or zone is None else end.replace(tzinfo=zone.tz))
        elif lasting is not None:
            points.append(_add_duration(points[0], lasting, None))
        for info in (None, home):
            local = [_to_local_ics_time(at, info) if info and at.tzinfo else at.replace(tzinfo=None) for at in points]
            if all(at.time() == time.min for at in local):
                first, after = local[0].date(), local[-1].date()
                if after < first:
                    raise _dtend_before_dtstart_error(after, first)
                return first, after - _ONE_DAY if after - first > _ONE_DAY else None
        return None

    def _read_last_day(self, properties: Sequence[Property], start: date) -> date | None:
        """Return the last day of an event without times; DTEND is the day after it."""
        found, lasting = _find_property(properties, "DTEND"), _find_property(properties, "DURATION")
        if found is not None:
            after = self._read_date_time(found, found.value)[0]
            if isinstance(after, datetime):  # as in Thunderbird's own holidays
                home = load_timezone(self.registry_info.timezone)
                local = _to_local_ics_time(after, home) if after.tzinfo and home and after.time() != time.min else after
                after = local.date()
                if local.time() != time.min:
                    self.warnings.append(_("DTSTART is a day but DTEND is a time; imported as whole days"))
                    after = _add_duration_to_day(after, _ONE_DAY)
        elif lasting is not None:
            length = _parse_duration(lasting)
            if length % _ONE_DAY:
                self.warnings.append(_("DTSTART is a day but DURATION has hours; imported as whole days"))
                length += _ONE_DAY - length % _ONE_DAY
            after = _add_duration_to_day(start, length)
        else:
            return None
        if after < start:
            raise _dtend_before_dtstart_error(after, start)
        last = after - _ONE_DAY if after > start else start  # an end that is the start means the one day
        return last if last > start else None

    def _read_end(self, properties: Sequence[Property], start: datetime, info: tzinfo | None) -> datetime | None:
        found, lasting = _find_property(properties, "DTEND"), _find_property(properties, "DURATION")
        if found is not None:
            point, zone = self._read_date_time(found, found.value)
            if not isinstance(point, datetime):
                raise ComponentError(_("DTSTART is a time but DTEND is a day"))
            if (point.tzinfo is None and zone is None) != (info is None):
                raise ComponentError(_("cannot combine a time that has a time zone with a time that has none"))
            end = _convert_to_start_zone(point, zone, start, info)
        elif lasting is not None:
            end = _add_duration(start, lasting, info)
        else:
            return None
        if end < start:
            raise _dtend_before_dtstart_error(end, start)
        return end if end > start else None

    # ----------------------------------------------------------------------------------------------------- recurrence

    def read_date_list(self, properties: Sequence[Property], name: str, when: EventTimes) -> tuple[PartialDate, ...]:
        """Return the dates of RDATE or EXDATE in the precision of the start."""
        return tuple(point for point, _end in self._iterate_rdate_values(properties, name, when))

    def read_rdates(
        self, properties: Sequence[Property], when: EventTimes
    ) -> tuple[tuple[PartialDate, ...], dict[PartialDate, PartialDate]]:
        """Return the dates of RDATE, and the ends of those that have one."""
        found = list(self._iterate_rdate_values(properties, "RDATE", when))
        return tuple(point for point, _end in found), {point: end for point, end in found if end is not None}

    def _iterate_rdate_values(
        self, properties: Sequence[Property], name: str, when: EventTimes
    ) -> Iterator[tuple[PartialDate, PartialDate | None]]:
        for one in properties:
            if one.name != name:
                continue
            for value in filter(None, one.value.split(",")):
                begin, _slash, end = value.partition("/")
                point = self._read_in_start_precision(one, begin, when)
                yield point, self._read_period_end(one, end, point, when) if end and name == "RDATE" else None

    def _read_in_start_precision(self, one: Property, value: str, when: EventTimes) -> PartialDate:
        """Return a date in the precision of the start; a day in EXDATE of a series with times stays a day."""
        point, zone = self._read_date_time(one, value)
        if not isinstance(when.start, datetime):
            return self._to_day_of_ics_series(point) if isinstance(point, datetime) else point
        if isinstance(point, datetime):
            return _convert_to_start_zone(point, zone, when.start, when.tz)
        return point if one.name == "EXDATE" else datetime.combine(point, when.start.timetz())

    def _to_day_of_ics_series(self, moment: datetime) -> date:
        """Return the day that a time in a series of days means: at midnight UTC, or in the registry's time zone."""
        home = load_timezone(self.registry_info.timezone)
        if moment.tzinfo is None or home is None or moment.time() == datetime.min.time():
            return moment.date()
        return _to_local_ics_time(moment, home).date()

    def _convert_until(self, value: str, when: EventTimes) -> str:
        """Return UNTIL as the registry writes it: a day for days; for times, in the zone of the start."""
        try:
            moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:  # a local time; or an invalid one, which is rejected with the rule
            return value if isinstance(when.start, datetime) else value[:8]
        if not isinstance(when.start, datetime):
            return f"{self._to_day_of_ics_series(moment):%Y%m%d}".zfill(8)
        info = when.tz or when.start.tzinfo
        local = _to_local_ics_time(moment, info) if info else moment
        return f"{local.year:04}{local:%m%dT%H%M%S}"

    def _read_period_end(self, one: Property, value: str, begin: PartialDate, when: EventTimes) -> PartialDate:
        if not isinstance(begin, datetime):
            raise ComponentError(_("DTSTART is a day but RDATE is a period of time"))
        if value.upper().startswith(("P", "+P")):
            return _add_duration(begin, Property("RDATE", value), when.tz)
        end = self._read_in_start_precision(one, value, when)
        assert isinstance(end, datetime)
        if end < begin:
            raise ComponentError(_("an RDATE period ends before it begins"))
        return end

    def read_recurrence_id(self, properties: Sequence[Property], when: EventTimes) -> PartialDate:
        """Return the original start of the occurrence that a VEVENT describes. Raises ComponentError."""
        one = _find_property(properties, "RECURRENCE-ID")
        assert one is not None
        if one.params.get("RANGE"):
            raise ComponentError(_("RECURRENCE-ID with RANGE: changes to all following occurrences are not supported"))
        return self._read_in_start_precision(one, one.value, when)

    def read_rrule(self, properties: Sequence[Property], when: EventTimes) -> str:
        """Return the rule, with UNTIL in local time. Raises ComponentError."""
        found = (one.value.strip() for one in properties if one.name == "RRULE" and one.value.strip())
        rules = list(dict.fromkeys(found))
        if any(one.name == "EXRULE" for one in properties):
            raise ComponentError(_("EXRULE: exception rules are not supported"))
        if len(rules) > 1:
            raise ComponentError(_("more than one RRULE"))
        if not rules:
            return ""
        rule = _NEGATIVE_COUNT.sub("", rules[0]).strip(";")  # some servers write a negative count if there is no end
        return _UNTIL_PART.sub(lambda found: "UNTIL=" + self._convert_until(found[1].upper(), when), rule)


def _dtend_before_dtstart_error(end: PartialDate, start: PartialDate) -> ComponentError:
    return ComponentError(
        _("DTEND ({end}) is before DTSTART ({start})", end=format_iso_date(end), start=format_iso_date(start))
    )


def _find_property(properties: Sequence[Property], name: str) -> Property | None:
    return next((one for one in properties if one.name == name), None)


def _is_local_time(point: PartialDate) -> bool:
    return isinstance(point, datetime) and point.tzinfo is None


def _compute_tzid_utc_offset(local: datetime, info: tzinfo) -> timedelta:
    try:
        return info.utcoffset(local.replace(tzinfo=info)) or timedelta()
    except Exception as error:  # a zone as a foreign file has it
        raise ComponentError(
            _("cannot determine the UTC offset of the time zone: {reason}", reason=make_text_safe(str(error)))
        ) from None


def _to_local_ics_time(moment: datetime, info: tzinfo) -> datetime:
    """Return the local time of a moment; the time as written if it would be beyond the calendar."""
    try:
        return moment.astimezone(info).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def _convert_ics_time_to_registry_zone(moment: datetime, info: tzinfo | None) -> datetime:
    """Return the local time of a moment. Raises ComponentError if it would be beyond the calendar."""
    try:
        return moment.astimezone(info).replace(tzinfo=None)
    except OverflowError:
        raise ComponentError(
            _("{time} is outside the years 1 to 9999 in its time zone", time=format_iso_date(moment))
        ) from None


def _convert_to_start_zone(
    point: datetime, zone: ResolvedZone | None, start: datetime, info: tzinfo | None
) -> datetime:
    """Return a time in the form and the zone of the start; a time without a zone is in that of the start."""
    if point.tzinfo is None and zone is not None and info is not None and zone.tz is not info:
        point = point.replace(tzinfo=timezone(_compute_tzid_utc_offset(point, zone.tz)))
    if point.tzinfo is None:
        return point.replace(tzinfo=start.tzinfo)
    if start.tzinfo is not None and info is not None and info is not start.tzinfo:  # nominal: the same clocks
        return _convert_ics_time_to_registry_zone(point, info).replace(tzinfo=start.tzinfo)
    if start.tzinfo is not None:
        return (
            _convert_ics_time_to_registry_zone(point, start.tzinfo).replace(tzinfo=start.tzinfo)
            if start.tzinfo != point.tzinfo
            else point
        )
    if info is None:
        raise ComponentError(_("cannot combine a time that has a time zone with a time that has none"))
    return _convert_ics_time_to_registry_zone(point, info)


def _parse_duration(one: Property) -> timedelta:
    from icalendar import vDuration

    read: Any = vDuration.from_ical
    try:
        length: timedelta = read(one.value.strip())
    except (ValueError, OverflowError):
        raise ComponentError(
            _('{part}: "{text}" is not a duration', part=one.name, text=make_text_safe(one.value[:40]))
        ) from None
    if length < timedelta():
        raise ComponentError(_("{part}: {text} is negative", part=one.name, text=make_text_safe(one.value[:40])))
    return length


def _add_duration_to_day(day: date, length: timedelta) -> date:
    try:
        return day + length
    except OverflowError:
        raise ComponentError(_("DURATION extends beyond the year 9999")) from None


def _add_duration(start: datetime, lasting: Property, info: tzinfo | None) -> datetime:
    """Return the end of a time with a duration: its days are days of the calendar, its hours hours on the clock.

    Raises ComponentError where the calendar ends before. Source: RFC 5545, 3.3.6.
    """
    length, found = _parse_duration(lasting), _DURATION_DAYS.match(lasting.value.strip())
    try:
        whole = timedelta(weeks=int(found[1] or 0), days=int(found[2] or 0)) if found else timedelta()
        end = start + whole
        if start.tzinfo is not None or info is None or length == whole:
            return end + (length - whole)
        return _convert_ics_time_to_registry_zone(end.replace(tzinfo=info).astimezone(UTC) + (length - whole), info)
    except OverflowError:
        raise ComponentError(_("DURATION extends beyond the year 9999")) from None
