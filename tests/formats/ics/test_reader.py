"""Calendars of other programs: no time shifts, broken events are named and hide no other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ilocal.errors import Diagnostic
from ilocal.formats.base import ImportedEvent
from ilocal.model.dates import Month
from ilocal.model.event import Event, OccurrenceOverride
from tests.support.calendars import (
    FOUR_KINDS,
    dump_calendar,
    list_messages,
    load_calendar,
    load_events,
    make_bare_calendar,
    make_calendar,
)
from tests.support.cli import Ilocal

ODD_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Hanoi Office\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0700\n"
    "TZOFFSETTO:+0700\nEND:STANDARD\nEND:VTIMEZONE\n"
)
OFFSET = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("lines", "start", "end", "zone"),
    [
        ("DTSTART;VALUE=DATE:20200220", date(2020, 2, 20), None, ""),
        ("DTSTART:20200220\nDTEND:20200222", date(2020, 2, 20), date(2020, 2, 21), ""),
        ("DTSTART;VALUE=DATE:20200220\nDTEND;VALUE=DATE:20200220", date(2020, 2, 20), None, ""),
        ("DTSTART;VALUE=DATE:20200220\nDURATION:P2D", date(2020, 2, 20), date(2020, 2, 21), ""),
        ("DTSTART:20200220T083000Z", datetime(2020, 2, 20, 8, 30, tzinfo=UTC), None, ""),
        ("DTSTART:20200220T083000\nDURATION:PT90M", datetime(2020, 2, 20, 8, 30), datetime(2020, 2, 20, 10), "floating"),
        ("DTSTART;TZID=Asia/Ho_Chi_Minh:20200220T083000", datetime(2020, 2, 20, 8, 30), None, ""),
        ("DTSTART;TZID=europe/berlin:20200220T083000", datetime(2020, 2, 20, 8, 30), None, "Europe/Berlin"),
        ('DTSTART;TZID="/freeassociation.sourceforge.net/Europe/Berlin":20200220T083000', datetime(2020, 2, 20, 8, 30), None, "Europe/Berlin"),
        ("DTSTART;TZID=W. Europe Standard Time:20200220T083000", datetime(2020, 2, 20, 8, 30), None, "Europe/Berlin"),
        ("DTSTART;TZID=Hanoi Office:20200220T083000", datetime(2020, 2, 20, 8, 30, tzinfo=OFFSET), None, ""),
        ('DTSTART;TZID="UTC+07:00":20200220T083000', datetime(2020, 2, 20, 8, 30, tzinfo=OFFSET), None, ""),
        ("DTSTART;TZID=Nowhere:20200220T083000", datetime(2020, 2, 20, 8, 30), None, "floating"),
        ("DTSTART;TZID=Europe/Berlin:20200328T083000\nDURATION:P1D", datetime(2020, 3, 28, 8, 30), datetime(2020, 3, 29, 8, 30), "Europe/Berlin"),
        ("DTSTART;TZID=Europe/Berlin:20200328T083000\nDURATION:PT24H", datetime(2020, 3, 28, 8, 30), datetime(2020, 3, 29, 9, 30), "Europe/Berlin"),
        ("DTSTART;TZID=Europe/Berlin:20200220T083000\nDTEND:20200220T090000Z", datetime(2020, 2, 20, 8, 30), datetime(2020, 2, 20, 10), "Europe/Berlin"),
        ("DTSTART;TZID=Europe/Berlin:20200220T083000\nDTEND;TZID=Asia/Ho_Chi_Minh:20200220T153000", datetime(2020, 2, 20, 8, 30), datetime(2020, 2, 20, 9, 30), "Europe/Berlin"),
    ],
)  # fmt: skip
def test_times_come_in_with_their_zone_and_never_shift(lines: str, start: date, end: date | None, zone: str) -> None:
    (event,) = load_events(make_calendar(lines, head=ODD_ZONE))
    assert (event.start, event.end, event.timezone) == (start, end, zone)
    assert getattr(event.start, "tzinfo", None) == getattr(start, "tzinfo", None)
    (again,) = load_events(dump_calendar([event]))
    assert again == event


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ("DTSTART;TZID=Asia/Ho_Chi_Minh:20200220T083000\nRRULE:FREQ=DAILY;UNTIL=20200301T170000Z", "FREQ=DAILY;UNTIL=20200302T000000"),
        ("DTSTART:20200220T083000Z\nRRULE:FREQ=DAILY;UNTIL=20200301T170000Z", "FREQ=DAILY;UNTIL=20200301T170000"),
        ("DTSTART;VALUE=DATE:20200220\nRRULE:FREQ=DAILY;UNTIL=20200301T000000Z", "FREQ=DAILY;UNTIL=20200301"),
    ],
)  # fmt: skip
def test_until_is_told_in_the_time_of_the_event(lines: str, rule: str) -> None:
    (event,) = load_events(make_calendar(lines))
    assert event.rrule == rule
    assert load_events(dump_calendar([event])) == [event]


def test_a_series_has_its_exceptions_and_only_what_differs() -> None:
    master = "DTSTART:20200220T083000Z\nDTEND:20200220T093000Z\nRRULE:FREQ=DAILY\nLOCATION:L\nEXDATE:20200221T083000Z\nRDATE;VALUE=PERIOD:20200601T080000Z/PT2H"
    moved = "BEGIN:VEVENT\nUID:u\nSUMMARY:S\nLOCATION:L\nRECURRENCE-ID:20200222T083000Z\nDTSTART:20200222T100000Z\nDTEND:20200222T110000Z\nEND:VEVENT"
    off = "BEGIN:VEVENT\nUID:u\nSUMMARY:S\nLOCATION:L\nRECURRENCE-ID:20200223T083000Z\nDTSTART:20200223T083000Z\nDTEND:20200223T093000Z\nSTATUS:CANCELLED\nEND:VEVENT"
    text = make_calendar(master).replace("END:VEVENT\n", f"END:VEVENT\n{moved}\n{off}\n")
    (event,) = load_events(text)

    def at(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
        return datetime(2020, month, day, hour, minute, tzinfo=UTC)

    assert event.exdates == (at(21, 8, 30),)
    assert event.rdates == (at(1, 8, month=6),)
    assert event.overrides == (
        OccurrenceOverride(at(1, 8, month=6), {"end": at(1, 10, month=6)}),
        OccurrenceOverride(at(22, 8, 30), {"start": at(22, 10)}),
        OccurrenceOverride(at(23, 8, 30), {"status": "cancelled"}),
    )
    assert load_events(dump_calendar([event])) == [event]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("LOCATION:x", "DTSTART is missing"),
        ("DTSTART:20201301", 'DTSTART: "20201301" is not a date'),
        ("DTSTART:20200220\nDTEND:20200219", "DTEND (2020-02-19) is before DTSTART (2020-02-20)"),
        ("DTSTART:20200220T080000\nDTEND:20200220", "DTSTART is a time but DTEND is a day"),
        ("DTSTART:20200220T080000\nDTEND:20200220T080000Z", "cannot combine a time that has a time zone with a time that has none"),
        ("DTSTART:20200220\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "more than one RRULE"),
        ("DTSTART:20200220\nEXRULE:FREQ=DAILY", "EXRULE: exception rules are not supported"),
        ("DTSTART:20200220\nDURATION:P1Y", 'DURATION: "P1Y" is not a duration'),
        ("DTSTART:20200220\nRRULE:FREQ=SECONDLY", 'rrule: "FREQ=SECONDLY" is not a recurrence rule: FREQ=SECONDLY is too frequent (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)'),
        ("DTSTART:20200220\nDTSTART:20200221", "DTSTART appears twice"),
    ],
)  # fmt: skip
def test_a_broken_event_is_named_and_hides_no_other(lines: str, reason: str) -> None:
    good = "BEGIN:VEVENT\nUID:v\nSUMMARY:T\nDTSTART:20200220\nEND:VEVENT\n"
    text = make_calendar(lines).replace("END:VCALENDAR", good + "END:VCALENDAR")
    found = load_calendar(text)
    (problem,) = [item for item in found if isinstance(item, Diagnostic)]
    assert (problem.line, problem.message, problem.severity) == (3, f"UID u: {reason}", "error")
    assert problem.text == f"BEGIN:VEVENT\nUID:u\nSUMMARY:S\n{lines}\nEND:VEVENT"
    assert [item.event.uid for item in found if isinstance(item, ImportedEvent)] == ["v"]


def test_what_another_program_changed_counts_and_the_rest_of_ours_stays() -> None:
    text = dump_calendar([FOUR_KINDS[0]], lang="vi")
    edited = text.replace("DTSTART;VALUE=DATE:20200220", "DTSTART;VALUE=DATE:20200221").replace(
        "DESCRIPTION:một", "DESCRIPTION:mới"
    )
    (event,) = load_events(edited)
    assert (event.start, event.organizers, event.created) == (date(2020, 2, 21), ("ILO",), date(2020, 1, 1))
    assert (event.summary, event.sections) == ("", ())
    assert event.description == "mới\n\nhai\nba\n\nMục tiêu\n\n- bốn"


def test_an_event_without_a_name_or_known_only_from_one_occurrence_comes_in() -> None:
    text = make_calendar("DTSTART:20200220", "RECURRENCE-ID:20200219").replace("SUMMARY:S\n", "")
    found = load_calendar(text)
    assert [item.event.title for item in found if isinstance(item, ImportedEvent)] == ["(không có tên)"]
    assert [item.severity for item in found if isinstance(item, Diagnostic)] == ["warning"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "f.ics:1: the file is empty"),
        (b"BEGIN:VEVENT\nEND:VEVENT\n", "f.ics:1: expected the start of a calendar (BEGIN:VCALENDAR)"),
        (b"PK\x03\x04\x14\x00\xff", "f.ics: the workbook is damaged and cannot be read: "),
        (b"BEGIN:VCALENDAR\nX:\xe9\n", "f.ics:2: not UTF-8 text (byte 0xe9)"),
        (b"BEGIN:VCALENDAR\nX:\0\n", "f.ics:2: the calendar contains a NUL byte"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_calendar_is_refused(
    process: Ilocal, tmp_path: Path, registry: Path, data: bytes, message: str
) -> None:
    (tmp_path / "f.ics").write_bytes(data)
    before = registry.read_bytes()
    result = process("import", "f.ics")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"ilocal: {message}")
    assert registry.read_bytes() == before


def test_a_calendar_cut_off_gives_what_is_whole_and_names_the_rest(
    process: Ilocal, tmp_path: Path, registry: Path
) -> None:
    text = make_calendar("DTSTART:20200301").replace("END:VCALENDAR\n", "BEGIN:VEVENT\nUID:v\nSUMM")
    (tmp_path / "f.ics").write_text(text)
    before = registry.read_bytes()
    strict = process("import", "--strict", "f.ics")
    assert (strict.code, registry.read_bytes()) == (2, before)
    result = process("import", "--rejects", "rejects.txt", "f.ics")
    assert (result.code, result.out) == (0, "new 2020-s\n")
    assert result.err == (
        "f.ics:8: skipped: the file is truncated: END:VEVENT is missing\n"
        "f.ics:1: skipped: the file ends before END:VCALENDAR; everything up to that point was read\n"
        "1 new, 0 updated, 0 unchanged, 2 rejected\n"
    )
    assert "BEGIN:VEVENT\nUID:v\nSUMM" in (tmp_path / "rejects.txt").read_text()
    again = process("import", "f.ics")
    assert "0 new, 0 updated, 1 unchanged, 2 rejected" in again.err


def test_an_import_knows_events_by_their_uid(process: Ilocal, tmp_path: Path, registry: Path) -> None:
    text = make_calendar("DTSTART:20200220", 'X-ILOCAL-ID:"2020-hop"', "LOCATION:L")
    (tmp_path / "a.ics").write_text(text)
    (tmp_path / "b.ics").write_text(text.replace("LOCATION:L\n", "").replace("SUMMARY:S", "SUMMARY:T"))
    assert process("import", "a.ics", "a.ics").out == "new 2020-s\n"  # 2020-hop is another event's
    assert process("import", "a.ics").out == ""
    assert process("import", "--update", "b.ics").out == "updated 2020-s\n"
    shown = json.loads(process("show", "2020-s", "-f", "json").out)[0]
    assert (shown["title"], shown["uid"], "location" in shown) == ("T", "u", False)


def test_a_registry_goes_out_as_a_calendar_and_comes_back_unchanged(
    process: Ilocal, tmp_path: Path, registry: Path
) -> None:
    result = process("export", "out.ics")
    assert result.code == 0
    assert result.err == (
        "skipped 1 event without an exact day (to include it, add --undated-as-span); skipped 1 event without a date\n2 events\n"
    )
    # What was found is found, also where a calendar cannot show it.
    note = "skipped 1 event without a date\n"
    assert process("list", "--undated", "-f", "ics").err == note
    searched = process("search", "dien dan", "-f", "ics")
    vague = "skipped 1 event without an exact day (to include it, add --undated-as-span)\n"
    assert (searched.code, searched.err, "VEVENT" in searched.out) == (0, vague, False)
    back = process("import", "out.ics")
    assert back.err == "0 new, 0 updated, 2 unchanged, 0 rejected\n"


def test_a_time_in_utc_in_a_series_of_days_means_the_day_at_home() -> None:
    (event,) = load_events(
        make_bare_calendar(
            "UID:a", "SUMMARY:a", "DTSTART;VALUE=DATE:20200529", "RRULE:FREQ=DAILY;UNTIL=20200530T170000Z",
            "EXDATE:20200528T170000Z,20200530T000000Z",
        )
    )  # fmt: skip
    assert (event.rrule, event.exdates) == ("FREQ=DAILY;UNTIL=20200531", (date(2020, 5, 29), date(2020, 5, 30)))


def test_a_cancelled_event_of_ours_stays_cancelled_though_its_status_is_lost() -> None:
    text = dump_calendar([Event("Họp", id="a", start=date(2020, 3, 3), status="cancelled")])
    lost = "".join(line + "\n" for line in text.splitlines() if not line.startswith(("STATUS", "X-ILOCAL")))
    assert [(event.title, event.status) for event in load_events(lost)] == [("Họp", "cancelled")]


def test_a_line_folded_inside_a_letter_is_read(ilocal: Ilocal, registry: Path) -> None:
    text = make_bare_calendar("UID:a", "SUMMARY:Hội nghị thủy sản", "DTSTART;VALUE=DATE:20200529").encode()
    Path("a.ics").write_bytes(text.replace("ủ".encode(), "ủ".encode()[:2] + b"\r\n " + "ủ".encode()[2:]))
    assert ilocal("import", "a.ics").out == "new 2020-hoi-nghi-thuy-san\n"


def test_a_change_of_one_occurrence_elsewhere_leaves_the_others_as_they_are() -> None:
    event = Event(
        "X", id="x", start=date(2020, 3, 2), rrule="FREQ=WEEKLY;COUNT=5", exdates=(date(2020, 3, 23),),
        overrides=(
            OccurrenceOverride(date(2020, 3, 9), {"location": "L", "kind": "meeting"}, {"note": "mine"}),
            OccurrenceOverride(date(2020, 3, 16), {"start": Month(2020, 5), "summary": "Only ours"}),
        ),
    )  # fmt: skip
    text = dump_calendar([event])
    assert load_events(text) == [event]
    changed = OccurrenceOverride(date(2020, 3, 9), {"location": "L2", "kind": "meeting"}, {"note": "mine"})
    assert load_events(text.replace("LOCATION:L\r\n", "LOCATION:L2\r\n")) == [
        replace(event, overrides=(changed, event.overrides[1]))
    ]


HALF_A_DAY = "marked as an all-day event, but the times are not at midnight; the times were preserved"


@pytest.mark.parametrize(
    ("lines", "start", "end", "said"),
    [
        ("DTSTART;TZID=SE Asia Standard Time:20200220T000000\nDTEND;TZID=SE Asia Standard Time:20200221T000000", date(2020, 2, 20), None, []),
        ("DTSTART;TZID=Europe/Berlin:20200220T000000\nDURATION:P3D", date(2020, 2, 20), date(2020, 2, 22), []),
        ("DTSTART:20200220T000000", date(2020, 2, 20), None, []),
        ("DTSTART:20200219T170000Z\nDTEND:20200221T170000Z", date(2020, 2, 20), date(2020, 2, 21), []),
        ("DTSTART:20200220T080000\nDTEND:20200220T170000", datetime(2020, 2, 20, 8), datetime(2020, 2, 20, 17), [HALF_A_DAY]),
        ("DTSTART;VALUE=DATE:20200220", date(2020, 2, 20), None, []),
    ],
)  # fmt: skip
def test_midnights_of_exchange_are_days(lines: str, start: date, end: date | None, said: list[str]) -> None:
    """[MS-OXCICAL], X-MICROSOFT-CDO-ALLDAYEVENT: TRUE means a whole-day event; Exchange writes it with midnights."""
    for name in ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT"):
        text = make_calendar(lines, f"{name}:TRUE")
        assert [(event.start, event.end) for event in load_events(text)] == [(start, end)]
        assert list_messages(text) == said
    (event,) = load_events(make_calendar(lines, "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE"))
    assert isinstance(event.start, datetime) or "VALUE=DATE" in lines


def test_a_series_of_exchange_days_has_its_exceptions() -> None:
    text = make_calendar(
        "DTSTART;TZID=SE Asia Standard Time:20200220T000000", "DTEND;TZID=SE Asia Standard Time:20200221T000000",
        "RRULE:FREQ=DAILY;UNTIL=20200223T170000Z", "EXDATE;TZID=SE Asia Standard Time:20200221T000000",
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
    )  # fmt: skip
    (event,) = load_events(text)
    assert (event.rrule, event.exdates) == ("FREQ=DAILY;UNTIL=20200224", (date(2020, 2, 21),))


@pytest.mark.parametrize(
    ("end", "last", "is_doubtful"),
    [
        ("DTEND:20200222T000000", date(2020, 2, 21), False),
        ("DTEND:20200222T080000", date(2020, 2, 22), True),
        ("DTEND:20200220T235959", None, True),
        ("DTEND:20200221T170000Z", date(2020, 2, 21), False),
        ("DURATION:PT36H", date(2020, 2, 21), True),
    ],
)
def test_a_day_with_a_time_as_its_end_is_taken_as_days(end: str, last: date | None, is_doubtful: bool) -> None:
    """RFC 5545, 3.6.1 wants the form of DTSTART; Thunderbird's own holidays do not have it."""
    text = make_calendar("DTSTART;VALUE=DATE:20200220", end)
    assert [(event.start, event.end) for event in load_events(text)] == [(date(2020, 2, 20), last)]
    assert [reason.partition("; ")[2] for reason in list_messages(text)] == ["imported as whole days"] * is_doubtful


@pytest.mark.parametrize("name", ["DESCRIPTION", "ATTACH", "X-LONG"])
def test_a_very_long_line_costs_at_most_its_property(name: str) -> None:
    text = make_calendar("DTSTART:20200220", f"{name}:{'x' * 1_000_001}", "LOCATION:L")
    assert [(event.description, event.location) for event in load_events(text)] == [("", "L")]
    assert list_messages(text) == [f"a property is too long ({1_000_002 + len(name):,} characters); skipped"]
    outside = text.replace("BEGIN:VEVENT", f"X-HEAD:{'x' * 600_000}\nBEGIN:VEVENT")
    assert [event.location for event in load_events(outside)] == ["L"]


def test_what_is_not_kept_is_counted() -> None:
    alarm = "BEGIN:VALARM\nTRIGGER:-PT5M\nATTACH:x\nEND:VALARM"
    attendees = "ATTENDEE:mailto:a@example.org\nATTENDEE:mailto:b@example.org"
    more = (
        "ATTACH:https://example.org/a.pdf\nCONTACT:An\nGEO:21;105\nCOMMENT:c\nCONFERENCE;VALUE=URI:https://example.org"
    )
    text = make_calendar("DTSTART:20200220", more, attendees, alarm, "X-OTHER:1", "TRANSP:OPAQUE", "CLASS:PUBLIC")
    assert list_messages(text) == [
        "event properties that were not imported: 1 ATTACH, 2 ATTENDEE, 1 COMMENT, 1 CONFERENCE, 1 CONTACT, 1 GEO, 1 VALARM"
    ]
    assert list_messages(make_calendar("DTSTART:20200220")) == []


@pytest.mark.parametrize(
    ("secrecy", "said"),
    [
        ("PRIVATE", ["the event is marked private in the file, but the registry is public"]),
        ("X-CLUB", ["the event is marked private in the file, but the registry is public"]),
        ("confidential", ["the event is marked confidential in the file, but the registry is public"]),
        ("PUBLIC", []),
    ],
)
def test_what_is_not_for_everybody_is_pointed_out(secrecy: str, said: list[str]) -> None:
    """RFC 5545, 3.8.1.3: a class that is not known is as PRIVATE."""
    assert list_messages(make_calendar("DTSTART:20200220", f"CLASS:{secrecy}")) == said


def test_of_one_event_written_twice_the_later_is_taken() -> None:
    """RFC 5546, 2.1.5: SEQUENCE, then DTSTAMP."""
    one = make_calendar("DTSTART:20200220", "DTSTAMP:20200102T000000Z", "LOCATION:new")
    other = make_calendar("DTSTART:20200220", "DTSTAMP:20200101T000000Z", "LOCATION:old")
    for text in (one + other, other + one):
        assert [event.location for event in load_events(text)] == ["new"]


def test_an_address_has_no_escapes() -> None:
    """RFC 5545, 3.8.4.6: a URI. Some programs escape it as TEXT."""
    (event,) = load_events(make_calendar("DTSTART:20200220", "URL:https\\://example.org/a\\,b\\;c"))
    assert event.url == "https://example.org/a,b;c"
    assert "URL:https://example.org/a,b;c\r\n" in dump_calendar([event])
