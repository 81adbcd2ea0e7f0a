"""Invitations, changes and cancellations as they are sent (RFC 5546): the registry ends in the newest state, or says why."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from tests.support.cli import Ilocal

REGISTRY = '[registry]\ntitle = "L"\nlanguage = "en"\ntimezone = "Asia/Ho_Chi_Minh"\nuid_domain = "ilocal.example"\n'
SERIES = """\
SEQUENCE:0
DTSTAMP:20200101T000000Z
DTSTART;TZID=Europe/Berlin:20200303T090000
DTEND;TZID=Europe/Berlin:20200303T100000
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Weekly
LOCATION:P1"""
WHOLE = [
    ["2020-03-03T09:00", "Weekly", "", "P1"], ["2020-03-10T09:00", "Weekly", "", "P1"],
    ["2020-03-17T09:00", "Weekly", "", "P1"],
]  # fmt: skip
CHANGE = "SEQUENCE:1\nDTSTAMP:20200102T000000Z\nSUMMARY:Weekly\n"
MOVED = CHANGE + "RECURRENCE-ID:20200310T080000Z\nDTSTART:20200311T080000Z\nDTEND:20200311T093000Z\nLOCATION:P2"
CANCELLED = CHANGE + "RECURRENCE-ID:20200310T080000Z\nSTATUS:CANCELLED"

Import = Callable[..., str]
Rows = Callable[[], list[list[str]]]


def message(event: str, method: str = "", uid: str = "s@example.org") -> str:
    head = f"METHOD:{method}\n" if method else ""
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}BEGIN:VEVENT\nUID:{uid}\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.fixture
def sent(ilocal: Ilocal) -> Import:
    """Import a message into the registry of this folder; returns what was said on stderr."""
    Path("events.toml").write_text(REGISTRY)

    def call(text: str, *options: str) -> str:
        Path("m.ics").write_text(text)
        return ilocal("import", *options, "m.ics").err

    return call


@pytest.fixture
def rows(ilocal: Ilocal) -> Rows:
    """Return a function that lists start, title, status and place of each occurrence."""

    def call() -> list[list[str]]:
        found = ilocal(
            "list",
            "--from",
            "2000",
            "--reverse",
            "--occurrences",
            "-f",
            "csv",
            "--columns",
            "start,title,status,location",
        ).out
        return list(csv.reader(io.StringIO(found)))[1:]

    return call


@pytest.mark.parametrize(
    "which",
    ["RECURRENCE-ID:20200310T080000Z", "RECURRENCE-ID;TZID=Europe/Berlin:20200310T090000", "RECURRENCE-ID;VALUE=DATE:20200310",
     "RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20200310T150000"],
)  # fmt: skip
def test_one_occurrence_is_cancelled_by_a_message_of_its_own(sent: Import, rows: Rows, which: str) -> None:
    """RFC 5546, 3.2.5; RFC 5545, 3.8.4.4: UID and RECURRENCE-ID name it, in whatever form."""
    sent(message(SERIES))
    text = message(f"{CHANGE}{which}\nSTATUS:CANCELLED", "CANCEL")
    assert "1 different" in sent(text) and rows() == WHOLE
    assert sent(text, "--update") == "0 new, 1 updated, 0 unchanged, 0 rejected\n"
    assert rows() == [WHOLE[0], ["2020-03-10T09:00", "Weekly", "cancelled", "P1"], WHOLE[2]]
    before = Path("events.toml").read_bytes()
    assert sent(text, "--update") == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
    assert Path("events.toml").read_bytes() == before


def test_a_series_of_days_is_cancelled_on_the_day_that_is_meant_at_home(sent: Import, rows: Rows) -> None:
    sent(message("DTSTART;VALUE=DATE:20200303\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:Days"))
    sent(message(f"{CHANGE}RECURRENCE-ID:20200309T170000Z\nSTATUS:CANCELLED", "CANCEL"), "--update")
    assert rows() == [["2020-03-03", "Days", "", ""], ["2020-03-10", "Days", "cancelled", ""]]


def test_one_occurrence_is_changed_by_a_message_of_its_own_and_what_is_ours_stays(
    sent: Import, rows: Rows, ilocal: Ilocal
) -> None:
    """RFC 5546, 3.2.2.1. Kinds and projects are no words of a calendar."""
    sent(message(SERIES))
    ilocal("edit", "2020-weekly", "--kind", "meeting")
    sent(message(MOVED, "REQUEST"), "--update")
    assert rows() == [WHOLE[0], ["2020-03-11T09:00", "Weekly", "", "P2"], WHOLE[2]]
    assert ilocal("list", "--on", "2020-03-11", "--occurrences", "-f", "csv", "--columns", "end,kind").out == (
        "end,kind\n2020-03-11T10:30,meeting\n"
    )
    assert "0 new, 0 updated, 1 unchanged" in sent(message(MOVED, "REQUEST"), "--update")


def test_all_of_a_series_is_cancelled_and_nothing_else_of_it_changes(sent: Import, rows: Rows) -> None:
    """RFC 5546, 3.2.5: a cancellation needs neither a DTSTART nor a SUMMARY."""
    sent(message(SERIES))
    sent(message("SEQUENCE:1\nDTSTAMP:20200102T000000Z", "CANCEL"), "--update")
    assert rows() == [[start, title, "cancelled", place] for start, title, _status, place in WHOLE]


def test_a_further_date_is_added_to_a_series(sent: Import, rows: Rows) -> None:
    """RFC 5546, 3.2.4."""
    sent(message(SERIES))
    added = CHANGE + "DTSTART:20200420T070000Z\nDTEND:20200420T080000Z\nLOCATION:P9"
    sent(message(added, "ADD"), "--update")
    assert rows() == [*WHOLE, ["2020-04-20T09:00", "Weekly", "", "P9"]]
    assert "1 unchanged" in sent(message(added, "ADD"), "--update")


@pytest.mark.parametrize(
    ("event", "method", "reason"),
    [
        (CHANGE + "RECURRENCE-ID:20200311T080000Z\nSTATUS:CANCELLED", "CANCEL", "recurrence_id: skipped: 2020-weekly has no occurrence with the start 2020-03-11T09:00"),
        (CHANGE + "RECURRENCE-ID;RANGE=THISANDFUTURE:20200310T080000Z\nSTATUS:CANCELLED", "CANCEL", "skipped: RECURRENCE-ID with RANGE: changes to all following occurrences are not supported"),
        (MOVED.replace("RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE"), "REQUEST", "RECURRENCE-ID with RANGE: changes to all following occurrences are not supported"),
        (CHANGE + "ATTENDEE:mailto:a@example.org", "CANCEL", "METHOD:CANCEL without STATUS:CANCELLED removes attendees; the event is not cancelled"),
        (MOVED, "REPLY", "METHOD:REPLY is a reply to an invitation and changes no event"),
        (MOVED, "COUNTER", "METHOD:COUNTER is an attendee's proposal and changes no event"),
        (MOVED, "DECLINECOUNTER", "METHOD:DECLINECOUNTER is a declined proposal and changes no event"),
        (CHANGE, "REFRESH", "METHOD:REFRESH is a request for the latest version and changes no event"),
        (CHANGE, "ADD", "DTSTART is missing"),
        (CHANGE + "DTSTART:20200401T080000Z\nRRULE:FREQ=DAILY", "ADD", "METHOD:ADD with its own recurrence properties is not supported"),
    ],
)  # fmt: skip
def test_what_is_not_taken_changes_nothing_and_is_said(
    sent: Import, rows: Rows, event: str, method: str, reason: str
) -> None:
    """RFC 5546, 3.2.3, 3.2.5 to 3.2.8."""
    sent(message(SERIES))
    before = Path("events.toml").read_bytes()
    assert reason in sent(message(event, method), "--update")
    assert Path("events.toml").read_bytes() == before


def test_a_cancellation_of_what_is_not_there_adds_nothing(sent: Import, rows: Rows) -> None:
    assert sent(message(CHANGE + "STATUS:CANCELLED", "CANCEL")) == (
        "m.ics:4: no event in the registry has this UID; nothing was changed\n"
        "0 new, 0 updated, 1 unchanged, 0 rejected\n"
    )
    assert rows() == []


def state(place: str, *lines: str) -> str:
    return "\n".join(["DTSTART:20200302T020000Z", "SUMMARY:Meeting", f"LOCATION:{place}", *lines])


OLD, NEW = "DTSTAMP:20200101T000000Z", "DTSTAMP:20200105T000000Z"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (["SEQUENCE:0", NEW], ["SEQUENCE:2", OLD]),
        ([NEW], ["SEQUENCE:1", OLD]),
        (["SEQUENCE:1", OLD], ["SEQUENCE:1", NEW]),
        ([OLD], [NEW]),
        ([OLD, "LAST-MODIFIED:20200110T000000Z"], [OLD, "LAST-MODIFIED:20200111T000000Z"]),
        ([OLD, "LAST-MODIFIED:20191201T000000Z"], [NEW, "LAST-MODIFIED:20191201T000000Z"]),
    ],
)
def test_the_newest_state_stays_in_whatever_order_they_come(
    sent: Import, rows: Rows, older: list[str], newer: list[str]
) -> None:
    """RFC 5546, 2.1.5: SEQUENCE, then DTSTAMP; without a SEQUENCE it is 0 (RFC 5545, 3.8.7.4)."""
    first, last = (message(state(*one), "REQUEST") for one in (("P1", *older), ("P2", *newer)))
    for texts in permutations((first, last)):
        Path("events.toml").write_text(REGISTRY)
        for text in texts:
            said = sent(text, "--update")
        assert rows() == [["2020-03-02T02:00:00+00:00", "Meeting", "", "P2"]]
    assert said == (
        "2020-meeting: newer in the registry than in the file; differs in location\n"
        "0 new, 0 updated, 0 unchanged, 1 newer in the registry, 0 rejected\n"
        "1 event is newer in the registry than in the file, and was left as it is; "
        "--update --force takes it from the file\n"
    )
    assert "1 updated" in sent(first, "--update", "--force")
    assert rows() == [["2020-03-02T02:00:00+00:00", "Meeting", "", "P1"]]


def test_a_feed_that_counts_no_states_is_followed(sent: Import, rows: Rows) -> None:
    """Each of its states has SEQUENCE 0, and a later DTSTAMP."""
    for day in range(1, 5):
        sent(message(state(f"P{day}", f"DTSTAMP:2020010{day}T000000Z")), "--update")
        assert [row[3] for row in rows()] == [f"P{day}"]
    sent(message(state("P9")), "--update")
    sent(message(state("P10")), "--update")
    assert [row[3] for row in rows()] == ["P10"]


def test_an_occurrence_has_a_state_of_its_own(sent: Import, rows: Rows) -> None:
    """RFC 5546, 2.1.5: by UID and RECURRENCE-ID. An old series does not undo a newer cancellation."""
    sent(message(SERIES))
    sent(message(CANCELLED.replace("SEQUENCE:1", "SEQUENCE:3"), "CANCEL"), "--update")
    for old in (message(MOVED, "REQUEST"), message(SERIES)):
        assert "2020-weekly: newer in the registry than in the file" in sent(old, "--update")
    assert rows()[1] == ["2020-03-10T09:00", "Weekly", "cancelled", "P1"]
    newer = SERIES.replace("SEQUENCE:0", "SEQUENCE:4").replace("P1", "P4")
    sent(message(newer), "--update")
    assert [row[2:] for row in rows()] == [["", "P4"]] * 3


def test_a_series_and_its_cancellation_in_one_file_come_in_together(sent: Import, rows: Rows) -> None:
    """RFC 5546, 2.1.5: what is newer counts, whatever stands first."""
    for texts in permutations((message(SERIES, "REQUEST"), message(CANCELLED, "CANCEL"))):
        Path("events.toml").write_text(REGISTRY)
        sent("".join(texts))
        assert rows() == [WHOLE[0], ["2020-03-10T09:00", "Weekly", "cancelled", "P1"], WHOLE[2]]


def test_an_occurrence_of_an_unknown_series_is_added_once(sent: Import, rows: Rows) -> None:
    for said in ("1 new, 0 updated, 0 unchanged", "0 new, 0 updated, 1 unchanged"):
        assert said in sent(message(MOVED, "REQUEST"), "--update")
        assert rows() == [["2020-03-11T08:00:00+00:00", "Weekly", "", "P2"]]
