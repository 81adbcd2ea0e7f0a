"""Items as texts: compared, written, and what other programs put into them."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.event import Event, Section
from ilocal.model.registry_info import RegistryInfo
from ilocal.sync.calendar_items import (
    MAX_EXTENSION_CHARACTERS,
    canonicalize_item,
    find_item_uids,
    fold_line_for_server,
    format_item_for_server,
    parse_calendar_from_server,
)

INFO = RegistryInfo(language="vi", timezone="Asia/Ho_Chi_Minh", uid_domain="x.example")
EVENT = Event("Họp; một", id="2020-hop", start=date(2020, 2, 20), location="Hà Nội", topics=("CSR, a", "b"))


def test_order_folding_escapes_and_time_stamps_do_not_count() -> None:
    one = format_item_for_server(EVENT, INFO)
    lines = one.replace("\r\n ", "").replace("PRODID:-//ilocal//ilocal//EN\r\n", "PRODID:other\r\n").split("\r\n")
    start, end = lines.index("BEGIN:VEVENT"), lines.index("END:VEVENT")
    inner = [line for line in lines[start + 1 : end] if not line.startswith("DTSTAMP")]
    other = "\n".join(
        [
            *lines[: start + 1],
            *sorted(inner, reverse=True),
            "DTSTAMP:20260101T000000Z",
            "X-RADICALE-NAME:a.ics",
            *lines[end:],
        ]
    )
    assert canonicalize_item(one) == canonicalize_item(other)
    assert canonicalize_item(one) != canonicalize_item(other.replace("Hà Nội", "Huế"))
    assert canonicalize_item(one) != canonicalize_item(one.replace("CSR\\, a", "CSR, a"))


def test_alarms_attendees_and_other_properties_of_other_programs_are_kept() -> None:
    current = format_item_for_server(EVENT, INFO).replace(
        "TRANSP:TRANSPARENT\r\n",
        "TRANSP:OPAQUE\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:lan@x.example\r\nORGANIZER:mailto:chi@x.example\r\n"
        "X-ALT-DESC:<p>old</p>\r\nSEQUENCE:7\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n",
    )
    again = format_item_for_server(
        Event("Họp hai", id="2020-hop", start=datetime(2020, 2, 21, 8), description="mới", revision=2), INFO, current
    )
    vevent = again[again.index("BEGIN:VEVENT") :]
    assert [line for line in vevent.replace("\r\n ", "").split("\r\n") if not line.startswith(("X-ILOCAL", "DT"))] == [
        "BEGIN:VEVENT", "UID:2020-hop@x.example", "SUMMARY:Họp hai", "DESCRIPTION:mới", "SEQUENCE:7", "TRANSP:OPAQUE",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:lan@x.example", "ORGANIZER:mailto:chi@x.example", "BEGIN:VALARM",
        "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip


def test_a_field_that_other_programs_would_cut_off_is_named_and_not_sent() -> None:
    text = format_item_for_server(
        Event("A", id="a", start=date(2020, 1, 1), sections=(Section("S", "x" * MAX_EXTENSION_CHARACTERS),)), INFO
    )
    lines = text.replace("\r\n ", "").split("\r\n")
    assert [line for line in lines if line.startswith("X-ILOCAL-OMITTED")] == ['X-ILOCAL-OMITTED:["sections"]']
    assert not any(line.startswith("X-ILOCAL-SECTIONS") for line in lines)


def test_what_is_no_event_has_no_uid_and_several_events_have_several() -> None:
    task = "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nEND:VTODO\nEND:VCALENDAR"
    two = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\nEND:VCALENDAR"
    assert [find_item_uids(parse_calendar_from_server(text)) for text in (task, two)] == [[], ["1", "2"]]


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=300))
def test_a_folded_line_has_75_octets_at_most_and_unfolds_to_itself(line: str) -> None:
    folded = fold_line_for_server(line)
    assert folded.replace("\r\n ", "").removesuffix("\r\n") == line.replace("\r\n ", "")
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
