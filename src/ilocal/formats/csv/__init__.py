"""Comma-separated values (RFC 4180): a header, one event a row, lists joined by `; `.

Sections, translations, overrides and unknown keys stand as JSON in cells of their own, so that a file comes back whole.
Read as well: tables with other headers, by a mapping, and those of Google Calendar and Outlook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ilocal.errors import Problem
from ilocal.formats.base import Entry, Reading, Writing
from ilocal.formats.csv import calendar_reader, event_rows
from ilocal.formats.csv.event_rows import COLUMNS, cell, mapping_of, split_list
from ilocal.formats.csv.rows import columns_of, read_rows, written
from ilocal.model.event import Event

__all__ = ["COLUMNS", "cell", "dump", "load", "mapping_of", "recognises", "split_list", "suffixes"]

suffixes = (".csv",)
has_columns = True  # whose names `Reading.columns` may say


def dump(events: Iterable[Event], how: Writing, delimiter: str = ",") -> Iterator[str]:
    columns = how.columns or COLUMNS
    return written(columns, ([cell(event, column) for column in columns] for event in events), how, delimiter)


def load(text: str, how: Reading, delimiter: str = "") -> Iterator[Event | Entry | Problem]:
    header, rows = read_rows(text, delimiter)
    if calendar_reader.is_calendar(header) and not how.columns:
        yield from calendar_reader.load(header, rows, how)
        return
    columns = columns_of(header, how.columns, event_rows.NAMES)
    yield from event_rows.load(header, columns, rows, how)


def recognises(text: str) -> bool:
    """A first line with a `title`, or a calendar's `Subject` and `Start Date`, between commas, semicolons or tabs."""
    first = text.lstrip("\ufeff").split("\n", 1)[0].lower()
    parts = [part.strip(' "\r') for part in re.split("[,;\t]", first)]
    return len(parts) > 1 and ("title" in parts or {"subject", "start date"} <= set(parts))
