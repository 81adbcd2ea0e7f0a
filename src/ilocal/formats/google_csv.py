"""The table that Google Calendar imports: dates MM/DD/YYYY, times 08:30 AM."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.formats.base import WriteOptions
from ilocal.formats.csv import calendar_writer
from ilocal.model.event import Event

suffixes: tuple[str, ...] = ()  # .csv is ilocal's own
write_choices = ("keep_formulas", "undated_as_span")
needs_occurrences = True


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    return calendar_writer.dump_calendar_csv(events, options, calendar_writer.GOOGLE_COLUMNS)
