"""Texts that are quoted-printable or base64, and lines that are folded in the way of vCalendar 1.0."""

from __future__ import annotations

import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.calendars import list_messages, load_events, make_bare_calendar, make_calendar


@given(text=st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(str.strip))
def test_quoted_printable_is_read_whatever_it_says(text: str) -> None:
    """RFC 2045, 6.7, with its soft line breaks: vCalendar 1.0, and programs that still write so."""
    lines = quopri.encodestring(text.replace("\\", "/").encode()).decode().rstrip("\n")
    for head in ("ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8", "CHARSET=utf-8;QUOTED-PRINTABLE"):
        for version in ("1.0", "2.0"):
            source = make_bare_calendar(
                "UID:u", "SUMMARY:s", f"DESCRIPTION;{head}:{lines}", "DTSTART:20200220T020000Z", "LOCATION:L"
            )
            (event,) = load_events(source.replace("VCALENDAR\n", f"VCALENDAR\nVERSION:{version}\n", 1))
            assert (event.description, event.location) == (text.replace("\\", "/"), "L")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:H=E1=BB=8Dp giao ban", "Họp giao ban"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:R=E9union", "Réunion"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE:H=E1=BB=8Dp =\ngiao ban", "Họp giao ban"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE:H=E1=BB=\n =8Dp giao=20ban", "Họp giao ban"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE:H=\n E1=BB=8Dp giao ban", "Họp giao ban"),
        ("SUMMARY;ENCODING=BASE64:SOG7jXAgZ2lhbyBiYW4=", "Họp giao ban"),
    ],
)
def test_texts_are_decoded(line: str, title: str) -> None:
    (event,) = load_events(make_calendar("DTSTART:20200220").replace("SUMMARY:S", line))
    assert event.title == title


def test_a_fold_of_an_old_calendar_keeps_its_blank() -> None:
    """Check vCalendar 1.0, 2.1.3: the space of a fold belongs to the text; RFC 5545, 3.1: it does not."""
    text = make_calendar("DTSTART:20200220").replace("SUMMARY:S", "SUMMARY:Giao\n ban")
    assert [event.title for event in load_events(text)] == ["Giaoban"]
    assert [event.title for event in load_events(text.replace("VERSION:2.0", "VERSION:1.0"))] == ["Giao ban"]


@pytest.mark.parametrize(
    ("params", "value", "reason"),
    [
        ("ENCODING=QUOTED-PRINTABLE;CHARSET=x-none", "H=E1", 'SUMMARY: unknown charset "x-none"'),
        ("ENCODING=QUOTED-PRINTABLE", "H=E1", "SUMMARY is not valid quoted-printable in utf-8"),
        ("ENCODING=BASE64", "a", "SUMMARY is not valid base64 in utf-8"),
    ],
)
def test_what_cannot_be_decoded_is_named_and_stays_as_it_is(params: str, value: str, reason: str) -> None:
    text = make_calendar("DTSTART:20200220").replace("SUMMARY:S", f"SUMMARY;{params}:{value}")
    assert [event.title for event in load_events(text)] == [value]
    assert list_messages(text) == [f"{reason}; imported without decoding"]
