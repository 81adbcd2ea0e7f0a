"""An event as the properties of its VEVENTs: first its own, then those of each occurrence that is otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from hashlib import sha256

from ilocal.errors import DateError
from ilocal.formats.ics import timezones
from ilocal.formats.ics.content_lines import Property, escaped
from ilocal.model.dates import Days, Month, Point, Year, days
from ilocal.model.describe import label
from ilocal.model.event import Event
from ilocal.model.registry_info import Header
from ilocal.model.safe_text import safe
from ilocal.model.timezones import FLOATING

CANCELLED = {"vi": "ĐÃ HỦY: ", "en": "CANCELLED: "}  # Google drops STATUS:CANCELLED, and shows the event as if it held
DOMAIN = "ilocal"  # of UIDs, where the registry has no uid_domain
_STATUS = {"tentative": "TENTATIVE", "confirmed": "CONFIRMED", "cancelled": "CANCELLED", "postponed": "TENTATIVE"}
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # the DTSTAMP of what has none: the same registry gives the same bytes


def vevents(event: Event, header: Header, lang: str) -> list[list[Property]]:
    """The properties of the event's VEVENTs. It has a start."""
    assert event.start is not None
    where = _Where(event, header)
    uid = Property("UID", escaped(_one_line(uid_of(event, header))))
    others, left_out = [], list[Point]()
    for override in event.overrides:
        one = event.occurrence(override.recurrence_id, override)
        if one.start is None or (isinstance(one.start, (Month, Year)) and not isinstance(event.start, (Month, Year))):
            left_out.append(override.recurrence_id)  # moved to no day that a calendar could show
            continue
        at = [uid, where.property("RECURRENCE-ID", [override.recurrence_id])]
        others.append([*at, *_own(one, _Where(one, header), header, lang)])
    own = [uid, *_own(event, where, header, lang), *_recurrence(event, where, left_out)]
    if event.recurrence_id is not None:
        own.insert(1, where.property("RECURRENCE-ID", [event.recurrence_id]))
    return [own, *others]


def uid_of(event: Event, header: Header) -> str:
    """What calendars know the event by; of one without an id, made from what it says."""
    if event.uid:
        return event.uid
    name = (
        event.id or sha256(f"{event.title}\n{label(event.start, event.end)}".encode(errors="replace")).hexdigest()[:32]
    )
    return f"{name}@{header.uid_domain or DOMAIN}"


def tzids(vevents: Iterable[list[Property]]) -> Iterator[str]:
    for properties in vevents:
        for one in properties:
            if "TZID" in one.params:
                yield one.params["TZID"]


def _own(event: Event, where: _Where, header: Header, lang: str) -> Iterator[Property]:
    """What a VEVENT says of one event or occurrence."""
    yield Property("DTSTAMP", _utc(_moment(event.updated or event.created or _NEVER, header)))
    yield from where.span(event)
    prefix = CANCELLED[lang] if event.status == "cancelled" else ""
    yield Property("SUMMARY", escaped(_one_line(prefix + event.title)))
    if status := status_of(event):
        yield Property("STATUS", status)
    if event.location:
        yield Property("LOCATION", escaped(_one_line(event.location)))
    if text := description(event):
        yield Property("DESCRIPTION", escaped(text))
    if event.topics:
        yield Property("CATEGORIES", ",".join(escaped(_one_line(topic)) for topic in event.topics))
    if event.url:
        yield Property("URL", safe(_one_line(event.url)))
    yield from _organizer(event)
    if event.created:
        yield Property("CREATED", _utc(_moment(event.created, header)))
    if event.updated:
        yield Property("LAST-MODIFIED", _utc(_moment(event.updated, header)))
    if event.revision:
        yield Property("SEQUENCE", str(min(event.revision, 2**31 - 1)))
    yield Property("TRANSP", "TRANSPARENT")


def status_of(event: Event) -> str:
    if not event.status and isinstance(event.start, (Month, Year)):
        return "TENTATIVE"
    return _STATUS.get(event.status, "")


def description(event: Event) -> str:
    """All that an event has to tell, as one text."""
    parts = [event.summary, event.description]
    for section in event.sections:
        parts += [section.heading, section.body]
    return "\n\n".join([part for part in parts if part])


def _organizer(event: Event) -> Iterator[Property]:
    """The first organizer with a mail address: there can be one ORGANIZER, and it is an address."""
    for name in event.organizers:
        if "@" in name and safe(name) == name and not set(name) & set(' "<>;,:\n\t'):
            yield Property("ORGANIZER", f"mailto:{name}")
            return


def _one_line(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text.replace("\t", " ")


# --------------------------------------------------------------------------------------------------------------- dates


class _Where:
    """The form and the time zone in which an event's dates are written."""

    def __init__(self, event: Event, header: Header) -> None:
        start = event.start
        self.timed = isinstance(start, datetime)
        self.tzid = ""
        self.info: tzinfo | None = None
        if isinstance(start, datetime) and start.tzinfo is not None:
            self.info = start.tzinfo
            offset = start.utcoffset()
            # In UTC, a rule would name other days of the week than the event does.
            self.tzid = timezones.of_offset(offset) if event.recurs and offset else ""
        elif self.timed:
            name = event.timezone or header.timezone
            self.info = timezones.known(name) if name != FLOATING else None
            self.tzid = name if self.info else ""

    def property(self, name: str, points: Iterable[Point]) -> Property:
        """A property that is one date, or several of them."""
        value = ",".join(dict.fromkeys(self._value(point) for point in points))
        if not self.timed:
            return Property(name, value, {"VALUE": "DATE"})
        return Property(name, value, {"TZID": self.tzid} if self.tzid else {})

    def _value(self, point: Point) -> str:
        if not self.timed:
            return _date(days(point).first)
        assert isinstance(point, datetime)
        if point.tzinfo is None:
            return _time(point)
        if not self.tzid:
            return _utc(point)
        return _time(_in(point, self.info))

    def span(self, event: Event) -> Iterator[Property]:
        """DTSTART and DTEND, which is exclusive."""
        assert event.start is not None
        start = self.property("DTSTART", [event.start])
        yield start
        if isinstance(event.start, datetime):
            end = self.property("DTEND", [event.end]) if isinstance(event.end, datetime) else start
            if end.value > start.value:
                yield end
        elif (last := days(event.end or event.start).last) < date.max:
            yield self.property("DTEND", [last + timedelta(days=1)])

    def until(self, until: date) -> str:
        """UNTIL: a day for days; for times the moment in UTC, or the local time where there is no zone."""
        if not self.timed:
            return _date(until)
        if not isinstance(until, datetime):
            until = datetime(until.year, until.month, until.day, 23, 59, 59)
        if self.info is None and until.tzinfo is None:
            return _time(until)
        return _utc(until if until.tzinfo else until.replace(tzinfo=self.info))


def _recurrence(event: Event, where: _Where, left_out: list[Point]) -> Iterator[Property]:
    from ilocal.model.recurrence import parse

    if event.rrule:
        parts = event.rrule.upper().rstrip(";").split(";")
        until = parse(event.rrule).until
        if until is not None:
            parts = [f"UNTIL={where.until(until)}" if part.startswith("UNTIL=") else part for part in parts]
        yield Property("RRULE", ";".join(parts))
    if event.rdates:
        yield where.property("RDATE", event.rdates)
    excluded = [at for point in event.exdates for at in _excluded(event, point)] + left_out
    if excluded:
        yield where.property("EXDATE", excluded)


def _excluded(event: Event, point: Point) -> list[Point]:
    """The beginnings that an exclusion means: of a day, all that the series has on it."""
    if not isinstance(event.start, datetime) or isinstance(point, datetime):
        return [point]
    from ilocal.model.recurrence import starts

    with suppress(DateError, ValueError, OverflowError):
        day = days(point).first
        found = starts(event.start, event.rrule, event.rdates, (), Days(day, day), lasting=timedelta(), zone=None)
        return [at for at in found if isinstance(at, datetime) and at.date() == day]
    return []


def _moment(stamp: date, header: Header) -> datetime:
    """A stamp as a moment: a day begins, and a local time is told, in the registry's zone."""
    if not isinstance(stamp, datetime):
        return datetime(stamp.year, stamp.month, stamp.day, tzinfo=UTC)
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=timezones.known(header.timezone) or UTC)


def _in(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:  # on the first and the last day that there is
        return moment.replace(tzinfo=zone)


def _utc(moment: datetime) -> str:
    return _time(_in(moment, UTC)) + "Z"


def _time(moment: datetime) -> str:
    return f"{_date(moment)}T{moment.hour:02}{moment.minute:02}{moment.second:02}"


def _date(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


# ------------------------------------------------------------------------------------------------------------ calendar


def calendar(header: Header) -> list[Property]:
    """What a calendar says of itself. No METHOD: to PUBLISH (RFC 5546) wants an organizer with a mail address."""
    found = [Property("VERSION", "2.0"), Property("PRODID", "-//ilocal//ilocal//EN"), Property("CALSCALE", "GREGORIAN")]
    if header.title:
        found += [Property(name, escaped(_one_line(header.title))) for name in ("NAME", "X-WR-CALNAME")]
    if timezones.known(header.timezone):
        found.append(Property("X-WR-TIMEZONE", header.timezone))
    found.append(Property("REFRESH-INTERVAL", "P1D", {"VALUE": "DURATION"}))
    found.append(Property("X-PUBLISHED-TTL", "P1D"))
    return found
