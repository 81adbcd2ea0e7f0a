"""Tables: our own, those of Google Calendar and Outlook, and others. Law: imported events survive a table."""

# ruff: noqa: E501  (tables read best with a case a line)
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from fuzz.common import DATES, HEADER, READING, TODAY, dumped, events_in, loaded, same, text_of
from ilocal.formats import csv, google_csv, outlook_csv
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.formats.csv.calendar_writer import GOOGLE_COLUMNS, OUTLOOK_COLUMNS
from ilocal.formats.csv.event_rows import COLUMNS
from ilocal.model.dates import PartialDate
from ilocal.model.event import Event, Section
from ilocal.model.fields import FIELD_NAMES
from ilocal.model.safe_text import make_text_safe

_MAPPING = ReadOptions(TODAY, HEADER, {"Tên": "title", "Ngày": "when"})
WORDS = (*DATES, *FIELD_NAMES, *GOOGLE_COLUMNS, *OUTLOOK_COLUMNS, ",", ";", "\t", '"', '""', "'=", "\n", "\r\n", "\\;", "action", "remove", "True",
         "AM", "CH", "{}", "[]", '{"a": 1}', "Tên,Ngày", "when")  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Yield tables as we write them, and as people do."""
    events = [
        Event(
            "=Họp", id="2020-hop", start=date(2020, 2, 20), topics=("a;b", "gỗ"), description="a\nb", extra={"room": 1}
        ),
        Event(
            "Khảo sát", start=datetime(2020, 2, 25, 8, 30), sections=(Section("h", "b"),), rrule="FREQ=WEEKLY;COUNT=3"
        ),
    ]
    for module in (csv, google_csv, outlook_csv):
        for excel in (False, True):
            yield dumped(module, events, WriteOptions(excel=excel)).encode()
    yield "Tên;Ngày\nHọp;25-29/02/2020\n".encode()
    yield "title\tstart\nHọp\t20/2/2020\n".encode("utf-16")
    yield b"id,action\n2020-hop,remove\n"


def check(data: bytes) -> None:
    """Check that the events of a table are the same in our own, except for control characters."""
    text = text_of(data)
    if text is None:
        return
    for reading in (READING, _MAPPING):
        events = events_in(csv, text, reading)
        if not events:
            continue
        table = dumped(csv, events, WriteOptions())
        back = loaded(csv, table)
        shown = events_in(csv, table)
        assert len(back) == len(shown) == len(events), back
        if make_text_safe(text) == text and "\\u" not in text:
            same(shown, events)
        same(events_in(csv, dumped(csv, shown, WriteOptions(COLUMNS, excel=True))), shown)
        _check_calendars(shown)


def _check_calendars(events: list[Event]) -> None:
    dated = [event for event in events if isinstance(event.start, date)]
    for module in (google_csv, outlook_csv):
        back = events_in(csv, dumped(module, events, WriteOptions()), ReadOptions(TODAY))
        same([_calendared(event) for event in back], [_calendared(event) for event in dated])


def _calendared(event: Event) -> tuple[object, ...]:
    return event.title, event.location, _shown(event.start), _shown(event.end or event.start)


def _shown(point: PartialDate | None) -> PartialDate | None:
    """Return a time as a table has it: without its zone and parts of a second."""
    return point.replace(tzinfo=None, microsecond=0) if isinstance(point, datetime) else point
