"""The dates of a VEVENT, in the form in which the record has them; never a day off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

from ilocal.formats.ics.content_lines import Property, Unreadable
from ilocal.formats.ics.timezones import Zone, Zones, known
from ilocal.i18n.messages import _
from ilocal.model.dates import Point, iso
from ilocal.model.registry_info import Header
from ilocal.model.safe_text import safe
from ilocal.model.timezones import FLOATING

_VALUE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})?(Z)?)?", re.IGNORECASE)
_UNTIL = re.compile(r"UNTIL=([0-9]{8}(?:T[0-9]{6}Z?)?)", re.IGNORECASE)
_NO_COUNT = re.compile(r"(^|;)COUNT=-1(?=;|$)", re.IGNORECASE)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class When:
    """When an event is, and the zone of its times: `info` is None where they float, and of days."""

    start: Point
    end: Point | None
    timezone: str
    info: tzinfo | None


class Times:
    """Reads the dates of components; what is doubtful about them is in `doubts`."""

    def __init__(self, zones: Zones, header: Header) -> None:
        self.header = header
        self.doubts: list[str] = []
        self._zones = zones

    def when(self, properties: Sequence[Property], master: When | None = None) -> When:
        """When the event is; of an occurrence in UTC, in the zone of its series. Raises Unreadable."""
        found = _first(properties, "DTSTART")
        if found is None:
            raise Unreadable(_("no DTSTART"))
        start, zone = self._point(found, found.value)
        if not isinstance(start, datetime):
            return When(start, self._last_day(properties, start), "", None)
        if start.tzinfo and master and master.info and _is_local(master.start):
            start, zone = _local(start, master.info), Zone(master.timezone or self.header.timezone, master.info)
        if zone is not None and not zone.name:
            start = self._fixed(start, zone, properties)
        info = start.tzinfo or (zone.info if zone else None)
        end = self._end(properties, start, info)
        name = "" if start.tzinfo else zone.name if zone else FLOATING
        return When(start, end, "" if name in (self.header.timezone or FLOATING, "") else name, info)

    def _point(self, one: Property, value: str) -> tuple[date, Zone | None]:
        """A day; a time in UTC; or a local time and its zone."""
        found = _VALUE.fullmatch(value.strip())
        try:
            if found is None:
                raise ValueError
            year, month, day, hour, minute, second = (int(number or 0) for number in found.groups()[:6])
            point = datetime(year, month, day, hour, minute, min(second, 59))  # there are leap seconds
        except ValueError:
            raise Unreadable(_('{part}: "{text}" is no date', part=one.name, text=safe(value[:40]))) from None
        is_day = found[4] is None or (one.params.get("VALUE", "").upper() == "DATE" and not (hour or minute or second))
        if is_day:
            return point.date(), None
        if found[7] is None:
            return point, self._zone(one)
        if zone := self._zones.find(one.params.get("TZID", "")):
            self.doubts.append(_("{part} is in UTC and in a time zone; taken as in the zone", part=one.name))
            return point, zone
        return point.replace(tzinfo=UTC), None

    def _zone(self, one: Property) -> Zone | None:
        tzid = one.params.get("TZID", "")
        zone = self._zones.find(tzid) if tzid else None
        if tzid and zone is None:
            said = _('the time zone "{zone}" is not known here; taken as a local time anywhere', zone=safe(tzid[:60]))
            self.doubts.append(said)
        return zone

    def _fixed(self, start: datetime, zone: Zone, properties: Sequence[Property]) -> datetime:
        """A time in a zone without a name, with the offset that it has then."""
        offset = _offset(start, zone.info)
        if not isinstance(zone.info, timezone) and any(one.name in ("RRULE", "RDATE") for one in properties):
            at = timezone(offset)
            self.doubts.append(_("its time zone has no name here; all of the series is taken as at {zone}", zone=at))
        return start.replace(tzinfo=timezone(offset) if offset else UTC)

    # ----------------------------------------------------------------------------------------------------------- ends

    def _last_day(self, properties: Sequence[Property], start: date) -> date | None:
        """The last day of an event that has no times; DTEND is the day after it."""
        found, lasting = _first(properties, "DTEND"), _first(properties, "DURATION")
        if found is not None:
            after = self._point(found, found.value)[0]
            if isinstance(after, datetime):
                if after.time() != datetime.min.time():
                    raise Unreadable(_("DTSTART is a day and DTEND a time"))
                after = after.date()
        elif lasting is not None:
            length = _duration(lasting)
            if length % _DAY:
                raise Unreadable(_("DTSTART is a day and DURATION no number of days"))
            after = _after(start, length)
        else:
            return None
        if after < start:
            raise _before(after, start)
        last = after - _DAY if after > start else start  # an end that is the start means the one day
        return last if last > start else None

    def _end(self, properties: Sequence[Property], start: datetime, info: tzinfo | None) -> datetime | None:
        found, lasting = _first(properties, "DTEND"), _first(properties, "DURATION")
        if found is not None:
            point, zone = self._point(found, found.value)
            if not isinstance(point, datetime):
                raise Unreadable(_("DTSTART is a time and DTEND a day"))
            if (point.tzinfo is None and zone is None) != (info is None):
                raise Unreadable(_("a local time without a zone, and one with a zone"))
            end = _like(point, zone, start, info)
        elif lasting is not None:
            end = _later(start, _duration(lasting), info)
        else:
            return None
        if end < start:
            raise _before(end, start)
        return end if end > start else None

    # ----------------------------------------------------------------------------------------------------- recurrence

    def points(self, properties: Sequence[Property], name: str, when: When) -> tuple[Point, ...]:
        """The dates of RDATE or EXDATE in the form of the start."""
        return tuple(point for point, _end in self._points(properties, name, when))

    def rdates(self, properties: Sequence[Property], when: When) -> tuple[tuple[Point, ...], dict[Point, Point]]:
        """The dates of RDATE, and when those end that say so."""
        found = list(self._points(properties, "RDATE", when))
        return tuple(point for point, _end in found), {point: end for point, end in found if end is not None}

    def _points(self, properties: Sequence[Property], name: str, when: When) -> Iterator[tuple[Point, Point | None]]:
        for one in properties:
            if one.name != name:
                continue
            for value in filter(None, one.value.split(",")):
                begin, _slash, end = value.partition("/")
                point = self._in_form(one, begin, when)
                yield point, self._period_end(one, end, point, when) if end and name == "RDATE" else None

    def _in_form(self, one: Property, value: str, when: When) -> Point:
        """A date in the form of the start; a day that is left out of a series of times is a day."""
        point, zone = self._point(one, value)
        if not isinstance(when.start, datetime):
            return self._day(point) if isinstance(point, datetime) else point
        if isinstance(point, datetime):
            return _like(point, zone, when.start, when.info)
        return point if one.name == "EXDATE" else datetime.combine(point, when.start.timetz())

    def _day(self, moment: datetime) -> date:
        """The day that is meant by a time in a series of days: midnight in UTC, or at home."""
        home = known(self.header.timezone)
        if moment.tzinfo is None or home is None or moment.time() == datetime.min.time():
            return moment.date()
        return _local(moment, home).date()

    def _until(self, value: str, when: When) -> str:
        """UNTIL as the record has it: a day for days, for times in the zone of the start."""
        try:
            moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:  # a local time; or none, which is refused with the rule
            return value if isinstance(when.start, datetime) else value[:8]
        if not isinstance(when.start, datetime):
            return f"{self._day(moment):%Y%m%d}".zfill(8)
        info = when.start.tzinfo or when.info
        local = _local(moment, info) if info else moment
        return f"{local.year:04}{local:%m%dT%H%M%S}"

    def _period_end(self, one: Property, value: str, begin: Point, when: When) -> Point:
        if not isinstance(begin, datetime):
            raise Unreadable(_("DTSTART is a day and RDATE a period of time"))
        if value.upper().startswith(("P", "+P")):
            return _later(begin, _duration(Property("RDATE", value)), when.info)
        end = self._in_form(one, value, when)
        assert isinstance(end, datetime)
        if end < begin:
            raise Unreadable(_("a period of RDATE ends before it begins"))
        return end

    def recurrence_id(self, properties: Sequence[Property], when: When) -> Point:
        """Which occurrence of its series a VEVENT is. Raises Unreadable."""
        one = _first(properties, "RECURRENCE-ID")
        assert one is not None
        if one.params.get("RANGE"):
            raise Unreadable(_("RECURRENCE-ID with a RANGE: a change of all that follows cannot be kept here"))
        return self._in_form(one, one.value, when)

    def rule(self, properties: Sequence[Property], when: When) -> str:
        """The rule, its UNTIL in local time. Raises Unreadable."""
        found = (one.value.strip() for one in properties if one.name == "RRULE" and one.value.strip())
        rules = list(dict.fromkeys(found))
        if any(one.name == "EXRULE" for one in properties):
            raise Unreadable(_("EXRULE: a rule of exceptions cannot be kept here"))
        if len(rules) > 1:
            raise Unreadable(_("more than one RRULE"))
        if not rules:
            return ""
        rule = _NO_COUNT.sub("", rules[0]).strip(";")  # which some servers write where there is no end
        return _UNTIL.sub(lambda found: "UNTIL=" + self._until(found[1].upper(), when), rule)


def _before(end: Point, start: Point) -> Unreadable:
    return Unreadable(_("DTEND ({end}) is before DTSTART ({start})", end=iso(end), start=iso(start)))


def _first(properties: Sequence[Property], name: str) -> Property | None:
    return next((one for one in properties if one.name == name), None)


def _is_local(point: Point) -> bool:
    return isinstance(point, datetime) and point.tzinfo is None


def _offset(local: datetime, info: tzinfo) -> timedelta:
    try:
        return info.utcoffset(local.replace(tzinfo=info)) or timedelta()
    except Exception as error:  # a zone as a foreign file has it
        raise Unreadable(_("the offset of its time zone cannot be told: {reason}", reason=safe(str(error)))) from None


def _local(moment: datetime, info: tzinfo) -> datetime:
    try:
        return moment.astimezone(info).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def _like(point: datetime, zone: Zone | None, start: datetime, info: tzinfo | None) -> datetime:
    """A time in the form and the zone of the start. One without a zone is in that of the start."""
    if point.tzinfo is None and zone is not None and info is not None and zone.info is not info:
        point = point.replace(tzinfo=timezone(_offset(point, zone.info)))
    if point.tzinfo is None:
        return point.replace(tzinfo=start.tzinfo)
    if start.tzinfo is not None:
        return point.astimezone(start.tzinfo) if start.tzinfo != UTC or point.tzinfo != UTC else point
    if info is None:
        raise Unreadable(_("a local time without a zone, and one with a zone"))
    return _local(point, info)


def _duration(one: Property) -> timedelta:
    from icalendar import vDuration

    read: Any = vDuration.from_ical
    try:
        length: timedelta = read(one.value.strip())
    except (ValueError, OverflowError):
        raise Unreadable(_('{part}: "{text}" is no duration', part=one.name, text=safe(one.value[:40]))) from None
    if length < timedelta():
        raise Unreadable(_("{part}: {text} is less than nothing", part=one.name, text=safe(one.value[:40])))
    return length


def _after(day: date, length: timedelta) -> date:
    try:
        return day + length
    except OverflowError:
        raise Unreadable(_("DURATION: the calendar ends before it does")) from None


def _later(start: datetime, length: timedelta, info: tzinfo | None) -> datetime:
    """The end of what lasts so long: days are counted on the calendar, hours on the clock (RFC 5545, 3.3.6)."""
    whole = timedelta(days=length.days)
    try:
        end = start + whole
        if start.tzinfo is not None or info is None or length == whole:
            return end + (length - whole)
        return _local(end.replace(tzinfo=info).astimezone(UTC) + (length - whole), info)
    except OverflowError:
        raise Unreadable(_("DURATION: the calendar ends before it does")) from None
