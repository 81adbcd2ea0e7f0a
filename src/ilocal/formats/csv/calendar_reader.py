"""The tables of Google Calendar and Outlook, read: their columns, their order of day and month, their ends.

Google says what it imports at support.google.com/calendar/answer/37118: MM/DD/YYYY, and the End Date is the last day.
Outlook writes an event of whole days with an end at midnight, which is the end of the day before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from ilocal.errors import DateError, Problem, RecordError
from ilocal.formats.base import Entry, Reading
from ilocal.formats.csv import calendar_writer
from ilocal.formats.csv.rows import Row, columns_of, not_a_field, unguarded
from ilocal.i18n.messages import _
from ilocal.model.date_parser import read_point
from ilocal.model.dates import Point, iso
from ilocal.model.event import Event
from ilocal.model.safe_text import safe
from ilocal.model.text_folding import fold

_OUTLOOK = (
    "Reminder on/off", "Reminder Date", "Reminder Time", "Meeting Organizer", "Required Attendees",
    "Optional Attendees", "Meeting Resources", "Billing Information", "Categories", "Mileage", "Priority",
    "Sensitivity", "Show time as",
)  # fmt: skip
_NAMES = {fold(name): name for name in (*calendar_writer.GOOGLE, *_OUTLOOK)}
_SLASHED = re.compile("([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_YES, _NO = ("true", "yes", "1", "on"), ("false", "no", "0", "off", "")


class Dialect(NamedTuple):
    """Whose table it is, and how its dates are written."""

    outlook: bool
    day_first: bool = False

    @property
    def name(self) -> str:
        return "Outlook" if self.outlook else "Google Calendar"


def is_calendar(header: Sequence[str]) -> bool:
    """Whether it is the header of one of these."""
    return {fold("Subject"), fold("Start Date")} <= set(map(fold, header))


def load(header: Sequence[str], rows: Iterator[Row], how: Reading) -> Iterator[Entry | Problem]:
    """The events of such a table. Which of day and month comes first is one for the whole file, and is said."""
    columns = columns_of(header, {}, _NAMES)
    for name, field in zip(header, columns, strict=True):
        if not field and name.strip():
            yield Problem(1, not_a_field(name.strip()), level="warning")
    table = [
        (line, {name: unguarded(text) for name, text in zip(columns, row, strict=True) if name}) for line, row in rows
    ]
    dialect, said = _dialect(table, outlook=any(name in _OUTLOOK for name in columns))
    yield from said
    for line, cells in table:
        text = ",".join(cells.values())
        try:
            entry, private = _entry(cells, dialect, how, line), _flag(cells, "Private")
        except RecordError as error:
            yield Problem(line, error.reason, error.field, text=text)
            continue
        if private:
            yield Problem(line, _("it is marked private there, and a registry is public"), level="warning")
        yield entry


def _dialect(table: list[tuple[int, dict[str, str]]], *, outlook: bool) -> tuple[Dialect, list[Problem]]:
    """How the dates are to be read, and what is to be said about that."""
    month_first = Dialect(outlook)
    dates = [
        (line, found)
        for line, cells in table
        for name in ("Start Date", "End Date")
        if (found := _SLASHED.fullmatch(cells.get(name, "").strip()))
    ]
    only_day = [(line, found) for line, found in dates if int(found[1]) > 12 >= int(found[2])]
    only_month = [(line, found) for line, found in dates if int(found[2]) > 12 >= int(found[1])]
    if only_day:
        line, found = only_day[0]
        said = _('dates are read day first in the whole file, as "{date}" must be', date=found[0])
        return Dialect(outlook, day_first=True), [Problem(line, said, level="warning" if only_month else "note")]
    if only_month:
        line, found = only_month[0]
        said = _('dates are read month first, as "{date}" must be', date=found[0])
        return month_first, [Problem(line, said, level="note")]
    unsure = next(((line, found) for line, found in dates if found[1] != found[2]), None)
    if unsure is None:
        return month_first, []
    line, found = unsure
    values = {"program": month_first.name, "date": found[0], "day": _iso(found, month_first)}
    said = _('dates are read month first, as {program} has them: "{date}" is {day}', **values)
    return month_first, [Problem(line, said, level="warning")]


def _iso(found: re.Match[str], dialect: Dialect) -> str:
    day, month = (found[1], found[2]) if dialect.day_first else (found[2], found[1])
    return f"{found[3]}-{int(month):02}-{int(day):02}"


def _entry(cells: dict[str, str], dialect: Dialect, how: Reading, line: int) -> Entry:
    event = _event(cells, dialect, how, line)
    says = {"title", "start", *(field for name, field in _FIELDS.items() if name in cells)}
    return Entry(event, frozenset(says), reread=partial(_reread, dialect, how), text=",".join(cells.values()))


_FIELDS = {
    "End Date": "end", "End Time": "end", "Location": "location", "Description": "description",
    "Categories": "topics", "Meeting Organizer": "organizers", "Required Attendees": "participants",
}  # fmt: skip


def _event(cells: dict[str, str], dialect: Dialect, how: Reading, line: int) -> Event:
    start, end = _points(cells, dialect, how)
    organizer = cells.get("Meeting Organizer", "").strip()
    return Event(
        cells["Subject"],
        start=start,
        end=end,
        location=cells.get("Location", ""),
        organizers=(organizer,) if organizer else (),
        topics=_items(cells.get("Categories", "")),
        participants="; ".join(_items(cells.get("Required Attendees", ""))),
        description=cells.get("Description", ""),
        source_line=line,
    )


def _reread(dialect: Dialect, how: Reading, event: Event) -> Event:
    """What such a table would say of an event: times without a zone, days alone."""
    cells = calendar_writer.cells(event, how.header, spans=False, outlook=dialect.outlook)
    if cells is None:
        return event
    return replace(_event(cells, Dialect(dialect.outlook), how, 0), organizers=event.organizers)


def _items(text: str) -> tuple[str, ...]:
    return tuple(item for found in text.split(";") if (item := found.strip()))


def _points(cells: dict[str, str], dialect: Dialect, how: Reading) -> tuple[Point, Point | None]:
    first = _day(cells, "Start Date", dialect, how)
    if first is None:
        raise RecordError("Start Date", _("a day is wanted here"))
    last = _day(cells, "End Date", dialect, how) or first
    begin, finish = (_time(cells, name, how) for name in ("Start Time", "End Time"))
    if _flag(cells, "All Day Event") or begin is None:
        if begin is None and finish is not None and not _flag(cells, "All Day Event"):
            raise RecordError("End Time", _("an end without a start"))
        if dialect.outlook and finish == time.min and last > first:
            last -= timedelta(days=1)
        return first, None if last == first else last
    if finish is None and last != first:
        said = _("a time is wanted here, as it ends on another day ({day})", day=iso(last))
        raise RecordError("End Time", said)
    start, end = datetime.combine(first, begin), datetime.combine(last, finish or begin)
    return start, None if end == start else end


def _day(cells: dict[str, str], name: str, dialect: Dialect, how: Reading) -> date | None:
    text = cells.get(name, "").strip()
    if not text:
        return None
    found = _SLASHED.fullmatch(text)
    try:
        point = read_point(_iso(found, dialect) if found else text, how.today)
    except DateError as error:
        said = error.message
        if found and dialect.day_first:
            said = _('{reason} ("{date}", the day first)', reason=said, date=safe(text))
        elif found:
            said = _('{reason} ("{date}", the month first)', reason=said, date=safe(text))
        raise RecordError(name, said) from None
    if isinstance(point, datetime) or not isinstance(point, date):
        raise RecordError(name, _('a day is wanted here, not "{text}"', text=safe(text)))
    return point


def _time(cells: dict[str, str], name: str, how: Reading) -> time | None:
    text = cells.get(name, "").strip()
    if not text:
        return None
    # "SA" and "CH" are what Windows has for AM and PM in Vietnamese.
    english = re.sub(r"(?i)\bSA$", "AM", re.sub(r"(?i)\bCH$", "PM", text))
    try:
        point = read_point(f"2020-01-01 {english}", how.today)
    except DateError:
        point = how.today
    if not isinstance(point, datetime):
        raise RecordError(name, _('cannot read "{text}" as a time', text=safe(text)))
    return point.timetz()


def _flag(cells: dict[str, str], name: str) -> bool:
    text = cells.get(name, "").strip().lower()
    if text not in (*_YES, *_NO):
        raise RecordError(name, _('True or False is wanted here, not "{text}"', text=safe(text)))
    return text in _YES
