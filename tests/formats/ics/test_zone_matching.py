"""Time zones that only a calendar itself describes: each time is the one that its VTIMEZONE says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.model.occurrences import list_occurrences
from tests.support.calendars import HEADER, dump_calendar, list_messages, load_events, make_calendar

OFFSET = timezone(timedelta(hours=7))


def make_vtimezone(tzid: str, *observances: str) -> str:
    return f"BEGIN:VTIMEZONE\n{tzid}\n" + "".join(f"{one}\n" for one in observances) + "END:VTIMEZONE\n"


def make_observance(kind: str, before: str, after: str, rule: str) -> str:
    return (
        f"BEGIN:{kind}\nDTSTART:16010101T020000\nTZOFFSETFROM:{before}\nTZOFFSETTO:{after}\n"
        f"RRULE:FREQ=YEARLY;{rule}\nEND:{kind}"
    )


AMERICAN = (
    make_observance("STANDARD", "-0400", "-0500", "INTERVAL=1;BYDAY=1SU;BYMONTH=11"),
    make_observance("DAYLIGHT", "-0500", "-0400", "INTERVAL=1;BYDAY=2SU;BYMONTH=3"),
)
NOBODYS = (
    make_observance("STANDARD", "-0345", "-0445", "BYDAY=1SU;BYMONTH=11"),
    make_observance("DAYLIGHT", "-0445", "-0345", "BYDAY=2SU;BYMONTH=3"),
)
HANOI = make_vtimezone(
    "TZID;X-NOTE=a:(UTC+07:00) Bangkok\\, Hanoi\\, ^Jakarta",
    "BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0700\nTZOFFSETTO:+0700\nEND:STANDARD",
)


@pytest.mark.parametrize(
    "tzid",
    ['"(UTC+07:00) Bangkok, Hanoi, ^^Jakarta"', "(UTC+07:00) Bangkok\\, Hanoi\\, ^^Jakarta", '"(UTC+07:00) Bangkok\\, Hanoi\\, ^Jakarta"'],
)  # fmt: skip
def test_a_tzid_is_text_in_a_zone_and_a_parameter_in_a_date(tzid: str) -> None:
    """RFC 5545, 3.8.3.1 and 3.3.11; RFC 6868. Some programs escape the parameter as well, or leave out its quotes."""
    text = make_calendar(
        f"DTSTART;TZID={tzid};VALUE=DATE-TIME:20200220T090000", f"DTEND;TZID={tzid}:20200220T110000", head=HANOI
    )
    (event,) = load_events(text)
    assert (event.start, event.end) == tuple(datetime(2020, 2, 20, hour, tzinfo=OFFSET) for hour in (9, 11))
    assert list_messages(text) == []


@pytest.mark.parametrize("tzid", ["", "Nowhere"])
def test_a_zone_that_nobody_knows_is_named_also_where_it_has_no_name(tzid: str) -> None:
    text = make_calendar(f"DTSTART;TZID={tzid}:20200220T090000")
    assert list_messages(text) == [f'unknown time zone "{tzid}"; the times were imported as floating times']


def list_instants(event: Event) -> list[datetime]:
    """When the occurrences of an event begin."""
    home = ZoneInfo(event.timezone or HEADER.timezone)
    found = list_occurrences(event, DateRange(date(2015, 1, 1), date(2026, 12, 31)))
    begins = [one.start for one in found if isinstance(one.start, datetime)]
    return [(at if at.tzinfo else at.replace(tzinfo=home)).astimezone(UTC) for at in begins]


def expect_american_weeks(start: datetime, weeks: int, before: float, after: float) -> list[datetime]:
    """Return the weeks of a series with the American rule since 2007, by its two offsets, in hours."""
    found = []
    for week in range(weeks):
        at = start + timedelta(weeks=week)
        march, november = (datetime(at.year, month, 1, 2) for month in (3, 11))
        summer = march + timedelta(days=(6 - march.weekday()) % 7 + 7)
        winter = november + timedelta(days=(6 - november.weekday()) % 7)
        found.append((at - timedelta(hours=before if summer <= at < winter else after)).replace(tzinfo=UTC))
    return found


@given(start=st.datetimes(datetime(2015, 1, 1), datetime(2025, 1, 1)), weeks=st.integers(1, 90), is_known=st.booleans())
def test_a_series_in_a_zone_of_its_file_is_right_on_both_sides_of_each_change(
    start: datetime, weeks: int, is_known: bool
) -> None:
    """RFC 5545, 3.6.5: by the observances of the VTIMEZONE, also where no zone has such."""
    start = start.replace(second=0, microsecond=0, hour=max(start.hour, 3))
    head = make_vtimezone("TZID:Customized Time Zone", *(AMERICAN if is_known else NOBODYS))
    text = make_calendar(
        f"DTSTART;TZID=Customized Time Zone:{start:%Y%m%dT%H%M%S}", f"RRULE:FREQ=WEEKLY;COUNT={weeks}", head=head
    )
    (event,) = load_events(text)
    assert (
        list_instants(event) == expect_american_weeks(start, weeks, *((-4, -5) if is_known else (-3.75, -4.75)))[:weeks]
    )
    assert load_events(dump_calendar([event])) == [event]


def test_exceptions_in_a_zone_of_the_file_are_those_of_its_clocks() -> None:
    head = make_vtimezone("TZID:Odd", *NOBODYS)
    moved = (
        "BEGIN:VEVENT\nUID:u\nSUMMARY:S\nRECURRENCE-ID;TZID=Odd:20201117T103500\nDTSTART;TZID=Odd:20201117T120000\n"
        "DTEND;TZID=Odd:20201117T130000\nEND:VEVENT\n"
    )
    text = make_calendar(
        "DTSTART;TZID=Odd:20201020T103500", "DTEND;TZID=Odd:20201020T113500", "RRULE:FREQ=WEEKLY;UNTIL=20201117T152000Z",
        "EXDATE;TZID=Odd:20201103T103500", "EXDATE:20201027T142000Z", head=head,
    ).replace("END:VCALENDAR", moved + "END:VCALENDAR")  # fmt: skip
    (event,) = load_events(text)
    assert list_instants(event) == [
        datetime(2020, 10, 20, 14, 20, tzinfo=UTC), datetime(2020, 11, 10, 15, 20, tzinfo=UTC),
        datetime(2020, 11, 17, 16, 45, tzinfo=UTC),
    ]  # fmt: skip
    assert list_messages(text) == [
        "no IANA time zone matches the time zone of the event; 2 occurrences were imported with their own UTC offset"
    ]


def test_a_zone_of_the_file_is_kept_as_the_one_with_its_rules() -> None:
    text = make_calendar(
        "DTSTART;TZID=Customized Time Zone:20201020T103500", "RRULE:FREQ=WEEKLY",
        head=make_vtimezone("TZID:Customized Time Zone", *AMERICAN),
    )  # fmt: skip
    (event,) = load_events(text)
    assert (event.start, event.timezone) == (datetime(2020, 10, 20, 10, 35), "America/New_York")
    assert list_messages(text) == [
        'the time zone "Customized Time Zone" matches America/New_York and was imported as America/New_York'
    ]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("INTERVAL=0;BYDAY=1SU;BYMONTH=11", '"FREQ=YEARLY;INTERVAL=0;BYDAY=1SU;BYMONTH=11" is not a recurrence rule: INTERVAL must be from 1 to 9999'),
        ("BYMONTH=11;BYDAY=MO,TU,WE,TH,FR,SA,SU", "more than 5000 time zone transitions"),
        ("BYMONTH=13", '"FREQ=YEARLY;BYMONTH=13" is not a recurrence rule: BYMONTH must be from 1 to 12'),
    ],
)  # fmt: skip
def test_broken_rules_of_a_zone_are_named(rule: str, reason: str) -> None:
    head = make_vtimezone("TZID:Odd", make_observance("STANDARD", "-0400", "-0500", rule))
    text = make_calendar("DTSTART;TZID=Odd:20201020T103500", "RRULE:FREQ=DAILY", head=head)
    assert list_messages(text) == [f'cannot read the VTIMEZONE "Odd": {reason}; imported as a floating time']
    assert [event.timezone for event in load_events(text)] == ["floating"]
