"""Writer of tables for Google Calendar and Outlook, which hold days and times but no less precise dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo

from ilocal.formats.base import WriteOptions
from ilocal.formats.csv.rows import write_rows
from ilocal.i18n.messages import _, n_
from ilocal.model.dates import PartialDate, to_date_range
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import make_text_safe
from ilocal.model.timezones import FLOATING_TIMEZONE, get_event_timezone, load_timezone

GOOGLE_COLUMNS = (
    "Subject", "Start Date", "Start Time", "End Date", "End Time", "All Day Event", "Description", "Location", "Private"
)  # fmt: skip
OUTLOOK_COLUMNS = (
    "Subject", "Start Date", "Start Time", "End Date", "End Time", "All day event", "Reminder on/off", "Categories",
    "Description", "Location", "Private",
)  # fmt: skip
_MIDNIGHT_CELL = "12:00:00 AM"


def dump_calendar_csv(events: Iterable[Event], options: WriteOptions, columns: tuple[str, ...]) -> Iterator[str]:
    """Yield the table of events with these columns; what it cannot express is counted in the notes."""
    counts: Counter[str] = Counter()
    yield from write_rows(columns, _build_calendar_csv_rows(events, options, columns, counts), options)
    options.omitted_count += counts["undated"]
    options.notes.extend(_describe_calendar_csv_omissions(counts))
    if counts["timed"] and (zone := options.registry_info.timezone):
        options.notes.append(
            _("times are in {zone}, but the table does not contain the time zone", zone=make_text_safe(zone))
        )


def _describe_calendar_csv_omissions(counts: Counter[str]) -> Iterator[str]:
    """Yield what such a table does not say of the events."""
    if n := counts["undated"]:
        yield n_(
            "skipped {n} event without an exact day (to write them as the whole month or year, add --undated-as-span)",
            "skipped {n} events without an exact day (to write them as the whole month or year, add --undated-as-span)",
            n,
        )
    if n := counts["repeating"]:
        yield n_(
            "{n} recurring event, of which only the first occurrence is written, as the table has no recurrence",
            "{n} recurring events, of which only the first occurrence is written, as the table has no recurrence",
            n,
        )
    if n := counts["off"]:
        yield n_(
            "{n} cancelled or postponed event, which the table cannot show as such",
            "{n} cancelled or postponed events, which the table cannot show as such",
            n,
        )


def _build_calendar_csv_rows(
    events: Iterable[Event], options: WriteOptions, columns: tuple[str, ...], counts: Counter[str]
) -> Iterator[list[str]]:
    for event in events:
        found = event_to_cells(
            event, options.registry_info, spans=options.undated_as_span, is_outlook=columns is OUTLOOK_COLUMNS
        )
        if found is None:
            counts["undated"] += 1
            continue
        counts["repeating"] += event.is_recurring
        counts["off"] += event.status in ("cancelled", "postponed")
        counts["timed"] += isinstance(event.start, datetime)
        yield [found[name] for name in columns]


def event_to_cells(event: Event, header: RegistryInfo, *, spans: bool, is_outlook: bool) -> dict[str, str] | None:
    """Return the cells of an event by column; None for one without an exact day, unless `spans` allows it."""
    pair = _convert_start_and_end(event, load_timezone(header.timezone), spans=spans)
    return None if pair is None else {**_format_text_cells(event), **_format_date_cells(*pair, is_outlook=is_outlook)}


def _format_text_cells(event: Event) -> dict[str, str]:
    return {
        "Subject": make_text_safe(event.title),
        "Description": make_text_safe(event.description or event.summary),
        "Location": make_text_safe(event.location),
        "Categories": make_text_safe("; ".join(event.topics)),
        "Private": "False",
        "Reminder on/off": "False",
    }


def _convert_start_and_end(event: Event, home: tzinfo | None, *, spans: bool) -> tuple[date, date] | None:
    """Return the first and last day, or start and end in the registry's time zone; None for less precise dates."""
    start, end = event.start, event.end or event.start
    if isinstance(start, datetime) and isinstance(end, datetime):
        zone = get_event_timezone(event) if event.timezone != FLOATING_TIMEZONE else None
        return _to_csv_timezone(start, zone, home), _to_csv_timezone(end, zone, home)
    if start is None or end is None or not (spans or isinstance(start, date)):
        return None
    return to_date_range(start).first, to_date_range(end).last


def _to_csv_timezone(moment: datetime, zone: tzinfo | None, home: tzinfo | None) -> datetime:
    if home is None or (moment.tzinfo is None and zone is None):
        return moment.replace(tzinfo=None)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(home).replace(tzinfo=None)
    except OverflowError:  # at the ends of the calendar
        return moment.replace(tzinfo=None)


def _format_date_cells(start: date, end: date, *, is_outlook: bool) -> dict[str, str]:
    timed = isinstance(start, datetime) and isinstance(end, datetime)
    last, clock = end, ""
    if is_outlook and not timed and end < date.max:  # which has the midnight after it
        last, clock = end + timedelta(days=1), _MIDNIGHT_CELL
    return {
        "Start Date": _format_us_csv_date(start),
        "Start Time": _format_12_hour_csv_time(start) if isinstance(start, datetime) else clock,
        "End Date": _format_us_csv_date(last),
        "End Time": _format_12_hour_csv_time(end) if isinstance(end, datetime) else clock,
        "All Day Event": str(not timed),
        "All day event": str(not timed),
    }


def _format_us_csv_date(day: PartialDate) -> str:
    assert isinstance(day, date)
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def _format_12_hour_csv_time(moment: datetime) -> str:
    seconds = f":{moment.second:02}" if moment.second else ""
    return f"{moment.hour % 12 or 12:02}:{moment.minute:02}{seconds} {'PM' if moment.hour >= 12 else 'AM'}"
