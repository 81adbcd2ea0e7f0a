"""Events written and read in any format without a command."""

from __future__ import annotations

from datetime import date

from ilocal import formats
from ilocal.errors import Diagnostic
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.model.event import Event

READING = ReadOptions(date(2020, 2, 20))


def dump_events(name: str, events: list[Event], how: WriteOptions = WriteOptions()) -> str:  # noqa: B008
    """Return events in a format."""
    return "".join(formats.get_format(name).dump(events, how))


def load_events(name: str, text: str) -> list[Event | Diagnostic]:
    """Return the events and diagnostics of a text in a format."""
    found = formats.get_format(name).load(text, READING)
    return [item.event if isinstance(item, ImportedEvent) else item for item in found]
