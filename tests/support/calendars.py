"""Calendars written and read without a command."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ilocal.errors import Diagnostic
from ilocal.formats import ics
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.model.dates import Month
from ilocal.model.event import Event, OccurrenceOverride, Section
from ilocal.model.registry_info import RegistryInfo

HEADER = RegistryInfo("Sự kiện", "vi", "Asia/Ho_Chi_Minh", "ilocal.example")

TODAY = date(2020, 2, 20)


def dump_calendar(events: list[Event], header: RegistryInfo = HEADER, **how: Any) -> str:
    """Return events as a calendar."""
    return "".join(ics.dump(events, WriteOptions(registry_info=header, **how)))


def load_calendar(text: str, header: RegistryInfo = HEADER) -> list[ImportedEvent | Diagnostic]:
    """Return the events and diagnostics of a calendar."""
    return list(ics.load(text, ReadOptions(TODAY, header)))


def load_events(text: str, header: RegistryInfo = HEADER) -> list[Event]:
    """Read the events of a calendar alone."""
    return [item.event for item in load_calendar(text, header) if isinstance(item, ImportedEvent)]


def list_messages(text: str, header: RegistryInfo = HEADER) -> list[str]:
    """Return the diagnostic messages of a calendar, without the UID."""
    found = load_calendar(text, header)
    return [item.message.removeprefix("UID u: ") for item in found if isinstance(item, Diagnostic)]


FOUR_KINDS = [
    Event(
        'Họp "Nhóm", a;b\\n', id="2020-hop", start=date(2020, 2, 20), end=date(2020, 2, 22), topics=("CSR", "a,b"),
        organizers=("ILO",), status="cancelled", summary="một", description="hai\nba", url="https://example.org/a,b",
        sections=(Section("Mục tiêu", "- bốn"),), created=date(2020, 1, 1), updated=datetime(2020, 1, 2, 8), revision=2,
    ),
    Event(
        "Giao ban", id="2020-giao-ban", start=datetime(2020, 2, 20, 8, 30), end=datetime(2020, 2, 20, 10),
        rrule="FREQ=WEEKLY;UNTIL=20201231T235959", exdates=(date(2020, 2, 27),), location="Hà Nội",
        overrides=(OccurrenceOverride(datetime(2020, 3, 5, 8, 30), {"start": datetime(2020, 3, 6, 9), "location": ""}),),
    ),
    Event("Khảo sát", id="2020-khao-sat", start=Month(2020, 3)),
    Event("Hội nghị", id="tba-hoi-nghi"),
]  # fmt: skip


def make_calendar(*lines: str, head: str = "") -> str:
    """Return a calendar of one event with more lines."""
    return (
        f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}BEGIN:VEVENT\nUID:u\nSUMMARY:S\n"
        + "\n".join(lines)
        + "\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def make_bare_calendar(*lines: str) -> str:
    """Return a calendar of one event with these lines alone."""
    return "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])
