"""Calendars. Law: what was read is written as a calendar with the same meaning."""

# ruff: noqa: E501  (tables read best with a case a line)
from __future__ import annotations

from collections.abc import Iterator

from fuzz.common import HEADER, dumped, events_in, loaded, same, text_of
from ilocal.formats import ics
from ilocal.formats.base import ImportedEvent, WriteOptions
from ilocal.model.event_uids import make_event_uid

_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0700\nTZOFFSETTO:+0700\n"
    "END:STANDARD\nEND:VTIMEZONE\n"
)
_EVENT = "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:Họp\n{lines}\nEND:VEVENT\n"
_LINES = (
    "DTSTART;VALUE=DATE:20200220\nDTEND;VALUE=DATE:20200223\nCATEGORIES:CSR,a\\,b\nSTATUS:CANCELLED",
    "DTSTART;TZID=Asia/Ho_Chi_Minh:20200220T083000\nDURATION:PT1H30M\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE:20200227T013000Z",
    'DTSTART:20200220T013000Z\nDTEND:20200220T020000Z\nORGANIZER;CN="ILO":mailto:a@example.org\nLOCATION:Hà\n  Nội',
    'DTSTART;TZID=Ours:20200220T083000\nRDATE;VALUE=PERIOD:20200301T010000Z/PT1H\nX-ILOCAL-ID:"a"\nX-ILOCAL-EXTRA:{}',
    "RECURRENCE-ID:20200227T013000Z\nDTSTART:20200228T013000Z\nSEQUENCE:2\nDESCRIPTION:a\\nb",
    "DTSTART;TZID=SE Asia Standard Time:20200220T083000\nRRULE:FREQ=YEARLY;UNTIL=20300101T000000Z\nURL:https://example.org",
)
WORDS = (
    *(f"\n{name}" for line in "\n".join(_LINES).split("\n") for name in [line.split(":")[0].split(";")[0]]), "BEGIN:", "END:",
    "VEVENT", "VTIMEZONE", "VALARM", "VCALENDAR", ";TZID=", ";VALUE=DATE", ";VALUE=PERIOD", "20200220", "T083000", "Z", "\\n",
    "\n ", "P1W", "-PT1H", "FREQ=", "DAILY", "UNTIL=", "99991231", "00010101", "RANGE=THISANDFUTURE", "X-ILOCAL-OVERRIDES:",
    "X-ILOCAL-START:", "UTC+14:00", "GMT-23:59", "Europe/Berlin",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Yield a calendar for each kind of event, and one with all of them."""
    events = [_EVENT.format(uid=n, lines=lines) for n, lines in enumerate(_LINES)]
    for text in (
        *events,
        "".join(events),
        _EVENT.format(uid=1, lines=_LINES[1]) + _EVENT.format(uid=1, lines=_LINES[4]),
    ):
        yield f"BEGIN:VCALENDAR\nVERSION:2.0\n{_ZONE}{text}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def check(data: bytes) -> None:
    """Check that the events of any calendar are exported as one that is read without warnings as the same."""
    text = text_of(data)
    if text is None:
        return
    events = list({make_event_uid(event, HEADER): event for event in events_in(ics, text)}.values())
    if events:
        written = dumped(ics, events, WriteOptions(registry_info=HEADER, lang="vi", undated_as_span=True))
        back = loaded(ics, written)
        same([item.event if isinstance(item, ImportedEvent) else item for item in back], events)
        assert max(len(line.encode()) for line in written.split("\r\n")) <= 75
