"""Shared parts of the targets: the day, the registry to import into, and conversion of bytes to events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ilocal.cli.input_files import decode_input_file_argument
from ilocal.errors import Diagnostic, IlocalError, UsageError
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2020, 2, 20)
HEADER = RegistryInfo("Sự kiện", "vi", "Asia/Ho_Chi_Minh", "ilocal.example")
READING = ReadOptions(TODAY, HEADER)
DATES = (
    "2020-02-25", "25/02/2020", "25 Feb 2020", "tháng 2", "Tháng Hai 2020", "2020-02", "thứ hai", "monday", "next week",
    "hôm nay", "+30d", "-2w", " - ", "..", " đến ", "08:30", "8h30", "pm", "T08:30", "+07:00", "Z", "UTC", "ngày ",
    "9999-12-31", "0001-01-01", "2020",
)  # fmt: skip


def text_of(data: bytes) -> str | None:
    """Return a file's bytes as `ilocal import` decodes them; None if it refuses them."""
    try:
        return decode_input_file_argument(data, "f").replace("\r\n", "\n")
    except IlocalError:
        return None


def loaded(module: Any, text: str, reading: ReadOptions = READING) -> list[Event | ImportedEvent | Diagnostic]:
    """Return what a format reads; an empty list if it refuses the text."""
    try:
        return list(module.load(text, reading))
    except UsageError as error:
        said(error.message)
        return []


def events_in(module: Any, text: str, reading: ReadOptions = READING) -> list[Event]:
    """Return the events that a format reads, after checking its diagnostics."""
    found = loaded(module, text, reading)
    for item in found:
        if isinstance(item, Diagnostic):
            said(item.format_with_file("f"))
    entries = [
        item if isinstance(item, ImportedEvent) else ImportedEvent(item)
        for item in found
        if not isinstance(item, Diagnostic)
    ]
    return [entry.event for entry in entries if not entry.is_removal]


def dumped(module: Any, events: Sequence[Event], how: WriteOptions) -> str:
    """Return the events in a format."""
    return "".join(module.dump(events, how))


def said(message: str) -> None:
    """Assert that a message for people can be printed."""
    assert message
    message.encode()


def same(found: object, wanted: object) -> None:
    """Assert that two values are equal, showing both: a plain assertion shows nothing here."""
    assert found == wanted, f"\n  found:  {found}\n  wanted: {wanted}"
