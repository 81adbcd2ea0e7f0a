"""Conversion of an event to the properties of its VEVENTs: its own, and one for each changed occurrence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo

from ilocal.errors import DateError
from ilocal.formats.ics import timezones
from ilocal.formats.ics.content_lines import Property, escape_text_value
from ilocal.model.dates import DateRange, Month, PartialDate, Year, to_date_range
from ilocal.model.event import Event
from ilocal.model.event_uids import make_event_uid
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import make_text_safe
from ilocal.model.timezones import FLOATING_TIMEZONE, load_timezone

CANCELLED_PREFIXES = {
    "vi": "ĐÃ HỦY: ",
    "en": "CANCELLED: ",
}  # Google drops STATUS:CANCELLED, and shows the event as if it held
_VEVENT_STATUS = {
    "tentative": "TENTATIVE",
    "confirmed": "CONFIRMED",
    "cancelled": "CANCELLED",
    "postponed": "TENTATIVE",
}
_EPOCH_DTSTAMP = datetime(
    1970, 1, 1, tzinfo=UTC
)  # the DTSTAMP of events without one: the same registry gives the same bytes


def event_to_vevents(event: Event, header: RegistryInfo, lang: str) -> list[list[Property]]:
    """Return the properties of the VEVENTs of an event, which must have a start."""
    assert event.start is not None
    where = _DateTimeWriter(event, header)
    uid = Property("UID", escape_text_value(_replace_line_breaks(make_event_uid(event, header))))
    others, left_out = [], list[PartialDate]()
    for override in event.overrides:
        one = event.build_occurrence(override.recurrence_id, override)
        if one.start is None or (isinstance(one.start, (Month, Year)) and not isinstance(event.start, (Month, Year))):
            left_out.append(override.recurrence_id)  # moved to no day that a calendar could show
            continue
        at = [uid, where.build_date_property("RECURRENCE-ID", [override.recurrence_id])]
        others.append([*at, *_build_vevent_properties(one, _DateTimeWriter(one, header), header, lang)])
    own = [
        uid,
        *_build_vevent_properties(event, where, header, lang),
        *_build_recurrence_properties(event, where, left_out),
    ]
    if event.recurrence_id is not None:
        own.insert(1, where.build_date_property("RECURRENCE-ID", [event.recurrence_id]))
    return [own, *others]


def collect_vevent_tzids(vevents: Iterable[list[Property]]) -> Iterator[str]:
    for properties in vevents:
        for one in properties:
            if "TZID" in one.params:
                yield one.params["TZID"]


def _build_vevent_properties(
    event: Event, where: _DateTimeWriter, header: RegistryInfo, lang: str
) -> Iterator[Property]:
    """Yield the properties of the VEVENT of an event or occurrence."""
    yield Property(
        "DTSTAMP",
        _format_utc_date_time(timestamp_to_dtstamp(event.updated or event.created or _EPOCH_DTSTAMP, header)),
    )
    yield from where.build_dtstart_and_dtend(event)
    prefix = CANCELLED_PREFIXES[lang] if event.status == "cancelled" else ""
    yield Property("SUMMARY", escape_text_value(_replace_line_breaks(prefix + event.title)))
    if status := format_vevent_status(event):
        yield Property("STATUS", status)
    if event.location:
        yield Property("LOCATION", escape_text_value(_replace_line_breaks(event.location)))
    if text := format_vevent_description(event):
        yield Property("DESCRIPTION", escape_text_value(text))
    if event.topics:
        yield Property("CATEGORIES", ",".join(escape_text_value(_replace_line_breaks(topic)) for topic in event.topics))
    if event.url:
        yield Property("URL", make_text_safe(_replace_line_breaks(event.url)))
    yield from _build_organizer_property(event)
    if event.created:
        yield Property("CREATED", _format_utc_date_time(timestamp_to_dtstamp(event.created, header)))
    if event.updated:
        yield Property("LAST-MODIFIED", _format_utc_date_time(timestamp_to_dtstamp(event.updated, header)))
    if event.revision:
        yield Property("SEQUENCE", str(min(event.revision, 2**31 - 1)))
    yield Property("TRANSP", "TRANSPARENT")


def format_vevent_status(event: Event) -> str:
    if not event.status and isinstance(event.start, (Month, Year)):
        return "TENTATIVE"
    return _VEVENT_STATUS.get(event.status, "")


def format_vevent_description(event: Event) -> str:
    """Return all texts of an event as one."""
    parts = [event.summary, event.description]
    for section in event.sections:
        parts += [section.heading, section.body]
    return "\n\n".join([part for part in parts if part])


def _build_organizer_property(event: Event) -> Iterator[Property]:
    """Yield an ORGANIZER for the first organizer with a mail address: it is single and must be an address."""
    for name in event.organizers:
        if "@" in name and make_text_safe(name) == name and not set(name) & set(' "<>;,:\n\t'):
            yield Property("ORGANIZER", f"mailto:{name}")
            return


def _replace_line_breaks(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text.replace("\t", " ")


# --------------------------------------------------------------------------------------------------------------- dates


class _DateTimeWriter:
    """The form and the time zone in which an event's dates are written."""

    def __init__(self, event: Event, header: RegistryInfo) -> None:
        start = event.start
        self.is_timed = isinstance(start, datetime)
        self.tzid = ""
        self.tz: tzinfo | None = None
        if isinstance(start, datetime) and start.tzinfo is not None:
            self.tz = start.tzinfo
            offset = start.utcoffset()
            # In UTC, a rule would name other days of the week than the event does.
            self.tzid = timezones.make_offset_tzid(offset) if event.is_recurring and offset else ""
        elif self.is_timed:
            name = event.timezone or header.timezone
            self.tz = load_timezone(name) if name != FLOATING_TIMEZONE else None
            self.tzid = name if self.tz else ""

    def build_date_property(self, name: str, points: Iterable[PartialDate]) -> Property:
        """Return a property with one date or several."""
        value = ",".join(dict.fromkeys(self._format_value(point) for point in points))
        if not self.is_timed:
            return Property(name, value, {"VALUE": "DATE"})
        return Property(name, value, {"TZID": self.tzid} if self.tzid else {})

    def _format_value(self, point: PartialDate) -> str:
        if not self.is_timed:
            return _format_ics_date(to_date_range(point).first)
        assert isinstance(point, datetime)
        if point.tzinfo is None:
            return _format_ics_date_time(point)
        if not self.tzid:
            return _format_utc_date_time(point)
        return _format_ics_date_time(_convert_timezone(point, self.tz))

    def build_dtstart_and_dtend(self, event: Event) -> Iterator[Property]:
        """Yield DTSTART and DTEND, which is exclusive."""
        assert event.start is not None
        start = self.build_date_property("DTSTART", [event.start])
        yield start
        if isinstance(event.start, datetime):
            end = self.build_date_property("DTEND", [event.end]) if isinstance(event.end, datetime) else start
            if end.value > start.value:
                yield end
        elif (last := to_date_range(event.end or event.start).last) < date.max:
            yield self.build_date_property("DTEND", [last + timedelta(days=1)])

    def format_rrule_until(self, until: date) -> str:
        """Return UNTIL: a day for days; for times the moment in UTC, or a local time without a zone."""
        if not self.is_timed:
            return _format_ics_date(until)
        if not isinstance(until, datetime):
            until = datetime(until.year, until.month, until.day, 23, 59, 59)
        if self.tz is None and until.tzinfo is None:
            return _format_ics_date_time(until)
        return _format_utc_date_time(until if until.tzinfo else until.replace(tzinfo=self.tz))


def _build_recurrence_properties(
    event: Event, where: _DateTimeWriter, left_out: list[PartialDate]
) -> Iterator[Property]:
    from ilocal.model.recurrence import parse_rrule

    if event.rrule:
        parts = event.rrule.upper().rstrip(";").split(";")
        until = parse_rrule(event.rrule).until
        if until is not None:
            parts = [
                f"UNTIL={where.format_rrule_until(until)}" if part.startswith("UNTIL=") else part for part in parts
            ]
        yield Property("RRULE", ";".join(parts))
    if event.rdates:
        yield where.build_date_property("RDATE", event.rdates)
    excluded = [at for point in event.exdates for at in _expand_exdate(event, point)] + left_out
    if excluded:
        yield where.build_date_property("EXDATE", excluded)


def _expand_exdate(event: Event, point: PartialDate) -> list[PartialDate]:
    """Return the starts that an exclusion means: for a day, all on it."""
    if not isinstance(event.start, datetime) or isinstance(point, datetime):
        return [point]
    from ilocal.model.recurrence import expand_recurrence

    with suppress(DateError, ValueError, OverflowError):
        day = to_date_range(point).first
        found = expand_recurrence(
            event.start, event.rrule, event.rdates, (), DateRange(day, day), duration=timedelta(), zone=None
        )
        return [at for at in found if isinstance(at, datetime) and at.date() == day]
    return []


def timestamp_to_dtstamp(stamp: date, header: RegistryInfo) -> datetime:
    """Return a timestamp as a moment; days and local times are in the registry's time zone."""
    if not isinstance(stamp, datetime):
        return datetime(stamp.year, stamp.month, stamp.day, tzinfo=UTC)
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=load_timezone(header.timezone) or UTC)


def _convert_timezone(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:  # on the first and the last day of the calendar
        return moment.replace(tzinfo=zone)


def _format_utc_date_time(moment: datetime) -> str:
    return _format_ics_date_time(_convert_timezone(moment, UTC)) + "Z"


def _format_ics_date_time(moment: datetime) -> str:
    return f"{_format_ics_date(moment)}T{moment.hour:02}{moment.minute:02}{moment.second:02}"


def _format_ics_date(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


# ------------------------------------------------------------------------------------------------------------ calendar


def build_vcalendar_properties(header: RegistryInfo) -> list[Property]:
    """Return the properties of a calendar. It has no METHOD, as PUBLISH (RFC 5546) requires a mail address."""
    found = [Property("VERSION", "2.0"), Property("PRODID", "-//ilocal//ilocal//EN"), Property("CALSCALE", "GREGORIAN")]
    if header.title:
        found += [
            Property(name, escape_text_value(_replace_line_breaks(header.title))) for name in ("NAME", "X-WR-CALNAME")
        ]
    if load_timezone(header.timezone):
        found.append(Property("X-WR-TIMEZONE", header.timezone))
    found.append(Property("REFRESH-INTERVAL", "P1D", {"VALUE": "DURATION"}))
    found.append(Property("X-PUBLISHED-TTL", "P1D"))
    return found
