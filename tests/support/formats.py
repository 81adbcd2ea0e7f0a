"""Events written and read in any format without a command."""

from __future__ import annotations

from datetime import date

from ilocal import formats
from ilocal.errors import Problem
from ilocal.formats.base import Entry, Reading, Writing
from ilocal.model.event import Event

READING = Reading(date(2020, 2, 20))


def dump_events(name: str, events: list[Event], how: Writing = Writing()) -> str:  # noqa: B008
    """Return events in a format."""
    return "".join(formats.named(name).dump(events, how))


def load_events(name: str, text: str) -> list[Event | Problem]:
    """Read events in a format, and what is wrong with them."""
    found = formats.named(name).load(text, READING)
    return [item.event if isinstance(item, Entry) else item for item in found]
