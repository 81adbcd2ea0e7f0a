"""Dates at both ends of the calendar, in all zones: each command ends with an answer or an error of its event."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import Diagnostic, InvalidEventError
from ilocal.formats import ics
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.model.dates import DateRange, Month, PartialDate, Year, format_iso_date
from ilocal.model.occurrences import list_occurrences_or_self, possible_date_range
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.serialization import event_from_dict, event_to_dict
from tests.support.cli import Ilocal

EVERYTHING = DateRange(date.min, date.max)
FIRST_DAYS = [date.min + timedelta(days=n) for n in range(3)] + [date(1, 12, 31)]
LAST_DAYS = [date.max - timedelta(days=n) for n in range(3)] + [date(9999, 1, 1)]
days = st.sampled_from([*FIRST_DAYS, *LAST_DAYS])
clocks = st.sampled_from([time(0), time(0, 30), time(12), time(23, 30), time(23, 59, 59, 999_999)])
OFFSETS = [
    UTC,
    *(timezone(timedelta(hours=hours)) for hours in (7, -9, 14, -12)),
    timezone(timedelta(hours=23, minutes=59)),
]
RULES = (
    "", "FREQ=YEARLY", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,SU;WKST=SU", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=DAILY;COUNT=3",
    "FREQ=MONTHLY;BYDAY=1MO,FR;BYSETPOS=-1", "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU", "FREQ=YEARLY;INTERVAL=9999",
    "FREQ=WEEKLY;UNTIL=99991231T235959Z", "FREQ=DAILY;UNTIL=00010101T000000Z", "FREQ=DAILY;INTERVAL=2;BYMONTH=12",
    "FREQ=WEEKLY;INTERVAL=2;BYMONTH=1,12;COUNT=1000000", "FREQ=HOURLY;INTERVAL=9999", "FREQ=HOURLY;INTERVAL=5;BYMONTH=2",
)  # fmt: skip


@st.composite
def points(draw: st.DrawFn, form: str) -> PartialDate:
    day = draw(days)
    if form == "month":
        return Month(day.year, day.month)
    if form == "year":
        return Year(day.year)
    if form == "day":
        return day
    return datetime.combine(day, draw(clocks), draw(st.sampled_from(OFFSETS)) if form == "zoned" else None)


@st.composite
def plain_events(draw: st.DrawFn) -> dict[str, object]:
    """Events as JSON has them, valid or not."""
    form = draw(st.sampled_from(["day", "local", "local", "zoned", "zoned", "zoned", "month", "year"]))
    some = points(form).map(format_iso_date)
    event: dict[str, object] = {
        "title": "a", "start": draw(some), "rrule": draw(st.sampled_from(RULES)), "rdates": draw(st.lists(some, max_size=2)),
        "exdates": draw(st.lists(some, max_size=2)),
    }  # fmt: skip
    if draw(st.booleans()):
        event["end"] = draw(some)
    if form == "local":
        event["timezone"] = draw(st.sampled_from(["", "Asia/Ho_Chi_Minh", "America/New_York", "floating"]))
    if draw(st.booleans()):
        event["overrides"] = [{"recurrence_id": draw(some), "start": draw(some)}]
        if draw(st.booleans()):
            event["overrides"][0]["end"] = draw(some)  # type: ignore[index]
    return event


@given(plain_events())
def test_an_event_at_an_end_of_the_calendar_is_an_error_or_listed(plain: dict[str, object]) -> None:
    try:
        event = event_from_dict(plain)
    except InvalidEventError:
        return
    assert event_from_dict(event_to_dict(event)) == event
    span = possible_date_range(event)
    for window in (
        EVERYTHING,
        DateRange(date.min, date.min),
        DateRange(date.max, date.max),
        DateRange(date(2020, 1, 1), date.max),
    ):
        for ahead in (None, date(2020, 2, 20), date.min):
            for one in list_occurrences_or_self(event, window, ahead):
                if one is not event:
                    assert (
                        one.date_range is not None
                        and span.first <= one.date_range.first
                        and one.date_range.last <= span.last
                    )


ZONES = ("Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Kiritimati", "UTC")


def moments(name: str, form: str) -> st.SearchStrategy[str]:
    """Return a strategy for a property of a calendar with a day, or a time that floats, is in UTC or in a zone."""
    day = days.map(lambda day: f"{day.year:04}{day.month:02}{day.day:02}")
    if form == "day":
        return day.map(lambda day: f"{name};VALUE=DATE:{day}")
    at = st.tuples(day, clocks).map(lambda both: f"{both[0]}T{both[1]:%H%M%S}")
    zoned = st.tuples(at, st.sampled_from(ZONES)).map(lambda both: f"{name};TZID={both[1]}:{both[0]}")
    return st.one_of(at.map(lambda at: f"{name}:{at}Z"), zoned, zoned)


@st.composite
def vevents(draw: st.DrawFn) -> str:
    form = draw(st.sampled_from(["day", "time", "time", "time"]))
    lines = ["UID:a@b", "SUMMARY:a", draw(moments("DTSTART", form))]
    lasting = st.sampled_from(["DURATION:PT1H", "DURATION:P1D", "DURATION:P1DT1H", "DURATION:P99999999D", "X-NONE:"])
    lines.append(draw(st.one_of(moments("DTEND", form), lasting)))
    lines += [line for name in ("RDATE", "EXDATE") for line in draw(st.lists(moments(name, form), max_size=2))]
    if rule := draw(st.sampled_from(RULES)):
        lines.append(f"RRULE:{rule}")
    other = [
        "BEGIN:VEVENT",
        "UID:a@b",
        "SUMMARY:b",
        draw(moments("RECURRENCE-ID", form)),
        draw(moments("DTSTART", form)),
        "END:VEVENT",
    ]
    others = other if draw(st.booleans()) else []
    return "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", *others])


CALENDAR = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{}\n"
    "BEGIN:VEVENT\nUID:other@b\nSUMMARY:other\nDTSTART;VALUE=DATE:20200225\nEND:VEVENT\nEND:VCALENDAR\n"
)
HEADERS = st.sampled_from([RegistryInfo(timezone=zone) for zone in ("", *ZONES)])


@given(vevents(), HEADERS)
def test_a_calendar_with_dates_at_an_end_is_read_without_loss_of_another_event(
    vevent: str, header: RegistryInfo
) -> None:
    items = list(ics.load(CALENDAR.format(vevent), ReadOptions(date(2020, 2, 20), header)))
    events = [item.event for item in items if isinstance(item, ImportedEvent)]
    assert "other" in {event.title for event in events}
    for event in events:
        assert event_from_dict(event_to_dict(event)) == event
        list_occurrences_or_self(event, EVERYTHING, date(2020, 2, 20))
    assert "".join(ics.dump(events, WriteOptions(registry_info=header, lang="en"))).count("BEGIN:VEVENT") >= len(events)


BEYOND = [
    ("DTSTART;TZID=Asia/Ho_Chi_Minh:20200225T090000\nRDATE:99991231T235959Z", "9999-12-31T23:59:59+00:00"),
    ("DTSTART;TZID=America/New_York:00010101T120000\nDTEND:00010101T003000Z", "0001-01-01T00:30:00+00:00"),
    ("DTSTART:00010101T120000Z\nDTEND;TZID=Asia/Tokyo:00010101T003000", "0001-01-01T00:30:00+09:18:59"),
    ("DTSTART:20200225T120000Z\nRDATE;TZID=America/New_York:99991231T233000", "9999-12-31T23:30:00-05:00"),
]


@pytest.mark.parametrize(("lines", "said"), BEYOND)
def test_a_time_that_the_calendar_does_not_have_in_the_zone_of_the_start_is_named(lines: str, said: str) -> None:
    """RFC 5545 has years of four digits."""
    vevent = f"BEGIN:VEVENT\nUID:a@b\nSUMMARY:a\n{lines}\nEND:VEVENT"
    problem, other = ics.load(CALENDAR.format(vevent), ReadOptions(date(2020, 2, 20), RegistryInfo()))
    assert isinstance(problem, Diagnostic) and isinstance(other, ImportedEvent)
    assert problem.message == f"UID a@b: {said} is outside the years 1 to 9999 in its time zone"


def test_the_same_in_a_registry_is_an_error_of_its_event(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-25T09:00:00+07:00\nrdates = [9999-12-31T23:00:00Z]\n'
        '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-02-26\n'
    )
    result = ilocal("list", "-f", "ids")
    assert (result.code, result.out) == (0, "b\n")
    assert result.err == (
        "ilocal: warning: events.toml:5: rdates: 9999-12-31T23:00:00+00:00 is outside the years 1 to 9999 in the time zone of "
        "the start (2020-02-25T09:00:00+07:00)\n"
    )


COMMANDS = (
    "list", "list --from 0001 --to 0002", "list --from 9998", "upcoming", "check", "calendar 0001-01", "calendar 9999-12",
    "calendar 9999", "timeline", "timeline --from 9999", "stats --by month", "show a", "search a", "export a.ics",
    "export a.csv", "export a.md", "export a.json", "export a.jsonl", "list -f google-csv --from 0001",
    "list -f outlook-csv --from 0001",
)  # fmt: skip


@given(plain_events(), st.lists(st.sampled_from(COMMANDS), min_size=3, max_size=3, unique=True))
def test_no_command_ends_in_a_traceback_or_loses_another_event(
    ilocal: Ilocal, plain: dict[str, object], commands: list[str]
) -> None:
    registry = {"registry": {"timezone": "Asia/Ho_Chi_Minh"}, "event": [{**plain, "id": "a"}, OTHER]}
    Path("events.toml").write_text(tomli_w.dumps(registry), encoding="utf-8")
    for command in commands:
        result = ilocal(*command.split())
        assert result.code <= 4 and "Traceback" not in result.err, (command, result)
    assert "other" in ilocal("list", "--month", "2020-02", "-f", "ids").out.split()
    for path in Path().glob("a.*"):
        path.unlink()


OTHER = {"id": "other", "title": "other", "start": date(2020, 2, 25)}
