"""Calendars written: as RFC 5545 wants them, and read back whole."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Timezone

from ilocal.formats import ics
from ilocal.formats.base import ImportedEvent, WriteOptions
from ilocal.formats.ics.timezones import build_vtimezone
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from tests.support import strategies
from tests.support.calendars import FOUR_KINDS, HEADER, dump_calendar, load_calendar

headers = st.sampled_from([HEADER, RegistryInfo(), RegistryInfo("x", "en", "Europe/Berlin")])


def make_unique(events: list[Event], header: RegistryInfo) -> list[Event]:
    from ilocal.model.event_uids import make_event_uid

    return list({make_event_uid(event, header): event for event in events}.values())


@given(events=st.lists(strategies.calendared(), max_size=3), header=headers, lang=st.sampled_from(["vi", "en"]))
def test_what_was_written_is_read_back(events: list[Event], header: RegistryInfo, lang: str) -> None:
    events = make_unique(events, header)
    text = dump_calendar(events, header, lang=lang, undated_as_span=True)
    found = load_calendar(text, header)
    assert [item.event if isinstance(item, ImportedEvent) else item for item in found] == events


@given(events=st.lists(strategies.series(), max_size=2), header=headers)
def test_lines_are_short_and_end_as_the_rfc_wants(events: list[Event], header: RegistryInfo) -> None:
    text = dump_calendar(events, header)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "") and "\r" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert dump_calendar(events, header) == text


CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//ilocal//ilocal//EN
CALSCALE:GREGORIAN
NAME:Sự kiện
X-WR-CALNAME:Sự kiện
X-WR-TIMEZONE:Asia/Ho_Chi_Minh
REFRESH-INTERVAL;VALUE=DURATION:P1D
X-PUBLISHED-TTL:P1D
BEGIN:VTIMEZONE
TZID:Asia/Ho_Chi_Minh
BEGIN:STANDARD
DTSTART:19700101T000000
TZNAME:+08
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
END:STANDARD
BEGIN:STANDARD
DTSTART:19750613T000000
TZNAME:+07
TZOFFSETFROM:+0800
TZOFFSETTO:+0700
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:2020-hop@ilocal.example
DTSTAMP:20200102T010000Z
DTSTART;VALUE=DATE:20200220
DTEND;VALUE=DATE:20200223
SUMMARY:ĐÃ HỦY: Họp "Nhóm"\\, a\\;b\\\\n
STATUS:CANCELLED
DESCRIPTION:một\\n\\nhai\\nba\\n\\nMục tiêu\\n\\n- bốn
CATEGORIES:CSR,a\\,b
URL:https://example.org/a,b
CREATED:20200101T000000Z
LAST-MODIFIED:20200102T010000Z
SEQUENCE:2
TRANSP:TRANSPARENT
X-ILOCAL-ID:"2020-hop"
X-ILOCAL-ORGANIZERS:["ILO"]
X-ILOCAL-CREATED:"2020-01-01"
X-ILOCAL-UPDATED:"2020-01-02T08:00"
X-ILOCAL-SUMMARY:"một"
X-ILOCAL-DESCRIPTION:"hai\\\\nba"
X-ILOCAL-SECTIONS:[{"heading":"Mục tiêu"\\,"body":"- bốn"}]
END:VEVENT
BEGIN:VEVENT
UID:2020-giao-ban@ilocal.example
DTSTAMP:19700101T000000Z
DTSTART;TZID=Asia/Ho_Chi_Minh:20200220T083000
DTEND;TZID=Asia/Ho_Chi_Minh:20200220T100000
SUMMARY:Giao ban
LOCATION:Hà Nội
TRANSP:TRANSPARENT
RRULE:FREQ=WEEKLY;UNTIL=20201231T165959Z
EXDATE;TZID=Asia/Ho_Chi_Minh:20200227T083000
X-ILOCAL-ID:"2020-giao-ban"
X-ILOCAL-EXDATES:["2020-02-27"]
END:VEVENT
BEGIN:VEVENT
UID:2020-giao-ban@ilocal.example
RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20200305T083000
DTSTAMP:19700101T000000Z
DTSTART;TZID=Asia/Ho_Chi_Minh:20200306T090000
DTEND;TZID=Asia/Ho_Chi_Minh:20200306T103000
SUMMARY:Giao ban
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_looks_as_the_rfc_says_and_what_it_leaves_out_is_counted() -> None:
    how = WriteOptions(registry_info=HEADER, lang="vi")
    assert "".join(ics.dump(FOUR_KINDS, how)).replace("\r\n", "\n") == CALENDAR
    assert how.notes == [
        "skipped 1 event without an exact day (to include it, add --undated-as-span); skipped 1 event without a date"
    ]


def test_a_month_may_be_written_as_a_tentative_span() -> None:
    how = WriteOptions(registry_info=HEADER, undated_as_span=True)
    text = "".join(ics.dump([FOUR_KINDS[2]], how))
    for line in (
        "DTSTART;VALUE=DATE:20200301",
        "DTEND;VALUE=DATE:20200401",
        "STATUS:TENTATIVE",
        'X-ILOCAL-START:"2020-03"',
    ):
        assert f"{line}\r\n" in text
    assert how.notes == ["1 event without an exact day: written as tentative, for the whole month or year"]


@pytest.mark.parametrize("zone", ["Europe/Zurich", "America/New_York", "Asia/Ho_Chi_Minh", "Australia/Sydney"])
def test_a_written_vtimezone_tells_the_time_of_its_zone(zone: str) -> None:
    """By its own transitions, and not by its name."""
    own: Any = Timezone.from_ical(build_vtimezone(zone, 2020, 2020))
    own = own.to_tz(lookup_tzid=False)
    known = ZoneInfo(zone)
    midnights = [datetime(2000, 1, 1) + timedelta(days=n) for n in range(365 * 30)]
    offsets = [at.replace(tzinfo=known).utcoffset() for at in midnights]
    changes = [at for at, before, after in zip(midnights, offsets, offsets[1:], strict=False) if before != after]
    around = [at + timedelta(minutes=30 * n) for at in changes for n in range(-8, 56)]
    for at in [*around, *(at + timedelta(hours=n % 24) for n, at in enumerate(midnights[::2]))]:
        assert at.replace(tzinfo=own).utcoffset() in {at.replace(tzinfo=known, fold=n).utcoffset() for n in (0, 1)}
    spring = re.findall(r"BEGIN:DAYLIGHT\r\nDTSTART:[0-9]{8}T([0-9]{6})", build_vtimezone("Europe/Zurich", 2020, 2020))
    assert spring == ["020000"]  # by the clocks of winter
