"""Calendars: what was written is read back whole, and what others wrote comes in without a shift."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import Problem
from ilocal.event import Event
from ilocal.formats import Entry, Reading, Writing, ics
from ilocal.header import Header

from . import strategies

HEADER = Header("Sự kiện", "vi", "Asia/Ho_Chi_Minh", "ilocal.example")
headers = st.sampled_from([HEADER, Header(), Header("x", "en", "Europe/Berlin")])
TODAY = date(2020, 2, 20)


def dumped(events: list[Event], header: Header = HEADER, **how: Any) -> str:
    return "".join(ics.dump(events, Writing(header=header, **how)))


def loaded(text: str, header: Header = HEADER) -> list[Entry | Problem]:
    return list(ics.load(text, Reading(TODAY, header)))


def events_in(text: str, header: Header = HEADER) -> list[Event]:
    return [item.event for item in loaded(text, header) if isinstance(item, Entry)]


def unique(events: list[Event], header: Header) -> list[Event]:
    from ilocal.formats.ics.out import uid_of

    return list({uid_of(event, header): event for event in events}.values())


@given(events=st.lists(strategies.calendared(), max_size=3), header=headers, lang=st.sampled_from(["vi", "en"]))
def test_what_was_written_is_read_back(events: list[Event], header: Header, lang: str) -> None:
    events = unique(events, header)
    text = dumped(events, header, lang=lang, undated_as_span=True)
    found = loaded(text, header)
    assert [item.event if isinstance(item, Entry) else item for item in found] == events
