"""Reader of Google Calendar and Outlook tables: their columns, their order of day and month, their end dates.

Google documents its import at support.google.com/calendar/answer/37118: MM/DD/YYYY, and the End Date is the last day.
Outlook writes an event of whole days from midnight to midnight, so its end is on the day after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from ilocal.errors import DateError, Diagnostic, InvalidEventError
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.formats.csv import calendar_writer
from ilocal.formats.csv.date_order import DAY_FIRST, require_one_date_order
from ilocal.formats.csv.rows import Table, describe_unknown_csv_column, match_columns_to_fields, unescape_cell_formula
from ilocal.i18n.messages import _
from ilocal.model.date_parser import parse_date
from ilocal.model.dates import PartialDate, format_iso_date
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text

_EXTRA_OUTLOOK_COLUMNS = (
    "Reminder on/off", "Reminder Date", "Reminder Time", "Meeting Organizer", "Required Attendees",
    "Optional Attendees", "Meeting Resources", "Billing Information", "Categories", "Mileage", "Priority",
    "Sensitivity", "Show time as",
)  # fmt: skip
_COLUMNS_BY_NAME = {fold_text(name): name for name in (*calendar_writer.GOOGLE_COLUMNS, *_EXTRA_OUTLOOK_COLUMNS)}
_SLASHED_DATE = re.compile("([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_DATE_COLUMNS = ("Start Date", "End Date")
_TRUE_VALUES, _FALSE_VALUES = ("true", "yes", "1", "on"), ("false", "no", "0", "off", "")


class CalendarDialect(NamedTuple):
    """The program that wrote a table, and its order of day and month."""

    is_outlook: bool
    is_day_first: bool = False

    @property
    def name(self) -> str:
        return "Outlook" if self.is_outlook else "Google Calendar"


def is_calendar_csv_header(header: Sequence[str]) -> bool:
    """Return whether a header is one of Google Calendar or Outlook."""
    return {fold_text("Subject"), fold_text("Start Date")} <= set(map(fold_text, header))


def parse_calendar_csv_rows(table: Table, options: ReadOptions) -> Iterator[ImportedEvent | Diagnostic]:
    """Yield the events of such a table, with a note on the order of day and month, the same for the whole file."""
    columns = match_columns_to_fields(table, {}, _COLUMNS_BY_NAME)
    for name, field in zip(table.header, columns, strict=True):
        if not field and name.strip():
            yield Diagnostic(table.line, describe_unknown_csv_column(name.strip()), severity="warning")
    rows = [
        (line, {name: unescape_cell_formula(text) for name, text in zip(columns, row, strict=True) if name})
        for line, row in table.rows
    ]
    dialect, said = _detect_dialect(
        rows, options.date_order, is_outlook=any(name in _EXTRA_OUTLOOK_COLUMNS for name in columns)
    )
    yield from said
    for line, cells in rows:
        text = ",".join(cells.values())
        try:
            entry, private = _read_appointment_row(cells, dialect, options, line), _parse_flag_cell(cells, "Private")
        except InvalidEventError as error:
            yield Diagnostic(line, error.reason, error.field, text=text)
            continue
        if cells.get("Sensitivity", "").strip().lower() == "confidential":
            yield Diagnostic(
                line, _("the event is marked confidential in the file, but the registry is public"), severity="warning"
            )
        elif private or cells.get("Sensitivity", "").strip().lower() in ("private", "personal"):
            yield Diagnostic(
                line, _("the event is marked private in the file, but the registry is public"), severity="warning"
            )
        yield entry


def _detect_dialect(
    table: list[tuple[int, dict[str, str]]], order: str, *, is_outlook: bool
) -> tuple[CalendarDialect, list[Diagnostic]]:
    """Return the order of day and month in a table, as it is stated or as its dates show, with notes about it.

    Raises InputError if its dates show both.
    """
    month_first = CalendarDialect(is_outlook)
    if order:
        return CalendarDialect(is_outlook, is_day_first=order == DAY_FIRST), []
    dates = [
        (line, found)
        for line, cells in table
        for name in _DATE_COLUMNS
        if (found := _SLASHED_DATE.fullmatch(cells.get(name, "").strip()))
    ]
    only_day = [(line, found) for line, found in dates if int(found[1]) > 12 >= int(found[2])]
    only_month = [(line, found) for line, found in dates if int(found[2]) > 12 >= int(found[1])]
    if only_day and only_month:
        require_one_date_order(
            (
                (line, (("Start Date / End Date", cells.get(name, "")) for name in _DATE_COLUMNS))
                for line, cells in table
            ),
            order,
        )
    if only_day:
        line, found = only_day[0]
        said = _('dates in the whole file are read day first, because "{date}" can only be day first', date=found[0])
        return CalendarDialect(is_outlook, is_day_first=True), [
            Diagnostic(line, said, severity="warning" if only_month else "note")
        ]
    if only_month:
        line, found = only_month[0]
        said = _('dates are read month first, because "{date}" can only be month first', date=found[0])
        return month_first, [Diagnostic(line, said, severity="note")]
    unsure = next(((line, found) for line, found in dates if found[1] != found[2]), None)
    if unsure is None:
        return month_first, []
    line, found = unsure
    values = {"program": month_first.name, "date": found[0], "day": _slashed_csv_date_to_iso(found, month_first)}
    said = _('dates are read month first, as {program} writes them: "{date}" is {day}', **values)
    return month_first, [Diagnostic(line, said, severity="warning")]


def _slashed_csv_date_to_iso(found: re.Match[str], dialect: CalendarDialect) -> str:
    day, month = (found[1], found[2]) if dialect.is_day_first else (found[2], found[1])
    return f"{found[3]}-{int(month):02}-{int(day):02}"


def _read_appointment_row(
    cells: dict[str, str], dialect: CalendarDialect, options: ReadOptions, line: int
) -> ImportedEvent:
    event = _cells_to_event(cells, dialect, options, line)
    says = {"title", "start", *(field for name, field in _FIELD_BY_COLUMN.items() if name in cells)}
    return ImportedEvent(
        event,
        frozenset(says),
        reduce_event=partial(_reread_csv_appointment, dialect, options),
        text=",".join(cells.values()),
    )


_FIELD_BY_COLUMN = {
    "End Date": "end", "End Time": "end", "Location": "location", "Description": "description",
    "Categories": "topics", "Meeting Organizer": "organizers", "Required Attendees": "participants",
}  # fmt: skip


def _cells_to_event(cells: dict[str, str], dialect: CalendarDialect, options: ReadOptions, line: int) -> Event:
    start, end = _parse_start_and_end(cells, dialect, options)
    organizer = cells.get("Meeting Organizer", "").strip()
    return Event(
        cells["Subject"],
        start=start,
        end=end,
        location=cells.get("Location", ""),
        organizers=(organizer,) if organizer else (),
        topics=_split_semicolons(cells.get("Categories", "")),
        participants="; ".join(_split_semicolons(cells.get("Required Attendees", ""))),
        description=cells.get("Description", ""),
        source_line=line,
    )


def _reread_csv_appointment(dialect: CalendarDialect, options: ReadOptions, event: Event) -> Event:
    """Return an event as such a table would state it: times without a zone, whole days."""
    cells = calendar_writer.event_to_cells(event, options.registry_info, spans=False, is_outlook=dialect.is_outlook)
    if cells is None:
        return event
    return replace(_cells_to_event(cells, CalendarDialect(dialect.is_outlook), options, 0), organizers=event.organizers)


def _split_semicolons(text: str) -> tuple[str, ...]:
    return tuple(item for found in text.split(";") if (item := found.strip()))


def _parse_start_and_end(
    cells: dict[str, str], dialect: CalendarDialect, options: ReadOptions
) -> tuple[PartialDate, PartialDate | None]:
    first = _parse_date_cell(cells, "Start Date", dialect, options)
    if first is None:
        raise InvalidEventError("Start Date", _("expected a day"))
    last = _parse_date_cell(cells, "End Date", dialect, options) or first
    begin, finish = (_parse_time_cell(cells, name, options) for name in ("Start Time", "End Time"))
    if _parse_flag_cell(cells, "All Day Event") or begin is None:
        if begin is None and finish is not None and not _parse_flag_cell(cells, "All Day Event"):
            raise InvalidEventError("End Time", _("the event has an end but no start"))
        if (dialect.is_outlook or begin == time.min) and finish == time.min and last > first:
            last -= timedelta(days=1)
        return first, None if last == first else last
    if finish is None and last != first:
        said = _("expected an end time, because the event ends on a different day ({day})", day=format_iso_date(last))
        raise InvalidEventError("End Time", said)
    start, end = datetime.combine(first, begin), datetime.combine(last, finish or begin)
    return start, None if end == start else end


def _parse_date_cell(cells: dict[str, str], name: str, dialect: CalendarDialect, options: ReadOptions) -> date | None:
    text = cells.get(name, "").strip()
    if not text:
        return None
    found = _SLASHED_DATE.fullmatch(text)
    try:
        point = parse_date(_slashed_csv_date_to_iso(found, dialect) if found else text, options.today)
    except DateError as error:
        said = error.message
        if found and dialect.is_day_first:
            said = _('{reason} ("{date}", read day first)', reason=said, date=make_text_safe(text))
        elif found:
            said = _('{reason} ("{date}", read month first)', reason=said, date=make_text_safe(text))
        raise InvalidEventError(name, said) from None
    if isinstance(point, datetime) or not isinstance(point, date):
        raise InvalidEventError(name, _('expected a day, found "{text}"', text=make_text_safe(text)))
    return point


def _parse_time_cell(cells: dict[str, str], name: str, options: ReadOptions) -> time | None:
    text = cells.get(name, "").strip()
    if not text:
        return None
    # "SA" and "CH" are AM and PM on a Vietnamese Windows.
    english = re.sub(r"(?i)\bSA$", "AM", re.sub(r"(?i)\bCH$", "PM", text))
    try:
        point = parse_date(f"2020-01-01 {english}", options.today)
    except DateError:
        point = options.today
    if not isinstance(point, datetime):
        raise InvalidEventError(name, _('cannot read "{text}" as a time', text=make_text_safe(text)))
    return point.timetz()


def _parse_flag_cell(cells: dict[str, str], name: str) -> bool:
    text = cells.get(name, "").strip().lower()
    if text not in (*_TRUE_VALUES, *_FALSE_VALUES):
        raise InvalidEventError(name, _('expected True or False, found "{text}"', text=make_text_safe(text)))
    return text in _TRUE_VALUES
