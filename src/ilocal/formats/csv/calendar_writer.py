"""Events as the tables that Google Calendar and Outlook import: days and times, nothing less precise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from ilocal.formats.base import Writing
from ilocal.formats.csv.rows import written
from ilocal.i18n.messages import N_, _
from ilocal.model.dates import Point, days
from ilocal.model.event import Event
from ilocal.model.registry_info import Header
from ilocal.model.safe_text import safe
from ilocal.model.timezones import FLOATING, zone_of

GOOGLE = (
    "Subject", "Start Date", "Start Time", "End Date", "End Time", "All Day Event", "Description", "Location", "Private"
)  # fmt: skip
OUTLOOK = (
    "Subject", "Start Date", "Start Time", "End Date", "End Time", "All day event", "Reminder on/off", "Categories",
    "Description", "Location", "Private",
)  # fmt: skip
_MIDNIGHT = "12:00:00 AM"


def dump(events: Iterable[Event], how: Writing, columns: tuple[str, ...]) -> Iterator[str]:
    """The events under these columns; what cannot be said there is counted in the notes."""
    counts: Counter[str] = Counter()
    yield from written(columns, _rows(events, how, columns, counts), how)
    how.left_out += counts["undated"]
    how.notes.extend(_(note, n=counts[what]) for what, note in _NOTES.items() if counts[what])
    if counts["timed"] and (zone := how.header.timezone):
        how.notes.append(_("times are those of {zone}, which the table does not say", zone=safe(zone)))


_NOTES = {
    "undated": N_("{n} left out, not known to the day (--undated-as-span writes a month or a year as all its days)"),
    "repeating": N_("{n} repeating, of which the first time alone is written: the table knows no repetition"),
    "off": N_("{n} cancelled or postponed, which the table cannot say"),
}


def _rows(events: Iterable[Event], how: Writing, columns: tuple[str, ...], counts: Counter[str]) -> Iterator[list[str]]:
    for event in events:
        found = cells(event, how.header, spans=how.undated_as_span, outlook=columns is OUTLOOK)
        if found is None:
            counts["undated"] += 1
            continue
        counts["repeating"] += event.recurs
        counts["off"] += event.status in ("cancelled", "postponed")
        counts["timed"] += isinstance(event.start, datetime)
        yield [found[name] for name in columns]


def cells(event: Event, header: Header, *, spans: bool, outlook: bool) -> dict[str, str] | None:
    """An event by the names of the columns; None for one that is not known to the day, unless as `spans` of days."""
    pair = _points(event, _zone(header.timezone), spans=spans)
    return None if pair is None else {**_texts(event), **_dates(*pair, outlook=outlook)}


@cache
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _texts(event: Event) -> dict[str, str]:
    return {
        "Subject": safe(event.title),
        "Description": safe(event.description or event.summary),
        "Location": safe(event.location),
        "Categories": safe("; ".join(event.topics)),
        "Private": "False",
        "Reminder on/off": "False",
    }


def _points(event: Event, home: tzinfo | None, *, spans: bool) -> tuple[date, date] | None:
    """The first and the last day, or the beginning and the end in the time of the registry; None for less."""
    start, end = event.start, event.end or event.start
    if isinstance(start, datetime) and isinstance(end, datetime):
        zone = zone_of(event) if event.timezone != FLOATING else None
        return _at_home(start, zone, home), _at_home(end, zone, home)
    if start is None or end is None or not (spans or isinstance(start, date)):
        return None
    return days(start).first, days(end).last


def _at_home(moment: datetime, zone: tzinfo | None, home: tzinfo | None) -> datetime:
    if home is None or (moment.tzinfo is None and zone is None):
        return moment.replace(tzinfo=None)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(home).replace(tzinfo=None)
    except OverflowError:  # at the ends of the calendar
        return moment.replace(tzinfo=None)


def _dates(start: date, end: date, *, outlook: bool) -> dict[str, str]:
    timed = isinstance(start, datetime) and isinstance(end, datetime)
    last, clock = end, ""
    if outlook and not timed and end < date.max:  # which has the midnight after it
        last, clock = end + timedelta(days=1), _MIDNIGHT
    return {
        "Start Date": _american(start),
        "Start Time": _clock(start) if isinstance(start, datetime) else clock,
        "End Date": _american(last),
        "End Time": _clock(end) if isinstance(end, datetime) else clock,
        "All Day Event": str(not timed),
        "All day event": str(not timed),
    }


def _american(day: Point) -> str:
    assert isinstance(day, date)
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def _clock(moment: datetime) -> str:
    seconds = f":{moment.second:02}" if moment.second else ""
    return f"{moment.hour % 12 or 12:02}:{moment.minute:02}{seconds} {'PM' if moment.hour >= 12 else 'AM'}"
